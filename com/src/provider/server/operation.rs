//! The `IVssAsync` of a resync.

use super::object::{Core, Live};
use crate::abi::{DWORD, HRESULT, INT, IVssAsync, Interface};
use crate::boundary::{clear, guarded, put};
use crate::object::{ComObject, Face};
use crate::values::{IntoRaw, kind_of_pointer};
use std::sync::Arc;
use vss_sim::api::{ProviderCall, ProviderObject, ProviderOut, ProviderReply};

/// An object that the provider made. It may outlive the provider's own object.
struct Operation {
    core: Arc<Core>,
    number: u32,
    _live: Live,
}

impl Operation {
    fn call(&self, call: &ProviderCall) -> ProviderReply {
        self.core.call(ProviderObject::Async(self.number), call)
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        self.call(&ProviderCall::Release {});
    }
}

/// The object of that number, with one reference.
pub(super) fn operation(core: Arc<Core>, number: u32) -> *mut IVssAsync {
    let face = Face::of::<IVssAsync>(&VTABLE, &[IVssAsync::IID]);
    ComObject::make(&[face], 1, Operation { core, number, _live: Live::new() })
}

/// # Safety
/// A reference to the object is held.
unsafe fn of<'o>(this: *mut IVssAsync) -> &'o Operation {
    // Safety: the caller says so.
    unsafe { ComObject::of(this) }
}

unsafe extern "system" fn cancel(this: *mut IVssAsync) -> HRESULT {
    // Safety: COM's contract: `this` is held.
    guarded(|| unsafe { of(this) }.call(&ProviderCall::Cancel {}).hresult)
}

unsafe extern "system" fn wait(this: *mut IVssAsync, dw_milliseconds: DWORD) -> HRESULT {
    // Safety: COM's contract: `this` is held.
    guarded(|| unsafe { of(this) }.call(&ProviderCall::Wait { dw_milliseconds }).hresult)
}

unsafe extern "system" fn query_status(
    this: *mut IVssAsync,
    status: *mut HRESULT,
    reserved: *mut INT,
) -> HRESULT {
    // Safety: COM's contract: `this` is held, and the places may be written.
    guarded(|| unsafe {
        clear(status);
        clear(reserved);
        let call = ProviderCall::QueryStatus {
            p_hr_result: kind_of_pointer(status),
            p_reserved: kind_of_pointer(reserved),
        };
        let reply = of(this).call(&call);
        if let Some(ProviderOut::QueryStatus { p_hr_result, p_reserved }) = reply.out {
            put(status, || p_hr_result.into_raw(&()));
            put(reserved, || p_reserved.unwrap_or(0));
        }
        reply.hresult
    })
}

static VTABLE: <IVssAsync as Interface>::Vtable = {
    type Vtable = <IVssAsync as Interface>::Vtable;
    Vtable { base: ComObject::<Operation>::UNKNOWN, Cancel: cancel, Wait: wait, QueryStatus: query_status }
};
