//! What is done to shadow copies that exist: DeleteSnapshots, ExposeSnapshot, UnexposeSnapshot: rules G9, G12, X6 to X9, X14.

use crate::api::{
    Guid, HResult, ObjectType, SnapshotId, SnapshotSetId, Text, VolumeSnapshotAttributes as Attributes,
};
use crate::lab::{ExposedAgain, Os};
use crate::service::change::{Change, Verdict};
use crate::service::exposure::Exposure;
use crate::service::session::Session;
use crate::service::snapshots::Snapshot;
use crate::service::world::World;
use crate::service::{Refusal, State};
use crate::storage::VolumeName;

const INVALID: Refusal = Refusal::documented(HResult::E_INVALIDARG, "bad-parameter");
const UNKNOWN_COPY: Refusal = Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, "no-such-snapshot");

/// The longest name of a share.
const SHARE_NAME_MAX: usize = 80;

/// Any copy that the host sees can be deleted by any backup object, also one that would go with another object.
pub(super) fn delete(session: &Session, world: &World, id: Guid, kind: ObjectType, force: bool) -> Verdict {
    if ![ObjectType::SNAPSHOT, ObjectType::SNAPSHOT_SET].contains(&kind) {
        return Err(Refusal::documented(HResult::E_INVALIDARG, "bad-object-type"));
    }
    if id.is_nil() {
        return Err(INVALID);
    }
    match session.state {
        State::Created => {
            return Err(Refusal::inferred(HResult::VSS_E_BAD_STATE, "the object was never initialised (G9)"));
        }
        state if state.is_restore() => {
            return Err(Refusal::inferred(HResult::VSS_E_BAD_STATE, "the object serves a restore (X14)"));
        }
        state if state.is_pending() => return Err(Refusal::PENDING),
        _ => {}
    }
    let asked_for = |copy: &&Snapshot| match kind {
        ObjectType::SNAPSHOT => copy.description.snapshot_id == SnapshotId(id),
        _ => copy.set == SnapshotSetId(id),
    };
    let found = world.snapshots.visible_on(session.host).filter(asked_for);
    let copies: Vec<SnapshotId> = found.map(|copy| copy.description.snapshot_id).collect();
    if copies.is_empty() {
        return Err(Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, "no-such-object"));
    }
    Ok(Change::Delete { copies, force }) // X9
}

/// What a caller wants a copy to be known by.
#[derive(Clone, Debug)]
enum Wanted {
    /// A drive letter with its colon.
    Letter(Text),
    /// A folder below a drive letter, without a backslash at the end.
    Folder(Text),
    /// A share; without a name VSS chooses one.
    Share { name: Option<Text>, path: Option<Text> },
}

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
        return Err(INVALID);
    }
    let wanted = wanted(path, attributes, name)?;
    super::idle_backup_only(session.state)?; // G12, X7, F1
    let copy = world.snapshots.visible(id, session.host).ok_or(UNKNOWN_COPY)?;
    may_be_exposed(world, copy, &wanted)?;
    let exposure = placed(world, session.host, copy, wanted)?;
    Ok(Change::Expose { copy: id, exposure: Some(exposure) }) // X6
}

fn wanted(path: Option<&str>, attributes: Attributes, name: Option<&str>) -> Result<Wanted, Refusal> {
    let invalid = |reason| Err(Refusal::documented(HResult::E_INVALIDARG, reason));
    match attributes {
        Attributes::EXPOSED_LOCALLY if path.is_some() => invalid("local-with-path"),
        // Nothing says that VSS chooses a drive letter.
        Attributes::EXPOSED_LOCALLY => local(name.ok_or(INVALID)?),
        Attributes::EXPOSED_REMOTELY => Ok(Wanted::Share {
            path: path.map(shared_path).transpose()?.flatten(),
            name: name.map(share_name).transpose()?,
        }),
        _ => invalid("bad-attributes"),
    }
}

/// `X:`, or a folder below a drive letter.
fn local(name: &str) -> Result<Wanted, Refusal> {
    let begins_with_letter = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let bare = name.strip_suffix('\\').unwrap_or(name);
    match VolumeName::parse(name) {
        Some(VolumeName::Path { .. }) if begins_with_letter && name.len() == 2 => {
            Ok(Wanted::Letter(name.to_ascii_uppercase().into()))
        }
        Some(VolumeName::Path { .. }) if begins_with_letter && bare.len() > 2 => {
            Ok(Wanted::Folder(bare.into()))
        }
        _ => Err(INVALID),
    }
}

fn share_name(name: &str) -> Result<Text, Refusal> {
    const FORBIDDEN: &[char] = &['"', '/', '\\', '[', ']', ':', '|', '<', '>', '+', '=', ';', ',', '*', '?'];
    let fits = !name.trim().is_empty() && name.chars().count() <= SHARE_NAME_MAX;
    let clean = !name.contains(FORBIDDEN) && !name.contains(char::is_control);
    if fits && clean { Ok(name.into()) } else { Err(INVALID) }
}

/// The part of a volume that a share shows. A backslash at the end makes no difference; the root is all of it.
fn shared_path(path: &str) -> Result<Option<Text>, Refusal> {
    let invalid = |reason| Err(Refusal::documented(HResult::E_INVALIDARG, reason));
    let variable = path.split_once('%').and_then(|(_, rest)| rest.split_once('%'));
    if variable.is_some_and(|(name, _)| !name.is_empty()) {
        return invalid("path-env-variable");
    }
    if path.contains(['*', '?']) {
        return invalid("path-wildcards");
    }
    let bare = path.strip_suffix('\\').unwrap_or(path);
    let folders = bare.strip_prefix('\\').unwrap_or(bare);
    let is_folder = |name: &str| {
        !name.is_empty() && name != ".." && name != "." && !name.contains(['/', ':', '"', '<', '>', '|'])
    };
    match folders {
        "" => Ok(None),
        folders if folders.split('\\').all(is_folder) => Ok(Some(bare.into())),
        _ => Err(INVALID),
    }
}

