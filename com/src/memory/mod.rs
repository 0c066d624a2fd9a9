//! Memory that one side of an interface takes and the other frees.
//!
//! On Windows it comes from COM. Elsewhere there is no COM, and [`CoTaskMemAlloc`] and its like are here. A library with a
//! provider has its own copy of this crate, or no copy, so it is told by the host where to take memory from: it exports
//! `VsslabUseAllocator`, which hands an [`Allocator`] over before anything else is called ([`use_allocator`]).
//!
//! A `ledger` says which blocks there are: of all that goes through these functions off Windows, of all that goes through
//! COM's on Windows.

pub(crate) mod ledger;
#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "elsewhere.rs")]
mod os;

use crate::abi::{BSTR, WCHAR};
use crate::values::kind_of_pointer;
use vss_sim::api::{Ptr, Text};

#[cfg(not(windows))]
pub use os::{Allocator, USE_ALLOCATOR, UseAllocator, shared_allocator, use_allocator};
pub use os::{CoTaskMemAlloc, CoTaskMemFree, CoTaskMemRealloc};

/// Takes memory for a `T` that the receiver frees with `CoTaskMemFree`; null where there is none.
pub(crate) fn task_memory<T>(value: T) -> *mut T {
    // Safety: any size may be asked for.
    let memory = unsafe { CoTaskMemAlloc(size_of::<T>()) }.cast::<T>();
    if !memory.is_null() {
        // Safety: the memory is new, and aligned for everything that goes through the interfaces.
        unsafe { memory.write(value) };
    }
    memory
}

/// Gives memory back that came from `CoTaskMemAlloc`; null is none.
///
/// # Safety
/// It came from there and is used no more.
pub(crate) unsafe fn free_task_memory<T>(memory: *mut T) {
    // Safety: the caller says so.
    unsafe { CoTaskMemFree(memory.cast()) };
}

/// A string up to a zero that the receiver frees with `CoTaskMemFree`.
pub(crate) fn task_string(text: &str) -> *mut WCHAR {
    let units = text.encode_utf16().count() + 1;
    // Safety: any size may be asked for.
    let memory = unsafe { CoTaskMemAlloc(units * size_of::<WCHAR>()) }.cast::<WCHAR>();
    if !memory.is_null() {
        for (at, unit) in text.encode_utf16().chain([0]).enumerate() {
            // Safety: that many units were counted above.
            unsafe { memory.add(at).write(unit) };
        }
    }
    memory
}

/// A `BSTR` that the receiver frees with `SysFreeString`.
pub(crate) fn bstr(text: &str) -> BSTR {
    let units: Vec<WCHAR> = text.encode_utf16().collect();
    let length = u32::try_from(units.len()).unwrap_or(u32::MAX);
    // Safety: the units are there.
    BSTR(unsafe { os::SysAllocStringLen(units.as_ptr(), length) })
}

/// Gives a `BSTR` back; null is none.
///
/// # Safety
/// It came from `SysAllocString` or its like and is used no more.
pub(crate) unsafe fn free_bstr(text: BSTR) {
    // Safety: the caller says so.
    unsafe { os::SysFreeString(text.0) };
}

/// The text up to a zero; `None` for null and for what cannot be an address. Halves of surrogate pairs become U+FFFD.
///
/// # Safety
/// The text is null or ends with a zero.
pub(crate) unsafe fn text(start: *const WCHAR) -> Option<Text> {
    if kind_of_pointer(start) != Ptr::Valid {
        return None;
    }
    // Safety: there is a zero, and all before it belongs to the text. A text in a packed structure may lie anywhere.
    let units = (0..).map(|at| unsafe { start.add(at).read_unaligned() }).take_while(|unit| *unit != 0);
    let text = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER));
    Some(text.collect::<String>().into())
}

/// An array that the receiver frees with `CoTaskMemFree`; null for none.
pub(crate) fn task_array<T: Copy>(elements: &[T]) -> *mut T {
    if elements.is_empty() {
        return std::ptr::null_mut();
    }
    // Safety: any size may be asked for.
    let memory = unsafe { CoTaskMemAlloc(size_of_val(elements)) }.cast::<T>();
    if !memory.is_null() {
        // Safety: the memory is new, as long, and aligned for everything that goes through the interfaces.
        unsafe { memory.copy_from_nonoverlapping(elements.as_ptr(), elements.len()) };
    }
    memory
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_back_as_it_went() {
        for given in ["", "D:\\", "Größe \u{1F4BE}"] {
            let (one, other) = (bstr(given), task_string(given));
            // Safety: both are new, and freed once.
            unsafe {
                assert_eq!(text(one.0).as_deref(), Some(given));
                assert_eq!(text(other).as_deref(), Some(given));
                let bytes = one.0.cast::<u32>().sub(1).read() as usize;
                assert_eq!(bytes, given.encode_utf16().count() * size_of::<WCHAR>());
                free_bstr(one);
                free_task_memory(other);
            }
        }
    }

    #[test]
    fn null_is_no_text_and_half_a_character_a_replaced_one() {
        // Safety: null, and a text with a zero.
        unsafe {
            assert_eq!(text(std::ptr::null()), None);
            assert_eq!(text([0x61, 0xD83D, 0].as_ptr()).as_deref(), Some("a\u{FFFD}"));
            free_bstr(BSTR(std::ptr::null_mut()));
        }
    }
}
