//! What becomes of the drive letters and folders of copies that are broken: "device objects and mount points stay valid"
//! (BreakSnapshotSet).

use crate::api::SnapshotSetId;
use crate::service::copies::exposure::Exposure;
use crate::service::world::World;
use crate::service::world::volumes::host_id;

/// Each drive letter and folder of a set becomes a mount point of the volume that has been a copy. Where the host has no
/// volume there, its disk being away or a dynamic one, the name goes with the link (inferred).
pub(super) fn hand_over(world: &mut World, host: usize, set: SnapshotSetId) {
    let mounted = world.snapshots.arrived_of_set(set, host).filter_map(|copy| match &copy.exposure {
        Some(Exposure::Local(name)) => {
            Some((name.clone(), world.volume_at(host, *copy.luns.first()?, copy.extents.first()?.start)?))
        }
        _ => None,
    });
    for (name, volume) in mounted.collect::<Vec<_>>() {
        let Ok(host) = world.storage.host_mut(host_id(host)) else { continue };
        // The name was free when the copy was exposed, and nobody else's since.
        let added = host.mounts_mut().add_mount_point(volume, &name);
        added.unwrap_or_else(|error| unreachable!("{error}"));
    }
}
