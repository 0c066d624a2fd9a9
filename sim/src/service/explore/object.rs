//! What one object can do, and what comes of it: computed once for each object and view of what is shared.

use std::collections::BTreeSet;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use crate::api::HResult;
use crate::service::machine::Requester;
use crate::service::{Refusal, State};

use super::calls::{self, Labelled};
use super::moves::{self, Move};
use super::report::Administration;
use super::room::{Deciders, Room};
use super::rules::{self, Marks};
use super::view::{VIEWS, View};
use super::{Options, administration};

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

/// All kinds of object that were met, and what they can do.
pub(super) struct Kinds {
    room: Room,
    /// The calls that are moves, and after them those that administer shadow copies.
    pub(super) calls: Vec<Labelled>,
    /// How many of these are moves.
    calls_that_move: usize,
    moves: Vec<Move>,
    pub(super) actors: IndexSet<Actor, FxBuildHasher>,
    /// For each object what the checks have to know of it.
    pub(super) marks: Vec<Marks>,
    /// By object and view.
    locals: Vec<Option<Local>>,
    pub(super) steps: Vec<Step>,
    pub(super) answered: BTreeSet<Answered>,
}

impl Kinds {
    pub(super) fn new(options: &Options, deciders: Deciders) -> Self {
        let room = Room::new(options, deciders);
        let mut calls = calls::all(&room.names, options.arguments);
        let calls_that_move = calls.len();
        calls.extend(administration::calls(&room.names));
        let mut kinds = Self {
            room,
            calls,
            calls_that_move,
            moves: Move::all(calls_that_move),
            actors: IndexSet::default(),
            marks: Vec::new(),
            locals: Vec::new(),
            steps: Vec::new(),
            answered: BTreeSet::new(),
        };
        kinds.number(GONE);
        kinds
    }

    fn number(&mut self, actor: Actor) -> u16 {
        let (number, is_new) = self.actors.insert_full(actor);
        if is_new {
            self.marks.push(rules::marks(&actor));
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
        self.room.set(view);
        let session = self.room.session(actor.requester);
        let arrives = self.room.arrives();
        let (mut refusals, from) = (0, self.steps.len());
        for by in 0..self.moves.len() {
            let came = match self.moves[by] {
                Move::Call(call) if actor.requester.state != State::Released => {
                    let verdict = self.room.decide(&self.calls[call].call, &session);
                    let Some(verdict) = verdict else { continue };
                    let came = verdict.and_then(|change| moves::called(actor, view, &change));
                    self.note(actor, call, came.as_ref().map(|(after, _)| *after));
                    came.ok()
                }
                other => moves::happened(actor, view, other, arrives),
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

    fn note(&mut self, actor: Actor, call: usize, came: Result<Actor, &Refusal>) {
        let state = actor.requester.state;
        let (code, next) = match came {
            Ok(after) => (HResult::S_OK, after.requester.state),
            Err(refusal) => (refusal.code, state),
        };
        self.answered.insert(Answered { state, call, code, next });
    }

    /// Makes every call that administers shadow copies on an object. `Err` has the first one that changes the object or
    /// what it shares.
    pub(super) fn administer(&mut self, actor: Actor, told: &mut Administration) -> Result<(), String> {
        self.room.set(View::FREE);
        let session = self.room.session(actor.requester);
        for call in self.calls_that_move..self.calls.len() {
            let Some(verdict) = self.room.decide(&self.calls[call].call, &session) else { continue };
            let came = verdict.and_then(|change| administration::made(actor, &change));
            self.note(actor, call, came.as_ref().map(|made| made.after));
            match came {
                Ok(made) if made.changes => return Err(self.calls[call].label.clone()),
                Ok(_) => told.accepted += 1,
                Err(_) => told.refused += 1,
            }
        }
        Ok(())
    }

    /// How a move is written, if it is made in that state.
    pub(super) fn describe(&self, by: u16, state: State) -> String {
        self.moves[usize::from(by)].describe(&self.calls, state)
    }
}
