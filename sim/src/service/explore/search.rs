//! The search through the states of all objects together.

use super::Options;
use super::object::Kinds;
use super::packed::{Packed, States};
use super::report::{Administration, Limit};
use super::rules::{Breaches, Rule};

/// A search, as far as it has come.
pub(super) struct Search {
    pub(super) kinds: Kinds,
    pub(super) sessions: usize,
    pub(super) hosts: usize,
    states_max: usize,
    depth_max: u32,
    pub(super) states: States,
    /// For each state the one from which it was met.
    pub(super) parents: Vec<u32>,
    /// Where one state leads, and what a first look at each says: kept from visit to visit for their memory.
    next: Vec<Packed>,
    looks: Vec<u64>,
    pub(super) moves: u64,
    pub(super) refusals: u64,
    pub(super) depth: u32,
    /// How many kinds of object are in the states that were met.
    pub(super) kinds_met: usize,
    pub(super) administered: Administration,
    /// What ended it before every state was met.
    pub(super) limit: Option<Limit>,
}

/// A state in which something does not hold.
pub(super) struct Broken {
    pub(super) breaches: Breaches,
    pub(super) state: usize,
    /// What shows it there, if the state alone does not.
    pub(super) by: Option<String>,
}

impl Search {
    pub(super) fn new(options: &Options, kinds: Kinds) -> Self {
        Self {
            kinds,
            sessions: options.sessions,
            hosts: options.hosts,
            states_max: options.states_max,
            depth_max: options.depth_max,
            states: States::new(),
            parents: Vec::new(),
            next: Vec::new(),
            looks: Vec::new(),
            moves: 0,
            refusals: 0,
            depth: 0,
            kinds_met: 0,
            administered: Administration::default(),
            limit: None,
        }
    }

    /// The host of a session, both counted from 0.
    pub(super) fn host(&self, session: usize) -> usize {
        session % self.hosts
    }

    /// Visits the states until all are met, a limit is reached, or something does not hold; then holds what is held for
    /// all states at once.
    pub(super) fn run(&mut self) -> Option<Broken> {
        let broken = self.go_through();
        if self.limit.is_none() {
            self.kinds_met = self.kinds.actors.len();
        }
        broken.or_else(|| self.stuck()).or_else(|| self.administered())
    }

    fn go_through(&mut self) -> Option<Broken> {
        self.states.insert(Packed::START);
        self.parents.push(0);
        let mut level_ends = 1;
        let mut at = 0;
        while at < self.states.len() {
            if at == level_ends {
                self.depth += 1;
                level_ends = self.states.len();
            }
            if let Some(limit) = self.reached() {
                self.kinds_met = self.kinds.actors.len();
                // A limit that is reached with the last state has ended nothing.
                if self.leads_on(at) {
                    self.limit = Some(limit);
                    return None;
                }
            }
            if let Some(broken) = self.visit(at) {
                return Some(broken);
            }
            at += 1;
        }
        None
    }

    fn reached(&self) -> Option<Limit> {
        if self.states.len() >= self.states_max {
            Some(Limit::States)
        } else {
            (self.depth >= self.depth_max).then_some(Limit::Depth)
        }
    }

    /// Whether a state leads to one that was not met.
    fn leads_on(&mut self, at: usize) -> bool {
        let mut next = Vec::new();
        self.moves_from(at, &mut next);
        next.into_iter().any(|after| !self.states.contains(after))
    }

    /// Where every move of every session in a state leads, and the restart of every host; answers how many calls are refused.
    fn moves_from(&mut self, at: usize, next: &mut Vec<Packed>) -> u64 {
        let (state, mut refusals) = (self.states.get(at), 0);
        for session in 0..self.sessions {
            let host = self.host(session);
            let local = self.kinds.local(state.actor(session), state.view(session, host));
            refusals += u64::from(local.refusals);
            for index in local.steps() {
                let step = self.kinds.steps[index];
                next.push(state.with(session, host, step.to, step.view));
            }
        }
        next.extend((0..self.hosts).map(|host| self.restarted(state, host)));
        refusals
    }

    /// Makes every move in a state.
    fn visit(&mut self, at: usize) -> Option<Broken> {
        let mut next = std::mem::take(&mut self.next);
        next.clear();
        self.refusals += self.moves_from(at, &mut next);
        self.moves += next.len() as u64;
        self.states.sift(&mut next, &mut self.looks);
        let broken = next.iter().find_map(|after| self.meet(at, *after));
        self.next = next;
        broken
    }

    fn meet(&mut self, from: usize, after: Packed) -> Option<Broken> {
        if !self.states.insert(after) {
            return None;
        }
        // There are fewer than 2^32 states.
        self.parents.push(from as u32);
        let breaches = self.breaches(after);
        let state = self.states.len() - 1;
        (breaches != Breaches::NONE).then_some(Broken { breaches, state, by: None })
    }

    /// What does not hold in a state.
    fn breaches(&self, state: Packed) -> Breaches {
        let mut breaches = Breaches::NONE.with(Rule::ImportedOnce, state.imports() > 1);
        for session in 0..self.sessions {
            let marks = self.kinds.marks[usize::from(state.actor(session))];
            let host = self.host(session);
            breaches = breaches
                .and(marks.wrong)
                .with(Rule::Slot, marks.creates != (state.creation(host) == Some(session)))
                .with(Rule::Resync, marks.resyncs != (state.resync(host) == Some(session)))
                .with(Rule::Import, marks.imports != (state.import(host) == Some(session)));
        }
        breaches
    }

    /// All processes of a host end at once.
    pub(super) fn restarted(&self, state: Packed, host: usize) -> Packed {
        let on_host = (0..self.sessions).filter(|session| self.host(*session) == host);
        on_host.fold(state, |state, session| {
            let view = state.view(session, host);
            state.with(session, host, 0, view.left())
        })
    }
}
