//! How a disk is to be formatted, before a byte of it is written.

use super::extents::Extents;
use super::file_system::FileSystem;
use super::gpt;
use super::identity::{DiskIdentity, DiskSignature};
use super::mbr;
use super::partition_table::{Partition, PartitionKind, PartitionTable, TableError};
use std::borrow::Cow;
use uuid::Uuid;

/// A partition that a layout describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionLayout {
    /// The first byte.
    pub start: u64,
    /// The length in bytes.
    pub length: u64,
    /// The type; its style must be that of the disk.
    pub kind: PartitionKind,
    /// Its own GUID; `None` on an MBR disk.
    pub unique_id: Option<Uuid>,
    /// See [`gpt::attribute`]; on an MBR disk the first partition's count for all.
    pub attributes: u64,
    /// What its first sector shows.
    pub file_system: FileSystem,
}

impl PartitionLayout {
    /// A basic data partition of a GPT disk.
    #[must_use]
    pub fn gpt_basic(start: u64, length: u64, unique_id: Uuid, file_system: FileSystem) -> Self {
        let kind = PartitionKind::Gpt(gpt::TYPE_BASIC_DATA);
        PartitionLayout { start, length, kind, unique_id: Some(unique_id), attributes: 0, file_system }
    }

    /// A basic partition of an MBR disk.
    #[must_use]
    pub fn mbr_basic(start: u64, length: u64, file_system: FileSystem) -> Self {
        let kind = PartitionKind::Mbr(mbr::TYPE_BASIC);
        PartitionLayout { start, length, kind, unique_id: None, attributes: 0, file_system }
    }

    /// The data partition of a dynamic disk of that style.
    #[must_use]
    pub fn dynamic(start: u64, length: u64, unique_id: Option<Uuid>) -> Self {
        let kind = match unique_id {
            Some(_) => PartitionKind::Gpt(gpt::TYPE_LDM_DATA),
            None => PartitionKind::Mbr(mbr::TYPE_LDM),
        };
        PartitionLayout { start, length, kind, unique_id, attributes: 0, file_system: FileSystem::Raw }
    }
}

/// A disk's table as a lab describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskLayout {
    /// The signature, which also tells the table's style.
    pub signature: DiskSignature,
    /// The partitions, in the order of the table.
    pub partitions: Box<[PartitionLayout]>,
}

impl DiskLayout {
    /// The table that formatting writes.
    #[must_use]
    pub fn table(&self) -> PartitionTable {
        let partitions = self.partitions.iter().zip(0..).map(|(layout, index)| Partition {
            index,
            start: layout.start,
            length: layout.length,
            kind: layout.kind,
            unique_id: layout.unique_id,
            attributes: layout.attributes,
            name: Cow::Borrowed(layout.kind.default_name()),
        });
        PartitionTable { signature: self.signature, partitions: partitions.collect() }
    }

    /// Whether the layout can be written to a disk of `size` bytes.
    ///
    /// # Errors
    /// As [`PartitionTable::write`].
    pub fn check(&self, size: u64) -> Result<(), TableError> {
        self.table().check(size)
    }

    /// The identity that the formatted disk will have.
    #[must_use]
    pub fn identity(&self) -> DiskIdentity {
        let partitions = self.partitions.iter().filter_map(|partition| partition.unique_id).collect();
        DiskIdentity { signature: self.signature, partitions }
    }

    /// Whether the disk is dynamic (Logical Disk Manager).
    #[must_use]
    pub fn is_dynamic(&self) -> bool {
        self.partitions.iter().any(|partition| partition.kind.is_dynamic())
    }

    /// A store of `size` bytes with the table and each partition's file system mark in it.
    ///
    /// # Errors
    /// As [`PartitionTable::write`].
    pub fn format(&self, size: u64) -> Result<Extents, TableError> {
        let mut disk = Extents::new(size);
        self.table().write(&mut disk)?;
        for partition in &self.partitions {
            partition.file_system.mark(&mut disk, partition.start)?;
        }
        Ok(disk)
    }
}
