//! `vsslab explore`

mod json;
#[cfg(test)]
mod tests;
mod text;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use serde_json::{Map, Value};
use vss_sim::explore::{Arguments, Limit, Options, Report, STATES_MAX, explore};

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
enum ArgumentsArg {
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
    /// On how many hosts, 1 or 2, each with a session at least: the sessions are on them in turns
    #[arg(long, value_name = "N", default_value_t = 1)]
    hosts: usize,
    /// Which of the valid arguments are tried (wrong ones are always); all for one session, few for several unless given
    #[arg(long, value_enum)]
    arguments: Option<ArgumentsArg>,
    /// Take system and boot mode of the first host, readings and whether there are writers from this lab; its faults,
    /// its providers and its caller do not count
    #[arg(long, value_name = "FILE")]
    lab: Option<PathBuf>,
    /// Stop once so many states are met, or a few more by the last move; the default takes some 3 GB; a search that is
    /// stopped exits with 5
    #[arg(long, value_name = "N", default_value_t = STATES_MAX)]
    states_max: usize,
    /// Stop after so many moves from the beginning; without it, none are too many
    #[arg(long, value_name = "N")]
    depth_max: Option<u32>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl ExploreArgs {
    fn options(&self) -> Result<Options, Failure> {
        let lab = lab_from(self.lab.as_deref())?;
        let all = Options::of(&lab);
        let other = lab.hosts.iter().take(self.hosts).find(|host| (host.os, host.mode) != (all.os, all.mode));
        if let Some(other) = other {
            return Err(Failure::Usage(format!(
                "all hosts of `explore` are of one system, and `{}` is started otherwise than the lab's first host: \
                 explore one host, or give a lab whose hosts are alike",
                other.name
            )));
        }
        let arguments = match (self.arguments, self.sessions) {
            (Some(ArgumentsArg::All), _) | (None, 1) => Arguments::All,
            (Some(ArgumentsArg::Few), _) | (None, _) => Arguments::Few,
        };
        Ok(Options {
            sessions: self.sessions,
            hosts: self.hosts,
            arguments,
            states_max: self.states_max,
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
        Format::Text => text::text(&options, &report, took),
        Format::Json => {
            let json = json::json(&options, &report, took);
            format!("{}\n", serde_json::to_string_pretty(&json).map_err(std::io::Error::other)?)
        }
    };
    output::print(&text)?;
    Ok(exit_code(&report))
}

fn exit_code(report: &Report) -> ExitCode {
    if report.violation.is_some() {
        ExitCode::Unexpected
    } else if report.limit.is_some() {
        // What was not visited may break a rule; and what a limit cuts off can look like a dead end.
        ExitCode::NothingVerified
    } else if report.dead_ends.iter().any(|end| end.expected.is_none()) {
        ExitCode::Unexpected
    } else {
        ExitCode::Verified
    }
}

fn per_second(report: &Report, took: Duration) -> f64 {
    (report.states as f64 / took.as_secs_f64().max(1e-9)).round()
}

/// The option that ended the search.
fn option_of(limit: Limit) -> &'static str {
    match limit {
        Limit::States => "--states-max",
        Limit::Depth => "--depth-max",
    }
}

/// As `--arguments` has it.
fn arguments(options: &Options) -> &'static str {
    if options.arguments == Arguments::All { "all" } else { "few" }
}

/// As a lab writes it.
fn as_in_labs(value: impl serde::Serialize) -> Value {
    // Switches and names can always be written.
    serde_json::to_value(value).unwrap_or_default()
}

/// Each reading as a lab writes it.
fn readings(options: &Options) -> Map<String, Value> {
    match as_in_labs(options.readings) {
        Value::Object(readings) => readings,
        _ => Map::new(),
    }
}
