//! Names of volumes as arguments.

use crate::api::HResult;
use crate::service::Refusal;
use crate::storage::VolumeName;

/// Refuses what is no drive letter, mounted folder or volume GUID path with a backslash at the end.
pub(super) fn check(name: &str) -> Result<(), Refusal> {
    match VolumeName::parse(name) {
        Some(name) if name.backslash_missing() => {
            Err(Refusal::documented(HResult::E_INVALIDARG, "no-trailing-backslash"))
        }
        Some(_) => Ok(()),
        None => Err(Refusal::documented(HResult::E_INVALIDARG, "bad-volume-name")),
    }
}
