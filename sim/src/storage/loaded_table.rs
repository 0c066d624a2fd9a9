//! A disk's partition table, loaded and checked: what every reading and every change of it starts from.

use super::extents::Extents;
use super::gpt::{ATTRIBUTES_OFFSET, ENTRY_BYTES, FIRST_LBA_OFFSET, UNIQUE_ID_OFFSET, guid};
use super::gpt_disk::GptDisk;
use super::identity::{DiskIdentity, DiskSignature};
use super::mbr::{self, SECTOR, SIGNATURE_OFFSET, le_u64};
use super::partition_table::TableError;
use std::ops::Range;
use uuid::Uuid;

/// A table of either style. Of a GPT's entries it holds those up to the last taken one, so it is small.
#[derive(Clone, Debug)]
pub(super) enum LoadedTable {
    Mbr {
        record: mbr::Repr,
        /// Those of all partitions.
        attributes: u64,
    },
    Gpt(GptDisk),
}

impl LoadedTable {
    /// Reads a disk's table. A GPT of which only the backup is good is read from the backup.
    pub(super) fn load(disk: &Extents) -> Result<LoadedTable, TableError> {
        let sector = disk.read_array::<SECTOR>(0)?;
        let packet = mbr::Packet::new_checked(&sector).ok_or(TableError::NoTable)?;
        let record = mbr::Repr::parse(&packet);
        if record.is_protective() {
            return Ok(LoadedTable::Gpt(GptDisk::load(disk)?));
        }
        Ok(LoadedTable::Mbr { record, attributes: read_mbr_attributes(disk) })
    }

    pub(super) fn signature(&self) -> DiskSignature {
        match self {
            LoadedTable::Mbr { record, .. } => DiskSignature::Mbr(record.signature),
            LoadedTable::Gpt(table) => DiskSignature::Gpt(table.header.disk_id),
        }
    }

    pub(super) fn identity(&self) -> DiskIdentity {
        let partitions = match self {
            LoadedTable::Mbr { .. } => Vec::new(),
            LoadedTable::Gpt(table) => {
                table.used().map(|(_, entry)| guid(entry.as_slice(), UNIQUE_ID_OFFSET)).collect()
            }
        };
        DiskIdentity { signature: self.signature(), partitions }
    }

    /// Whether no byte of that range decides what the table is; not sure of a GPT whose primary half is damaged.
    pub(super) fn lies_beside(&self, range: &Range<u64>) -> bool {
        let sector = SECTOR as u64;
        match self {
            LoadedTable::Mbr { .. } => range.start >= MBR_SECTORS * sector,
            LoadedTable::Gpt(table) => {
                let (first, last) = (table.header.first_usable_lba, table.header.last_usable_lba);
                table.primary_is_good
                    && range.start / sector >= first
                    && range.end.div_ceil(sector) <= last.saturating_add(1)
            }
        }
    }

    /// Writes a signature, an id for each GPT partition by the place of its first byte, and every partition's attributes
    /// as they follow from the old ones, all in one pass.
    ///
    /// # Errors
    /// The signature must be of the table's style; nothing is written otherwise.
    pub(super) fn rewrite(
        &mut self,
        disk: &mut Extents,
        signature: DiskSignature,
        partition_id: &mut dyn FnMut(u64) -> Uuid,
        attributes: impl Fn(u64) -> u64,
    ) -> Result<(), TableError> {
        match (self, signature) {
            (LoadedTable::Mbr { record, attributes: before }, DiskSignature::Mbr(signature)) => {
                let after = attributes(*before);
                write_mbr_attributes(disk, record, *before, after)?;
                (*before, record.signature) = (after, signature);
                Ok(disk.write(SIGNATURE_OFFSET as u64, &signature.to_le_bytes())?)
            }
            (LoadedTable::Gpt(table), DiskSignature::Gpt(disk_id)) => {
                table.header.disk_id = disk_id;
                for entry in table.used_mut() {
                    let start = le_u64(entry.as_slice(), FIRST_LBA_OFFSET).saturating_mul(SECTOR as u64);
                    entry[UNIQUE_ID_OFFSET..][..16].copy_from_slice(&partition_id(start).to_bytes_le());
                    set_attributes(entry, attributes(le_u64(entry.as_slice(), ATTRIBUTES_OFFSET)));
                }
                table.save(disk)
            }
            (table, wanted) => Err(TableError::Style { found: table.signature(), wanted }),
        }
    }

