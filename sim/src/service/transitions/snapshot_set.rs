//! Creating a set: rules V3, V4, D1 to D6.

use super::change::{Change, Operation, Verdict};
use crate::api::{HResult, SnapshotContext};
use crate::service::objects::session::Session;
use crate::service::world::World;
use crate::service::{Refusal, State};

const MISSING: Refusal = Refusal::documented(HResult::VSS_E_BAD_STATE, "missing-prerequisite-calls");

pub(super) fn start(session: &Session, world: &World) -> Verdict {
    use State as S;
    super::idle_backup_only(session.state)?; // V4c
    match session.state {
        S::BackupInit | S::BackupInitXml | S::BackupContext | S::BackupGathered => {} // V3
        S::SetStarted | S::Volumes | S::Prepared => {
            return Err(Refusal::inferred(
                HResult::VSS_E_SNAPSHOT_SET_IN_PROGRESS,
                "this object is creating a set (V4)",
            ));
        }
        _ => return Err(Refusal::OUT_OF_SEQUENCE.detail(super::ONE_BACKUP)), // V4b, V4c
    }
    if session.context == SnapshotContext::ALL {
        return Err(Refusal::inferred(
            HResult::VSS_E_UNSUPPORTED_CONTEXT,
            "VSS_CTX_ALL is not allowed for StartSnapshotSet; the page prints no code (V3)",
        ));
    }
    super::service::reach(world, session.host)?;
    if world.hosts[session.host].slots.creation.is_some() {
        return Err(Refusal::documented(HResult::VSS_E_SNAPSHOT_SET_IN_PROGRESS, "creation-in-progress"));
    }
    Ok(Change::StartSet)
}

pub(super) fn create(session: &Session) -> Verdict {
    use State as S;
    match session.state {
        S::Created => return Err(Refusal::NOT_INITIALIZED),
        // The page has no during-restore reason (D6).
        state if state.is_restore() => {
            return Err(Refusal::inferred(HResult::VSS_E_BAD_STATE, "the object serves a restore (D6)"));
        }
        state if state.is_pending() => return Err(Refusal::PENDING),
        S::Prepared => {} // D1
        // D2; an empty set is legal.
        S::Volumes | S::SetStarted if session.without_writers() => {}
        S::Snapshotted | S::SnapshotFailed | S::Completed | S::Aborted | S::Imported => {
            return Err(Refusal::inferred(HResult::VSS_E_BAD_STATE, "one object serves one backup (D5)"));
        }
        S::Volumes | S::SetStarted if session.participants.is_none() => {
            return Err(MISSING.detail(
                "GatherWriterMetadata and PrepareForBackup must have ended first, as the context has writers",
            )); // D3
        }
        S::Volumes | S::SetStarted => {
            return Err(MISSING.detail("PrepareForBackup must have ended first")); // D3
        }
        _ => return Err(MISSING.detail(super::NO_SET)), // D4
    }
    Ok(Change::Begin(Operation::CreateSet))
}
