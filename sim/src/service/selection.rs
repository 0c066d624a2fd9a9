//! Which provider takes a volume (selecting-providers).

use crate::api::{
    HResult, LunInformation, ProviderCall, ProviderId, ProviderOut, Ptr, SnapshotId, SnapshotSetId,
    VolumeGuid, VolumeSnapshotAttributes,
};
use crate::lab::ProviderKind;
use crate::provider::SystemProvider;

use super::Refusal;
use super::session::{PlannedCopy, Session};
use super::world::{RegisteredSoftware, World};

/// A volume on its way into a set.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    set: SnapshotSetId,
    snapshot: SnapshotId,
    volume: VolumeGuid,
}

/// Finds a provider for the volume and lets it prepare the copy. The first of the candidates that supports the volume
/// takes it; a named provider takes it or nobody.
pub(super) fn add_volume(
    world: &mut World,
    session: &Session,
    set: SnapshotSetId,
    volume: VolumeGuid,
    named: ProviderId,
) -> Result<PlannedCopy, Refusal> {
    let snapshot = SnapshotId(world.ids.snapshots.next_guid());
    let wanted = Wanted { set, snapshot, volume };
    let luns = world.luns_of(session.host, volume);
    for provider in candidates(world, session) {
        if !named.is_null() && provider != named {
            continue;
        }
        let taken = if world.is_software(provider) {
            prepare_software(world, session, wanted, provider)?
        } else {
            prepare_hardware(world, session, wanted, provider)?
        };
        if taken {
            return Ok(PlannedCopy { snapshot, volume, provider, luns });
        }
    }
    Err(if named.is_null() {
        Refusal::documented(HResult::VSS_E_VOLUME_NOT_SUPPORTED, "no-provider-supports")
    } else {
        Refusal::documented(HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER, "chosen-provider-refuses")
    })
}

/// Who is asked, in this order: hardware providers, then software providers (each in the order of the lab: none is
/// guaranteed), then the system provider.
fn candidates(world: &World, session: &Session) -> Vec<ProviderId> {
    let system_only = session.context.attributes().contains(VolumeSnapshotAttributes::CLIENT_ACCESSIBLE);
    // Hardware providers load only on servers (usage-conventions).
    let hardware = world.hardware_providers(session.host).map(|registered| registered.id);
    let of_volumes = |registered: &&RegisteredSoftware| registered.kind == ProviderKind::Software;
    let software = world.software_of(session.host).filter(of_volumes).map(|registered| registered.id);
    hardware.chain(software).filter(|id| !system_only || *id == SystemProvider::ID).collect()
}

fn prepare_hardware(
    world: &mut World,
    session: &Session,
    wanted: Wanted,
    provider: ProviderId,
) -> Result<bool, Refusal> {
    let host = session.host;
    let luns = world.luns_of(host, wanted.volume);
    let transportable = session.context.attributes().contains(VolumeSnapshotAttributes::TRANSPORTABLE);
    if !transportable && !comes_up_at_home(world, host, wanted.volume) {
        return Ok(false);
    }
    let devices: Vec<_> = luns.iter().map(|lun| world.device_name(host, *lun)).collect();
    let own: Vec<_> = luns.iter().map(|lun| world.information(host, *lun)).collect();
    let l_lun_count = i32::try_from(luns.len()).unwrap_or(i32::MAX);
    let supported = world.ask_provider(
        host,
        provider,
        &ProviderCall::AreLunsSupported {
            l_lun_count,
            l_context: session.context,
            rgwsz_devices: devices.clone(),
            p_lun_information: own.clone(),
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
            snapshot_set_id: wanted.set,
            snapshot_id: wanted.snapshot,
            l_context: session.context,
            l_lun_count,
            rg_device_names: devices,
            rg_lun_information: amended(own, p_lun_information),
        },
    )?;
    Ok(true)
}

/// Whether a copy can be brought up on the host that makes it: not on a node of a cluster, nor from dynamic disks before
/// Windows Server 2008 (required-behaviors-for-shadow-copy-providers). That the volume is not supported then is inferred.
fn comes_up_at_home(world: &World, host: usize, volume: VolumeGuid) -> bool {
    let dynamic = || world.disks_of(host, volume).iter().any(|disk| disk.dynamic);
    world.hosts[host].cluster.is_none() && (world.os(host).imports_dynamic_disks_at_home() || !dynamic())
}

/// What a provider made of the LUNs' descriptions. The ports are never its own to change, and the number of LUNs is not
/// either: then nothing that it says of them counts.
fn amended(own: Vec<LunInformation>, theirs: Vec<LunInformation>) -> Vec<LunInformation> {
    if own.len() != theirs.len() {
        return own;
    }
    let with_own_ports = |(own, theirs): (LunInformation, LunInformation)| LunInformation {
        interconnects: own.interconnects,
        ..theirs
    };
    own.into_iter().zip(theirs).map(with_own_ports).collect()
}

fn prepare_software(
    world: &mut World,
    session: &Session,
    wanted: Wanted,
    provider: ProviderId,
) -> Result<bool, Refusal> {
    let attributes = session.context.attributes();
    // It keeps differences on the host's own volumes: nothing that could be moved or split off.
    if attributes.intersects(VolumeSnapshotAttributes::TRANSPORTABLE | VolumeSnapshotAttributes::PLEX) {
        return Ok(false);
    }
    let name = Some(World::volume_name(wanted.volume));
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
        snapshot_set_id: wanted.set,
        snapshot_id: wanted.snapshot,
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
