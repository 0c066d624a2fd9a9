//! A lab: the described machine room that a simulation starts from.

mod description;
mod fault;
mod os;
mod readings;
mod size;

pub use description::*;
pub use fault::{Cause, Fault};
pub use os::Os;
pub use readings::*;
pub use size::Size;
