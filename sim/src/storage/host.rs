//! A host: which LUNs it sees, which of them are online, and its volumes.

#[cfg(test)]
mod tests;

use super::disk::{Disk, DiskNumber, DiskState, OfflineReason};
use super::few::Few;
use super::file_system::FileSystem;
use super::identity::DiskSignature;
use super::lun::{Lun, LunId};
use super::mount::{Arriving, MountManager, Volume, VolumeExtent, VolumeKey};
use super::partition_table::{Partition, PartitionTable};
use crate::map::IndexMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// A host's number in its [`Storage`](super::Storage).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostId(pub u32);

/// What a host does with a disk that it has just found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SanPolicy {
    /// All disks come online.
    #[default]
    OnlineAll,
    /// LUNs of arrays stay offline, disks inside of the host come online.
    OfflineShared,
    /// Disks inside of the host stay offline, LUNs of arrays come online.
    OfflineInternal,
    /// All disks stay offline.
    OfflineAll,
}

impl SanPolicy {
    fn leaves_offline(self, internal: bool) -> bool {
        match self {
            SanPolicy::OnlineAll => false,
            SanPolicy::OfflineShared => !internal,
            SanPolicy::OfflineInternal => internal,
            SanPolicy::OfflineAll => true,
        }
    }
}

/// A volume of dynamic disks, present while all of its disks are online. A copy of the disks under other signatures
/// is foreign, and has no volumes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DynamicVolume {
    /// The GUID in its name.
    pub name: Uuid,
    /// What it is formatted with.
    pub file_system: FileSystem,
    /// Its pieces in order: the disk's signature, the first byte, the length in bytes.
    pub extents: Vec<(DiskSignature, u64, u64)>,
}

/// A machine that sees disks.
#[derive(Clone, Debug)]
pub struct Host {
    pub(super) name: Arc<str>,
    /// What it does with disks that it finds.
    pub san_policy: SanPolicy,
    /// By number; a disk that has left makes a hole for the next.
    pub(super) disks: Vec<Option<Disk>>,
    vacant: BTreeSet<u32>,
    by_lun: IndexMap<LunId, DiskNumber>,
    /// The online disk of each signature.
    online: IndexMap<DiskSignature, DiskNumber>,
    /// What the next rescan looks at.
    pub(super) pending: BTreeSet<LunId>,
    pub(super) mounts: MountManager,
    dynamic: BTreeMap<Uuid, DynamicVolume>,
    /// In the order in which the host was told of them, which is how a disk lists them whenever it comes back.
    dynamic_on: BTreeMap<DiskSignature, Vec<Uuid>>,
}

impl Host {
    pub(super) fn new(name: &str, san_policy: SanPolicy) -> Host {
        Host {
            name: name.into(),
            san_policy,
            disks: Vec::new(),
            vacant: BTreeSet::new(),
            by_lun: IndexMap::default(),
            online: IndexMap::default(),
            pending: BTreeSet::new(),
            mounts: MountManager::default(),
            dynamic: BTreeMap::new(),
            dynamic_on: BTreeMap::new(),
        }
    }

    /// The name, unique in the storage.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The disk of that number.
    #[must_use]
    pub fn disk(&self, number: DiskNumber) -> Option<&Disk> {
        self.disks.get(number.0 as usize).and_then(Option::as_ref)
    }

    /// The disk of that number, to be locked or held.
    pub fn disk_mut(&mut self, number: DiskNumber) -> Option<&mut Disk> {
        self.disks.get_mut(number.0 as usize).and_then(Option::as_mut)
    }

