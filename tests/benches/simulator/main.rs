//! What the simulator costs: backup and resync, call by call, in small labs and in one of 100,000 LUNs, and the whole
//! suite. All in one run.
//!
//! `cargo bench -p vss-tests --bench simulator -- --check` fails if a target is missed.

mod watch;

use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use vss_conformance::backends::{self, Choice};
use vss_conformance::cases;
use vss_conformance::expectations::Expectations;
use vss_conformance::run::{Event, Plan, Reporter, Run, Selection};
use vss_sim::explore::{Arguments, Options, explore};
use vss_sim::lab::{Lab, LabError, Os, Size};
use vss_tests::figures::{Outcome, Report, ratio, time};
use vss_tests::requester::{BATCH, Between, Requester};
use watch::{median, watch};

/// The LUNs of the large lab, and of the one beside it.
const MANY: u32 = 100_000;
const FEW: u32 = 10;
/// How many batches of flows have to be undisturbed, and for how long they are waited for.
const ENOUGH: usize = 100;
const PATIENCE: Duration = Duration::from_secs(20);

fn main() -> ExitCode {
    let mut report = Report::default();
    // The large lab comes first: later there is free memory, in which it would not be seen.
    let outcome = large_lab(&mut report)
        .and_then(|()| throughput(&mut report))
        .and_then(|()| long_run(&mut report))
        .and_then(|()| explorer(&mut report))
        .and_then(|()| suite(&mut report));
    report.finish(outcome)
}

/// Calls per second, and where the time goes.
fn throughput(report: &mut Report) -> Outcome<()> {
    let mut requester = Requester::new(&Lab::default_lab())?;
    for (between, what) in [
        (Between::Nothing, "backup and resync"),
        (Between::Write, "backup, a write to the volume and resync"),
    ] {
        let batches = watch(ENOUGH, PATIENCE, || requester.batch(between));
        let (undisturbed, disturbed) = (batches.undisturbed(), batches.disturbed());
        let rate = |times: &[Duration]| 1.0 / median(times.to_vec()).as_secs_f64();
        if undisturbed.len() < ENOUGH {
            let why = format!("{} undisturbed batches are too few", undisturbed.len());
            report.not_measured(&format!("{what}: calls per second"), &why);
        } else {
            report.at_least(&format!("{what}: calls per second"), rate(&undisturbed), 1e6, "/s");
        }
        report.note("  undisturbed batches", &undisturbed.len().to_string());
        if !disturbed.is_empty() {
            report.note("  while others used the core", &format!("{:.0} /s", rate(&disturbed)));
            report.note("  such batches", &disturbed.len().to_string());
        }
        let cost = requester.flows(BATCH, between);
        report.note("  calls in a flow", &(cost.calls / BATCH).to_string());
        for (what, cost) in &requester.aside {
            report.note(&format!("  apart from these: {what}"), &format!("{:.2?}", cost.each()));
        }
    }
    let mut methods: Vec<_> = requester.by_method(50, Between::Write).into_iter().collect();
    methods.sort_by_key(|(_, cost)| std::cmp::Reverse(cost.time));
    for (method, cost) in methods {
        let often = cost.calls / BATCH;
        report.note(&format!("  {often} x {method}"), &format!("{:.0?}", cost.each()));
    }
    Ok(())
}

/// A flow, and a session that creates and deletes a set, cost the same however many came before.
fn long_run(report: &mut Report) -> Outcome<()> {
    let flow = grown(|requester| requester.batch(Between::Write))?;
    report.at_most("a flow after 9,000 or more / one of the first 1,000", flow, 1.2, "x");
    let set = grown(Requester::batch_of_sets)?;
    report.at_most("creating and deleting a set after 9,000 / the first 1,000", set, 1.2, "x");
    Ok(())
}

/// How many times as much something costs after 9,000 such as one of the first 1,000. Old and young in turns, so that a
/// disturbance meets both.
fn grown(batch: impl Fn(&mut Requester) -> Duration) -> Outcome<f64> {
    const THOUSAND: u32 = 1000 / BATCH;
    let mut old = Requester::new(&Lab::default_lab())?;
    for _ in 0..9 * THOUSAND {
        batch(&mut old);
    }
    let (mut last, mut first) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        let mut young = Requester::new(&Lab::default_lab())?;
        for _ in 0..THOUSAND {
            first.push(batch(&mut young));
            last.push(batch(&mut old));
        }
    }
    Ok(ratio(median(last), median(first)))
}

