//! The whole suite from other labs than the default one.

use std::io;
use std::path::Path;

use vss_conformance::backends::{self, Choice};
use vss_conformance::cases;
use vss_conformance::expectations::Expectations;
use vss_conformance::run::{Event, Plan, Reporter, Run, Selection, Summary};
use vss_conformance::verdict::Verdict;
use vss_sim::lab::{Lab, volume_name};

/// Which cases did not pass.
#[derive(Default)]
struct NotPassed(Vec<String>);

impl Reporter for NotPassed {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        if let Event::CaseFinished(finished) = event
            && finished.verdict != Verdict::Pass
        {
            self.0.push(format!("{} {}: {:?}", finished.outcome.id, finished.case, finished.verdict));
        }
        Ok(())
    }
}

fn run(lab: &Lab) -> (Summary, Vec<String>) {
    let plan = Plan::new(cases::all(), &Selection::default());
    let make = backends::make(&Choice::default()).expect("the simulator is in every build");
    let mut not_passed = NotPassed::default();
    let run = Run { plan: &plan, expectations: &Expectations::NONE, lab, seed: 0 };
    let summary = run.execute(&make, &mut not_passed).expect("nothing is written");
    (summary, not_passed.0)
}

/// The simulator itself has no use for the lab's directories: they need not exist.
#[test]
fn every_case_passes_from_the_lab_for_wine() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/labs/wine.toml");
    let lab = Lab::from_toml(&std::fs::read_to_string(path).unwrap(), "wine.toml").unwrap();
    let (summary, not_passed) = run(&lab);
    assert!(not_passed.is_empty(), "{}", not_passed.join("\n"));
    assert_eq!(summary, run(&Lab::default_lab()).0);

    let same = Lab::default_lab().volumes.into_iter().map(|volume| volume.mount);
    assert!(lab.volumes.iter().map(|volume| volume.mount.clone()).eq(same), "as in the default lab");
    for volume in &lab.volumes {
        let letter = volume.mount[0].as_bytes()[0];
        let wine = format!(r"\\?\Volume{{00000000-0000-0000-0000-0000000000{letter:02x}}}\");
        assert_eq!(volume.id.map(volume_name), Some(wine));
        assert_eq!(volume.directory.is_some(), [b'C', b'D', b'E'].contains(&letter), "{:?}", volume.mount);
    }
}
