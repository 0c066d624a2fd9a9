//! `vsslab coverage`

use std::fmt::Write as _;

use clap::{Args, ValueEnum};

use super::{Failure, output};
use crate::case::Case;
use crate::coverage::Coverage;
use crate::verdict::ExitCode;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table
    #[default]
    Text,
    /// Counts, and the ids of outcomes without a case
    Json,
}

#[derive(Debug, Args)]
pub(super) struct CoverageArgs {
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn coverage(args: &CoverageArgs, cases: &[Case]) -> Result<ExitCode, Failure> {
    let coverage = Coverage::of(cases);
    let text = match args.format {
        Format::Text => table(&coverage),
        Format::Json => {
            let json = serde_json::to_string_pretty(&coverage).map_err(std::io::Error::other)?;
            format!("{json}\n")
        }
    };
    output::print(&text)?;
    Ok(ExitCode::Verified)
}

fn table(coverage: &Coverage) -> String {
    let mut text = String::new();
    row(&mut text, "", ["documented", "covered", "disposed", "missing"]);
    for interface in &coverage.interfaces {
        let missing = interface.documented - interface.covered - interface.dispositioned;
        let counts = [interface.documented, interface.covered, interface.dispositioned, missing];
        row(&mut text, &interface.title, counts);
    }
    let counts = [coverage.documented, coverage.covered, coverage.dispositioned, coverage.missing.len()];
    row(&mut text, "total", counts);
    text
}

fn row<T: std::fmt::Display>(text: &mut String, title: &str, [a, b, c, d]: [T; 4]) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{title:<42} {a:>10} {b:>10} {c:>10} {d:>10}");
}
