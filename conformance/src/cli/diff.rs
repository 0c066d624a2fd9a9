//! `vsslab diff`

use std::io;
use std::path::PathBuf;

use clap::Args;

use super::shared::{IgnoreArgs, count, trace_from, warn_of_unmet, without_a_lab};
use super::{Failure, output};
use crate::report::{Colour, Differences, Heading};
use crate::trace::{Diff, Pair, Section, diff};
use crate::verdict::ExitCode;

#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The one trace
    trace_a: PathBuf,
    /// The other trace
    trace_b: PathBuf,
    #[command(flatten)]
    ignore: IgnoreArgs,
}

pub(super) fn run(args: &DiffArgs) -> Result<ExitCode, Failure> {
    let (left, right) = (trace_from(&args.trace_a)?, trace_from(&args.trace_b)?);
    let [left_file, right_file] = [&args.trace_a, &args.trace_b].map(|path| path.display().to_string());
    let mut ignored = args.ignore.ignored();
    let diff = diff(&left, &right, &mut ignored);

    let mut report = Differences::new(output::stdout(), Colour::for_stream(&io::stdout()), usize::MAX);
    for pair in diff.pairs.iter().filter(|pair| pair.differences() > 0) {
        let heading = Heading { left: (&left_file, pair.left), right: Some((&right_file, pair.right)) };
        report.section(&heading, &pair.rows)?;
    }
    for (file, sections) in [(&left_file, &diff.only_left), (&right_file, &diff.only_right)] {
        for section in sections {
            report.last_line(&format!("only in {file}:{}: {}", section.number, what(section)))?;
        }
    }
    report.last_line(&summary(&diff, &ignored.note()))?;
    let labs = [(&left_file, without_a_lab(&left)), (&right_file, without_a_lab(&right))];
    if let ([(file, Some(number)), (_, None)] | [(_, None), (file, Some(number))], 1..) =
        (labs, differences(&diff))
    {
        output::say(&format!(
            "{file}:{number}: the recording does not say on which lab, and the other trace has its own: `vsslab replay {file} --lab FILE` repeats it on a lab that describes its machine"
        ));
    }
    warn_of_unmet(&ignored);
    Ok(exit_code(&diff))
}

fn what(section: &Section) -> String {
    match &section.case {
        Some(case) => format!("{}  {}", case.outcome, case.name),
        None => format!("a trace of {}", count(section.lines.len(), "line")),
    }
}

fn differences(diff: &Diff<'_>) -> usize {
    let lines: usize = diff.pairs.iter().map(Pair::differences).sum();
    lines + diff.only_left.len() + diff.only_right.len()
}

fn summary(diff: &Diff<'_>, ignored: &str) -> String {
    let calls = count(diff.pairs.iter().map(Pair::calls).sum(), "call");
    let mut text = match differences(diff) {
        0 => format!("equal: {calls} compared{ignored}"),
        differences => format!("{}, {calls} compared{ignored}", count(differences, "difference")),
    };
    let one_sided = diff.pairs.iter().filter(|pair| pair.is_one_sided()).count();
    if one_sided > 0 {
        let cases = count(one_sided, "case");
        text.push_str(&format!("; {cases} left out, which one side could not carry out"));
    }
    text
}

fn exit_code(diff: &Diff<'_>) -> ExitCode {
    if differences(diff) > 0 {
        ExitCode::Unexpected
    } else if diff.pairs.iter().all(|pair| pair.calls() == 0) {
        ExitCode::NothingVerified
    } else {
        ExitCode::Verified
    }
}
