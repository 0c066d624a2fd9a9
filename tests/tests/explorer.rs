//! What the explorer meets, against every documented entry of `requester-state-machine.json`; and what it leads to in
//! other labs.

#[path = "requester/matrix.rs"]
mod matrix;

use std::collections::BTreeSet;

use matrix::{Entry, out_of_reach_for, reachable_entries};
use rstest::rstest;
use vss_sim::api::{Call, HResult};
use vss_sim::explore::{Arguments, Judgement, Options, Report, Rule, Seen, explore};
use vss_sim::lab::{BootMode, Lab, Os};
use vss_sim::service::State;

/// The call as the matrix names it.
fn entry_name(call: &Call) -> String {
    let name = call.method().name;
    match call {
        Call::InitializeForBackup { bstr_xml: None } => format!("{name}()"),
        Call::InitializeForBackup { .. } | Call::InitializeForRestore { .. } => format!("{name}(xml)"),
        _ => name.to_owned(),
    }
}

/// The state right after the call.
fn next(entry: &Entry) -> &str {
    let first = entry.next.split([' ']).next().unwrap_or_default();
    if first == "same" { &entry.state } else { first }
}

/// Rules that hold under a condition that the entry does not tell: D3 with writers, X5 for the copy that is being made.
const CONDITIONAL: [&str; 2] = ["D3", "X5"];

/// Says where the entry and what was seen differ.
fn check(entry: &Entry, report: &Report) -> Vec<String> {
    let of_entry = |seen: &&Seen| seen.state.id() == entry.state && entry_name(&seen.call) == entry.call;
    let seen: Vec<&Seen> = report.seen.iter().filter(of_entry).collect();
    let (code, next) = (entry.code(), next(entry));
    let mut differences = Vec::new();
    if !seen.iter().any(|seen| seen.code == code && seen.next.id() == next) {
        differences.push(format!("{entry}: {code} and {next} are not among {seen:?}"));
    }
    let holds_always = entry.instead.is_empty() && !CONDITIONAL.contains(&&*entry.rule);
    for seen in seen {
        if code.is_failure() && holds_always && seen.code.is_success() {
            differences.push(format!("{entry}: {} is let through", seen.label));
        }
        if seen.code.is_failure() && seen.next != seen.state {
            differences.push(format!("{entry}: {} is refused and changes the state", seen.label));
        }
    }
    differences
}

#[test]
fn the_explorer_agrees_with_every_documented_entry() {
    let report = explore(&Options::of(&Lab::default_lab())).expect("it can be explored");
    assert_eq!(unreached(&report), []);
    // A release is a move of its own, and nothing can be called after it.
    let is_shown = |entry: &Entry| entry.call != "Release" && entry.state != "RELEASED";
    let shown: Vec<Entry> = reachable_entries().into_iter().filter(is_shown).collect();
    let differences: Vec<String> = shown.iter().flat_map(|entry| check(entry, &report)).collect();
    assert_eq!(differences, [""; 0]);
    assert_eq!(shown.len(), 377);
}

/// The states that the explorer has not met, though calls lead to them.
fn unreached(report: &Report) -> Vec<State> {
    let states = report.unreached.iter().map(|unreached| unreached.state);
    states.filter(|state| out_of_reach_for(state.id()).is_none()).collect()
}

#[rstest]
#[case::as_usual(Os::WindowsServer2022, BootMode::Normal, &[])]
#[case::winpe(
    Os::WindowsServer2022,
    BootMode::WinPe,
    &[
        State::SetStarted,
        State::Volumes,
        State::Preparing,
        State::Prepared,
        State::Snapshotting,
        State::Snapshotted,
        State::SnapshotFailed,
        State::Completing,
        State::Completed,
        State::Aborted,
        State::Importing,
        State::Imported,
        State::Resyncing,
        State::Resynced,
    ],
)]
#[case::client(
    Os::Windows11,
    BootMode::Normal,
    &[State::Importing, State::Imported, State::RecoverySet, State::Resyncing, State::Resynced],
)]
#[case::before_lun_resync(
    Os::WindowsServer2003,
    BootMode::Normal,
    &[State::RecoverySet, State::Resyncing, State::Resynced],
)]
fn what_a_system_leads_to(#[case] os: Os, #[case] mode: BootMode, #[case] never: &[State]) {
    for writers in [false, true] {
        let options = Options { os, mode, writers, ..Options::of(&Lab::default_lab()) };
        let report = explore(&options).expect("it can be explored");
        assert!(report.complete, "{:?}", report.violation);
        assert_eq!(unreached(&report), never);
        assert_eq!(report.dead_ends.iter().find(|end| end.expected.is_none()), None);
    }
}

/// Whatever rule a report names in brackets can be looked up.
#[test]
fn rules_that_are_named_can_be_explained() {
    let report = explore(&Options::of(&Lab::default_lab())).expect("it can be explored");
    let reasons = report.dead_ends.iter().filter_map(|end| end.expected);
    let brackets = reasons.filter_map(|reason| reason.split_once('(')?.1.split_once(')'));
    let named: Vec<&str> = brackets.flat_map(|(named, _)| named.split(", ")).collect();
    assert!(named.contains(&"N3"), "{named:?}");
    for rule in named {
        let page = vss_conformance::explain::page(rule, &[]).unwrap_or_else(|unknown| panic!("{unknown}"));
        assert!(page.starts_with(rule), "{page}");
    }
}

/// Sessions of one host share a slot, and those of different hosts do not; still no rule is broken.
#[test]
fn hosts_have_slots_of_their_own() {
    let few =
        |hosts| Options { sessions: 2, hosts, arguments: Arguments::Few, ..Options::of(&Lab::default_lab()) };
    let [one, two] = [1, 2].map(|hosts| explore(&few(hosts)).expect("it can be explored"));
    assert!(one.complete && two.complete);
    let starts = |report: &Report| {
        let starts = |seen: &&Seen| {
            matches!(seen.call, Call::StartSnapshotSet { .. }) && seen.state == State::BackupInit
        };
        report.seen.iter().filter(starts).map(|seen| seen.code).collect::<BTreeSet<HResult>>()
    };
    assert_eq!(starts(&one), BTreeSet::from([HResult::S_OK, HResult::VSS_E_SNAPSHOT_SET_IN_PROGRESS]));
    assert_eq!(starts(&two), BTreeSet::from([HResult::S_OK]));
}

/// Whoever has imported a set imports none any more (N3), nor does another session import that set again; until then each
/// can begin to.
#[test]
fn a_set_is_imported_once() {
    let few = Options { sessions: 2, arguments: Arguments::Few, ..Options::of(&Lab::default_lab()) };
    let report = explore(&few).expect("it can be explored");
    assert!(report.rules.contains(&(Rule::ImportedOnce, Judgement::Holds)), "{:?}", report.rules);
    let answers = |state: State| {
        let imports = |seen: &&Seen| matches!(seen.call, Call::ImportSnapshots { .. }) && seen.state == state;
        let mut answers: Vec<_> =
            report.seen.iter().filter(imports).map(|seen| (seen.code, seen.next)).collect();
        answers.sort();
        answers
    };
    assert_eq!(answers(State::Imported), [(HResult::VSS_E_BAD_STATE, State::Imported)]);
    let (begins, refused) =
        ((HResult::S_OK, State::Importing), (HResult::VSS_E_BAD_STATE, State::BackupInitXml));
    let mut expected = [begins, refused];
    expected.sort();
    assert_eq!(answers(State::BackupInitXml), expected);
}
