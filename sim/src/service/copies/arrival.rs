//! How shadow copies arrive on a host after the commit.

use crate::api::{
    HResult, LunInformation, ProviderCall, ProviderOut, SnapshotContext, SnapshotSetId, VolumeGuid,
    VolumeSnapshotAttributes,
};
use crate::document::{SnapshotDescription, SnapshotSetDescription};
use crate::storage::LunId;

use super::locate;
use super::snapshots::Snapshot;
use crate::service::Refusal;
use crate::service::contexts;
use crate::service::objects::session::{PlannedCopy, Session, SnapshotSet};
use crate::service::providers::providers_of_luns;
use crate::service::world::World;
use crate::service::world::identity;
use crate::service::world::originals::Original;
use crate::service::world::volumes::host_id;

/// Learns the copies' LUNs from the providers: what the document has to say of them.
pub(in crate::service) fn describe(
    world: &mut World,
    session: &Session,
    copies: &[PlannedCopy],
) -> Result<Vec<SnapshotDescription>, Refusal> {
    copies.iter().map(|copy| describe_one(world, session, copy)).collect()
}

/// What is known of a set before it is created: AddToSnapshotSet puts the copies' ids into the document (V6). Of LUNs
/// nothing is known yet.
pub(in crate::service) fn planned(world: &World, session: &Session) -> Option<SnapshotSetDescription> {
    let SnapshotSet { id, copies } = session.set.as_ref()?;
    let snapshots = copies.iter().map(|copy| described_before_creation(world, session, copy)).collect();
    Some(SnapshotSetDescription {
        snapshot_set_id: *id,
        context: session.context,
        snapshots,
        ..Default::default()
    })
}

/// The volume whose LUNs are copied; `None`: the copy is a software provider's.
fn volume_on_luns(world: &World, copy: &PlannedCopy) -> Option<VolumeGuid> {
    copy.original.volume().filter(|_| !world.is_software(copy.provider))
}

fn described_before_creation(world: &World, session: &Session, copy: &PlannedCopy) -> SnapshotDescription {
    let (host, on_luns) = (session.host, volume_on_luns(world, copy).is_some());
    let made_on = copy.original.file_server().unwrap_or(host);
    SnapshotDescription {
        snapshot_id: copy.snapshot,
        provider_id: copy.provider,
        snapshot_attributes: attributes(session.context, &copy.original, on_luns),
        original_volume_name: copy.original.name(),
        originating_machine: world.hosts[made_on].name.clone(),
        service_machine: world.hosts[host].name.clone(),
        ..Default::default()
    }
}

fn describe_one(
    world: &mut World,
    session: &Session,
    copy: &PlannedCopy,
) -> Result<SnapshotDescription, Refusal> {
    let host = session.host;
    let lun_mappings = if let Some(volume) = volume_on_luns(world, copy) {
        let luns = world.luns_of(host, volume);
        let sources: Vec<LunInformation> = luns.iter().map(|lun| world.information(host, *lun)).collect();
        let destinations = target_luns(world, host, copy, &luns, &sources)?;
        let luns = luns.into_iter().zip(sources).zip(destinations);
        luns.map(|((lun, source), destination)| world.mapping(host, volume, lun, source, destination))
            .collect()
    } else {
        Vec::new()
    };
    let creation_timestamp = world.clock.filetime();
    Ok(SnapshotDescription {
        creation_timestamp,
        lun_mappings,
        ..described_before_creation(world, session, copy)
    })
}

/// The copies of a volume's LUNs, as the provider names them. The ports are never its own to fill in, and a signature
/// that it gives does not count.
fn target_luns(
    world: &mut World,
    host: usize,
    copy: &PlannedCopy,
    luns: &[LunId],
    sources: &[LunInformation],
) -> Result<Vec<LunInformation>, Refusal> {
    let call = ProviderCall::GetTargetLuns {
        l_lun_count: i32::try_from(sources.len()).unwrap_or(i32::MAX),
        rg_device_names: luns.iter().map(|lun| world.device_name(host, *lun)).collect(),
        rg_source_luns: sources.to_vec(),
        rg_destination_luns: vec![LunInformation::default(); sources.len()],
    };
    let named = match world.ask_in_operation(host, copy.provider, &call)?.out {
        Some(ProviderOut::GetTargetLuns { rg_destination_luns })
            if rg_destination_luns.len() == sources.len() =>
        {
            rg_destination_luns
        }
        // Fewer or more than were asked for: no answer that the contract knows.
        _ => return Err(world.convert(host, copy.provider, call.method().name, HResult::E_UNEXPECTED)),
    };
    let empty = LunInformation::default();
    let bare = |lun| LunInformation {
        interconnects: empty.interconnects.clone(),
        disk_signature: empty.disk_signature,
        ..lun
    };
    Ok(named.into_iter().map(bare).collect())
}

