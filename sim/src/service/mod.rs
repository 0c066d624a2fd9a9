//! The coordinator: the VSS service of a lab's hosts, as a [`Backend`](crate::api::Backend).
//!
//! | room | what is there |
//! |---|---|
//! | `transitions` | a pure function for each call: the `Change` that it would make, or a [`Refusal`] |
//! | `machine` | the pure states: what becomes of a requester's object and of what a host does once at a time |
//! | `objects` | what requesters hold, and the one place that changes it; their operations, step by step on the virtual clock |
//! | `creation` | DoSnapshotSet |
//! | `copies` | the catalogue of shadow copies: their arrival, import, names, break, revert and end |
//! | `resync` | RecoverSet |
//! | `providers` | which provider is called, when it is loaded, what faults do to it, and what is made of its answer |
//! | `world` | everything on the machines but the requesters' objects |
//! | `explore` | every state that the same pure functions lead to |
//!
//! `simulator` is where a call comes in and in which order it is checked; `backend` and `observe` are what a test does and
//! sees beside the calls; `gather` is about writers; `contexts` says which contexts there are; `due` lets time pass;
//! `reasons` has the words for refusals.

mod backend;
mod contexts;
mod copies;
mod creation;
mod due;
pub(crate) mod explore;
mod gather;
mod machine;
mod objects;
mod observe;
mod providers;
mod reasons;
mod refusal;
mod resync;
mod simulator;
mod transitions;
mod world;

pub use machine::state::State;
pub use refusal::{Because, Refusal};
pub use simulator::Simulator;
pub use world::setup::SetUpError;
