//! Whether a machine can stand for a lab.

use vss_sim::api::Unavailable;
use vss_sim::lab::{BootMode, CallerRole, Lab};

/// Whether a machine with this system, said to be as `described`, is what the lab describes.
pub(super) fn check(lab: &Lab, described: &Lab, os: &str) -> Result<(), Unavailable> {
    match obstacle(lab, described, os) {
        Some(obstacle) => Err(Unavailable::because(format!("the case needs {obstacle}"))),
        None => Ok(()),
    }
}

fn obstacle(lab: &Lab, described: &Lab, os: &str) -> Option<String> {
    if let Some(fault) = lab.faults.first() {
        return Some(format!("a fault in {}: {}", fault.call, fault.cause.name()));
    }
    let [host] = &*lab.hosts else { return Some(format!("{} hosts", lab.hosts.len())) };
    if host.os.name() != os {
        return Some(format!("{}; this machine runs {os}", host.os));
    }
    if host.mode != BootMode::Normal {
        return Some("a machine in WinPE or safe mode".to_owned());
    }
    if lab.caller != CallerRole::Administrator {
        return Some("another account than an administrator's".to_owned());
    }
    if lab.readings != described.readings {
        return Some("a choice between readings of the documentation".to_owned());
    }
    let same = Lab { name: described.name.clone(), seed: described.seed, ..lab.clone() } == *described;
    (!same).then(|| "something other than this machine is said to have".to_owned())
}
