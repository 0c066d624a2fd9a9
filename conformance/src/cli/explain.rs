//! `vsslab explain`

use clap::Args;

use super::{Failure, output};
use crate::case::Case;
use crate::verdict::ExitCode;

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// An outcome (RecoverSet/VSS_E_BAD_STATE/winpe), a method (RecoverSet), an interface, an enumeration, a code by
    /// name or value, the cause of a fault (loses-lun), a reading of a lab (exposed-again), a state of requesters' objects
    /// (I_IMPORTED), a rule or observation that a report names (N3, O16), or the reason of a refusal
    #[arg(value_name = "NAME", allow_hyphen_values = true)]
    name: String,
}

pub(super) fn explain(args: &ExplainArgs, cases: &[Case]) -> Result<ExitCode, Failure> {
    let page =
        crate::explain::page(&args.name, cases).map_err(|unknown| Failure::Usage(unknown.to_string()))?;
    output::print(&page)?;
    Ok(ExitCode::Verified)
}
