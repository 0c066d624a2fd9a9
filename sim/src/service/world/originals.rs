//! What is copied, by the names that requesters give: volumes of their host, and file shares of any.

use crate::api::{Text, VolumeGuid};
use crate::lab::BootMode;
use crate::provider::{Share, is_share, visible_volume};
use crate::storage::VolumeName;

use super::World;
use super::volumes::host_index;

/// What a shadow copy is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::service) enum Original {
    /// A volume of the requester's host.
    Volume(VolumeGuid),
    /// A file share.
    Share(Share),
}

impl Original {
    /// The volume of the requester's host; `None`: it is a share.
    pub(in crate::service) fn volume(&self) -> Option<VolumeGuid> {
        match self {
            Self::Volume(volume) => Some(*volume),
            Self::Share(_) => None,
        }
    }

    /// The file server that shares; `None`: it is a volume.
    pub(in crate::service) fn file_server(&self) -> Option<usize> {
        match self {
            Self::Volume(_) => None,
            Self::Share(share) => Some(host_index(share.host)),
        }
    }

    /// Its name as VSS has it: `\\?\Volume{...}\`, or the UNC path without a trailing backslash.
    pub(in crate::service) fn name(&self) -> Text {
        match self {
            Self::Volume(volume) => World::volume_name(*volume),
            Self::Share(share) => share.path.clone(),
        }
    }
}

/// Why a name leads to nothing that could be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::service) enum Unnamed {
    /// It has none of the forms that volumes and shares are named by.
    Malformed,
    /// Its trailing backslash is missing.
    NoBackslash,
    /// There is no such volume or share.
    Missing,
    /// There is one, but its disk is away, or the file server is not to be reached.
    Away,
}

/// Whether a name has a form that requesters on that host can use. Shares can be copied only by later systems; to the
/// others a UNC name is none.
pub(in crate::service) fn check_form(world: &World, host: usize, name: &str) -> Result<(), Unnamed> {
    let of_share = world.os(host).copies_shares() && is_share(name);
    if of_share {
        return if name.ends_with('\\') { Ok(()) } else { Err(Unnamed::NoBackslash) };
    }
    check_volume_form(name)
}

/// Whether a name has a form that volumes are named by.
pub(in crate::service) fn check_volume_form(name: &str) -> Result<(), Unnamed> {
    match VolumeName::parse(name) {
        Some(name) if name.backslash_missing() => Err(Unnamed::NoBackslash),
        Some(_) => Ok(()),
        None => Err(Unnamed::Malformed),
    }
}

/// The volume or share of that name.
pub(in crate::service) fn find(world: &World, host: usize, name: &str) -> Result<Original, Unnamed> {
    check_form(world, host, name)?;
    let mounts = world.host(host).mounts();
    if !is_share(name) {
        return match world.volume(host, name) {
            Some(volume) => Ok(Original::Volume(volume)),
            None if mounts.is_away(name) => Err(Unnamed::Away),
            None => Err(Unnamed::Missing),
        };
    }
    let share = world.shares.iter().find(|share| share.is_at(name));
    let share = share.ok_or(Unnamed::Missing)?;
    match world.shared_volume(share) {
        Some(_) => Ok(Original::Share(share.clone())),
        None => Err(Unnamed::Away),
    }
}

impl World {
    /// Whether a host offers shares at all. WinPE serves no files, and Safe mode starts no service that it does not list
    /// (inferred).
    pub(in crate::service) fn serves_files(&self, host: usize) -> bool {
        self.mode(host) == BootMode::Normal
    }

    /// Which shares are offered, now that a host was started in some mode. What is scale-out, another node of the cluster
    /// still offers.
    pub(in crate::service) fn offer_shares(&mut self) {
        let up: Vec<bool> = (0..self.hosts.len()).map(|host| self.serves_files(host)).collect();
        let hosts = &self.hosts;
        for share in &mut self.shares {
            let own = host_index(share.host);
            let cluster = hosts[own].cluster.as_ref().filter(|_| share.scale_out);
            let serves =
                |host: &usize| *host == own || cluster.is_some() && hosts[*host].cluster.as_ref() == cluster;
            share.offered = (0..hosts.len()).filter(serves).any(|host| up[host]);
        }
    }

    /// The host that an original is on and its volume; `None`: the share's volume is away.
    pub(in crate::service) fn place_of_original(
        &self,
        host: usize,
        original: &Original,
    ) -> Option<(usize, VolumeGuid)> {
        match original {
            Original::Volume(volume) => Some((host, *volume)),
            Original::Share(share) => Some((host_index(share.host), self.shared_volume(share)?)),
        }
    }

    /// The volume behind a share, on its own host; `None`: it is away.
    pub(in crate::service) fn shared_volume(&self, share: &Share) -> Option<VolumeGuid> {
        if !share.offered {
            return None;
        }
        visible_volume(self.host(host_index(share.host)), &share.volume).map(crate::storage::Volume::name)
    }
}
