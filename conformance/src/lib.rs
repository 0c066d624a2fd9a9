//! A conformance suite for VSS: every documented outcome, run against any backend.
