//! The GUID partition table: headers and entries as bytes (UEFI 2.10, chapter 5).

use super::mbr::{SECTOR, le_u32, le_u64};
use std::borrow::Cow;
use std::ops::Range;
use uuid::{Uuid, uuid};

/// Entries in an array.
pub const ENTRIES: usize = 128;
/// Bytes of an entry.
pub const ENTRY_BYTES: usize = 128;
/// Bytes of an array of entries.
pub const ARRAY_BYTES: usize = ENTRIES * ENTRY_BYTES;
/// Sectors of an array of entries.
pub const ARRAY_SECTORS: u64 = (ARRAY_BYTES / SECTOR) as u64;
/// Bytes of a header that its CRC covers.
pub const HEADER_BYTES: usize = 92;

/// A basic data partition: it holds one volume.
pub const TYPE_BASIC_DATA: Uuid = uuid!("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7");
/// The Microsoft reserved partition.
pub const TYPE_RESERVED: Uuid = uuid!("e3c9e316-0b5c-4db8-817d-f92df00215ae");
/// The EFI system partition.
pub const TYPE_SYSTEM: Uuid = uuid!("c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
/// A dynamic disk's database (Logical Disk Manager).
pub const TYPE_LDM_METADATA: Uuid = uuid!("5808c8aa-7e8f-42e0-85d2-e1e90434cfb3");
/// A dynamic disk's data (Logical Disk Manager).
pub const TYPE_LDM_DATA: Uuid = uuid!("af9b60a0-1431-4f62-bc68-3311714a69ad");

/// The attribute bits of basic data partitions.
pub mod attribute {
    /// The volume is read-only.
    pub const READ_ONLY: u64 = 1 << 60;
    /// The volume is a shadow copy of another one.
    pub const SHADOW_COPY: u64 = 1 << 61;
    /// The volume is hidden.
    pub const HIDDEN: u64 = 1 << 62;
    /// The volume gets no drive letter by itself.
    pub const NO_DRIVE_LETTER: u64 = 1 << 63;
}

const MARK: &[u8; 8] = b"EFI PART";
const REVISION: u32 = 0x0001_0000;

/// What is wrong with a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderDamage {
    /// The mark `EFI PART` is missing.
    #[error("the mark `EFI PART` is missing")]
    NoMark,
    /// The length is not that of a header.
    #[error("a header of {0} bytes")]
    Length(u32),
    /// The header's CRC is wrong.
    #[error("the CRC over the header is {found:#010x}, not {expected:#010x}")]
    Crc {
        /// What the header says.
        found: u32,
        /// What its bytes give.
        expected: u32,
    },
    /// The header says that it lies elsewhere.
    #[error("it says that it lies in sector {0}")]
    Place(u64),
    /// The array of entries has another shape than 128 entries of 128 bytes.
    #[error("{count} entries of {bytes} bytes (only 128 of 128 are supported)")]
    Array {
        /// Number of entries.
        count: u32,
        /// Bytes of each.
        bytes: u32,
    },
}

/// A typed header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The sector that the header lies in.
    pub my_lba: u64,
    /// The sector of the other header.
    pub alternate_lba: u64,
    /// The first sector that partitions may use.
    pub first_usable_lba: u64,
    /// The last sector that partitions may use.
    pub last_usable_lba: u64,
    /// The disk's GUID.
    pub disk_id: Uuid,
    /// The first sector of the array of entries.
    pub entries_lba: u64,
    /// The CRC over the array of entries.
    pub entries_crc: u32,
}

impl Header {
    /// The primary header of a disk of so many sectors.
    #[must_use]
    pub fn primary(sectors: u64, disk_id: Uuid) -> Header {
        Header {
            my_lba: 1,
            alternate_lba: sectors - 1,
            first_usable_lba: 2 + ARRAY_SECTORS,
            last_usable_lba: sectors - 2 - ARRAY_SECTORS,
            disk_id,
            entries_lba: 2,
            entries_crc: 0,
        }
    }

    /// The header at the other end of the disk; the backup array lies just before the backup header.
    #[must_use]
    pub fn mirrored(&self) -> Header {
        let entries_lba = if self.my_lba == 1 { self.alternate_lba.saturating_sub(ARRAY_SECTORS) } else { 2 };
        Header { my_lba: self.alternate_lba, alternate_lba: self.my_lba, entries_lba, ..*self }
    }

    /// The sectors of the array of entries.
    pub(super) fn entry_sectors(&self) -> Range<u64> {
        self.entries_lba..self.entries_lba.saturating_add(ARRAY_SECTORS)
    }

