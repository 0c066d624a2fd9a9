//! What is said of an exploration, and the exit code.

use std::time::Duration;

use serde_json::json;
use vss_sim::explore::{
    Administration, DeadEnd, Judgement, Limit, Options, Report, Rule, Unreached, Violation,
};
use vss_sim::lab::{BootMode, DuringRestore, Lab};
use vss_sim::service::State;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn options() -> Options {
    Options { sessions: 2, states_max: 20, ..Options::of(&Lab::default_lab()) }
}

/// Of two sessions, of which one has come to an end that nobody expected.
fn complete() -> Report {
    Report {
        complete: true,
        limit: None,
        states: 12,
        kinds: 3,
        moves: 40,
        refusals: 50,
        administration: Administration { accepted: 6, refused: 7 },
        depth: 4,
        dead_ends: vec![DeadEnd { state: State::Completed, context: None, kinds: 1, expected: None }],
        finished: 2,
        unreached: vec![Unreached { state: State::Selected, because: "no way" }],
        rules: vec![(Rule::Released, Judgement::Holds), (Rule::Resync, Judgement::Holds)],
        violation: None,
        seen: Vec::new(),
    }
}

fn limited() -> Report {
    Report { complete: false, limit: Some(Limit::States), ..complete() }
}

fn violated() -> Report {
    let path = ["session 1: A()", "session 2: B()"].map(str::to_owned).to_vec();
    let states = vec![State::Created, State::Released];
    let rules = [
        (Rule::Released, Judgement::Holds),
        (Rule::Resync, Judgement::Broken),
        (Rule::Stuck, Judgement::NotJudged),
    ];
    Report {
        complete: false,
        dead_ends: Vec::new(),
        finished: 0,
        unreached: Vec::new(),
        rules: rules.to_vec(),
        violation: Some(Violation { rule: Rule::Resync, path, states }),
        ..complete()
    }
}

#[test]
fn a_limit_verifies_nothing_and_a_broken_rule_is_unexpected() {
    let expected = DeadEnd { expected: Some("it is done"), ..complete().dead_ends.remove(0) };
    let well = Report { dead_ends: vec![expected], ..complete() };
    assert_eq!(exit_code(&well), ExitCode::Verified);
    assert_eq!(exit_code(&complete()), ExitCode::Unexpected);
    assert_eq!(exit_code(&limited()), ExitCode::NothingVerified);
    assert_eq!(exit_code(&Report { limit: None, ..violated() }), ExitCode::Unexpected);
}

const NUMBERS: &str = "           3 kinds of object  a kind is all that decides an object's calls: state, context, document, set ...
          40 moves            accepted calls, ends of operations, releases, restarts
          50 refused calls    none has changed anything
          13 calls on copies  Query, DeleteSnapshots and the like, once on each kind of object
";
const FINISHED: &str =
    "           2 finished states  no object can go on: each is released, or nothing but a release is left\n";

#[test]
fn a_counterexample_ends_the_report() {
    let text = text::text(&options(), &violated(), SECOND);
    let expected = format!(
        "\
2 sessions on 1 host, windows-server-2022 started as usual, with writers
all arguments, default readings of the documentation

          12 states           until a rule was broken; at most 4 moves from the beginning
{NUMBERS}          12 states/s

In the 12 states that were visited:
  ok          a released object owns nothing
  BROKEN      a host's resync is that of the one session whose RecoverSet is pending
  not judged  whoever owns the creation slot (only one set is created at a time) can free it by calls of its own

Broken after:
    1. session 1: A()
    2. session 2: B()
  session 1 is CREATED
  session 2 is RELEASED
"
    );
    assert_eq!(text, expected);
}

