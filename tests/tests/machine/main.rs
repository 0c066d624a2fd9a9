//! Random machine rooms, random calls: what must hold after every step, whatever was called.
//!
//! | file | holds |
//! |---|---|
//! | `labs`, `ops`, `calls` | what is drawn: machine rooms, steps, calls |
//! | `flows`, `sets` | whole ways through the machine; what becomes of sets after they were made |
//! | `handmade`, `answers`, `exposed` | runs that are not drawn |
//! | `rig` | carries out each step and checks |
//! | `notes`, `tracking`, `lives` | what replies mean for the model, and what has to hold after every step |
//! | `model` | the test's own knowledge of contents |
//! | `codes` | which codes may come from where |
//! | `tally` | what the runs have come by |
//!
//! `PROPTEST_CASES` sets the number of runs.

mod answers;
mod calls;
mod codes;
mod exposed;
mod flows;
mod handmade;
mod labs;
mod lives;
mod model;
mod notes;
mod ops;
mod rig;
mod sets;
mod tally;
mod tracking;

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, FileFailurePersistence, RngAlgorithm, TestRng, TestRunner};
use rig::Rig;
use tally::Tally;
use vss_conformance::backends::{self, Choice};
use vss_conformance::spec::Undocumented;
use vss_conformance::trace::{Ignored, Traced, read, replay};
use vss_sim::api::{Backend, HResult};
use vss_sim::lab::Lab;
use vss_sim::service::Simulator;

fn run(lab: &Lab, ops: &[ops::Op]) -> Rig {
    let mut rig = Rig::new(lab);
    for op in ops {
        rig.run(op);
    }
    rig.finish();
    rig
}

fn config() -> Config {
    let mut config = Config {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/machine/regressions.txt"))),
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 150;
    }
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_is_called_the_rules_hold(lab in labs::lab(), ops in ops::ops()) {
        let rig = run(&lab, &ops);
        prop_assert!(rig.tally.unlisted.is_empty(), "neither documented nor listed: {:#?}", rig.tally.unlisted);
    }
}

/// The same runs on any machine.
fn fixed_runs(seed: u8, count: usize) -> impl Iterator<Item = (Lab, Vec<ops::Op>)> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = (labs::lab(), ops::ops());
    (0..count).map(move |_| strategy.new_tree(&mut runner).expect("a run is drawn").current())
}

/// What the runs by hand and enough of the drawn ones come by.
static TALLY: LazyLock<Tally> = LazyLock::new(|| {
    let mut tally = Tally::default();
    handmade::runs().iter().for_each(|rig| tally.add(&rig.tally));
    for (lab, ops) in fixed_runs(7, 640) {
        tally.add(&run(&lab, &ops).tally);
    }
    tally
});

#[test]
fn random_runs_get_everywhere() {
    let tally = &*TALLY;
    for (what, count, least) in [
        ("resyncs", tally.resyncs, 250),
        ("failed resyncs", tally.failed_resyncs, 50),
        ("disks that take the original's identity", tally.reverted, 30),
        ("reverts", tally.reverts, 30),
        ("looks at copies of the system provider", tally.software_copies, 10_000),
        ("looks at copies of shares", tally.share_copies, 500),
        ("volumes of a cluster that another node copies", tally.refused_for("csv-multi-node"), 1),
        ("shares that another node copies", tally.refused_for("scale-out-share-multi-client"), 1),
        ("virtual disks in virtual disks", tally.refused_for("vhd-in-vhd"), 5),
        ("virtual disks beside what holds them", tally.refused_for("vhd-and-host-in-set"), 2),
        ("copies that were listed", tally.listed_copies, 300),
        ("imported copies", tally.imports, 300),
        ("copies that were imported on another host", tally.imports_elsewhere, 60),
        ("broken copies", tally.broken, 80),
        ("copies that were deleted", tally.gone - tally.went_with_session, 80),
        ("copies that went with their sessions", tally.went_with_session, 200),
        ("exposures", tally.exposures, 40),
        ("restarts of hosts with copies", tally.restarts, 40),
        ("copies that were compared after writes", tally.told_apart, 150),
        ("such copies on the second host", tally.told_apart_elsewhere, 20),
        ("requesters that had to wait", tally.locked_out, 200),
        ("imports", tally.outcomes_of("import", HResult::S_OK), 200),
        ("cancelled imports", tally.outcomes_of("import", HResult::VSS_S_ASYNC_CANCELLED), 20),
        ("imports out of order", tally.outcomes_of("import", HResult::VSS_E_BAD_STATE), 10),
        ("breaks", tally.outcomes_of("break", HResult::S_OK), 50),
        ("breaks without identity", tally.outcomes_of("break", HResult::VSS_E_BREAK_REVERT_ID_FAILED), 10),
        ("breaks of no set", tally.outcomes_of("break", HResult::VSS_E_OBJECT_NOT_FOUND), 20),
    ] {
        assert!(count >= least, "too few {what}: {count} of {least} in {tally:?}");
    }
}

