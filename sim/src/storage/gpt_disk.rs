//! Both halves of a GPT on a disk: loading whichever is good, saving both.

use super::extents::Extents;
use super::gpt::{
    ARRAY_BYTES, ARRAY_SECTORS, ENTRIES, ENTRY_BYTES, Header, HeaderDamage, is_taken, last_lba,
};
use super::mbr::{self, SECTOR};
use super::partition_table::TableError;
use std::sync::OnceLock;
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
    /// The sectors that partitions may use hold a part of the table itself, against UEFI 2.10, 5.3.1.
    #[error("the sectors for partitions, {first} to {last}, hold a part of the table itself")]
    TableInUsableSectors {
        /// The first of them.
        first: u64,
        /// The last of them.
        last: u64,
    },
    /// The CRC over the entries is wrong.
    #[error("the CRC over the entries is {found:#010x}, not {expected:#010x}")]
    EntriesCrc {
        /// What the header says.
        found: u32,
        /// What the bytes give.
        expected: u32,
    },
    /// A backup says that the primary header lies elsewhere than in sector 1.
    #[error("it says that the primary header lies in sector {0}")]
    PrimaryElsewhere(u64),
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
    /// The array up to its last taken place; the rest of it is zeros.
    entries: Vec<[u8; ENTRY_BYTES]>,
    /// Whether the primary half is good; then nobody looks at the backup.
    pub(super) primary_is_good: bool,
}

impl GptDisk {
    /// An empty table for a disk of that many bytes.
    pub(super) fn empty(size: u64, disk_id: Uuid) -> Result<GptDisk, TableError> {
        let header = primary_header(size, disk_id)?;
        Ok(GptDisk { header, entries: Vec::new(), primary_is_good: true })
    }

    /// Reads the primary half or, if that is damaged, the backup at the disk's end.
    pub(super) fn load(disk: &Extents) -> Result<GptDisk, TableError> {
        let primary = match load_half(disk, 1) {
            Ok((header, entries)) => return Ok(GptDisk { header, entries, primary_is_good: true }),
            Err(damage) => damage,
        };
        let last = (disk.len() / SECTOR as u64).saturating_sub(1);
        match load_half(disk, last) {
            Ok((header, _)) if header.alternate_lba != 1 => {
                let backup = HalfDamage::PrimaryElsewhere(header.alternate_lba);
                Err(TableError::Gpt { primary, backup })
            }
            Ok((header, entries)) => {
                Ok(GptDisk { header: header.mirrored(), entries, primary_is_good: false })
            }
            Err(backup) => Err(TableError::Gpt { primary, backup }),
        }
    }

    /// Writes both halves with their CRCs.
    ///
    /// # Errors
    /// Both must have their places on the disk; nothing is written otherwise.
    pub(super) fn save(&mut self, disk: &mut Extents) -> Result<(), TableError> {
        self.check_places(disk)?;
        self.header.entries_crc = array_crc(&self.entries);
        let taken = self.entries.as_flattened();
        for half in [self.header, self.header.mirrored()] {
            let start = half.entries_lba * SECTOR as u64;
            disk.write(start, taken)?;
            disk.zero(start + taken.len() as u64..start + ARRAY_BYTES as u64)?;
            disk.write(half.my_lba * SECTOR as u64, &half.emit())?;
        }
        self.primary_is_good = true;
        Ok(())
    }

    /// Whether the halves would lie on the disk without touching each other, the first sector or a partition.
    fn check_places(&self, disk: &Extents) -> Result<(), TableError> {
        let sectors = disk.len() / SECTOR as u64;
        let backup = self.header.alternate_lba;
        if backup >= sectors || backup < 2 + ARRAY_SECTORS {
            return Err(TableError::BackupOutside { lba: backup, sectors });
        }
        let (primary, backup) = (self.header.entry_sectors(), backup - ARRAY_SECTORS..backup + 1);
        let apart = primary.start >= 2 && (primary.end <= backup.start || primary.start >= backup.end);
        if primary.end > sectors || !apart || self.header.allows_partition_in(&backup) {
            return Err(TableError::Overlap { primary: primary.start, backup: backup.start });
        }
        Ok(())
    }

    /// Moves the backup to the end of a disk whose length has changed.
    pub(super) fn move_backup(&mut self, disk: &mut Extents) -> Result<(), TableError> {
        let (size, sectors) = (disk.len(), disk.len() / SECTOR as u64);
        let fitting = primary_header(size, self.header.disk_id)?;
        let moved = Header { entries_lba: self.header.entries_lba, ..fitting };
        let last_used = self.used().map(|(_, entry)| last_lba(entry)).max().unwrap_or(0);
        if last_used > moved.last_usable_lba {
            return Err(TableError::DiskTooSmall { size });
        }
        let old = self.header.mirrored();
        self.header = Header { first_usable_lba: self.header.first_usable_lba, ..moved };
        self.check_places(disk)?;
        let old_end = (old.my_lba.saturating_add(1)).min(sectors);
        if old.entries_lba > last_used && old.entries_lba < old_end {
            disk.zero(old.entries_lba * SECTOR as u64..old_end * SECTOR as u64)?;
        }
        self.save(disk)?;
        let mut sector = disk.read_array::<SECTOR>(0)?;
        mbr::Repr::protective(sectors).emit(&mut sector);
        Ok(disk.write(0, &sector)?)
    }

