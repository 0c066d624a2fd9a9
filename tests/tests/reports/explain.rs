//! The pages of `vsslab explain`.

use rstest::rstest;
use vss_conformance::explain::page;
use vss_conformance::nearest::outcome_hint;

use crate::cases::CASES;

#[rstest]
#[case("a_method", "RecoverSet")]
#[case("an_outcome", "RecoverSet/VSS_E_BAD_STATE/winpe")]
#[case("an_outcome_in_an_out_value", "GetWriterStatusEx/*/phrFailureWriter-component-errors")]
#[case("a_code", "VSS_E_CANNOT_REVERT_DISKID")]
#[case("a_code_by_value", "0x80004001")]
#[case("an_unknown_code", "0x80049999")]
#[case("an_interface", "ivssasync")]
fn a_page(#[case] name: &str, #[case] query: &str) {
    insta::assert_snapshot!(name, page(query, CASES).expect("known"));
}

#[rstest]
#[case("RecoverSte", "RecoverSet")]
#[case("VSS_E_BADSTATE", "VSS_E_BAD_STATE")]
#[case("IVssBackupComponentsEx9", "IVssBackupComponentsEx")]
#[case("RecoverSet/VSS_E_BAD_STATE/win-pe", "RecoverSet/VSS_E_BAD_STATE/winpe")]
fn a_near_miss_is_answered_with_what_was_meant(#[case] query: &str, #[case] meant: &str) {
    let unknown = page(query, CASES).expect_err("unknown");
    assert!(unknown.near.iter().any(|near| near == meant), "{unknown}");
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
