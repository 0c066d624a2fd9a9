//! The command line.

mod coverage;
mod diff;
mod explain;
mod explore;
mod lab;
mod list;
mod output;
mod probe;
mod provider;
mod replay;
mod run;
mod shared;

use std::io;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use vss_sim::lab::Lab;

use crate::case::Case;
use crate::verdict::ExitCode;

const AFTER_HELP: &str = "\
Exit codes:
  0  something was verified, and everything came as expected
  1  unexpected results
  2  wrong command line or file
  3  harness error: a case is broken
  4  nothing selected
  5  selected, but nothing verified; or a limit ended `explore` before it had seen every state";

/// Checks an implementation of VSS against everything that Microsoft documents of it.
#[derive(Debug, Parser)]
#[command(name = "vsslab", version, after_help = AFTER_HELP, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the suite (what `vsslab` does without a command)
    Run(run::RunArgs),
    /// List documented outcomes and whether a case shows them
    List(list::ListArgs),
    /// Explain an outcome, a method, an interface, an enumeration, a code, the cause of a fault, a rule or an observation
    Explain(explain::ExplainArgs),
    /// Say how much of the documentation has cases
    Coverage(coverage::CoverageArgs),
    /// Write what a backend answers to the suite's cases as a trace, for `replay` and `diff`
    Probe(probe::ProbeArgs),
    /// Carry out the calls of a trace again, and say what is answered otherwise
    Replay(replay::ReplayArgs),
    /// Say where two traces differ
    Diff(diff::DiffArgs),
    /// Visit every state that sessions of the simulator can get to, and hold rules against each
    Explore(explore::ExploreArgs),
    /// Check a hardware provider against its contract
    #[command(subcommand)]
    Provider(provider::ProviderCommand),
    /// Check, show or export a lab
    #[command(subcommand)]
    Lab(lab::LabCommand),
}

/// Why a command ends early. The text says what, where and what to do.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// A wrong argument, or a file that cannot be used.
    #[error("{0}")]
    Usage(String),
    /// A filter matches nothing.
    #[error("{0}")]
    NothingSelected(String),
    /// A file cannot be read or written.
    #[error("cannot {verb} {}: {source}", path.display())]
    File {
        /// `read` or `write`.
        verb: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Standard output cannot be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
}

impl Failure {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::NothingSelected(_) => ExitCode::NothingSelected,
            Self::Usage(_) | Self::File { .. } | Self::Output(_) => ExitCode::Usage,
        }
    }
}

/// Carries out the command line of this process.
pub fn main() -> std::process::ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // A closed terminal or pipe is no reason to panic over a help text.
            drop(error.print());
            return u8::try_from(error.exit_code()).unwrap_or(ExitCode::Usage as u8).into();
        }
    };
    let done = dispatch(cli).unwrap_or_else(|failure| {
        output::complain(&failure);
        failure.exit_code()
    });
    done.into()
}

fn dispatch(cli: Cli) -> Result<ExitCode, Failure> {
    let cases: Vec<Case> = crate::cases::all().copied().collect();
    match cli.command.unwrap_or_else(|| Command::Run(run::RunArgs::default())) {
        Command::Run(args) => run::run(args, &cases),
        Command::List(args) => list::list(&args, &cases),
        Command::Explain(args) => explain::explain(&args, &cases),
        Command::Coverage(args) => coverage::coverage(&args, &cases),
        // A trace has what a requester calls.
        Command::Probe(args) => probe::run(args, &crate::cases::of_requesters().copied().collect::<Vec<_>>()),
        Command::Replay(args) => replay::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Explore(args) => explore::run(&args),
        Command::Provider(command) => provider::provider(command),
        Command::Lab(command) => lab::lab(&command),
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    let failed = |source| Failure::File { verb: "read", path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    // One byte more than is taken tells an endless file from a long one.
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        let message =
            format!("{}: more than {FILE_BYTES_MAX} bytes are too many for this file", path.display());
        return Err(Failure::Usage(message));
    }
    String::from_utf8(bytes).map_err(|error| {
        let (good, _) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        let message = format!("{}: line {line} is not UTF-8: save the file as UTF-8", path.display());
        Failure::Usage(message)
    })
}

/// The longest file that is read: a lab of 100,000 LUNs has some 20 MB.
const FILE_BYTES_MAX: u64 = 256 << 20;

/// The lab in that file, or the built-in one.
fn lab_from(path: Option<&Path>) -> Result<Lab, Failure> {
    let Some(path) = path else { return Ok(Lab::default_lab()) };
    let source = read(path)?;
    Lab::from_toml(&source, &path.display().to_string()).map_err(|error| Failure::Usage(error.to_string()))
}
