//! Shadow copies with files, in real directories.

mod costs;
mod life;
mod refusals;
mod rig;
#[cfg(unix)]
mod trees;
