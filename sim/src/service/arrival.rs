//! How shadow copies arrive on a host after the commit, and how they leave it.

use crate::api::{
    HResult, LunInformation, ProviderCall, ProviderOut, Ptr, SnapshotContext, SnapshotId, SnapshotSetId,
    VolumeSnapshotAttributes,
};
use crate::document::SnapshotDescription;
use crate::lab::Cause;
use crate::storage::{LunId, gpt};

use super::providers::distinct;
use super::session::{PlannedCopy, Session};
use super::snapshots::Snapshot;
use super::volumes::host_id;
use super::world::World;
use super::{Refusal, creation};

/// A shadow copy's volume is read-only, hidden and without a drive letter; only VSS sets these bits.
pub(super) const COPY_ATTRIBUTES: u64 = gpt::attribute::READ_ONLY
    | gpt::attribute::SHADOW_COPY
    | gpt::attribute::HIDDEN
    | gpt::attribute::NO_DRIVE_LETTER;

/// Learns the copies' LUNs from the providers and, unless the set is to be transported, brings them up on this host.
/// Enters all copies into the catalogue and answers what the document has to say of them.
pub(super) fn surface(
    world: &mut World,
    session: &mut Session,
    set: SnapshotSetId,
    copies: &[PlannedCopy],
) -> Result<Vec<SnapshotDescription>, Refusal> {
    let mut descriptions = Vec::with_capacity(copies.len());
    for copy in copies {
        descriptions.push(describe(world, session, copy)?);
    }
    let transportable = session.context.attributes().contains(VolumeSnapshotAttributes::TRANSPORTABLE);
    if !transportable {
        import(world, session.host, &descriptions)?;
    }
    let auto_release = !session.context.attributes().contains(VolumeSnapshotAttributes::NO_AUTO_RELEASE);
    for (description, copy) in descriptions.iter().zip(copies) {
        let destinations = description.lun_mappings.iter().map(|mapping| &mapping.destination.information);
        let luns = destinations.filter_map(|lun| world.lun_by_page83(lun)).collect();
        let device_number = (!transportable).then(|| world.snapshots.device_number(copy.snapshot));
        if auto_release {
            session.auto_release.push(description.snapshot_id);
        }
        world.snapshots.insert(Snapshot {
            set,
            set_size: copies.len(),
            description: description.clone(),
            luns,
            extents: world.extents_of(session.host, copy.volume),
            device_number,
            host: session.host,
            complete: false,
        });
    }
    Ok(descriptions)
}

fn describe(
    world: &mut World,
    session: &Session,
    copy: &PlannedCopy,
) -> Result<SnapshotDescription, Refusal> {
    let host = session.host;
    let hardware = !world.is_software(copy.provider);
    let lun_mappings = if hardware {
        let luns = world.luns_of(host, copy.volume);
        let sources: Vec<LunInformation> = luns.iter().map(|lun| world.information(host, *lun)).collect();
        let destinations = creation::target_luns(world, host, copy, &sources)?;
        let luns = luns.into_iter().zip(sources).zip(destinations);
        luns.map(|((lun, source), destination)| world.mapping(host, copy.volume, lun, source, destination))
            .collect()
    } else {
        Vec::new()
    };
    Ok(SnapshotDescription {
        snapshot_id: copy.snapshot,
        provider_id: copy.provider,
        snapshot_attributes: attributes(session.context, hardware),
        original_volume_name: World::volume_name(copy.volume),
        originating_machine: world.hosts[host].name.clone(),
        service_machine: world.hosts[host].name.clone(),
        creation_timestamp: world.clock.filetime(),
        lun_mappings,
        ..Default::default()
    })
}

fn attributes(context: SnapshotContext, hardware: bool) -> VolumeSnapshotAttributes {
    let made = if hardware {
        VolumeSnapshotAttributes::HARDWARE_ASSISTED
    } else {
        VolumeSnapshotAttributes::DIFFERENTIAL
    };
    context.attributes() | VolumeSnapshotAttributes::NOT_SURFACED | made
}

