//! ImportSnapshots: a transportable set arrives on a host.

use crate::api::{HResult, ProviderId, VolumeSnapshotAttributes};
use crate::document::{SnapshotDescription, SnapshotSetDescription};
use crate::storage::{LunId, VolumeExtent};

use super::providers::distinct;
use super::session::Session;
use super::snapshots::Snapshot;
use super::world::World;
use super::{Refusal, arrival, locate};

/// Imports the set of the session's document. What arrives counts, even if it is not all of the set; what a failed import
/// leaves behind is the requester's to clean up.
pub(super) fn import(world: &mut World, session: &mut Session) -> Result<(), Refusal> {
    let Some(mut set) = session.document.snapshot_set.take() else {
        unreachable!("the call was let through because of the set")
    };
    let arrived = arrived(world, session.host, &set.snapshots);
    let imported = arrived.map(|luns| take_over(world, session, &mut set, &luns));
    let size = set.snapshots.len();
    session.document.snapshot_set = Some(set);
    match imported? {
        0 => Err(Refusal::rule(HResult::VSS_E_NO_SNAPSHOTS_IMPORTED, "the header's code: nothing arrived")),
        all if all == size => Ok(()),
        _ => Err(Refusal::rule(
            HResult::VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED,
            "LocateLuns: some disk did not arrive in time, or is not what GetTargetLuns told",
        )),
    }
}

/// For each copy its LUNs on this host; `None`: not all of them have arrived.
fn arrived(
    world: &mut World,
    host: usize,
    copies: &[SnapshotDescription],
) -> Result<Vec<Option<Vec<LunId>>>, Refusal> {
    let mut located = Vec::new();
    let on_luns = copies.iter().filter(|copy| !copy.lun_mappings.is_empty());
    for provider in distinct(on_luns.map(|copy| copy.provider_id)) {
        if world.hardware_provider(host, provider).is_some() {
            let luns = locate::locate(world, host, provider, copies)?;
            located.extend(luns.into_iter().map(|(wanted, arrived)| (provider, wanted, arrived)));
        }
    }
    let luns_of = |copy: &SnapshotDescription| {
        let mappings = copy.lun_mappings.iter().map(|mapping| &mapping.destination.information);
        let arrived = mappings.map(|lun| {
            let found = located.iter().find(|(by, wanted, _)| *by == copy.provider_id && wanted == lun)?;
            found.2
        });
        arrived.collect::<Option<Vec<LunId>>>().filter(|luns| !luns.is_empty())
    };
    Ok(copies.iter().map(luns_of).collect())
}

/// Enters what has arrived into the catalogue; answers how many copies these are.
fn take_over(
    world: &mut World,
    session: &mut Session,
    set: &mut SnapshotSetDescription,
    arrived: &[Option<Vec<LunId>>],
) -> usize {
    let (host, set_size) = (session.host, set.snapshots.len());
    let mut taken_in: Vec<LunId> = Vec::new();
    let mut imported = 0;
    for (copy, luns) in set.snapshots.iter_mut().zip(arrived) {
        let Some(luns) = luns else {
            tell_missing(world, copy.provider_id, copy);
            continue;
        };
        for lun in luns {
            if !taken_in.contains(lun) {
                arrival::take_in(world, host, *lun);
                taken_in.push(*lun);
            }
        }
        copy.snapshot_attributes |= VolumeSnapshotAttributes::IMPORTED;
        copy.service_machine = world.hosts[host].name.clone();
        if !set.context.attributes().contains(VolumeSnapshotAttributes::NO_AUTO_RELEASE) {
            session.auto_release.push(copy.snapshot_id);
        }
        // The host that made the copy has known it without seeing it.
        world.snapshots.remove(copy.snapshot_id);
        let extents = extents(world, host, copy, luns);
        let device_number = Some(world.snapshots.device_number(copy.snapshot_id));
        world.snapshots.insert(Snapshot {
            set: set.snapshot_set_id,
            set_size,
            description: copy.clone(),
            luns: luns.clone(),
            extents,
            device_number,
            host,
            complete: true,
            exposure: None,
        });
        imported += 1;
    }
    imported
}

/// Where the volume lies on the copy's LUNs, by the document.
fn extents(world: &World, host: usize, copy: &SnapshotDescription, luns: &[LunId]) -> Vec<VolumeExtent> {
    let on_luns = copy.lun_mappings.iter().zip(luns);
    let extents = on_luns.filter_map(|(mapping, lun)| {
        let (disk, extent) = (world.disk_of(host, *lun)?, mapping.extents.first()?);
        Some(VolumeExtent { disk, start: extent.offset, length: extent.length })
    });
    extents.collect()
}

fn tell_missing(world: &mut World, provider: ProviderId, copy: &SnapshotDescription) {
    let (id, name) = (copy.snapshot_id, world.provider_name(provider));
    let message = format!(
        "shadow copy {id} was not imported: not all of its LUNs have arrived from provider {name}; see its own log, and clean up its LUNs"
    );
    world.log(HResult::VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED, &message);
}
