//! Runs cases, each on a backend of its own, and tells reporters what happens as one stream of events.

mod select;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};
use vss_sim::api::{Backend, Target, Unavailable};
use vss_sim::lab::Lab;

use crate::bench::{Bench, Record};
use crate::case::{Case, Checked, Stop};
use crate::coverage::dispositions;
use crate::expectations::Expectations;
use crate::spec::Outcome;
use crate::verdict::{ExitCode, Totals, Verdict};

pub(crate) use select::stable_hash;
pub use select::{NoSuchShard, Plan, Planned, Selection, Shard};

/// Makes a backend as new.
///
/// # Errors
/// Why there is none.
pub type MakeBackend<'m> = dyn Fn() -> Result<Box<dyn Backend>, Unavailable> + 'm;

/// What a run needs besides backends and reporters.
#[derive(Clone, Copy, Debug)]
pub struct Run<'r> {
    /// What to go through.
    pub plan: &'r Plan,
    /// What is expected to fail.
    pub expectations: &'r Expectations,
    /// The lab that cases load when they need no other.
    pub lab: &'r Lab,
    /// For cases that draw something at random; each gets a stream of its own.
    pub seed: u64,
}

/// What came of one case.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The outcome that it is about.
    pub outcome: &'static Outcome,
    /// Its name; empty for an outcome without a case.
    pub case: &'static str,
    /// What came of it.
    pub verdict: Verdict,
    /// Its log, what it rests on, where the code arrived.
    pub record: Record,
    /// What answered, under the lab that the case loaded.
    pub target: Target,
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// How many of each kind.
    pub totals: Totals,
    /// Outcomes in the selection with neither a case nor a disposition.
    pub without_case: usize,
}

impl Summary {
    /// The exit code.
    pub fn exit_code(&self) -> ExitCode {
        self.totals.exit_code()
    }
}

/// What happens in a run, in this order: once `Started`; for each case `CaseStarted` and `CaseFinished` (for an outcome
/// without a case the latter alone); once `Finished`.
#[derive(Clone, Copy, Debug)]
pub enum Event<'e> {
    /// The run begins.
    Started {
        /// What it is about: the backend under the default lab.
        target: &'e Target,
        /// How many rows there will be.
        planned: usize,
    },
    /// A case begins.
    CaseStarted {
        /// The outcome.
        outcome: &'static Outcome,
        /// The case's name.
        case: &'static str,
    },
    /// A case is over.
    CaseFinished(&'e Finished),
    /// The run is over.
    Finished(&'e Summary),
}

/// Turns events into a report.
pub trait Reporter {
    /// Takes one event.
    ///
    /// # Errors
    /// The report cannot be written; the run stops.
    fn event(&mut self, event: &Event<'_>) -> io::Result<()>;
}

impl Run<'_> {
    /// Goes through the plan.
    ///
    /// # Errors
    /// A report cannot be written.
    pub fn execute(&self, make: &MakeBackend<'_>, reporter: &mut dyn Reporter) -> io::Result<Summary> {
        self.execute_by(&mut Here { make, lab: self.lab, seed: self.seed }, reporter)
    }

    /// Goes through the plan, each case carried out by `runs`.
    ///
    /// # Errors
    /// A report cannot be written.
    pub(crate) fn execute_by(
        &self,
        runs: &mut dyn RunsCases,
        reporter: &mut dyn Reporter,
    ) -> io::Result<Summary> {
        let target = runs.target();
        reporter.event(&Event::Started { target: &target, planned: self.plan.entries.len() })?;
        let mut totals = Totals::default();
        for planned in &self.plan.entries {
            let finished = match planned.case {
                Some(case) => {
                    reporter.event(&Event::CaseStarted { outcome: planned.outcome, case: case.name })?;
                    self.finish(planned.outcome, &case, runs)
                }
                None => not_evaluated(planned.outcome, &target),
            };
            totals.add(&finished.verdict);
            reporter.event(&Event::CaseFinished(&finished))?;
        }
        let summary = Summary { totals, without_case: self.plan.without_case };
        reporter.event(&Event::Finished(&summary))?;
        Ok(summary)
    }

    fn finish(&self, outcome: &'static Outcome, case: &Case, runs: &mut dyn RunsCases) -> Finished {
        let ran = runs.run(case, outcome);
        let verdict = verdict(ran.checked, self.expectations.reason(outcome));
        Finished { outcome, case: case.name, verdict, record: ran.record, target: ran.target }
    }
}

/// Carries out cases, in this process or in another.
pub(crate) trait RunsCases {
    /// What the cases are about.
    fn target(&self) -> Target;

    /// Runs one case on a backend of its own.
    fn run(&mut self, case: &Case, outcome: &'static Outcome) -> Ran;
}

/// Cases in this process.
pub(crate) struct Here<'h> {
    pub(crate) make: &'h MakeBackend<'h>,
    pub(crate) lab: &'h Lab,
    pub(crate) seed: u64,
}

impl RunsCases for Here<'_> {
    fn target(&self) -> Target {
        target_of(self.make, self.lab)
    }

    fn run(&mut self, case: &Case, outcome: &'static Outcome) -> Ran {
        match (self.make)() {
            Ok(mut backend) => run_case(case, outcome, backend.as_mut(), self.lab, self.seed),
            Err(unavailable) => Ran {
                checked: Err(Stop::error(format!("no backend: {unavailable}"))),
                record: Record::default(),
                target: self.target(),
            },
        }
    }
}

