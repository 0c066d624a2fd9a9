//! The flag types of VSS (`fixtures/spec/vss/types.json`). Unknown bits are kept: callers must be able to pass them.

use bitflags::bitflags;
use serde::{Deserialize, Serialize};

bitflags! {
    /// `VSS_HARDWARE_OPTIONS`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct HardwareOptions: u32 {
        /// `VSS_BREAKEX_FLAG_MASK_LUNS`: hide the snapshot LUN from the host.
        const MASK_LUNS = 0x00000001;
        /// `VSS_BREAKEX_FLAG_MAKE_READ_WRITE`: turn the snapshot LUN into a read-write volume on the host.
        const MAKE_READ_WRITE = 0x00000002;
        /// `VSS_BREAKEX_FLAG_REVERT_IDENTITY_ALL`: give every snapshot LUN the disk identifier of its original; fails with nothing changed if any original LUN is present.
        const REVERT_IDENTITY_ALL = 0x00000004;
        /// `VSS_BREAKEX_FLAG_REVERT_IDENTITY_NONE`: leave all snapshot LUN disk identifiers as they are.
        const REVERT_IDENTITY_NONE = 0x00000008;
        /// `VSS_ONLUNSTATECHANGE_NOTIFY_READ_WRITE`: notice: LUNs become read-write for good.
        const NOTIFY_READ_WRITE = 0x00000100;
        /// `VSS_ONLUNSTATECHANGE_NOTIFY_LUN_PRE_RECOVERY`: notice: LUNs temporarily read-write, TxF recovery or auto-recovery about to run.
        const NOTIFY_LUN_PRE_RECOVERY = 0x00000200;
        /// `VSS_ONLUNSTATECHANGE_NOTIFY_LUN_POST_RECOVERY`: notice: recovery done, LUNs are read-only again.
        const NOTIFY_LUN_POST_RECOVERY = 0x00000400;
        /// `VSS_ONLUNSTATECHANGE_DO_MASK_LUNS`: command: provider must mask the LUNs from this computer.
        const DO_MASK_LUNS = 0x00000800;
        /// Bits without a name are kept.
        const _ = !0;
    }
}

bitflags! {
    /// `VSS_PROVIDER_CAPABILITIES`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct ProviderCapabilities: u32 {
        /// `VSS_PRV_CAPABILITY_LEGACY`: named without a description.
        const LEGACY = 0x00000001;
        /// `VSS_PRV_CAPABILITY_COMPLIANT`: named without a description.
        const COMPLIANT = 0x00000002;
        /// `VSS_PRV_CAPABILITY_LUN_REPOINT`: named without a description.
        const LUN_REPOINT = 0x00000004;
        /// `VSS_PRV_CAPABILITY_LUN_RESYNC`: named without a description.
        const LUN_RESYNC = 0x00000008;
        /// `VSS_PRV_CAPABILITY_OFFLINE_CREATION`: named without a description.
        const OFFLINE_CREATION = 0x00000010;
        /// `VSS_PRV_CAPABILITY_MULTIPLE_IMPORT`: named without a description.
        const MULTIPLE_IMPORT = 0x00000020;
        /// `VSS_PRV_CAPABILITY_RECYCLING`: named without a description.
        const RECYCLING = 0x00000040;
        /// `VSS_PRV_CAPABILITY_PLEX`: named without a description.
        const PLEX = 0x00000080;
        /// `VSS_PRV_CAPABILITY_DIFFERENTIAL`: named without a description.
        const DIFFERENTIAL = 0x00000100;
        /// `VSS_PRV_CAPABILITY_CLUSTERED`: named without a description.
        const CLUSTERED = 0x00000200;
        /// Bits without a name are kept.
        const _ = !0;
    }
}

bitflags! {
    /// `VSS_RECOVERY_OPTIONS`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct RecoveryOptions: u32 {
        /// `VSS_RECOVERY_REVERT_IDENTITY_ALL`: after resync each target LUN carries the signature of the original LUN the copy was made from.
        const REVERT_IDENTITY_ALL = 0x00000100;
        /// `VSS_RECOVERY_NO_VOLUME_CHECK`: skip the volume safety checks.
        const NO_VOLUME_CHECK = 0x00000200;
        /// Bits without a name are kept.
        const _ = !0;
    }
}

bitflags! {
    /// `VSS_SNAPSHOT_COMPATIBILITY`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct SnapshotCompatibility: u32 {
        /// `VSS_SC_DISABLE_DEFRAG`: provider does not support defragmentation of the shadow-copied volume.
        const DISABLE_DEFRAG = 0x00000001;
        /// `VSS_SC_DISABLE_CONTENTINDEX`: provider does not support content indexing of that volume.
        const DISABLE_CONTENTINDEX = 0x00000002;
        /// Bits without a name are kept.
        const _ = !0;
    }
}

