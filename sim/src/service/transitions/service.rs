//! Hosts on which the VSS service cannot be started: WinPE has none that runs, and Safe mode starts only what is on its list.
//!
//! What an object keeps to itself works there all the same: initialisation, context, document, recovery set. So do
//! gatherings, which find no writers.

use crate::api::HResult;
use crate::lab::BootMode;
use crate::service::Refusal;
use crate::service::world::World;

/// Refuses what only the service can do on a host where it cannot be started.
pub(super) fn reach(world: &World, host: usize) -> Result<(), Refusal> {
    let refusal = match world.os(host).has_vss_e_unexpected() {
        true => Refusal::inferred(HResult::VSS_E_UNEXPECTED, NOT_STARTED),
        false => Refusal::inferred(HResult::E_UNEXPECTED, NOT_STARTED),
    };
    if world.mode(host) == BootMode::Normal { Ok(()) } else { Err(refusal) }
}

/// The same where the page lists nothing for it but an internal error.
pub(super) fn reach_or_fail(world: &World, host: usize) -> Result<(), Refusal> {
    reach(world, host).map_err(|_| Refusal::inferred(HResult::E_FAIL, NOT_STARTED))
}

/// Why: no page names a code for it.
pub(in crate::service) const NOT_STARTED: &str =
    "the service cannot be started: WinPE does not run it, and Safe mode starts none that it does not list";
