//! Which volumes lie on virtual disks, and which volume holds the file of each.

use std::collections::BTreeMap;

use crate::api::VolumeGuid;
use crate::lab::Os;

/// Volumes on virtual disks, each with the volume that holds the file of its disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct VirtualDisks(BTreeMap<VolumeGuid, VolumeGuid>);

impl VirtualDisks {
    /// The file of the virtual disk under `volume` is on `holder` from now on.
    pub(crate) fn put(&mut self, volume: VolumeGuid, holder: VolumeGuid) {
        self.0.insert(volume, holder);
    }

    /// The volume that holds the virtual disk under that one; `None`: it lies on a real disk.
    pub(crate) fn holder(&self, volume: VolumeGuid) -> Option<VolumeGuid> {
        self.0.get(&volume).copied()
    }

    /// The volumes that hold a volume's virtual disk, the disk under that one, and so on.
    pub(crate) fn holders(&self, volume: VolumeGuid) -> impl Iterator<Item = VolumeGuid> + '_ {
        // No chain is longer, and none is circular: nobody can put a disk on itself.
        std::iter::successors(self.holder(volume), |holder| self.holder(*holder)).take(self.0.len())
    }

    /// How many virtual disks lie one in another under a volume.
    pub(crate) fn depth(&self, volume: VolumeGuid) -> usize {
        self.holders(volume).count()
    }
}

/// How many virtual disks one in another VSS goes into: volumes on them can be copied since Windows 7 and Windows Server
/// 2008 R2 (AddToSnapshotSet).
pub(crate) fn depth_max(os: Os) -> usize {
    usize::from(os.kernel() >= Os::Windows7.kernel())
}
