//! Whether the processor's core was ours while something was timed.
//!
//! A virtual machine's processor is half of a core; while somebody else's machine uses the other half, all that allocates or
//! does several things at once takes up to twice as long, and no clock of the system tells. So a piece of known work is
//! timed before and after each batch: where it was slow, the batch was disturbed.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// A batch is undisturbed if the known work beside it took at most so many times what it takes at its best.
const UNDISTURBED: f64 = 1.1;

/// What batches cost, each with what the known work beside it took.
pub(crate) struct Watched(Vec<(Duration, Duration)>);

/// Times batches until enough of them were undisturbed, or patience is at its end.
pub(crate) fn watch(enough: usize, patience: Duration, mut batch: impl FnMut() -> Duration) -> Watched {
    let start = Instant::now();
    let mut watched = Watched(Vec::new());
    let mut before = known_work();
    loop {
        let cost = batch();
        let after = known_work();
        watched.0.push((before.max(after), cost));
        before = after;
        let look = watched.0.len().is_multiple_of(enough);
        if look && (watched.undisturbed().len() >= enough || start.elapsed() > patience) {
            return watched;
        }
    }
}

impl Watched {
    /// What all batches cost.
    pub(crate) fn all(&self) -> Vec<Duration> {
        self.0.iter().map(|(_, cost)| *cost).collect()
    }

    /// What the batches cost during which the core was ours.
    pub(crate) fn undisturbed(&self) -> Vec<Duration> {
        let limit = self.best().mul_f64(UNDISTURBED);
        self.0.iter().filter(|(beside, _)| *beside <= limit).map(|(_, cost)| *cost).collect()
    }

    /// How many batches were undisturbed, of how many.
    pub(crate) fn counts(&self) -> String {
        format!("{}, {}", self.undisturbed().len(), self.0.len())
    }

    /// By which factor the known work was slower in the median than at its best.
    pub(crate) fn slowdown(&self) -> f64 {
        let beside = self.0.iter().map(|(beside, _)| *beside).collect();
        median(beside).as_secs_f64() / self.best().as_secs_f64()
    }

    fn best(&self) -> Duration {
        self.0.iter().map(|(beside, _)| *beside).min().unwrap_or_default()
    }
}

/// The median; zero of nothing.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Small allocations that come and go, as the simulator makes them.
fn known_work() -> Duration {
    let start = Instant::now();
    let mut held: Vec<Box<[u8]>> = Vec::new();
    for step in 0..4000_usize {
        held.push(vec![step as u8; 48 + step * 37 % 700].into());
        if held.len() > 40 {
            held.swap_remove(step * 7919 % 40);
        }
    }
    black_box(held);
    start.elapsed()
}
