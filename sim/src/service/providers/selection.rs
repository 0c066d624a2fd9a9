//! Which provider takes a volume or share (selecting-providers).

use crate::api::{
    HResult, LunInformation, ProviderCall, ProviderId, ProviderOut, Ptr, SnapshotId, SnapshotSetId, Text,
    VolumeGuid, VolumeSnapshotAttributes,
};
use crate::lab::ProviderKind;
use crate::provider::{FileShareProvider, SystemProvider};
use crate::storage::{FileSystem, Volume};

use crate::service::objects::session::{PlannedCopy, Session};
use crate::service::world::World;
use crate::service::world::originals::Original;
use crate::service::world::volumes::host_index;
use crate::service::{Refusal, reasons};

/// What a provider supports, as the next call names it.
#[derive(Clone, Debug)]
enum Supported {
    /// These LUNs of the host, as the provider has amended their descriptions.
    Luns { devices: Vec<Text>, luns: Vec<LunInformation> },
    /// The volume.
    Volume,
    /// The share.
    Share,
}

/// Finds a provider for the volume or share and lets it prepare the copy. The first of the candidates that supports it
/// takes it; a named provider takes it or nobody.
pub(in crate::service) fn add(
    world: &mut World,
    session: &Session,
    set: SnapshotSetId,
    original: Original,
    named: ProviderId,
) -> Result<PlannedCopy, Refusal> {
    let snapshot = SnapshotId(world.ids.snapshots.next_guid());
    let as_listed = |refusal| reasons::of_provider("AddToSnapshotSet", refusal, named);
    for provider in candidates(world, session, &original, named) {
        let taken = match supports(world, session, &original, provider).map_err(as_listed)? {
            Some(supported) => {
                let call = begin(session, (set, snapshot), &original, supported);
                let answer = world.ask_provider(session.host, provider, &call);
                takes(world, provider, answer.map(drop)).map_err(as_listed)?
            }
            None => false,
        };
        if taken {
            let luns = original.volume().map(|volume| world.luns_of(session.host, volume));
            return Ok(PlannedCopy { snapshot, original, provider, luns: luns.unwrap_or_default() });
        }
    }
    Err(if named.is_null() {
        Refusal::documented(HResult::VSS_E_VOLUME_NOT_SUPPORTED, "no-provider-supports")
    } else {
        Refusal::documented(HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER, "chosen-provider-refuses")
    })
}

