//! The checks can fail: rules that are wrong on purpose lead to counterexamples.

use crate::api::{Call, HResult};
use crate::lab::Lab;
use crate::service::machine::Requester;
use crate::service::objects::session::Session;
use crate::service::transitions::change::{Change, Operation, Verdict};
use crate::service::world::World;
use crate::service::{State, transitions};

use super::object::{Actor, GONE};
use super::*;

fn few(sessions: usize) -> Options {
    Options { sessions, variety: Variety::Few, ..Options::of(&Lab::default_lab()) }
}

fn violation(options: &Options, rules: room::Decide) -> Violation {
    let report = explore_by(options, rules).unwrap();
    assert!(!report.complete);
    report.violation.expect("a broken rule")
}

#[test]
fn the_rules_of_the_simulator_hold() {
    for options in [Options::of(&Lab::default_lab()), few(2), Options { hosts: 2, ..few(2) }] {
        let report = explore(&options).unwrap();
        assert!(report.complete, "{:?}", report.violation);
        assert_eq!(report.dead_ends.iter().find(|end| end.expected.is_none()), None);
    }
}

/// A set is started although another session creates one.
fn two_creations(call: &Call, session: &Session, world: &World) -> Option<Verdict> {
    match (call, transitions::decide(call, session, world)) {
        (Call::StartSnapshotSet { .. }, Some(Err(refusal)))
            if refusal.code == HResult::VSS_E_SNAPSHOT_SET_IN_PROGRESS && session.set.is_none() =>
        {
            Some(Ok(Change::StartSet))
        }
        (_, verdict) => verdict,
    }
}

#[test]
fn a_second_creation_is_found_on_the_shortest_way() {
    let violation = violation(&few(2), two_creations);
    assert_eq!(violation.rule, invariants::SLOT);
    assert_eq!(violation.states, [State::SetStarted, State::SetStarted]);
    assert_eq!(violation.path.len(), 6, "{:#?}", violation.path);
    assert_eq!(violation.path[5], "session 2: StartSnapshotSet()");
    // On hosts of their own both may create a set.
    let report = explore_by(&Options { hosts: 2, ..few(2) }, two_creations).unwrap();
    assert_eq!(report.violation, None);
}

/// A resync begins although another one runs.
fn two_resyncs(call: &Call, session: &Session, world: &World) -> Option<Verdict> {
    match (call, transitions::decide(call, session, world)) {
        (Call::RecoverSet { dw_flags, .. }, Some(Err(refusal)))
            if refusal.code == HResult::VSS_E_RESYNC_IN_PROGRESS =>
        {
            Some(Ok(Change::Begin(Operation::Recover(*dw_flags))))
        }
        (_, verdict) => verdict,
    }
}

#[test]
fn a_second_resync_is_found() {
    let violation = violation(&few(2), two_resyncs);
    assert_eq!(violation.rule, invariants::RESYNC);
    assert_eq!(violation.states, [State::Resyncing, State::Resyncing]);
}

/// Nothing leads out of a set that is begun.
fn no_way_out(call: &Call, session: &Session, world: &World) -> Option<Verdict> {
    match call {
        Call::AbortBackup {} | Call::PrepareForBackup { .. } | Call::DoSnapshotSet { .. } => {
            Some(Ok(Change::Nothing))
        }
        _ => transitions::decide(call, session, world),
    }
}

#[test]
fn a_slot_that_nobody_can_free_is_found() {
    let violation = violation(&few(1), no_way_out);
    assert_eq!(violation.rule, invariants::STUCK);
    let calls = ["CreateVssBackupComponents()", "InitializeForBackup()", "StartSnapshotSet()"];
    assert_eq!(violation.path, calls.map(|call| format!("session 1: {call}")));
}

#[test]
fn an_object_that_is_wrong_by_itself_is_known() {
    let waits = Requester { state: State::Preparing, ..Requester::NEW };
    assert!(invariants::marks(&Actor { requester: waits, ..GONE }).wrong.is_some());
    assert!(invariants::marks(&Actor { gathers_status: true, ..GONE }).wrong.is_some());
    assert_eq!(invariants::marks(&GONE).wrong, None);
}

#[test]
fn a_limit_ends_it() {
    let report = explore(&Options { states_max: 1_000, ..few(2) }).unwrap();
    assert!(!report.complete && report.violation.is_none() && report.states >= 1_000);
    let report = explore(&Options { depth_max: 3, ..few(2) }).unwrap();
    assert!(!report.complete && report.depth == 3, "{}", report.depth);
    assert_eq!(explore(&few(4)).unwrap_err(), ExploreError::Sessions(4));
    assert_eq!(explore(&Options { hosts: 0, ..few(1) }).unwrap_err(), ExploreError::Hosts(0));
}
