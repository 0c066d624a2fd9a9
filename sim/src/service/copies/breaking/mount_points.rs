//! What becomes of the drive letters and folders of copies that are broken: "device objects and mount points stay valid"
//! (BreakSnapshotSet).

use crate::api::{SnapshotSetId, Text};
use crate::service::copies::exposure::Exposure;
use crate::service::world::World;
use crate::service::world::volumes::host_id;
use crate::storage::LunId;

/// The drive letters and folders of a set, and where the volumes behind them begin.
pub(super) struct MountPoints(Vec<(Text, LunId, u64)>);

pub(super) fn of_set(world: &World, host: usize, set: SnapshotSetId) -> MountPoints {
    let mounted = world.snapshots.of_set(set, host).filter_map(|copy| match &copy.exposure {
        Some(Exposure::Local(name)) => Some((name.clone(), *copy.luns.first()?, copy.extents.first()?.start)),
        _ => None,
    });
    MountPoints(mounted.collect())
}

impl MountPoints {
    /// Each becomes a mount point of the volume that has been a copy, under whatever name that is known now. Where the host
    /// has no volume there, its disk being masked or a dynamic one, the name goes with the link (inferred).
    pub(super) fn mount(&self, world: &mut World, host: usize) {
        for (name, lun, start) in &self.0 {
            let Some(volume) = world.volume_at(host, *lun, *start) else { continue };
            let Ok(host) = world.storage.host_mut(host_id(host)) else { continue };
            host.mounts_mut().remove_mount_point(name);
            // It was free when the copy was exposed, and the copy's own since.
            let _ = host.mounts_mut().add_mount_point(volume, name);
        }
    }
}