/// Auto-import: the providers unmask the copies' LUNs, VSS rescans, matches what arrived and gives each disk an identity
/// of its own, since the original is online beside it.
fn import(world: &mut World, host: usize, copies: &[SnapshotDescription]) -> Result<(), Refusal> {
    let on_luns = copies.iter().filter(|copy| !copy.lun_mappings.is_empty());
    for provider in distinct(on_luns.map(|copy| copy.provider_id)) {
        let of_provider = copies.iter().filter(|copy| copy.provider_id == provider);
        let mut luns: Vec<LunInformation> = Vec::new();
        for mapping in of_provider.flat_map(|copy| &copy.lun_mappings) {
            if !luns.contains(&mapping.destination.information) {
                luns.push(mapping.destination.information.clone());
            }
        }
        let count = i32::try_from(luns.len()).unwrap_or(i32::MAX);
        let call = ProviderCall::LocateLuns { l_lun_count: count, rg_source_luns: luns.clone() };
        if world.ask_provider(host, provider, &call)?.trouble == Some(Cause::LosesLun) {
            world.mask(host, &luns);
        }
        world.rescan();
        for lun in luns {
            let call = ProviderCall::FillInLunInfo {
                wsz_device_name: None,
                p_lun_info: lun.clone(),
                pb_is_supported: Ptr::Valid,
            };
            let reply = world.call_provider(host, provider, &call);
            // VSS does not heed the code; without an answer it goes by what it has read from the disk itself.
            let matches = match &reply.out {
                Some(ProviderOut::FillInLunInfo { p_lun_info, pb_is_supported }) => {
                    *pb_is_supported && p_lun_info.same_lun(&lun)
                }
                _ => reply.hresult.is_failure(),
            };
            let arrived =
                world.lun_by_page83(&lun).filter(|lun| matches && world.disk_of(host, *lun).is_some());
            let arrived = arrived.ok_or(Refusal::inferred(
                HResult::VSS_E_OBJECT_NOT_FOUND,
                "a copy's LUN did not arrive; seen when the final commit looks up a missing copy (O16)",
            ))?;
            take_in(world, host, arrived);
        }
    }
    Ok(())
}

/// Gives an arrived copy an identity of its own and marks its volumes as a shadow copy's.
fn take_in(world: &mut World, host: usize, lun: LunId) {
    let (Some(signature), Some(disk)) = (world.signature(host, lun), world.disk_of(host, lun)) else {
        return;
    };
    let signature = world.new_signature(signature);
    let (storage, ids) = (&mut world.storage, &mut world.ids.disks);
    let marked = |attributes| attributes | COPY_ATTRIBUTES;
    let done = storage.resign(host_id(host), disk, signature, marked, &mut || ids.next_guid());
    // The LUN was just found on that host and no online disk has the signature: the table must be the reason.
    if let Err(error) = done {
        let message = format!("the disk of a shadow copy keeps its original's identity: {error}");
        world.log(HResult::E_UNEXPECTED, &message);
    }
}

/// Deletes a shadow copy: its provider gets OnLunEmpty for each LUN that no other copy lies on.
pub(super) fn delete(world: &mut World, id: SnapshotId) {
    let Some(snapshot) = world.snapshots.remove(id) else { return };
    let provider = snapshot.description.provider_id;
    if world.is_software(provider) {
        let call = ProviderCall::SoftwareDeleteSnapshots {
            source_object_id: id.0,
            e_source_object_type: crate::api::ObjectType::SNAPSHOT,
            b_force_delete: true,
            pl_deleted_snapshots: Ptr::Valid,
            p_nondeleted_snapshot_id: Ptr::Valid,
        };
        world.call_provider(snapshot.host, provider, &call);
        return;
    }
    for lun in &snapshot.luns {
        if world.snapshots.lies_on(*lun) {
            continue;
        }
        let call = ProviderCall::OnLunEmpty {
            wsz_device_name: Some(world.device_name(snapshot.host, *lun)),
            p_information: world.information(snapshot.host, *lun),
        };
        world.call_provider(snapshot.host, provider, &call);
    }
    world.rescan();
}
