//! How the volumes of a disk share it: in whole MiB, in the lab's order, with 1 MiB kept at either end for the
//! partition tables.

use super::{Lun, PartitionStyle, Size};

/// Bytes of a sector.
pub(super) const SECTOR: u64 = 512;
/// The smallest LUN: both ends and one volume.
pub(super) const SMALLEST_LUN: Size = Size::mib(3);

const MIB: u64 = 1 << 20;
/// What a master boot record can address: 2^32 sectors.
const MBR_END: u64 = SECTOR << 32;

/// A volume's part of a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// First byte.
    pub(super) start: u64,
    /// Length in bytes.
    pub(super) length: u64,
}

/// What a disk has for volumes, in bytes from 1 MiB on.
pub(super) fn room(disk: &Lun) -> Size {
    let end = match disk.style {
        PartitionStyle::Mbr => disk.size.0.min(MBR_END),
        PartitionStyle::Gpt | PartitionStyle::Raw => disk.size.0,
    };
    Size((end / MIB * MIB).saturating_sub(2 * MIB))
}

/// What volumes of these sizes need at least; one without a size takes what is left, if only 1 MiB.
pub(super) fn needed(sizes: &[Option<Size>]) -> Size {
    sizes.iter().fold(Size(0), |sum, size| Size(sum.0.saturating_add(slot(size.unwrap_or(Size(MIB))))))
}

/// Where each volume lies. Only for volumes that fit.
pub(super) fn lay_out(disk: &Lun, sizes: &[Option<Size>]) -> Vec<Extent> {
    let given: u64 = sizes.iter().flatten().map(|size| slot(*size)).sum();
    let open = sizes.iter().filter(|size| size.is_none()).count().max(1) as u64;
    let share = room(disk).0.saturating_sub(given) / open / MIB * MIB;
    let mut start = MIB;
    let place = |size: &Option<Size>| {
        let extent = Extent { start, length: size.map_or(share, |size| size.0) };
        start += slot(Size(extent.length));
        extent
    };
    sizes.iter().map(place).collect()
}

fn slot(size: Size) -> u64 {
    size.0.checked_next_multiple_of(MIB).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(size: Size) -> Lun {
        Lun::new("disk", size)
    }

    #[test]
    fn open_sizes_share_what_is_left() {
        let extents = lay_out(&disk(Size::mib(12)), &[None, Some(Size(MIB + 512)), None]);
        let expected = [(MIB, 4 * MIB), (5 * MIB, MIB + 512), (7 * MIB, 4 * MIB)];
        assert_eq!(extents.iter().map(|extent| (extent.start, extent.length)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_smallest_disk_has_room_for_one_volume() {
        let smallest = disk(SMALLEST_LUN);
        assert_eq!((room(&smallest), needed(&[None])), (Size(MIB), Size(MIB)));
        assert_eq!(lay_out(&smallest, &[None]), [Extent { start: MIB, length: MIB }]);
    }

    #[test]
    fn an_mbr_ends_at_two_tebibytes() {
        let large = Lun { style: PartitionStyle::Mbr, ..disk(Size::gib(3 << 10)) };
        assert_eq!(room(&large).0, (2 << 40) - 2 * MIB);
    }

    #[test]
    fn huge_sizes_do_not_overflow() {
        assert_eq!(needed(&[Some(Size(u64::MAX)), Some(Size(u64::MAX))]), Size(u64::MAX));
    }
}
