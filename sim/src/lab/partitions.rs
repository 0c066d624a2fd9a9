//! How the volumes of a disk share it: in whole MiB, in the lab's order, with 1 MiB kept at either end for the
//! partition tables.

use super::Size;

/// Bytes of a sector.
pub(super) const SECTOR: u64 = 512;
/// The smallest LUN: both ends and one volume.
pub(super) const SMALLEST_LUN: Size = Size::mib(3);

const MIB: u64 = 1 << 20;

/// A volume's part of a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// First byte.
    pub(super) start: u64,
    /// Length in bytes.
    pub(super) length: u64,
}

/// What a disk has for volumes.
pub(super) fn room(disk: Size) -> Size {
    Size((disk.0 / MIB * MIB).saturating_sub(2 * MIB))
}

/// What volumes of these sizes need at least; one without a size takes what is left, if only 1 MiB.
pub(super) fn needed(sizes: &[Option<Size>]) -> Size {
    sizes.iter().fold(Size(0), |sum, size| Size(sum.0.saturating_add(slot(size.unwrap_or(Size(MIB))))))
}

/// Where each volume lies. Only for volumes that fit.
pub(super) fn lay_out(disk: Size, sizes: &[Option<Size>]) -> Vec<Extent> {
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

    #[test]
    fn open_sizes_share_what_is_left() {
        let extents = lay_out(Size::mib(12), &[None, Some(Size(MIB + 512)), None]);
        let expected = [(MIB, 4 * MIB), (5 * MIB, MIB + 512), (7 * MIB, 4 * MIB)];
        assert_eq!(extents.iter().map(|e| (e.start, e.length)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_smallest_disk_has_room_for_one_volume() {
        assert_eq!((room(SMALLEST_LUN), needed(&[None])), (Size(MIB), Size(MIB)));
        assert_eq!(lay_out(SMALLEST_LUN, &[None]), [Extent { start: MIB, length: MIB }]);
    }

    #[test]
    fn huge_sizes_do_not_overflow() {
        assert_eq!(needed(&[Some(Size(u64::MAX)), Some(Size(u64::MAX))]), Size(u64::MAX));
    }
}
