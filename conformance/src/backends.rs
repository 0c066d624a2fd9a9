//! The backends of this build: the one place that knows how they are made.

use std::fmt;
use std::path::PathBuf;

use vss_com::client::Client;
use vss_sim::api::Unavailable;
use vss_sim::lab::Lab;
use vss_sim::service::Simulator;

use crate::run::MakeBackend;

/// What a run is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// The simulator, called directly.
    #[default]
    Sim,
    /// The simulator behind its COM interfaces.
    Com,
    /// The Volume Shadow Copy service of this machine.
    Windows,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sim => "sim",
            Self::Com => "com",
            Self::Windows => "windows",
        })
    }
}

/// What a user chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Which backend.
    pub kind: Kind,
    /// The DLL that exports the functions of vssapi.dll, for backends behind COM.
    pub vssapi: Option<PathBuf>,
}

/// There is no such backend here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoBackend {
    /// It was left out of this build.
    #[error("this build has no backend `{0}`")]
    NotBuilt(Kind),
    /// The simulator is called directly and loads no DLL.
    #[error("`--vssapi` names the DLL for `--backend com` or `--backend windows`; backend `sim` loads none")]
    NeedsNoDll,
    /// Behind COM there is a DLL.
    #[error("`--backend com` needs `--vssapi DLL`: the simulator's vssapi.dll")]
    NeedsDll,
}

/// What makes the chosen backend, new for each case.
///
/// # Errors
/// This build does not have it.
pub fn make(choice: &Choice) -> Result<Box<MakeBackend<'static>>, NoBackend> {
    match choice.kind {
        Kind::Sim if choice.vssapi.is_some() => Err(NoBackend::NeedsNoDll),
        Kind::Sim => Ok(Box::new(|| {
            let lab = Lab::default_lab();
            let simulator = Simulator::new(&lab).map_err(|error| Unavailable::because(error.to_string()))?;
            Ok(Box::new(simulator))
        })),
        Kind::Com => {
            let dll = choice.vssapi.clone().ok_or(NoBackend::NeedsDll)?;
            Ok(Box::new(move || {
                let client =
                    Client::of_simulator(&dll).map_err(|error| Unavailable::because(error.to_string()))?;
                Ok(Box::new(client))
            }))
        }
        Kind::Windows => Err(NoBackend::NotBuilt(choice.kind)),
    }
}
