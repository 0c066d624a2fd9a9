//! `vsslab replay`

use std::io;
use std::path::PathBuf;

use clap::Args;

use super::shared::{BackendArgs, IgnoreArgs, count, trace_from, warn_of_unmet, without_a_lab};
use super::{Failure, lab_from, output};
use crate::report::{Colour, Differences, Heading, target_text};
use crate::run::target_of;
use crate::trace::{Replayed, replay};
use crate::verdict::ExitCode;

/// About how many differences are shown: later ones mostly follow from the first.
const SHOWN_MAX: usize = 10;

#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    /// The recording
    trace: PathBuf,
    #[command(flatten)]
    on: BackendArgs,
    /// The lab to load instead of the recorded ones; without either, the built-in one
    #[arg(long, value_name = "FILE")]
    lab: Option<PathBuf>,
    #[command(flatten)]
    ignore: IgnoreArgs,
}

pub(super) fn run(args: &ReplayArgs) -> Result<ExitCode, Failure> {
    let lab = args.lab.as_deref().map(|path| lab_from(Some(path))).transpose()?;
    let make = args.on.make(&lab_from(args.lab.as_deref())?)?;
    let sections = trace_from(&args.trace)?;
    let origin = args.trace.display().to_string();
    let mut ignored = args.ignore.ignored();
    let replayed: Vec<Replayed<'_>> = sections
        .iter()
        .map(|section| replay(section, make.as_ref(), lab.as_ref(), &mut ignored))
        .collect::<Result<_, _>>()
        .map_err(|unavailable| Failure::Usage(format!("cannot replay {origin}: {unavailable}")))?;

    let mut report = Differences::new(output::stdout(), Colour::for_stream(&io::stdout()), SHOWN_MAX);
    for one in &replayed {
        report.section(&Heading { left: (&origin, one.section), right: None }, &one.rows)?;
        if let Some((line, why)) = &one.stopped {
            output::say(&format!("{origin}:{}: the backend cannot do that: {why}", line.number));
        }
    }
    if let (None, Some(number)) = (&lab, without_a_lab(&sections)) {
        output::say(&format!(
            "{origin}:{number}: the recording does not say on which lab, so that it was replayed on the built-in one: describe its machine in a lab and give that with --lab (`vsslab lab show` prints one)"
        ));
    }
    let target = match replayed.first() {
        Some(one) => one.target.clone(),
        None => target_of(make.as_ref(), &lab_from(None)?),
    };
    report.last_line(&format!(
        "{origin}: {} · {}",
        summary(&replayed, report.left_out(), &ignored.note()),
        target_text(&target)
    ))?;
    warn_of_unmet(&ignored);
    Ok(exit_code(&replayed))
}

fn summary(replayed: &[Replayed<'_>], left_out: usize, ignored: &str) -> String {
    let calls = count(replayed.iter().map(Replayed::calls).sum(), "call");
    let differences: usize = replayed.iter().map(Replayed::differences).sum();
    let skipped = replayed.iter().filter(|one| one.is_skipped()).count();
    let mut text = match differences {
        0 => format!("{calls}, answered as recorded{ignored}"),
        _ => format!("{} in {calls}{ignored}", count(differences, "difference")),
    };
    if left_out > 0 {
        text.push_str(&format!(", {left_out} not shown"));
    }
    if skipped > 0 {
        text.push_str(&format!(", {skipped} of {} skipped", count(replayed.len(), "case")));
    }
    text
}

fn exit_code(replayed: &[Replayed<'_>]) -> ExitCode {
    if replayed.iter().any(|one| one.differences() > 0) {
        ExitCode::Unexpected
    } else if replayed.iter().all(|one| one.calls() == 0) {
        ExitCode::NothingVerified
    } else {
        ExitCode::Verified
    }
}
