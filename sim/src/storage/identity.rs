//! What Windows knows a disk by: its signature and its partitions' GUIDs.

use super::extents::Extents;
use super::gpt::{ATTRIBUTES_OFFSET, ENTRY_BYTES, FIRST_LBA_OFFSET, UNIQUE_ID_OFFSET, guid};
use super::gpt_disk::GptDisk;
use super::mbr::{SECTOR, SIGNATURE_OFFSET, le_u64};
use super::partition_table::{TableError, read_mbr, read_mbr_attributes, write_mbr_attributes};
use std::fmt;
use uuid::Uuid;

/// A disk's signature; two disks of the same one can't both be online.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiskSignature {
    /// The four bytes at 0x1B8 of an MBR disk.
    Mbr(u32),
    /// The disk GUID of a GPT disk.
    Gpt(Uuid),
}

/// `1A2B3C4D` or `{d5e4...}`, as DiskPart's `uniqueid disk` shows it.
impl fmt::Display for DiskSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DiskSignature::Mbr(signature) => write!(f, "{signature:08X}"),
            DiskSignature::Gpt(id) => write!(f, "{}", id.braced()),
        }
    }
}

/// All that tells a disk from its copy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DiskIdentity {
    /// The disk's signature.
    pub signature: DiskSignature,
    /// The partitions' own GUIDs in the order of the table; none on an MBR disk.
    pub partitions: Vec<Uuid>,
}

impl DiskIdentity {
    /// The identity of an MBR disk.
    #[must_use]
    pub fn mbr(signature: u32) -> Self {
        DiskIdentity { signature: DiskSignature::Mbr(signature), partitions: Vec::new() }
    }

    /// The identity of a GPT disk.
    #[must_use]
    pub fn gpt(disk: Uuid, partitions: Vec<Uuid>) -> Self {
        DiskIdentity { signature: DiskSignature::Gpt(disk), partitions }
    }
}

/// Reads a disk's identity.
///
/// # Errors
/// There must be a table that can be read.
pub fn read_identity(disk: &Extents) -> Result<DiskIdentity, TableError> {
    let record = read_mbr(disk)?;
    if !record.is_protective() {
        return Ok(DiskIdentity::mbr(record.signature));
    }
    let mut table = GptDisk::load(disk)?;
    let mut partitions = Vec::new();
    for index in table.used_places() {
        partitions.extend(table.bytes_of_mut(index).map(|entry| guid(entry.as_slice(), UNIQUE_ID_OFFSET)));
    }
    Ok(DiskIdentity::gpt(table.header.disk_id, partitions))
}

/// Gives a disk another identity: signature, partition GUIDs and every CRC over them, in both halves of a GPT.
/// Partitions past those that the identity names get ids from `fresh`. All keep their attributes.
///
/// # Errors
/// The disk must have a table of the identity's style; nothing is written otherwise.
pub fn write_identity(
    disk: &mut Extents,
    identity: &DiskIdentity,
    fresh: &mut dyn FnMut() -> Uuid,
) -> Result<(), TableError> {
    let mut named = identity.partitions.iter().copied();
    let mut by_place = |_| named.next().unwrap_or_else(&mut *fresh);
    rewrite(disk, identity.signature, &mut by_place, |attributes| attributes)
}

/// Writes a signature, an id for each GPT partition by the place of its first byte, and every partition's attributes as
/// they follow from the old ones, all in one pass.
pub(super) fn rewrite(
    disk: &mut Extents,
    signature: DiskSignature,
    partition_id: &mut dyn FnMut(u64) -> Uuid,
    attributes: impl Fn(u64) -> u64,
) -> Result<(), TableError> {
    let record = read_mbr(disk)?;
    match (signature, record.is_protective()) {
        (DiskSignature::Mbr(signature), false) => {
            disk.write(SIGNATURE_OFFSET as u64, &signature.to_le_bytes())?;
            let before = read_mbr_attributes(disk);
            let after = attributes(before);
            if before == after { Ok(()) } else { write_mbr_attributes(disk, &record, after) }
        }
        (DiskSignature::Gpt(disk_id), true) => {
            let mut table = GptDisk::load(disk)?;
            table.header.disk_id = disk_id;
            for index in table.used_places() {
                if let Some(entry) = table.bytes_of_mut(index) {
                    let start = le_u64(entry.as_slice(), FIRST_LBA_OFFSET).saturating_mul(SECTOR as u64);
                    set_unique_id(entry, partition_id(start));
                    set_attributes(entry, attributes(le_u64(entry.as_slice(), ATTRIBUTES_OFFSET)));
                }
            }
            table.save(disk)
        }
        (wanted, _) => Err(TableError::Style { found: read_identity(disk)?.signature, wanted }),
    }
}

fn set_unique_id(entry: &mut [u8; ENTRY_BYTES], id: Uuid) {
    entry[UNIQUE_ID_OFFSET..][..16].copy_from_slice(&id.to_bytes_le());
}

pub(super) fn set_attributes(entry: &mut [u8; ENTRY_BYTES], attributes: u64) {
    entry[ATTRIBUTES_OFFSET..][..8].copy_from_slice(&attributes.to_le_bytes());
}

const _: () = assert!(SIGNATURE_OFFSET + 4 <= SECTOR);
