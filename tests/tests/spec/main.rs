//! `fixtures/spec` is well formed, and the vocabulary agrees with it.

mod observed;
mod types;
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};

use rstest::rstest;
use serde::Deserialize;
use vss_conformance::coverage::dispositions;
use vss_conformance::spec::{Place, Spec, files};
use vss_sim::api::{CODES, HResult};

#[derive(Deserialize)]
struct Index {
    total: Counts,
    files: Vec<IndexRow>,
}

#[derive(Deserialize)]
struct IndexRow {
    file: String,
    interface: String,
    header: String,
    methods: usize,
    outcomes: usize,
    pairs: usize,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Counts {
    methods: usize,
    outcomes: usize,
    pairs: usize,
}

#[derive(Deserialize)]
struct Code {
    code: String,
    value: String,
    severity: String,
    meaning: String,
}

/// What stands in the place of a code where a method returns plain data, or any failing code will do.
const NO_CODES: &[&str] = &["HRESULT", "true", "false", "value", "VSS_CTX_BACKUP", "VSS_RTYPE_UNDEFINED"];

#[test]
fn ids_are_unique_and_made_of_method_code_and_reason() {
    let mut seen = BTreeSet::new();
    for outcome in Spec::get().outcomes() {
        assert!(seen.insert(&outcome.id), "{} appears twice", outcome.id);
        let expected = format!("{}/{}/{}", outcome.method, outcome.code, outcome.reason());
        assert_eq!(outcome.id, expected);
    }
}

#[test]
fn methods_are_unique_and_found_by_their_ids() {
    let mut seen = BTreeSet::new();
    for method in Spec::get().methods() {
        assert!(seen.insert(&method.id), "{} appears twice", method.id);
        let found = Spec::get().method(&method.id).map(|method| &method.id);
        assert_eq!(found, Some(&method.id));
    }
}

#[test]
fn every_outcome_is_found_by_its_id() {
    for outcome in Spec::get().outcomes() {
        assert_eq!(Spec::get().outcome(&outcome.id).map(|found| &found.id), Some(&outcome.id));
    }
}

#[test]
fn every_code_is_known_and_has_the_value_of_the_sdk() {
    for outcome in Spec::get().outcomes() {
        let value = outcome.sdk_value.as_deref().map(|value| value.parse::<HResult>().expect("a number"));
        match outcome.hresult() {
            Some(code) => assert_eq!(value, Some(code), "{}", outcome.id),
            None => {
                assert!(NO_CODES.contains(&outcome.code.as_str()), "{} has an unknown code", outcome.id);
                assert_eq!(value, None, "{}", outcome.id);
            }
        }
    }
}

#[test]
fn an_erratum_of_a_value_is_marked() {
    for outcome in Spec::get().outcomes() {
        let Some(printed) = outcome.documented_value.as_deref().and_then(|text| text.parse::<HResult>().ok())
        else {
            continue;
        };
        assert_eq!(
            outcome.hresult().is_some_and(|code| code != printed),
            outcome.value_erratum,
            "{}",
            outcome.id
        );
    }
}

#[test]
fn a_code_that_does_not_come_as_return_value_says_what_does() {
    for outcome in Spec::get().outcomes() {
        assert_eq!(outcome.via.is_some(), outcome.method_returns.is_some(), "{}", outcome.id);
        if let Place::Status { method } = outcome.place() {
            assert!(Spec::get().method(&method).is_some_and(|method| method.is_async), "{}", outcome.id);
        }
    }
}

#[test]
fn counts_equal_the_index() {
    let index: Index = serde_json::from_str(files::INDEX).expect("index.json parses");
    let interfaces: Vec<_> = Spec::get().interfaces().collect();
    assert_eq!(index.files.len(), interfaces.len());
    let mut total = Counts { methods: 0, outcomes: 0, pairs: 0 };
    for (row, interface) in index.files.iter().zip(interfaces) {
        assert_eq!(
            (row.file.as_str(), &row.interface, &row.header),
            (interface.file, &interface.name, &interface.header)
        );
        let outcomes = interface.methods.iter().flat_map(|method| &method.outcomes);
        let pairs: BTreeSet<(&str, &str)> =
            outcomes.map(|outcome| (outcome.method.as_str(), outcome.code.as_str())).collect();
        let counts = Counts {
            methods: interface.methods.len(),
            outcomes: interface.outcome_count(),
            pairs: pairs.len(),
        };
        let expected = Counts { methods: row.methods, outcomes: row.outcomes, pairs: row.pairs };
        assert_eq!(counts, expected, "{}", row.file);
        total.methods += counts.methods;
        total.outcomes += counts.outcomes;
        total.pairs += counts.pairs;
    }
    assert_eq!(total, index.total);
}

#[test]
fn the_codes_are_those_of_hresults_json() {
    let codes: Vec<Code> = serde_json::from_str(files::HRESULTS).expect("hresults.json parses");
    let documented: BTreeMap<&str, (HResult, &str)> = codes
        .iter()
        .map(|code| {
            let value: HResult = code.value.parse().expect("a number");
            assert_eq!(code.severity == "success", value.is_success(), "{}", code.code);
            (code.code.as_str(), (value, code.meaning.as_str()))
        })
        .collect();
    let ours: BTreeMap<&str, (HResult, &str)> =
        CODES.iter().map(|(value, name, meaning)| (*name, (*value, *meaning))).collect();
    assert_eq!(ours, documented);
}

#[rstest]
#[case("IVssBackupComponentsEx3::RecoverSet", true)]
#[case("CreateVssBackupComponents", true)]
#[case("RecoverSet", false)]
#[case("", false)]
fn a_method_is_found_by_its_full_id(#[case] id: &str, #[case] found: bool) {
    assert_eq!(Spec::get().method(id).is_some(), found);
}

#[rstest]
#[case("recoverset", 1)]
#[case("ivssasync::wait", 1)]
#[case("SaveAsXML", 4)]
#[case("nonsense", 0)]
fn methods_are_found_by_name_in_any_case(#[case] name: &str, #[case] count: usize) {
    assert_eq!(Spec::get().methods_named(name).len(), count);
}

#[test]
fn outcomes_are_found_by_code() {
    let outcomes = Spec::get().outcomes_with(HResult::VSS_E_RESYNC_IN_PROGRESS);
    let ids: Vec<&str> = outcomes.map(|outcome| outcome.id.as_str()).collect();
    assert_eq!(
        ids,
        ["IVssBackupComponentsEx3::AddSnapshotToRecoverySet/VSS_E_RESYNC_IN_PROGRESS/other-resync-running"]
    );
}

#[test]
fn every_case_names_a_documented_outcome_and_its_name_is_its_own() {
    let mut names = BTreeSet::new();
    for case in vss_conformance::cases::all() {
        assert!(Spec::get().outcome(case.outcome).is_some(), "{}: no outcome {}", case.name, case.outcome);
        assert!(names.insert((case.outcome, case.name)), "{} appears twice for {}", case.name, case.outcome);
    }
}

#[test]
fn every_disposition_is_of_a_documented_outcome_without_a_case_and_gives_a_reason() {
    let shown: BTreeSet<&str> = vss_conformance::cases::all().map(|case| case.outcome).collect();
    for (id, disposition) in dispositions() {
        assert!(Spec::get().outcome(id).is_some(), "no outcome {id}");
        assert!(!shown.contains(id.as_str()), "{id} has a case: it needs no disposition");
        assert!(!disposition.reason.trim().is_empty(), "{id} needs a reason");
    }
}
