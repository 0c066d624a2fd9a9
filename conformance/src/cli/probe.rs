//! `vsslab probe`

use std::fs::File;
use std::path::PathBuf;

use clap::Args;

use super::shared::{SuiteArgs, count, refuse_idle_filters};
use super::{Failure, lab_from, output};
use crate::case::Case;
use crate::probe::{NoProbe, Probed, probe};
use crate::report::target_text;
use crate::run::{Plan, Selection};
use crate::verdict::ExitCode;

#[derive(Debug, Args)]
pub(super) struct ProbeArgs {
    #[command(flatten)]
    suite: SuiteArgs,
    /// For cases that draw something at random
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Where the trace goes
    #[arg(long, value_name = "TRACE")]
    output: PathBuf,
}

pub(super) fn run(args: ProbeArgs, cases: &[Case]) -> Result<ExitCode, Failure> {
    let lab = lab_from(args.suite.lab.as_deref())?;
    let selection = Selection { only: args.suite.only, shard: None };
    refuse_idle_filters(&selection)?;
    let make = args.suite.on.make(&lab)?;
    let plan = Plan::new(cases, &selection);
    if plan.entries.iter().all(|planned| planned.case.is_none()) {
        return Err(Failure::NothingSelected("nothing selected: no case shows these outcomes".to_owned()));
    }
    let failed = |source| Failure::File { verb: "write", path: args.output.clone(), source };
    let file = File::create(&args.output).map_err(failed)?;
    let probed = probe(&plan, make.as_ref(), &lab, args.seed, file).map_err(|error| match error {
        NoProbe::Output(source) => failed(source),
        NoProbe::NoBackend(_) => Failure::Usage(error.to_string()),
    })?;
    for (case, message) in &probed.broken {
        output::say(&format!("harness error: {} {}: {message}", case.outcome, case.name));
    }
    output::print(&format!("{}: {}\n", args.output.display(), summary(&probed)))?;
    Ok(exit_code(&probed))
}

fn summary(probed: &Probed) -> String {
    let mut text = count(probed.cases, "case");
    if let Some((_, reason)) = probed.skipped.first() {
        text.push_str(&format!(", {} skipped ({reason}, for one)", probed.skipped.len()));
    }
    format!("{text} · {}", target_text(&probed.target))
}

fn exit_code(probed: &Probed) -> ExitCode {
    if !probed.broken.is_empty() {
        ExitCode::HarnessError
    } else if probed.cases == 0 {
        ExitCode::NothingVerified
    } else {
        ExitCode::Verified
    }
}
