//! Creating a shadow copy set: which provider takes a volume, and the documented sequence of calls on writers and
//! providers (`provider-state-machine.json`, coordinator_sequence).

use crate::api::{
    HResult, LunInformation, ProviderCall, ProviderId, ProviderOut, Ptr, SnapshotId, SnapshotSetId,
    VolumeGuid, VolumeSnapshotAttributes,
};
use crate::document::SnapshotSetDescription;
use crate::lab::ProviderKind;
use crate::provider::{FLUSH_AND_HOLD_MS, SystemProvider};
use crate::writer::WriterEvent;

use super::session::{PlannedCopy, Session};
use super::world::World;
use super::{Refusal, arrival, gather};

/// Finds a provider for the volume and lets it prepare the copy. The first hardware provider that supports all LUNs of
/// the volume takes it, else the first software provider, else the system provider; a named provider takes it or nobody.
pub(super) fn add_volume(
    world: &mut World,
    session: &Session,
    set: SnapshotSetId,
    volume: VolumeGuid,
    wanted: ProviderId,
) -> Result<PlannedCopy, Refusal> {
    let snapshot = SnapshotId(world.ids.snapshots.next_guid());
    let luns = world.luns_of(session.host, volume);
    let system_only = session.context.attributes().contains(VolumeSnapshotAttributes::CLIENT_ACCESSIBLE);
    if world.os(session.host).is_server() && !system_only {
        let candidates: Vec<ProviderId> = world.providers.iter().map(|registered| registered.id).collect();
        for provider in candidates.into_iter().filter(|id| wanted.is_null() || *id == wanted) {
            if prepare_hardware(world, session, set, snapshot, volume, provider)? {
                return Ok(PlannedCopy { snapshot, volume, provider, luns });
            }
        }
    }
    for provider in software_candidates(world, session.host, wanted, system_only) {
        if prepare_software(world, session, set, snapshot, volume, provider)? {
            return Ok(PlannedCopy { snapshot, volume, provider, luns });
        }
    }
    Err(if wanted.is_null() {
        Refusal::documented(HResult::VSS_E_VOLUME_NOT_SUPPORTED, "no-provider-supports")
    } else {
        Refusal::documented(HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER, "chosen-provider-refuses")
    })
}

fn prepare_hardware(
    world: &mut World,
    session: &Session,
    set: SnapshotSetId,
    snapshot: SnapshotId,
    volume: VolumeGuid,
    provider: ProviderId,
) -> Result<bool, Refusal> {
    let host = session.host;
    let luns = world.luns_of(host, volume);
    let devices: Vec<_> = luns.iter().map(|lun| world.device_name(host, *lun)).collect();
    let information: Vec<_> = luns.iter().map(|lun| world.information(host, *lun)).collect();
    let l_lun_count = i32::try_from(luns.len()).unwrap_or(i32::MAX);
    let supported = world.ask_provider(
        host,
        provider,
        &ProviderCall::AreLunsSupported {
            l_lun_count,
            l_context: session.context,
            rgwsz_devices: devices.clone(),
            p_lun_information: information,
            pb_is_supported: Ptr::Valid,
        },
    )?;
    let Some(ProviderOut::AreLunsSupported { p_lun_information, pb_is_supported: true }) = supported.out
    else {
        return Ok(false);
    };
    world.ask_provider(
        host,
        provider,
        &ProviderCall::BeginPrepareSnapshot {
            snapshot_set_id: set,
            snapshot_id: snapshot,
            l_context: session.context,
            l_lun_count,
            rg_device_names: devices,
            rg_lun_information: p_lun_information,
        },
    )?;
    Ok(true)
}

/// The software providers of volumes that come into question, in order: those of the lab, then the system provider.
fn software_candidates(world: &World, host: usize, wanted: ProviderId, system_only: bool) -> Vec<ProviderId> {
    let volumes = world.software_of(host).filter(|registered| registered.kind == ProviderKind::Software);
    let ids = volumes.map(|registered| registered.id);
    ids.filter(|id| !system_only || *id == SystemProvider::ID)
        .filter(|id| wanted.is_null() || *id == wanted)
        .collect()
}

fn prepare_software(
    world: &mut World,
    session: &Session,
    set: SnapshotSetId,
    snapshot: SnapshotId,
    volume: VolumeGuid,
    provider: ProviderId,
) -> Result<bool, Refusal> {
    let attributes = session.context.attributes();
    // It keeps differences on the host's own volumes: nothing that could be moved or split off.
    if attributes.intersects(VolumeSnapshotAttributes::TRANSPORTABLE | VolumeSnapshotAttributes::PLEX) {
        return Ok(false);
    }
    let name = Some(World::volume_name(volume));
    let asked = ProviderCall::SoftwareIsVolumeSupported {
        pwsz_volume_name: name.clone(),
        pb_supported_by_this_provider: Ptr::Valid,
    };
    let supported = world.ask_provider(session.host, provider, &asked)?;
    let yes = ProviderOut::SoftwareIsVolumeSupported { pb_supported_by_this_provider: true };
    if supported.out != Some(yes) {
        return Ok(false);
    }
    let begin = ProviderCall::SoftwareBeginPrepareSnapshot {
        snapshot_set_id: set,
        snapshot_id: snapshot,
        pwsz_volume_name: name,
        l_new_context: session.context,
    };
    match world.ask_provider(session.host, provider, &begin) {
        Ok(_) => Ok(true),
        // It can copy the volume, but not in this context: another may.
        Err(refusal) if refusal.code == HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER => Ok(false),
        Err(refusal) => Err(refusal),
    }
}

