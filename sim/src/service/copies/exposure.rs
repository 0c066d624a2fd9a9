//! Names under which shadow copies are exposed (exposing-and-surfacing-shadow-copied-volumes).
//!
//! An exposed copy is known by a drive letter, a mounted folder or a share, on the host that sees it. The name lives as
//! long as the copy does, so that of a persistent copy outlives a restart.

use crate::api::{
    ProviderCall, ProviderId, SnapshotId, SnapshotProp, SnapshotPropertyId, Text, Variant,
    VolumeSnapshotAttributes as Attributes,
};
use crate::storage::VolumeName;

use super::snapshots::{Link, Snapshot};
use crate::service::Refusal;
use crate::service::world::World;

/// Where a copy is exposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::service) enum Exposure {
    /// A drive letter with its colon, or a folder; always from the root of the volume.
    Local(Text),
    /// A share by its name, and the part of the volume that it shows; `None`: all of it.
    Share { name: Text, path: Option<Text> },
}

impl Exposure {
    /// `X:`, `Y:\MountX`, or the name of the share.
    pub(in crate::service) fn name(&self) -> &Text {
        match self {
            Self::Local(name) | Self::Share { name, .. } => name,
        }
    }

    pub(in crate::service) fn path(&self) -> Option<&Text> {
        match self {
            Self::Local(_) => None,
            Self::Share { path, .. } => path.as_ref(),
        }
    }

    pub(in crate::service) fn attribute(&self) -> Attributes {
        match self {
            Self::Local(_) => Attributes::EXPOSED_LOCALLY,
            Self::Share { .. } => Attributes::EXPOSED_REMOTELY,
        }
    }
}

impl World {
    /// The copy that a host knows by that drive letter or folder, with or without a backslash at the end, or that anybody
    /// knows by that UNC path of a share.
    pub(in crate::service) fn exposed_as(&self, host: usize, name: &str) -> Option<&Snapshot> {
        let place = self.place_of(host, name)?;
        self.snapshots.visible_on(place.host()).find(|copy| place.has(copy.exposure.as_ref()))
    }

    /// What a broken copy has left under that name.
    pub(in crate::service) fn left_as(&self, host: usize, name: &str) -> Option<&Link> {
        let place = self.place_of(host, name)?;
        let mut links = self.snapshots.links().iter();
        links.find(|link| link.host == place.host() && place.has(link.exposure()))
    }

    fn place_of<'n>(&self, host: usize, name: &'n str) -> Option<Place<'n>> {
        if let Some((machine, share)) = name.strip_prefix(r"\\").and_then(|rest| rest.split_once('\\')) {
            let host = self.hosts.iter().position(|known| known.name.eq_ignore_ascii_case(machine))?;
            return Some(Place::Share { host, name: share.trim_end_matches('\\') });
        }
        folded(name).map(|folded| Place::Local { host, folded })
    }
}

/// Where somebody looks for an exposed copy.
enum Place<'n> {
    Local { host: usize, folded: Box<str> },
    Share { host: usize, name: &'n str },
}

impl Place<'_> {
    fn host(&self) -> usize {
        match self {
            Self::Local { host, .. } | Self::Share { host, .. } => *host,
        }
    }

    fn has(&self, exposure: Option<&Exposure>) -> bool {
        match (self, exposure) {
            (Self::Local { folded: wanted, .. }, Some(Exposure::Local(name))) => {
                folded(name).as_ref() == Some(wanted)
            }
            (Self::Share { name: wanted, .. }, Some(Exposure::Share { name, .. })) => {
                name.to_lowercase() == wanted.to_lowercase()
            }
            _ => false,
        }
    }
}

fn folded(name: &str) -> Option<Box<str>> {
    match VolumeName::parse(name)? {
        VolumeName::Path { folded, .. } => Some(folded),
        VolumeName::Guid { .. } => None,
    }
}

/// Gives a copy a name or takes it away. A software provider is told, and can refuse.
pub(in crate::service) fn set(
    world: &mut World,
    host: usize,
    id: SnapshotId,
    exposure: Option<Exposure>,
) -> Result<(), Refusal> {
    let mut copy = world.snapshots.get(id).cloned().ok_or(Refusal::NO_OBJECT)?;
    let before = copy.properties();
    copy.exposure.clone_from(&exposure);
    if world.is_software(before.provider_id) {
        tell(world, host, &before, &copy.properties())?;
    }
    world.snapshots.expose(id, exposure);
    Ok(())
}

/// Tells a software provider of its copy what has changed, all of it or, if it refuses any, nothing.
fn tell(world: &mut World, host: usize, before: &SnapshotProp, after: &SnapshotProp) -> Result<(), Refusal> {
    for (index, call) in calls(after).into_iter().enumerate() {
        if let Err(refusal) = world.ask_provider(host, after.provider_id, &call) {
            take_back(world, host, after.provider_id, calls(before).into_iter().take(index));
            return Err(refusal);
        }
    }
    Ok(())
}

/// What the provider was told no longer holds; what it answers to that changes nothing any more.
fn take_back(
    world: &mut World,
    host: usize,
    provider: ProviderId,
    calls: impl Iterator<Item = ProviderCall>,
) {
    for call in calls {
        world.call_provider(host, provider, &call);
    }
}

fn calls(properties: &SnapshotProp) -> [ProviderCall; 3] {
    let text = |text: &Option<Text>| text.clone().map_or(Variant::Empty, Variant::Bstr);
    let attributes = Variant::I4(properties.snapshot_attributes.bits().cast_signed());
    let call = |e_snapshot_property_id, v_property| ProviderCall::SoftwareSetSnapshotProperty {
        snapshot_id: properties.snapshot_id,
        e_snapshot_property_id,
        v_property,
    };
    [
        call(SnapshotPropertyId::EXPOSED_NAME, text(&properties.exposed_name)),
        call(SnapshotPropertyId::EXPOSED_PATH, text(&properties.exposed_path)),
        call(SnapshotPropertyId::SNAPSHOT_ATTRIBUTES, attributes),
    ]
}
