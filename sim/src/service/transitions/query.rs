//! Query and GetSnapshotProperties: rules X1 to X5.

use super::change::{Change, Verdict};
use crate::api::{Guid, HResult, ObjectType, SnapshotId};
use crate::lab::{QueriedObject, QueryBeforeContext};
use crate::service::copies::query;
use crate::service::objects::session::Session;
use crate::service::world::World;
use crate::service::{Refusal, State};

pub(super) fn query(
    session: &Session,
    world: &World,
    about: Guid,
    queried: ObjectType,
    returned: ObjectType,
) -> Verdict {
    let invalid = |reason| Err(Refusal::documented(HResult::E_INVALIDARG, reason));
    if queried != ObjectType::NONE {
        return invalid("bad-queried-type");
    }
    if ![ObjectType::SNAPSHOT, ObjectType::PROVIDER].contains(&returned) {
        return invalid("bad-returned-type");
    }
    // The parameter is reserved, yet the page has a code for an object that does not exist.
    if !about.is_nil() && world.readings.queried_object == QueriedObject::Reserved {
        return invalid("bad-queried-id");
    }
    super::idle_backup_only(session.state)?; // G12, X3, F1
    let early = matches!(session.state, State::BackupInit | State::BackupInitXml);
    if early && world.readings.query_before_context == QueryBeforeContext::OutOfSequence {
        return Err(Refusal::OUT_OF_SEQUENCE.detail("SetContext must come first"));
    }
    super::service::reach(world, session.host)?;
    if !about.is_nil() && !query::exists(world, session.host, about) {
        return Err(Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, "not-found"));
    }
    Ok(Change::Query { about, of: returned }) // X1, X2
}

pub(super) fn properties(session: &Session, world: &World, snapshot: SnapshotId) -> Verdict {
    super::backup_only(session.state)?; // X3
    // X5 lets the call through while a set is being prepared or created.
    if session.state.is_pending() && !matches!(session.state, State::Preparing | State::Snapshotting) {
        return Err(Refusal::PENDING);
    }
    super::service::reach(world, session.host)?;
    match world.snapshots.visible(snapshot, session.host) {
        Some(_) => Ok(Change::TellSnapshot(snapshot)), // X4
        None => Err(Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, "no-such-snapshot")), // X5
    }
}
