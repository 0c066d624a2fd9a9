//! The two ways to expose a copy.

use vss_sim::api::{Call, SnapshotId, VolumeSnapshotAttributes as Attributes};

/// The call that exposes a copy under a drive letter or as a folder.
pub(in crate::cases) fn expose_locally(copy: SnapshotId, name: &str) -> Call {
    Call::expose_snapshot(copy, None, Attributes::EXPOSED_LOCALLY, Some(name))
}

/// The call that shares a copy; without a name VSS chooses one.
pub(in crate::cases) fn expose_remotely(copy: SnapshotId, path: Option<&str>, name: Option<&str>) -> Call {
    Call::expose_snapshot(copy, path, Attributes::EXPOSED_REMOTELY, name)
}