/// The pages say which copies cannot be exposed, but print no code for it.
fn may_be_exposed(world: &World, copy: &Snapshot, wanted: &Wanted) -> Result<(), Refusal> {
    let attributes = copy.description.snapshot_attributes;
    let invalid = |why| Err(Refusal::inferred(HResult::E_INVALIDARG, why));
    if attributes.contains(Attributes::CLIENT_ACCESSIBLE) {
        return invalid("client-accessible copies are not exposed; the pages print no code (X6)");
    }
    if copy.device_number.is_none() {
        // A set for transport comes up when it is imported, and can be exposed after that.
        return Err(Refusal::OUT_OF_SEQUENCE);
    }
    let local = !matches!(wanted, Wanted::Share { .. });
    if local && !attributes.contains(Attributes::PERSISTENT) {
        return invalid("only persistent copies are exposed locally; the pages print no code (X6)");
    }
    if copy.exposure.is_some() && world.readings.exposed_again == ExposedAgain::Refused {
        return invalid("a copy has one exposed name; the page does not tell of a second (X6)");
    }
    Ok(())
}

/// The name must be free: nobody else's letter, folder or share.
fn placed(world: &World, host: usize, copy: &Snapshot, wanted: Wanted) -> Result<Exposure, Refusal> {
    match wanted {
        Wanted::Letter(letter) if !is_taken(world, host, &letter) => Ok(Exposure::Local(letter)),
        Wanted::Folder(folder) if !is_taken(world, host, &folder) && has_drive(world, host, &folder) => {
            Ok(Exposure::Local(folder))
        }
        Wanted::Share { name: Some(name), path } if !is_shared(world, host, &name) => {
            Ok(Exposure::Share { name, path })
        }
        Wanted::Share { name: None, path } => Ok(Exposure::Share { name: chosen(world, host, copy), path }),
        _ => Err(INVALID),
    }
}

fn is_taken(world: &World, host: usize, name: &str) -> bool {
    world.host(host).mounts().is_mount_point(name) || world.exposed_as(host, name).is_some()
}

/// A folder lies on a volume that can be written: shadow copies cannot.
fn has_drive(world: &World, host: usize, folder: &str) -> bool {
    folder.get(..2).is_some_and(|drive| world.volume(host, drive).is_some())
}

fn is_shared(world: &World, host: usize, name: &str) -> bool {
    let path = format!(r"\\{}\{name}", world.hosts[host].name).to_lowercase();
    world.shares.iter().any(|share| share.path.to_lowercase() == path)
        || world.shared_copy(host, name).is_some()
}

/// A name that VSS makes up: how is on no page.
fn chosen(world: &World, host: usize, copy: &Snapshot) -> Text {
    let numbers = copy.device_number.unwrap_or_default()..;
    let mut names = numbers.map(|number| format!("ShadowCopy{number}"));
    names.find(|name| !is_shared(world, host, name)).unwrap_or_default().into()
}

pub(super) fn unexpose(session: &Session, world: &World, id: SnapshotId) -> Verdict {
    if id.is_null() {
        return Err(INVALID);
    }
    super::idle_backup_only(session.state)?; // G12, X7, F1
    let copy = world.snapshots.visible(id, session.host).ok_or(UNKNOWN_COPY)?;
    if copy.exposure.is_none() {
        return Err(Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, "not-exposed"));
    }
    Ok(Change::Expose { copy: id, exposure: None }) // X8
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("x:", Some("X:"))]
    #[case(r"X:\", None)]
    #[case("X", None)]
    #[case("1:", None)]
    #[case("XY:", None)]
    #[case("é:", None)]
    #[case(r"Y:\MountX", Some(r"Y:\MountX"))]
    #[case(r"Y:\a\b\", Some(r"Y:\a\b"))]
    #[case(r"Y:a", None)]
    #[case(r"Y:\a*", None)]
    #[case(r"\\?\X:", None)]
    #[case(r"\\SRV\data", None)]
    #[case("", None)]
    fn local_names(#[case] name: &str, #[case] means: Option<&str>) {
        let came = local(name).ok().map(|wanted| match wanted {
            Wanted::Letter(name) | Wanted::Folder(name) => name,
            Wanted::Share { .. } => panic!("a share"),
        });
        assert_eq!(came.as_deref(), means);
    }

    #[rstest]
    #[case("", Ok(None))]
    #[case("\\", Ok(None))]
    #[case(r"\data\", Ok(Some(r"\data")))]
    #[case(r"data\100%", Ok(Some(r"data\100%")))]
    #[case(r"%TEMP%\x", Err("path-env-variable"))]
    #[case(r"\a\*.txt", Err("path-wildcards"))]
    #[case(r"\a\\b", Err("bad-parameter"))]
    #[case(r"..\b", Err("bad-parameter"))]
    #[case(r"C:\b", Err("bad-parameter"))]
    fn shared_paths(#[case] path: &str, #[case] means: Result<Option<&str>, &'static str>) {
        let came = shared_path(path);
        let means = means.map_err(|reason| Refusal::documented(HResult::E_INVALIDARG, reason));
        assert_eq!(came.as_ref().map(|path| path.as_deref()).map_err(|refusal| *refusal), means);
    }
}
