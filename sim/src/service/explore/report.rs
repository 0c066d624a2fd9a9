//! What an exploration has found.

use crate::api::{Call, HResult, SnapshotContext};
use crate::lab::BootMode;
use crate::service::State;

use super::Options;
use super::invariants;
use super::object::Step;
use super::search::{Broken, Search};

/// What an exploration has found.
#[derive(Clone, Debug)]
pub struct Report {
    /// Whether every reachable state was met: no limit was reached, and no rule is broken.
    pub complete: bool,
    /// How many states were met.
    pub states: usize,
    /// How many different objects were met in them, with all that decides what they do.
    pub objects: usize,
    /// How many moves were made: accepted calls, ends of operations, releases, restarts.
    pub transitions: u64,
    /// How many calls were refused. None of these has changed anything.
    pub refusals: u64,
    /// How many moves the farthest state is from the beginning.
    pub depth: u32,
    /// The states of objects that nothing leaves but a release.
    pub dead_ends: Vec<DeadEnd>,
    /// How many states have only objects that are released or at a dead end, and some that are at one.
    pub all_at_dead_ends: usize,
    /// States of objects that were never met.
    pub unreached: Vec<Unreached>,
    /// The rules that were held against every state.
    pub rules: Vec<&'static str>,
    /// The first broken rule.
    pub violation: Option<Violation>,
    /// What was answered to each call in each state, each once.
    pub seen: Vec<Seen>,
}

/// A state of objects that nothing leaves but a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadEnd {
    /// The state.
    pub state: State,
    /// The context, where it is why nothing goes on.
    pub context: Option<&'static str>,
    /// How many different objects were met in it.
    pub objects: usize,
    /// Why nothing goes on; `None`: nobody expected it.
    pub expected: Option<&'static str>,
}

/// A state that no object was in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreached {
    /// The state.
    pub state: State,
    /// Why.
    pub because: &'static str,
}

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub rule: &'static str,
    /// One of the shortest ways to a state that breaks it, move by move.
    pub path: Vec<String>,
    /// The states that the objects are in there.
    pub states: Vec<State>,
}

/// What was answered to a call in a state.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The state before.
    pub state: State,
    /// The call, with its arguments as a report writes them.
    pub label: String,
    /// The call.
    pub call: Call,
    /// What was answered at once.
    pub code: HResult,
    /// The state after the call.
    pub next: State,
}

pub(super) fn report(options: &Options, search: &mut Search, broken: Option<Broken>) -> Report {
    let violation = broken.map(|broken| Violation {
        rule: broken.rule,
        path: search.path(broken.state),
        states: search.states_in(broken.state),
    });
    let ends = at_dead_ends(search);
    let objects = &search.objects;
    let seen = objects.answered.iter().map(|answered| Seen {
        state: answered.state,
        label: objects.calls[answered.call].label.clone(),
        call: objects.calls[answered.call].call.clone(),
        code: answered.code,
        next: answered.next,
    });
    Report {
        complete: search.complete && violation.is_none(),
        states: search.states.len(),
        objects: objects.actors.len(),
        transitions: search.transitions,
        refusals: search.refusals,
        depth: search.depth,
        dead_ends: dead_ends(options, search, &ends),
        all_at_dead_ends: count_all_at(search, &ends),
        unreached: unreached(options, search),
        rules: invariants::INVARIANTS.to_vec(),
        violation,
        seen: seen.collect(),
    }
}

