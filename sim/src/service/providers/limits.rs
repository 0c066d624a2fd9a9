//! How many software copies of a volume there can be, whoever makes them.

use crate::api::{HResult, VolumeGuid, VolumeSnapshotAttributes};
use crate::provider::{SOFTWARE_COPIES_MAX, Share};
use crate::service::Refusal;
use crate::service::copies::snapshots::Snapshot;
use crate::service::objects::session::Session;
use crate::service::world::World;
use crate::service::world::originals::Original;
use crate::service::world::volumes::host_index;

/// Refuses one more software copy of a volume, or of a share of it, that has as many as it can with those that the
/// session's set will make.
pub(in crate::service) fn refuse_if_full(
    world: &World,
    session: &Session,
    original: &Original,
) -> Result<(), Refusal> {
    let copies = world
        .place_of_original(session.host, original)
        .map_or(0, |place| software_copies(world, place) + planned_copies(world, session, place));
    if copies < SOFTWARE_COPIES_MAX {
        return Ok(());
    }
    Err(Refusal::documented(HResult::VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED, "volume-in-too-many-sets"))
}

/// Nobody else plans any: only one set is created on a host at a time, or of what a file server shares.
fn planned_copies(world: &World, session: &Session, of: (usize, VolumeGuid)) -> usize {
    let planned = session.set.iter().flat_map(|set| &set.copies);
    let by_software = planned.filter(|copy| world.is_software(copy.provider));
    by_software.filter(|copy| world.place_of_original(session.host, &copy.original) == Some(of)).count()
}

fn software_copies(world: &World, (host, volume): (usize, VolumeGuid)) -> usize {
    let name = World::volume_name(volume);
    let of_volume =
        |share: &&Share| host_index(share.host) == host && world.shared_volume(share) == Some(volume);
    let shares: Vec<_> = world.shares.iter().filter(of_volume).map(|share| &share.path).collect();
    let is_it = |copy: &&Snapshot| {
        let original = &copy.description.original_volume_name;
        if copy.is_of_share() {
            shares.iter().any(|share| share.eq_ignore_ascii_case(original))
        } else {
            copy.host == host && original.eq_ignore_ascii_case(&name)
        }
    };
    let by_hardware = VolumeSnapshotAttributes::HARDWARE_ASSISTED;
    let by_software = |copy: &&Snapshot| !copy.description.snapshot_attributes.contains(by_hardware);
    world.snapshots.iter().filter(by_software).filter(is_it).count()
}
