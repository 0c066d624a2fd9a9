//! Names of volumes as arguments.

use crate::api::{HResult, VolumeGuid};
use crate::service::Refusal;
use crate::service::world::World;
use crate::service::world::originals::{self, Unnamed};

/// The name, if it is a drive letter, a mounted folder or a volume GUID path with a backslash at the end. What a NULL pointer
/// is refused with differs from page to page.
pub(super) fn given(name: Option<&str>, null: Refusal) -> Result<&str, Refusal> {
    let name = name.ok_or(null)?;
    let reason = match originals::check_volume_form(name) {
        Err(Unnamed::NoBackslash) => "no-trailing-backslash",
        Err(_) => "bad-volume-name",
        Ok(()) => return Ok(name),
    };
    Err(Refusal::documented(HResult::E_INVALIDARG, reason))
}

/// The volume that a caller of `IsVolumeSnapshotted` names: by a drive letter, a mounted folder or its GUID path, with a
/// backslash at the end.
pub(in crate::service) fn volume_to_ask_about(
    world: &World,
    host: usize,
    name: Option<&str>,
) -> Result<VolumeGuid, Refusal> {
    let name = given(name, Refusal::bad_parameter("pwszVolumeName is NULL"))?;
    super::service::reach(world, host)?;
    world.volume(host, name).ok_or(Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, "no-such-volume"))
}