    /// Whether partitions may use any of those sectors.
    pub(super) fn allows_partition_in(&self, sectors: &Range<u64>) -> bool {
        let first = sectors.start.max(self.first_usable_lba);
        first < sectors.end && first <= self.last_usable_lba
    }

    /// Reads and checks the header in the sector `lba`.
    ///
    /// # Errors
    /// Anything that makes it unusable, the CRC over itself included. The entries are not looked at.
    pub fn parse(sector: &[u8; SECTOR], lba: u64) -> Result<Header, HeaderDamage> {
        if !sector.starts_with(MARK) {
            return Err(HeaderDamage::NoMark);
        }
        let length = le_u32(sector, 12);
        let Some(bytes) = sector.get(..length as usize).filter(|bytes| bytes.len() >= HEADER_BYTES) else {
            return Err(HeaderDamage::Length(length));
        };
        let (found, expected) = (le_u32(sector, 16), crc_with_hole(bytes));
        if found != expected {
            return Err(HeaderDamage::Crc { found, expected });
        }
        let my_lba = le_u64(sector, 24);
        if my_lba != lba {
            return Err(HeaderDamage::Place(my_lba));
        }
        let (count, bytes) = (le_u32(sector, 80), le_u32(sector, 84));
        if (count as usize, bytes as usize) != (ENTRIES, ENTRY_BYTES) {
            return Err(HeaderDamage::Array { count, bytes });
        }
        Ok(Header {
            my_lba,
            alternate_lba: le_u64(sector, 32),
            first_usable_lba: le_u64(sector, 40),
            last_usable_lba: le_u64(sector, 48),
            disk_id: guid(sector, 56),
            entries_lba: le_u64(sector, 72),
            entries_crc: le_u32(sector, 88),
        })
    }

    /// The header's bytes, its CRC computed.
    #[must_use]
    pub fn emit(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[..8].copy_from_slice(MARK);
        bytes[8..12].copy_from_slice(&REVISION.to_le_bytes());
        bytes[12..16].copy_from_slice(&(HEADER_BYTES as u32).to_le_bytes());
        bytes[24..32].copy_from_slice(&self.my_lba.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.alternate_lba.to_le_bytes());
        bytes[40..48].copy_from_slice(&self.first_usable_lba.to_le_bytes());
        bytes[48..56].copy_from_slice(&self.last_usable_lba.to_le_bytes());
        bytes[56..72].copy_from_slice(&self.disk_id.to_bytes_le());
        bytes[72..80].copy_from_slice(&self.entries_lba.to_le_bytes());
        bytes[80..84].copy_from_slice(&(ENTRIES as u32).to_le_bytes());
        bytes[84..88].copy_from_slice(&(ENTRY_BYTES as u32).to_le_bytes());
        bytes[88..92].copy_from_slice(&self.entries_crc.to_le_bytes());
        let crc = crc32fast::hash(&bytes);
        bytes[16..20].copy_from_slice(&crc.to_le_bytes());
        bytes
    }
}

/// The CRC over a header, whose own field counts as zeros.
fn crc_with_hole(bytes: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&bytes[..16]);
    crc.update(&[0; 4]);
    crc.update(&bytes[20..]);
    crc.finalize()
}

/// A typed entry of the array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The partition type; nil is a vacant entry.
    pub kind: Uuid,
    /// The partition's own GUID.
    pub unique_id: Uuid,
    /// The first sector.
    pub first_lba: u64,
    /// The last sector.
    pub last_lba: u64,
    /// See [`attribute`].
    pub attributes: u64,
    /// The name, at most 36 UTF-16 units.
    pub name: Cow<'static, str>,
}

/// Where an entry keeps its own GUID, in bytes.
pub const UNIQUE_ID_OFFSET: usize = 16;
/// Where an entry has its first sector.
pub const FIRST_LBA_OFFSET: usize = 32;
const LAST_LBA_OFFSET: usize = 40;
/// Where an entry keeps its attributes, in bytes.
pub const ATTRIBUTES_OFFSET: usize = 48;
const NAME_OFFSET: usize = 56;

/// Whether an entry is taken: it has a partition type.
#[must_use]
pub(super) fn is_taken(entry: &[u8; ENTRY_BYTES]) -> bool {
    entry[..16] != [0; 16]
}

/// The last sector of an entry's partition.
pub(super) fn last_lba(entry: &[u8; ENTRY_BYTES]) -> u64 {
    le_u64(entry, LAST_LBA_OFFSET)
}

