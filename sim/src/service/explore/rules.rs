//! What must hold in every state.

use crate::service::State;
use crate::service::machine::End;
use crate::service::transitions::change::Operation;

use super::object::{Actor, GONE};

/// A rule that must hold in every state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Rule {
    /// Who owns a host's creation slot.
    Slot,
    /// Whose a host's resync is.
    Resync,
    /// Whose a host's import is.
    Import,
    /// How often a set is imported.
    ImportedOnce,
    /// What ends a pending operation.
    Pending,
    /// What a released object has.
    Released,
    /// How the creation slot is freed.
    Stuck,
    /// What calls on shadow copies change.
    Administration,
}

impl Rule {
    /// All, in the order in which they are held: the last two after the search, each for all states.
    pub const ALL: [Self; 8] = [
        Self::Slot,
        Self::Resync,
        Self::Import,
        Self::ImportedOnce,
        Self::Pending,
        Self::Released,
        Self::Stuck,
        Self::Administration,
    ];

    /// How a report words it.
    pub fn text(self) -> &'static str {
        match self {
            Self::Slot => {
                "a host's creation slot belongs to the one session between StartSnapshotSet and the end of DoSnapshotSet"
            }
            Self::Resync => "a host's resync is that of the one session whose RecoverSet is pending",
            Self::Import => "a host's import is that of the one session whose ImportSnapshots is pending",
            Self::ImportedOnce => "a set is imported once, by whichever session and on whichever host",
            Self::Pending => "a state in which an operation is pending has an operation that can end it",
            Self::Released => "a released object owns nothing",
            Self::Stuck => {
                "whoever owns the creation slot (only one set is created at a time) can free it by calls of its own"
            }
            Self::Administration => {
                "Query, DeleteSnapshots and the like leave the object on which they are called as it is"
            }
        }
    }

    /// After which others it is held.
    pub(super) fn round(self) -> u8 {
        match self {
            Self::Stuck => 1,
            Self::Administration => 2,
            _ => 0,
        }
    }
}

/// Rules that do not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Breaches(u8);

impl Breaches {
    pub(super) const NONE: Self = Self(0);

    pub(super) fn of(rule: Rule) -> Self {
        Self(1 << rule as u8)
    }

    pub(super) fn with(self, rule: Rule, is_broken: bool) -> Self {
        Self(self.0 | (u8::from(is_broken) << rule as u8))
    }

    pub(super) fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    pub(super) fn has(self, rule: Rule) -> bool {
        self.0 & Self::of(rule).0 != 0
    }

    /// The first of them.
    pub(super) fn first(self) -> Option<Rule> {
        Rule::ALL.into_iter().find(|rule| self.has(*rule))
    }
}

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
    pub(super) wrong: Breaches,
}

/// What is to be known of an object.
pub(super) fn marks(actor: &Actor) -> Marks {
    let requester = actor.requester;
    let runs =
        |is_it: fn(&Operation) -> bool| requester.pending.is_some_and(|pending| is_it(&pending.operation));
    let ends = |end| requester.pending.is_some() && !requester.ended(end).state.is_pending();
    let all_end = [End::Finished, End::Failed, End::Cancelled].into_iter().all(ends);
    let released = requester.state == State::Released;
    Marks {
        creates: requester.is_creating(),
        resyncs: runs(|operation| matches!(operation, Operation::Recover(_))),
        imports: runs(|operation| *operation == Operation::Import),
        wrong: Breaches::NONE
            .with(Rule::Released, released && *actor != GONE)
            .with(Rule::Pending, !released && requester.state.is_pending() != all_end),
    }
}
