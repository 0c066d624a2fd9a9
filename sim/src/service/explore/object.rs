//! What one object can do, and what comes of it: computed once for each object and view of what is shared.

use std::collections::BTreeSet;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use crate::api::HResult;
use crate::document::BackupComponentsDocument;
use crate::service::machine::{Contents, End, Pending, Requester, Slots};
use crate::service::transitions::change::{Change, Operation};
use crate::service::{Refusal, State};

use super::calls::{self, Labelled};
use super::invariants::Marks;
use super::room::{Decide, Room};
use super::{Options, invariants};

/// An object, and its operations that bar no other calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Actor {
    pub(super) requester: Requester,
    /// Whether `GatherWriterMetadata` goes on beside (M4).
    pub(super) gathers_metadata: bool,
    /// Whether `GatherWriterStatus` goes on.
    pub(super) gathers_status: bool,
}

/// An object that is not there.
pub(super) const GONE: Actor =
    Actor { requester: Requester::RELEASED, gathers_metadata: false, gathers_status: false };

/// What an object sees of what is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct View {
    pub(super) creation: Owner,
    pub(super) resync: Owner,
    pub(super) import: Owner,
    /// Whether the set for transport is imported.
    pub(super) imported: bool,
}

/// Whose something is that only one at a time can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(super) enum Owner {
    Nobody,
    Me,
    Other,
}

/// The numbers of the object that is looked at, and of any other.
const ME: u32 = 1;
const OTHER: u32 = 2;

impl Owner {
    fn session(self) -> Option<u32> {
        match self {
            Self::Nobody => None,
            Self::Me => Some(ME),
            Self::Other => Some(OTHER),
        }
    }

    fn of(session: Option<u32>) -> Self {
        match session {
            None => Self::Nobody,
            Some(ME) => Self::Me,
            Some(_) => Self::Other,
        }
    }
}

/// How many views there are.
const VIEWS: usize = 54;

impl View {
    /// Numbered without gaps.
    fn index(self) -> usize {
        let owners = (self.creation as usize * 3 + self.resync as usize) * 3 + self.import as usize;
        owners * 2 + usize::from(self.imported)
    }

    fn slots(self) -> Slots {
        Slots {
            creation: self.creation.session(),
            resync: self.resync.session(),
            import: self.import.session(),
        }
    }
}

/// Something that can happen to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Move {
    /// `CreateVssBackupComponents`
    Create,
    /// A call, by its place in the list.
    Call(usize),
    /// The work of the operation that bars calls is done, but somebody is late.
    Work,
    /// That operation ends.
    End(End),
    /// An operation that bars no calls ends.
    EndBeside(Operation, End),
    /// The object is let go of, or its process ends.
    Leave,
}

/// Where a move leads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// The object's number.
    pub(super) to: u16,
    /// The move's number.
    pub(super) by: u16,
    pub(super) view: View,
}

/// What an object can do with one view of what is shared.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Local {
    from: u32,
    to: u32,
    pub(super) refusals: u32,
}

impl Local {
    pub(super) fn steps(self) -> std::ops::Range<usize> {
        self.from as usize..self.to as usize
    }
}

/// What was answered to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Answered {
    pub(super) state: State,
    pub(super) call: usize,
    pub(super) code: HResult,
    pub(super) next: State,
}

/// All objects that were met, and what they can do.
pub(super) struct Objects {
    room: Room,
    pub(super) calls: Vec<Labelled>,
    moves: Vec<Move>,
    pub(super) actors: IndexSet<Actor, FxBuildHasher>,
    /// For each object what the checks have to know of it.
    pub(super) marks: Vec<Marks>,
    /// By object and view.
    locals: Vec<Option<Local>>,
    pub(super) steps: Vec<Step>,
    pub(super) answered: BTreeSet<Answered>,
}

impl Objects {
    pub(super) fn new(options: &Options, rules: Decide) -> Self {
        let room = Room::new(options, rules);
        let calls = calls::all(&room.names, options.variety);
        let ends = [End::Finished, End::Failed, End::Cancelled];
        let mut moves = vec![Move::Create];
        moves.extend((0..calls.len()).map(Move::Call));
        moves.push(Move::Work);
        moves.extend(ends.map(Move::End));
        // One that fails leaves nothing, like one that is cancelled.
        for operation in [Operation::GatherMetadata, Operation::GatherStatus] {
            moves.extend([End::Finished, End::Cancelled].map(|end| Move::EndBeside(operation, end)));
        }
        moves.push(Move::Leave);
        let mut objects = Self {
            room,
            calls,
            moves,
            actors: IndexSet::default(),
            marks: Vec::new(),
            locals: Vec::new(),
            steps: Vec::new(),
            answered: BTreeSet::new(),
        };
        objects.number(GONE);
        objects
    }

    pub(super) fn number(&mut self, actor: Actor) -> u16 {
        let (number, is_new) = self.actors.insert_full(actor);
        if is_new {
            self.marks.push(invariants::marks(&actor));
            self.locals.resize(self.locals.len() + VIEWS, None);
        }
        match u16::try_from(number) {
            Ok(number) => number,
            Err(_) => unreachable!("an object of a small lab has fewer than 65,536 states"),
        }
    }

    /// What an object can do with that view.
    pub(super) fn local(&mut self, actor: u16, view: View) -> Local {
        let at = usize::from(actor) * VIEWS + view.index();
        match self.locals[at] {
            Some(local) => local,
            None => {
                let local = self.look(actor, view);
                self.locals[at] = Some(local);
                local
            }
        }
    }

