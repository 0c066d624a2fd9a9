//! The text report with every kind of verdict, and the JSON report.

use vss_conformance::expectations::Expectations;
use vss_conformance::glob::Glob;
use vss_conformance::report::{Colour, Json, Text};
use vss_conformance::run::{Plan, Reporter, Run, Selection, Summary};
use vss_conformance::verdict::ExitCode;
use vss_sim::lab::Lab;

use crate::cases::CASES;
use crate::stand_in::make;

const EXPECT: &str = r#"
    [[expect-fail]]
    outcome = "RecoverSet/VSS_E_BAD_STATE/safe-mode"
    reason = "the stand-in knows no safe mode: ticket 12"

    [[expect-fail]]
    outcome = "RecoverSet/VSS_E_BAD_STATE/no-initialize-*"
    reason = "the stand-in forgot about it once: ticket 7"
"#;

fn run(only: &[&str], expect: &str, reporter: &mut dyn Reporter) -> Summary {
    let selection = Selection { only: only.iter().map(|text| Glob::new(text)).collect(), shard: None };
    let expectations = Expectations::from_toml(expect, "expect.toml").expect("sound expectations");
    let (plan, lab) = (Plan::new(CASES, &selection), Lab::default_lab());
    let run = Run { plan: &plan, expectations: &expectations, lab: &lab, seed: 0 };
    run.execute(&make, reporter).expect("a report in memory can be written")
}

fn text(only: &[&str], expect: &str, colour: Colour) -> (String, ExitCode) {
    let mut bytes = Vec::new();
    let summary = run(only, expect, &mut Text::new(&mut bytes, colour));
    (String::from_utf8(bytes).expect("text"), summary.exit_code())
}

const EVERY_VERDICT: &[&str] = &["AddSnapshotToRecoverySet", "GetSessionId", "RecoverSet"];

#[test]
fn every_verdict_as_text() {
    let (text, code) = text(EVERY_VERDICT, EXPECT, Colour::Off);
    assert_eq!(code, ExitCode::HarnessError);
    insta::assert_snapshot!(text);
}

#[test]
fn a_clean_run_as_text() {
    let (text, code) = text(&["*/winpe", "GetSessionId/S_OK"], "", Colour::Off);
    assert_eq!(code, ExitCode::Verified);
    insta::assert_snapshot!(text);
}

#[test]
fn colour_only_adds_escape_sequences() {
    let (plain, _) = text(EVERY_VERDICT, EXPECT, Colour::Off);
    let (coloured, _) = text(EVERY_VERDICT, EXPECT, Colour::On);
    assert!(coloured.contains('\u{1b}') && !plain.contains('\u{1b}'));
    let mut stripped = String::new();
    let mut parts = coloured.split('\u{1b}');
    stripped.push_str(parts.next().unwrap_or_default());
    for part in parts {
        stripped.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    assert_eq!(stripped, plain);
}

#[test]
fn every_verdict_as_json() {
    let mut bytes = Vec::new();
    run(EVERY_VERDICT, EXPECT, &mut Json::new(&mut bytes));
    insta::assert_snapshot!(String::from_utf8(bytes).expect("text"));
}

#[test]
fn two_runs_give_the_same_bytes() {
    assert_eq!(text(&[], EXPECT, Colour::Off), text(&[], EXPECT, Colour::Off));
}

#[test]
fn what_is_selected_and_not_verified_is_no_success() {
    let (_, code) = text(&["*/dynamic-volume", "GetWriterStatusEx"], "", Colour::Off);
    assert_eq!(code, ExitCode::NothingVerified);
}

#[test]
fn nothing_selected_is_no_success() {
    let (_, code) = text(&["no such thing"], "", Colour::Off);
    assert_eq!(code, ExitCode::NothingSelected);
}

#[test]
fn an_unexpected_pass_is_no_success() {
    let expect = "[[expect-fail]]\noutcome = \"GetSessionId\"\nreason = \"why\"";
    let (_, code) = text(&["GetSessionId/S_OK"], expect, Colour::Off);
    assert_eq!(code, ExitCode::Unexpected);
}
