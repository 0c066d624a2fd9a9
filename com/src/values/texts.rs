//! Strings: a caller's are borrowed up to their zero, a method's are freed by the caller.

use super::{FromRaw, IntoRaw, Raw};
use crate::abi::{BSTR, LPCWSTR, VSS_PWSZ};
use crate::memory::{bstr, free_bstr, free_task_memory, task_string, text};
use std::ptr::null_mut;
use vss_sim::api::Text;

impl Raw for BSTR {
    unsafe fn free(self) {
        // Safety: the caller says so.
        unsafe { free_bstr(self) };
    }
}

impl Raw for VSS_PWSZ {
    unsafe fn free(self) {
        // Safety: the caller says so.
        unsafe { free_task_memory(self) };
    }
}

impl Raw for LPCWSTR {
    unsafe fn free(self) {
        // Safety: the caller says so.
        unsafe { free_task_memory(self.cast_mut()) };
    }
}

impl<Side> FromRaw<Side, BSTR> for Option<Text> {
    unsafe fn from_raw(raw: BSTR, _: &Side) -> Self {
        // Safety: a BSTR ends with a zero, and so does what a careless caller passes instead of one.
        unsafe { text(raw.0) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<Side> FromRaw<Side, VSS_PWSZ> for Option<Text> {
    unsafe fn from_raw(raw: VSS_PWSZ, _: &Side) -> Self {
        // Safety: the caller says so.
        unsafe { text(raw) }
    }
}

impl<Side> FromRaw<Side, LPCWSTR> for Option<Text> {
    unsafe fn from_raw(raw: LPCWSTR, _: &Side) -> Self {
        // Safety: the caller says so.
        unsafe { text(raw) }
    }
}

/// Where a method always writes a string, null stands for the empty one.
impl<Side, R> FromRaw<Side, R> for Text
where
    Option<Text>: FromRaw<Side, R>,
{
    unsafe fn from_raw(raw: R, side: &Side) -> Self {
        // Safety: the caller says so.
        unsafe { Option::<Text>::from_raw(raw, side) }.unwrap_or_default()
    }
}

impl<Side> IntoRaw<Side, BSTR> for Option<Text> {
    fn into_raw(self, _: &Side) -> BSTR {
        self.map_or(BSTR(null_mut()), |text| bstr(&text))
    }
}

impl<Side> IntoRaw<Side, VSS_PWSZ> for Option<Text> {
    fn into_raw(self, _: &Side) -> VSS_PWSZ {
        self.map_or(null_mut(), |text| task_string(&text))
    }
}

impl<Side> IntoRaw<Side, LPCWSTR> for Option<Text> {
    fn into_raw(self, _: &Side) -> LPCWSTR {
        self.map_or(null_mut(), |text| task_string(&text))
    }
}

impl<Side, R> IntoRaw<Side, R> for Text
where
    Option<Text>: IntoRaw<Side, R>,
{
    fn into_raw(self, side: &Side) -> R {
        Some(self).into_raw(side)
    }
}