/// Whether any provider, or the named one, could copy the volume or share in the session's context. What only prevents it
/// for now, such as a limit that is reached, does not count.
pub(in crate::service) fn is_supported(
    world: &mut World,
    session: &Session,
    original: &Original,
    named: ProviderId,
) -> Result<bool, Refusal> {
    for provider in candidates(world, session, original, named) {
        if supports(world, session, original, provider)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Who is asked, in this order: hardware providers, then software providers (each in the order of the lab: none is
/// guaranteed), then the system provider. Of a share only the provider of shares is.
fn candidates(world: &World, session: &Session, original: &Original, named: ProviderId) -> Vec<ProviderId> {
    let attributes = session.context.attributes();
    // Copies that outlive a restart need NTFS (contexts.json).
    if attributes.contains(VolumeSnapshotAttributes::PERSISTENT)
        && file_system(world, session, original) != Some(FileSystem::Ntfs)
    {
        return Vec::new();
    }
    // Hardware providers load only on servers (usage-conventions).
    let at_home = |volume| {
        attributes.contains(VolumeSnapshotAttributes::TRANSPORTABLE)
            || comes_up_at_home(world, session.host, volume)
    };
    let hardware = world.hardware_providers(session.host).filter(|_| original.volume().is_some_and(at_home));
    // Software providers keep differences on the host's own volumes: nothing that could be moved or split off.
    let differences = VolumeSnapshotAttributes::TRANSPORTABLE | VolumeSnapshotAttributes::PLEX;
    let wanted = match original {
        Original::Volume(_) => ProviderKind::Software,
        Original::Share(_) => ProviderKind::FileShare,
    };
    let software = world.software_of(session.host).filter(|registered| registered.kind == wanted);
    let software = software.filter(|_| !attributes.intersects(differences));
    let system_only = attributes.contains(VolumeSnapshotAttributes::CLIENT_ACCESSIBLE);
    let all = hardware.map(|registered| registered.id).chain(software.map(|registered| registered.id));
    all.filter(|id| !system_only || *id == SystemProvider::ID)
        .filter(|id| named.is_null() || *id == named)
        .collect()
}

/// Whether a copy can be brought up on the host that makes it: not on a node of a cluster, nor from dynamic disks before
/// Windows Server 2008 (required-behaviors-for-shadow-copy-providers). That the volume is not supported then is inferred.
fn comes_up_at_home(world: &World, host: usize, volume: VolumeGuid) -> bool {
    let dynamic = || world.disks_of(host, volume).iter().any(|disk| disk.dynamic);
    world.hosts[host].cluster.is_none() && (world.os(host).imports_dynamic_disks_at_home() || !dynamic())
}

fn file_system(world: &World, session: &Session, original: &Original) -> Option<FileSystem> {
    let (host, volume) = match original {
        Original::Volume(volume) => (session.host, *volume),
        Original::Share(share) => (host_index(share.host), world.shared_volume(share)?),
    };
    world.host(host).mounts().volume(volume).map(Volume::file_system)
}

/// Asks a provider whether it supports the volume or share.
fn supports(
    world: &mut World,
    session: &Session,
    original: &Original,
    provider: ProviderId,
) -> Result<Option<Supported>, Refusal> {
    let host = session.host;
    let call = match original {
        Original::Volume(volume) if !world.is_software(provider) => {
            let luns = world.luns_of(host, *volume);
            let devices: Vec<_> = luns.iter().map(|lun| world.device_name(host, *lun)).collect();
            let own: Vec<_> = luns.iter().map(|lun| world.information(host, *lun)).collect();
            let call = ProviderCall::AreLunsSupported {
                l_lun_count: count(&luns),
                l_context: session.context,
                rgwsz_devices: devices.clone(),
                p_lun_information: own.clone(),
                pb_is_supported: Ptr::Valid,
            };
            return Ok(match world.ask_provider(host, provider, &call)?.out {
                Some(ProviderOut::AreLunsSupported { p_lun_information, pb_is_supported: true }) => {
                    Some(Supported::Luns { devices, luns: amended(own, p_lun_information) })
                }
                _ => None,
            });
        }
        Original::Volume(_) => ProviderCall::SoftwareIsVolumeSupported {
            pwsz_volume_name: Some(original.name()),
            pb_supported_by_this_provider: Ptr::Valid,
        },
        Original::Share(_) => ProviderCall::FileShareIsPathSupported {
            pwsz_share_path: Some(original.name()),
            pb_supported_by_this_provider: Ptr::Valid,
        },
    };
    Ok(match world.ask_provider(host, provider, &call)?.out {
        Some(ProviderOut::SoftwareIsVolumeSupported { pb_supported_by_this_provider: true }) => {
            Some(Supported::Volume)
        }
        Some(ProviderOut::FileShareIsPathSupported { pb_supported_by_this_provider: true }) => {
            Some(Supported::Share)
        }
        _ => None,
    })
}

fn count<T>(items: &[T]) -> i32 {
    i32::try_from(items.len()).unwrap_or(i32::MAX)
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

/// The call that lets a provider prepare the copy of what it supports.
fn begin(
    session: &Session,
    (snapshot_set_id, snapshot_id): (SnapshotSetId, SnapshotId),
    original: &Original,
    supported: Supported,
) -> ProviderCall {
    match supported {
        Supported::Luns { devices, luns } => ProviderCall::BeginPrepareSnapshot {
            snapshot_set_id,
            snapshot_id,
            l_context: session.context,
            l_lun_count: count(&luns),
            rg_device_names: devices,
            rg_lun_information: luns,
        },
        Supported::Volume => ProviderCall::SoftwareBeginPrepareSnapshot {
            snapshot_set_id,
            snapshot_id,
            pwsz_volume_name: Some(original.name()),
            l_new_context: session.context,
        },
        Supported::Share => ProviderCall::FileShareBeginPrepareSnapshot {
            snapshot_set_id,
            snapshot_id,
            pwsz_share_path: Some(original.name()),
            l_new_context: session.context,
            provider_id: FileShareProvider::ID,
        },
    }
}

/// Whether the provider has taken it.
fn takes(world: &World, provider: ProviderId, answer: Result<(), Refusal>) -> Result<bool, Refusal> {
    match answer {
        Ok(()) => Ok(true),
        // It can copy the volume, but not in this context: another may.
        Err(refusal)
            if world.is_software(provider)
                && refusal.code == HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER =>
        {
            Ok(false)
        }
        Err(refusal) => Err(refusal),
    }
}
