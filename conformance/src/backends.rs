//! The backends of this build: the one place that knows how they are made.

use std::fmt;
use std::path::PathBuf;

use vss_com::client::Client;
use vss_com::provider::make_provider;
use vss_sim::api::Unavailable;
use vss_sim::lab::Lab;
use vss_sim::service::Simulator;

use crate::run::MakeBackend;

pub use vss_com::machine::Permission;

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
    /// What a real machine is said to be; the built-in lab unless given.
    pub described: Option<Lab>,
    /// What may be destroyed on a real machine.
    pub permission: Permission,
}

/// There is no such backend here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoBackend {
    /// It is that of another system.
    #[error("backend `windows` is the Volume Shadow Copy service of a Windows machine; this is none")]
    NotWindows,
    /// The simulator is called directly and loads no DLL.
    #[error("`--vssapi` names the DLL for `--backend com` or `--backend windows`; backend `sim` loads none")]
    NeedsNoDll,
    /// The DLL cannot be used.
    #[error("{0}")]
    Dll(String),
    /// Behind COM there is a DLL.
    #[error("`--backend com` needs `--vssapi DLL`: the simulator's vssapi.dll")]
    NeedsDll,
}

/// How many COM objects a run left alive in the DLL behind the chosen backend; 0 where there is none.
pub fn left_alive(choice: &Choice) -> u32 {
    let dll = simulators_dll(choice).filter(|_| choice.kind == Kind::Com);
    let client = dll.and_then(|dll| Client::of_simulator(&dll).ok());
    client.and_then(|client| client.live_objects().ok()).unwrap_or(0)
}

/// A plain name begins in the working directory, and not where the system looks for libraries.
fn simulators_dll(choice: &Choice) -> Option<PathBuf> {
    let dll = choice.vssapi.as_deref()?;
    Some(std::path::absolute(dll).unwrap_or_else(|_| dll.to_owned()))
}

/// What makes the chosen backend, new for each case.
///
/// # Errors
/// It is not there on this system, or needs what was not chosen.
pub fn make(choice: &Choice) -> Result<Box<MakeBackend<'static>>, NoBackend> {
    match choice.kind {
        Kind::Sim if choice.vssapi.is_some() => Err(NoBackend::NeedsNoDll),
        Kind::Sim => Ok(Box::new(|| {
            let lab = Lab::default_lab();
            let simulator = Simulator::with_providers(&lab, make_provider())
                .map_err(|error| Unavailable::because(error.to_string()))?;
            Ok(Box::new(simulator))
        })),
        Kind::Com => {
            let dll = simulators_dll(choice).ok_or(NoBackend::NeedsDll)?;
            Client::of_simulator(&dll).map_err(|error| NoBackend::Dll(error.to_string()))?;
            Ok(Box::new(move || {
                let client =
                    Client::of_simulator(&dll).map_err(|error| Unavailable::because(error.to_string()))?;
                Ok(Box::new(client))
            }))
        }
        Kind::Windows => windows(choice),
    }
}

/// The service of this machine, through its own vssapi.dll unless another is named.
#[cfg(windows)]
fn windows(choice: &Choice) -> Result<Box<MakeBackend<'static>>, NoBackend> {
    use vss_com::machine::{RealMachine, ThisMachine, initialise_com};

    initialise_com();
    let dll = choice.vssapi.clone().unwrap_or_else(own_vssapi);
    Client::open(&dll).map_err(|error| NoBackend::Dll(error.to_string()))?;
    let described = choice.described.clone().unwrap_or_else(Lab::default_lab);
    let permission = choice.permission.clone();
    Ok(Box::new(move || {
        let client = Client::open(&dll).map_err(|error| Unavailable::because(error.to_string()))?;
        Ok(Box::new(RealMachine::new(client, ThisMachine, described.clone(), permission.clone())))
    }))
}

/// The machine's own, by its whole path: a plain name would find the simulator's beside this program.
#[cfg(windows)]
fn own_vssapi() -> PathBuf {
    let root = std::env::var_os("SystemRoot").unwrap_or_else(|| r"C:\Windows".into());
    PathBuf::from(root).join("System32").join("vssapi.dll")
}

#[cfg(not(windows))]
fn windows(_: &Choice) -> Result<Box<MakeBackend<'static>>, NoBackend> {
    Err(NoBackend::NotWindows)
}
