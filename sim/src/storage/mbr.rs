//! The master boot record: the first sector of a disk.

/// Bytes in a sector. Every disk here has 512-byte sectors.
pub const SECTOR: usize = 512;
/// Where the disk signature stands, in bytes.
pub const SIGNATURE_OFFSET: usize = 0x1B8;
/// An NTFS, exFAT or ReFS partition.
pub const TYPE_BASIC: u8 = 0x07;
/// A partition of a dynamic disk (Logical Disk Manager).
pub const TYPE_LDM: u8 = 0x42;
/// The partition that protects a GPT.
pub const TYPE_PROTECTIVE: u8 = 0xEE;

const ENTRIES_OFFSET: usize = 0x1BE;
const ENTRY_BYTES: usize = 16;
const BOOT_MARK: [u8; 2] = [0x55, 0xAA];

/// Whether Windows gives a volume to a basic partition of this type.
#[must_use]
pub fn holds_volume(kind: u8) -> bool {
    matches!(kind, 0x01 | 0x04 | 0x06 | TYPE_BASIC | 0x0B | 0x0C | 0x0E)
}

/// One of the four primary entries; all zero when vacant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Whether the partition is marked active.
    pub active: bool,
    /// The partition type; 0 is a vacant entry.
    pub kind: u8,
    /// The first sector.
    pub first_lba: u32,
    /// The length in sectors.
    pub sectors: u32,
}

/// A view of a master boot record's bytes.
#[derive(Clone, Debug)]
pub struct Packet<T>(T);

impl<T: AsRef<[u8]>> Packet<T> {
    /// The view of a sector, if it is one and carries the mark 0x55 0xAA.
    pub fn new_checked(sector: T) -> Option<Self> {
        let bytes = sector.as_ref();
        (bytes.len() >= SECTOR && bytes[SECTOR - 2..SECTOR] == BOOT_MARK).then_some(Packet(sector))
    }

    /// The disk signature.
    pub fn signature(&self) -> u32 {
        le_u32(self.0.as_ref(), SIGNATURE_OFFSET)
    }

    /// The primary entry of that index, 0 to 3.
    pub fn entry(&self, index: usize) -> Entry {
        let bytes = &self.0.as_ref()[ENTRIES_OFFSET + index * ENTRY_BYTES..][..ENTRY_BYTES];
        Entry {
            active: bytes[0] & 0x80 != 0,
            kind: bytes[4],
            first_lba: le_u32(bytes, 8),
            sectors: le_u32(bytes, 12),
        }
    }
}

/// A typed master boot record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repr {
    /// The disk signature; zero on a GPT disk.
    pub signature: u32,
    /// The four primary entries.
    pub entries: [Entry; 4],
}

impl Repr {
    /// Reads all of a checked packet.
    pub fn parse<T: AsRef<[u8]>>(packet: &Packet<T>) -> Repr {
        Repr { signature: packet.signature(), entries: std::array::from_fn(|index| packet.entry(index)) }
    }

    /// The record that guards the GPT of a disk of so many sectors.
    #[must_use]
    pub fn protective(sectors: u64) -> Repr {
        let mut repr = Repr::default();
        let covered = u32::try_from(sectors.saturating_sub(1)).unwrap_or(u32::MAX);
        repr.entries[0] = Entry { active: false, kind: TYPE_PROTECTIVE, first_lba: 1, sectors: covered };
        repr
    }

    /// Whether it guards a GPT.
    #[must_use]
    pub fn is_protective(&self) -> bool {
        self.entries.iter().any(|entry| entry.kind == TYPE_PROTECTIVE)
    }

    /// Writes signature, entries and mark; the boot code before them stays.
    pub fn emit(&self, sector: &mut [u8; SECTOR]) {
        sector[SIGNATURE_OFFSET..][..4].copy_from_slice(&self.signature.to_le_bytes());
        for (entry, bytes) in self.entries.iter().zip(sector[ENTRIES_OFFSET..].chunks_exact_mut(ENTRY_BYTES))
        {
            bytes.fill(0);
            if entry.kind == 0 {
                continue;
            }
            bytes[0] = if entry.active { 0x80 } else { 0 };
            bytes[1..4].copy_from_slice(&chs(entry.first_lba));
            bytes[4] = entry.kind;
            bytes[5..8]
                .copy_from_slice(&chs(entry.first_lba.saturating_add(entry.sectors.saturating_sub(1))));
            bytes[8..12].copy_from_slice(&entry.first_lba.to_le_bytes());
            bytes[12..16].copy_from_slice(&entry.sectors.to_le_bytes());
        }
        sector[SECTOR - 2..].copy_from_slice(&BOOT_MARK);
    }
}

/// The cylinder, head and sector of an address, in the geometry of 255 heads and 63 sectors.
fn chs(lba: u32) -> [u8; 3] {
    let (cylinder, head, sector) = (lba / (255 * 63), lba / 63 % 255, lba % 63 + 1);
    if cylinder > 1023 {
        return [0xFE, 0xFF, 0xFF];
    }
    [head as u8, sector as u8 | (cylinder >> 2) as u8 & 0xC0, cylinder as u8]
}

/// The little-endian number at an offset that the caller knows to lie inside of `bytes`.
pub(super) fn le_u32(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(std::array::from_fn(|i| bytes[at + i]))
}

/// As [`le_u32`].
pub(super) fn le_u64(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(std::array::from_fn(|i| bytes[at + i]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_keeps_the_boot_code_and_reads_back() {
        let mut sector = [0x90; SECTOR];
        let entry = Entry { active: true, kind: TYPE_BASIC, first_lba: 2048, sectors: 4096 };
        let repr =
            Repr { signature: 0xCAFE_F00D, entries: [entry, Entry::default(), entry, Entry::default()] };
        repr.emit(&mut sector);
        assert_eq!(sector[..SIGNATURE_OFFSET], [0x90; SIGNATURE_OFFSET]);
        assert_eq!(sector[SIGNATURE_OFFSET..][..4], [0x0D, 0xF0, 0xFE, 0xCA]);
        assert_eq!(Repr::parse(&Packet::new_checked(&sector).unwrap()), repr);
        sector[511] = 0;
        assert!(Packet::new_checked(&sector).is_none());
    }

    #[rstest::rstest]
    #[case(1, [0, 2, 0])]
    #[case(2048, [32, 33, 0])]
    #[case(u32::MAX, [0xFE, 0xFF, 0xFF])]
    fn addresses_of_old(#[case] lba: u32, #[case] bytes: [u8; 3]) {
        assert_eq!(chs(lba), bytes);
    }
}
