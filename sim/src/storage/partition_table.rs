//! The partitions of a disk, whichever style its table has.

#[cfg(test)]
mod tests;

use super::extents::{Extents, OutOfRange};
use super::gpt::{self, ENTRIES};
use super::gpt_disk::{GptDisk, HalfDamage, primary_header};
use super::identity::DiskSignature;
use super::loaded_table::{LoadedTable, read_mbr_attributes, write_mbr_attributes};
use super::mbr::{self, SECTOR};
use std::borrow::Cow;
use uuid::Uuid;

/// Why a partition table could not be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The first sector carries no boot mark: the disk is not initialised.
    #[error("the first sector carries no 0x55AA: there is no partition table")]
    NoTable,
    /// Neither half of the GPT is good.
    #[error("both halves of the GPT are damaged (primary: {primary}; backup: {backup})")]
    Gpt {
        /// What is wrong in sector 1.
        primary: HalfDamage,
        /// What is wrong in the last sector.
        backup: HalfDamage,
    },
    /// The header names a place for the backup that the disk does not have.
    #[error("the backup GPT would lie in sector {lba} of {sectors}")]
    BackupOutside {
        /// The sector.
        lba: u64,
        /// How many the disk has.
        sectors: u64,
    },
    /// The two halves of a GPT would lie on each other, on the first sector or on sectors for partitions.
    #[error("the GPT's arrays in the sectors {primary} and {backup} lie on each other or on partitions")]
    Overlap {
        /// The first sector of the primary array.
        primary: u64,
        /// The first sector of the backup array.
        backup: u64,
    },
    /// The table, or a partition of it, does not fit the disk.
    #[error("a disk of {size} bytes is too small for its table and partitions")]
    DiskTooSmall {
        /// The disk's size in bytes.
        size: u64,
    },
    /// A partition can't be written down in this table.
    #[error("partition {index} can't be written: {why}")]
    Partition {
        /// Its index.
        index: u32,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The table has no such partition.
    #[error("there is no partition {index}")]
    NoPartition {
        /// The index that was asked for.
        index: u32,
    },
    /// An MBR identity for a GPT disk, or the other way round.
    #[error("{wanted} does not suit a disk of the other style, {found}")]
    Style {
        /// The signature on the disk.
        found: DiskSignature,
        /// The signature that was to be written.
        wanted: DiskSignature,
    },
    /// Something lies outside of the disk.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
}

/// The type of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartitionKind {
    /// The type byte of an MBR entry.
    Mbr(u8),
    /// The type GUID of a GPT entry.
    Gpt(Uuid),
}

impl PartitionKind {
    /// Whether Windows makes a volume of it on a basic disk.
    #[must_use]
    pub fn holds_volume(self) -> bool {
        match self {
            PartitionKind::Mbr(kind) => mbr::holds_volume(kind),
            PartitionKind::Gpt(kind) => kind == gpt::TYPE_BASIC_DATA,
        }
    }

    /// Whether it is one of a dynamic disk.
    #[must_use]
    pub fn is_dynamic(self) -> bool {
        match self {
            PartitionKind::Mbr(kind) => kind == mbr::TYPE_LDM,
            PartitionKind::Gpt(kind) => kind == gpt::TYPE_LDM_DATA || kind == gpt::TYPE_LDM_METADATA,
        }
    }

    /// The name that Windows writes into a GPT entry of the type.
    #[must_use]
    pub fn default_name(self) -> &'static str {
        match self {
            PartitionKind::Gpt(kind) => gpt::default_name(kind),
            PartitionKind::Mbr(_) => "",
        }
    }
}

/// A partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// Its place among the table's entries, from 0.
    pub index: u32,
    /// The first byte.
    pub start: u64,
    /// The length in bytes.
    pub length: u64,
    /// The type.
    pub kind: PartitionKind,
    /// Its own GUID; `None` on an MBR disk.
    pub unique_id: Option<Uuid>,
    /// See [`gpt::attribute`]. An MBR disk has one set for all of its partitions.
    pub attributes: u64,
    /// The GPT entry's name; empty on an MBR disk.
    pub name: Cow<'static, str>,
}

