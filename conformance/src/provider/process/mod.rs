//! The suite with the provider in a process of its own: one that crashes or hangs ends its process, not the run.
//!
//! The child runs the cases that it is told of on its standard input, and tells on its standard output what it is about
//! to call and what came of each case. When it ends or falls silent in mid-case, the parent knows in which call, and
//! starts another for the next case.

mod child;
mod message;
mod parent;

pub use child::serve;
pub use parent::Isolated;