fn attributes(context: SnapshotContext, original: &Original, hardware: bool) -> VolumeSnapshotAttributes {
    let made = if hardware {
        VolumeSnapshotAttributes::HARDWARE_ASSISTED
    } else {
        VolumeSnapshotAttributes::DIFFERENTIAL
    };
    let shared = match original {
        Original::Volume(_) => VolumeSnapshotAttributes::empty(),
        Original::Share(_) => VolumeSnapshotAttributes::FILE_SHARE,
    };
    context.attributes() | VolumeSnapshotAttributes::NOT_SURFACED | made | shared
}

/// Brings the copies up on this host, unless the set is to be transported, and enters them into the catalogue.
pub(in crate::service) fn surface(
    world: &mut World,
    session: &Session,
    set: SnapshotSetId,
    copies: &[PlannedCopy],
    descriptions: Vec<SnapshotDescription>,
) -> Result<Vec<SnapshotDescription>, Refusal> {
    let transportable = session.context.attributes().contains(VolumeSnapshotAttributes::TRANSPORTABLE);
    if !transportable {
        auto_import(world, session.host, &descriptions)?;
    }
    let goes_with = contexts::is_auto_release(session.context).then_some(session.id);
    let mut arrived = Vec::with_capacity(copies.len());
    for (description, copy) in descriptions.iter().zip(copies) {
        let destinations = description.lun_mappings.iter().map(|mapping| &mapping.destination.information);
        let luns = destinations.filter_map(|lun| world.lun_by_page83(lun)).collect();
        // The copy of a share has no device of this host: the file server shows it.
        let has_device = !transportable && copy.original.volume().is_some();
        let device_number = has_device.then(|| world.snapshots.device_number(copy.snapshot));
        let extents = copy.original.volume().map(|volume| world.extents_of(session.host, volume));
        arrived.push(Snapshot {
            set,
            set_size: copies.len(),
            description: description.clone(),
            luns,
            extents: extents.unwrap_or_default(),
            device_number,
            host: session.host,
            complete: false,
            exposure: None,
            goes_with,
        });
    }
    // A software provider whose process has ended since the copy was begun knows nothing of it.
    if arrived.iter().any(|copy| world.is_lost(copy)) {
        return Err(Refusal::inferred(
            HResult::VSS_E_OBJECT_NOT_FOUND,
            "a provider has lost a copy of the set; seen when the final commit looks up a missing copy (O16)",
        ));
    }
    arrived.into_iter().for_each(|copy| world.snapshots.insert(copy));
    Ok(descriptions)
}

/// Each provider unmasks its copies' LUNs; all of them have to arrive.
fn auto_import(world: &mut World, host: usize, copies: &[SnapshotDescription]) -> Result<(), Refusal> {
    for provider in providers_of_luns(copies) {
        for (_, arrived) in locate::locate(world, host, provider, copies)? {
            let arrived = arrived.ok_or(Refusal::inferred(
                HResult::VSS_E_OBJECT_NOT_FOUND,
                "a copy's LUN did not arrive; seen when the final commit looks up a missing copy (O16)",
            ))?;
            give_own_identity(world, host, arrived);
        }
    }
    Ok(())
}

/// Gives an arrived copy's disk an identity of its own, since the original may be online beside it. The flags of a shadow
/// copy have travelled with its LUN and stay.
pub(in crate::service) fn give_own_identity(world: &mut World, host: usize, lun: LunId) {
    let (Some(signature), Some(disk)) = (world.signature(host, lun), world.disk_of(host, lun)) else {
        return;
    };
    let partitions = identity::partitions_now(world, lun);
    world.snapshots.arrived_with(lun, partitions);
    let signature = world.new_signature(signature);
    let (storage, ids) = (&mut world.storage, &mut world.ids.disks);
    let done = storage.resign(host_id(host), disk, signature, |flags| flags, &mut || ids.next_guid());
    // The LUN was just found on that host and no online disk has the signature: the table must be the reason.
    if let Err(error) = done {
        let message = format!("the disk of a shadow copy keeps its original's identity: {error}");
        world.log(HResult::E_UNEXPECTED, &message);
    }
}
