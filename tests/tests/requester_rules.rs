//! The simulator against every documented entry of `requester-state-machine.json`, for the methods that it carries
//! out: real calls lead an object into the state, the call is made, code and next state are compared.

#[path = "requester/drive.rs"]
mod drive;
#[path = "requester/entry_calls.rs"]
mod entry_calls;
#[path = "requester/lead.rs"]
mod lead;
#[path = "requester/matrix.rs"]
mod matrix;

use drive::{Drive, Way};
use matrix::{Entry, documented_entries, reachable_entries};
use rstest::rstest;
use vss_sim::api::*;

/// Makes the entry's call in its state, reached on that way; compares code and next state.
fn check(entry: &Entry, way: Way, promised: HResult, next: &str) {
    let mut drive = Drive::new(entry.state == "B_SNAPSHOT_FAILED");
    let session = drive.reach(&entry.state, way);
    assert_eq!(drive.state(session), entry.state, "the way to {entry} on {way:?}");
    let reply = drive.entry_call(session, &entry.call);
    assert_eq!(reply.hresult, promised, "{entry} on {way:?}");
    let mut states = vec![drive.state(session)];
    if let Some(operation) = drive.operation(&reply) {
        drive.call(operation, Call::Wait { dw_milliseconds: INFINITE });
        states.push(drive.state(session));
        assert_eq!(drive.status(operation), HResult::VSS_S_ASYNC_FINISHED, "{entry} on {way:?}");
    } else {
        assert!(
            !entry.result.contains("async") || promised.is_failure(),
            "{entry} hands out no async object"
        );
    }
    assert_eq!(states, path(next, &entry.state, states.len()), "{entry} on {way:?}");
}

/// `B_SNAPSHOTTING -> B_SNAPSHOTTED or B_SNAPSHOT_FAILED`, as the states seen after the call and after its operation.
fn path(next: &str, same: &str, length: usize) -> Vec<String> {
    let states = next.split(" -> ").map(|part| part.split(" or ").next().unwrap_or(part));
    let mut states: Vec<String> =
        states.map(|state| if state == "same" { same } else { state }.to_owned()).collect();
    states.resize_with(length.max(states.len()), || same.to_owned());
    states
}

/// Every documented entry of a state that calls lead to.
#[test]
fn every_documented_entry_holds() {
    let entries = reachable_entries();
    for entry in &entries {
        check(entry, Way::of(entry), entry.code(), &entry.next);
    }
    assert_eq!(entries.len(), 401);
}

/// The rules that hold instead of an entry's own when their condition does.
#[rstest]
#[case::p6("P6", "PrepareForBackup", &["B_CONTEXT", "B_SET_STARTED", "B_VOLUMES"], Way::WithoutWriters)]
#[case::v5b("V5b", "PrepareForBackup", &["B_SET_STARTED", "B_VOLUMES"], Way::WithoutBackupState)]
#[case::v5e_metadata("V5", "PrepareForBackup", &["B_SET_STARTED", "B_VOLUMES"], Way::WithoutMetadata)]
#[case::d3_metadata("D3", "DoSnapshotSet", &["B_SET_STARTED", "B_VOLUMES"], Way::WithoutMetadata)]
#[case::d3_prepare("D3", "DoSnapshotSet", &["B_SET_STARTED", "B_VOLUMES"], Way::WithWriters)]
#[case::e2("E2", "BackupComplete", &["B_SNAPSHOTTED"], Way::WithoutWriters)]
#[case::q2_count("Q2", "GetWriterStatusCount", &["B_GATHERED", "B_PREPARED", "B_COMPLETED"], Way::WithWriters)]
#[case::q2_status("Q2", "GetWriterStatus", &["B_GATHERED", "B_VOLUMES", "R_GATHERED"], Way::WithWriters)]
#[case::q2_free("Q2", "FreeWriterStatus", &["B_GATHERED", "B_SNAPSHOTTED", "B_ABORTED"], Way::WithWriters)]
fn the_other_case_is_a_bad_state(
    #[case] rule: &str,
    #[case] call: &str,
    #[case] states: &[&str],
    #[case] way: Way,
) {
    for state in states {
        let mut entries = documented_entries();
        entries.retain(|entry| entry.call == call && entry.state == *state);
        let [entry] = &*entries else { panic!("{} entries for {call} in {state}", entries.len()) };
        let is_named = entry.rule == rule || entry.instead.iter().any(|other| other == rule);
        assert!(is_named, "{entry} does not name {rule}");
        check(entry, way, HResult::VSS_E_BAD_STATE, "same");
    }
}

/// Alternatives that the table above has to know: a new one in the file fails here.
#[test]
fn every_alternative_has_its_rows() {
    let mut rules: Vec<String> = documented_entries().into_iter().flat_map(|entry| entry.instead).collect();
    rules.sort();
    rules.dedup();
    assert_eq!(rules, ["D3", "E2", "P6", "V5b"]);
}

/// D2's own case: without writers the set is created from B_VOLUMES.
#[test]
fn without_writers_nothing_has_to_be_prepared() {
    let found =
        documented_entries().into_iter().find(|entry| entry.state == "B_VOLUMES" && entry.rule == "D2");
    let entry = found.expect("rule D2");
    check(&entry, Way::WithoutWriters, HResult::S_OK, &entry.next);
}

/// A completion that is cancelled leaves the object where it was: it still creates its set, and owns the slot.
#[test]
fn who_cancels_the_completion_keeps_the_creation_slot() {
    let mut drive = Drive::new(false);
    let session = drive.reach("B_PREPARED", Way::WithWriters);
    let reply = drive.entry_call(session, "BackupComplete");
    let operation = drive.operation(&reply).expect("an async object");
    assert_eq!(drive.call(operation, Call::Cancel {}).hresult, HResult::S_OK);
    assert_eq!(drive.state(session), "B_PREPARED");
    let other = drive.reach("B_CONTEXT", Way::WithWriters);
    let reply = drive.entry_call(other, "StartSnapshotSet");
    assert_eq!(reply.hresult, HResult::VSS_E_SNAPSHOT_SET_IN_PROGRESS);
}

/// The pages do not say in which states copies can be deleted: these are the inferred ones in which they cannot (G9, F1, X14).
#[rstest]
fn copies_are_deleted_by_no_object_that_is_not_a_backups_or_is_busy(
    #[values(
        "CREATED",
        "B_GATHERING",
        "B_PREPARING",
        "B_SNAPSHOTTING",
        "B_COMPLETING",
        "I_IMPORTING",
        "R_INIT",
        "R_GATHERING",
        "R_GATHERED",
        "R_RECOVERY_SET",
        "R_RESYNCING",
        "R_RESYNCED"
    )]
    state: &str,
) {
    let mut drive = Drive::new(false);
    let session = drive.reach(state, Way::WithWriters);
    assert_eq!(drive.state(session), state);
    assert_eq!(drive.entry_call(session, "DeleteSnapshots").hresult, HResult::VSS_E_BAD_STATE);
    let other = drive.reach("B_INIT", Way::WithWriters);
    assert_eq!(drive.entry_call(other, "DeleteSnapshots").hresult, HResult::S_OK, "it is still there");
}
