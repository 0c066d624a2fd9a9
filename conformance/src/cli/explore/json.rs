//! What an exploration has found, for programs.

use std::time::Duration;

use serde_json::{Value, json};
use vss_sim::explore::{Judgement, Options, Report};

use super::{arguments, as_in_labs, option_of, per_second, readings};

pub(super) fn json(options: &Options, report: &Report, took: Duration) -> Value {
    // Of states that come after a broken rule, nothing is known.
    let concluded = |value: Value| if report.violation.is_none() { value } else { Value::Null };
    json!({
        "options": asked(options),
        "complete": report.complete,
        "limit": report.limit.map(option_of),
        "states": report.states,
        "kinds": report.kinds,
        "moves": report.moves,
        "refusals": report.refusals,
        "administration": {
            "accepted": report.administration.accepted,
            "refused": report.administration.refused,
        },
        "depth": report.depth,
        "finished": concluded(report.finished.into()),
        "states_per_second": per_second(report, took),
        "rules": rules(report),
        "violation": violation(report),
        "dead_ends": concluded(dead_ends(report)),
        "unreached": concluded(unreached(report)),
    })
}

/// What shapes the search.
fn asked(options: &Options) -> Value {
    json!({
        "sessions": options.sessions,
        "hosts": options.hosts,
        "os": options.os.to_string(),
        "mode": as_in_labs(options.mode),
        "writers": options.writers,
        "arguments": arguments(options),
        "readings": readings(options),
        "states_max": options.states_max,
        "depth_max": (options.depth_max != u32::MAX).then_some(options.depth_max),
    })
}

fn rules(report: &Report) -> Value {
    let rules = report.rules.iter().map(|(rule, judgement)| {
        let judgement = match judgement {
            Judgement::Holds => "holds",
            Judgement::Broken => "broken",
            Judgement::NotJudged => "not-judged",
        };
        json!({ "rule": rule.text(), "judgement": judgement })
    });
    rules.collect()
}

fn violation(report: &Report) -> Option<Value> {
    let violation = report.violation.as_ref()?;
    let states: Vec<_> = violation.states.iter().map(|state| state.id()).collect();
    Some(json!({ "rule": violation.rule.text(), "path": violation.path, "states": states }))
}

fn dead_ends(report: &Report) -> Value {
    let dead_ends = report.dead_ends.iter().map(|end| {
        json!({ "state": end.state.id(), "context": end.context, "kinds": end.kinds, "expected": end.expected })
    });
    dead_ends.collect()
}

fn unreached(report: &Report) -> Value {
    let states = report.unreached.iter();
    states.map(|unreached| json!({ "state": unreached.state.id(), "because": unreached.because })).collect()
}
