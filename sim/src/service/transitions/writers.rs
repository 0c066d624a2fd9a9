//! Gathering and reading the writers' metadata and status: rules M1 to M5, Q1, Q2.

use super::change::{Change, Operation, Verdict};
use crate::api::{HResult, Out};
use crate::lab::{DuringRestore, PartialFailure};
use crate::service::objects::session::Session;
use crate::service::world::World;
use crate::service::{Refusal, State};
use crate::writer::Status;

pub(super) fn gather_metadata(session: &Session, world: &World) -> Verdict {
    use State as S;
    allowed(session.state, world)?;
    match session.state {
        S::BackupInit | S::BackupInitXml | S::BackupContext | S::RestoreInit => {} // M1, M2
        S::SetStarted | S::Volumes if session.participants.is_none() => {}         // M4
        _ => {
            return Err(Refusal::inferred(
                HResult::VSS_E_BAD_STATE,
                "metadata is gathered once, before the set (M3, M5)",
            ));
        }
    }
    Ok(Change::Begin(Operation::GatherMetadata))
}

pub(super) fn gather_status(session: &Session, world: &World) -> Verdict {
    allowed(session.state, world)?;
    Ok(Change::Begin(Operation::GatherStatus)) // Q1
}

pub(super) fn get_status_count(session: &Session, world: &World) -> Verdict {
    let status = gathered(session, world, "out-of-sequence")?;
    let pc_writers = u32::try_from(status.len()).unwrap_or(u32::MAX);
    Ok(Change::Tell(Out::GetWriterStatusCount { pc_writers }))
}

pub(super) fn get_status(session: &Session, world: &World, i_writer: u32) -> Verdict {
    let row = row(gathered(session, world, "out-of-sequence")?, i_writer)?;
    Ok(Change::Tell(Out::GetWriterStatus {
        pid_instance: row.instance,
        pid_writer: row.writer,
        pbstr_writer: row.name.clone(),
        pn_status: row.state,
        ph_result_failure: row.failure.code,
    }))
}

/// `wanted`: whether the caller has room for `phrApplication` and for `pbstrApplicationMessage`.
pub(super) fn get_status_ex(
    session: &Session,
    world: &World,
    i_writer: u32,
    wanted: (bool, bool),
) -> Verdict {
    let row = row(gathered(session, world, "wrong-sequence")?, i_writer)?;
    let partial = row.failure.code == HResult::VSS_E_WRITERERROR_PARTIAL_FAILURE;
    if partial && world.readings.partial_failure == PartialFailure::ReturnValue {
        return Err(Refusal::documented(HResult::VSS_E_WRITERERROR_PARTIAL_FAILURE, "as-return-value"));
    }
    Ok(Change::Tell(Out::GetWriterStatusEx {
        pid_instance: row.instance,
        pid_writer: row.writer,
        pbstr_writer: row.name.clone(),
        pn_status: row.state,
        phr_failure_writer: row.failure.code,
        phr_application: wanted.0.then_some(row.failure.application),
        pbstr_application_message: wanted.1.then(|| row.failure.message.clone().unwrap_or_else(|| "".into())),
    }))
}

pub(super) fn free_status(session: &Session, world: &World) -> Verdict {
    gathered(session, world, "out-of-sequence")?;
    Ok(Change::FreeWriterStatus)
}

/// Refuses on an uninitialised object, while an operation is pending and, read literally, during a restore.
fn allowed(state: State, world: &World) -> Result<(), Refusal> {
    match state {
        State::Created => Err(Refusal::NOT_INITIALIZED),
        state if state.is_restore() && world.readings.during_restore == DuringRestore::Literal => {
            Err(Refusal::DURING_RESTORE)
        }
        state if state.is_pending() => Err(Refusal::PENDING),
        _ => Ok(()),
    }
}

/// The gathered status (Q2). `reason` is how the method's page words that it came too early.
fn gathered<'s>(session: &'s Session, world: &World, reason: &'static str) -> Result<&'s [Status], Refusal> {
    allowed(session.state, world)?;
    let early = Refusal::documented(HResult::VSS_E_BAD_STATE, reason);
    session.status.as_deref().ok_or(early.detail("GatherWriterStatus must have ended first"))
}

fn row(status: &[Status], i_writer: u32) -> Result<&Status, Refusal> {
    usize::try_from(i_writer)
        .ok()
        .and_then(|index| status.get(index))
        .ok_or(Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, "no-such-writer"))
}
