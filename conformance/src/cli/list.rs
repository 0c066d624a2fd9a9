//! `vsslab list`

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;

use super::{Failure, output};
use crate::case::Case;
use crate::coverage::dispositions;
use crate::glob::Glob;
use crate::nearest::outcome_hint;
use crate::spec::Spec;
use crate::verdict::ExitCode;

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Only outcomes that match, as for `run --only`
    glob: Option<Glob>,
}

pub(super) fn list(args: &ListArgs, cases: &[Case]) -> Result<ExitCode, Failure> {
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases {
        *shown.entry(case.outcome).or_default() += 1;
    }
    let mut text = String::new();
    for outcome in Spec::get().outcomes() {
        if args.glob.as_ref().is_some_and(|glob| !glob.selects(outcome)) {
            continue;
        }
        let mark = match shown.get(outcome.id.as_str()) {
            Some(1) => "1 case".to_owned(),
            Some(count) => format!("{count} cases"),
            None if dispositions().contains_key(&outcome.id) => "disposed".to_owned(),
            None => "no case".to_owned(),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{mark:<8}  {}  {}", outcome.id, outcome.when);
    }
    if text.is_empty() {
        let glob = args.glob.as_ref().map(ToString::to_string).unwrap_or_default();
        let hint = outcome_hint(&glob);
        return Err(Failure::NothingSelected(format!("no documented outcome matches `{glob}`; {hint}")));
    }
    output::print(&text)?;
    Ok(ExitCode::Verified)
}
