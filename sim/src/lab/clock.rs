//! The virtual clock. Nothing but the simulation moves it.

/// Seconds from 1601-01-01, where `FILETIME` begins, to 2024-01-01, where every lab does (both 00:00 UTC).
const EPOCH_S: i64 = 13_348_540_800;

/// Milliseconds since the lab was loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock {
    now_ms: u64,
}

impl Clock {
    /// The clock of a lab that has just been loaded.
    pub const fn new() -> Self {
        Self { now_ms: 0 }
    }

    /// Milliseconds since the lab was loaded.
    pub const fn now_ms(self) -> u64 {
        self.now_ms
    }

    /// Time passes; at the end of time it stands still.
    pub const fn advance(&mut self, ms: u64) {
        self.now_ms = self.now_ms.saturating_add(ms);
    }

    /// When that many milliseconds have passed; no later than the end of time.
    pub const fn after(self, ms: u64) -> u64 {
        self.now_ms.saturating_add(ms)
    }

    /// Time passes until then; it never goes back.
    pub fn advance_to(&mut self, ms: u64) {
        self.now_ms = self.now_ms.max(ms);
    }

    /// Now in 100 ns since 1601, as `VSS_TIMESTAMP` has it. Every lab is loaded on 2024-01-01 at 00:00 UTC.
    pub fn filetime(self) -> i64 {
        let elapsed = i64::try_from(self.now_ms).unwrap_or(i64::MAX).saturating_mul(10_000);
        (EPOCH_S * 10_000_000).saturating_add(elapsed)
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;

    #[test]
    fn time_only_passes_when_told_to() {
        let mut clock = Clock::new();
        assert_eq!(clock.filetime(), 133_485_408_000_000_000, "2024-01-01 as Windows counts");
        clock.advance(1_500);
        assert_eq!((clock.now_ms(), clock.filetime()), (1_500, 133_485_408_015_000_000));
    }

    #[test]
    fn time_ends_without_overflow() {
        let mut clock = Clock::new();
        clock.advance(u64::MAX);
        clock.advance(1);
        assert_eq!((clock.now_ms(), clock.filetime()), (u64::MAX, i64::MAX));
    }
}