    /// What was computed so far of what an object can do.
    pub(super) fn known(&self, actor: u16) -> impl Iterator<Item = &Step> {
        let at = usize::from(actor) * VIEWS;
        self.locals[at..at + VIEWS].iter().flatten().flat_map(|local| &self.steps[local.steps()])
    }

    fn look(&mut self, number: u16, view: View) -> Local {
        let Some(actor) = self.actors.get_index(usize::from(number)).copied() else {
            return Local::default();
        };
        self.room.set(view.slots(), view.imported);
        let session = self.room.session(actor.requester);
        let (mut refusals, from) = (0, self.steps.len());
        for by in 0..self.moves.len() {
            let came = match self.moves[by] {
                Move::Call(call) if actor.requester.state != State::Released => {
                    let verdict = self.room.decide(&self.calls[call].call, &session);
                    let Some(verdict) = verdict else { continue };
                    let came = verdict.and_then(|change| called(actor, view, &change));
                    self.note(actor, call, &came);
                    came.ok()
                }
                other => happened(actor, view, other),
            };
            match came {
                Some((actor, view)) => {
                    let to = self.number(actor);
                    self.steps.push(Step { to, by: by as u16, view });
                }
                None if matches!(self.moves[by], Move::Call(_)) && actor != GONE => refusals += 1,
                None => {}
            }
        }
        Local { from: from as u32, to: self.steps.len() as u32, refusals }
    }

    fn note(&mut self, actor: Actor, call: usize, came: &Result<(Actor, View), Refusal>) {
        let state = actor.requester.state;
        let (code, next) = match came {
            Ok((after, _)) => (HResult::S_OK, after.requester.state),
            Err(refusal) => (refusal.code, state),
        };
        self.answered.insert(Answered { state, call, code, next });
    }

    /// How a move is written, if it is made in that state.
    pub(super) fn describe(&self, by: u16, state: State) -> String {
        let ended = |end| match end {
            End::Finished => "is done",
            End::Failed => "fails",
            End::Cancelled => "is cancelled",
        };
        match self.moves[usize::from(by)] {
            Move::Create => "CreateVssBackupComponents()".to_owned(),
            Move::Call(call) => self.calls[call].label.clone(),
            Move::Work => format!("what makes it {state} is done, but somebody is late"),
            Move::End(end) => format!("what makes it {state} {}", ended(end)),
            Move::EndBeside(operation, end) => format!("{} {}", operation.method().name, ended(end)),
            Move::Leave => "Release()".to_owned(),
        }
    }
}

/// After a call that was let through.
fn called(actor: Actor, view: View, change: &Change) -> Result<(Actor, View), Refusal> {
    let before = actor.requester;
    let requester = match change {
        Change::Load { xml, next, reason } => {
            let document = BackupComponentsDocument::from_xml(xml)
                .map_err(|_| Refusal::documented(HResult::VSS_E_INVALID_XML_DOCUMENT, reason))?;
            before.loaded(*next, Contents::of(&document))
        }
        change => before.changed(change),
    };
    let mut actor = Actor { requester, ..actor };
    if let Change::Begin(operation) = change
        && requester.pending == before.pending
    {
        actor.gathers_metadata |= *operation == Operation::GatherMetadata;
        actor.gathers_status |= *operation == Operation::GatherStatus;
    }
    Ok((actor, seen(view, view.slots().changed(ME, change), false)))
}

/// After what is no call; `None`: it cannot happen.
fn happened(actor: Actor, view: View, by: Move) -> Option<(Actor, View)> {
    let requester = actor.requester;
    if requester.state == State::Released {
        return (by == Move::Create).then_some((Actor { requester: Requester::NEW, ..GONE }, view));
    }
    match by {
        Move::Create | Move::Call(_) => None,
        Move::Work => {
            let pending = requester.pending.filter(|pending| !pending.worked && can_be_late(pending))?;
            Some((Actor { requester: requester.worked(pending.operation), ..actor }, view))
        }
        Move::End(end) => {
            let Pending { operation, worked, .. } = requester.pending?;
            if worked && end == End::Failed {
                return None;
            }
            let done = if end == End::Finished { requester.worked(operation) } else { requester };
            let imports = operation == Operation::Import && end == End::Finished;
            let slots = view.slots().ended(ME, operation, end);
            Some((Actor { requester: done.ended(end), ..actor }, seen(view, slots, imports)))
        }
        Move::EndBeside(operation, end) => {
            let (goes_on, ended) = match operation {
                Operation::GatherMetadata => {
                    (actor.gathers_metadata, Actor { gathers_metadata: false, ..actor })
                }
                _ => (actor.gathers_status, Actor { gathers_status: false, ..actor }),
            };
            let done = if end == End::Finished { requester.worked(operation) } else { requester };
            goes_on.then_some((Actor { requester: done, ..ended }, view))
        }
        Move::Leave => Some((GONE, seen(view, view.slots().left(ME), false))),
    }
}

/// Writers and providers can answer late; an import and a resync end with their work.
fn can_be_late(pending: &Pending) -> bool {
    !matches!(pending.operation, Operation::Import | Operation::Recover(_))
}

fn seen(before: View, slots: Slots, imports: bool) -> View {
    View {
        creation: Owner::of(slots.creation),
        resync: Owner::of(slots.resync),
        import: Owner::of(slots.import),
        imported: before.imported || imports,
    }
}

/// What is left of a view once the object is gone.
pub(super) fn left(view: View) -> View {
    seen(view, view.slots().left(ME), false)
}
