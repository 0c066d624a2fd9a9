//! A deterministic simulator of Windows VSS hardware snapshots.
//!
//! No I/O, no wall clock, no threads, no unsafe code: the same lab and the same calls give the same bytes.

pub mod api;
pub mod document;
pub mod lab;
pub mod provider;
pub mod service;
pub mod storage;
pub mod writer;
