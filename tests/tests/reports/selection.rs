//! Filters and shards.

use rstest::rstest;
use vss_conformance::glob::Glob;
use vss_conformance::run::{Plan, Selection, Shard};
use vss_conformance::spec::Spec;

use crate::cases::CASES;

#[rstest]
#[case("RecoverSet", 11)]
#[case("recoverset", 11)]
#[case("IVssBackupComponentsEx3::RecoverSet", 11)]
#[case("IVssBackupComponentsEx3", 45)]
#[case("RecoverSet/VSS_E_BAD_STATE", 5)]
#[case("RecoverSet/VSS_E_BAD_STATE/winpe", 1)]
#[case("*/winpe", 1)]
#[case("VSS_E_RESYNC_IN_PROGRESS", 1)]
#[case("RecoverSe?", 11)]
#[case("*", 1805)]
#[case("ecoverSet", 0)]
#[case("", 0)]
fn a_filter_selects(#[case] glob: &str, #[case] count: usize) {
    let glob = Glob::new(glob);
    assert_eq!(Spec::get().outcomes().filter(|outcome| glob.selects(outcome)).count(), count);
}

#[test]
fn a_filter_of_many_stars_ends() {
    let glob = Glob::new(&"*a".repeat(40));
    assert!(!glob.matches(&"a".repeat(2000).replace('a', "ab")));
}

#[test]
fn shards_are_disjoint_and_complete() {
    let ids = |shard: Option<&str>| -> Vec<&str> {
        let shard = shard.map(|text| text.parse::<Shard>().expect("a shard"));
        let plan = Plan::new(CASES, &Selection { only: Vec::new(), shard });
        plan.entries.iter().map(|planned| planned.outcome.id.as_str()).collect()
    };
    let mut parts: Vec<&str> =
        ["hash:1/3", "hash:2/3", "hash:3/3"].iter().flat_map(|part| ids(Some(part))).collect();
    let mut all = ids(None);
    parts.sort_unstable();
    all.sort_unstable();
    assert_eq!(parts, all);
}

#[rstest]
#[case("hash:0/3")]
#[case("hash:4/3")]
#[case("1/3")]
#[case("hash:1")]
#[case("hash:1/0")]
fn other_text_is_no_shard(#[case] text: &str) {
    assert!(text.parse::<Shard>().is_err());
}

#[test]
fn outcomes_without_a_case_are_rows_only_if_asked_for() {
    let whole = Plan::new(CASES, &Selection::default());
    assert!(whole.entries.iter().all(|planned| planned.case.is_some()));
    assert_eq!(whole.without_case, 1805 - CASES.len() - vss_conformance::coverage::dispositions().len());
    let asked = Plan::new(CASES, &Selection { only: vec![Glob::new("RecoverSet")], shard: None });
    assert_eq!(asked.entries.len(), 11);
}
