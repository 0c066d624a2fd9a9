//! Where a call from outside comes in: no panic goes out, and nothing is written where nothing can be.

use crate::abi::HRESULT;
use crate::values::kind_of_pointer;
use std::panic::{AssertUnwindSafe, catch_unwind};
use vss_sim::api::{HResult, Ptr};

/// What a function answers to its caller; a panic must not go further than this.
pub(crate) fn guarded(answer: impl FnOnce() -> HResult) -> HRESULT {
    let code = catch_unwind(AssertUnwindSafe(answer)).unwrap_or(HResult::E_UNEXPECTED);
    code.0.cast_signed()
}

/// What a method hands out when it fails: zeros, and so no memory and no object.
///
/// # Safety
/// The pointer is bad, as far as that can be told, or may be written.
pub(crate) unsafe fn clear<T>(out: *mut T) {
    if kind_of_pointer(out) == Ptr::Valid {
        // Safety: everything that goes out is a number, an id, a pointer or made of these. A caller in C may pass a place
        // in a packed structure.
        unsafe { out.cast::<u8>().write_bytes(0, size_of::<T>()) };
    }
}

/// Hands a value out. It is not even made for a caller that passed no place for it.
///
/// # Safety
/// As for [`clear`].
pub(crate) unsafe fn put<R>(out: *mut R, value: impl FnOnce() -> R) {
    if kind_of_pointer(out) == Ptr::Valid {
        // Safety: the caller says so.
        unsafe { out.write_unaligned(value()) };
    }
}