#[test]
fn every_listed_code_is_met_and_no_other() {
    assert!(TALLY.unlisted.is_empty(), "neither documented nor listed: {:#?}", TALLY.unlisted);
    let entries = Undocumented::all().iter().enumerate();
    let unseen: Vec<_> = entries.filter(|(index, _)| !TALLY.listed.contains(index)).collect();
    assert!(
        unseen.is_empty(),
        "fixtures/undocumented-codes.toml has entries that nothing answers: {unseen:#?}"
    );
}

#[test]
fn the_list_of_undocumented_codes_says_why() {
    for entry in Undocumented::all() {
        assert!(!entry.method.is_empty(), "{entry:?} names no method");
        assert!(entry.why.len() > 10, "{entry:?} has no reason");
        let provenance = entry.provenance.split_whitespace().next();
        assert!(matches!(provenance, Some("rule" | "observed" | "inferred")), "{entry:?} has no provenance");
    }
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    for (lab, ops) in fixed_runs(11, 30) {
        let rig = run(&lab, &ops);
        let [one, two] = [(); 2].map(|()| rig.replay(&lab));
        assert!(one == two, "two runs of one lab differ:\n{}", first_difference(&one, &two));
        assert!(one.len() > 1_000, "the trace is too short to tell anything");
        assert_replays(&one);
    }
}

/// What a trace holds is enough to get the same replies again.
fn assert_replays(trace: &str) {
    let make = backends::make(&Choice::default()).expect("the simulator is built in");
    for section in &read(trace, "trace").unwrap_or_else(|error| panic!("{error}")) {
        let replayed = replay(section, &make, None, &mut Ignored::default()).expect("a simulator");
        let different = replayed.rows.iter().find(|row| !row.is_equal());
        assert!(different.is_none() && replayed.stopped.is_none(), "{different:?} {:?}", replayed.stopped);
    }
}

impl Rig {
    /// The run once more on a new simulator: its trace. The replies have to be those of the first run.
    fn replay(&self, lab: &Lab) -> String {
        let mut bytes = Vec::new();
        let sim = Box::new(Simulator::new(lab).expect("a lab"));
        let mut traced = Traced::new(sim, &mut bytes);
        traced.load(lab).expect("a lab");
        for step in &self.steps {
            match step {
                rig::Step::Call(on, call, reply) => {
                    assert_eq!(&traced.call(*on, call), reply, "{on} {call:?}");
                }
                rig::Step::Act(action, done) => assert_eq!(traced.act(action).is_ok(), *done, "{action:?}"),
            }
        }
        traced.finish().expect("a trace in memory");
        String::from_utf8(bytes).expect("JSON lines")
    }
}

fn first_difference(one: &str, two: &str) -> String {
    let lines = one.lines().zip(two.lines()).find(|(one, two)| one != two);
    lines.map_or_else(|| "one is longer".to_owned(), |(one, two)| format!("{one}\n{two}"))
}
