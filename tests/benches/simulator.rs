//! What the simulator costs: backup and resync, call by call, in small labs and in one of 100,000 LUNs, and the whole
//! suite. All in one run.
//!
//! `cargo bench -p vss-tests --bench simulator -- --check` fails if a target is missed.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use vss_conformance::backends::{self, Choice};
use vss_conformance::cases;
use vss_conformance::expectations::Expectations;
use vss_conformance::run::{Event, Plan, Reporter, Run, Selection};
use vss_sim::api::*;
use vss_sim::lab::{Lab, LabError, Os, Size};
use vss_sim::service::Simulator;

/// The LUNs of the large lab, and of the one beside it.
const MANY: u32 = 100_000;
const FEW: u32 = 10;
/// Flows that are timed together.
const BATCH: u32 = 20;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// The table that is printed, and whether every target was met.
struct Report {
    met: bool,
}

impl Report {
    fn note(&self, what: &str, figure: &str) {
        println!("{what:<62} {figure:>14}");
    }

    /// A figure that must not be larger than the target.
    fn at_most(&mut self, what: &str, figure: f64, target: f64, unit: &str) {
        self.check(what, figure, unit, &format!("at most {target}"), figure <= target);
    }

    /// A figure that must not be smaller than the target.
    fn at_least(&mut self, what: &str, figure: f64, target: f64, unit: &str) {
        self.check(what, figure, unit, &format!("at least {target}"), figure >= target);
    }

    fn check(&mut self, what: &str, figure: f64, unit: &str, target: &str, met: bool) {
        self.met &= met;
        let verdict = if met { "ok" } else { "MISSED" };
        println!("{what:<62} {figure:>10.3} {unit:<3} {target} {verdict}");
    }
}

fn time<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let answer = black_box(run());
    (start.elapsed(), answer)
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