    /// All disks, by number.
    pub fn disks(&self) -> impl Iterator<Item = (DiskNumber, &Disk)> + '_ {
        self.disks.iter().zip(0..).filter_map(|(disk, number)| Some((DiskNumber(number), disk.as_ref()?)))
    }

    /// Closes every handle on every disk: a restart ends whoever had one.
    pub(super) fn close_all_handles(&mut self) {
        self.disks.iter_mut().flatten().for_each(Disk::close_all);
    }

    /// The disk that a LUN is, as of the last rescan.
    #[must_use]
    pub fn disk_of(&self, lun: LunId) -> Option<DiskNumber> {
        self.by_lun.get(&lun).copied()
    }

    /// The online disk of that signature.
    #[must_use]
    pub fn online_disk(&self, signature: DiskSignature) -> Option<DiskNumber> {
        self.online.get(&signature).copied()
    }

    /// The volumes, by their names.
    #[must_use]
    pub fn mounts(&self) -> &MountManager {
        &self.mounts
    }

    /// The volumes, to give them mount points.
    pub fn mounts_mut(&mut self) -> &mut MountManager {
        &mut self.mounts
    }

    /// The names of the volumes on a LUN; none if it is offline or not seen.
    #[must_use]
    pub fn volumes_of(&self, lun: LunId) -> &[Uuid] {
        self.disk_of(lun).and_then(|number| self.disk(number)).map_or(&[], Disk::volumes)
    }

    /// The LUNs that a volume lies on, each once; none while it is away.
    #[must_use]
    pub fn luns_of(&self, volume: Uuid) -> Vec<LunId> {
        let mut luns = Vec::new();
        for extent in self.mounts.volume(volume).into_iter().flat_map(Volume::extents) {
            luns.extend(self.disk(extent.disk).map(|disk| disk.lun).filter(|lun| !luns.contains(lun)));
        }
        luns
    }

    /// Whether a rescan would find anything to look at.
    #[must_use]
    pub fn needs_rescan(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Takes in a new disk under the lowest free number.
    pub(super) fn attach(&mut self, id: LunId, lun: &Lun, fresh: &mut dyn FnMut() -> Uuid) -> DiskNumber {
        let number = DiskNumber(self.vacant.pop_first().unwrap_or(self.disks.len() as u32));
        if number.0 as usize == self.disks.len() {
            self.disks.push(None);
        }
        let stays_offline = self.san_policy.leaves_offline(lun.array().is_none());
        let disk = Disk::new(
            id,
            if stays_offline { DiskState::Offline(OfflineReason::Policy) } else { DiskState::Online },
        );
        self.disks[number.0 as usize] = Some(disk);
        self.by_lun.insert(id, number);
        self.read_table(number, lun, fresh);
        number
    }

    /// Forgets a disk that is no longer seen.
    pub(super) fn detach(&mut self, number: DiskNumber) {
        self.close_volumes(number);
        if let Some(disk) = self.disks.get_mut(number.0 as usize).and_then(Option::take) {
            self.by_lun.swap_remove(&disk.lun);
            self.vacant.insert(number.0);
        }
    }

    /// Reads a disk's table anew: its signature and, if it is to be online and may be, its volumes.
    pub(super) fn read_table(&mut self, number: DiskNumber, lun: &Lun, fresh: &mut dyn FnMut() -> Uuid) {
        self.close_volumes(number);
        let table = lun.table().ok();
        // Zero is what an MBR without a signature holds.
        let signature =
            table.as_ref().map(|table| table.signature).filter(|&one| one != DiskSignature::Mbr(0));
        let taken = signature.is_some_and(|signature| self.online.contains_key(&signature));
        let Some(disk) = self.disk_mut(number) else { return };
        disk.signature = signature;
        disk.dynamic = table.as_ref().is_some_and(PartitionTable::is_dynamic);
        if !disk.is_online() {
            return;
        }
        if taken {
            disk.state = DiskState::Offline(OfflineReason::Collision);
            return;
        }
        if let Some(signature) = signature {
            self.online.insert(signature, number);
        }
        for partition in table.iter().flat_map(PartitionTable::volumes) {
            let &Partition { start, length, attributes, unique_id, .. } = partition;
            let key = match (unique_id, signature) {
                (Some(id), _) => VolumeKey::Gpt(id),
                (None, Some(DiskSignature::Mbr(signature))) => VolumeKey::Mbr { signature, start },
                // Without a signature there is nothing to know the volume by.
                (None, _) => continue,
            };
            let extents = Few::One(VolumeExtent { disk: number, start, length });
            let file_system = lun.file_system_of(partition);
            self.open_volume(Arriving { key, extents, file_system, attributes }, fresh);
        }
        for name in
            signature.and_then(|signature| self.dynamic_on.get(&signature)).cloned().unwrap_or_default()
        {
            self.open_dynamic(name, fresh);
        }
    }

    /// Adds a volume of dynamic disks, present at once if its disks are online.
    pub(super) fn add_dynamic(&mut self, volume: DynamicVolume, fresh: &mut dyn FnMut() -> Uuid) {
        let name = volume.name;
        for (signature, ..) in &volume.extents {
            let of_disk = self.dynamic_on.entry(*signature).or_default();
            if !of_disk.contains(&name) {
                of_disk.push(name);
            }
        }
        self.dynamic.insert(name, volume);
        self.open_dynamic(name, fresh);
    }

    fn open_dynamic(&mut self, name: Uuid, fresh: &mut dyn FnMut() -> Uuid) {
        let Some(volume) = self.dynamic.get(&name) else { return };
        let placed = volume.extents.iter().map(|&(signature, start, length)| {
            let disk = self.online_disk(signature)?;
            self.disk(disk)?.is_dynamic().then_some(VolumeExtent { disk, start, length })
        });
        let Some(extents) = placed.collect::<Option<Few<_>>>() else { return };
        let (key, file_system) = (VolumeKey::Dynamic(name), volume.file_system);
        self.open_volume(Arriving { key, extents, file_system, attributes: 0 }, fresh);
    }

    fn open_volume(&mut self, arriving: Arriving, fresh: &mut dyn FnMut() -> Uuid) {
        let extents = arriving.extents.clone();
        let name = self.mounts.arrive(arriving, fresh);
        for extent in extents.as_slice() {
            if let Some(disk) = self.disk_mut(extent.disk) {
                disk.volumes.insert(name);
            }
        }
    }

    /// Takes away the volumes of a disk, and those that it shares with others.
    pub(super) fn close_volumes(&mut self, number: DiskNumber) {
        let Some(disk) = self.disk_mut(number) else { return };
        let (volumes, signature) = (std::mem::take(&mut disk.volumes), disk.signature);
        if let Some(signature) = signature
            && self.online.get(&signature) == Some(&number)
        {
            self.online.swap_remove(&signature);
        }
        for name in volumes {
            let extents = self.mounts.volume(name).map(|volume| volume.extents.clone()).unwrap_or_default();
            for extent in extents.as_slice() {
                if let Some(other) = self.disk_mut(extent.disk) {
                    other.volumes.remove(&name);
                }
            }
            self.mounts.depart(name);
        }
    }

    pub(super) fn set_state(&mut self, number: DiskNumber, state: DiskState) {
        if state != DiskState::Online {
            self.close_volumes(number);
        }
        if let Some(disk) = self.disk_mut(number) {
            disk.state = state;
        }
    }
}
