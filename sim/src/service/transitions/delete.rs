//! DeleteSnapshots: rules G9, X9, X14, F1.

use super::change::{Change, Verdict};
use crate::api::{Guid, HResult, ObjectType, SnapshotId, SnapshotSetId};
use crate::service::Refusal;
use crate::service::objects::session::Session;
use crate::service::world::World;

/// Any copy that the host sees can be deleted by any backup object, also one that would go with another object.
pub(super) fn delete(session: &Session, world: &World, id: Guid, kind: ObjectType, force: bool) -> Verdict {
    if ![ObjectType::SNAPSHOT, ObjectType::SNAPSHOT_SET].contains(&kind) {
        return Err(Refusal::documented(HResult::E_INVALIDARG, "bad-object-type"));
    }
    if id.is_nil() {
        return Err(Refusal::bad_parameter("SourceObjectId is GUID_NULL"));
    }
    super::unlisted_backup_only(session.state)?;
    super::service::reach(world, session.host)?;
    let copies: Vec<SnapshotId> = match kind {
        ObjectType::SNAPSHOT => {
            let copy = SnapshotId(id);
            world.snapshots.visible(copy, session.host).map(|_| copy).into_iter().collect()
        }
        _ => {
            let found = world.snapshots.of_set(SnapshotSetId(id), session.host);
            found.map(|copy| copy.description.snapshot_id).collect()
        }
    };
    if copies.is_empty() {
        return Err(Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, "no-such-object"));
    }
    Ok(Change::Delete { copies, force }) // X9
}
