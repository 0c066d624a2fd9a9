//! The pages of `vsslab explain`.

use rstest::rstest;
use vss_conformance::explain::page;

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
    assert!(unknown.near.contains(&meant), "{unknown}");
}
