//! `vsslab explore`

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use vss_sim::explore::{DeadEnd, Options, Report, Variety, Violation, explore};

use super::shared::count;
use super::{Failure, lab_from, output};
use crate::verdict::ExitCode;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines to read
    #[default]
    Text,
    /// The same as one JSON object
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Arguments {
    /// Every context, every kind of document, two volumes, status gathered at any time
    All,
    /// Two contexts, one document, one volume, no status
    Few,
}

#[derive(Debug, Args)]
pub(super) struct ExploreArgs {
    /// How many sessions, 1 to 3; with few arguments, 2 have some 100,000 states and 3 tens of millions
    #[arg(long, value_name = "N", default_value_t = 2)]
    sessions: usize,
    /// On how many hosts, 1 or 2: the sessions are on them in turns
    #[arg(long, value_name = "N", default_value_t = 1)]
    hosts: usize,
    /// Which of the valid arguments are tried (wrong ones are always); all for one session, few for several unless given
    #[arg(long, value_enum)]
    arguments: Option<Arguments>,
    /// Take system, boot mode, readings and whether there are writers from this lab
    #[arg(long, value_name = "FILE")]
    lab: Option<PathBuf>,
    /// Stop after so many states
    #[arg(long, value_name = "N")]
    states_max: Option<usize>,
    /// Stop after so many moves
    #[arg(long, value_name = "N")]
    depth_max: Option<u32>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl ExploreArgs {
    fn options(&self) -> Result<Options, Failure> {
        let all = Options::of(&lab_from(self.lab.as_deref())?);
        let variety = match (self.arguments, self.sessions) {
            (Some(Arguments::All), _) | (None, 1) => Variety::All,
            (Some(Arguments::Few), _) | (None, _) => Variety::Few,
        };
        Ok(Options {
            sessions: self.sessions,
            hosts: self.hosts,
            variety,
            states_max: self.states_max.unwrap_or(all.states_max),
            depth_max: self.depth_max.unwrap_or(all.depth_max),
            ..all
        })
    }
}

pub(super) fn run(args: &ExploreArgs) -> Result<ExitCode, Failure> {
    let options = args.options()?;
    let start = Instant::now();
    let report = explore(&options).map_err(|error| Failure::Usage(error.to_string()))?;
    let took = start.elapsed();
    let text = match args.format {
        Format::Text => text(&options, &report, took),
        Format::Json => {
            let json = serde_json::to_string_pretty(&json(&report, took)).map_err(std::io::Error::other)?;
            format!("{json}\n")
        }
    };
    output::print(&text)?;
    // What a limit cuts off can look like a dead end.
    let surprise = report.complete && report.dead_ends.iter().any(|end| end.expected.is_none());
    let unexpected = report.violation.is_some() || surprise;
    Ok(if unexpected { ExitCode::Unexpected } else { ExitCode::Verified })
}

fn per_second(report: &Report, took: Duration) -> f64 {
    (report.states as f64 / took.as_secs_f64().max(1e-9)).round()
}

fn text(options: &Options, report: &Report, took: Duration) -> String {
    let mut text = format!(
        "{} on {}, {}, {} writers, {} arguments\n\n",
        count(options.sessions, "session"),
        count(options.hosts, "host"),
        options.os,
        if options.writers { "with" } else { "without" },
        if options.variety == Variety::All { "all" } else { "few" },
    );
    let reached = match (&report.violation, report.complete) {
        (Some(_), _) => "until a rule was broken",
        (None, true) => "all that can be reached",
        (None, false) => "until a limit came: there are more",
    };
    let depth = format!("{reached}; at most {} from the beginning", count(report.depth as usize, "move"));
    row(&mut text, report.states as u64, "states", &depth);
    row(&mut text, report.objects as u64, "objects", "differ in what decides what can be done with them");
    let accepted = "accepted calls, ends of operations, releases, restarts";
    row(&mut text, report.transitions, "transitions", accepted);
    row(&mut text, report.refusals, "refused calls", "none has changed anything");
    row(&mut text, report.all_at_dead_ends as u64, "dead ends", "nothing goes on but by a release");
    row(&mut text, per_second(report, took) as u64, "states/s", "");
    text.push_str("\nIn every state:\n");
    let broken = report.violation.as_ref().map(|violation| violation.rule);
    for rule in &report.rules {
        let mark = if broken == Some(rule) { "BROKEN" } else { "ok" };
        let _ = writeln!(text, "  {mark:<6}  {rule}");
    }
    if let Some(violation) = &report.violation {
        counterexample(&mut text, violation);
    }
    text.push_str("\nStates of an object that nothing leaves but a release:\n");
    let unexplained = if report.complete { "UNEXPECTED" } else { "perhaps for the limit alone" };
    for end in &report.dead_ends {
        let _ = writeln!(text, "  {:<28} {}", name(end), end.expected.unwrap_or(unexplained));
    }
    if !report.unreached.is_empty() {
        text.push_str("\nNot reached:\n");
    }
    for unreached in &report.unreached {
        let _ = writeln!(text, "  {:<28} {}", unreached.state.id(), unreached.because);
    }
    text
}

fn row(text: &mut String, number: u64, what: &str, explained: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}", format!("{number:>12} {what:<14} {explained}").trim_end());
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

fn name(end: &DeadEnd) -> String {
    match end.context {
        Some(context) => format!("{} ({context})", end.state),
        None => end.state.to_string(),
    }
}

fn json(report: &Report, took: Duration) -> Value {
    let dead_ends = report.dead_ends.iter().map(|end| {
        json!({ "state": end.state.id(), "context": end.context, "objects": end.objects, "expected": end.expected })
    });
    let unreached = report
        .unreached
        .iter()
        .map(|unreached| json!({ "state": unreached.state.id(), "because": unreached.because }));
    let violation = report.violation.as_ref().map(|violation| {
        let states: Vec<_> = violation.states.iter().map(|state| state.id()).collect();
        json!({ "rule": violation.rule, "path": violation.path, "states": states })
    });
    json!({
        "complete": report.complete,
        "states": report.states,
        "objects": report.objects,
        "transitions": report.transitions,
        "refusals": report.refusals,
        "depth": report.depth,
        "all_at_dead_ends": report.all_at_dead_ends,
        "states_per_second": per_second(report, took),
        "rules": report.rules,
        "violation": violation,
        "dead_ends": dead_ends.collect::<Vec<_>>(),
        "unreached": unreached.collect::<Vec<_>>(),
    })
}
