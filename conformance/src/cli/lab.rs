//! `vsslab lab`

use std::path::PathBuf;

use clap::Subcommand;

use super::{Failure, lab_from, output};
use crate::verdict::ExitCode;

#[derive(Debug, Subcommand)]
pub(super) enum LabCommand {
    /// Say whether a lab file can be used, and if not, where and why
    Check {
        /// The lab
        file: PathBuf,
    },
    /// Print a lab in full, as TOML
    Show {
        /// The lab; the built-in one unless given
        file: Option<PathBuf>,
    },
}

pub(super) fn lab(command: &LabCommand) -> Result<ExitCode, Failure> {
    match command {
        LabCommand::Check { file } => {
            let lab = lab_from(Some(file))?;
            output::print(&format!("{}: lab `{}` is sound\n", file.display(), lab.name))?;
        }
        LabCommand::Show { file } => output::print(&lab_from(file.as_deref())?.to_toml())?,
    }
    Ok(ExitCode::Verified)
}
