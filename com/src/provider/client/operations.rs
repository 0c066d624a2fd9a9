//! The `IVssAsync` objects that a provider handed out.

use super::calling::{Calling, Written};
use super::{Answered, release};
use crate::abi::IVssAsync;
use crate::values::hresult;
use std::collections::BTreeMap;
use vss_sim::api::{HResult, ProviderCall, ProviderOut};

/// Those that VSS still holds, by the numbers that they got in the order of their coming.
#[derive(Debug, Default)]
pub(super) struct Operations {
    held: BTreeMap<u32, *mut IVssAsync>,
    made: u32,
}

// Safety: as for the provider's object.
unsafe impl Send for Operations {}

impl Operations {
    /// Takes the reference that was handed out.
    pub(super) fn take(&mut self, operation: *mut IVssAsync) -> u32 {
        self.made += 1;
        self.held.insert(self.made, operation);
        self.made
    }

    pub(super) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    pub(super) fn call(&mut self, number: u32, call: &ProviderCall, calling: &mut Calling) -> Answered {
        let this = *self.held.get(&number).ok_or(HResult::E_HANDLE)?;
        // Safety: a reference to the object is held; `Release` is the last call on it.
        let vtable = unsafe { &*(*this).vtable };
        match call {
            ProviderCall::Cancel {} => Ok((calling.make(|| unsafe { (vtable.Cancel)(this) }), None)),
            ProviderCall::Wait { dw_milliseconds } => {
                Ok((calling.make(|| unsafe { (vtable.Wait)(this, *dw_milliseconds) }), None))
            }
            ProviderCall::QueryStatus { p_hr_result, p_reserved } => {
                let mut status = Written::new("pHrResult", *p_hr_result);
                let mut reserved = Written::new("pReserved", *p_reserved);
                let (status_at, reserved_at) = (status.argument(), reserved.argument());
                let code = calling.make(|| unsafe { (vtable.QueryStatus)(this, status_at, reserved_at) });
                let read = if code.is_success() { status.read(calling) } else { None };
                let out = read.map(|status| ProviderOut::QueryStatus {
                    p_hr_result: hresult(status),
                    p_reserved: reserved.read_optional(),
                });
                Ok((code, out))
            }
            ProviderCall::Release {} => {
                self.held.remove(&number);
                // Whether others hold the object too is their matter.
                calling.make(|| unsafe {
                    release(this);
                    0
                });
                Ok((HResult::S_OK, None))
            }
            _ => Err(HResult::E_NOTIMPL),
        }
    }
}

impl Drop for Operations {
    fn drop(&mut self) {
        for operation in self.held.values() {
            // Safety: a reference is held, and forgotten hereafter.
            unsafe { release(*operation) };
        }
    }
}
