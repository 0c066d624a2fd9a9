//! The way to a state.

use crate::service::State;

use super::packed::Packed;
use super::search::Search;

impl Search {
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
            let local = self.kinds.local(actor, view);
            let made = self.kinds.steps[local.steps()]
                .iter()
                .find(|step| from.with(session, host, step.to, step.view) == to);
            if let Some(step) = made {
                let state = self.kinds.actors[usize::from(actor)].requester.state;
                return format!("session {}: {}", session + 1, self.kinds.describe(step.by, state));
            }
        }
        let host = (0..self.hosts).find(|host| self.restarted(from, *host) == to);
        format!("host {} restarts", host.unwrap_or_default() + 1)
    }

    /// The states of the objects in a state of all.
    pub(super) fn states_in(&self, at: usize) -> Vec<State> {
        let state = self.states.get(at);
        (0..self.sessions)
            .map(|session| self.kinds.actors[usize::from(state.actor(session))].requester.state)
            .collect()
    }
}
