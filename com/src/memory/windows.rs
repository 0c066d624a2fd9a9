//! Task memory of Windows: COM's functions, and the spy through which COM tells of every block.

#![expect(non_snake_case, reason = "functions are named as in the headers")]

use super::ledger;
use crate::abi::{BOOL, GUID, HRESULT, IUnknown, Interface, ULONG, WCHAR};
use std::cell::Cell;
use std::ffi::c_void;
use std::ptr::null_mut;

#[link(name = "ole32")]
unsafe extern "system" {
    /// Takes a block of that many bytes; null where there are none.
    pub fn CoTaskMemAlloc(bytes: usize) -> *mut c_void;
    /// Gives a block another length, and so perhaps another place. One of length 0 is freed.
    pub fn CoTaskMemRealloc(memory: *mut c_void, bytes: usize) -> *mut c_void;
    /// Gives a block back; null is none.
    pub fn CoTaskMemFree(memory: *mut c_void);
    fn CoRegisterMallocSpy(spy: *const Spy) -> HRESULT;
}

#[link(name = "oleaut32")]
unsafe extern "system" {
    pub(super) fn SysAllocStringLen(text: *const WCHAR, length: u32) -> *mut WCHAR;
    pub(super) fn SysFreeString(text: *mut WCHAR);
}

/// Blocks that were taken before the spy came may be freed at any time.
pub(super) const KNOWS_EVERY_BLOCK: bool = false;

/// Registers the spy, once for the process. A debugger's spy may be there already: then nothing is known.
pub(super) fn can_be_watched() -> bool {
    // Safety: the spy is there for as long as the process.
    unsafe { CoRegisterMallocSpy(&raw const SPY) >= 0 }
}

/// `IMallocSpy`: COM calls it before and after whatever it does to task memory, one thread at a time.
#[repr(C)]
struct Spy {
    vtable: &'static Vtable,
}

static SPY: Spy = Spy { vtable: &VTABLE };

type Unknown = <IUnknown as Interface>::Vtable;

/// The table of `IMallocSpy` (objidl.h), slot by slot.
#[repr(C)]
struct Vtable {
    unknown: Unknown,
    PreAlloc: unsafe extern "system" fn(*mut Spy, usize) -> usize,
    PostAlloc: unsafe extern "system" fn(*mut Spy, *mut c_void) -> *mut c_void,
    PreFree: unsafe extern "system" fn(*mut Spy, *mut c_void, BOOL) -> *mut c_void,
    PostFree: unsafe extern "system" fn(*mut Spy, BOOL),
    PreRealloc: unsafe extern "system" fn(*mut Spy, *mut c_void, usize, *mut *mut c_void, BOOL) -> usize,
    PostRealloc: unsafe extern "system" fn(*mut Spy, *mut c_void, BOOL) -> *mut c_void,
    PreGetSize: unsafe extern "system" fn(*mut Spy, *mut c_void, BOOL) -> *mut c_void,
    PostGetSize: unsafe extern "system" fn(*mut Spy, usize, BOOL) -> usize,
    PreDidAlloc: unsafe extern "system" fn(*mut Spy, *mut c_void, BOOL) -> *mut c_void,
    PostDidAlloc: unsafe extern "system" fn(*mut Spy, *mut c_void, BOOL, i32) -> i32,
    PreHeapMinimize: unsafe extern "system" fn(*mut Spy),
    PostHeapMinimize: unsafe extern "system" fn(*mut Spy),
}

static VTABLE: Vtable = Vtable {
    unknown: Unknown { QueryInterface: query_interface, AddRef: add_ref, Release: add_ref },
    PreAlloc: pre_alloc,
    PostAlloc: post_alloc,
    PreFree: pre_free,
    PostFree: post_free,
    PreRealloc: pre_realloc,
    PostRealloc: post_realloc,
    PreGetSize: same_block,
    PostGetSize: post_get_size,
    PreDidAlloc: same_block,
    PostDidAlloc: post_did_alloc,
    PreHeapMinimize: nothing,
    PostHeapMinimize: nothing,
};

thread_local! {
    /// The length of the block that this thread is about to get.
    static BYTES: Cell<usize> = const { Cell::new(0) };
    /// The block that this thread is about to move.
    static MOVED: Cell<usize> = const { Cell::new(0) };
}

unsafe extern "system" fn query_interface(
    this: *mut IUnknown,
    _iid: *const GUID,
    object: *mut *mut c_void,
) -> HRESULT {
    // Safety: COM asks for `IMallocSpy` alone, and passes a place for it.
    unsafe { object.write(this.cast()) };
    0
}

/// The spy is never freed.
unsafe extern "system" fn add_ref(_this: *mut IUnknown) -> ULONG {
    1
}

unsafe extern "system" fn pre_alloc(_this: *mut Spy, bytes: usize) -> usize {
    BYTES.set(bytes);
    bytes
}

unsafe extern "system" fn post_alloc(_this: *mut Spy, memory: *mut c_void) -> *mut c_void {
    ledger::taken(memory.expose_provenance(), BYTES.get());
    memory
}

/// Null goes on to be freed where a block is to stay.
unsafe extern "system" fn pre_free(_this: *mut Spy, memory: *mut c_void, _spied: BOOL) -> *mut c_void {
    if memory.is_null() || ledger::freed(memory.expose_provenance()) { memory } else { null_mut() }
}

unsafe extern "system" fn post_free(_this: *mut Spy, _spied: BOOL) {}

unsafe extern "system" fn pre_realloc(
    _this: *mut Spy,
    memory: *mut c_void,
    bytes: usize,
    place: *mut *mut c_void,
    _spied: BOOL,
) -> usize {
    BYTES.set(bytes);
    MOVED.set(memory.addr());
    // Safety: COM passes a place for the block to be moved.
    unsafe { place.write(memory) };
    bytes
}

unsafe extern "system" fn post_realloc(_this: *mut Spy, memory: *mut c_void, _spied: BOOL) -> *mut c_void {
    ledger::moved(MOVED.get(), memory.expose_provenance(), BYTES.get());
    memory
}

unsafe extern "system" fn same_block(_this: *mut Spy, memory: *mut c_void, _spied: BOOL) -> *mut c_void {
    memory
}

unsafe extern "system" fn post_get_size(_this: *mut Spy, bytes: usize, _spied: BOOL) -> usize {
    bytes
}

unsafe extern "system" fn post_did_alloc(
    _this: *mut Spy,
    _memory: *mut c_void,
    _spied: BOOL,
    answer: i32,
) -> i32 {
    answer
}

unsafe extern "system" fn nothing(_this: *mut Spy) {}
