//! What must hold in every state.

use crate::service::State;
use crate::service::machine::End;
use crate::service::transitions::change::Operation;

use super::object::{Actor, GONE};

/// What the checks have to know of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    /// It stands between StartSnapshotSet and the end of DoSnapshotSet.
    pub(super) creates: bool,
    /// Its resync runs.
    pub(super) resyncs: bool,
    /// Its import runs.
    pub(super) imports: bool,
    /// What is wrong with the object by itself.
    pub(super) wrong: Option<&'static str>,
}

/// Each invariant as a report words it.
pub(super) const SLOT: &str =
    "a host's creation slot belongs to the one session between StartSnapshotSet and the end of DoSnapshotSet";
pub(super) const RESYNC: &str = "a host's resync is that of the one session whose RecoverSet is pending";
pub(super) const IMPORT: &str = "a host's import is that of the one session whose ImportSnapshots is pending";
pub(super) const STUCK: &str = "whoever owns the creation slot can free it by calls of its own";
const PENDING: &str = "a state in which an operation is pending has an operation that can end it";
const RELEASED: &str = "a released object owns nothing";

/// Every invariant that is held.
pub(super) const INVARIANTS: [&str; 6] = [SLOT, RESYNC, IMPORT, STUCK, PENDING, RELEASED];

/// What is to be known of an object.
pub(super) fn marks(actor: &Actor) -> Marks {
    let requester = actor.requester;
    let runs =
        |is_it: fn(&Operation) -> bool| requester.pending.is_some_and(|pending| is_it(&pending.operation));
    let ends = |end| requester.pending.is_some() && !requester.ended(end).state.is_pending();
    let all_end = [End::Finished, End::Failed, End::Cancelled].into_iter().all(ends);
    let wrong = if requester.state == State::Released {
        (*actor != GONE).then_some(RELEASED)
    } else {
        (requester.state.is_pending() != all_end).then_some(PENDING)
    };
    Marks {
        creates: requester.is_creating(),
        resyncs: runs(|operation| matches!(operation, Operation::Recover(_))),
        imports: runs(|operation| *operation == Operation::Import),
        wrong,
    }
}
