//! The coordinator: the VSS service of a lab's hosts, as a [`Backend`](crate::api::Backend).
//!
//! A call is decided by a pure function in `transitions`, which answers the `Change` that it would make or a [`Refusal`];
//! `apply` carries it out, and `machine` says what becomes of the object. What an `IVssAsync` stands for is done step by
//! step on the virtual clock (`operations`), by `gather`, `creation` with `arrival`, `import`, `breaking`, and `resync`. What
//! needs no time is done at once: `query` with `enumerators`, `exposure`, `removal`; `functions` are called on hosts.
//! `revert` is a software provider's own. `explore` visits every state that the same functions lead to. `selection` and
//! `loading` decide which provider is called, `providers` how.

mod apply;
mod arrival;
mod async_object;
mod backend;
mod breaking;
mod change;
mod cluster;
mod contexts;
mod creation;
mod departure;
mod devices;
mod enumerators;
pub(crate) mod explore;
mod exposure;
mod faults;
mod functions;
mod gather;
mod identity;
mod import;
mod loading;
mod locate;
mod lun_flags;
mod machine;
mod notices;
mod observe;
mod operations;
mod originals;
mod providers;
mod query;
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
mod stalls;
mod state;
mod transitions;
mod virtual_disks;
mod volumes;
mod world;

pub use refusal::{Because, Refusal};
pub use setup::SetUpError;
pub use simulator::Simulator;
pub use state::State;
