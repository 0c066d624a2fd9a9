//! What answers, as the environment says.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use vss_com::client::Client;
use vss_com::control::Source;
use vss_com::provider::make_provider;
use vss_conformance::trace::Traced;
use vss_files::Files;
use vss_sim::api::{Backend, Unavailable};
use vss_sim::lab::Lab;
use vss_sim::service::Simulator;

/// What a server is made of.
type Made = Result<Box<dyn Backend + Send>, Unavailable>;

/// The backend behind the DLL. What is wrong with the environment is also said on standard error: a requester sees no
/// more than `E_UNEXPECTED`.
pub(crate) fn from_environment() -> Made {
    let made = match given("VSSLAB_FORWARD") {
        Some(dll) => forwarded(Path::new(&dll)),
        None => lab().and_then(|lab| simulated(&lab)),
    };
    // Where nobody reads it, nothing more can be said.
    made.inspect_err(|unavailable| drop(writeln!(io::stderr(), "vssapi.dll: {unavailable}")))
}

/// Whether a DLL in front of this one does what the environment says.
pub(crate) static STANDS_ALONE: AtomicBool = AtomicBool::new(false);

/// What a variable says, if it is for this DLL.
fn given(variable: &str) -> Option<OsString> {
    let for_the_first = ["VSSLAB_FORWARD", "VSSLAB_TRACE"].contains(&variable);
    if for_the_first && STANDS_ALONE.load(Ordering::SeqCst) {
        return None;
    }
    env::var_os(variable).filter(|value| !value.is_empty())
}

fn of(variable: &str, error: Unavailable) -> Unavailable {
    Unavailable::because(format!("{variable}: {error}"))
}

/// Another DLL answers. Its process has readied COM, as every requester has to.
fn forwarded(dll: &Path) -> Made {
    let client =
        Client::behind(dll).map_err(|error| of("VSSLAB_FORWARD", Unavailable::because(error.to_string())))?;
    traced(client)
}

fn lab() -> Result<Lab, Unavailable> {
    let source = given("VSSLAB_LAB").map_or(Source::Default, |file| Source::File(file.into()));
    source.lab().map_err(|error| of("VSSLAB_LAB", error))
}

fn simulated(lab: &Lab) -> Made {
    // The lab comes through the trace, which begins with it, so that it can be replayed.
    let none = Lab::default_lab();
    let simulator = Simulator::with_providers(&none, make_provider())
        .map_err(|error| Unavailable::because(error.to_string()))?;
    let scratch = given("VSSLAB_SCRATCH").map_or_else(env::temp_dir, PathBuf::from);
    let files = Files::new_in(simulator, &none, scratch)?;
    let mut backend = traced(files)?;
    backend.load(lab).map_err(|error| of("VSSLAB_LAB", error))?;
    Ok(backend)
}

fn traced(backend: impl Backend + Send + 'static) -> Made {
    let Some(file) = given("VSSLAB_TRACE") else { return Ok(Box::new(backend)) };
    let traced = Traced::append(backend, Path::new(&file)).map_err(|error| {
        let why = format!("cannot write {}: {error}", Path::new(&file).display());
        of("VSSLAB_TRACE", Unavailable::because(why))
    })?;
    Ok(Box::new(traced))
}
