//! The search through the states of all objects together.

use crate::service::State;

use super::Options;
use super::invariants;
use super::object::{Objects, Owner, View};
use super::packed::{Packed, States};

/// A search, as far as it has come.
pub(super) struct Search {
    pub(super) objects: Objects,
    pub(super) sessions: usize,
    pub(super) hosts: usize,
    states_max: usize,
    depth_max: u32,
    pub(super) states: States,
    /// For each state the one from which it was met.
    parents: Vec<u32>,
    /// Where one state leads, and what a first look at each says: kept from visit to visit for their memory.
    next: Vec<Packed>,
    looks: Vec<u64>,
    pub(super) transitions: u64,
    pub(super) refusals: u64,
    pub(super) depth: u32,
    /// Whether every state was met.
    pub(super) complete: bool,
}

/// A rule that does not hold, and the state.
pub(super) struct Broken {
    pub(super) rule: &'static str,
    pub(super) state: usize,
}

impl Search {
    pub(super) fn new(options: &Options, objects: Objects) -> Self {
        Self {
            objects,
            sessions: options.sessions,
            hosts: options.hosts,
            states_max: options.states_max,
            depth_max: options.depth_max,
            states: States::new(),
            parents: Vec::new(),
            next: Vec::new(),
            looks: Vec::new(),
            transitions: 0,
            refusals: 0,
            depth: 0,
            complete: false,
        }
    }

    /// The host of a session, both counted from 0.
    pub(super) fn host(&self, session: usize) -> usize {
        session % self.hosts
    }

    /// Visits the states until all are met, a limit is reached, or a rule is broken.
    pub(super) fn run(&mut self) -> Option<Broken> {
        self.states.insert(Packed::START);
        self.parents.push(0);
        let mut level_ends = 1;
        let mut at = 0;
        while at < self.states.len() {
            if at == level_ends {
                self.depth += 1;
                level_ends = self.states.len();
            }
            if self.depth >= self.depth_max || self.states.len() >= self.states_max {
                return self.stuck();
            }
            if let Some(broken) = self.visit(at) {
                return Some(broken);
            }
            at += 1;
        }
        self.complete = true;
        self.stuck()
    }

    /// Makes every move of every session in a state, and restarts every host.
    fn visit(&mut self, at: usize) -> Option<Broken> {
        let state = self.states.get(at);
        let mut next = std::mem::take(&mut self.next);
        next.clear();
        for session in 0..self.sessions {
            let host = self.host(session);
            let local = self.objects.local(state.actor(session), state.view(session, host));
            self.refusals += u64::from(local.refusals);
            for index in local.steps() {
                let step = self.objects.steps[index];
                next.push(state.with(session, host, step.to, step.view));
            }
        }
        next.extend((0..self.hosts).map(|host| self.restarted(state, host)));
        self.transitions += next.len() as u64;
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
        let rule = self.broken_rule(after)?;
        Some(Broken { rule, state: self.states.len() - 1 })
    }

    fn broken_rule(&self, state: Packed) -> Option<&'static str> {
        for session in 0..self.sessions {
            let marks = self.objects.marks[usize::from(state.actor(session))];
            let host = self.host(session);
            if marks.wrong.is_some() {
                return marks.wrong;
            }
            if marks.creates != (state.creation(host) == Some(session)) {
                return Some(invariants::SLOT);
            }
            if marks.resyncs != (state.resync(host) == Some(session)) {
                return Some(invariants::RESYNC);
            }
            if marks.imports != (state.import(host) == Some(session)) {
                return Some(invariants::IMPORT);
            }
        }
        None
    }

    /// All processes of a host end at once.
    fn restarted(&self, state: Packed, host: usize) -> Packed {
        let on_host = (0..self.sessions).filter(|session| self.host(*session) == host);
        on_host.fold(state, |state, session| {
            let view = state.view(session, host);
            state.with(session, host, 0, super::object::left(view))
        })
    }

    /// The first state whose owner of the creation slot cannot free it.
    fn stuck(&mut self) -> Option<Broken> {
        let mut frees = Vec::new();
        for at in 0..self.states.len() {
            let state = self.states.get(at);
            for host in 0..self.hosts {
                let Some(owner) = state.creation(host) else { continue };
                let (actor, view) = (state.actor(owner), state.view(owner, host));
                if !self.can_free(&mut frees, actor, view) {
                    return Some(Broken { rule: invariants::STUCK, state: at });
                }
            }
        }
        None
    }

    /// Whether an object that owns the creation slot can free it without leaving. `known` has those that can.
    fn can_free(&mut self, known: &mut Vec<bool>, actor: u16, view: View) -> bool {
        if known.get(usize::from(actor)) == Some(&true) {
            return true;
        }
        let mut seen = vec![actor];
        let mut next = 0;
        while let Some(actor) = seen.get(next).copied() {
            let place = usize::from(actor);
            known.resize(known.len().max(place + 1), false);
            let local = self.objects.local(actor, view);
            let steps = &self.objects.steps[local.steps()];
            let frees = |step: &super::object::Step| step.to != 0 && step.view.creation != Owner::Me;
            if known[place] || steps.iter().any(frees) {
                known[usize::from(seen[0])] = true;
                return true;
            }
            for step in steps.iter().filter(|step| step.to != 0) {
                if !seen.contains(&step.to) {
                    seen.push(step.to);
                }
            }
            next += 1;
        }
        false
    }

    /// The moves that lead to a state.
    pub(super) fn path(&mut self, mut at: usize) -> Vec<String> {
        let mut moves = Vec::new();
        while at != 0 {
            let from = self.parents[at] as usize;
            moves.push(self.name_move(self.states.get(from), self.states.get(at)));
            at = from;
        }
        moves.reverse();
        moves
    }

    fn name_move(&mut self, from: Packed, to: Packed) -> String {
        for session in 0..self.sessions {
            let host = self.host(session);
            let (actor, view) = (from.actor(session), from.view(session, host));
            let local = self.objects.local(actor, view);
            let made = self.objects.steps[local.steps()]
                .iter()
                .find(|step| from.with(session, host, step.to, step.view) == to);
            if let Some(step) = made {
                let state = self.objects.actors[usize::from(actor)].requester.state;
                return format!("session {}: {}", session + 1, self.objects.describe(step.by, state));
            }
        }
        let host = (0..self.hosts).find(|host| self.restarted(from, *host) == to);
        format!("host {} restarts", host.unwrap_or_default() + 1)
    }

    /// The states of the objects in a state of all.
    pub(super) fn states_in(&self, at: usize) -> Vec<State> {
        let state = self.states.get(at);
        (0..self.sessions)
            .map(|session| self.objects.actors[usize::from(state.actor(session))].requester.state)
            .collect()
    }
}
