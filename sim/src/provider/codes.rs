//! Which codes a provider may answer (`provider-state-machine.json`, codes_per_method). Any other becomes
//! `VSS_E_UNEXPECTED_PROVIDER_ERROR`.

use crate::api::{HResult, Method};

/// The codes that the page of every method of `IVssHardwareSnapshotProvider` lists.
pub(crate) const LISTED_FOR_ALL: &[HResult] =
    &[HResult::S_OK, HResult::E_OUTOFMEMORY, HResult::E_INVALIDARG, HResult::VSS_E_PROVIDER_VETO];

const SET: &[HResult] = &[
    HResult::S_OK,
    HResult::E_OUTOFMEMORY,
    HResult::E_INVALIDARG,
    HResult::VSS_E_OBJECT_NOT_FOUND,
    HResult::VSS_E_PROVIDER_VETO,
];

const END_PREPARE: &[HResult] = &[
    HResult::S_OK,
    HResult::E_OUTOFMEMORY,
    HResult::E_INVALIDARG,
    HResult::VSS_E_INSUFFICIENT_STORAGE,
    HResult::VSS_E_OBJECT_NOT_FOUND,
    HResult::VSS_E_PROVIDER_VETO,
];

const BEGIN_PREPARE: &[HResult] = &[
    HResult::S_OK,
    HResult::E_OUTOFMEMORY,
    HResult::E_INVALIDARG,
    HResult::VSS_E_MAXIMUM_NUMBER_OF_VOLUMES_REACHED,
    HResult::VSS_E_NESTED_VOLUME_LIMIT,
    HResult::VSS_E_PROVIDER_VETO,
    HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER,
    HResult::VSS_E_UNSUPPORTED_CONTEXT,
];

const RESYNC: &[HResult] = &[
    HResult::S_OK,
    HResult::E_OUTOFMEMORY,
    HResult::VSS_E_PROVIDER_VETO,
    HResult::VSS_E_INSUFFICIENT_STORAGE,
];

/// The codes that VSS takes from that method; `None` where it takes any, because it never converts (AbortSnapshots,
/// OnUnload) or never heeds them (FillInLunInfo).
pub fn permitted(method: &str) -> Option<&'static [HResult]> {
    match method {
        "AbortSnapshots" | "OnUnload" | "FillInLunInfo" => None,
        "BeginPrepareSnapshot" => Some(BEGIN_PREPARE),
        "EndPrepareSnapshots" => Some(END_PREPARE),
        "PreCommitSnapshots" | "CommitSnapshots" | "PostCommitSnapshots" => Some(SET),
        "ResyncLuns" => Some(RESYNC),
        _ => Some(LISTED_FOR_ALL),
    }
}

/// Whether VSS passes the code on as it is.
pub fn is_permitted(method: &str, code: HResult) -> bool {
    permitted(method).is_none_or(|codes| codes.contains(&code))
}

/// What VSS takes from any method of a software or file share provider: what error-handling-in-shadow-copy-providers
/// lists, and codes that only these methods' own pages have. Their pages also allow `VSS_E_UNEXPECTED` and `E_UNEXPECTED`,
/// which the general one converts.
const SOFTWARE: &[HResult] = &[
    HResult::S_OK,
    HResult::E_OUTOFMEMORY,
    HResult::E_INVALIDARG,
    HResult::E_ACCESSDENIED,
    HResult::VSS_E_BAD_STATE,
    HResult::VSS_E_OBJECT_NOT_FOUND,
    HResult::VSS_E_INSUFFICIENT_STORAGE,
    HResult::VSS_E_VOLUME_NOT_SUPPORTED,
    HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER,
    HResult::VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED,
    HResult::VSS_E_PROVIDER_VETO,
    HResult::VSS_E_UNSUPPORTED_CONTEXT,
    HResult::VSS_E_NESTED_VOLUME_LIMIT,
    HResult::VSS_E_REVERT_IN_PROGRESS,
];

/// The same, and what the requester's pages say of a provider that does not revert.
const REVERTS: &[HResult] = &{
    let mut codes = [HResult::E_NOTIMPL; SOFTWARE.len() + 1];
    let mut at = 0;
    while at < SOFTWARE.len() {
        codes[at] = SOFTWARE[at];
        at += 1;
    }
    codes
};

/// The codes that VSS takes from a method that only software or file share providers have; `None`: it is another.
pub fn permitted_to_software(method: Method) -> Option<&'static [HResult]> {
    let own = ["IVssSoftwareSnapshotProvider", "IVssFileShareSnapshotProvider"];
    own.contains(&method.interface).then_some(match method.name {
        "RevertToSnapshot" | "QueryRevertStatus" => REVERTS,
        _ => SOFTWARE,
    })
}
