//! Volumes on virtual disks: how deep VSS goes, and disks that are moved.

use crate::api::{Unavailable, VolumeGuid};
use crate::provider::depth_max;

use crate::service::objects::session::PlannedCopy;
use crate::service::simulator::Simulator;
use crate::service::world::World;

impl World {
    /// Whether a volume lies deeper in virtual disks than VSS goes. Before Windows 7 and Windows Server 2008 R2 there is no
    /// such limit: a volume on a virtual disk is then one like any that nobody supports.
    pub(in crate::service) fn is_too_deep(&self, host: usize, volume: VolumeGuid) -> bool {
        let max = depth_max(self.os(host));
        max > 0 && self.virtual_disks.depth(volume) > max
    }

    /// Whether one of the two holds the virtual disk under the other: they cannot be in one set.
    pub(in crate::service) fn are_disk_and_holder(
        &self,
        host: usize,
        one: VolumeGuid,
        other: VolumeGuid,
    ) -> bool {
        let holds = |holder, volume| self.virtual_disks.holders(volume).any(|it| it == holder);
        depth_max(self.os(host)) > 0 && (holds(one, other) || holds(other, one))
    }

    /// Whether a set of these copies goes too deep.
    pub(in crate::service) fn goes_too_deep(&self, host: usize, copies: &[PlannedCopy]) -> bool {
        let volumes: Vec<VolumeGuid> = copies.iter().filter_map(|copy| copy.original.volume()).collect();
        let meets = |(place, volume): (usize, &VolumeGuid)| {
            volumes[..place].iter().any(|other| self.are_disk_and_holder(host, *volume, *other))
        };
        volumes.iter().any(|volume| self.is_too_deep(host, *volume)) || volumes.iter().enumerate().any(meets)
    }
}

impl Simulator {
    /// The file of the virtual disk under a volume is moved to another volume.
    pub(in crate::service) fn move_virtual_disk(
        &mut self,
        volume: &str,
        onto: &str,
    ) -> Result<(), Unavailable> {
        let (moved, holder) = (self.named_volume(volume)?, self.named_volume(onto)?);
        let disks = &mut self.world.virtual_disks;
        if disks.holder(moved).is_none() {
            return Err(Unavailable::because(format!("`{volume}` lies on no virtual disk")));
        }
        if holder == moved || disks.holders(holder).any(|it| it == moved) {
            return Err(Unavailable::because(format!(
                "the virtual disk of `{volume}` cannot be put on itself"
            )));
        }
        disks.put(moved, holder);
        Ok(())
    }
}
