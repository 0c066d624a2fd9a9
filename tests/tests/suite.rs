//! The whole suite from other labs than the default one, and what its cases leave for the report.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use vss_conformance::backends::{self, Choice};
use vss_conformance::bench::Bench;
use vss_conformance::case::{Case, Checked};
use vss_conformance::cases;
use vss_conformance::expectations::Expectations;
use vss_conformance::run::{Event, Plan, Reporter, Run, Selection, Summary};
use vss_conformance::spec::Arrival;
use vss_conformance::verdict::Verdict;
use vss_sim::api::{Call, Object};
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

/// Where each case of requesters saw its code, by case.
#[derive(Default)]
struct Arrivals(BTreeMap<(&'static str, &'static str), Option<Arrival>>);

impl Reporter for Arrivals {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        if let Event::CaseFinished(finished) = event {
            self.0.insert((finished.outcome.id.as_str(), finished.case), finished.record.arrival);
        }
        Ok(())
    }
}

/// Checks of other calls, or for other codes, say nothing of where the outcome's code arrives.
#[test]
fn cases_of_requesters_record_where_the_code_of_the_outcome_arrived() {
    let plan = Plan::new(cases::of_requesters(), &Selection::default());
    let make = backends::make(&Choice::default()).expect("the simulator is in every build");
    let lab = Lab::default_lab();
    let run = Run { plan: &plan, expectations: &Expectations::NONE, lab: &lab, seed: 0 };
    let mut arrivals = Arrivals::default();
    run.execute(&make, &mut arrivals).expect("nothing is written");

    // The calls of providers are made by VSS, not by the case.
    let of_a_requester = |case: &str| !case.is_empty() && !case.starts_with("provider_answers::");
    let unseen: Vec<_> = arrivals
        .0
        .iter()
        .filter(|((_, case), arrival)| arrival.is_none() && of_a_requester(case))
        .map(|(case, _)| case)
        .collect();
    assert!(unseen.is_empty(), "the code arrived nowhere: {unseen:?}");
    let of =
        |case: &str| arrivals.0.iter().find(|((_, name), _)| *name == case).and_then(|(_, arrival)| *arrival);
    let expected = [
        // They end with a side check of another code, returned at once.
        ("creation::creating::store_is_full", Arrival::ThroughAsync),
        ("creation::creating::veto", Arrival::ThroughAsync),
        // S_OK is returned at once; the operation ends with another code.
        ("importing::what_is_missing::document_of_another_room", Arrival::AtOnce),
    ];
    for (case, arrival) in expected {
        assert_eq!(of(case), Some(arrival), "{case}");
    }
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

/// The outcome is documented and checked; only then the case says what another of its checks rests on.
fn relabels_itself(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let code = bench.outcome_code()?;
    bench.expect(Object::HOST, Call::CREATE_VSS_BACKUP_COMPONENTS, code)?;
    bench.inferred("a side check rests on this");
    Ok(())
}

#[test]
fn a_case_says_what_it_rests_on_before_its_checks() {
    const CASES: [Case; 1] = [Case {
        outcome: "CreateVssBackupComponents/S_OK/success",
        name: "relabels_itself",
        run: relabels_itself,
    }];
    let plan = Plan::new(CASES.iter(), &Selection::default());
    let make = backends::make(&Choice::default()).expect("the simulator is in every build");
    let mut not_passed = NotPassed::default();
    let lab = Lab::default_lab();
    let run = Run { plan: &plan, expectations: &Expectations::NONE, lab: &lab, seed: 0 };
    run.execute(&make, &mut not_passed).expect("nothing is written");
    let ours: Vec<_> = not_passed.0.iter().filter(|line| line.contains("relabels_itself")).collect();
    assert!(ours.len() == 1 && ours[0].contains("half a case"), "{ours:?}");
}
