//! Storage: sparse copy-on-write bytes, partition tables, LUNs, arrays and hosts. Knows no VSS.
//!
//! [`Storage`] holds all of it. Bytes are real: a disk's signature is in its sectors, and an exported LUN is an image
//! that partitioning tools read. Nothing here makes up an id; callers hand in fresh ones.

mod array;
mod disk;
mod export;
mod extents;
mod few;
mod file_system;
mod frozen;
pub mod gpt;
mod gpt_disk;
mod host;
mod host_ops;
mod identity;
mod layout;
mod loaded_table;
mod lun;
pub mod mbr;
mod mount;
mod partition_table;
mod restart;
mod store;
mod volume_name;

pub use array::{Array, ArrayId, CopyDescription, CopyKind};
pub use disk::{Disk, DiskNumber, DiskState, Held, OfflineReason};
pub use export::{Chunk, chunks};
pub use extents::{Extents, OutOfRange};
pub use file_system::FileSystem;
pub use frozen::FrozenVolume;
pub use gpt_disk::HalfDamage;
pub use host::{DynamicVolume, Host, HostId, SanPolicy};
pub use host_ops::{DiskChange, DiskError};
pub use identity::{DiskIdentity, DiskSignature, read_identity, write_identity};
pub use layout::{DiskLayout, PartitionLayout};
pub use lun::{CopyOf, Lun, LunDescription, LunId, LunVolume, Page83Identifier};
pub use mount::{FoundVolume, MountError, MountManager, Volume, VolumeExtent, VolumeKey};
pub use partition_table::{
    Partition, PartitionKind, PartitionTable, TableError, move_backup_to_end, set_partition_attributes,
};
pub use store::{LunError, Storage};
pub use uuid::Uuid;
pub use volume_name::{VolumeName, volume_guid_path};