bitflags! {
    /// `VSS_SNAPSHOT_CONTEXT`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct SnapshotContext: u32 {
        /// `VSS_CTX_FILE_SHARE_BACKUP`: auto-release, nonpersistent, no writers.
        const FILE_SHARE_BACKUP = 0x00000010;
        /// `VSS_CTX_NAS_ROLLBACK`: persistent, not auto-released, no writers.
        const NAS_ROLLBACK = 0x00000019;
        /// `VSS_CTX_APP_ROLLBACK`: persistent, not auto-released, writers involved.
        const APP_ROLLBACK = 0x00000009;
        /// `VSS_CTX_CLIENT_ACCESSIBLE`: read-only copy for Shadow Copies for Shared Folders, no writers; system provider only.
        const CLIENT_ACCESSIBLE = 0x0000001d;
        /// `VSS_CTX_CLIENT_ACCESSIBLE_WRITERS`: as CLIENT_ACCESSIBLE but with writers; not on Server 2003 / XP; system provider only.
        const CLIENT_ACCESSIBLE_WRITERS = 0x0000000d;
        /// `VSS_CTX_ALL`: wildcard for administrative operations such as queries.
        const ALL = 0xffffffff;
        /// Bits without a name are kept.
        const _ = !0;
    }
}

bitflags! {
    /// `VSS_VOLUME_SNAPSHOT_ATTRIBUTES`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct VolumeSnapshotAttributes: u32 {
        /// `VSS_VOLSNAP_ATTR_PERSISTENT`: survives reboots; set by APP_ROLLBACK, CLIENT_ACCESSIBLE(_WRITERS), NAS_ROLLBACK.
        const PERSISTENT = 0x00000001;
        /// `VSS_VOLSNAP_ATTR_NO_AUTORECOVERY`: requester may OR it: read-only at once after creation, no writer changes; from Vista on.
        const NO_AUTORECOVERY = 0x00000002;
        /// `VSS_VOLSNAP_ATTR_CLIENT_ACCESSIBLE`: for Shadow Copies for Shared Folders, should not be exposed; set by CLIENT_ACCESSIBLE contexts.
        const CLIENT_ACCESSIBLE = 0x00000004;
        /// `VSS_VOLSNAP_ATTR_NO_AUTO_RELEASE`: not deleted when the requester ends, only by DeleteSnapshots; set by the four persistent contexts.
        const NO_AUTO_RELEASE = 0x00000008;
        /// `VSS_VOLSNAP_ATTR_NO_WRITERS`: created without writers; set by NAS_ROLLBACK, FILE_SHARE_BACKUP, CLIENT_ACCESSIBLE.
        const NO_WRITERS = 0x00000010;
        /// `VSS_VOLSNAP_ATTR_TRANSPORTABLE`: requester may OR it if the provider supports it: to be transported, not surfaced locally.
        const TRANSPORTABLE = 0x00000020;
        /// `VSS_VOLSNAP_ATTR_NOT_SURFACED`: not exposed at present; set on all copies unless exposed or mounted.
        const NOT_SURFACED = 0x00000040;
        /// `VSS_VOLSNAP_ATTR_NOT_TRANSACTED`: requester may OR it: no VSS/transaction-manager integration, so no VSS_E_TRANSACTION_FREEZE_TIMEOUT; from Vista on.
        const NOT_TRANSACTED = 0x00000080;
        /// `VSS_VOLSNAP_ATTR_HARDWARE_ASSISTED`: made by a hardware provider; set automatically, cannot be requested.
        const HARDWARE_ASSISTED = 0x00010000;
        /// `VSS_VOLSNAP_ATTR_DIFFERENTIAL`: requester may OR it: differential/copy-on-write implementation wanted.
        const DIFFERENTIAL = 0x00020000;
        /// `VSS_VOLSNAP_ATTR_PLEX`: requester may OR it: split-mirror implementation wanted.
        const PLEX = 0x00040000;
        /// `VSS_VOLSNAP_ATTR_IMPORTED`: came here through ImportSnapshots; set automatically.
        const IMPORTED = 0x00080000;
        /// `VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY`: exposed locally; set by ExposeSnapshot.
        const EXPOSED_LOCALLY = 0x00100000;
        /// `VSS_VOLSNAP_ATTR_EXPOSED_REMOTELY`: exposed remotely (share); set by ExposeSnapshot.
        const EXPOSED_REMOTELY = 0x00200000;
        /// `VSS_VOLSNAP_ATTR_AUTORECOVER`: writer must auto-recover the component in OnPostSnapshot; not for requesters.
        const AUTORECOVER = 0x00400000;
        /// `VSS_VOLSNAP_ATTR_ROLLBACK_RECOVERY`: requester sets it for non-backup use (data mining): writer auto-recovers for rollback.
        const ROLLBACK_RECOVERY = 0x00800000;
        /// `VSS_VOLSNAP_ATTR_DELAYED_POSTSNAPSHOT`: reserved; from Server 2008 on.
        const DELAYED_POSTSNAPSHOT = 0x01000000;
        /// `VSS_VOLSNAP_ATTR_TXF_RECOVERY`: TxF recovery enforced during creation; from Server 2008 on.
        const TXF_RECOVERY = 0x02000000;
        /// `VSS_VOLSNAP_ATTR_FILE_SHARE`: named without a description.
        const FILE_SHARE = 0x04000000;
        /// Bits without a name are kept.
        const _ = !0;
    }
}

