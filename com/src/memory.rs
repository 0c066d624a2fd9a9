//! Memory that one side of an interface takes and the other frees.

use crate::abi::{BSTR, WCHAR};
use crate::values::kind_of_pointer;
use std::ffi::c_void;
use vss_sim::api::{Ptr, Text};

/// Takes memory for a `T` that the receiver frees with `CoTaskMemFree`; null where there is none.
pub(crate) fn task_memory<T>(value: T) -> *mut T {
    // Safety: any size may be asked for.
    let memory = unsafe { os::CoTaskMemAlloc(size_of::<T>()) }.cast::<T>();
    if !memory.is_null() {
        // Safety: the memory is new, and aligned for everything that goes through the interfaces.
        unsafe { memory.write(value) };
    }
    memory
}

/// Bytes that the receiver frees with `CoTaskMemFree`; null for none.
pub(crate) fn task_bytes(bytes: &[u8]) -> *mut u8 {
    if bytes.is_empty() {
        return std::ptr::null_mut();
    }
    // Safety: any size may be asked for.
    let memory = unsafe { os::CoTaskMemAlloc(bytes.len()) }.cast::<u8>();
    if !memory.is_null() {
        // Safety: the memory is new and as long.
        unsafe { memory.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    }
    memory
}

/// Gives memory back that came from `CoTaskMemAlloc`; null is none.
///
/// # Safety
/// It came from there and is used no more.
pub(crate) unsafe fn free_task_memory<T>(memory: *mut T) {
    // Safety: the caller says so.
    unsafe { os::CoTaskMemFree(memory.cast()) };
}

/// A string up to a zero that the receiver frees with `CoTaskMemFree`.
pub(crate) fn task_string(text: &str) -> *mut WCHAR {
    let units = text.encode_utf16().count() + 1;
    // Safety: any size may be asked for.
    let memory = unsafe { os::CoTaskMemAlloc(units * size_of::<WCHAR>()) }.cast::<WCHAR>();
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

#[cfg(windows)]
mod os {
    use super::{WCHAR, c_void};

    #[link(name = "ole32")]
    unsafe extern "system" {
        pub(super) fn CoTaskMemAlloc(bytes: usize) -> *mut c_void;
        pub(super) fn CoTaskMemFree(memory: *mut c_void);
    }

    #[link(name = "oleaut32")]
    unsafe extern "system" {
        pub(super) fn SysAllocStringLen(text: *const WCHAR, length: u32) -> *mut WCHAR;
        pub(super) fn SysFreeString(text: *mut WCHAR);
    }
}

/// Where there is no COM: the same contracts over the allocator of C, which every library of a process shares.
#[cfg(not(windows))]
#[expect(non_snake_case, reason = "functions are named as in the headers")]
mod os {
    use super::{WCHAR, c_void};

    unsafe extern "C" {
        fn malloc(bytes: usize) -> *mut c_void;
        fn free(memory: *mut c_void);
    }

    /// Bytes before the first unit: the length in bytes stands in the last four.
    const PREFIX: usize = 8;

    pub(super) unsafe fn CoTaskMemAlloc(bytes: usize) -> *mut c_void {
        // Safety: any size may be asked for.
        unsafe { malloc(bytes) }
    }

    pub(super) unsafe fn CoTaskMemFree(memory: *mut c_void) {
        // Safety: it came from `CoTaskMemAlloc`, or is null.
        unsafe { free(memory) };
    }

    pub(super) unsafe fn SysAllocStringLen(text: *const WCHAR, length: u32) -> *mut WCHAR {
        let (units, bytes) = (length as usize, length as usize * size_of::<WCHAR>());
        // Safety: there is room for the prefix, the units and a zero; the caller's text has that many units.
        unsafe {
            let memory = malloc(PREFIX + bytes + size_of::<WCHAR>()).cast::<u8>();
            if memory.is_null() {
                return std::ptr::null_mut();
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