fn main() -> ExitCode {
    let mut report = Report { met: true };
    // The large lab comes first: later there is free memory, in which it would not be seen.
    let outcome = large_lab(&mut report)
        .and_then(|()| throughput(&mut report))
        .and_then(|()| long_run(&mut report))
        .and_then(|()| suite(&mut report));
    if let Err(error) = outcome {
        eprintln!("the bench itself failed: {error}");
        return ExitCode::from(3);
    }
    let checks = std::env::args().any(|argument| argument == "--check");
    if checks && !report.met { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// What happens between the shadow copy and the resync.
#[derive(Clone, Copy, PartialEq)]
enum Between {
    Nothing,
    /// A program writes a little to the volume.
    Write,
}

/// What calls took.
#[derive(Clone, Copy, Default)]
struct Cost {
    calls: u32,
    time: Duration,
}

impl Cost {
    fn add(&mut self, time: Duration) {
        self.calls += 1;
        self.time += time;
    }

    fn each(self) -> Duration {
        self.time / self.calls.max(1)
    }
}

/// A requester that backs up and recovers `D:\`.
struct Requester {
    simulator: Simulator,
    calls: u32,
    /// What is no call, or works on the document: it does not count with the others.
    aside: BTreeMap<&'static str, Cost>,
    /// Each method by itself; a wait by what it waits for.
    methods: Option<BTreeMap<String, Cost>>,
}

impl Requester {
    fn new(lab: &Lab) -> Result<Self, LabError> {
        Ok(Self { simulator: Simulator::new(lab)?, calls: 0, aside: BTreeMap::new(), methods: None })
    }

    fn call(&mut self, on: Object, call: &Call) -> Option<Out> {
        self.call_named(on, call, "")
    }

    fn call_named(&mut self, on: Object, call: &Call, suffix: &str) -> Option<Out> {
        self.calls += 1;
        let reply = match &mut self.methods {
            None => self.simulator.call(on, call),
            Some(methods) => {
                let (took, reply) = time(|| self.simulator.call(on, call));
                methods.entry(format!("{}{suffix}", call.method().name)).or_default().add(took);
                reply
            }
        };
        assert!(
            reply.hresult.is_success(),
            "{call:?}: {} {:?}",
            reply.hresult,
            self.simulator.last_refusal()
        );
        reply.out
    }

    /// A call that works on the document.
    fn document_call(&mut self, on: Object, call: &Call) -> Option<Out> {
        let (took, reply) = time(|| self.simulator.call(on, call));
        assert_eq!(reply.hresult, HResult::S_OK, "{call:?}");
        self.aside.entry(call.method().name).or_default().add(took);
        reply.out
    }

    fn write(&mut self) {
        let (volume, bytes) = (r"D:\".into(), vec![0xA5; 512]);
        let (took, done) =
            time(|| self.simulator.act(&Action::WriteVolume { volume, offset: 1 << 20, bytes }));
        done.expect("D: can be written");
        self.aside.entry("writing 512 bytes").or_default().add(took);
    }

    fn create(&mut self) -> Object {
        match self.call(Object::HOST, &Call::CreateVssBackupComponents { pp_backup: Ptr::Valid }) {
            Some(Out::CreateVssBackupComponents { pp_backup }) => pp_backup,
            out => unreachable!("no object in {out:?}"),
        }
    }

    /// Begins an operation and sees it through to its end.
    fn done(&mut self, on: Object, call: &Call) {
        let operation = match self.call(on, call) {
            Some(
                Out::GatherWriterMetadata { p_async: operation }
                | Out::GatherWriterStatus { p_async: operation }
                | Out::PrepareForBackup { pp_async: operation }
                | Out::DoSnapshotSet { pp_async: operation }
                | Out::BackupComplete { pp_async: operation }
                | Out::RecoverSet { pp_async: operation },
            ) => operation,
            out => unreachable!("no operation in {out:?}"),
        };
        let suffix =
            if self.methods.is_some() { format!(" ({})", call.method().name) } else { String::new() };
        self.call_named(operation, &Call::Wait { dw_milliseconds: INFINITE }, &suffix);
        let status =
            self.call(operation, &Call::QueryStatus { p_hr_result: Ptr::Valid, p_reserved: Ptr::Null });
        let finished = HResult::VSS_S_ASYNC_FINISHED;
        assert_eq!(status, Some(Out::QueryStatus { p_hr_result: finished, p_reserved: None }), "{call:?}");
        self.call(operation, &Call::Release {});
    }

    /// Starts a set with `D:\` on a fresh object.
    fn begin_backup(&mut self) -> (Object, SnapshotId) {
        let backup = self.create();
        self.call(backup, &Call::InitializeForBackup { bstr_xml: None });
        self.call(
            backup,
            &Call::SetBackupState {
                b_select_components: false,
                b_backup_bootable_system_state: false,
                backup_type: BackupType::FULL,
                b_partial_file_support: false,
            },
        );
        self.done(backup, &Call::GatherWriterMetadata { p_async: Ptr::Valid });
        self.call(backup, &Call::StartSnapshotSet { p_snapshot_set_id: Ptr::Valid });
        let add = Call::AddToSnapshotSet {
            pwsz_volume_name: Some(r"D:\".into()),
            provider_id: ProviderId::NULL,
            pid_snapshot: Ptr::Valid,
        };
        match self.call(backup, &add) {
            Some(Out::AddToSnapshotSet { pid_snapshot }) => (backup, pid_snapshot),
            out => unreachable!("no shadow copy in {out:?}"),
        }
    }

    /// Backup, then a restore that copies the LUN back. The copy goes with the backup's object.
    fn flow(&mut self, between: Between) {
        let (backup, snapshot_id) = self.begin_backup();
        self.done(backup, &Call::PrepareForBackup { pp_async: Ptr::Valid });
        self.done(backup, &Call::GatherWriterStatus { p_async: Ptr::Valid });
        let writers = match self.call(backup, &Call::GetWriterStatusCount { pc_writers: Ptr::Valid }) {
            Some(Out::GetWriterStatusCount { pc_writers }) => pc_writers,
            out => unreachable!("no count in {out:?}"),
        };
        for i_writer in 0..writers {
            let (pid_instance, pid_writer, pbstr_writer) = (Ptr::Valid, Ptr::Valid, Ptr::Valid);
            let (pn_status, ph_result_failure) = (Ptr::Valid, Ptr::Valid);
            self.call(
                backup,
                &Call::GetWriterStatus {
                    i_writer,
                    pid_instance,
                    pid_writer,
                    pbstr_writer,
                    pn_status,
                    ph_result_failure,
                },
            );
        }
        self.done(backup, &Call::DoSnapshotSet { pp_async: Ptr::Valid });
        self.call(backup, &Call::GetSnapshotProperties { snapshot_id, p_prop: Ptr::Valid });
        self.done(backup, &Call::BackupComplete { pp_async: Ptr::Valid });
        let document = match self.document_call(backup, &Call::SaveAsXML { pbstr_xml: Ptr::Valid }) {
            Some(Out::SaveAsXML { pbstr_xml }) => pbstr_xml,
            out => unreachable!("no document in {out:?}"),
        };
        if between == Between::Write {
            self.write();
        }
        let restore = self.create();
        self.document_call(restore, &Call::InitializeForRestore { bstr_xml: Some(document) });
        let add = Call::AddSnapshotToRecoverySet { snapshot_id, dw_flags: 0, pwsz_destination_volume: None };
        self.call(restore, &add);
        self.call(restore, &Call::GetSessionId { id_session: Ptr::Valid });
        self.done(restore, &Call::RecoverSet { dw_flags: RecoveryOptions::empty(), pp_async: Ptr::Valid });
        self.call(restore, &Call::Release {});
        self.call(backup, &Call::Release {});
    }

    /// Many flows; what their calls took, those on the document left out.
    fn flows(&mut self, count: u32, between: Between) -> Cost {
        self.calls = 0;
        self.aside.clear();
        let (took, ()) = time(|| (0..count).for_each(|_| self.flow(between)));
        let aside: Duration = self.aside.values().map(|cost| cost.time).sum();
        Cost { calls: self.calls, time: took - aside }
    }

    /// The cost of a call in each of several batches of flows, the quickest batch first.
    fn batches(&mut self, batches: u32, between: Between) -> Vec<Duration> {
        let mut each: Vec<_> = (0..batches).map(|_| self.flows(BATCH, between).each()).collect();
        each.sort_unstable();
        each
    }

    /// The cost of a call in the quickest batch, which is the one that others disturbed least.
    fn quickest(&mut self, batches: u32, between: Between) -> Duration {
        self.batches(batches, between).first().copied().unwrap_or_default()
    }

    /// What each method takes in the quickest of several batches of flows.
    fn by_method(&mut self, batches: u32, between: Between) -> BTreeMap<String, Cost> {
        let mut best = BTreeMap::<String, Cost>::new();
        for _ in 0..batches {
            self.methods = Some(BTreeMap::new());
            self.flows(BATCH, between);
            for (method, cost) in self.methods.take().into_iter().flatten() {
                let known = best.entry(method).or_insert(cost);
                if cost.each() < known.each() {
                    *known = cost;
                }
            }
        }
        best
    }
}

/// Calls per second, and where the time goes.
fn throughput(report: &mut Report) -> Outcome<()> {
    let mut requester = Requester::new(&Lab::default_lab())?;
    for (between, what) in [
        (Between::Nothing, "backup and resync"),
        (Between::Write, "backup, a write to the volume and resync"),
    ] {
        let batches = requester.batches(150, between);
        let rate = |batch: usize| 1.0 / batches[batch].as_secs_f64();
        // The median: the quickest batch is what the machine can do at its best, not what a user gets.
        report.at_least(&format!("{what}: calls per second"), rate(batches.len() / 2), 1e6, "/s");
        report.note("  in the quickest batch", &format!("{:.0} /s", rate(0)));
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

/// A flow costs the same however many came before it.
fn long_run(report: &mut Report) -> Outcome<()> {
    const THOUSAND: u32 = 1000 / BATCH;
    let mut requester = Requester::new(&Lab::default_lab())?;
    let first = requester.quickest(THOUSAND, Between::Write);
    requester.flows(8_000, Between::Write);
    let last = requester.quickest(THOUSAND, Between::Write);
    report.at_most("10,000 flows: the last thousand / the first", ratio(last, first), 1.2, "x");
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
