//! RevertToSnapshot, QueryRevertStatus and ShouldBlockRevert: rules X12 to X14, G9.

use super::change::{Change, Verdict};
use crate::api::{HResult, Out, SnapshotId, VolumeGuid};
use crate::lab::Os;
use crate::service::Refusal;
use crate::service::objects::session::Session;
use crate::service::world::World;

use super::volume_name;

pub(super) fn revert(session: &Session, world: &World, id: SnapshotId, force: bool) -> Verdict {
    let host = session.host;
    if !world.os(host).is_server() {
        return Err(Refusal::inferred(
            HResult::E_NOTIMPL,
            "only servers revert; the page names no code (X12)",
        ));
    }
    if id.is_null() {
        return Err(Refusal::bad_parameter("SnapshotId is GUID_NULL"));
    }
    super::unlisted_backup_only(session.state)?;
    super::service::reach_or_fail(world, session.host)?;
    let copy = world.snapshots.visible(id, host);
    let copy = copy.ok_or(Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, "unknown-snapshot"))?;
    let provider = copy.description.provider_id;
    if !copy.is_persistent() {
        return Err(Refusal::documented(HResult::VSS_E_UNSUPPORTED_CONTEXT, "not-persistent"));
    }
    if !world.is_registered(host, provider) {
        return Err(Refusal::documented(HResult::VSS_E_PROVIDER_NOT_REGISTERED, "provider-missing"));
    }
    if !world.can_revert(provider) {
        return Err(NO_REVERT);
    }
    let volume = world.volume(host, &copy.description.original_volume_name).ok_or(Refusal::inferred(
        HResult::VSS_E_OBJECT_NOT_FOUND,
        "the volume of the copy is away; the page names no code",
    ))?;
    is_supported(world, host, volume)?;
    // VSS itself keeps its lock, even against a forced dismount, also on another host that has the LUN (inferred).
    if world.is_locked_anywhere(host, volume) || !force && world.is_volume_open(host, volume) {
        return Err(Refusal::documented(HResult::VSS_E_VOLUME_IN_USE, "cannot-lock"));
    }
    Ok(Change::Revert { snapshot: id, volume, provider })
}

pub(super) fn query_status(session: &Session, world: &World, name: Option<&str>) -> Verdict {
    if world.os(session.host) == Os::WindowsXp {
        return Err(Refusal::inferred(
            HResult::E_NOTIMPL,
            "of clients Windows Vista is the first that has it; the page names no code",
        ));
    }
    let name = volume_name::given(name, Refusal::documented(HResult::E_POINTER, "null-pointer"))?;
    super::unlisted_backup_only(session.state)?;
    super::service::reach_or_fail(world, session.host)?;
    let volume = world.volume(session.host, name);
    let volume = volume.ok_or(Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, "invalid-volume"))?;
    is_supported(world, session.host, volume)?;
    let provider = world.reverter(session.host, volume).ok_or(NO_REVERT)?;
    Ok(Change::QueryRevert { volume, provider })
}

/// Whether the volume has components of a writer that the registry lists.
pub(in crate::service) fn should_block(
    world: &World,
    host: usize,
    name: Option<&str>,
) -> Result<Out, Refusal> {
    if !world.os(host).is_server() {
        return Err(Refusal::inferred(HResult::E_NOTIMPL, "only servers have it; the page names no code"));
    }
    let name = volume_name::given(name, Refusal::bad_parameter("wszVolumeName is NULL"))?;
    let volume = world.volume(host, name).ok_or(Refusal::inferred(
        HResult::E_INVALIDARG,
        "no volume has that name; the page has no code of its own for that",
    ))?;
    // A writer that does not run tells of no components (inferred).
    let run = world.has_writers(host);
    let blocking =
        world.hosts[host].writers.iter().filter(|writer| run && writer.blocks_revert && writer.running);
    let volumes = blocking.flat_map(|writer| &writer.components).flat_map(|component| &component.volumes);
    let pb_block = volumes.into_iter().any(|held| *held == volume);
    Ok(Out::ShouldBlockRevert { pb_block })
}

const NO_REVERT: Refusal = Refusal::documented(HResult::E_NOTIMPL, "provider-no-revert");

/// Which volumes these are is on no page: nobody can dismount the one that Windows runs from, nor one that a cluster holds
/// (inferred).
fn is_supported(world: &World, host: usize, volume: VolumeGuid) -> Result<(), Refusal> {
    let of_cluster = world.disks_of(host, volume).into_iter().any(|disk| disk.quorum);
    if of_cluster || world.boot.contains(&volume) {
        return Err(Refusal::documented(HResult::VSS_E_VOLUME_NOT_SUPPORTED, "revert-unsupported"));
    }
    Ok(())
}
