//! The names by which callers tell a software provider of volumes and shares.

use crate::api::{HResult, SnapshotId, Text};
use crate::storage::VolumeName;

use super::{Source, VolumePort};

/// The volume that a caller names: a drive letter, a mounted folder or a volume GUID path, with a backslash at the end.
///
/// # Errors
/// `E_INVALIDARG`: the name is NULL or has none of these forms; `VSS_E_OBJECT_NOT_FOUND`: there is no such volume.
pub(super) fn volume(name: Option<&str>, host: &dyn VolumePort) -> Result<Source, HResult> {
    let name = name.ok_or(HResult::E_INVALIDARG)?;
    match VolumeName::parse(name) {
        Some(parsed) if !parsed.backslash_missing() => {
            host.find_volume(name).ok_or(HResult::VSS_E_OBJECT_NOT_FOUND)
        }
        _ => Err(HResult::E_INVALIDARG),
    }
}

/// The share that a caller names by its UNC path; a backslash at the end is allowed, as AddToSnapshotSet demands it.
///
/// # Errors
/// `E_INVALIDARG`: the path is NULL or none of a share; `VSS_E_OBJECT_NOT_FOUND`: there is no such share.
pub(super) fn share(path: Option<&str>, host: &dyn VolumePort) -> Result<Source, HResult> {
    let path = path.filter(|path| is_share(path)).ok_or(HResult::E_INVALIDARG)?;
    host.find_share(path).ok_or(HResult::VSS_E_OBJECT_NOT_FOUND)
}

/// Where a copy of a share is shown. Inferred: the pages want a UNC path and do not say which.
pub(crate) fn share_copy(share: &str, copy: SnapshotId) -> Text {
    format!("{share}@{{{}}}", copy.0).into()
}

/// `\\host\share`, with or without a backslash at the end, where the host is named and not numbered (AddToSnapshotSet).
pub(crate) fn is_share(path: &str) -> bool {
    let bare = path.strip_suffix('\\').unwrap_or(path);
    let parts = bare.strip_prefix(r"\\").and_then(|rest| rest.split_once('\\'));
    let is_name =
        |name: &str| !name.is_empty() && !name.contains(['\\', '/', '?', '*', ':', '"', '<', '>', '|']);
    let is_address = |host: &str| host.parse::<std::net::IpAddr>().is_ok();
    parts.is_some_and(|(host, share)| host != "." && is_name(host) && is_name(share) && !is_address(host))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::is_share;

    #[rstest]
    #[case(r"\\SRV\data", true)]
    #[case(r"\\srv.example.com\data$\", true)]
    #[case(r"\\SRV", false)]
    #[case(r"\\SRV\", false)]
    #[case(r"\\SRV\data\folder", false)]
    #[case(r"\\192.168.0.1\data", false)]
    #[case(r"\\?\Volume{7673736c-0000-0000-0000-000000000001}\", false)]
    #[case(r"\\.\D:", false)]
    #[case(r"D:\", false)]
    #[case("", false)]
    fn paths_of_shares(#[case] path: &str, #[case] is: bool) {
        assert_eq!(is_share(path), is);
    }
}