/// The table of a disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionTable {
    /// The disk's signature, which also tells the table's style.
    pub signature: DiskSignature,
    /// The partitions, by index.
    pub partitions: Vec<Partition>,
}

impl PartitionTable {
    /// Whether the disk is dynamic (Logical Disk Manager).
    #[must_use]
    pub fn is_dynamic(&self) -> bool {
        self.partitions.iter().any(|partition| partition.kind.is_dynamic())
    }

    /// The partitions that hold a volume; none on a dynamic disk.
    pub fn volumes(&self) -> impl Iterator<Item = &Partition> + '_ {
        let basic = !self.is_dynamic();
        self.partitions.iter().filter(move |partition| basic && partition.kind.holds_volume())
    }

    /// Reads the table. A GPT of which only the backup is good is read from the backup.
    ///
    /// # Errors
    /// There may be no table, or both halves of a GPT may be damaged.
    pub fn read(disk: &Extents) -> Result<PartitionTable, TableError> {
        PartitionTable::of(&LoadedTable::load(disk)?)
    }

    /// The partitions of a table that is loaded.
    pub(super) fn of(table: &LoadedTable) -> Result<PartitionTable, TableError> {
        let partitions = match table {
            LoadedTable::Mbr { record, attributes } => mbr_partitions(record, *attributes),
            LoadedTable::Gpt(table) => gpt_partitions(table)?,
        };
        Ok(PartitionTable { signature: table.signature(), partitions })
    }

    /// Writes the table over whatever the disk has.
    ///
    /// # Errors
    /// The partitions must suit the style and lie where the table allows, in whole sectors.
    pub fn write(&self, disk: &mut Extents) -> Result<(), TableError> {
        self.check(disk.len())?;
        match self.signature {
            DiskSignature::Mbr(signature) => self.write_mbr(disk, signature),
            DiskSignature::Gpt(disk_id) => self.write_gpt(disk, disk_id),
        }
    }

    /// Whether the table can be written to a disk of `size` bytes.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn check(&self, size: u64) -> Result<(), TableError> {
        let (first, end, most) = match self.signature {
            DiskSignature::Mbr(_) => (SECTOR as u64, size.min(MBR_END), 4),
            DiskSignature::Gpt(disk_id) => {
                let header = primary_header(size, disk_id)?;
                let bytes = |lba| lba * SECTOR as u64;
                (bytes(header.first_usable_lba), bytes(header.last_usable_lba + 1), ENTRIES as u32)
            }
        };
        for partition in &self.partitions {
            let index = partition.index;
            let fault = |why| Err(TableError::Partition { index, why });
            let style = matches!(
                (self.signature, partition.kind, partition.unique_id),
                (DiskSignature::Mbr(_), PartitionKind::Mbr(1..), None)
                    | (DiskSignature::Gpt(_), PartitionKind::Gpt(_), Some(_))
            );
            let Some(last) = partition.start.checked_add(partition.length) else {
                return fault("its end is past any disk's");
            };
            if index >= most {
                return fault("the table has no such entry");
            }
            if !style || partition.kind == PartitionKind::Gpt(Uuid::nil()) {
                return fault("its type or id does not suit the table's style");
            }
            if partition.start % SECTOR as u64 + partition.length % SECTOR as u64 > 0 || partition.length == 0
            {
                return fault("it is not a number of whole sectors");
            }
            if partition.start < first || last > end {
                return fault("it lies outside of the usable sectors");
            }
            if self.partitions.iter().any(|other| other.index != index && overlaps(partition, other)) {
                return fault("it overlaps another one");
            }
        }
        Ok(())
    }

    fn write_mbr(&self, disk: &mut Extents, signature: u32) -> Result<(), TableError> {
        let mut record = mbr::Repr { signature, ..mbr::Repr::default() };
        for partition in &self.partitions {
            let PartitionKind::Mbr(kind) = partition.kind else { continue };
            record.entries[partition.index as usize] = mbr::Entry {
                active: false,
                kind,
                first_lba: (partition.start / SECTOR as u64) as u32,
                sectors: (partition.length / SECTOR as u64) as u32,
            };
        }
        let mut sector = disk.read_array(0)?;
        record.emit(&mut sector);
        disk.write(0, &sector)?;
        let attributes = self.partitions.first().map_or(0, |partition| partition.attributes);
        write_mbr_attributes(disk, &record, read_mbr_attributes(disk), attributes)
    }

    fn write_gpt(&self, disk: &mut Extents, disk_id: Uuid) -> Result<(), TableError> {
        let mut sector = disk.read_array(0)?;
        mbr::Repr::protective(disk.len() / SECTOR as u64).emit(&mut sector);
        let mut table = GptDisk::empty(disk.len(), disk_id)?;
        for partition in &self.partitions {
            let (PartitionKind::Gpt(kind), Some(unique_id)) = (partition.kind, partition.unique_id) else {
                continue;
            };
            let entry = gpt::Entry {
                kind,
                unique_id,
                first_lba: partition.start / SECTOR as u64,
                last_lba: (partition.start + partition.length) / SECTOR as u64 - 1,
                attributes: partition.attributes,
                name: partition.name.clone(),
            };
            table.put(partition.index as usize, entry.emit());
        }
        disk.write(0, &sector)?;
        table.save(disk)
    }
}

