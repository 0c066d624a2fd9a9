//! The suite for hardware providers: any [`HardwareProvider`](vss_sim::provider::HardwareProvider), called as VSS calls
//! it.
//!
//! The cases are [`cases::hardware_provider`](crate::cases::hardware_provider); here is what makes a verdict of them:
//! [`Profile`] says which have to pass, [`Conformance`] is the answer in one line, [`zoo`] holds wrong providers that
//! show that each case can fail.

mod conformance;
pub mod process;
mod profile;
mod suite;
pub mod zoo;

pub use conformance::Conformance;
pub use profile::Profile;
pub use suite::{Suite, Test, simulated};
