//! The checks can fail: decisions that are wrong on purpose lead to counterexamples.

mod administered;

use crate::api::{Call, HResult, SnapshotSetId};
use crate::document::SnapshotDescription;
use crate::lab::Lab;
use crate::service::machine::Requester;
use crate::service::objects::session::Session;
use crate::service::transitions::change::{Change, Operation, Verdict};
use crate::service::world::World;
use crate::service::{State, transitions};

use super::object::{Actor, GONE};
use super::rules::{Breaches, marks};
use super::*;

type Decide = fn(&Call, &Session, &World) -> Option<Verdict>;

fn few(sessions: usize) -> Options {
    Options { sessions, arguments: Arguments::Few, ..Options::of(&Lab::default_lab()) }
}

fn wrong(decide: Decide) -> Deciders {
    Deciders { decide, ..Deciders::SIMULATOR }
}

/// What is found of decisions that are wrong about one thing. What is held later is not judged then, and nothing is concluded.
fn violation(options: &Options, deciders: Deciders, broken: Rule) -> Violation {
    let report = explore_by(options, deciders).unwrap();
    assert!(!report.complete && report.limit.is_none());
    let judgements: Vec<Judgement> = report.rules.iter().map(|(_, judgement)| *judgement).collect();
    let expected = Rule::ALL.map(|rule| match rule {
        _ if rule == broken => Judgement::Broken,
        _ if rule.round() > broken.round() => Judgement::NotJudged,
        _ => Judgement::Holds,
    });
    assert_eq!(judgements, expected);
    assert!(report.dead_ends.is_empty() && report.unreached.is_empty() && report.finished == 0);
    let violation = report.violation.expect("a broken rule");
    assert_eq!(violation.rule, broken);
    violation
}

#[test]
fn the_rules_of_the_simulator_hold() {
    for options in [Options::of(&Lab::default_lab()), few(2), Options { hosts: 2, ..few(2) }] {
        let report = explore(&options).unwrap();
        assert!(report.complete, "{:?}", report.violation);
        assert_eq!(report.dead_ends.iter().find(|end| end.expected.is_none()), None);
        assert_eq!(report.rules.iter().find(|(_, judgement)| *judgement != Judgement::Holds), None);
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
    let violation = violation(&few(2), wrong(two_creations), Rule::Slot);
    assert_eq!(violation.states, [State::SetStarted, State::SetStarted]);
    assert_eq!(violation.path.len(), 6, "{:#?}", violation.path);
    assert_eq!(violation.path[5], "session 2: StartSnapshotSet()");
    // On hosts of their own both may create a set.
    let report = explore_by(&Options { hosts: 2, ..few(2) }, wrong(two_creations)).unwrap();
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
    let violation = violation(&few(2), wrong(two_resyncs), Rule::Resync);
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
    let violation = violation(&few(1), wrong(no_way_out), Rule::Stuck);
    let calls = ["CreateVssBackupComponents()", "InitializeForBackup()", "StartSnapshotSet()"];
    assert_eq!(violation.path, calls.map(|call| format!("session 1: {call}")));
}

#[test]
fn an_object_that_is_wrong_by_itself_is_known() {
    let waits = Requester { state: State::Preparing, ..Requester::NEW };
    assert_eq!(marks(&Actor { requester: waits, ..GONE }).wrong, Breaches::of(Rule::Pending));
    assert_eq!(marks(&Actor { gathers_status: true, ..GONE }).wrong, Breaches::of(Rule::Released));
    assert_eq!(marks(&GONE).wrong, Breaches::NONE);
}

/// An import does not look again when it does its work.
fn never_taken(_: &World, _: SnapshotSetId, _: &SnapshotDescription) -> Option<&'static str> {
    None
}

