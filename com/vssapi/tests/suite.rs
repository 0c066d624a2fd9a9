//! The whole suite through the library, loaded as a requester loads it, against the suite on the simulator itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use vss_com::client::Client;
use vss_conformance::backends::{self, Choice, Kind};
use vss_conformance::case::Case;
use vss_conformance::cases;
use vss_conformance::expectations::Expectations;
use vss_conformance::probe::probe;
use vss_conformance::run::{Event, MakeBackend, Plan, Reporter, Run, Selection};
use vss_conformance::trace::{self, Ignored, Pair};
use vss_sim::lab::Lab;

/// The library is one for the process: the tests here take turns.
static TURN: Mutex<()> = Mutex::new(());

/// Where cargo puts the library that these tests are of.
fn library() -> PathBuf {
    let test = std::env::current_exe().expect("the test knows where it is");
    let name = format!("{}vssapi{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let beside = test.parent().expect("a directory").join(&name);
    assert!(beside.exists(), "{} is not built", beside.display());
    beside
}

fn make(kind: Kind, vssapi: Option<PathBuf>) -> Box<MakeBackend<'static>> {
    backends::make(&Choice { kind, vssapi, ..Choice::default() }).expect("the backend can be made")
}

fn plan(cases: impl Iterator<Item = &'static Case>) -> Plan {
    Plan::new(cases, &Selection::default())
}

/// Each case's verdict.
#[derive(Default)]
struct Verdicts(BTreeMap<(String, &'static str), String>);

impl Reporter for Verdicts {
    fn event(&mut self, event: &Event<'_>) -> std::io::Result<()> {
        if let Event::CaseFinished(finished) = event {
            let verdict = format!("{:?} {:?}", finished.verdict, finished.record.arrival);
            self.0.insert((finished.outcome.id.clone(), finished.case), verdict);
        }
        Ok(())
    }
}

fn verdicts(make: &MakeBackend<'_>) -> BTreeMap<(String, &'static str), String> {
    let (plan, lab) = (plan(cases::all()), Lab::default_lab());
    let run = Run { plan: &plan, expectations: &Expectations::NONE, lab: &lab, seed: 0 };
    let mut verdicts = Verdicts::default();
    run.execute(make, &mut verdicts).expect("nothing is written");
    verdicts.0
}

fn traced(make: &MakeBackend<'_>, origin: &Path) -> Vec<trace::Section> {
    let mut text = Vec::new();
    let probed = probe(&plan(cases::of_requesters()), make, &Lab::default_lab(), 0, &mut text)
        .expect("written to memory");
    assert_eq!((probed.skipped.len(), probed.broken.len()), (0, 0), "{probed:?}");
    let text = String::from_utf8(text).expect("JSON");
    trace::read(&text, &origin.display().to_string()).expect("what is written can be read")
}

#[test]
fn every_verdict_is_that_of_the_simulator_and_no_object_is_left() {
    let _turn = TURN.lock();
    let sim = verdicts(&make(Kind::Sim, None));
    let com = verdicts(&make(Kind::Com, Some(library())));
    assert!(sim.len() >= 87, "{} cases", sim.len());
    assert_eq!(com, sim);
    let client = Client::of_simulator(&library()).expect("loaded already");
    assert_eq!(client.live_objects(), Ok(0));
}

#[test]
fn every_call_is_answered_as_the_simulator_answers_it() {
    let _turn = TURN.lock();
    let sim = traced(&make(Kind::Sim, None), Path::new("sim"));
    let com = traced(&make(Kind::Com, Some(library())), Path::new("com"));
    let mut ignored = Ignored::default();
    let diff = trace::diff(&sim, &com, &mut ignored);
    assert_eq!((diff.only_left.len(), diff.only_right.len()), (0, 0));
    let calls: usize = diff.pairs.iter().map(Pair::calls).sum();
    assert!(calls > 2000, "{calls} calls");
    let different: Vec<_> = diff.pairs.iter().filter(|pair| pair.differences() > 0).collect();
    assert!(different.is_empty(), "{different:?}");
}

#[test]
fn what_is_no_such_library_is_told() {
    let missing = Client::of_simulator(Path::new("no-such.dll")).expect_err("there is none");
    assert!(missing.to_string().starts_with("cannot load no-such.dll: "), "{missing}");
    let system = if cfg!(windows) { "kernel32.dll" } else { "libc.so.6" };
    let foreign = Client::open(Path::new(system)).expect_err("another library");
    let expected = format!("{system} exports no `CreateVssBackupComponentsInternal`: it is no vssapi.dll");
    assert_eq!(foreign.to_string(), expected);
}
