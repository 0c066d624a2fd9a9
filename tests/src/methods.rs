//! Methods that several tests go through, by name.

/// The methods that the simulator carries out; all others answer `E_NOTIMPL`.
pub const CARRIED_OUT: &[&str] = &[
    "CreateVssBackupComponents",
    "CreateVssBackupComponentsInternal",
    "InitializeForBackup",
    "InitializeForRestore",
    "SetContext",
    "SetBackupState",
    "GetSessionId",
    "GatherWriterMetadata",
    "GatherWriterStatus",
    "GetWriterStatusCount",
    "GetWriterStatus",
    "GetWriterStatusEx",
    "FreeWriterStatus",
    "IsVolumeSupported",
    "StartSnapshotSet",
    "AddToSnapshotSet",
    "DoSnapshotSet",
    "ImportSnapshots",
    "GetSnapshotProperties",
    "PrepareForBackup",
    "BackupComplete",
    "AbortBackup",
    "SaveAsXML",
    "AddSnapshotToRecoverySet",
    "RecoverSet",
    "Wait",
    "QueryStatus",
    "Cancel",
    "QueryInterface",
    "Release",
];

/// The calls of one creation on a provider, in the documented order (`coordinator_sequence`).
pub const CREATION: &[&str] = &[
    "AreLunsSupported",
    "BeginPrepareSnapshot",
    "EndPrepareSnapshots",
    "PreCommitSnapshots",
    "CommitSnapshots",
    "PostCommitSnapshots",
    "GetTargetLuns",
    "PreFinalCommitSnapshots",
    "PostFinalCommitSnapshots",
    "LocateLuns",
];