    /// The entries that are taken, each with its place in the array.
    pub(super) fn used(&self) -> impl Iterator<Item = (usize, &[u8; ENTRY_BYTES])> + '_ {
        self.entries.iter().enumerate().filter(|(_, entry)| is_taken(entry))
    }

    /// The entries that are taken, to be changed before a [`save`](Self::save).
    pub(super) fn used_mut(&mut self) -> impl Iterator<Item = &mut [u8; ENTRY_BYTES]> + '_ {
        self.entries.iter_mut().filter(|entry| is_taken(entry))
    }

    /// The taken entry in that place, to be changed before a [`save`](Self::save).
    pub(super) fn entry_mut(&mut self, index: usize) -> Option<&mut [u8; ENTRY_BYTES]> {
        self.entries.get_mut(index).filter(|entry| is_taken(entry))
    }

    /// Puts an entry in a place that the array has.
    pub(super) fn put(&mut self, index: usize, entry: [u8; ENTRY_BYTES]) {
        debug_assert!(index < ENTRIES, "the table was checked");
        if self.entries.len() <= index {
            self.entries.resize(index + 1, [0; ENTRY_BYTES]);
        }
        self.entries[index] = entry;
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

/// The CRC over an array of which only the first places are taken. Most of an array is zeros, which are not looked at.
fn array_crc(entries: &[[u8; ENTRY_BYTES]]) -> u32 {
    // Constants of the CRC, each worked out at its first use.
    static TAILS: [OnceLock<VacantTail>; ENTRIES + 1] = [const { OnceLock::new() }; ENTRIES + 1];
    let vacant = ENTRIES - entries.len();
    let tail = TAILS[vacant].get_or_init(|| VacantTail::new(vacant));
    tail.after(crc32fast::hash(entries.as_flattened()))
}

/// What so many vacant entries do to the CRC over what precedes them: an affine function over GF(2), so its values at
/// zero and at each single bit tell all others.
struct VacantTail {
    at_zero: u32,
    of_bit: [u32; 32],
}

impl VacantTail {
    fn new(vacant: usize) -> VacantTail {
        let zeros = vec![0; vacant * ENTRY_BYTES];
        let of_bit = std::array::from_fn(|bit| {
            let mut crc = crc32fast::Hasher::new_with_initial(1 << bit);
            crc.combine(&crc32fast::Hasher::new_with_initial_len(0, zeros.len() as u64));
            crc.finalize()
        });
        VacantTail { at_zero: crc32fast::hash(&zeros), of_bit }
    }

    fn after(&self, crc: u32) -> u32 {
        let bits = self.of_bit.iter().enumerate();
        bits.fold(self.at_zero, |sum, (bit, image)| sum ^ (image & (crc >> bit & 1).wrapping_neg()))
    }
}

fn load_half(disk: &Extents, lba: u64) -> Result<(Header, Vec<[u8; ENTRY_BYTES]>), HalfDamage> {
    let sector = disk.read_array::<SECTOR>(lba * SECTOR as u64).map_err(|_| HalfDamage::NoPlace)?;
    let header = Header::parse(&sector, lba)?;
    let outside = HalfDamage::EntriesOutside(header.entries_lba);
    let start = header.entries_lba.checked_mul(SECTOR as u64).filter(|&at| at > 0).ok_or(outside)?;
    // A write to a partition must never change the table.
    if [0..2, lba..lba + 1, header.entry_sectors()].into_iter().any(|part| header.allows_partition_in(&part))
    {
        let (first, last) = (header.first_usable_lba, header.last_usable_lba);
        return Err(HalfDamage::TableInUsableSectors { first, last });
    }
    let array = disk.read_array::<ARRAY_BYTES>(start).map_err(|_| outside)?;
    let (found, expected) = (header.entries_crc, crc32fast::hash(&array));
    if found != expected {
        return Err(HalfDamage::EntriesCrc { found, expected });
    }
    let (entries, _) = array.as_chunks();
    let taken = entries.iter().rposition(is_taken).map_or(0, |last| last + 1);
    Ok((header, entries[..taken].to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vacant_entries_enter_the_crc_unseen() {
        let mut array = [[0; ENTRY_BYTES]; ENTRIES];
        for taken in 0..=ENTRIES {
            assert_eq!(array_crc(&array[..taken]), crc32fast::hash(array.as_flattened()), "{taken} taken");
            if let Some(next) = array.get_mut(taken) {
                *next = std::array::from_fn(|at| (at * 31 + taken * 7 + 1) as u8);
            }
        }
    }
}
