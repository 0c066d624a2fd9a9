//! ImportSnapshots: rules N1 to N5, G12.

use super::change::{Change, Operation, Verdict};
use crate::api::HResult;
use crate::service::objects::session::Session;
use crate::service::world::World;
use crate::service::{Refusal, State};

pub(super) fn import(session: &Session, world: &World) -> Verdict {
    use State as S;
    // What a system lacks, no object has there, whatever its state.
    if !world.os(session.host).is_server() {
        return Err(Refusal::inferred(
            HResult::E_NOTIMPL,
            "only servers import; the page names no code (N1)",
        ));
    }
    super::idle_backup_only(session.state)?; // G12, N5, F1
    match session.state {
        S::BackupInitXml => {}                                            // N1
        S::BackupContext if session.document.snapshot_set.is_some() => {} // N2
        S::Imported => {
            return Err(Refusal::inferred(HResult::VSS_E_BAD_STATE, "a set is imported once (N3)"));
        }
        // N4
        _ => {
            let detail =
                "InitializeForBackup must have been given the document of a set, and no set begun here";
            return Err(Refusal::OUT_OF_SEQUENCE.detail(detail));
        }
    }
    if !session.requester().document.set.is_some_and(|set| set.transportable) {
        return Err(Refusal::inferred(
            HResult::VSS_E_NONTRANSPORTABLE_BCD,
            "the header's code, by its name; the page names none (N1)",
        ));
    }
    super::service::reach(world, session.host)?;
    let mut copies = session.document.snapshot_set.iter().flat_map(|set| &set.snapshots);
    if copies.any(|copy| world.snapshots.was_imported(copy.snapshot_id)) {
        return Err(Refusal::inferred(
            HResult::VSS_E_BAD_STATE,
            "a set is imported once, by any object (N3)",
        ));
    }
    if world.hosts[session.host].slots.import.is_some() {
        return Err(Refusal::inferred(
            HResult::VSS_E_BAD_STATE,
            "one import at a time, and requesters have to see to that; the page names no code (N1)",
        ));
    }
    Ok(Change::Begin(Operation::Import))
}
