//! Every case can fail: each is caught by each deviation of its outcome, and by effects that are wrong though the code is
//! right. What has no cases is listed.

mod coverage;
mod effects;
mod refused;

use vss_conformance::backends::{self, Choice};
use vss_conformance::case::Case;
use vss_conformance::cases;
use vss_conformance::deviants::{Deviation, NotCaught, WrongEffect, caught_by, not_caught};
use vss_sim::lab::Lab;

#[test]
fn every_case_fails_on_its_deviants() {
    let make = backends::make(&Choice::default()).unwrap();
    let missed = not_caught(cases::all(), &make, &Lab::default_lab());
    let lines: Vec<String> =
        missed.iter().map(|(case, why)| format!("{} {}: {why}", case.outcome, case.name)).collect();
    assert!(lines.is_empty(), "{} cases show nothing:\n{}", lines.len(), lines.join("\n"));
}

/// The cases that a backend gets through that is wrong in this way, and how.
fn missed_by<'c>(effect: WrongEffect, cases: impl Iterator<Item = &'c Case>) -> Vec<(&'c Case, NotCaught)> {
    let make = backends::make(&Choice::default()).expect("the simulator is in every build");
    let caught = |case: &Case| caught_by(case, Deviation::WrongEffect(effect), &make, &Lab::default_lab());
    let checked: Vec<_> = cases.map(|case| (case, caught(case))).collect();
    assert!(checked.len() >= 2, "too few cases: {}", checked.len());
    checked.into_iter().filter_map(|(case, caught)| Some((case, caught.err()?))).collect()
}

fn not_caught_by<'c>(effect: WrongEffect, cases: impl Iterator<Item = &'c Case>) -> Vec<String> {
    let missed = missed_by(effect, cases);
    missed.into_iter().map(|(case, why)| format!("{}: {why}", case.name)).collect()
}
