//! What the methods that both interfaces have write through their out-pointers.

use crate::api::{Object, ProviderOut, ProviderReply, SnapshotCompatibility, SnapshotId, SnapshotProp};

use super::copy_on_write::Interface;

impl Interface {
    pub(super) fn supported(self, supported: bool) -> ProviderReply {
        let pb_supported_by_this_provider = supported;
        ProviderReply::ok(match self {
            Self::Volumes => ProviderOut::SoftwareIsVolumeSupported { pb_supported_by_this_provider },
            Self::Shares => ProviderOut::FileShareIsPathSupported { pb_supported_by_this_provider },
        })
    }

    pub(super) fn snapshotted(self, present: bool, disabled: SnapshotCompatibility) -> ProviderReply {
        let pb_snapshots_present = present;
        let pl_snapshot_compatibility = disabled.bits().cast_signed();
        ProviderReply::ok(match self {
            Self::Volumes => {
                ProviderOut::SoftwareIsVolumeSnapshotted { pb_snapshots_present, pl_snapshot_compatibility }
            }
            Self::Shares => {
                ProviderOut::FileShareIsPathSnapshotted { pb_snapshots_present, pl_snapshot_compatibility }
            }
        })
    }

    pub(super) fn properties(self, properties: &SnapshotProp) -> ProviderReply {
        let p_prop = Box::new(properties.clone());
        ProviderReply::ok(match self {
            Self::Volumes => ProviderOut::SoftwareGetSnapshotProperties { p_prop },
            Self::Shares => ProviderOut::FileShareGetSnapshotProperties { p_prop },
        })
    }

    pub(super) fn enumerator(self, number: u32) -> ProviderReply {
        let pp_enum = Object::Enumerator(number);
        ProviderReply::ok(match self {
            Self::Volumes => ProviderOut::SoftwareQuery { pp_enum },
            Self::Shares => ProviderOut::FileShareQuery { pp_enum },
        })
    }

    /// How many copies were deleted, and which could not be.
    pub(super) fn deleted(self, deleted: i32, not_deleted: SnapshotId) -> ProviderReply {
        let (pl_deleted_snapshots, p_nondeleted_snapshot_id) = (deleted, not_deleted);
        ProviderReply::ok(match self {
            Self::Volumes => {
                ProviderOut::SoftwareDeleteSnapshots { pl_deleted_snapshots, p_nondeleted_snapshot_id }
            }
            Self::Shares => {
                ProviderOut::FileShareDeleteSnapshots { pl_deleted_snapshots, p_nondeleted_snapshot_id }
            }
        })
    }
}
