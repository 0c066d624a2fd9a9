//! What lies behind a name that somebody on a host uses: a volume, a shadow copy, or what a broken copy has left.
//!
//! Device objects are a host's own. A UNC path leads to the same share from every host.

use crate::api::{Text, Unavailable, VolumeGuid};
use crate::provider::is_share;
use crate::storage::{FrozenVolume, LunId, VolumeExtent};

use super::exposure::Exposure;
use super::snapshots::{Link, Snapshot};
use crate::service::world::World;

/// What a name leads to.
#[derive(Clone, Copy, Debug)]
pub(in crate::service) enum Device<'w> {
    /// A volume of the host.
    Volume(VolumeGuid),
    /// A shadow copy on LUNs of its own, or what has been one, under the share that still shows it read-only.
    Copy(OnLuns<'w>),
    /// A shadow copy that a software provider shows.
    Kept(&'w FrozenVolume),
    /// What was a shadow copy on LUNs until it was broken: an ordinary volume, known by the copy's device object still (O53).
    Link(OnLuns<'w>),
}

/// Where the volume of a shadow copy lies.
#[derive(Clone, Copy, Debug)]
pub(in crate::service) struct OnLuns<'w> {
    pub(in crate::service) luns: &'w [LunId],
    /// On each of them, in bytes.
    pub(in crate::service) extents: &'w [VolumeExtent],
}

/// The root of a copy by its number, without a trailing backslash.
pub(in crate::service) fn device_object(number: u32) -> Text {
    format!(r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy{number}").into()
}

/// What that name leads to on a host: a device object, a name under which a copy is exposed, or any name of a volume.
pub(in crate::service) fn find<'w>(
    world: &'w World,
    host: usize,
    name: &str,
) -> Result<Device<'w>, Unavailable> {
    let device = name.trim_end_matches('\\');
    if let Some(copy) = world.exposed_as(host, name) {
        // What a broken copy has left under its share ends with a restart, and so does not meet this.
        if is_share(device) && !world.serves_files(copy.host) {
            return Err(not_reached(device));
        }
        return of_copy(world, copy, name);
    }
    if world.shares.iter().any(|share| !share.offered && share.has_copy_at(device)) {
        return Err(not_reached(device));
    }
    let is_it = |number: u32| device_object(number).eq_ignore_ascii_case(device);
    let is_copy = |copy: &&Snapshot| match copy.device_number {
        Some(number) => copy.host == host && is_it(number),
        None => {
            is_share(device) && copy.device_object().is_some_and(|path| path.eq_ignore_ascii_case(device))
        }
    };
    if let Some(copy) = world.snapshots.iter().find(is_copy) {
        return of_copy(world, copy, name);
    }
    // A provider that was called past VSS has copies that VSS does not know.
    if let Some(frozen) = kept(world, |of| of == host || is_share(device), device) {
        return Ok(Device::Kept(frozen));
    }
    let is_link = |link: &&Link| link.host == host && is_it(link.device_number);
    if let Some(link) = world.snapshots.links().iter().find(is_link) {
        return Ok(Device::Link(present(world, host, link.place(), name)?));
    }
    if let Some(volume) = world.volume(host, name) {
        return Ok(Device::Volume(volume));
    }
    let link = world.left_as(host, name);
    let link = link.ok_or_else(|| {
        Unavailable::because(format!("there is no volume `{name}` on {}", world.hosts[host].name))
    })?;
    let place = present(world, link.host, link.place(), name)?;
    // Whatever has become of the volume, shares of copies are read-only.
    let shared = matches!(link.exposure(), Some(Exposure::Share { .. }));
    Ok(if shared { Device::Copy(place) } else { Device::Link(place) })
}

fn not_reached(device: &str) -> Unavailable {
    Unavailable::because(format!("the file server of `{device}` cannot be reached"))
}

fn of_copy<'w>(world: &'w World, copy: &'w Snapshot, name: &str) -> Result<Device<'w>, Unavailable> {
    let place = copy.place();
    if !place.luns.is_empty() {
        return Ok(Device::Copy(present(world, copy.host, place, name)?));
    }
    let device = copy.device_object().unwrap_or_default();
    let frozen = kept(world, |host| host == copy.host, &device);
    frozen.map(Device::Kept).ok_or_else(|| Unavailable::because(format!("nobody shows `{device}` any more")))
}

/// What a software provider shows under a device object or UNC path on those hosts.
fn kept<'w>(world: &'w World, on: impl Fn(usize) -> bool, device: &str) -> Option<&'w FrozenVolume> {
    let processes = world.software.iter().flat_map(|registered| registered.on_host.iter().enumerate());
    let mut processes = processes.filter(|(host, _)| on(*host));
    processes.find_map(|(_, provider)| provider.shows(device))
}

/// A name leads nowhere once the host does not see the disks any more.
fn present<'w>(world: &World, host: usize, place: OnLuns<'w>, name: &str) -> Result<OnLuns<'w>, Unavailable> {
    if place.luns.iter().any(|lun| world.disk_of(host, *lun).is_none()) {
        return Err(Unavailable::because(format!("the disks behind `{name}` are not there")));
    }
    Ok(place)
}

impl Device<'_> {
    /// The LUNs under it, each once; none under a copy that a software provider shows.
    pub(in crate::service) fn luns(self, world: &World, host: usize) -> Vec<LunId> {
        match self {
            Self::Volume(volume) => world.luns_of(host, volume),
            Self::Copy(place) | Self::Link(place) => place.luns.to_vec(),
            Self::Kept(_) => Vec::new(),
        }
    }

    /// The volume of the host that it is; `None`: a shadow copy is none.
    pub(in crate::service) fn volume(self, world: &World, host: usize) -> Option<VolumeGuid> {
        match self {
            Self::Volume(volume) => Some(volume),
            Self::Link(place) => world.volume_at(host, *place.luns.first()?, place.extents.first()?.start),
            Self::Copy(_) | Self::Kept(_) => None,
        }
    }
}
