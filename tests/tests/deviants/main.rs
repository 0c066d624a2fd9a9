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
    not_caught_beside(effect, cases, &[])
}

/// The same but for those named in `beyond`, in which nothing of the kind could show. Of these the ones that are caught all
/// the same, or are none of the cases, are answered: they are to be named no longer.
fn not_caught_beside<'c>(
    effect: WrongEffect,
    cases: impl Iterator<Item = &'c Case>,
    beyond: &[&str],
) -> Vec<String> {
    let cases: Vec<&Case> = cases.collect();
    let (named, missed): (Vec<_>, Vec<_>) = missed_by(effect, cases.iter().copied())
        .into_iter()
        .partition(|(case, _)| beyond.contains(&case.name));
    let is_missed =
        |case: &Case| named.iter().any(|(it, _)| (it.name, it.outcome) == (case.name, case.outcome));
    let caught = cases.iter().filter(|case| beyond.contains(&case.name) && !is_missed(case));
    let caught = caught.map(|case| format!("{} {}: caught all the same", case.outcome, case.name));
    let unknown = beyond.iter().filter(|name| !cases.iter().any(|case| case.name == **name));
    let unknown = unknown.map(|name| format!("{name}: none of these cases"));
    let missed = missed.into_iter().map(|(case, why)| format!("{} {}: {why}", case.outcome, case.name));
    missed.chain(caught).chain(unknown).collect()
}
