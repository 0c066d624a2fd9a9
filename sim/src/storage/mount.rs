//! The mount manager: names of volumes, which outlive the volumes' absence.

use super::disk::DiskNumber;
use super::few::Few;
use super::file_system::FileSystem;
use super::gpt::attribute;
use super::volume_name::VolumeName;
use crate::map::IndexMap;
use std::sync::Arc;
use uuid::Uuid;

/// What Windows recognises a volume by when it comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VolumeKey {
    /// The GUID of a GPT partition, which is the volume's name too.
    Gpt(Uuid),
    /// The disk signature and the partition's first byte; the name is generated once.
    Mbr {
        /// The disk signature.
        signature: u32,
        /// The partition's first byte.
        start: u64,
    },
    /// The GUID of a dynamic volume, which is its name too.
    Dynamic(Uuid),
}

/// A piece of a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VolumeExtent {
    /// The disk that it lies on.
    pub disk: DiskNumber,
    /// Its first byte on the disk.
    pub start: u64,
    /// Its length in bytes.
    pub length: u64,
}

/// A volume that a host sees, or has seen.
#[derive(Clone, Debug)]
pub struct Volume {
    name: Uuid,
    key: VolumeKey,
    pub(super) extents: Few<VolumeExtent>,
    file_system: FileSystem,
    pub(super) attributes: u64,
    mount_points: Few<Arc<str>>,
    surfaced: bool,
}

impl Volume {
    /// The GUID in its name `\\?\Volume{...}\`.
    #[must_use]
    pub fn name(&self) -> Uuid {
        self.name
    }

    /// What it is recognised by.
    #[must_use]
    pub fn key(&self) -> VolumeKey {
        self.key
    }

    /// Where it lies; nowhere while it is away. A simple volume has one extent.
    #[must_use]
    pub fn extents(&self) -> &[VolumeExtent] {
        self.extents.as_slice()
    }

    /// Whether all of its disks are online.
    #[must_use]
    pub fn is_present(&self) -> bool {
        !self.extents().is_empty()
    }

    /// The length in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.extents().iter().map(|extent| extent.length).sum()
    }

    /// What its first sector shows.
    #[must_use]
    pub fn file_system(&self) -> FileSystem {
        self.file_system
    }

    /// Whether it lies on dynamic disks.
    #[must_use]
    pub fn is_dynamic(&self) -> bool {
        matches!(self.key, VolumeKey::Dynamic(_))
    }

    /// Whether its attributes say that it is hidden.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.attributes & attribute::HIDDEN != 0
    }

    /// Whether its attributes say that it is read-only.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.attributes & attribute::READ_ONLY != 0
    }

    /// The attributes, see [`attribute`].
    #[must_use]
    pub fn attributes(&self) -> u64 {
        self.attributes
    }

    /// Whether it is held back as the volume of a shadow copy is, that is, known by no name of its own. One that has
    /// nevertheless been given a mount point is surfaced (exposing-and-surfacing-shadow-copied-volumes).
    #[must_use]
    pub fn is_held_back(&self) -> bool {
        self.is_of_shadow_copy() && !self.surfaced
    }

    fn is_of_shadow_copy(&self) -> bool {
        self.attributes & attribute::SHADOW_COPY != 0
    }

    /// Its mount points as they were given, `D:\` and `C:\mnt\data\`, the oldest first.
    #[must_use]
    pub fn mount_points(&self) -> &[Arc<str>] {
        self.mount_points.as_slice()
    }
}

/// A volume that is about to be seen.
#[derive(Clone, Debug)]
pub(super) struct Arriving {
    pub(super) key: VolumeKey,
    pub(super) extents: Few<VolumeExtent>,
    pub(super) file_system: FileSystem,
    pub(super) attributes: u64,
}

/// Why a mount point was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MountError {
    /// There is no such volume.
    #[error("no volume is named {0}")]
    NoVolume(Uuid),
    /// It is neither a drive letter nor a folder below one.
    #[error("`{0}` is no mount point")]
    Malformed(String),
    /// Another volume, present or away, has it.
    #[error("`{path}` belongs to the volume {by}")]
    Taken {
        /// The mount point.
        path: String,
        /// The volume's name.
        by: Uuid,
    },
}

/// A volume that was found by one of its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundVolume {
    /// The GUID in the volume's name.
    pub volume: Uuid,
    /// Whether the name was given without its trailing backslash.
    pub backslash_missing: bool,
}

/// Volumes by each of their names.
#[derive(Clone, Debug, Default)]
pub struct MountManager {
    volumes: IndexMap<Uuid, Volume>,
    /// Names that were generated for MBR volumes.
    generated: IndexMap<VolumeKey, Uuid>,
    /// Mount points in lower case.
    paths: IndexMap<Box<str>, Uuid>,
}

impl MountManager {
    /// The volume of that name, present or away.
    #[must_use]
    pub fn volume(&self, name: Uuid) -> Option<&Volume> {
        self.volumes.get(&name)
    }

