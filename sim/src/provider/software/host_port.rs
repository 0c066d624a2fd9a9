//! The simulated host behind a [`VolumePort`].

use super::{Place, Source, StoreError, VirtualDisks, VolumePort};
use crate::api::{EventLog, HResult, ProviderId, SnapshotId, Text};
use crate::lab::{Clock, Events, Os};
use crate::provider::{ArrayError, Notes};
use crate::storage::{FrozenVolume, Host, HostId, Storage, Volume, volume_guid_path};

/// A host of one software provider, for the length of one call.
pub(crate) struct HostPort<'w> {
    pub(crate) storage: &'w mut Storage,
    pub(crate) events: &'w mut Events,
    pub(crate) clock: Clock,
    /// The host on which VSS calls.
    pub(crate) host: HostId,
    pub(crate) os: Os,
    /// Its name.
    pub(crate) machine: &'w Text,
    /// The registry's `MaxShadowCopies`.
    pub(crate) max_shadow_copies: u32,
    pub(crate) privileged: bool,
    /// The provider.
    pub(crate) id: ProviderId,
    /// The provider's name, as the source of its events.
    pub(crate) name: &'w str,
    pub(crate) shares: &'w [Share],
    pub(crate) virtual_disks: &'w VirtualDisks,
    /// Names the device of a copy.
    pub(crate) device: &'w mut dyn FnMut(SnapshotId) -> Text,
    /// What the store answers to whatever it is asked in this call.
    pub(crate) trouble: Option<ArrayError>,
    pub(crate) notes: Notes,
}

/// A file share of the lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    /// Its UNC path.
    pub(crate) path: Text,
    /// The host that shares, and its name.
    pub(crate) host: HostId,
    pub(crate) machine: Text,
    /// A name of the volume on that host.
    pub(crate) volume: Text,
    /// Whether every node of a cluster offers it at the same time.
    pub(crate) scale_out: bool,
    /// Whether its server can be reached: one that is started into WinPE or Safe mode offers nothing.
    pub(crate) offered: bool,
}

impl Share {
    /// Whether that path, with or without a backslash at the end, is its own. Case does not matter in names of Windows.
    pub(crate) fn is_at(&self, path: &str) -> bool {
        self.path.to_lowercase() == path.trim_end_matches('\\').to_lowercase()
    }

    /// Whether copies of it are seen under such a path: its own, with a tag.
    pub(crate) fn has_copy_at(&self, path: &str) -> bool {
        path.split_once('@').is_some_and(|(share, _)| self.is_at(share))
    }
}

/// The present volume of that name, in any form. The volumes of shadow copies are hidden: they have device objects only.
pub(crate) fn visible_volume<'h>(host: &'h Host, name: &str) -> Option<&'h Volume> {
    let found = host.mounts().find(name)?.volume;
    host.mounts().volume(found).filter(|volume| !volume.is_held_back())
}

impl HostPort<'_> {
    fn source(&self, host: HostId, volume: &Volume, name: Text, machine: &Text) -> Source {
        Source {
            place: Place { host, volume: volume.name() },
            name,
            machine: machine.clone(),
            file_system: volume.file_system(),
            vhd_depth: self.virtual_disks.depth(volume.name()),
        }
    }
}

impl VolumePort for HostPort<'_> {
    fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }

    fn filetime(&self) -> i64 {
        self.clock.filetime()
    }

    fn os(&self) -> Os {
        self.os
    }

    fn machine(&self) -> Text {
        self.machine.clone()
    }

    fn provider_id(&self) -> ProviderId {
        self.id
    }

    fn max_shadow_copies(&self) -> u32 {
        self.max_shadow_copies
    }

    fn caller_is_privileged(&self) -> bool {
        self.privileged
    }

    fn check(&mut self) -> Result<(), StoreError> {
        match self.trouble {
            Some(trouble) => {
                self.notes.troubled = true;
                Err(trouble.into())
            }
            None => Ok(()),
        }
    }

    fn find_volume(&self, name: &str) -> Option<Source> {
        let volume = visible_volume(self.storage.host(self.host).ok()?, name)?;
        let name = volume_guid_path(volume.name()).into();
        Some(self.source(self.host, volume, name, self.machine))
    }

    fn find_share(&self, path: &str) -> Option<Source> {
        let share = self.shares.iter().find(|share| share.offered && share.is_at(path))?;
        let volume = visible_volume(self.storage.host(share.host).ok()?, &share.volume)?;
        Some(self.source(share.host, volume, share.path.clone(), &share.machine))
    }

    fn device_object(&mut self, copy: SnapshotId) -> Text {
        (self.device)(copy)
    }

    fn freeze(&mut self, place: Place) -> Result<FrozenVolume, StoreError> {
        self.check()?;
        self.storage.freeze_volume(place.host, place.volume).map_err(|_| StoreError::NoVolume)
    }

    fn restore(&mut self, place: Place, then: &FrozenVolume) -> Result<(), StoreError> {
        self.check()?;
        self.storage.restore_volume(place.host, place.volume, then).map_err(|_| StoreError::NoVolume)
    }

    fn log(&mut self, code: HResult, message: &str) {
        self.notes.logged += 1;
        self.events.push(self.clock, EventLog::Application, self.name, code, message);
    }
}