/// The name that Windows gives to partitions of a type.
pub(super) fn default_name(kind: Uuid) -> &'static str {
    match kind {
        TYPE_BASIC_DATA => "Basic data partition",
        TYPE_RESERVED => "Microsoft reserved partition",
        TYPE_SYSTEM => "EFI system partition",
        TYPE_LDM_METADATA => "LDM metadata partition",
        TYPE_LDM_DATA => "LDM data partition",
        _ => "",
    }
}

/// An entry's name; nearly always it is the `usual` one.
fn name_of(entry: &[u8; ENTRY_BYTES], usual: &'static str) -> Cow<'static, str> {
    let units = entry[NAME_OFFSET..].as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit));
    let units = units.take_while(|&unit| unit != 0);
    if units.clone().eq(usual.encode_utf16()) {
        return Cow::Borrowed(usual);
    }
    let name = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER));
    Cow::Owned(name.collect())
}

impl Entry {
    /// Reads an entry; `None` if it is vacant.
    #[must_use]
    pub fn parse(bytes: &[u8; ENTRY_BYTES]) -> Option<Entry> {
        if !is_taken(bytes) {
            return None;
        }
        let kind = guid(bytes, 0);
        Some(Entry {
            kind,
            unique_id: guid(bytes, UNIQUE_ID_OFFSET),
            first_lba: le_u64(bytes, FIRST_LBA_OFFSET),
            last_lba: last_lba(bytes),
            attributes: le_u64(bytes, ATTRIBUTES_OFFSET),
            name: name_of(bytes, default_name(kind)),
        })
    }

    /// The entry's bytes; a name longer than 36 units is cut.
    #[must_use]
    pub fn emit(&self) -> [u8; ENTRY_BYTES] {
        let mut bytes = [0; ENTRY_BYTES];
        bytes[..16].copy_from_slice(&self.kind.to_bytes_le());
        bytes[16..32].copy_from_slice(&self.unique_id.to_bytes_le());
        bytes[32..40].copy_from_slice(&self.first_lba.to_le_bytes());
        bytes[40..48].copy_from_slice(&self.last_lba.to_le_bytes());
        bytes[48..56].copy_from_slice(&self.attributes.to_le_bytes());
        for (unit, place) in self.name.encode_utf16().zip(bytes[NAME_OFFSET..].chunks_exact_mut(2)) {
            place.copy_from_slice(&unit.to_le_bytes());
        }
        bytes
    }
}

/// The GUID at an offset that the caller knows to lie inside of `bytes`.
pub(super) fn guid(bytes: &[u8], at: usize) -> Uuid {
    Uuid::from_bytes_le(std::array::from_fn(|i| bytes[at + i]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sector(header: &Header) -> [u8; SECTOR] {
        let mut sector = [0; SECTOR];
        sector[..HEADER_BYTES].copy_from_slice(&header.emit());
        sector
    }

    #[test]
    fn headers_mirror_each_other() {
        let primary = Header::primary(204_800, Uuid::from_u128(7));
        let backup = primary.mirrored();
        assert_eq!((backup.my_lba, backup.entries_lba, backup.alternate_lba), (204_799, 204_767, 1));
        assert_eq!(backup.mirrored(), primary);
        assert_eq!(Header::parse(&sector(&backup), 204_799), Ok(backup));
        assert_eq!(Header::parse(&sector(&backup), 1), Err(HeaderDamage::Place(204_799)));
    }

    proptest! {
        #[test]
        fn each_flipped_bit_of_a_header_is_noticed(at in 0..HEADER_BYTES, bit in 0..8_u8) {
            let mut bytes = sector(&Header::primary(204_800, Uuid::from_u128(7)));
            bytes[at] ^= 1 << bit;
            prop_assert!(Header::parse(&bytes, 1).is_err());
        }

        #[test]
        fn entries_read_back(kind in 1..u128::MAX, id: u128, first: u64, last: u64, attributes: u64, name in "[^\0]{0,18}") {
            let entry = Entry {
                kind: Uuid::from_u128(kind), unique_id: Uuid::from_u128(id), first_lba: first, last_lba: last, attributes, name: name.into(),
            };
            prop_assert_eq!(Entry::parse(&entry.emit()), Some(entry));
        }

        #[test]
        fn any_bytes_are_an_entry_or_none(bytes in prop::collection::vec(any::<u8>(), ENTRY_BYTES)) {
            let bytes: [u8; ENTRY_BYTES] = bytes.try_into().unwrap();
            prop_assert_eq!(Entry::parse(&bytes).is_none(), bytes[..16] == [0; 16]);
        }
    }
}