bitflags! {
    /// `VSS_BACKUP_SCHEMA`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct BackupSchema: u32 {
        /// `VSS_BS_DIFFERENTIAL`: differential backups.
        const DIFFERENTIAL = 0x00000001;
        /// `VSS_BS_INCREMENTAL`: incremental backups.
        const INCREMENTAL = 0x00000002;
        /// `VSS_BS_EXCLUSIVE_INCREMENTAL_DIFFERENTIAL`: both kinds but never mixed; needs both schema bits.
        const EXCLUSIVE_INCREMENTAL_DIFFERENTIAL = 0x00000004;
        /// `VSS_BS_LOG`: log-only backups; writer must have added at least one database log file.
        const LOG = 0x00000008;
        /// `VSS_BS_COPY`: copy backups, history untouched; no base for incremental/differential.
        const COPY = 0x00000010;
        /// `VSS_BS_TIMESTAMPED`: VSS time stamps decide inclusion; needs DIFFERENTIAL or INCREMENTAL.
        const TIMESTAMPED = 0x00000020;
        /// `VSS_BS_LAST_MODIFY`: last-modify times given for differenced files; needs DIFFERENTIAL or INCREMENTAL.
        const LAST_MODIFY = 0x00000040;
        /// `VSS_BS_LSN`: reserved.
        const LSN = 0x00000080;
        /// `VSS_BS_WRITER_SUPPORTS_NEW_TARGET`: AddNewTarget allowed.
        const WRITER_SUPPORTS_NEW_TARGET = 0x00000100;
        /// `VSS_BS_WRITER_SUPPORTS_RESTORE_WITH_MOVE`: several instances of the class, component may move to another instance (SetSelectedForRestoreEx).
        const WRITER_SUPPORTS_RESTORE_WITH_MOVE = 0x00000200;
        /// `VSS_BS_INDEPENDENT_SYSTEM_STATE`: system-state data that can also be backed up by itself.
        const INDEPENDENT_SYSTEM_STATE = 0x00000400;
        /// `VSS_BS_ROLLFORWARD_RESTORE`: SetRollForward allowed.
        const ROLLFORWARD_RESTORE = 0x00001000;
        /// `VSS_BS_RESTORE_RENAME`: SetRestoreName allowed.
        const RESTORE_RENAME = 0x00002000;
        /// `VSS_BS_AUTHORITATIVE_RESTORE`: SetAuthoritativeRestore allowed.
        const AUTHORITATIVE_RESTORE = 0x00004000;
        /// `VSS_BS_WRITER_SUPPORTS_PARALLEL_RESTORES`: several unsynchronised restore events.
        const WRITER_SUPPORTS_PARALLEL_RESTORES = 0x00008000;
        /// Bits without a name are kept.
        const _ = !0;
    }
}

impl SnapshotContext {
    /// `VSS_CTX_BACKUP`: auto-release, nonpersistent, writers involved; the default.
    pub const BACKUP: Self = Self::empty();

    /// The context's bits as snapshot attributes: a context is a mask of them.
    pub fn attributes(self) -> VolumeSnapshotAttributes {
        VolumeSnapshotAttributes::from_bits_retain(self.bits())
    }

    /// The context with attributes or-ed into it.
    #[must_use]
    pub fn with(self, attributes: VolumeSnapshotAttributes) -> Self {
        Self::from_bits_retain(self.bits() | attributes.bits())
    }
}
