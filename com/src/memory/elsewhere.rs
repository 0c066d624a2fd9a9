//! Where there is no COM: the same contracts over the allocator of C, which every library of a process shares.

#![expect(non_snake_case, reason = "functions are named as in the headers")]

use super::ledger;
use crate::abi::WCHAR;
use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

unsafe extern "C" {
    fn malloc(bytes: usize) -> *mut c_void;
    fn free(memory: *mut c_void);
}

/// `VSSLAB_ALLOCATOR`: the functions that a process takes task memory with.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Allocator {
    /// `CoTaskMemAlloc`.
    pub alloc: unsafe extern "C" fn(bytes: usize) -> *mut c_void,
    /// `CoTaskMemRealloc`.
    pub realloc: unsafe extern "C" fn(memory: *mut c_void, bytes: usize) -> *mut c_void,
    /// `CoTaskMemFree`.
    pub free: unsafe extern "C" fn(memory: *mut c_void),
}

/// `void VsslabUseAllocator(const VSSLAB_ALLOCATOR *)`: what a library off Windows exports to be told of them.
pub type UseAllocator = unsafe extern "C" fn(allocator: *const Allocator);

/// The name of that export.
pub const USE_ALLOCATOR: &[u8] = b"VsslabUseAllocator";

/// What this copy of the crate was told to use.
static TOLD: AtomicPtr<Allocator> = AtomicPtr::new(null_mut());

/// The functions of this process for its libraries.
pub fn shared_allocator() -> &'static Allocator {
    static OWN: Allocator = Allocator { alloc: own_alloc, realloc: own_realloc, free: own_free };
    // Safety: who told of it keeps it for as long as the process lives.
    unsafe { TOLD.load(Ordering::SeqCst).as_ref() }.unwrap_or(&OWN)
}

/// Takes all memory from there from now on: what `VsslabUseAllocator` does.
///
/// # Safety
/// The functions keep the contracts of their names, and both they and the structure stay where they are.
pub unsafe fn use_allocator(allocator: *const Allocator) {
    TOLD.store(allocator.cast_mut(), Ordering::SeqCst);
}

unsafe extern "C" fn own_alloc(bytes: usize) -> *mut c_void {
    // Safety: any size may be asked for. None at all still gets an address of its own.
    let memory = unsafe { malloc(bytes.max(1)) };
    ledger::taken(memory.expose_provenance(), bytes);
    memory
}

/// A block that the ledger does not know cannot be moved: its length is not known.
unsafe extern "C" fn own_realloc(memory: *mut c_void, bytes: usize) -> *mut c_void {
    if memory.is_null() {
        // Safety: any size may be asked for.
        return unsafe { own_alloc(bytes) };
    }
    // Safety: the block is as long as the ledger says; the caller gives it up.
    unsafe {
        let moved = match ledger::block(memory.addr()) {
            Some(block) if bytes > 0 => {
                let moved = own_alloc(bytes);
                if moved.is_null() {
                    return moved;
                }
                moved.copy_from_nonoverlapping(memory, block.bytes.min(bytes));
                moved
            }
            _ => null_mut(),
        };
        own_free(memory);
        moved
    }
}

unsafe extern "C" fn own_free(memory: *mut c_void) {
    if !memory.is_null() && ledger::freed(memory.expose_provenance()) {
        // Safety: it came from `own_alloc`, and is not free yet as far as the ledger knows.
        unsafe { free(memory) };
    }
}

/// Takes a block of that many bytes; null where there are none.
///
/// # Safety
/// Any size may be asked for.
pub unsafe fn CoTaskMemAlloc(bytes: usize) -> *mut c_void {
    // Safety: any size may be asked for.
    unsafe { (shared_allocator().alloc)(bytes) }
}

/// Gives a block another length, and so perhaps another place. One of length 0 is freed.
///
/// # Safety
/// The block is null or came from [`CoTaskMemAlloc`] and, if the answer is not null, is used no more.
pub unsafe fn CoTaskMemRealloc(memory: *mut c_void, bytes: usize) -> *mut c_void {
    // Safety: the caller says so.
    unsafe { (shared_allocator().realloc)(memory, bytes) }
}

/// Gives a block back; null is none.
///
/// # Safety
/// It came from [`CoTaskMemAlloc`] and is used no more.
pub unsafe fn CoTaskMemFree(memory: *mut c_void) {
    // Safety: the caller says so.
    unsafe { (shared_allocator().free)(memory) };
}

/// All that may be freed was taken here.
pub(super) const KNOWS_EVERY_BLOCK: bool = true;

/// The functions here write down what they do.
pub(super) fn can_be_watched() -> bool {
    true
}

/// Bytes before the first unit: the length in bytes stands in the last four.
const PREFIX: usize = 8;

pub(super) unsafe fn SysAllocStringLen(text: *const WCHAR, length: u32) -> *mut WCHAR {
    let (units, bytes) = (length as usize, length as usize * size_of::<WCHAR>());
    // Safety: there is room for the prefix, the units and a zero; the caller's text has that many units.
    unsafe {
        let memory = malloc(PREFIX + bytes + size_of::<WCHAR>()).cast::<u8>();
        if memory.is_null() {
            return null_mut();
        }
        memory.add(PREFIX - 4).cast::<u32>().write(bytes as u32);
        let start = memory.add(PREFIX).cast::<WCHAR>();
        start.copy_from_nonoverlapping(text, units);
        start.add(units).write(0);
        start
    }
}

pub(super) unsafe fn SysFreeString(text: *mut WCHAR) {
    if !text.is_null() {
        // Safety: it came from `SysAllocStringLen`.
        unsafe { free(text.cast::<u8>().sub(PREFIX).cast()) };
    }
}
