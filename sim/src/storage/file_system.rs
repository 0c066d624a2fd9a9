//! Which file system a partition's first sector tells of. Nothing of the file system itself is simulated.

use super::extents::{Extents, OutOfRange};
use super::mbr::SECTOR;
use std::fmt;

/// A file system, as `GetVolumeInformation` names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileSystem {
    /// None that Windows knows.
    #[default]
    Raw,
    /// NTFS.
    Ntfs,
    /// ReFS.
    Refs,
    /// FAT12 or FAT16.
    Fat,
    /// FAT32.
    Fat32,
    /// exFAT.
    ExFat,
}

impl FileSystem {
    /// Every one that leaves a mark, with the mark and its place in the first sector.
    const MARKS: [(FileSystem, usize, &[u8; 8]); 5] = [
        (FileSystem::Ntfs, 3, b"NTFS    "),
        (FileSystem::Refs, 3, b"ReFS\0\0\0\0"),
        (FileSystem::ExFat, 3, b"EXFAT   "),
        (FileSystem::Fat32, 0x52, b"FAT32   "),
        (FileSystem::Fat, 0x36, b"FAT     "),
    ];

    /// The name that Windows shows: `NTFS`, `ReFS`, `FAT`, `FAT32`, `exFAT`, `RAW`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            FileSystem::Raw => "RAW",
            FileSystem::Ntfs => "NTFS",
            FileSystem::Refs => "ReFS",
            FileSystem::Fat => "FAT",
            FileSystem::Fat32 => "FAT32",
            FileSystem::ExFat => "exFAT",
        }
    }

    /// The file system of that name, in any case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<FileSystem> {
        let all = Self::MARKS.iter().map(|mark| mark.0).chain([FileSystem::Raw]);
        all.into_iter().find(|one| one.name().eq_ignore_ascii_case(name))
    }

    /// Looks at the first sector of a partition that starts at that byte.
    ///
    /// # Errors
    /// The sector must lie inside of the disk.
    pub fn detect(disk: &Extents, start: u64) -> Result<FileSystem, OutOfRange> {
        let sector = disk.read_array::<SECTOR>(start)?;
        let found = Self::MARKS.iter().find(|(_, at, mark)| sector[*at..*at + 8] == **mark);
        Ok(found.map_or(FileSystem::Raw, |found| found.0))
    }

    /// Leaves the mark by which [`detect`](Self::detect) knows it.
    ///
    /// # Errors
    /// The first sector must lie inside of the disk.
    pub fn mark(self, disk: &mut Extents, start: u64) -> Result<(), OutOfRange> {
        match Self::MARKS.iter().find(|mark| mark.0 == self) {
            Some((_, at, mark)) => disk.write(start + *at as u64, *mark),
            None => Ok(()),
        }
    }
}

impl fmt::Display for FileSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_known_again() {
        for (one, ..) in FileSystem::MARKS {
            let mut disk = Extents::new(4096);
            one.mark(&mut disk, 1024).unwrap();
            assert_eq!(FileSystem::detect(&disk, 1024), Ok(one));
            assert_eq!(FileSystem::from_name(&one.to_string().to_lowercase()), Some(one));
        }
        assert_eq!(FileSystem::detect(&Extents::new(512), 0), Ok(FileSystem::Raw));
        assert!(FileSystem::detect(&Extents::new(512), 512).is_err());
    }
}
