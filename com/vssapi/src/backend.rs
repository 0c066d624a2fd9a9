//! What answers, as the environment says.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use vss_com::client::Client;
use vss_com::control::Source;
use vss_sim::api::{Backend, Unavailable};
use vss_sim::service::Simulator;

/// The backend behind the DLL. What is wrong with the environment is also said on standard error: a requester sees no
/// more than `E_UNEXPECTED`.
pub(crate) fn from_environment() -> Result<Box<dyn Backend + Send>, Unavailable> {
    let made = match given("VSSLAB_FORWARD") {
        Some(dll) => forwarded(dll),
        None => simulated(),
    };
    made.inspect_err(|unavailable| eprintln!("vssapi.dll: {unavailable}"))
}

fn given(variable: &str) -> Option<OsString> {
    env::var_os(variable).filter(|value| !value.is_empty())
}

fn forwarded(dll: OsString) -> Result<Box<dyn Backend + Send>, Unavailable> {
    let client = Client::of_windows(&PathBuf::from(dll))
        .map_err(|error| Unavailable::because(format!("VSSLAB_FORWARD: {error}")))?;
    Ok(Box::new(client))
}

fn simulated() -> Result<Box<dyn Backend + Send>, Unavailable> {
    let source = given("VSSLAB_LAB").map_or(Source::Default, |file| Source::File(file.into()));
    let in_lab = |error: Unavailable| Unavailable::because(format!("VSSLAB_LAB: {error}"));
    let lab = source.lab().map_err(in_lab)?;
    let simulator = Simulator::new(&lab).map_err(|error| in_lab(Unavailable::because(error.to_string())))?;
    Ok(Box::new(simulator))
}
