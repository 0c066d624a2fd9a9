//! The coordinator: the VSS service of a lab's hosts, as a [`Backend`](crate::api::Backend).
//!
//! A call is decided by a pure function in `transitions`, which answers the `Change` that it would make or a [`Refusal`];
//! `apply` carries it out. What an `IVssAsync` stands for is done step by step on the virtual clock (`operations`), by
//! `gather`, `creation` with `arrival`, `import`, and `resync`; a `revert` is a software provider's own. `selection` and
//! `loading` decide which provider is called, `providers` how.

mod apply;
mod arrival;
mod async_object;
mod backend;
mod change;
mod contexts;
mod creation;
mod departure;
mod faults;
mod gather;
mod import;
mod loading;
mod locate;
mod lun_flags;
mod notices;
mod observe;
mod operations;
mod providers;
mod reasons;
mod recovery;
mod refusal;
mod removal;
mod resync;
mod revert;
mod selection;
mod session;
mod setup;
mod simulator;
mod snapshots;
mod state;
mod transitions;
mod volumes;
mod world;

pub use refusal::{Because, Refusal};
pub use setup::SetUpError;
pub use simulator::Simulator;
pub use state::State;
