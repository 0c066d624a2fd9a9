//! `vsslab provider`: the suite for hardware providers.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::Command;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Subcommand};
use vss_com::provider::make_provider;
use vss_sim::api::Guid;
use vss_sim::lab::{ComClass, Lab, Provider, ProviderKind};
use vss_sim::provider::{MakeProvider, reference};

use super::run::{Format, conclude};
use super::shared::refuse_idle_filters;
use super::{Failure, lab_from, output};
use crate::case::Case;
use crate::cases;
use crate::cases::hardware_provider::under_test;
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
    /// The provider: `reference`, or a wrong one of `vsslab provider mutants`; the lab's own unless given
    #[arg(long, value_name = "NAME", conflicts_with = "clsid")]
    provider: Option<String>,
    /// The DLL with the class of a provider
    #[arg(long, value_name = "DLL", requires = "clsid")]
    com: Option<PathBuf>,
    /// The class of a provider; without --com, one that is registered on this machine
    #[arg(long, value_name = "CLSID")]
    clsid: Option<Braced>,
    /// The class works on storage of its own: only what it reports is checked
    #[arg(long, requires = "clsid")]
    own_storage: bool,
    /// The lab; unless --provider names one, the provider under test is the one with a `com` class in it, or else the first
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
    /// Run the provider in a process of its own, and end that when a call takes longer than this many seconds;
    /// for the class of a DLL that is 60 unless given
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    time_limit: Option<u64>,
    /// The form of the report
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write the report to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

const REFERENCE: &str = "reference";

/// How long a call on a DLL's provider may take unless told, in seconds.
const DLL_LIMIT_S: u64 = 60;

/// A class id with or without its braces.
#[derive(Clone, Copy, Debug)]
struct Braced(Guid);

impl FromStr for Braced {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bare = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
        let parsed = Guid::parse_str(bare).map(Self);
        parsed.map_err(|_| "a class id looks like {12345678-1234-1234-1234-123456789abc}".to_owned())
    }
}

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
        let mut lab = lab_from(self.lab.as_deref())?;
        if let Some(Braced(clsid)) = self.clsid {
            let dll = self.com.as_ref().map(|dll| dll.display().to_string());
            let hardware = |provider: &&mut Provider| provider.kind == ProviderKind::Hardware;
            let provider = lab.providers.iter_mut().find(hardware);
            let provider =
                provider.ok_or_else(|| Failure::Usage("the lab has no hardware provider".to_owned()))?;
            let own_storage = self.own_storage;
            *provider = Provider {
                com: Some(ComClass { dll, clsid, own_storage }),
                ..Provider::new(&*provider.name)
            };
        }
        let make = self.provider.as_deref().map_or_else(|| Ok(make_provider()), made)?;
        Ok((lab, make))
    }

    /// What it is called in the report.
    fn name(&self, lab: &Lab) -> String {
        match (&self.provider, &self.clsid) {
            (Some(name), _) => name.clone(),
            (None, Some(Braced(clsid))) => format!("{{{clsid}}}"),
            (None, None) if self.lab.is_some() => {
                under_test(lab).map_or_else(String::new, |provider| format!("`{}`", provider.name))
            }
            (None, None) => REFERENCE.to_owned(),
        }
    }

    /// The same provider in a process of its own.
    fn isolated(self, limit: Duration) -> Result<Isolated, Failure> {
        let program = std::env::current_exe()?;
        let command = move || {
            let mut command = Command::new(&program);
            command.args(["provider", "serve"]);
            if let Some(name) = &self.provider {
                command.arg("--provider").arg(name);
            }
            if let Some(Braced(clsid)) = self.clsid {
                command.arg("--clsid").arg(clsid.to_string());
            }
            if self.own_storage {
                command.arg("--own-storage");
            }
            for (option, file) in [("--com", &self.com), ("--lab", &self.lab)] {
                if let Some(file) = file {
                    command.arg(option).arg(file);
                }
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
    let of_hardware_providers: Vec<Case> = cases::of_hardware_providers().copied().collect();
    let mut plan = Plan::new(&of_hardware_providers, &selection);
    plan.entries.retain(|entry| entry.case.is_some());
    plan.without_case = 0;
    if plan.entries.is_empty() {
        let why = "nothing selected: no case of the provider suite is about that outcome";
        return Err(Failure::NothingSelected(why.to_owned()));
    }
    let to = output::to(args.output.as_deref())?;
    let colour = if args.output.is_some() { Colour::Off } else { Colour::for_stream(&io::stdout()) };
    let judge = Conformance::new(args.which.name(&lab), args.profile).partial(!selection.only.is_empty());
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
        // A class of somebody's DLL may take this process with it.
        let of_a_dll = lab.providers.iter().any(|provider| provider.com.is_some()).then_some(DLL_LIMIT_S);
        match args.time_limit.or(of_a_dll) {
            Some(seconds) => {
                let mut isolated = args.which.isolated(Duration::from_secs(seconds))?;
                run.execute_by(&mut isolated, &mut reporters)?
            }
            None => {
                let make_backend = simulated(lab.clone(), make);
                make_backend().map_err(|unavailable| Failure::Usage(unavailable.to_string()))?;
                run.execute(make_backend.as_ref(), &mut reporters)?
            }
        }
    };
    if let Some(path) = &args.output {
        output::say(&format!("{conformance}; report in {}", path.display()));
    }
    let code = conclude(&summary);
    let misses = code == ExitCode::Verified && conformance.verdict() == Some(false);
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