/// Creates the set that the session has prepared: all its copies or, after any failure, none. Answers by how many
/// milliseconds providers and writers were late.
pub(super) fn create(world: &mut World, session: &mut Session) -> Result<u64, Refusal> {
    let Some(set) = session.set.take() else { return Ok(0) };
    let mut providers: Vec<ProviderId> = Vec::new();
    for copy in &set.copies {
        if !providers.contains(&copy.provider) {
            providers.push(copy.provider);
        }
    }
    let (id, copies) = (set.id, set.copies.clone());
    session.set = Some(set);
    let mut prepared = 0;
    let created = commit(world, session, id, &providers, &mut prepared).and_then(|late_ms| {
        let description = arrival::surface(world, session, id, &copies)?;
        Ok((late_ms, description))
    });
    session.set = None;
    match created {
        Ok((late_ms, snapshots)) => {
            gather::send(world, session, WriterEvent::PostSnapshot);
            session.document.snapshot_set = Some(SnapshotSetDescription {
                snapshot_set_id: id,
                context: session.context,
                snapshots,
                ..Default::default()
            });
            Ok(late_ms)
        }
        Err(refusal) => {
            abort(world, session.host, id, providers.get(..prepared).unwrap_or(&providers));
            // Copies that have arrived already are gone again.
            world.rescan();
            gather::send(world, session, WriterEvent::Abort);
            world.log(
                refusal.code,
                "the shadow copy set could not be created: see the entries before this one",
            );
            Err(refusal)
        }
    }
}

/// From PrepareForSnapshot to the final commit. `prepared` counts the providers that got EndPrepareSnapshots: they
/// have to be told of an abort.
fn commit(
    world: &mut World,
    session: &mut Session,
    set: SnapshotSetId,
    providers: &[ProviderId],
    prepared: &mut usize,
) -> Result<u64, Refusal> {
    let host = session.host;
    let planned = session.set.iter().flat_map(|set| &set.copies);
    if planned.into_iter().any(|copy| world.luns_of(host, copy.volume) != copy.luns) {
        return Err(Refusal::inferred(
            HResult::VSS_E_OBJECT_NOT_FOUND,
            "a volume of the set has lost its disk since it joined; seen for a copy that does not exist (O16)",
        ));
    }
    let mut late_ms = gather::send(world, session, WriterEvent::PrepareForSnapshot);
    for provider in providers {
        *prepared += 1;
        late_ms += world
            .ask_provider(host, *provider, &ProviderCall::EndPrepareSnapshots { snapshot_set_id: set })?
            .took_ms;
    }
    let mut frozen_ms = gather::send(world, session, WriterEvent::Freeze);
    frozen_ms += ask_all(world, host, providers, &ProviderCall::PreCommitSnapshots { snapshot_set_id: set })?;
    let held_ms = ask_all(world, host, providers, &ProviderCall::CommitSnapshots { snapshot_set_id: set })?;
    if held_ms >= FLUSH_AND_HOLD_MS {
        return Err(Refusal::documented(HResult::VSS_E_HOLD_WRITES_TIMEOUT, "hold-timeout"));
    }
    let count = session.set.as_ref().map_or(0, |set| set.copies.len());
    let post_commit = ProviderCall::PostCommitSnapshots {
        snapshot_set_id: set,
        l_snapshots_count: i32::try_from(count).unwrap_or(i32::MAX),
    };
    frozen_ms += held_ms + ask_all(world, host, providers, &post_commit)?;
    gather::frozen_for(world, session, frozen_ms);
    late_ms += frozen_ms + gather::send(world, session, WriterEvent::Thaw);
    late_ms +=
        ask_all(world, host, providers, &ProviderCall::PreFinalCommitSnapshots { snapshot_set_id: set })?;
    late_ms +=
        ask_all(world, host, providers, &ProviderCall::PostFinalCommitSnapshots { snapshot_set_id: set })?;
    Ok(late_ms)
}

/// One call to each provider; answers how long they took together, in milliseconds.
fn ask_all(
    world: &mut World,
    host: usize,
    providers: &[ProviderId],
    call: &ProviderCall,
) -> Result<u64, Refusal> {
    providers
        .iter()
        .try_fold(0, |took_ms, provider| Ok(took_ms + world.ask_provider(host, *provider, call)?.took_ms))
}

/// Tells the providers that the set is given up. Their codes are never converted.
pub(super) fn abort(world: &mut World, host: usize, set: SnapshotSetId, providers: &[ProviderId]) {
    for provider in providers {
        let call = ProviderCall::AbortSnapshots { snapshot_set_id: set };
        world.call_provider(host, *provider, &call);
    }
}

/// The copies of a volume's LUNs, as the provider names them.
pub(super) fn target_luns(
    world: &mut World,
    host: usize,
    copy: &PlannedCopy,
    sources: &[LunInformation],
) -> Result<Vec<LunInformation>, Refusal> {
    let luns = world.luns_of(host, copy.volume);
    let call = ProviderCall::GetTargetLuns {
        l_lun_count: i32::try_from(sources.len()).unwrap_or(i32::MAX),
        rg_device_names: luns.iter().map(|lun| world.device_name(host, *lun)).collect(),
        rg_source_luns: sources.to_vec(),
        rg_destination_luns: vec![LunInformation::default(); sources.len()],
    };
    match world.ask_provider(host, copy.provider, &call)?.out {
        Some(ProviderOut::GetTargetLuns { rg_destination_luns })
            if rg_destination_luns.len() == sources.len() =>
        {
            Ok(rg_destination_luns)
        }
        _ => Err(world.convert(copy.provider, "GetTargetLuns", HResult::E_FAIL)),
    }
}
