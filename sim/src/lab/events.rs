//! The event logs of a lab.

use super::Clock;
use crate::api::{Event, EventLog, HResult, Text};

/// All entries, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Events {
    entries: Vec<Event>,
}

impl Events {
    /// Empty logs.
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// VSS writes an entry into the application log.
    pub fn vss(&mut self, clock: Clock, code: HResult, message: impl Into<Text>) {
        self.push(clock, EventLog::Application, "VSS", code, message);
    }

    /// Somebody writes an entry.
    pub fn push(
        &mut self,
        clock: Clock,
        log: EventLog,
        source: impl Into<Text>,
        code: HResult,
        message: impl Into<Text>,
    ) {
        let (source, message) = (source.into(), message.into());
        self.entries.push(Event { at_ms: clock.now_ms(), log, source, code, message });
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> &[Event] {
        &self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_keep_their_order_and_time() {
        let (mut clock, mut events) = (Clock::new(), Events::new());
        events.vss(clock, HResult::VSS_E_BAD_STATE, "first");
        clock.advance(7);
        events.push(clock, EventLog::System, "disk", HResult::S_OK, "second");
        let seen: Vec<_> = events.entries().iter().map(|e| (e.at_ms, &*e.source, &*e.message)).collect();
        assert_eq!(seen, [(0, "VSS", "first"), (7, "disk", "second")]);
    }
}
