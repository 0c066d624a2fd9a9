//! `vsslab run`

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::shared::{SuiteArgs, refuse_idle_filters};
use super::{Failure, lab_from, output, read};
use crate::backends;
use crate::case::Case;
use crate::expectations::Expectations;
use crate::report::{All, Colour, Json, Progress, Text};
use crate::run::{Plan, Reporter, Run, Selection, Shard, Summary};
use crate::verdict::ExitCode;

/// How the report looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

#[derive(Debug, Default, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    suite: SuiteArgs,
    /// The form of the report
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write the report to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// For cases that draw something at random
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Run part K of N, such as hash:1/4; an outcome's part never changes
    #[arg(long, value_name = "hash:K/N")]
    shard: Option<Shard>,
    /// A TOML file of outcomes that are expected to fail, each with a reason
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,
}

pub(super) fn run(args: RunArgs, cases: &[Case]) -> Result<ExitCode, Failure> {
    let lab = lab_from(args.suite.lab.as_deref())?;
    let expectations = expectations(&args)?;
    let selection = Selection { only: args.suite.only, shard: args.shard };
    refuse_idle_filters(&selection)?;
    let make = args.suite.on.make(&lab)?;
    let plan = Plan::new(cases, &selection);
    if plan.entries.is_empty() {
        let why = if selection.shard.is_some() {
            "this shard is empty; use fewer shards"
        } else {
            "there are no cases"
        };
        return Err(Failure::NothingSelected(format!("nothing selected: {why}")));
    }

    let to = output::to(args.output.as_deref())?;
    let colour = if args.output.is_some() { Colour::Off } else { Colour::for_stream(&io::stdout()) };
    let mut reporters = reporters(args.format, to, colour);
    let run = Run { plan: &plan, expectations: &expectations, lab: &lab, seed: args.seed };
    let summary = run.execute(make.as_ref(), &mut reporters)?;
    if let Some(path) = &args.output {
        output::say(&format!("{}: report in {}", counts(&summary), path.display()));
    }
    let left = backends::left_alive(&args.suite.on.choice(&lab));
    if left > 0 {
        output::say(&format!("harness error: {left} COM objects are still referred to after the last case"));
        return Ok(ExitCode::HarnessError);
    }
    Ok(conclude(&summary))
}

fn expectations(args: &RunArgs) -> Result<Expectations, Failure> {
    let Some(path) = &args.expect else { return Ok(Expectations::NONE) };
    let source = read(path)?;
    Expectations::from_toml(&source, &path.display().to_string())
        .map_err(|error| Failure::Usage(error.to_string()))
}

fn reporters<'r>(format: Format, to: Box<dyn Write + 'r>, colour: Colour) -> impl Reporter + 'r {
    let all = if io::stderr().is_terminal() { All::default().and(Progress::new()) } else { All::default() };
    match format {
        Format::Text => all.and(Text::new(to, colour)),
        Format::Json => all.and(Json::new(to)),
    }
}

pub(super) fn conclude(summary: &Summary) -> ExitCode {
    let code = summary.exit_code();
    match code {
        ExitCode::NothingVerified => output::say(
            "nothing verified: all of it was skipped or has no case; that counts as an error (exit code 5)",
        ),
        ExitCode::HarnessError => {
            output::say(
                "harness error: a case is broken, which says nothing about the backend (exit code 3)",
            );
        }
        _ => {}
    }
    code
}

fn counts(summary: &Summary) -> String {
    let counts: Vec<String> = summary
        .totals
        .counts()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    counts.join(", ")
}