/// States that the explorer visits in a second, with three sessions, whose states are too many for any cache.
fn explorer(report: &mut Report) -> Outcome<()> {
    let options = Options {
        sessions: 3,
        arguments: Arguments::Few,
        states_max: 3_000_000,
        ..Options::of(&Lab::default_lab())
    };
    let mut quickest = Duration::MAX;
    let mut states = 0;
    for _ in 0..3 {
        let (took, explored) = time(|| explore(&options));
        let explored = explored?;
        if let Some(violation) = explored.violation {
            return Err(format!("a rule is broken: {violation:?}").into());
        }
        (quickest, states) = (quickest.min(took), explored.states);
    }
    let rate = states as f64 / quickest.as_secs_f64();
    report.at_least("explored states per second", rate, 5e5, "/s");
    report.note("  states", &states.to_string());
    Ok(())
}

/// A server with so many LUNs of an array, a volume on each; `D:\` is one in the middle.
fn lab_of(luns: u32) -> Result<Lab, LabError> {
    let mut builder = Lab::builder("large")
        .host("SRV", Os::WindowsServer2022)
        .provider("Array Provider")
        .disk("system", Size::gib(1))
        .volume(r"C:\", "system")
        .array("san", "Array Provider")
        .writer("Database Writer", [("sales", r"D:\")]);
    for n in 0..luns {
        let name = format!("lun-{n:06}");
        let mount = if n == luns / 2 { r"D:\".to_owned() } else { format!(r"C:\mnt\{n:06}\") };
        builder = builder.lun(&name, Size::gib(1)).volume(&mount, &name);
    }
    builder.build()
}

/// The memory of this process that is in use, in bytes.
fn resident_bytes() -> Outcome<f64> {
    let status = std::fs::read_to_string("/proc/self/statm")?;
    let pages: f64 = status.split_whitespace().nth(1).ok_or("no second field in statm")?.parse()?;
    Ok(pages * 4096.0)
}

/// A large lab beside a small one.
fn large_lab(report: &mut Report) -> Outcome<()> {
    let mut small = Requester::new(&lab_of(FEW)?)?;
    let (checking, lab) = time(|| lab_of(MANY));
    let lab = lab?;
    report.note("describing and checking 100,000 LUNs", &format!("{checking:.2?}"));
    let before = resident_bytes()?;
    let (first, large) = time(|| Requester::new(&lab));
    let mebibytes = (resident_bytes()? - before) / f64::from(1 << 20);
    drop(large);
    // Again, in memory that the system has handed out already.
    let (second, large) = time(|| Requester::new(&lab));
    let mut large = large?;
    drop(lab);
    let loading = first.min(second);
    report.at_most("loading a lab of 100,000 LUNs", loading.as_secs_f64(), 1.0, "s");
    report.note("  in memory not touched before", &format!("{first:.2?}"));
    report.note("  together with describing and checking", &format!("{:.2?}", checking + loading));
    report.at_most("resident memory that it takes", mebibytes, 200.0, "MiB");

    // In turns, so that a disturbance meets both.
    let (mut few, mut many) = (Duration::MAX, Duration::MAX);
    for _ in 0..10 {
        few = few.min(small.quickest(10, Between::Write));
        many = many.min(large.quickest(10, Between::Write));
    }
    report.at_most("the whole flow: 100,000 LUNs / 10", ratio(many, few), 2.0, "x");
    report.note("  a call with 10 LUNs", &format!("{few:.0?}"));
    let (few, many) = (small.by_method(50, Between::Write), large.by_method(50, Between::Write));
    for method in ["AddToSnapshotSet", "AddSnapshotToRecoverySet", "RecoverSet", "Wait (RecoverSet)"] {
        let (few, many) = (few[method].each(), many[method].each());
        report.at_most(&format!("{method}: 100,000 LUNs / 10"), ratio(many, few), 2.0, "x");
        report.note("  with 10 LUNs", &format!("{few:.0?}"));
    }
    Ok(())
}

/// Looks at nothing.
struct Silent;

impl Reporter for Silent {
    fn event(&mut self, _: &Event<'_>) -> io::Result<()> {
        Ok(())
    }
}

/// Every case on the simulator.
fn suite(report: &mut Report) -> Outcome<()> {
    let make = backends::make(&Choice::default())?;
    let start = Instant::now();
    let plan = Plan::new(cases::all(), &Selection::default());
    let run = Run { plan: &plan, expectations: &Expectations::NONE, lab: &Lab::default_lab(), seed: 0 };
    let summary = run.execute(&make, &mut Silent)?;
    let took = start.elapsed();
    report.note("cases and outcomes of the suite", &plan.entries.len().to_string());
    report.at_most("the whole suite on the simulator", took.as_secs_f64(), 1.0, "s");
    let failed =
        summary.totals.counts().filter(|(kind, n)| *n > 0 && ["fail", "error"].contains(kind)).count();
    if failed == 0 { Ok(()) } else { Err(format!("the suite fails: {summary:?}").into()) }
}
