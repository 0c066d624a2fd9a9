//! What the workspace-wide tests and benches share.

pub mod examples;
pub mod figures;
pub mod methods;
pub mod oracles;
pub mod requester;
