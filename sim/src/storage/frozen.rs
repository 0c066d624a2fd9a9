//! A volume as it was at one instant.

use super::extents::{Extents, OutOfRange};
use super::host::HostId;
use super::host_ops::DiskError;
use super::lun::LunId;
use super::store::Storage;
use std::ops::Range;
use uuid::Uuid;

/// How much is copied at a time when a volume is put back.
const CHUNK: u64 = 1 << 20;

/// A volume's bytes at one instant, however the volume is written later.
///
/// It shares with the disks whatever has not been written since: making one takes constant time, and what it costs are
/// the differences.
#[derive(Clone, Debug)]
pub struct FrozenVolume {
    pieces: Vec<Piece>,
}

/// What lay on one disk.
#[derive(Clone, Debug)]
struct Piece {
    lun: LunId,
    disk: Extents,
    /// First byte on the disk.
    start: u64,
    /// In bytes.
    length: u64,
}

impl FrozenVolume {
    /// The length in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.pieces.iter().map(|piece| piece.length).sum()
    }

    /// Fills `out` with the bytes at `offset` of the volume.
    ///
    /// # Errors
    /// The range must lie inside of the volume; `out` is untouched otherwise.
    pub fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), OutOfRange> {
        let (length, size) = (out.len() as u64, self.size());
        if offset.checked_add(length).is_none_or(|end| end > size) {
            return Err(OutOfRange { offset, length, size });
        }
        let (mut skip, mut rest) = (offset, out);
        for piece in &self.pieces {
            let within = skip.min(piece.length);
            let room = rest.len().min((piece.length - within) as usize);
            let (now, later) = rest.split_at_mut(room);
            piece.disk.read(piece.start + within, now)?;
            (skip, rest) = (skip - within, later);
        }
        Ok(())
    }
}

impl Storage {
    /// A volume as it is now.
    ///
    /// # Errors
    /// The volume must be present.
    pub fn freeze_volume(&self, host: HostId, volume: Uuid) -> Result<FrozenVolume, DiskError> {
        let size = self.volume_size(host, volume)?;
        let freeze = |(lun, start, length)| {
            let disk = self.lun(lun)?.contents().clone();
            Ok(Piece { lun, disk, start, length })
        };
        let pieces = self.pieces(host, volume, 0, size)?.into_iter().map(freeze);
        Ok(FrozenVolume { pieces: pieces.collect::<Result<_, DiskError>>()? })
    }

    /// Gives a volume the bytes that it had; only those that differ are written.
    ///
    /// # Errors
    /// The volume must be present, as long as it was, and neither it nor its disks be read-only.
    pub fn restore_volume(
        &mut self,
        host: HostId,
        volume: Uuid,
        then: &FrozenVolume,
    ) -> Result<(), DiskError> {
        let size = self.volume_size(host, volume)?;
        if size != then.size() {
            return Err(DiskError::OutOfRange { offset: 0, length: then.size(), size });
        }
        for range in self.differences(host, volume, then)? {
            for offset in range.clone().step_by(CHUNK as usize) {
                let mut bytes = vec![0; (range.end - offset).min(CHUNK) as usize];
                then.read(offset, &mut bytes).map_err(super::store::LunError::from)?;
                self.write_volume(host, volume, offset, &bytes)?;
            }
        }
        Ok(())
    }

    fn volume_size(&self, host: HostId, volume: Uuid) -> Result<u64, DiskError> {
        let found = self.host(host)?.mounts().volume(volume).filter(|volume| volume.is_present());
        Ok(found.ok_or(DiskError::NoVolume(volume))?.length())
    }

    /// The ranges of the volume that may have changed since then.
    fn differences(
        &self,
        host: HostId,
        volume: Uuid,
        then: &FrozenVolume,
    ) -> Result<Vec<Range<u64>>, DiskError> {
        let now = self.pieces(host, volume, 0, then.size())?;
        let moved = now.len() != then.pieces.len()
            || now.iter().zip(&then.pieces).any(|(now, then)| *now != (then.lun, then.start, then.length));
        if moved {
            return Ok(std::iter::once(0..then.size()).collect());
        }
        let (mut differences, mut base) = (Vec::new(), 0);
        for piece in &then.pieces {
            let (start, end) = (piece.start, piece.start + piece.length);
            let changed = self.lun(piece.lun)?.contents().diff(&piece.disk);
            let within = changed.into_iter().map(|range| range.start.max(start)..range.end.min(end));
            let of_volume = within.filter(|range| range.start < range.end);
            differences.extend(of_volume.map(|range| base + range.start - start..base + range.end - start));
            base += piece.length;
        }
        Ok(differences)
    }
}
