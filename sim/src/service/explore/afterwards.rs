//! What is held once the search is over, for all states that were met.

use super::object::Step;
use super::rules::{Breaches, Rule};
use super::search::{Broken, Search};
use super::view::{Owner, View};

impl Search {
    /// The first state whose owner of the creation slot cannot free it.
    pub(super) fn stuck(&mut self) -> Option<Broken> {
        let mut frees = Vec::new();
        for at in 0..self.states.len() {
            let state = self.states.get(at);
            for host in 0..self.hosts {
                let Some(owner) = state.creation(host) else { continue };
                let (actor, view) = (state.actor(owner), state.view(owner, host));
                if !self.can_free(&mut frees, actor, view) {
                    return Some(Broken { breaches: Breaches::of(Rule::Stuck), state: at, by: None });
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
            let local = self.kinds.local(actor, view);
            let steps = &self.kinds.steps[local.steps()];
            let frees = |step: &Step| step.to != 0 && step.view.creation != Owner::Me;
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

    /// Makes the calls that administer shadow copies on every object that was met; the first state with an object that one
    /// of them changes.
    pub(super) fn administered(&mut self) -> Option<Broken> {
        // Number 0 is a released object.
        for number in 1..self.kinds_met {
            let Some(actor) = self.kinds.actors.get_index(number).copied() else { continue };
            let Err(label) = self.kinds.administer(actor, &mut self.administered) else { continue };
            let mut places =
                (0..self.states.len()).flat_map(|at| (0..self.sessions).map(move |session| (at, session)));
            let is_there = |at: usize, session| usize::from(self.states.get(at).actor(session)) == number;
            let (state, session) = places.find(|(at, session)| is_there(*at, *session))?;
            let by = Some(format!("session {}: {label}", session + 1));
            return Some(Broken { breaches: Breaches::of(Rule::Administration), state, by });
        }
        None
    }
}
