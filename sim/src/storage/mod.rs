//! Storage: sparse copy-on-write bytes, partition tables, LUNs, arrays and hosts. Knows no VSS.

mod extents;

pub use extents::{Extents, OutOfRange};
