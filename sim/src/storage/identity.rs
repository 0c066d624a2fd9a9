//! What Windows knows a disk by: its signature and its partitions' GUIDs.

use super::extents::Extents;
use super::loaded_table::LoadedTable;
use super::partition_table::TableError;
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

    /// As [`write_identity`], to a disk whose table is loaded.
    pub(super) fn write(
        &self,
        table: &mut LoadedTable,
        disk: &mut Extents,
        fresh: &mut dyn FnMut() -> Uuid,
    ) -> Result<(), TableError> {
        let mut named = self.partitions.iter().copied();
        let mut by_place = |_| named.next().unwrap_or_else(&mut *fresh);
        table.rewrite(disk, self.signature, &mut by_place, |attributes| attributes)
    }
}

/// Reads a disk's identity.
///
/// # Errors
/// There must be a table that can be read.
pub fn read_identity(disk: &Extents) -> Result<DiskIdentity, TableError> {
    Ok(LoadedTable::load(disk)?.identity())
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
    identity.write(&mut LoadedTable::load(disk)?, disk, fresh)
}
