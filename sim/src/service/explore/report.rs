//! What an exploration has found.

use crate::api::{Call, HResult};
use crate::service::State;

use super::rules::Rule;
use super::search::{Broken, Search};
use super::{Options, ends};

/// What an exploration has found.
#[derive(Clone, Debug)]
pub struct Report {
    /// Whether every reachable state was met: no limit was reached, and no rule is broken.
    pub complete: bool,
    /// The limit that ended it.
    pub limit: Option<Limit>,
    /// How many states were met: of all objects together, and of what they share.
    pub states: usize,
    /// How many kinds of object were met in them. Two objects of one kind have all in common that decides what can be done
    /// with them: state, context, what the document holds, what is pending ...
    pub kinds: usize,
    /// How many moves were made: accepted calls, ends of operations, releases, restarts.
    pub moves: u64,
    /// How many calls were refused. None of these has changed anything.
    pub refusals: u64,
    /// The calls that administer shadow copies, which are made once on each kind of object.
    pub administration: Administration,
    /// How many moves the farthest state is from the beginning.
    pub depth: u32,
    /// The states of objects that nothing leaves but a release. Empty if a rule is broken: what comes after is not known.
    pub dead_ends: Vec<DeadEnd>,
    /// How many states are finished: all objects are released or at a dead end, and not all are released. 0 if a rule is
    /// broken.
    pub finished: usize,
    /// States of objects that were never met. Empty if a rule is broken.
    pub unreached: Vec<Unreached>,
    /// The rules, and whether they hold in the states that were met.
    pub rules: Vec<(Rule, Judgement)>,
    /// The first broken rule.
    pub violation: Option<Violation>,
    /// What was answered to each call in each state, each once.
    pub seen: Vec<Seen>,
}

/// What ended an exploration early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// [`Options::states_max`]
    States,
    /// [`Options::depth_max`]
    Depth,
}

/// How the calls that administer shadow copies were answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Administration {
    /// How many were let through.
    pub accepted: u64,
    /// How many were refused.
    pub refused: u64,
}

/// What came of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It holds in every state that was met.
    Holds,
    /// It does not hold in the state that the violation leads to.
    Broken,
    /// Another rule was broken before it was looked at.
    NotJudged,
}

/// A state of objects that nothing leaves but a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadEnd {
    /// The state.
    pub state: State,
    /// The context, where it is why nothing goes on.
    pub context: Option<&'static str>,
    /// How many kinds of object were met in it.
    pub kinds: usize,
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
    pub rule: Rule,
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
    let rules = Rule::ALL.map(|rule| (rule, judgement(rule, broken.as_ref())));
    let violation = broken.and_then(|broken| violation(search, broken));
    let (dead_ends, finished, unreached) = if violation.is_none() {
        let ends = ends::at_dead_ends(search);
        let finished = ends::count_finished(search, &ends);
        (ends::dead_ends(options, search, &ends), finished, ends::unreached(options, search))
    } else {
        Default::default()
    };
    Report {
        complete: search.limit.is_none() && violation.is_none(),
        limit: search.limit,
        states: search.states.len(),
        kinds: search.kinds_met,
        moves: search.moves,
        refusals: search.refusals,
        administration: search.administered,
        depth: search.depth,
        dead_ends,
        finished,
        unreached,
        rules: rules.to_vec(),
        violation,
        seen: seen(search),
    }
}

fn judgement(rule: Rule, broken: Option<&Broken>) -> Judgement {
    let Some(first) = broken.and_then(|broken| broken.breaches.first()) else { return Judgement::Holds };
    if broken.is_some_and(|broken| broken.breaches.has(rule)) {
        Judgement::Broken
    } else if rule.round() > first.round() {
        Judgement::NotJudged
    } else {
        Judgement::Holds
    }
}

fn violation(search: &mut Search, broken: Broken) -> Option<Violation> {
    let rule = broken.breaches.first()?;
    let mut path = search.path(broken.state);
    path.extend(broken.by);
    Some(Violation { rule, path, states: search.states_in(broken.state) })
}

fn seen(search: &Search) -> Vec<Seen> {
    let kinds = &search.kinds;
    let seen = kinds.answered.iter().map(|answered| Seen {
        state: answered.state,
        label: kinds.calls[answered.call].label.clone(),
        call: kinds.calls[answered.call].call.clone(),
        code: answered.code,
        next: answered.next,
    });
    seen.collect()
}