impl<R: Reporter + ?Sized> Reporter for &mut R {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        (**self).event(event)
    }
}

/// What a case did, before expectations.
#[derive(Serialize, Deserialize)]
pub(crate) struct Ran {
    pub(crate) checked: Checked,
    pub(crate) record: Record,
    pub(crate) target: Target,
}

/// Runs one case; a panic in it is a harness error, not the end.
pub(crate) fn run_case(
    case: &Case,
    outcome: &'static Outcome,
    backend: &mut dyn Backend,
    lab: &Lab,
    seed: u64,
) -> Ran {
    let seed = seed ^ stable_hash(case.outcome) ^ stable_hash(case.name).rotate_left(32);
    let mut bench = Bench::new(backend, outcome, lab, seed);
    // Backend and bench are dropped after a panic, so nobody sees them half changed.
    let checked = catch_unwind(AssertUnwindSafe(|| (case.run)(&mut bench))).unwrap_or_else(|panic| {
        Err(Stop::error(format!("the case panicked: {}", panic_text(panic.as_ref()))))
    });
    let checked = match &bench.record().not_called {
        Some(unavailable) => Err(Stop::from(unavailable.clone())),
        None => checked,
    };
    let checked = match bench.broken() {
        Some(message) => Err(Stop::error(message)),
        None => checked,
    };
    if matches!(checked, Err(Stop::Failed { .. })) {
        bench.note_why_refused();
    }
    let target = bench.target();
    Ran { checked, record: bench.into_record(), target }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}

fn verdict(checked: Checked, expected_to_fail: Option<&str>) -> Verdict {
    match (checked, expected_to_fail) {
        (Ok(()), None) => Verdict::Pass,
        (Ok(()), Some(reason)) => Verdict::Xpass { reason: reason.to_owned() },
        (Err(Stop::Failed { message }), None) => Verdict::Fail { message },
        (Err(Stop::Failed { message }), Some(reason)) => {
            Verdict::Xfail { reason: reason.to_owned(), message }
        }
        (Err(Stop::Skipped { reason }), _) => Verdict::Skip { reason },
        (Err(Stop::Error { message }), _) => Verdict::Error { message },
    }
}

fn not_evaluated(outcome: &'static Outcome, target: &Target) -> Finished {
    let reason = match dispositions().get(&outcome.id) {
        Some(disposition) => format!("{}: {}", disposition.kind.name(), disposition.reason),
        None => "no case shows it yet".to_owned(),
    };
    Finished {
        outcome,
        case: "",
        verdict: Verdict::NotEvaluated { reason },
        record: Record::default(),
        target: target.clone(),
    }
}

/// What the backend says of itself under the default lab; if it cannot be had, every case will tell why.
pub(crate) fn target_of(make: &MakeBackend<'_>, lab: &Lab) -> Target {
    match make() {
        Ok(mut backend) => {
            // A backend that cannot offer the lab still is what it is.
            drop(backend.load(lab));
            backend.target()
        }
        Err(_) => Target { backend: "none".to_owned(), os: "unknown".to_owned() },
    }
}
