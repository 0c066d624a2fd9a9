//! Whether the processor's core was ours while something was timed.
//!
//! A virtual machine's processor is half of a core; while somebody else's machine uses the other half, work that could do
//! several things at once takes up to twice as long, and no clock of the system tells. So a piece of known work, which
//! uses registers alone and thus shares nothing with what is timed, runs before and after each batch: where it was slow,
//! the batch was disturbed.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// A batch is undisturbed if the known work beside it took at most so many times what it takes when nobody disturbs it.
const UNDISTURBED: f64 = 1.1;

/// For how long batches are timed at least: others come and go within seconds.
const LEAST: Duration = Duration::from_secs(4);

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
        let seen_enough = look && start.elapsed() > LEAST && watched.undisturbed().len() >= enough;
        if seen_enough || start.elapsed() > patience {
            return watched;
        }
    }
}

impl Watched {
    /// What the batches cost during which the core was ours.
    pub(crate) fn undisturbed(&self) -> Vec<Duration> {
        let limit = self.limit();
        self.0.iter().filter(|(beside, _)| *beside <= limit).map(|(_, cost)| *cost).collect()
    }

    /// What the others cost.
    pub(crate) fn disturbed(&self) -> Vec<Duration> {
        let limit = self.limit();
        self.0.iter().filter(|(beside, _)| *beside > limit).map(|(_, cost)| *cost).collect()
    }

    /// A twentieth of the known work took less than what nobody disturbed takes.
    fn limit(&self) -> Duration {
        let mut beside: Vec<Duration> = self.0.iter().map(|(beside, _)| *beside).collect();
        beside.sort_unstable();
        beside.get(beside.len() / 20).copied().unwrap_or_default().mul_f64(UNDISTURBED)
    }
}

/// The median; zero of nothing.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Eight chains of arithmetic that a core works on side by side.
fn known_work() -> Duration {
    let start = Instant::now();
    let mut chains = [1_u64; 8];
    for step in 0..20_000_u64 {
        for chain in &mut chains {
            *chain = chain.wrapping_mul(3).wrapping_add(step) ^ (*chain >> 7);
        }
    }
    black_box(chains);
    start.elapsed()
}
