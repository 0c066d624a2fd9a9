//! Files of expectations that cannot be used say where and why.

use rstest::rstest;
use vss_conformance::expectations::Expectations;

#[rstest]
#[case("unknown_id", "[[expect-fail]]\noutcome = \"RecoverSet/VSS_E_BAD_STATE/winpee\"\nreason = \"why\"\n")]
#[case("no_reason", "[[expect-fail]]\noutcome = \"RecoverSet\"\n")]
#[case("empty_reason", "[[expect-fail]]\noutcome = \"RecoverSet\"\nreason = \" \"\n")]
#[case("unknown_key", "[[expect-fail]]\noutcome = \"RecoverSet\"\nreason = \"why\"\nuntil = 2030\n")]
#[case("no_toml", "[[expect-fail\n")]
fn a_file_that_cannot_be_used(#[case] name: &str, #[case] source: &str) {
    let error = Expectations::from_toml(source, "expect.toml").expect_err("unusable");
    insta::assert_snapshot!(format!("unusable_{name}"), error.to_string());
}
