//! Options that several commands have.

use std::path::{Path, PathBuf};

use clap::Args;
use vss_sim::lab::Lab;

use super::{Failure, read};
use crate::backends::{self, Choice, Kind, Permission};
use crate::glob::Glob;
use crate::nearest::outcome_hint;
use crate::run::{MakeBackend, Selection};
use crate::spec::Spec;
use crate::trace::{self, Entry, Ignored, Section};

/// Which backend is asked.
#[derive(Debug, Default, Args)]
pub(super) struct BackendArgs {
    /// What to check
    #[arg(long, value_enum, default_value_t = Kind::Sim)]
    backend: Kind,
    /// The DLL with the functions of vssapi.dll, for backends behind COM
    #[arg(long, value_name = "DLL")]
    vssapi: Option<PathBuf>,
    /// On a real machine: also make calls that destroy data, on the LUNs that --lun-serial names
    #[arg(long, requires = "lun_serial")]
    allow_destructive: bool,
    /// The unit serial number of a LUN whose contents may be lost; repeatable
    #[arg(long, value_name = "SERIAL", requires = "allow_destructive")]
    lun_serial: Vec<String>,
}

impl BackendArgs {
    /// What makes the backend; `lab` is what a real machine is said to be.
    pub(super) fn make(&self, lab: &Lab) -> Result<Box<MakeBackend<'static>>, Failure> {
        backends::make(&self.choice(lab)).map_err(|error| Failure::Usage(error.to_string()))
    }

    pub(super) fn choice(&self, lab: &Lab) -> Choice {
        let permission = Permission {
            destructive: self.allow_destructive,
            luns: self.lun_serial.iter().cloned().collect(),
        };
        let vssapi = self.vssapi.clone();
        Choice { kind: self.backend, vssapi, described: Some(lab.clone()), permission }
    }
}

/// Which cases are run, and on what.
#[derive(Debug, Default, Args)]
pub(super) struct SuiteArgs {
    #[command(flatten)]
    pub(super) on: BackendArgs,
    /// The lab that cases load when they need no other; the built-in one unless given
    #[arg(long, value_name = "FILE")]
    pub(super) lab: Option<PathBuf>,
    /// Only outcomes that match: `RecoverSet`, `IVssAsync`, `*/VSS_E_BAD_STATE/*`, `E_NOTIMPL`; repeatable
    #[arg(long, value_name = "GLOB")]
    pub(super) only: Vec<Glob>,
}

/// What is left out of a comparison.
#[derive(Debug, Args)]
pub(super) struct IgnoreArgs {
    /// Leave a field out, by its documented name in snake_case, such as pbstr_xml; repeatable
    #[arg(long, value_name = "FIELD")]
    ignore: Vec<String>,
}

impl IgnoreArgs {
    pub(super) fn ignored(&self) -> Ignored {
        Ignored::new(self.ignore.iter().cloned())
    }
}

/// The line of a trace's first section that makes calls without having loaded a lab, as recordings of real machines do.
pub(super) fn without_a_lab(sections: &[Section]) -> Option<usize> {
    let calls_first = |section: &&Section| {
        let first = section.lines.iter().find(|line| !matches!(line.entry, Entry::Act(_)));
        first.is_some_and(|line| matches!(line.entry, Entry::Call { .. }))
    };
    sections.iter().find(calls_first).map(|section| section.number)
}

/// A field that nothing has was probably meant otherwise.
pub(super) fn warn_of_unmet(ignored: &Ignored) {
    for field in ignored.unmet() {
        super::output::say(&format!("warning: nothing was compared that has a field `{field}` (--ignore)"));
    }
}

/// A filter that matches nothing is an error, never a green run.
pub(super) fn refuse_idle_filters(selection: &Selection) -> Result<(), Failure> {
    let idle = |glob: &&Glob| !Spec::get().outcomes().any(|outcome| glob.selects(outcome));
    let Some(glob) = selection.only.iter().find(idle) else { return Ok(()) };
    let text = glob.to_string();
    let hint = outcome_hint(&text);
    Err(Failure::NothingSelected(format!("nothing selected: no documented outcome matches `{text}`; {hint}")))
}

/// The traces in that file.
pub(super) fn trace_from(path: &Path) -> Result<Vec<Section>, Failure> {
    let source = read(path)?;
    trace::read(&source, &path.display().to_string()).map_err(|error| Failure::Usage(error.to_string()))
}

/// `1 call`, `2 calls`
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
