//! A conformance suite for VSS: every documented outcome, run against any backend.

pub mod bench;
pub mod case;
pub mod cases;
pub mod provenance;
pub mod spec;