    /// Changes every partition's attributes, by the place of its first byte. Those of an MBR disk are one for all
    /// partitions: by place 0.
    ///
    /// # Errors
    /// The disk must take the write.
    pub(super) fn change_attributes(
        &mut self,
        disk: &mut Extents,
        change: &mut dyn FnMut(u64, u64) -> u64,
    ) -> Result<(), TableError> {
        match self {
            LoadedTable::Mbr { record, attributes: before } => {
                let after = change(0, *before);
                write_mbr_attributes(disk, record, *before, after)?;
                *before = after;
                Ok(())
            }
            LoadedTable::Gpt(table) => {
                for entry in table.used_mut() {
                    let start = le_u64(entry.as_slice(), FIRST_LBA_OFFSET).saturating_mul(SECTOR as u64);
                    set_attributes(entry, change(start, le_u64(entry.as_slice(), ATTRIBUTES_OFFSET)));
                }
                table.save(disk)
            }
        }
    }

    /// Sets the attributes of a partition; on an MBR disk those of all partitions.
    ///
    /// # Errors
    /// There must be such a partition.
    pub(super) fn set_partition_attributes(
        &mut self,
        disk: &mut Extents,
        index: u32,
        attributes: u64,
    ) -> Result<(), TableError> {
        let no_partition = TableError::NoPartition { index };
        match self {
            LoadedTable::Mbr { record, attributes: before } => {
                let entry = record.entries.get(index as usize).filter(|entry| entry.kind != 0);
                entry.ok_or(no_partition)?;
                write_mbr_attributes(disk, record, *before, attributes)?;
                *before = attributes;
                Ok(())
            }
            LoadedTable::Gpt(table) => {
                set_attributes(table.entry_mut(index as usize).ok_or(no_partition)?, attributes);
                table.save(disk)
            }
        }
    }

    /// After a change of a disk's length: moves the backup GPT to the end. An MBR disk needs nothing.
    ///
    /// # Errors
    /// The partitions must fit.
    pub(super) fn move_backup_to_end(&mut self, disk: &mut Extents) -> Result<(), TableError> {
        match self {
            LoadedTable::Mbr { .. } => Ok(()),
            LoadedTable::Gpt(table) => table.move_backup(disk),
        }
    }
}

fn set_attributes(entry: &mut [u8; ENTRY_BYTES], attributes: u64) {
    entry[ATTRIBUTES_OFFSET..][..8].copy_from_slice(&attributes.to_le_bytes());
}

/// The record and, behind it, the attributes.
const MBR_SECTORS: u64 = 2;

/// Windows hides an MBR disk's attributes in the gap before the first partition, in a form that is not documented.
/// This is ours: a mark and the attributes in sector 1.
const MBR_ATTRIBUTES_MARK: [u8; 8] = *b"VolAttr\0";

pub(super) fn read_mbr_attributes(disk: &Extents) -> u64 {
    match disk.read_array::<16>(SECTOR as u64) {
        Ok(bytes) if bytes.starts_with(&MBR_ATTRIBUTES_MARK) => le_u64(&bytes, 8),
        _ => 0,
    }
}

/// Replaces the attributes of an MBR disk's partitions.
pub(super) fn write_mbr_attributes(
    disk: &mut Extents,
    record: &mbr::Repr,
    before: u64,
    attributes: u64,
) -> Result<(), TableError> {
    if before == attributes {
        return Ok(());
    }
    let in_gap = |entry: &mbr::Entry| entry.kind == 0 || entry.first_lba > 1;
    if !record.entries.iter().all(in_gap) {
        return Err(TableError::Partition { index: 0, why: "there is no gap before it for attributes" });
    }
    let mut bytes = [0; 16];
    if attributes != 0 {
        bytes[..8].copy_from_slice(&MBR_ATTRIBUTES_MARK);
        bytes[8..].copy_from_slice(&attributes.to_le_bytes());
    }
    Ok(disk.write(SECTOR as u64, &bytes)?)
}