    pub(super) fn volume_mut(&mut self, name: Uuid) -> Option<&mut Volume> {
        self.volumes.get_mut(&name)
    }

    /// The volumes that are present, in an order that depends on nothing but the calls so far.
    pub fn volumes(&self) -> impl Iterator<Item = &Volume> + '_ {
        self.volumes.values().filter(|volume| volume.is_present())
    }

    /// The present volume of that name in any form and case: `\\?\Volume{...}\`, `D:\`, `D:`, `C:\mnt\data`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<FoundVolume> {
        let (volume, backslash_missing) = match VolumeName::parse(name)? {
            VolumeName::Guid { guid, backslash_missing } => (guid, backslash_missing),
            VolumeName::Path { folded, backslash_missing } => (*self.paths.get(&*folded)?, backslash_missing),
        };
        self.volume(volume)?.is_present().then_some(FoundVolume { volume, backslash_missing })
    }

    /// Whether any volume, present or away, has that mount point.
    #[must_use]
    pub fn is_mount_point(&self, path: &str) -> bool {
        matches!(VolumeName::parse(path), Some(VolumeName::Path { folded, .. }) if self.paths.contains_key(&*folded))
    }

    /// Whether the name, in any form and case, is that of a volume whose disk is away.
    #[must_use]
    pub fn is_away(&self, name: &str) -> bool {
        let volume = match VolumeName::parse(name) {
            Some(VolumeName::Guid { guid, .. }) => Some(guid),
            Some(VolumeName::Path { folded, .. }) => self.paths.get(&*folded).copied(),
            None => None,
        };
        volume.and_then(|volume| self.volume(volume)).is_some_and(|volume| !volume.is_present())
    }

    /// Gives a volume one more mount point.
    ///
    /// # Errors
    /// The volume must exist; the path must be one and free.
    pub fn add_mount_point(&mut self, volume: Uuid, path: &str) -> Result<(), MountError> {
        let Some(VolumeName::Path { folded, .. }) = VolumeName::parse(path) else {
            return Err(MountError::Malformed(path.to_owned()));
        };
        if let Some(&by) = self.paths.get(&*folded)
            && by != volume
        {
            return Err(MountError::Taken { path: path.to_owned(), by });
        }
        let found = self.volumes.get_mut(&volume).ok_or(MountError::NoVolume(volume))?;
        if self.paths.insert(folded, volume).is_none() {
            let slash = if path.ends_with('\\') { "" } else { "\\" };
            found.mount_points.push([path, slash].concat().into());
            found.surfaced = found.is_of_shadow_copy();
        }
        Ok(())
    }

    /// Takes a mount point away; tells which volume had it.
    pub fn remove_mount_point(&mut self, path: &str) -> Option<Uuid> {
        let Some(VolumeName::Path { folded, .. }) = VolumeName::parse(path) else { return None };
        let name = self.paths.swap_remove(&*folded)?;
        if let Some(volume) = self.volumes.get_mut(&name) {
            let points = std::mem::take(&mut volume.mount_points).into_iter();
            volume.mount_points = points.filter(|point| VolumeName::fold(point) != folded).collect();
        }
        Some(name)
    }

    /// Makes a volume present; tells the name under which it is.
    pub(super) fn arrive(&mut self, volume: Arriving, fresh: &mut dyn FnMut() -> Uuid) -> Uuid {
        let name = match volume.key {
            VolumeKey::Gpt(id) | VolumeKey::Dynamic(id) => {
                // A copied disk may carry partition GUIDs that another online disk has: the later one is renamed.
                let taken = self.volume(id).is_some_and(Volume::is_present);
                if taken { fresh() } else { id }
            }
            VolumeKey::Mbr { .. } => *self.generated.entry(volume.key).or_insert_with(fresh),
        };
        let Arriving { key, extents, file_system, attributes } = volume;
        let known = self.volumes.entry(name).or_insert_with(|| {
            let (extents, mount_points) = (Few::None, Few::None);
            Volume { name, key, extents, file_system, attributes, mount_points, surfaced: false }
        });
        (known.extents, known.file_system, known.attributes) = (extents, file_system, attributes);
        // Once an ordinary volume comes by that name, a later copy of it does not inherit this.
        known.surfaced &= known.is_of_shadow_copy();
        name
    }

    /// Takes a volume away. Its mount points stay its own.
    pub(super) fn depart(&mut self, name: Uuid) {
        let Some(volume) = self.volumes.get_mut(&name) else { return };
        volume.extents = Few::None;
        // A volume that was renamed for a twin will not be known by that name again.
        let renamed = matches!(volume.key, VolumeKey::Gpt(id) | VolumeKey::Dynamic(id) if id != name);
        if renamed || volume.mount_points().is_empty() {
            let points =
                self.volumes.swap_remove(&name).map(|volume| volume.mount_points).unwrap_or_default();
            for point in points {
                self.paths.swap_remove(&*VolumeName::fold(&point));
            }
        }
    }
}
