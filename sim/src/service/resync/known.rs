//! What Windows is to know a disk and its volumes by after a resync.

use std::collections::BTreeMap;

use crate::api::{Guid, VolumeGuid};
use crate::document::LunMapping;
use crate::service::objects::session::Session;
use crate::service::world::World;
use crate::service::world::identity::Known;
use crate::service::world::volumes::signature_from_guid;
use crate::storage::{LunId, VolumeKey};

/// The disk stays known by what it is known by now. After the copy its partitions lie where the copy has them: each
/// destination volume's id goes to the partition that holds its snapshot, and of the others those that lie where one lay
/// before keep its id.
pub(super) fn own(world: &World, session: &Session, lun: LunId, before: &Known) -> Known {
    let mut partitions = BTreeMap::new();
    for recovery in &session.recovery_set {
        let Some(copy) = session.document.snapshot(recovery.snapshot) else { continue };
        let luns = world.luns_of(session.host, recovery.destination);
        for (_, mapping) in luns.into_iter().zip(&copy.lun_mappings).filter(|(on, _)| *on == lun) {
            let start = mapping.extents.first().map(|extent| extent.offset);
            partitions.extend(start.zip(partition_of(world, session.host, recovery.destination)));
        }
    }
    for (start, id) in &before.partitions {
        if !partitions.contains_key(start) && !partitions.values().any(|taken| taken == id) {
            partitions.insert(*start, *id);
        }
    }
    Known { signature: before.signature, partitions }
}

fn partition_of(world: &World, host: usize, volume: VolumeGuid) -> Option<Guid> {
    match world.host(host).mounts().volume(volume)?.key() {
        VolumeKey::Gpt(id) => Some(id),
        VolumeKey::Mbr { .. } | VolumeKey::Dynamic(_) => None,
    }
}

/// What the disk was known by from which the copy was made, as the document has it. The document tells of the partitions
/// that were in the set; any other is known only if the disk is the original itself.
pub(super) fn original(session: &Session, mapping: &LunMapping, before: Option<&Known>) -> Option<Known> {
    let source = &mapping.source.information;
    let signature = signature_from_guid(source.disk_signature)?;
    let sets = session.document.snapshot_set.iter();
    let mappings = sets.flat_map(|set| &set.snapshots).flat_map(|copy| &copy.lun_mappings);
    let of_lun = mappings.filter(|other| other.source.information.same_lun(source));
    let in_set =
        of_lun.flat_map(|other| &other.extents).filter_map(|extent| Some((extent.offset, extent.partition?)));
    let itself = before.filter(|before| before.signature == signature);
    let mut partitions = itself.map(|before| before.partitions.clone()).unwrap_or_default();
    partitions.extend(in_set);
    Some(Known { signature, partitions })
}
