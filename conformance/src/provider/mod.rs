#![doc = include_str!("example.md")]

mod conformance;
pub mod process;
mod profile;
mod suite;
pub mod zoo;

pub use conformance::Conformance;
pub use profile::Profile;
pub use suite::{Suite, Test, simulated};
