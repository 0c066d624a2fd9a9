//! Both halves of a GPT on a disk: loading whichever is good, saving both.

use super::extents::Extents;
use super::gpt::{ARRAY_BYTES, ARRAY_SECTORS, ENTRIES, ENTRY_BYTES, Entry, Header, HeaderDamage};
use super::mbr::{self, SECTOR};
use super::partition_table::TableError;
use uuid::Uuid;

/// What is wrong with one half of a GPT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HalfDamage {
    /// The header is unusable.
    #[error(transparent)]
    Header(#[from] HeaderDamage),
    /// The array of entries lies outside of the disk.
    #[error("the array of entries in sector {0} lies outside of the disk")]
    EntriesOutside(u64),
    /// The CRC over the entries is wrong.
    #[error("the CRC over the entries is {found:#010x}, not {expected:#010x}")]
    EntriesCrc {
        /// What the header says.
        found: u32,
        /// What the bytes give.
        expected: u32,
    },
    /// The disk is too small to have this half.
    #[error("the disk has no sector for it")]
    NoPlace,
}

/// The smallest disk that has room for both halves and one sector between them.
const LEAST_SECTORS: u64 = 2 * (ARRAY_SECTORS + 1) + 2;

/// A GPT in memory, seen from its primary half.
#[derive(Clone, Debug)]
pub(super) struct GptDisk {
    pub(super) header: Header,
    entries: Vec<u8>,
}

impl GptDisk {
    /// An empty table for a disk of that many bytes.
    pub(super) fn empty(size: u64, disk_id: Uuid) -> Result<GptDisk, TableError> {
        Ok(GptDisk { header: primary_header(size, disk_id)?, entries: vec![0; ARRAY_BYTES] })
    }

    /// Reads the primary half or, if that is damaged, the backup at the disk's end.
    pub(super) fn load(disk: &Extents) -> Result<GptDisk, TableError> {
        let primary = match load_half(disk, 1) {
            Ok((header, entries)) => return Ok(GptDisk { header, entries }),
            Err(damage) => damage,
        };
        let last = (disk.len() / SECTOR as u64).saturating_sub(1);
        match load_half(disk, last) {
            Ok((header, entries)) => Ok(GptDisk { header: header.mirrored(), entries }),
            Err(backup) => Err(TableError::Gpt { primary, backup }),
        }
    }

    /// Writes both halves with their CRCs.
    pub(super) fn save(&mut self, disk: &mut Extents) -> Result<(), TableError> {
        let sectors = disk.len() / SECTOR as u64;
        let alternate = self.header.alternate_lba;
        if alternate >= sectors || alternate <= ARRAY_SECTORS {
            return Err(TableError::BackupOutside { lba: alternate, sectors });
        }
        self.header.entries_crc = crc32fast::hash(&self.entries);
        // Most of an array is vacant: its zeros need not be looked through.
        let taken = self.used_places().last().map_or(0, |last| (last + 1) * ENTRY_BYTES);
        for half in [self.header, self.header.mirrored()] {
            let start = half.entries_lba * SECTOR as u64;
            disk.write(start, &self.entries[..taken])?;
            disk.zero(start + taken as u64..start + ARRAY_BYTES as u64)?;
            disk.write(half.my_lba * SECTOR as u64, &half.emit())?;
        }
        Ok(())
    }

    /// Moves the backup to the end of a disk whose length has changed.
    pub(super) fn move_backup(&mut self, disk: &mut Extents) -> Result<(), TableError> {
        let (size, sectors) = (disk.len(), disk.len() / SECTOR as u64);
        let fitting = primary_header(size, self.header.disk_id)?;
        let moved = Header { entries_lba: self.header.entries_lba, ..fitting };
        let last_used = self.used().map(|(_, entry)| entry.last_lba).max().unwrap_or(0);
        if last_used > moved.last_usable_lba {
            return Err(TableError::DiskTooSmall { size });
        }
        let old = self.header.mirrored();
        let old_end = (old.my_lba.saturating_add(1)).min(sectors);
        if old.entries_lba > last_used && old.entries_lba < old_end {
            disk.zero(old.entries_lba * SECTOR as u64..old_end * SECTOR as u64)?;
        }
        self.header = Header { first_usable_lba: self.header.first_usable_lba, ..moved };
        self.save(disk)?;
        let mut sector = disk.read_array::<SECTOR>(0)?;
        mbr::Repr::protective(sectors).emit(&mut sector);
        Ok(disk.write(0, &sector)?)
    }

    /// The entries that are taken, each with its place in the array.
    pub(super) fn used(&self) -> impl Iterator<Item = (usize, Entry)> + '_ {
        let used = self.used_places().into_iter();
        used.filter_map(|index| Some((index, Entry::parse(self.bytes_of(index)?)?)))
    }

    /// The places of the taken entries.
    pub(super) fn used_places(&self) -> Vec<usize> {
        let taken = |index: &usize| self.entries[index * ENTRY_BYTES..][..16] != [0; 16];
        (0..ENTRIES).filter(taken).collect()
    }

    fn bytes_of(&self, index: usize) -> Option<&[u8; ENTRY_BYTES]> {
        self.entries.as_chunks().0.get(index)
    }

    /// The bytes of an entry, to be changed before a [`save`](Self::save).
    pub(super) fn bytes_of_mut(&mut self, index: usize) -> Option<&mut [u8; ENTRY_BYTES]> {
        self.entries.as_chunks_mut().0.get_mut(index)
    }
}

/// The primary header that suits a disk of `size` bytes.
pub(super) fn primary_header(size: u64, disk_id: Uuid) -> Result<Header, TableError> {
    let sectors = size / SECTOR as u64;
    if sectors < LEAST_SECTORS {
        return Err(TableError::DiskTooSmall { size });
    }
    Ok(Header::primary(sectors, disk_id))
}

fn load_half(disk: &Extents, lba: u64) -> Result<(Header, Vec<u8>), HalfDamage> {
    let sector = disk.read_array::<SECTOR>(lba * SECTOR as u64).map_err(|_| HalfDamage::NoPlace)?;
    let header = Header::parse(&sector, lba)?;
    let outside = HalfDamage::EntriesOutside(header.entries_lba);
    let start = header.entries_lba.checked_mul(SECTOR as u64).filter(|&at| at > 0).ok_or(outside)?;
    let mut entries = vec![0; ARRAY_BYTES];
    disk.read(start, &mut entries).map_err(|_| outside)?;
    let (found, expected) = (header.entries_crc, crc32fast::hash(&entries));
    if found != expected {
        return Err(HalfDamage::EntriesCrc { found, expected });
    }
    Ok((header, entries))
}
