//! A conformance suite for VSS: every documented outcome, run against any backend.

pub mod backends;
pub mod bench;
pub mod case;
pub mod cases;
pub mod cli;
pub mod coverage;
pub mod deviants;
mod diagnostic;
pub mod expectations;
pub mod explain;
pub mod glob;
pub mod names;
pub mod nearest;
pub mod provenance;
pub mod render;
pub mod report;
pub mod run;
pub mod spec;
pub mod trace;
pub mod verdict;
