//! `vsslab lab`

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use vss_sim::lab::Lab;
use vss_sim::storage::Lun;

use super::{Failure, lab_from, output};
use crate::nearest::nearest;
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
    /// Write a LUN, as it is when the lab starts, as a raw disk image (a sparse file)
    Export {
        /// The LUN's name in the lab
        #[arg(long, value_name = "NAME")]
        lun: String,
        /// Where the image goes
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
        /// The lab; the built-in one unless given
        #[arg(long, value_name = "FILE")]
        lab: Option<PathBuf>,
    },
}

pub(super) fn lab(command: &LabCommand) -> Result<ExitCode, Failure> {
    match command {
        LabCommand::Check { file } => {
            let lab = lab_from(Some(file))?;
            output::print(&format!("{}: lab `{}` is sound: {}\n", file.display(), lab.name, hosts_of(&lab)))?;
        }
        LabCommand::Show { file } => output::print(&lab_from(file.as_deref())?.to_toml())?,
        LabCommand::Export { lun, output, lab } => export(&lab_from(lab.as_deref())?, lun, output)?,
    }
    Ok(ExitCode::Verified)
}

/// Its hosts: one that replaces none of the base's is one more, which is easily overlooked.
fn hosts_of(lab: &Lab) -> String {
    let hosts: Vec<String> = lab.hosts.iter().map(|host| format!("`{}` ({})", host.name, host.os)).collect();
    match &*hosts {
        [one] => format!("host {one}"),
        several => format!("hosts {}; requesters run on the first", several.join(", ")),
    }
}

fn export(lab: &Lab, name: &str, path: &Path) -> Result<(), Failure> {
    let instance = lab.instantiate().map_err(|error| Failure::Usage(error.to_string()))?;
    let (_, lun) = instance
        .storage
        .luns()
        .find(|(_, lun)| lun.name().as_ref() == name)
        .ok_or_else(|| no_such_lun(lab, name))?;
    write_image(lun, path).map_err(|source| Failure::File {
        verb: "write",
        path: path.to_owned(),
        source,
    })?;
    output::print(&format!("{}: LUN `{name}`, {} bytes\n", path.display(), lun.size()))
}

fn no_such_lun(lab: &Lab, name: &str) -> Failure {
    let names = || lab.luns.iter().map(|lun| lun.name.as_str());
    let near = nearest(name, names(), 3);
    let known = if near.is_empty() { names().collect() } else { near };
    Failure::Usage(format!("lab `{}` has no LUN `{name}`; it has {}", lab.name, known.join(", ")))
}

/// Only what was written takes space in the file.
fn write_image(lun: &Lun, path: &Path) -> io::Result<()> {
    let mut image = File::create(path)?;
    image.set_len(lun.size())?;
    for chunk in lun.export() {
        image.seek(SeekFrom::Start(chunk.offset))?;
        image.write_all(&chunk.bytes)?;
    }
    image.sync_all()
}
