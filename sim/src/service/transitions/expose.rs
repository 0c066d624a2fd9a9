//! ExposeSnapshot and UnexposeSnapshot: rules G12, X6 to X8, F1.

use super::change::{Change, Verdict};
use crate::api::{HResult, SnapshotId, Text, VolumeSnapshotAttributes as Attributes};
use crate::lab::{ExposedAgain, Os};
use crate::service::Refusal;
use crate::service::copies::exposure::Exposure;
use crate::service::copies::snapshots::Snapshot;
use crate::service::objects::session::Session;
use crate::service::world::World;

use super::exposed_name::{Wanted, wanted};

const NO_ID: Refusal = Refusal::bad_parameter("SnapshotId is GUID_NULL");
const UNKNOWN_COPY: Refusal = Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, "no-such-snapshot");

pub(super) fn expose(
    session: &Session,
    world: &World,
    id: SnapshotId,
    path: Option<&str>,
    attributes: Attributes,
    name: Option<&str>,
) -> Verdict {
    if world.os(session.host) == Os::WindowsXp {
        return Err(Refusal::inferred(
            HResult::E_NOTIMPL,
            "of clients Windows Vista is the first that exposes copies; the page names no code",
        ));
    }
    if id.is_null() {
        return Err(NO_ID);
    }
    let wanted = wanted(path, attributes, name)?;
    super::idle_backup_only(session.state)?; // G12, X7, F1
    super::service::reach(world, session.host)?;
    let copy = world.snapshots.visible(id, session.host).ok_or(UNKNOWN_COPY)?;
    may_be_exposed(world, copy, &wanted)?;
    let exposure = placed(world, session.host, copy, wanted)?;
    Ok(Change::Expose { copy: id, exposure: Some(exposure) }) // X6
}

/// The pages say which copies cannot be exposed, but print no code for it.
fn may_be_exposed(world: &World, copy: &Snapshot, wanted: &Wanted) -> Result<(), Refusal> {
    let attributes = copy.description.snapshot_attributes;
    let invalid = |why| Err(Refusal::inferred(HResult::E_INVALIDARG, why));
    if attributes.contains(Attributes::CLIENT_ACCESSIBLE) {
        return invalid("client-accessible copies are not exposed; the pages print no code (X6)");
    }
    if copy.is_of_share() {
        return invalid("the copy of a share is shown by its file server already; the pages tell of volumes");
    }
    if copy.device_number.is_none() {
        // A set for transport comes up when it is imported, and can be exposed after that.
        return Err(Refusal::OUT_OF_SEQUENCE.detail("ImportSnapshots must have ended first"));
    }
    if copy.luns.iter().any(|lun| world.disk_of(copy.host, *lun).is_none()) {
        return Err(Refusal::inferred(
            HResult::VSS_E_OBJECT_NOT_FOUND,
            "the volume of the copy is away; the page names no code",
        ));
    }
    let local = !matches!(wanted, Wanted::Share { .. });
    if local && !attributes.contains(Attributes::PERSISTENT) {
        return invalid("only persistent copies are exposed locally; the pages print no code (X6)");
    }
    if copy.exposure.is_some() && world.readings.exposed_again == ExposedAgain::Refused {
        return invalid("a copy has one exposed name; the page does not tell of a second (exposed-again)");
    }
    Ok(())
}

/// The name must be free: nobody else's letter, folder or share.
fn placed(world: &World, host: usize, copy: &Snapshot, wanted: Wanted) -> Result<Exposure, Refusal> {
    match wanted {
        Wanted::Letter(letter) if !is_taken(world, host, &letter) => Ok(Exposure::Local(letter)),
        Wanted::Folder(folder) if !is_taken(world, host, &folder) && can_be_made(world, host, &folder) => {
            Ok(Exposure::Local(folder))
        }
        Wanted::Share { name: Some(name), path } if !is_shared(world, host, &name) => {
            Ok(Exposure::Share { name, path })
        }
        Wanted::Share { name: None, path } => Ok(Exposure::Share { name: chosen(world, host, copy), path }),
        Wanted::Letter(_) | Wanted::Share { .. } => Err(Refusal::bad_parameter("that name is in use")),
        Wanted::Folder(_) => Err(Refusal::bad_parameter(
            "that folder is a mount point already, or lies on no volume that can be written",
        )),
    }
}

fn is_taken(world: &World, host: usize, name: &str) -> bool {
    world.host(host).mounts().is_mount_point(name)
        || world.exposed_as(host, name).is_some()
        || world.left_as(host, name).is_some()
}

/// A folder lies on the volume that is mounted nearest above it, and can be made where that can be written: shadow copies
/// cannot, nor what is left of them as long as it is read-only.
fn can_be_made(world: &World, host: usize, folder: &str) -> bool {
    let above = folder.rmatch_indices('\\').map(|(end, _)| &folder[..end]);
    let mut above = above.skip_while(|path| !is_taken(world, host, path));
    let Some(nearest) = above.next().filter(|path| world.exposed_as(host, path).is_none()) else {
        return false;
    };
    let volume = world.volume(host, nearest).and_then(|volume| world.host(host).mounts().volume(volume));
    volume.is_some_and(|volume| !volume.is_read_only())
}

fn is_shared(world: &World, host: usize, name: &str) -> bool {
    if is_administrative(world, host, name) {
        return true;
    }
    let path = format!(r"\\{}\{name}", world.hosts[host].name);
    world.shares.iter().any(|share| share.is_at(&path))
        || world.exposed_as(host, &path).is_some()
        || world.left_as(host, &path).is_some()
}

/// Windows itself shares its folder, its pipes, and each drive of the host (inferred: to the page they are names in use).
fn is_administrative(world: &World, host: usize, name: &str) -> bool {
    let Some(bare) = name.strip_suffix('$') else { return false };
    let is_drive = bare.len() == 1 && world.volume(host, &format!("{bare}:")).is_some();
    is_drive || ["admin", "ipc"].iter().any(|own| own.eq_ignore_ascii_case(bare))
}

/// A name that VSS makes up: how is on no page.
fn chosen(world: &World, host: usize, copy: &Snapshot) -> Text {
    let numbers = copy.device_number.unwrap_or_default()..;
    let mut names = numbers.map(|number| format!("ShadowCopy{number}"));
    names.find(|name| !is_shared(world, host, name)).unwrap_or_default().into()
}

pub(super) fn unexpose(session: &Session, world: &World, id: SnapshotId) -> Verdict {
    if id.is_null() {
        return Err(NO_ID);
    }
    super::idle_backup_only(session.state)?; // G12, X7, F1
    super::service::reach(world, session.host)?;
    let copy = world.snapshots.visible(id, session.host).ok_or(UNKNOWN_COPY)?;
    if copy.exposure.is_none() {
        return Err(Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, "not-exposed"));
    }
    Ok(Change::Expose { copy: id, exposure: None }) // X8
}
