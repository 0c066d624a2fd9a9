//! What decides of a requester's object and of its host, apart from what they hold: small values, and one pure function
//! for each thing that happens to them. The simulator and the explorer go by the same ones.
//!
//! `apply`, `operations` and `departure` carry out what belongs to a change (documents, writers, providers, disks) and take
//! over the state from here. In debug builds they also compare what the session holds then with what is said here, so that
//! the tests of the simulator hold these functions against it.

mod requester;
mod slots;
pub(in crate::service) mod state;

pub(super) use requester::{DocumentFacts, End, Pending, Requester};
pub(super) use slots::Slots;
