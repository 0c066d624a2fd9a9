//! The service of a real machine, from which nothing can be asked but VSS, and on which mistakes cost data.
//!
//! [`RealMachine`] is a backend over another one, which makes the calls. It says of each case whether this machine can
//! serve it, and makes no call that destroys anything but on LUNs that somebody listed.

mod guard;
mod suits;
#[cfg(test)]
mod tests;
#[cfg(windows)]
mod windows;

use guard::Guard;
use vss_sim::api::{
    Action, Answer, Backend, Call, Capabilities, HResult, Object, Ptr, Question, Reply, Target, Text,
    Unavailable,
};
use vss_sim::lab::Lab;

pub use guard::Permission;
#[cfg(windows)]
pub use windows::{ThisMachine, initialise_com};

/// What has to be known of a machine beside VSS.
pub trait Facts {
    /// Its operating system, as labs name it.
    fn os(&self) -> String;

    /// Whether it has a volume of that name.
    fn has_volume(&self, name: &str) -> bool;

    /// The unit serial numbers (page 0x80) of all LUNs under a volume.
    ///
    /// # Errors
    /// Why they cannot be told, or that one of the LUNs has none.
    fn lun_serials(&self, volume: &str) -> Result<Vec<String>, String>;
}

/// A backend over the service of a machine.
#[derive(Debug)]
pub struct RealMachine<B, F> {
    backend: B,
    facts: F,
    /// What the machine is said to be.
    described: Lab,
    guard: Guard,
}

impl<B: Backend, F: Facts> RealMachine<B, F> {
    /// `described` says what is on the machine: the lab that cases load when they need no other.
    pub fn new(backend: B, facts: F, described: Lab, permission: Permission) -> Self {
        Self { backend, facts, described, guard: Guard::new(permission) }
    }

    /// Whether the call may be made here.
    fn check(&self, on: Object, call: &Call) -> Result<(), Unavailable> {
        if let Some((name, Ptr::Dangling)) = call.bad_pointer() {
            let reason = format!("a bad address in `{name}` could end this process");
            return Err(Unavailable::because(reason));
        }
        match call {
            Call::AddToSnapshotSet { pwsz_volume_name: name, .. }
            | Call::AddSnapshotToRecoverySet { pwsz_destination_volume: name, .. }
            | Call::IsVolumeSnapshotted { pwsz_volume_name: name, .. }
            | Call::IsVolumeSnapshottedInternal { pwsz_volume_name: name, .. }
            | Call::QueryRevertStatus { pwsz_volume: name, .. }
            | Call::ShouldBlockRevert { wsz_volume_name: name, .. }
            | Call::IsVolumeSupported { pwsz_volume_name: name, .. } => self.check_volume(name.as_ref())?,
            _ => {}
        }
        self.guard.check(on, call, &self.facts)
    }

    /// A volume that the lab has, and the machine has not: a case about it shows nothing.
    fn check_volume(&self, name: Option<&Text>) -> Result<(), Unavailable> {
        let Some(name) = name else { return Ok(()) };
        let in_lab = self.described.volumes.iter().flat_map(|volume| &volume.mount);
        if in_lab.into_iter().any(|mount| **mount == **name) && !self.facts.has_volume(name) {
            return Err(Unavailable::because(format!("this machine has no volume `{name}`")));
        }
        Ok(())
    }
}

impl<B: Backend, F: Facts> Backend for RealMachine<B, F> {
    fn target(&self) -> Target {
        Target { backend: self.backend.target().backend, os: self.facts.os() }
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::empty()
    }

    /// A machine is as it is: this says whether that is what the lab describes.
    fn load(&mut self, lab: &Lab) -> Result<(), Unavailable> {
        suits::check(lab, &self.described, &self.facts.os())
    }

    fn can_call(&self, on: Object, call: &Call) -> Result<(), Unavailable> {
        self.backend.can_call(on, call)?;
        self.check(on, call)
    }

    fn call(&mut self, on: Object, call: &Call) -> Reply {
        // Whoever did not ask first is refused here too.
        if self.check(on, call).is_err() {
            return HResult::E_ACCESSDENIED.into();
        }
        let reply = self.backend.call(on, call);
        self.guard.learn(on, call, &reply);
        reply
    }

    fn act(&mut self, _: &Action) -> Result<(), Unavailable> {
        Err(Unavailable::because("on a real machine nothing is changed but through VSS"))
    }

    fn ask(&self, _: &Question) -> Result<Answer, Unavailable> {
        Err(Unavailable::because("a real machine shows nothing but through VSS"))
    }
}
