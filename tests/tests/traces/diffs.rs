//! Differences between traces: ids do not count, extra calls do not shift what follows.

use vss_conformance::trace::{Ignored, Section, diff};

use crate::{probed, sections};

/// `(left line, right line, fields)` of each difference, 0 for a side without the line.
fn rows(left: &[Section], right: &[Section], ignored: &[&str]) -> Vec<(usize, usize, Vec<String>)> {
    let mut ignored = Ignored::new(ignored.iter().map(|field| (*field).to_owned()));
    let diff = diff(left, right, &mut ignored);
    assert!(diff.only_left.is_empty() && diff.only_right.is_empty());
    let rows = diff.pairs.iter().flat_map(|pair| &pair.rows).filter(|row| !row.is_equal());
    rows.map(|row| {
        let number = |line: Option<&vss_conformance::trace::Line>| line.map_or(0, |line| line.number);
        let fields = row.differences.iter().map(|difference| difference.field.clone()).collect();
        (number(row.left.as_deref()), number(row.right.as_deref()), fields)
    })
    .collect()
}

/// The whole text with `line` put in front of line `number`.
fn with_line(text: &str, number: usize, line: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.insert(number - 1, line);
    lines.join("\n")
}

const FIXTURE: &str = include_str!("../../../fixtures/traces/backup-and-resync.jsonl");

fn line_of(part: &str) -> usize {
    FIXTURE.lines().position(|line| line.contains(part)).expect("the fixture has it") + 1
}

#[test]
fn other_ids_are_no_difference() {
    // The reserved prefix of all ids that the simulator draws.
    let other = FIXTURE.replace("7673736c", "7673736d");
    assert_ne!(other, FIXTURE);
    assert_eq!(rows(&sections(FIXTURE), &sections(&other), &[]), []);
}

#[test]
fn one_call_more_is_one_difference() {
    let number = line_of("SetContext");
    let extra = r#"{"on":"session-1","call":{"FreeWriterStatus":{}},"reply":{"hresult":"S_OK"},"at":null}"#;
    let longer = with_line(FIXTURE, number, extra);
    assert_eq!(rows(&sections(FIXTURE), &sections(&longer), &[]), [(0, number, vec![])]);
    assert_eq!(rows(&sections(&longer), &sections(FIXTURE), &[]), [(number, 0, vec![])]);
}

#[test]
fn a_session_more_renames_no_other() {
    let number = line_of("CreateVssBackupComponents");
    // Session 1 becomes 2, as if another had been made before.
    let renumbered = FIXTURE.replace("session-2", "session-3").replace("session-1", "session-2");
    let extra = r#"{"on":"host-1","call":{"ShouldBlockRevert":{"wsz_volume_name":null}},"reply":{"hresult":"S_OK"},"at":null}"#;
    let longer = with_line(&renumbered, number, extra);
    assert_eq!(rows(&sections(FIXTURE), &sections(&longer), &[]), [(0, number, vec![])]);
}

#[test]
fn fields_can_be_left_out() {
    let number = line_of("SaveAsXML");
    let other = FIXTURE.replace("BACKUP_COMPONENTS", "BACKUP_COMPONENTZ");
    let found = rows(&sections(FIXTURE), &sections(&other), &[]);
    assert_eq!(found[0], (number, number, vec!["pbstr_xml".to_owned()]));
    assert_eq!(rows(&sections(FIXTURE), &sections(&other), &["pbstr_xml", "bstr_xml"]), []);
}

#[test]
fn time_counts_once_and_only_where_both_know_it() {
    let later = FIXTURE.replace(r#""at":0}"#, r#""at":7}"#);
    let found = rows(&sections(FIXTURE), &sections(&later), &[]);
    assert!(!found.is_empty() && found.iter().all(|(.., fields)| *fields == ["at"]), "{found:?}");
    assert!(
        found.len() <= 2,
        "a clock that is ahead is told once, and once when it is not any more: {found:?}"
    );
    let timeless = without_times(FIXTURE);
    assert_eq!(rows(&sections(FIXTURE), &sections(&timeless), &[]), []);
}

/// The same without any time.
fn without_times(text: &str) -> String {
    let line = |line: &str| match line.rsplit_once(r#""at":"#) {
        Some((before, _)) => format!(r#"{before}"at":null}}"#),
        None => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_recording_without_a_lab_compares_with_one_of_a_lab() {
    let without: String =
        FIXTURE.lines().filter(|line| !line.starts_with(r#"{"load""#)).collect::<Vec<_>>().join("\n");
    assert_ne!(without, FIXTURE);
    assert_eq!(rows(&sections(FIXTURE), &sections(&without), &[]), []);
}

#[test]
fn cases_are_compared_by_name() {
    let both = probed(&["GetSessionId/S_OK", "Cancel/*"]);
    let one = probed(&["Cancel/*"]);
    let (both, one) = (sections(&both), sections(&one));
    let mut ignored = Ignored::default();
    let diff = diff(&both, &one, &mut ignored);
    assert_eq!(diff.pairs.len(), one.len());
    assert!(diff.pairs.iter().all(|pair| pair.differences() == 0));
    assert_eq!(diff.only_left.len(), both.len() - one.len());
    assert!(
        diff.only_left.iter().all(|section| {
            section.case.as_ref().is_some_and(|case| case.outcome.contains("GetSessionId"))
        })
    );
}

#[test]
fn an_id_spelled_alike_can_be_the_wrong_one() {
    let trace = |ids: [u32; 2]| {
        let header =
            r#"{"trace":"vsslab","version":2,"target":{"backend":"sim","os":"windows-server-2022"}}"#
                .to_owned();
        let name = |n| format!(r#"{{"name":"session-{n}","id":"7673736c-0000-8000-8000-00000000000{n}"}}"#);
        let call = |n: u32| {
            format!(
                r#"{{"on":"session-1","call":{{"GetSessionId":{{}}}},"reply":{{"hresult":"S_OK","out":{{"GetSessionId":{{"id_session":"@session-{n}"}}}}}},"at":null}}"#
            )
        };
        [header, name(1), name(2), call(ids[0]), call(ids[1])].join("\n")
    };
    let [same, other] = [trace([1, 1]), trace([2, 1])];
    assert_eq!(rows(&sections(&same), &sections(&trace([2, 2])), &[]), []);
    assert_eq!(rows(&sections(&same), &sections(&other), &[]), [(5, 5, vec!["id_session".to_owned()])]);
}
