//! Which provider takes a volume or share (selecting-providers).

use crate::api::{
    HResult, LunInformation, ProviderCall, ProviderId, ProviderOut, Ptr, SnapshotContext, SnapshotId,
    SnapshotSetId, Text, VolumeGuid, VolumeSnapshotAttributes,
};
use crate::lab::ProviderKind;
use crate::provider::{FileShareProvider, SystemProvider};
use crate::storage::{FileSystem, LunId, Volume};

use super::limits;
use crate::service::objects::session::{PlannedCopy, Session};
use crate::service::world::originals::Original;
use crate::service::world::{Registered, RegisteredHere, World};
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
    let mut refused_late = false;
    for provider in candidates(world, session, &original, named) {
        let Some(supported) = supports(world, session, &original, provider).map_err(as_listed)? else {
            continue;
        };
        if world.is_software(provider) {
            limits::refuse_if_full(world, session, &original)?;
        }
        let call = begin(session, (set, snapshot), &original, supported);
        match world.ask_provider(session.host, provider, &call) {
            Ok(_) => {
                let luns = original.volume().map(|volume| world.luns_of(session.host, volume));
                return Ok(PlannedCopy { snapshot, original, provider, luns: luns.unwrap_or_default() });
            }
            // It turns out that it cannot copy this, for example not in this context; another provider may.
            Err(refusal) if is_not_supported(refusal.code) => refused_late = true,
            Err(refusal) => return Err(as_listed(refusal)),
        }
    }
    Err(if named.is_null() {
        Refusal::documented(HResult::VSS_E_VOLUME_NOT_SUPPORTED, "no-provider-supports")
    } else {
        let refusal =
            Refusal::documented(HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER, "chosen-provider-refuses");
        let detail = if refused_late {
            Some("the provider answers in BeginPrepareSnapshot that it does not support it")
        } else {
            why_not(world, session, &original, named)
        };
        Refusal { detail, ..refusal }
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

/// The context of the copies that providers are asked about. `VSS_CTX_ALL` is a view of copies that exist, no creation
/// has it, and its bits are no attributes: then what copies could be made in principle is what the default makes.
fn of_creation(session: &Session) -> SnapshotContext {
    if session.context == SnapshotContext::ALL { SnapshotContext::BACKUP } else { session.context }
}

/// Who is asked, in this order: hardware providers, then software providers (each in the order of the lab: none is
/// guaranteed), then the system provider. Of a share only the provider of shares is.
fn candidates(world: &World, session: &Session, original: &Original, named: ProviderId) -> Vec<ProviderId> {
    world
        .registered_on(session.host)
        .filter(|registered| named.is_null() || registered.id == named)
        .filter(|registered| obstacle(world, session, original, *registered).is_none())
        .map(|registered| registered.id)
        .collect()
}

/// Why a provider of the host is not even asked; `None`: it is a candidate.
fn obstacle(
    world: &World,
    session: &Session,
    original: &Original,
    registered: RegisteredHere<'_>,
) -> Option<&'static str> {
    let attributes = of_creation(session).attributes();
    // Copies that outlive a restart need NTFS (contexts.json).
    if attributes.contains(VolumeSnapshotAttributes::PERSISTENT)
        && file_system(world, session, original) != Some(FileSystem::Ntfs)
    {
        return Some("copies that outlive a restart need NTFS");
    }
    if attributes.contains(VolumeSnapshotAttributes::CLIENT_ACCESSIBLE) && registered.id != SystemProvider::ID
    {
        return Some("only the system provider makes client-accessible copies");
    }
    // Software providers keep differences on the host's own volumes: nothing that could be moved or split off.
    let differences = VolumeSnapshotAttributes::TRANSPORTABLE | VolumeSnapshotAttributes::PLEX;
    match (registered.kind, original) {
        (ProviderKind::Hardware, Original::Share(_)) | (ProviderKind::Software, Original::Share(_)) => {
            Some("only the file share provider copies shares")
        }
        (ProviderKind::FileShare, Original::Volume(_)) => Some("the file share provider copies shares alone"),
        // usage-conventions
        (ProviderKind::Hardware, _) if !world.os(session.host).is_server() => {
            Some("hardware providers load only on servers")
        }
        (ProviderKind::Hardware, Original::Volume(volume)) => {
            let moves = attributes.contains(VolumeSnapshotAttributes::TRANSPORTABLE);
            if moves { None } else { kept_from_home(world, session.host, *volume) }
        }
        _ if attributes.intersects(differences) => {
            Some("software providers make no transportable copies and no clones")
        }
        _ => None,
    }
}

/// What a person is told of a provider that was asked for and does not take the volume or share.
fn why_not(world: &World, session: &Session, original: &Original, named: ProviderId) -> Option<&'static str> {
    let registered = world.registered_on(session.host).find(|registered| registered.id == named)?;
    let luns = original.volume().map(|volume| world.luns_of(session.host, volume)).unwrap_or_default();
    let array = |lun: &LunId| world.storage.lun(*lun).ok()?.array();
    let manages = |hardware: &Registered| {
        luns.iter().all(|lun| array(lun).is_some_and(|array| hardware.arrays.contains(&array)))
    };
    let answered = match registered.hardware {
        Some(hardware) if !manages(hardware) => "a LUN of the volume is on no array of the provider",
        Some(_) => "the provider answers in AreLunsSupported that it makes no such copies of these LUNs",
        None => "the provider answers that it does not support it in this context",
    };
    Some(obstacle(world, session, original, registered).unwrap_or(answered))
}

/// Why a copy cannot be brought up on the host that makes it: on a node of a cluster, or from dynamic disks before
/// Windows Server 2008 (required-behaviors-for-shadow-copy-providers). That the volume is not supported then is inferred.
fn kept_from_home(world: &World, host: usize, volume: VolumeGuid) -> Option<&'static str> {
    if world.hosts[host].cluster.is_some() {
        return Some("a node of a cluster does not import what it made: ask for a transportable copy");
    }
    let dynamic = || world.disks_of(host, volume).iter().any(|disk| disk.dynamic);
    (!world.os(host).imports_dynamic_disks_at_home() && dynamic()).then_some(
        "copies of dynamic disks do not come up on the host that made them: ask for a transportable copy",
    )
}

fn file_system(world: &World, session: &Session, original: &Original) -> Option<FileSystem> {
    let (host, volume) = world.place_of_original(session.host, original)?;
    world.host(host).mounts().volume(volume).map(Volume::file_system)
}

/// Whether a provider supports the volume or share, and what of it. One that says no by a code says no.
fn supports(
    world: &mut World,
    session: &Session,
    original: &Original,
    provider: ProviderId,
) -> Result<Option<Supported>, Refusal> {
    match ask_support(world, session, original, provider) {
        Err(refusal) if is_not_supported(refusal.code) => Ok(None),
        answered => answered,
    }
}

fn ask_support(
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
                l_context: of_creation(session),
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

/// Whether the code says that the volume or share is not supported, by this provider or at all. Which of the two goes out
/// depends on whom the requester asked for (AddToSnapshotSet), and not on which a provider answers.
fn is_not_supported(code: HResult) -> bool {
    matches!(code, HResult::VSS_E_VOLUME_NOT_SUPPORTED | HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER)
}