/// For each object whether it can get to no other state without being released.
fn at_dead_ends(search: &Search) -> Vec<bool> {
    let objects = &search.objects;
    let state = |actor: usize| objects.actors[actor].requester.state;
    // Of what a limit came before, nothing is known.
    let mut goes_on: Vec<bool> =
        (0..objects.actors.len()).map(|actor| objects.known(actor as u16).next().is_none()).collect();
    // Number 0 is a released object: it can be made anew.
    goes_on[0] = true;
    loop {
        let mut changed = false;
        for actor in 1..goes_on.len() {
            let leads_on = |step: &Step| {
                let to = usize::from(step.to);
                to != 0 && (state(to) != state(actor) || goes_on[to])
            };
            if !goes_on[actor] && objects.known(actor as u16).any(leads_on) {
                goes_on[actor] = true;
                changed = true;
            }
        }
        if !changed {
            return goes_on.into_iter().map(|goes_on| !goes_on).collect();
        }
    }
}

fn dead_ends(options: &Options, search: &Search, ends: &[bool]) -> Vec<DeadEnd> {
    let mut found: Vec<DeadEnd> = Vec::new();
    for (actor, _) in search.objects.actors.iter().zip(ends).filter(|(_, end)| **end) {
        let (state, context) = (actor.requester.state, actor.requester.context);
        let of_all = context == SnapshotContext::ALL && state == State::BackupGathered;
        let context = of_all.then_some("VSS_CTX_ALL");
        match found.iter_mut().find(|end| end.state == state && end.context == context) {
            Some(end) => end.objects += 1,
            None => {
                let expected = expected(options, state, of_all);
                found.push(DeadEnd { state, context, objects: 1, expected });
            }
        }
    }
    found.sort_by_key(|end| (end.state, end.context));
    found
}

/// Why nothing leaves a state but a release.
fn expected(options: &Options, state: State, of_all: bool) -> Option<&'static str> {
    Some(match state {
        State::BackupGathered if of_all => "VSS_CTX_ALL is for queries: no set is started with it (V3)",
        State::Completed => "one object serves one backup (D5)",
        State::Aborted => "one object serves one backup, which is given up (D5)",
        State::Imported => "a set is imported once, and the object serves no backup (N3, V4c)",
        State::Resynced => "the recovery set is done with (Y3)",
        State::RecoverySet if options.mode != BootMode::Normal => {
            "RecoverSet needs a system that was started as usual"
        }
        State::BackupGathered | State::BackupInitXml | State::BackupContext
            if options.mode != BootMode::Normal =>
        {
            "StartSnapshotSet and ImportSnapshots need the service, which is not started"
        }
        State::RestoreGathered if !options.os.is_server() => {
            "a client loads no hardware provider, and restores of components are not carried out"
        }
        _ => return None,
    })
}

fn count_all_at(search: &Search, ends: &[bool]) -> usize {
    let at_end = |at: &usize| {
        let state = search.states.get(*at);
        let mut actors = (0..search.sessions).map(|session| usize::from(state.actor(session)));
        actors.clone().any(|actor| actor != 0) && actors.all(|actor| actor == 0 || ends[actor])
    };
    (0..search.states.len()).filter(at_end).count()
}

fn unreached(options: &Options, search: &Search) -> Vec<Unreached> {
    let met = |state: &State| search.objects.actors.iter().any(|actor| actor.requester.state == *state);
    let missing = State::ALL.iter().filter(|state| !met(state));
    missing.map(|state| Unreached { state: *state, because: why_unreached(options, *state) }).collect()
}

fn why_unreached(options: &Options, state: State) -> &'static str {
    match state {
        State::Selected => "SetSelectedForRestore is not carried out",
        State::PreRestoring | State::PreRestored => "PreRestore is not carried out",
        State::PostRestoring | State::PostRestored => "PostRestore is not carried out",
        State::Importing | State::Imported if !options.os.is_server() => "only servers import",
        State::RecoverySet | State::Resyncing | State::Resynced if !options.os.is_server() => {
            "a client loads no hardware provider"
        }
        State::Resyncing | State::Resynced if options.mode != BootMode::Normal => {
            "RecoverSet needs a system that was started as usual"
        }
        _ if options.mode != BootMode::Normal => "what leads there needs the service, which is not started",
        _ => "no call that was tried leads there, or a limit came first",
    }
}
