//! Figures of benches: taken, held against their targets, and printed.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// What a part of a bench comes to.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// The table that is printed, and whether a target was missed.
#[derive(Debug, Default)]
pub struct Report {
    missed: bool,
}

impl Report {
    /// A figure without a target.
    pub fn note(&self, what: &str, figure: &str) {
        println!("{what:<62} {figure:>14}");
    }

    /// A figure that must not be larger than the target.
    pub fn at_most(&mut self, what: &str, figure: f64, target: f64, unit: &str) {
        self.check(what, figure, unit, &format!("at most {target}"), figure <= target);
    }

    /// A figure that must not be smaller than the target.
    pub fn at_least(&mut self, what: &str, figure: f64, target: f64, unit: &str) {
        self.check(what, figure, unit, &format!("at least {target}"), figure >= target);
    }

    /// A figure that could not be had, which is as bad as one that misses its target.
    pub fn not_measured(&mut self, what: &str, why: &str) {
        self.missed = true;
        println!("{what:<62} NOT MEASURED: {why}; try again");
    }

    fn check(&mut self, what: &str, figure: f64, unit: &str, target: &str, met: bool) {
        self.missed |= !met;
        let verdict = if met { "ok" } else { "MISSED" };
        println!("{what:<62} {figure:>10.4} {unit:<3} {target} {verdict}");
    }

    /// How the bench ends: with `--check`, a missed target is a failure; that the bench itself failed always is one.
    pub fn finish(&self, outcome: Outcome<()>) -> ExitCode {
        if let Err(error) = outcome {
            eprintln!("the bench itself failed: {error}");
            return ExitCode::from(3);
        }
        let checks = std::env::args().any(|argument| argument == "--check");
        if checks && self.missed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

/// How long something takes, and what it answers.
pub fn time<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let answer = black_box(run());
    (start.elapsed(), answer)
}

/// How many times as long the one takes as the other.
pub fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}