#[test]
fn a_limit_is_named() {
    let text = text::text(&options(), &limited(), SECOND);
    let expected = format!(
        "          12 states           not all: --states-max 20 ended the search; at most 4 moves from the beginning
{NUMBERS}{FINISHED}          12 states/s

In the 12 states that were visited:
  ok          a released object owns nothing
  ok          a host's resync is that of the one session whose RecoverSet is pending

States of an object that nothing leaves but a release, so far:
  B_COMPLETED                  perhaps only because the limit came first

Not reached, so far:
  R_SELECTED                   no way
"
    );
    assert_eq!(text.split_once("\n\n").map(|(_, text)| text), Some(&*expected));
    let depth = Report { limit: Some(Limit::Depth), states: 1, ..limited() };
    let text = text::text(&Options { depth_max: 3, ..options() }, &depth, SECOND);
    assert!(text.contains("not all: --depth-max 3 ended the search; at most 4 moves"), "{text}");
    assert!(text.contains("\nIn the 1 state that was visited:\n"), "{text}");
}

#[test]
fn what_is_complete_is_said_of_every_state() {
    let text = text::text(&options(), &complete(), SECOND);
    assert!(
        text.contains("          12 states           all that can be reached; at most 4 moves"),
        "{text}"
    );
    assert!(text.contains("\nIn every state:\n  ok          a released object owns nothing\n"), "{text}");
    assert!(text.contains("  B_COMPLETED                  UNEXPECTED\n"), "{text}");
    let nothing = Report { dead_ends: Vec::new(), unreached: Vec::new(), ..complete() };
    let text = text::text(&options(), &nothing, SECOND);
    assert!(
        text.ends_with(
            "  ok          a host's resync is that of the one session whose RecoverSet is pending\n"
        ),
        "a heading over nothing: {text}"
    );
}

#[test]
fn the_header_tells_what_shapes_the_search() {
    let mut other = Options { hosts: 2, mode: BootMode::WinPe, writers: false, ..options() };
    other.readings.during_restore = DuringRestore::Literal;
    let text = text::text(&other, &complete(), SECOND);
    let header = "\
2 sessions on 2 hosts, windows-server-2022 started as winpe, without writers
all arguments, readings of the documentation: during-restore = literal
";
    assert_eq!(text.split_once("\n\n").map(|(header, _)| format!("{header}\n")).as_deref(), Some(header));
    let json = json::json(&Options { depth_max: 9, ..other }, &complete(), SECOND);
    let mut options = json["options"].clone();
    let readings = options["readings"].take();
    assert_eq!(readings["during-restore"], "literal");
    assert_eq!(readings["newer-copies"], "lost");
    let expected = json!({
        "sessions": 2, "hosts": 2, "os": "windows-server-2022", "mode": "winpe", "writers": false,
        "arguments": "all", "readings": null, "states_max": 20, "depth_max": 9,
    });
    assert_eq!(options, expected);
}

#[test]
fn programs_get_the_counterexample() {
    let mut json = json::json(&options(), &violated(), SECOND);
    assert_eq!(json["options"].take()["depth_max"], json!(null));
    let expected = json!({
        "options": null, "complete": false, "limit": null,
        "states": 12, "kinds": 3, "moves": 40, "refusals": 50, "depth": 4,
        "administration": { "accepted": 6, "refused": 7 },
        "finished": null, "states_per_second": 12.0,
        "rules": [
            { "rule": "a released object owns nothing", "judgement": "holds" },
            { "rule": "a host's resync is that of the one session whose RecoverSet is pending", "judgement": "broken" },
            { "rule": "whoever owns the creation slot (only one set is created at a time) can free it by calls of its own", "judgement": "not-judged" },
        ],
        "violation": {
            "rule": "a host's resync is that of the one session whose RecoverSet is pending", "path": ["session 1: A()", "session 2: B()"], "states": ["CREATED", "RELEASED"],
        },
        "dead_ends": null, "unreached": null,
    });
    assert_eq!(json, expected);
}

#[test]
fn programs_get_the_limit_and_the_ends() {
    let json = json::json(&options(), &limited(), SECOND);
    assert_eq!(json["limit"], "--states-max");
    assert_eq!(json["finished"], 2);
    assert_eq!(
        json["dead_ends"],
        json!([{ "state": "B_COMPLETED", "context": null, "kinds": 1, "expected": null }])
    );
    assert_eq!(json["unreached"], json!([{ "state": "R_SELECTED", "because": "no way" }]));
}
