//! The frame of a backup: PrepareForBackup, BackupComplete, AbortBackup, SaveAsXML: rules V5, E1 to E6, A1 to A4, J1 to J3.

use super::change::{Change, Operation, Verdict};
use crate::api::HResult;
use crate::lab::DuringRestore;
use crate::service::objects::session::Session;
use crate::service::world::World;
use crate::service::{Refusal, State};

/// Contexts without writers: AddComponent, PrepareForBackup and BackupComplete fail; the code is not printed (P6, E2).
const NO_WRITERS: Refusal =
    Refusal::rule(HResult::VSS_E_BAD_STATE, "shadow-copy-creation-details: the context has no writers");

pub(super) fn prepare(session: &Session) -> Verdict {
    super::idle_backup_only(session.state)?; // V5f
    if session.without_writers() {
        return Err(NO_WRITERS); // P6
    }
    match session.state {
        // V5b
        State::SetStarted | State::Volumes if session.participants.is_none() => {
            Err(Refusal::OUT_OF_SEQUENCE.detail("GatherWriterMetadata must have ended first"))
        }
        State::SetStarted | State::Volumes if session.document.backup_state.is_none() => {
            Err(Refusal::OUT_OF_SEQUENCE.detail("SetBackupState must come first"))
        }
        State::SetStarted | State::Volumes => Ok(Change::Begin(Operation::PrepareForBackup)), // V5
        // V5c: a backup without shadow copies is described, but StartSnapshotSet must come first.
        State::BackupGathered => Err(Refusal::inferred(
            HResult::VSS_E_BAD_STATE,
            "StartSnapshotSet must precede PrepareForBackup (V5c)",
        )),
        // V5d
        State::BackupInit | State::BackupInitXml | State::BackupContext => Err(Refusal::OUT_OF_SEQUENCE
            .detail("SetBackupState, GatherWriterMetadata and StartSnapshotSet must come first")),
        State::Prepared => Err(Refusal::OUT_OF_SEQUENCE.detail("it was called already")), // V5e
        _ => Err(Refusal::OUT_OF_SEQUENCE.detail(super::ONE_BACKUP)),                     // V5e
    }
}

pub(super) fn complete(session: &Session) -> Verdict {
    super::idle_backup_only(session.state)?; // E6
    match session.state {
        State::Snapshotted | State::Prepared if session.without_writers() => Err(NO_WRITERS), // E2
        State::Snapshotted | State::Prepared => Ok(Change::Begin(Operation::BackupComplete)), // E1, E3
        State::SnapshotFailed => Err(Refusal::inferred(
            HResult::VSS_E_BAD_STATE,
            "not to be called after a failed DoSnapshotSet (E4, O22)",
        )),
        // E5
        State::Completed | State::Aborted | State::Imported => {
            Err(Refusal::OUT_OF_SEQUENCE.detail(super::ONE_BACKUP))
        }
        _ if session.without_writers() => {
            Err(Refusal::OUT_OF_SEQUENCE.detail("the context has no writers who could be told"))
        }
        _ => Err(Refusal::OUT_OF_SEQUENCE.detail("PrepareForBackup or DoSnapshotSet must have ended first")),
    }
}

pub(super) fn abort(session: &Session) -> Verdict {
    use State as S;
    match session.state {
        S::Created => Err(Refusal::NOT_INITIALIZED), // G7
        // A3
        S::SetStarted
        | S::Volumes
        | S::Preparing
        | S::Prepared
        | S::Snapshotting
        | S::Snapshotted
        | S::SnapshotFailed
        | S::Completing => Ok(Change::Abort),
        _ => Ok(Change::Nothing), // A1, A2, A4
    }
}

pub(super) fn save(session: &Session, world: &World) -> Verdict {
    match session.state {
        State::Created => Err(Refusal::NOT_INITIALIZED),
        // J3: the page forbids it during a restore from the shared boilerplate.
        state if state.is_restore() => match world.readings.during_restore {
            DuringRestore::AsSamples => Ok(Change::SaveDocument),
            DuringRestore::Literal => Err(Refusal::DURING_RESTORE),
        },
        state if state.is_pending() => Err(Refusal::PENDING),
        _ => Ok(Change::SaveDocument), // J1, J2
    }
}
