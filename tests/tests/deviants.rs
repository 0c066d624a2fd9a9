//! Every case can fail: each is caught by each deviation of its outcome, and all documented outcomes of this slice have one.

use vss_conformance::backends::{self, Choice};
use vss_conformance::cases;
use vss_conformance::deviants::not_caught;
use vss_conformance::spec::Spec;
use vss_sim::lab::Lab;

#[test]
fn every_case_fails_on_its_deviants() {
    let make = backends::make(&Choice::default()).unwrap();
    let missed = not_caught(cases::all(), &make, &Lab::default_lab());
    let lines: Vec<String> =
        missed.iter().map(|(case, why)| format!("{} {}: {why}", case.outcome, case.name)).collect();
    assert!(lines.is_empty(), "{} cases show nothing:\n{}", lines.len(), lines.join("\n"));
}

#[test]
fn every_outcome_of_resync_and_of_async_objects_has_a_case() {
    let missing: Vec<_> = Spec::get()
        .outcomes()
        .filter(|outcome| ["IVssBackupComponentsEx3", "IVssAsync"].contains(&outcome.interface.as_str()))
        .filter(|outcome| !cases::all().any(|case| case.outcome == outcome.id))
        .map(|outcome| &outcome.id)
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
