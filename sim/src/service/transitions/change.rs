//! What an accepted call is going to change. The transitions name it; `objects::apply` alone carries it out.

use crate::api::{
    Call, Guid, HardwareOptions, Method, Object, ObjectType, Out, ProviderId, Ptr, RecoveryOptions,
    SnapshotContext, SnapshotId, SnapshotSetId, Text, VolumeGuid,
};
use crate::document::BackupState;

use crate::service::Refusal;
use crate::service::State;
use crate::service::copies::exposure::Exposure;
use crate::service::objects::session::Recovery;
use crate::service::world::originals::Original;

/// The verdict of a transition: what changes, or why nothing does.
pub(in crate::service) type Verdict = Result<Change, Refusal>;

/// What an accepted call changes.
#[derive(Debug)]
pub(in crate::service) enum Change {
    /// Nothing: the call is ignored.
    Nothing,
    /// Nothing: the call only tells.
    Tell(Out),
    /// The object serves a backup from now on, with an empty document.
    Initialize,
    /// The object serves a backup or a restore from now on, if the document can be read; `reason` is how the page words
    /// that it cannot.
    Load { xml: Text, next: State, reason: &'static str },
    /// The context is set for good.
    SetContext(SnapshotContext),
    /// The kind of backup is set.
    SetBackupState(BackupState),
    /// The gathered status is dropped.
    FreeWriterStatus,
    /// A set is begun and the machine's creation slot taken.
    StartSet,
    /// A volume or share joins the set, if a provider takes it.
    AddVolume { original: Original, provider: ProviderId },
    /// Whether a provider supports a volume or share goes out.
    TellSupport { original: Original, provider: ProviderId },
    /// An operation begins and its `IVssAsync` is handed out.
    Begin(Operation),
    /// What is under way is given up.
    Abort,
    /// A shadow copy joins the recovery set, if its provider still owns it.
    AddToRecoverySet(Recovery),
    /// The document goes out as XML.
    SaveDocument,
    /// A volume is reverted to a shadow copy, if the provider does it.
    Revert { snapshot: SnapshotId, volume: VolumeGuid, provider: ProviderId },
    /// An `IVssAsync` of a revert goes out, if the provider knows of one.
    QueryRevert { volume: VolumeGuid, provider: ProviderId },
    /// VSS forgets a set, whose LUNs stay as they are.
    BreakSet(SnapshotSetId),
    /// The properties of a shadow copy go out, if its provider tells them.
    TellSnapshot(SnapshotId),
    /// A list of objects of that type is handed out: of all, or of those about an id other than `GUID_NULL`.
    Query { about: Guid, of: ObjectType },
    /// Copies are deleted, one after the other, up to the first whose provider does not let it go.
    Delete { copies: Vec<SnapshotId>, force: bool },
    /// A copy gets a name or, with `None`, loses it, if its provider does not object.
    Expose { copy: SnapshotId, exposure: Option<Exposure> },
}

/// An operation that an `IVssAsync` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::service) enum Operation {
    /// `GatherWriterMetadata`
    GatherMetadata,
    /// `GatherWriterStatus`
    GatherStatus,
    /// `PrepareForBackup`
    PrepareForBackup,
    /// `DoSnapshotSet`
    CreateSet,
    /// `BackupComplete`
    BackupComplete,
    /// `ImportSnapshots`
    Import,
    /// `BreakSnapshotSetEx`
    Break(SnapshotSetId, HardwareOptions),
    /// `RecoverSet`
    Recover(RecoveryOptions),
    /// `QueryRevertStatus`: it only tells.
    QueryRevert,
}

impl Operation {
    /// The method that begins it.
    pub(in crate::service) fn method(self) -> Method {
        let call = match self {
            Self::GatherMetadata => Call::GATHER_WRITER_METADATA,
            Self::GatherStatus => Call::GATHER_WRITER_STATUS,
            Self::PrepareForBackup => Call::PREPARE_FOR_BACKUP,
            Self::CreateSet => Call::DO_SNAPSHOT_SET,
            Self::BackupComplete => Call::BACKUP_COMPLETE,
            Self::Import => Call::IMPORT_SNAPSHOTS,
            Self::Break(snapshot_set_id, dw_break_flags) => {
                Call::break_snapshot_set_ex(snapshot_set_id, dw_break_flags)
            }
            Self::Recover(dw_flags) => Call::recover_set(dw_flags),
            Self::QueryRevert => Call::QueryRevertStatus { pwsz_volume: None, pp_async: Ptr::Valid },
        };
        call.method()
    }

    /// The state while the operation is pending; `None`: the object stays as it is.
    pub(in crate::service) fn state_while_pending(self, before: State) -> Option<State> {
        match self {
            Self::GatherMetadata => match before {
                State::RestoreInit => Some(State::RestoreGathering),
                State::SetStarted | State::Volumes => None,
                _ => Some(State::BackupGathering),
            },
            Self::GatherStatus | Self::QueryRevert | Self::Break(..) => None,
            Self::PrepareForBackup => Some(State::Preparing),
            Self::CreateSet => Some(State::Snapshotting),
            Self::BackupComplete => Some(State::Completing),
            Self::Import => Some(State::Importing),
            Self::Recover(_) => Some(State::Resyncing),
        }
    }

    /// The state after success.
    pub(in crate::service) fn state_after(self, before: State) -> State {
        match self {
            Self::GatherMetadata => match before {
                State::RestoreInit => State::RestoreGathered,
                State::SetStarted | State::Volumes => before,
                _ => State::BackupGathered,
            },
            Self::GatherStatus | Self::QueryRevert | Self::Break(..) => before,
            Self::PrepareForBackup => State::Prepared,
            Self::CreateSet => State::Snapshotted,
            Self::BackupComplete => State::Completed,
            Self::Import => State::Imported,
            Self::Recover(_) => State::Resynced,
        }
    }

    /// The state after a failure or a cancellation. The pages give it for `DoSnapshotSet`, and say that a backup whose
    /// copies exist can be aborted by a cancellation; else the object is where it was, so that the call can be repeated
    /// (inferred).
    pub(in crate::service) fn state_after_failure(self, before: State, cancelled: bool) -> State {
        match self {
            Self::CreateSet if cancelled => State::Aborted,
            Self::BackupComplete if cancelled && before == State::Snapshotted => State::Aborted,
            Self::CreateSet => State::SnapshotFailed,
            _ => before,
        }
    }
}

/// The \[out\] value of the method that begins an operation.
pub(in crate::service) fn handed_out(operation: Operation, object: Object) -> Out {
    match operation {
        Operation::GatherMetadata => Out::GatherWriterMetadata { p_async: object },
        Operation::GatherStatus => Out::GatherWriterStatus { p_async: object },
        Operation::PrepareForBackup => Out::PrepareForBackup { pp_async: object },
        Operation::CreateSet => Out::DoSnapshotSet { pp_async: object },
        Operation::BackupComplete => Out::BackupComplete { pp_async: object },
        Operation::Import => Out::ImportSnapshots { pp_async: object },
        Operation::Break(..) => Out::BreakSnapshotSetEx { pp_async: object },
        Operation::Recover(_) => Out::RecoverSet { pp_async: object },
        Operation::QueryRevert => Out::QueryRevertStatus { pp_async: object },
    }
}