/// The first byte that a sector number of 32 bits can't reach.
const MBR_END: u64 = (u32::MAX as u64 + 1) * SECTOR as u64;

fn overlaps(a: &Partition, b: &Partition) -> bool {
    a.start < b.start.saturating_add(b.length) && b.start < a.start.saturating_add(a.length)
}

fn mbr_partitions(record: &mbr::Repr, attributes: u64) -> Vec<Partition> {
    let taken = record.entries.iter().zip(0..).filter(|(entry, _)| entry.kind != 0);
    let partitions = taken.map(|(entry, index)| Partition {
        index,
        start: u64::from(entry.first_lba) * SECTOR as u64,
        length: u64::from(entry.sectors) * SECTOR as u64,
        kind: PartitionKind::Mbr(entry.kind),
        unique_id: None,
        attributes,
        name: Cow::Borrowed(""),
    });
    partitions.collect()
}

fn gpt_partitions(table: &GptDisk) -> Result<Vec<Partition>, TableError> {
    let mut partitions = Vec::with_capacity(table.used().count());
    for (index, entry) in table.used() {
        let Some(entry) = gpt::Entry::parse(entry) else { continue };
        let index = index as u32;
        let damaged =
            TableError::Partition { index, why: "its sectors are out of order or past any disk's end" };
        let sectors = entry.last_lba.checked_sub(entry.first_lba).and_then(|last| last.checked_add(1));
        let bytes = |lba: u64| lba.checked_mul(SECTOR as u64).ok_or(damaged);
        bytes(entry.last_lba)?;
        partitions.push(Partition {
            index,
            start: bytes(entry.first_lba)?,
            length: bytes(sectors.ok_or(damaged)?)?,
            kind: PartitionKind::Gpt(entry.kind),
            unique_id: Some(entry.unique_id),
            attributes: entry.attributes,
            name: entry.name,
        });
    }
    Ok(partitions)
}

/// Sets the attributes of a partition; on an MBR disk those of all partitions.
///
/// # Errors
/// There must be such a partition, in a table that can be read.
pub fn set_partition_attributes(disk: &mut Extents, index: u32, attributes: u64) -> Result<(), TableError> {
    LoadedTable::load(disk)?.set_partition_attributes(disk, index, attributes)
}

/// After a change of a disk's length: moves the backup GPT to the end. An MBR disk needs nothing.
///
/// # Errors
/// One half must be good, and the partitions must fit.
pub fn move_backup_to_end(disk: &mut Extents) -> Result<(), TableError> {
    LoadedTable::load(disk)?.move_backup_to_end(disk)
}
