//! What an exploration has found, to read.

use std::fmt::Write as _;
use std::time::Duration;

use vss_sim::explore::{DeadEnd, Judgement, Limit, Options, Report, Violation};
use vss_sim::lab::{BootMode, Readings};

use super::{arguments, as_in_labs, option_of, per_second, readings};
use crate::cli::shared::count;

pub(super) fn text(options: &Options, report: &Report, took: Duration) -> String {
    let mut text = header(options);
    numbers(&mut text, options, report, took);
    rules(&mut text, report);
    match &report.violation {
        Some(violation) => counterexample(&mut text, violation),
        None => ends(&mut text, report),
    }
    text
}

/// What shapes the search.
fn header(options: &Options) -> String {
    let mode = match options.mode {
        BootMode::Normal => "started as usual".to_owned(),
        mode => format!("started as {}", as_in_labs(mode).as_str().unwrap_or_default()),
    };
    format!(
        "{} on {}, {} {mode}, {} writers\n{} arguments, {}\n\n",
        count(options.sessions, "session"),
        count(options.hosts, "host"),
        options.os,
        if options.writers { "with" } else { "without" },
        arguments(options),
        other_readings(options),
    )
}

fn other_readings(options: &Options) -> String {
    let usual = readings(&Options { readings: Readings::default(), ..options.clone() });
    let others = readings(options).into_iter().filter(|(name, chosen)| usual.get(name) != Some(chosen));
    let named: Vec<String> =
        others.map(|(name, chosen)| format!("{name} = {}", chosen.as_str().unwrap_or_default())).collect();
    match &named[..] {
        [] => "default readings of the documentation".to_owned(),
        named => format!("readings of the documentation: {}", named.join(", ")),
    }
}

fn numbers(text: &mut String, options: &Options, report: &Report, took: Duration) {
    let reached = match (&report.violation, report.limit) {
        (Some(_), _) => "until a rule was broken".to_owned(),
        (None, Some(limit)) => {
            let number = match limit {
                Limit::States => options.states_max,
                Limit::Depth => options.depth_max as usize,
            };
            format!("not all: {} {number} ended the search", option_of(limit))
        }
        (None, None) => "all that can be reached".to_owned(),
    };
    let depth = format!("{reached}; at most {} from the beginning", count(report.depth as usize, "move"));
    row(text, report.states as u64, "states", &depth);
    let kinds = "a kind is all that decides an object's calls: state, context, document, set ...";
    row(text, report.kinds as u64, "kinds of object", kinds);
    row(text, report.moves, "moves", "accepted calls, ends of operations, releases, restarts");
    row(text, report.refusals, "refused calls", "none has changed anything");
    let administration = report.administration.accepted + report.administration.refused;
    row(
        text,
        administration,
        "calls on copies",
        "Query, DeleteSnapshots and the like, once on each kind of object",
    );
    if report.violation.is_none() {
        let finished = "no object can go on: each is released, or nothing but a release is left";
        row(text, report.finished as u64, "finished states", finished);
    }
    row(text, per_second(report, took) as u64, "states/s", "");
}

fn row(text: &mut String, number: u64, what: &str, explained: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}", format!("{number:>12} {what:<16} {explained}").trim_end());
}

fn rules(text: &mut String, report: &Report) {
    let where_to = match report.states {
        _ if report.complete => "every state".to_owned(),
        1 => "the 1 state that was visited".to_owned(),
        states => format!("the {states} states that were visited"),
    };
    let _ = writeln!(text, "\nIn {where_to}:");
    for (rule, judgement) in &report.rules {
        let mark = match judgement {
            Judgement::Holds => "ok",
            Judgement::Broken => "BROKEN",
            Judgement::NotJudged => "not judged",
        };
        let _ = writeln!(text, "  {mark:<10}  {}", rule.text());
    }
}

fn counterexample(text: &mut String, violation: &Violation) {
    let _ = writeln!(text, "\nBroken after:");
    for (number, by) in violation.path.iter().enumerate() {
        let _ = writeln!(text, "  {:>3}. {by}", number + 1);
    }
    for (session, state) in violation.states.iter().enumerate() {
        let _ = writeln!(text, "  session {} is {state}", session + 1);
    }
}

fn ends(text: &mut String, report: &Report) {
    let (so_far, unexplained) = if report.complete {
        ("", "UNEXPECTED")
    } else {
        (", so far", "perhaps only because the limit came first")
    };
    if !report.dead_ends.is_empty() {
        let _ = writeln!(text, "\nStates of an object that nothing leaves but a release{so_far}:");
    }
    for end in &report.dead_ends {
        let _ = writeln!(text, "  {:<28} {}", name(end), end.expected.unwrap_or(unexplained));
    }
    if let Some(rule) = report.dead_ends.iter().find_map(rule_of) {
        let _ = writeln!(text, "  In brackets are rules: `vsslab explain {rule}` tells what one says");
    }
    if !report.unreached.is_empty() {
        let _ = writeln!(text, "\nNot reached{so_far}:");
    }
    for unreached in &report.unreached {
        let _ = writeln!(text, "  {:<28} {}", unreached.state.id(), unreached.because);
    }
}

/// The first rule that is named in brackets.
fn rule_of(end: &DeadEnd) -> Option<&'static str> {
    let (_, named) = end.expected?.split_once('(')?;
    named.split([',', ')']).next()
}

fn name(end: &DeadEnd) -> String {
    match end.context {
        Some(context) => format!("{} ({context})", end.state),
        None => end.state.to_string(),
    }
}
