//! `vsslab run`

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Failure, lab_from, output, read};
use crate::backends::{self, Choice, Kind};
use crate::case::Case;
use crate::expectations::Expectations;
use crate::glob::Glob;
use crate::nearest::outcome_hint;
use crate::report::{All, Colour, Json, Progress, Text};
use crate::run::{Plan, Reporter, Run, Selection, Shard, Summary};
use crate::spec::Spec;
use crate::verdict::ExitCode;

/// How the report looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

#[derive(Debug, Default, Args)]
pub(super) struct RunArgs {
    /// What to check
    #[arg(long, value_enum, default_value_t = Kind::Sim)]
    backend: Kind,
    /// The DLL with the functions of vssapi.dll, for backends behind COM
    #[arg(long, value_name = "DLL")]
    vssapi: Option<PathBuf>,
    /// The lab that cases load when they need no other; the built-in one unless given
    #[arg(long, value_name = "FILE")]
    lab: Option<PathBuf>,
    /// Only outcomes that match: `RecoverSet`, `IVssAsync`, `*/VSS_E_BAD_STATE/*`, `E_NOTIMPL`; repeatable
    #[arg(long, value_name = "GLOB")]
    only: Vec<Glob>,
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
    let lab = lab_from(args.lab.as_deref())?;
    let expectations = expectations(&args)?;
    let selection = Selection { only: args.only, shard: args.shard };
    if let Some(idle) = idle_filter(&selection) {
        return Err(matches_nothing(idle));
    }
    let choice =
        Choice { kind: args.backend, vssapi: args.vssapi, described: Some(lab.clone()), ..Choice::default() };
    let make = backends::make(&choice).map_err(|error| Failure::Usage(error.to_string()))?;
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

fn idle_filter(selection: &Selection) -> Option<&Glob> {
    selection.only.iter().find(|glob| !Spec::get().outcomes().any(|outcome| glob.selects(outcome)))
}

/// A filter that matches nothing is an error, never a green run.
fn matches_nothing(glob: &Glob) -> Failure {
    let text = glob.to_string();
    let hint = outcome_hint(&text);
    Failure::NothingSelected(format!("nothing selected: no documented outcome matches `{text}`; {hint}"))
}

fn conclude(summary: &Summary) -> ExitCode {
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
