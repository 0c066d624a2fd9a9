//! The calls on the `IVssEnumObject` that a provider's Query hands out.

use crate::api::{HResult, ProviderCall, ProviderOut, ProviderReply};
use crate::enumerator::Enumerator;

/// A call other than Clone and Release.
pub(super) fn call(enumerator: &mut Enumerator, call: &ProviderCall) -> ProviderReply {
    if call.bad_pointer().is_some() {
        return HResult::E_POINTER.into();
    }
    match call {
        ProviderCall::Next { celt, .. } => {
            let (rgelt, all) = enumerator.next(*celt);
            let pcelt_fetched = u32::try_from(rgelt.len()).unwrap_or(u32::MAX);
            let out = ProviderOut::Next { rgelt, pcelt_fetched };
            ProviderReply { hresult: all, ..ProviderReply::ok(out) }
        }
        ProviderCall::Skip { celt } => enumerator.skip(*celt).into(),
        ProviderCall::Reset {} => {
            enumerator.reset();
            ProviderReply::OK
        }
        _ => HResult::E_NOINTERFACE.into(),
    }
}
