//! What the workspace-wide tests and benches share.

pub mod oracles;
