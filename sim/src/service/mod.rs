//! The coordinator: the VSS service of a lab's hosts, as a [`Backend`](crate::api::Backend).
//!
//! A call is decided by a pure function in [`transitions`], which answers the [`change::Change`] that it would make or
//! a [`Refusal`]; [`apply`] alone carries changes out. Operations behind an `IVssAsync` do their work in steps on the
//! virtual clock ([`operations`]).

mod apply;
mod arrival;
mod async_object;
mod backend;
mod change;
mod contexts;
mod creation;
mod faults;
mod gather;
mod observe;
mod operations;
mod providers;
mod reasons;
mod recovery;
mod refusal;
mod resync;
mod session;
mod setup;
mod simulator;
mod snapshots;
mod state;
mod transitions;
mod volumes;
mod world;

pub use refusal::{Because, Refusal};
pub use simulator::Simulator;
pub use state::State;
