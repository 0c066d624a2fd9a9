//! `vsslab provider`: the suite for hardware providers.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use clap::{Args, Subcommand};
use vss_sim::lab::Lab;
use vss_sim::provider::{MakeProvider, reference};

use super::run::{Format, conclude};
use super::shared::refuse_idle_filters;
use super::{Failure, lab_from, output};
use crate::case::Case;
use crate::cases;
use crate::expectations::Expectations;
use crate::glob::Glob;
use crate::nearest::nearest;
use crate::provider::process::{Isolated, serve};
use crate::provider::{Conformance, Profile, simulated, zoo};
use crate::report::{All, Colour, Json, Progress, Text};
use crate::run::{Plan, Run, Selection};
use crate::verdict::ExitCode;

#[derive(Debug, Subcommand)]
pub(super) enum ProviderCommand {
    /// Call a hardware provider as VSS does, in every order, and say whether it keeps the contract
    Run(ProviderRunArgs),
    /// Run the cases that standard input names; what `run` starts for a provider in a process of its own
    #[command(hide = true)]
    Serve(ServeArgs),
    /// Run every case on every wrong provider of the zoo, and print which case catches which
    Mutants,
}

/// Which provider is under test.
#[derive(Clone, Debug, Args)]
struct WhichArgs {
    /// The provider: `reference`, or a wrong one of `vsslab provider mutants`
    #[arg(long, value_name = "NAME", default_value = REFERENCE)]
    provider: String,
    /// The lab; its first provider is the one under test
    #[arg(long, value_name = "FILE")]
    lab: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    which: WhichArgs,
}

#[derive(Debug, Args)]
pub(super) struct ProviderRunArgs {
    #[command(flatten)]
    which: WhichArgs,
    /// What it claims to be able to do, and so which cases it may not skip
    #[arg(long, value_enum, default_value_t)]
    profile: Profile,
    /// Only outcomes that match: `CommitSnapshots`, `*/VSS_E_PROVIDER_VETO/*`; repeatable
    #[arg(long, value_name = "GLOB")]
    only: Vec<Glob>,
    /// Run the provider in a process of its own, and end that when a call takes longer than this many seconds
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<u64>,
    /// The form of the report
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write the report to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

const REFERENCE: &str = "reference";

pub(super) fn provider(command: ProviderCommand) -> Result<ExitCode, Failure> {
    match command {
        ProviderCommand::Run(args) => run(args),
        ProviderCommand::Serve(args) => {
            let (lab, make) = args.which.lab_and_provider()?;
            serve(&lab, make)?;
            Ok(ExitCode::Verified)
        }
        ProviderCommand::Mutants => mutants(),
    }
}

impl WhichArgs {
    fn lab_and_provider(&self) -> Result<(Lab, MakeProvider), Failure> {
        Ok((lab_from(self.lab.as_deref())?, made(&self.provider)?))
    }

    /// The same provider in a process of its own.
    fn isolated(self, limit: Duration) -> Result<Isolated, Failure> {
        let program = std::env::current_exe()?;
        let command = move || {
            let mut command = Command::new(&program);
            command.args(["provider", "serve", "--provider", &self.provider]);
            if let Some(lab) = &self.lab {
                command.arg("--lab").arg(lab);
            }
            command
        };
        Isolated::new(command, limit).map_err(Failure::Usage)
    }
}

fn run(args: ProviderRunArgs) -> Result<ExitCode, Failure> {
    let (lab, make) = args.which.lab_and_provider()?;
    let selection = Selection { only: args.only, shard: None };
    refuse_idle_filters(&selection)?;
    let about_providers: Vec<Case> = cases::about_providers().copied().collect();
    let mut plan = Plan::new(&about_providers, &selection);
    plan.entries.retain(|entry| entry.case.is_some());
    plan.without_case = 0;
    if plan.entries.is_empty() {
        let why = "nothing selected: no case of the provider suite is about that outcome";
        return Err(Failure::NothingSelected(why.to_owned()));
    }
    let to = output::to(args.output.as_deref())?;
    let colour = if args.output.is_some() { Colour::Off } else { Colour::for_stream(&io::stdout()) };
    let judge = Conformance::new(args.which.provider.as_str(), args.profile);
    let mut conformance = judge.clone();
    let summary = {
        let mut reporters = All::default().and(&mut conformance);
        if io::stderr().is_terminal() {
            reporters = reporters.and(Progress::new());
        }
        let mut reporters = match args.format {
            Format::Text => reporters.and(Text::new(to, colour).judging(judge.clone())),
            Format::Json => reporters.and(Json::new(to).judging(judge.clone())),
        };
        let run = Run { plan: &plan, expectations: &Expectations::NONE, lab: &lab, seed: 0 };
        match args.time_limit {
            Some(seconds) => {
                let mut isolated = args.which.isolated(Duration::from_secs(seconds))?;
                run.execute_by(&mut isolated, &mut reporters)?
            }
            None => run.execute(simulated(lab.clone(), make).as_ref(), &mut reporters)?,
        }
    };
    if let Some(path) = &args.output {
        output::say(&format!("{conformance}; report in {}", path.display()));
    }
    let code = conclude(&summary);
    let misses = code == ExitCode::Verified && !conformance.is_conformant();
    Ok(if misses { ExitCode::Unexpected } else { code })
}

/// What makes the provider of that name.
fn made(name: &str) -> Result<MakeProvider, Failure> {
    if name == REFERENCE {
        return Ok(reference());
    }
    if let Some(mutant) = zoo::named(name) {
        return Ok(mutant.make());
    }
    let names: Vec<&str> = zoo::mutants().map(|mutant| mutant.name).chain([REFERENCE]).collect();
    let near = nearest(name, names, 1);
    let hint = near.first().map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    let message =
        format!("there is no provider `{name}`{hint} (`reference`, or one of `vsslab provider mutants`)");
    Err(Failure::Usage(message))
}

fn mutants() -> Result<ExitCode, Failure> {
    let matrix = zoo::Matrix::of(&Lab::default_lab());
    output::print(&matrix.to_string())?;
    let (escaped, useless) = (matrix.escaped(), matrix.useless());
    for mutant in &escaped {
        output::say(&format!("`{}` escapes the case meant for it, {}", mutant.name, mutant.caught_by));
    }
    for case in &useless {
        output::say(&format!("`{}` catches no wrong provider for {}", case.name, case.outcome));
    }
    Ok(if escaped.is_empty() && useless.is_empty() { ExitCode::Verified } else { ExitCode::Unexpected })
}
