//! A LUN as a raw image: the ranges that are not zero.

use super::extents::Extents;
use super::lun::Lun;
use super::mbr::SECTOR;

/// Bytes of an image that are not all zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Where they belong in the image, in bytes; whole sectors.
    pub offset: u64,
    /// At most 1 MiB.
    pub bytes: Vec<u8>,
}

const MOST: u64 = 1 << 20;

impl Lun {
    /// The chunks of an image of [`size`](Self::size) bytes, in order; a caller seeks to each and writes it, and so
    /// makes a sparse file.
    pub fn export(&self) -> impl Iterator<Item = Chunk> + '_ {
        chunks(self.contents())
    }
}

/// As [`Lun::export`] for bare bytes.
pub fn chunks(disk: &Extents) -> impl Iterator<Item = Chunk> + '_ {
    let mut done = 0;
    let sectors = disk.written_ranges().flat_map(move |range| {
        let start = (range.start - range.start % SECTOR as u64).max(done);
        let end = range.end.next_multiple_of(SECTOR as u64).min(disk.len());
        done = end.max(done);
        (start..end).step_by(MOST as usize).map(move |offset| (offset, (end - offset).min(MOST)))
    });
    sectors.filter_map(|(offset, length)| {
        let mut bytes = vec![0; length as usize];
        let read = disk.read(offset, &mut bytes);
        debug_assert!(read.is_ok(), "written ranges lie inside of the store");
        bytes.iter().any(|&byte| byte != 0).then_some(Chunk { offset, bytes })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_put_together_are_the_disk() {
        let mut disk = Extents::new((3 << 20) + 100);
        for (at, length) in [(3, 5), (700, 10), (1 << 20, 1 << 20), ((3 << 20) + 99, 1)] {
            disk.write(at, &vec![9; length]).unwrap();
        }
        let mut image = vec![0; disk.len() as usize];
        for Chunk { offset, bytes } in chunks(&disk) {
            assert!(offset % 512 == 0 && bytes.len() <= MOST as usize);
            image[offset as usize..][..bytes.len()].copy_from_slice(&bytes);
        }
        let mut whole = vec![0; image.len()];
        disk.read(0, &mut whole).unwrap();
        assert!(image == whole);
    }
}
