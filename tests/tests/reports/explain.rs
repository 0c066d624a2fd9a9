//! The pages of `vsslab explain`.

use rstest::rstest;
use vss_conformance::explain::page;
use vss_conformance::nearest::outcome_hint;
use vss_conformance::spec::files::{OBSERVED, REQUESTER_STATE_MACHINE};

use crate::cases::CASES;

#[rstest]
#[case("a_method", "RecoverSet")]
#[case("an_outcome", "RecoverSet/VSS_E_BAD_STATE/winpe")]
#[case("an_outcome_in_an_out_value", "GetWriterStatusEx/*/phrFailureWriter-component-errors")]
#[case("a_code", "VSS_E_CANNOT_REVERT_DISKID")]
#[case("a_code_by_value", "0x80004001")]
#[case("an_unknown_code", "0x80049999")]
#[case("an_interface", "ivssasync")]
#[case("a_reading", "break-identity")]
#[case("a_state", "i_imported")]
#[case("a_state_that_answers_as_others", "R_RECOVERY_SET")]
#[case("a_state_that_is_none", "RELEASED")]
#[case("a_rule", "n3")]
#[case("a_rule_and_an_observation", "O1")]
#[case("a_reason_without_a_name", "the lab has no such host (inferred): it has 1 `SRV`")]
fn a_page(#[case] name: &str, #[case] query: &str) {
    insta::assert_snapshot!(name, page(query, CASES).expect("known"));
}

#[rstest]
#[case("RecoverSte", "RecoverSet")]
#[case("VSS_E_BADSTATE", "VSS_E_BAD_STATE")]
#[case("IVssBackupComponentsEx9", "IVssBackupComponentsEx")]
#[case("RecoverSet/VSS_E_BAD_STATE/win-pe", "RecoverSet/VSS_E_BAD_STATE/winpe")]
#[case("Recover", "RecoverSet")]
#[case("IMPORTED", "I_IMPORTED")]
#[case("exposedagain", "exposed-again")]
#[case("N9", "N5")]
#[case("O99", "O62")]
fn a_near_miss_is_answered_with_what_was_meant(#[case] query: &str, #[case] meant: &str) {
    let unknown = page(query, CASES).expect_err("unknown");
    assert!(unknown.near.iter().any(|near| near == meant), "{unknown}");
}

/// What WhyRefused answers can be asked about as it is.
#[rstest]
#[case(
    "IVssBackupComponents::PrepareForBackup/VSS_E_BAD_STATE/out-of-sequence (SetBackupState must come first)",
    "PrepareForBackup/VSS_E_BAD_STATE/out-of-sequence"
)]
#[case("a set is imported once (N3) (inferred)", "N3")]
#[case("a copy has one exposed name (exposed-again) (inferred)", "exposed-again")]
#[case("O7: the volume is in the set already, by this name or another (observed)", "O7")]
fn the_reason_of_a_refusal(#[case] reason: &str, #[case] name: &str) {
    assert_eq!(page(reason, CASES), page(name, CASES));
    assert!(page(reason, CASES).is_ok());
}

/// Each once, although O1 to O3 are rules and observations.
#[test]
fn nothing_is_suggested_twice() {
    assert_eq!(page("O0", CASES).expect_err("unknown").near, ["O1", "O2", "O3"]);
}

/// As for `--only` and `--expect`.
#[rstest]
#[case("VSS_E_BADSTATE", "did you mean VSS_E_BAD_STATE?")]
#[case("winpe", "did you mean */winpe?")]
#[case("RecoverSet/VSS_E_BADSTATE/winpe", "did you mean RecoverSet/VSS_E_BAD_STATE/winpe?")]
#[case("RecoverSets/VSS_E_BAD_STATE/win-pe", "did you mean RecoverSet/VSS_E_BAD_STATE/winpe?")]
#[case("RecoverSet/VSS_E_BAD_STATE/xxx", "`vsslab list RecoverSet` shows its outcomes")]
#[case("RecoverSet/E_FAIL", "`vsslab list RecoverSet` shows its outcomes")]
#[case(
    "IVssBackupComponents::RecoverSet/VSS_E_BAD_STATE/winpe",
    "did you mean IVssBackupComponentsEx3::RecoverSet/VSS_E_BAD_STATE/winpe?"
)]
#[case(
    "AddToSnapshotSet/VSS_E_VOLUME_NOT_SUPPORTED/chosen-provider-refuses",
    "did you mean AddToSnapshotSet/*/chosen-provider-refuses?"
)]
#[case("*/VSS_E_BADSTATE/*", "did you mean */VSS_E_BAD_STATE/*?")]
#[case("nothing/of/the/kind", "`vsslab list` shows every outcome")]
fn a_filter_that_matches_nothing(#[case] text: &str, #[case] hint: &str) {
    assert_eq!(outcome_hint(text), hint);
}

/// Every rule, every observation and every state has a page, with all that is said of it.
#[test]
fn what_is_named_in_short_can_be_looked_up() {
    let machine: serde_json::Value = serde_json::from_str(REQUESTER_STATE_MACHINE).expect("JSON");
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let rules = machine["rules"].as_array().expect("a list").iter();
    let rules = rules.map(|rule| (text(&rule["id"]), text(&rule["source"])));
    let rows =
        OBSERVED.lines().filter_map(|line| line.strip_prefix("| O")?.strip_suffix(" |")?.split_once(" | "));
    let last = |cells: &str| cells.rsplit(" | ").next().unwrap_or_default().to_owned();
    let rows = rows.filter(|(number, _)| number.parse::<u32>().is_ok());
    let observations = rows.map(|(number, cells)| (format!("O{number}"), last(cells)));
    let states = machine["states"].as_array().expect("a list").iter();
    let states = states.map(|state| (text(&state["id"]), text(&state["meaning"])));
    let named: Vec<(String, String)> = rules.chain(observations).chain(states).collect();
    assert!(named.len() > 220, "{}", named.len());
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (id, said) in named {
        let page = page(&id, CASES).unwrap_or_else(|unknown| panic!("{unknown}"));
        assert!(words(&page).contains(&words(&said)), "{id} does not say {said}:\n{page}");
    }
}