/// Two hosts import a set at the same time; whoever comes second gets nothing.
#[test]
fn a_set_that_is_imported_twice_is_found() {
    let deciders = Deciders { why_not_imported: never_taken, ..Deciders::SIMULATOR };
    let violation = violation(&Options { hosts: 2, ..few(2) }, deciders, Rule::ImportedOnce);
    assert_eq!(violation.states, [State::Imported, State::Imported]);
    let mut path = violation.path;
    path.sort();
    let of_each = [
        "CreateVssBackupComponents()",
        "ImportSnapshots()",
        "InitializeForBackup(a set for transport)",
        "what makes it I_IMPORTING is done",
    ];
    assert_eq!(path, [1, 2].map(|session| of_each.map(|by| format!("session {session}: {by}"))).concat());
    // On one host the call itself sees to it.
    assert_eq!(explore_by(&few(2), deciders).unwrap().violation, None);
}

/// An import is let through although the set was imported.
fn imports_again(call: &Call, session: &Session, world: &World) -> Option<Verdict> {
    match (call, transitions::decide(call, session, world)) {
        (Call::ImportSnapshots { .. }, Some(Err(_))) if session.state == State::BackupInitXml => {
            Some(Ok(Change::Begin(Operation::Import)))
        }
        (_, verdict) => verdict,
    }
}

/// The work of an import looks again, so that a call that should have been refused does no harm; else it is found, also if
/// who imported the set first is gone.
#[test]
fn a_second_import_needs_both_checks_to_fail() {
    assert_eq!(explore_by(&few(1), wrong(imports_again)).unwrap().violation, None);
    let deciders = Deciders { decide: imports_again, why_not_imported: never_taken };
    let violation = violation(&few(1), deciders, Rule::ImportedOnce);
    assert_eq!(violation.path.len(), 9, "{:#?}", violation.path);
    assert_eq!(violation.path[4], "session 1: Release()");
}

/// A limit that no more than coincides with the end has cut nothing off.
#[test]
fn a_limit_that_is_reached_with_the_last_state_is_none() {
    let all = explore(&few(1)).unwrap();
    let counts = |report: &Report| (report.states, report.kinds, report.moves, report.refusals, report.depth);
    let exact = [
        Options { states_max: all.states, ..few(1) },
        Options { depth_max: all.depth, ..few(1) },
        Options { states_max: all.states, depth_max: all.depth, ..few(1) },
    ];
    for options in exact {
        let report = explore(&options).unwrap();
        assert!(report.complete && report.limit.is_none(), "{:?}", report.limit);
        assert_eq!(counts(&report), counts(&all));
    }
    let shallower = explore(&Options { depth_max: all.depth - 1, ..few(1) }).unwrap();
    assert_eq!((shallower.limit, shallower.complete), (Some(Limit::Depth), false));
    // The move that meets the last state may meet others with it.
    let fewer = explore(&Options { states_max: all.states / 2, ..few(1) }).unwrap();
    assert_eq!((fewer.limit, fewer.complete), (Some(Limit::States), false));
}

#[test]
fn a_limit_ends_it() {
    let report = explore(&Options { states_max: 1_000, ..few(2) }).unwrap();
    assert!(!report.complete && report.violation.is_none() && report.states >= 1_000);
    assert_eq!(report.limit, Some(Limit::States));
    let report = explore(&Options { depth_max: 3, ..few(2) }).unwrap();
    assert!(!report.complete && report.depth == 3, "{}", report.depth);
    assert_eq!(report.limit, Some(Limit::Depth));
    let unvisited = explore(&Options { states_max: 1, ..few(2) }).unwrap();
    assert_eq!((unvisited.states, unvisited.kinds, unvisited.moves), (1, 1, 0));
    assert!(!unvisited.complete);
    assert_eq!(explore(&few(4)).unwrap_err(), ExploreError::Sessions(4));
    assert_eq!(explore(&Options { hosts: 0, ..few(1) }).unwrap_err(), ExploreError::Hosts(0));
    let idle = ExploreError::IdleHost { sessions: 1, hosts: 2 };
    assert_eq!(explore(&Options { hosts: 2, ..few(1) }).unwrap_err(), idle);
}

/// WinPE and Safe mode let no writer take part.
#[test]
fn only_a_host_that_is_started_as_usual_has_writers() {
    for (mode, writers) in [(BootMode::Normal, true), (BootMode::WinPe, false), (BootMode::SafeMode, false)] {
        let options = Options::of(&Lab::default_lab().with_host(|host| host.mode = mode));
        assert_eq!((options.mode, options.writers), (mode, writers));
    }
}
