//! Storage: sparse copy-on-write bytes, partition tables, LUNs, arrays and hosts. Knows no VSS.

mod extents;
mod few;
mod file_system;
pub mod gpt;
mod gpt_disk;
mod identity;
mod layout;
pub mod mbr;
mod partition_table;

pub use extents::{Extents, OutOfRange};
pub use file_system::FileSystem;
pub use gpt_disk::HalfDamage;
pub use identity::{DiskIdentity, DiskSignature, read_identity, write_identity};
pub use layout::{DiskLayout, PartitionLayout};
pub use partition_table::{
    Partition, PartitionKind, PartitionTable, TableError, move_backup_to_end, set_partition_attributes,
};
