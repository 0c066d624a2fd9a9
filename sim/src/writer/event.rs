//! The events that VSS sends to writers, and what each does to a writer's state (`writer-state-machine.json`).

use crate::api::WriterState;

/// An event of one backup, in the order in which VSS sends them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WriterEvent {
    /// GatherWriterMetadata: the writer describes itself.
    Identify,
    /// PrepareForBackup: the writer sees its components.
    PrepareForBackup,
    /// DoSnapshotSet, before anything is frozen.
    PrepareForSnapshot,
    /// DoSnapshotSet: no writes from here on.
    Freeze,
    /// DoSnapshotSet: writes go on.
    Thaw,
    /// DoSnapshotSet: the copy exists.
    PostSnapshot,
    /// BackupComplete: the requester has what it wanted.
    BackupComplete,
    /// AbortBackup, or a failure between PrepareForSnapshot and PostSnapshot.
    Abort,
    /// The requester's object is gone.
    BackupShutdown,
}

impl WriterEvent {
    /// Every event.
    pub const ALL: &[Self] = &[
        Self::Identify,
        Self::PrepareForBackup,
        Self::PrepareForSnapshot,
        Self::Freeze,
        Self::Thaw,
        Self::PostSnapshot,
        Self::BackupComplete,
        Self::Abort,
        Self::BackupShutdown,
    ];

    /// Whether it tells of a shadow copy set in the making. In a context without writers nobody gets it.
    pub fn is_of_creation(self) -> bool {
        matches!(self, Self::PrepareForSnapshot | Self::Freeze | Self::Thaw | Self::PostSnapshot)
    }

    /// The handler in `CVssWriter` that gets it: the name under which faults find it.
    pub fn handler(self) -> &'static str {
        match self {
            Self::Identify => "OnIdentify",
            Self::PrepareForBackup => "OnPrepareBackup",
            Self::PrepareForSnapshot => "OnPrepareSnapshot",
            Self::Freeze => "OnFreeze",
            Self::Thaw => "OnThaw",
            Self::PostSnapshot => "OnPostSnapshot",
            Self::BackupComplete => "OnBackupComplete",
            Self::Abort => "OnAbort",
            Self::BackupShutdown => "OnBackupShutdown",
        }
    }

    /// The state of a writer that handled the event well; `None`: a writer in that state does not get it.
    pub fn handled_in(self, state: WriterState) -> Option<WriterState> {
        match (self, state) {
            (Self::Identify, state) => Some(state),
            (Self::PrepareForBackup, WriterState::STABLE) => Some(WriterState::STABLE),
            (Self::PrepareForSnapshot, WriterState::STABLE) => Some(WriterState::WAITING_FOR_FREEZE),
            (Self::Freeze, WriterState::WAITING_FOR_FREEZE) => Some(WriterState::WAITING_FOR_THAW),
            (Self::Thaw, WriterState::WAITING_FOR_THAW) => Some(WriterState::WAITING_FOR_POST_SNAPSHOT),
            (Self::PostSnapshot, WriterState::WAITING_FOR_POST_SNAPSHOT) => {
                Some(WriterState::WAITING_FOR_BACKUP_COMPLETE)
            }
            // A backup without a shadow copy completes from STABLE.
            (Self::BackupComplete, WriterState::WAITING_FOR_BACKUP_COMPLETE | WriterState::STABLE) => {
                Some(WriterState::STABLE)
            }
            // A writer past PostSnapshot is not told of an abort.
            (
                Self::Abort,
                WriterState::STABLE
                | WriterState::WAITING_FOR_FREEZE
                | WriterState::WAITING_FOR_THAW
                | WriterState::WAITING_FOR_POST_SNAPSHOT,
            ) => Some(WriterState::STABLE),
            (Self::BackupShutdown, _) => Some(WriterState::STABLE),
            _ => None,
        }
    }

    /// The state of a writer whose handler failed; `None`: it stays as it is.
    pub fn failed(self) -> Option<WriterState> {
        Some(match self {
            Self::Identify => WriterState::FAILED_AT_IDENTIFY,
            Self::PrepareForBackup => WriterState::FAILED_AT_PREPARE_BACKUP,
            Self::PrepareForSnapshot => WriterState::FAILED_AT_PREPARE_SNAPSHOT,
            Self::Freeze => WriterState::FAILED_AT_FREEZE,
            Self::Thaw => WriterState::FAILED_AT_THAW,
            Self::PostSnapshot => WriterState::FAILED_AT_POST_SNAPSHOT,
            Self::BackupComplete => WriterState::FAILED_AT_BACKUP_COMPLETE,
            Self::BackupShutdown => WriterState::FAILED_AT_BACKUPSHUTDOWN,
            Self::Abort => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::WriterEvent;
    use crate::api::WriterState;

    #[test]
    fn a_backup_ends_where_it_began() {
        use WriterEvent as E;
        let walk = [
            E::PrepareForBackup,
            E::PrepareForSnapshot,
            E::Freeze,
            E::Thaw,
            E::PostSnapshot,
            E::BackupComplete,
        ];
        let end = walk.iter().try_fold(WriterState::STABLE, |state, event| event.handled_in(state));
        assert_eq!(end, Some(WriterState::STABLE));
    }

    #[test]
    fn a_failed_writer_gets_nothing_more_until_shutdown() {
        for failed in WriterEvent::ALL.iter().filter_map(|event| event.failed()) {
            for event in WriterEvent::ALL {
                let quiet = !matches!(event, WriterEvent::Identify | WriterEvent::BackupShutdown);
                assert_eq!(event.handled_in(failed).is_none(), quiet, "{event:?} in {failed}");
            }
        }
    }

    #[test]
    fn a_writer_past_post_snapshot_is_not_told_of_an_abort() {
        assert_eq!(WriterEvent::Abort.handled_in(WriterState::WAITING_FOR_BACKUP_COMPLETE), None);
    }
}
