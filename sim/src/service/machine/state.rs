//! The states of a requester's object, as `requester-state-machine.json` names them.

use std::fmt;

macro_rules! states {
    ($($(#[$doc:meta])* $state:ident = $spec:literal;)*) => {
        /// What a requester's object is doing.
        ///
        /// The rows under a state say what may be called in it and what leaves it, beside `Release`, which is always
        /// allowed, and the calls that read or gather writers' status.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum State {
            $($(#[$doc])* $state,)*
        }

        impl State {
            /// Every state.
            pub const ALL: &[Self] = &[$(Self::$state),*];

            /// The state's id in the spec.
            pub fn id(self) -> &'static str {
                match self { $(Self::$state => $spec,)* }
            }
        }
    };
}

states! {
    /// The object exists, nothing is initialised.
    /// - may be called: `InitializeForBackup`, `InitializeForRestore`, `GetSessionId`
    /// - left by: an initialisation
    Created = "CREATED";
    /// Initialised for a backup, with an empty document and the default context.
    /// - may be called: `SetContext`, `SetBackupState`, `GatherWriterMetadata`, `StartSnapshotSet`
    /// - left by: `SetContext`, `GatherWriterMetadata`, `StartSnapshotSet`
    BackupInit = "B_INIT";
    /// Initialised with a stored document, to import a transportable set.
    /// - may be called: as in `BackupInit`, and `ImportSnapshots`
    /// - left by: as `BackupInit`, and `ImportSnapshots`
    BackupInitXml = "B_INIT_XML";
    /// The context is chosen; it can be chosen only once.
    /// - may be called: as in `BackupInit` but for `SetContext`
    /// - left by: `GatherWriterMetadata`, `StartSnapshotSet`
    BackupContext = "B_CONTEXT";
    /// `GatherWriterMetadata` is pending.
    /// - may be called: nothing
    /// - left by: the end of the operation
    BackupGathering = "B_GATHERING";
    /// The writers' metadata is at hand.
    /// - may be called: `SetBackupState`, `AddComponent`, `StartSnapshotSet`
    /// - left by: `StartSnapshotSet`
    BackupGathered = "B_GATHERED";
    /// A set is begun, without volumes yet; this object owns the machine's creation slot.
    /// - may be called: `AddToSnapshotSet`, `PrepareForBackup`
    /// - left by: these, `AbortBackup`
    SetStarted = "B_SET_STARTED";
    /// The set has volumes.
    /// - may be called: `AddToSnapshotSet`, `PrepareForBackup`, without writers also `DoSnapshotSet`
    /// - left by: `PrepareForBackup`, `DoSnapshotSet`, `AbortBackup`
    Volumes = "B_VOLUMES";
    /// `PrepareForBackup` is pending.
    /// - may be called: `AbortBackup`
    /// - left by: the end of the operation, `AbortBackup`
    Preparing = "B_PREPARING";
    /// The writers are prepared.
    /// - may be called: `DoSnapshotSet`, `AddToSnapshotSet`, `BackupComplete`
    /// - left by: `DoSnapshotSet`, `BackupComplete`, `AbortBackup`
    Prepared = "B_PREPARED";
    /// `DoSnapshotSet` is pending; the list of volumes is frozen.
    /// - may be called: `AbortBackup`
    /// - left by: the end of the operation, `AbortBackup`
    Snapshotting = "B_SNAPSHOTTING";
    /// The shadow copies exist; the creation slot is free again.
    /// - may be called: `BackupComplete`, `SaveAsXML`, `GetSnapshotProperties`
    /// - left by: `BackupComplete`, `AbortBackup`
    Snapshotted = "B_SNAPSHOTTED";
    /// `DoSnapshotSet` failed; the whole set is gone, the creation slot is free.
    /// - may be called: `AbortBackup`
    /// - left by: `AbortBackup`
    SnapshotFailed = "B_SNAPSHOT_FAILED";
    /// `BackupComplete` is pending.
    /// - may be called: `AbortBackup`
    /// - left by: the end of the operation, `AbortBackup`
    Completing = "B_COMPLETING";
    /// The backup is complete; writers read the document only.
    /// - may be called: `SaveAsXML`, `GetSnapshotProperties`
    /// - left by: nothing
    Completed = "B_COMPLETED";
    /// The backup was aborted, or the creation cancelled.
    /// - may be called: `GetSnapshotProperties`
    /// - left by: nothing
    Aborted = "B_ABORTED";
    /// `ImportSnapshots` is pending.
    /// - may be called: nothing
    /// - left by: the end of the operation
    Importing = "I_IMPORTING";
    /// The set is imported.
    /// - may be called: `GetSnapshotProperties`, `SaveAsXML`
    /// - left by: nothing
    Imported = "I_IMPORTED";
    /// Initialised for a restore with a stored document.
    /// - may be called: `GatherWriterMetadata`, `AddSnapshotToRecoverySet`
    /// - left by: these
    RestoreInit = "R_INIT";
    /// `GatherWriterMetadata` is pending on a restore object.
    /// - may be called: nothing
    /// - left by: the end of the operation
    RestoreGathering = "R_GATHERING";
    /// The writers' metadata is at hand on a restore object.
    /// - may be called: `SetSelectedForRestore`, `PreRestore`, `AddSnapshotToRecoverySet`
    /// - left by: these
    RestoreGathered = "R_GATHERED";
    /// Components are selected for restore.
    /// - may be called: as in `RestoreGathered`
    /// - left by: `PreRestore`, `AddSnapshotToRecoverySet`
    Selected = "R_SELECTED";
    /// `PreRestore` is pending.
    /// - may be called: nothing
    /// - left by: the end of the operation
    PreRestoring = "R_PRERESTORING";
    /// The writers are prepared for the restore.
    /// - may be called: `PostRestore`, `AddSnapshotToRecoverySet`
    /// - left by: these
    PreRestored = "R_PRERESTORED";
    /// `PostRestore` is pending.
    /// - may be called: nothing
    /// - left by: the end of the operation
    PostRestoring = "R_POSTRESTORING";
    /// The restore is over; the document is closed.
    /// - may be called: `SaveAsXML`
    /// - left by: nothing
    PostRestored = "R_POSTRESTORED";
    /// The recovery set has a volume.
    /// - may be called: `AddSnapshotToRecoverySet`, `RecoverSet`
    /// - left by: `RecoverSet`
    RecoverySet = "R_RECOVERY_SET";
    /// `RecoverSet` is pending: LUNs are being copied back.
    /// - may be called: nothing
    /// - left by: the end of the operation
    Resyncing = "R_RESYNCING";
    /// The LUNs are copied back.
    /// - may be called: `SaveAsXML`
    /// - left by: nothing
    Resynced = "R_RESYNCED";
    /// The last reference is gone.
    /// - may be called: nothing
    /// - left by: nothing
    Released = "RELEASED";
}

impl State {
    /// Whether the object serves a restore. The variants of a restore stand together, from the first to the last.
    pub fn is_restore(self) -> bool {
        (Self::RestoreInit..=Self::Resynced).contains(&self)
    }

    /// Whether an operation is pending that bars other calls.
    pub fn is_pending(self) -> bool {
        matches!(
            self,
            Self::BackupGathering
                | Self::Preparing
                | Self::Snapshotting
                | Self::Completing
                | Self::Importing
                | Self::RestoreGathering
                | Self::PreRestoring
                | Self::PostRestoring
                | Self::Resyncing
        )
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::State;

    #[test]
    fn the_ids_tell_which_states_serve_a_restore() {
        for state in State::ALL {
            assert_eq!(state.is_restore(), state.id().starts_with("R_"), "{state}");
        }
    }
}
