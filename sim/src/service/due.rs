//! What goes on by itself as virtual time passes, and the waiting for it.

use crate::api::{SessionId, SnapshotId};

use super::objects::async_object::{self, Status};
use super::objects::operations::Step;
use super::simulator::Simulator;

/// No lab lives longer, in milliseconds: far from where the clock would end, so that whatever waits comes to an end.
const ELAPSE_MS_MAX: u64 = 1 << 53;

/// What falls due at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::service) enum Due {
    /// An operation goes on, by the number of its async object.
    Operation(u32),
    /// The service of a host has idled.
    Idle(usize),
    /// An auto-release copy goes, with the reading that it goes later than its requester: that one's host and id.
    AutoRelease(usize, SessionId, SnapshotId),
}

impl Simulator {
    /// Waits for an operation, no longer than that many milliseconds. Others go on meanwhile.
    pub(in crate::service) fn wait(&mut self, number: u32, milliseconds: u32) {
        let limit_ms = match milliseconds {
            crate::api::INFINITE => u64::MAX,
            ms => self.world.clock.now_ms().saturating_add(ms.into()),
        };
        while self.is_pending(number) {
            match self.due.first() {
                Some((at_ms, _)) if *at_ms <= limit_ms => self.run_next(),
                _ => {
                    self.world.clock.advance_to(limit_ms);
                    return;
                }
            }
        }
    }

    /// A call has taken that time: everything else goes on meanwhile. Where it took none, nothing does.
    pub(in crate::service) fn pass(&mut self, took_ms: u64) {
        if took_ms > 0 {
            self.elapse(took_ms);
        }
    }

    /// Time passes: every operation goes on as it falls due.
    pub(in crate::service) fn elapse(&mut self, ms: u64) {
        let until_ms = self.world.clock.after(ms).min(ELAPSE_MS_MAX);
        while self.due.first().is_some_and(|(at_ms, _)| *at_ms <= until_ms) {
            self.run_next();
        }
        self.world.clock.advance_to(until_ms);
    }

    /// Whether an operation has not ended.
    pub(in crate::service) fn is_pending(&self, number: u32) -> bool {
        self.asyncs.get(&number).is_some_and(|object| object.status == Status::Pending)
    }

    /// What falls due next is done. It is no part of a call that waits for it, or in which time passes.
    fn run_next(&mut self) {
        let Some((at_ms, due)) = self.due.pop_first() else { return };
        self.world.clock.advance_to(at_ms);
        let took_ms = self.world.take_time();
        self.run(due);
        self.world.took_ms = took_ms;
    }

    fn run(&mut self, due: Due) {
        let number = match due {
            Due::Operation(number) => number,
            Due::Idle(host) => return self.idle(host),
            Due::AutoRelease(host, session, copy) => {
                self.auto_release(session, copy);
                // That may have loaded a provider again.
                return self.idle_if_alone(host);
            }
        };
        match self.step(number) {
            Step::Again(at_ms) => {
                self.due.insert((at_ms, Due::Operation(number)));
            }
            Step::Done(result) => self.end(number, async_object::ended(result)),
        }
    }
}
