//! The calls that administer shadow copies.

use std::collections::BTreeSet;

use super::*;

/// A query sets the context.
fn a_query_that_changes(call: &Call, session: &Session, world: &World) -> Option<Verdict> {
    match (call, transitions::decide(call, session, world)) {
        (Call::Query { .. }, Some(Ok(_))) if session.state == State::BackupInit => {
            Some(Ok(Change::SetContext(session.context)))
        }
        (_, verdict) => verdict,
    }
}

/// A set is broken by an operation that bars other calls.
fn a_break_that_bars(call: &Call, session: &Session, world: &World) -> Option<Verdict> {
    match (call, transitions::decide(call, session, world)) {
        (Call::BreakSnapshotSetEx { .. }, Some(Ok(_))) => Some(Ok(Change::Begin(Operation::GatherStatus))),
        (_, verdict) => verdict,
    }
}

/// A set is broken by what frees the creation slot.
fn a_break_that_frees(call: &Call, session: &Session, world: &World) -> Option<Verdict> {
    match (call, transitions::decide(call, session, world)) {
        (Call::BreakSnapshotSet { .. }, Some(Ok(_))) if session.state == State::Aborted => {
            Some(Ok(Change::Abort))
        }
        (_, verdict) => verdict,
    }
}

#[test]
fn administration_that_changes_an_object_is_found() {
    let found = violation(&few(2), wrong(a_query_that_changes), Rule::Administration);
    let calls = ["CreateVssBackupComponents()", "InitializeForBackup()", "Query(shadow copies)"];
    assert_eq!(found.path, calls.map(|call| format!("session 1: {call}")));
    assert_eq!(found.states, [State::BackupInit, State::Released]);
    let found = violation(&few(1), wrong(a_break_that_bars), Rule::Administration);
    assert_eq!(found.path.last().unwrap(), "session 1: BreakSnapshotSetEx(a set)");
    // The object stays as it is: only the slot would not.
    let found = violation(&few(1), wrong(a_break_that_frees), Rule::Administration);
    assert_eq!(found.states, [State::Aborted]);
}

/// There are arguments for both, in every case.
#[test]
fn every_administrative_call_is_let_through_and_refused() {
    let report = explore(&few(1)).unwrap();
    let names: BTreeSet<&str> = administration_calls();
    for name in names {
        let seen = || report.seen.iter().filter(|seen| seen.call.method().name == name);
        assert!(seen().any(|seen| seen.code.is_failure()), "{name} is never refused");
        let reserved = ["PreFastRecovery", "FastRecovery"].contains(&name);
        assert_eq!(seen().any(|seen| seen.code.is_success()), !reserved, "{name}");
        assert!(seen().all(|seen| seen.next == seen.state), "{name}");
    }
    assert!(report.administration.accepted > 0 && report.administration.refused > 0);
}

/// Of copies that are not for this, whoever asks.
#[test]
fn copies_of_other_contexts_are_refused() {
    let report = explore(&few(1)).unwrap();
    let codes = |label: &str| {
        let seen = report.seen.iter().filter(|seen| seen.label == label && seen.state == State::BackupInit);
        seen.map(|seen| seen.code).collect::<BTreeSet<HResult>>()
    };
    for (label, code) in [
        ("RevertToSnapshot(a copy)", HResult::S_OK),
        ("RevertToSnapshot(a copy that goes with its object)", HResult::VSS_E_UNSUPPORTED_CONTEXT),
        ("ExposeSnapshot(a copy, X:)", HResult::S_OK),
        ("ExposeSnapshot(a copy that goes with its object, X:)", HResult::E_INVALIDARG),
        ("ExposeSnapshot(a copy that goes with its object, as a share)", HResult::S_OK),
        ("ExposeSnapshot(a client-accessible copy, X:)", HResult::E_INVALIDARG),
        ("ExposeSnapshot(a client-accessible copy, as a share)", HResult::E_INVALIDARG),
    ] {
        assert_eq!(codes(label), BTreeSet::from([code]), "{label}");
    }
}

fn administration_calls() -> BTreeSet<&'static str> {
    let (_, names) = setting::setting(true);
    administration::calls(&names).iter().map(|labelled| labelled.call.method().name).collect()
}
