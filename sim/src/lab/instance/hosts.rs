//! Hosts that find their disks, name the volumes on them and mount these.

use crate::map::IndexMap;

use super::disks::{DiskPlan, file_system};
use super::ids::Draw;
use super::{Instance, places, refused};
use crate::api::Guid;
use crate::lab::{Lab, LabError, LabPath, Lun, PartitionStyle, Problem, SanPolicy, Volume};
use crate::storage::{self, DynamicVolume, HostId};

impl From<SanPolicy> for storage::SanPolicy {
    fn from(policy: SanPolicy) -> Self {
        match policy {
            SanPolicy::OnlineAll => Self::OnlineAll,
            SanPolicy::OfflineShared => Self::OfflineShared,
            SanPolicy::OfflineInternal => Self::OfflineInternal,
            SanPolicy::OfflineAll => Self::OfflineAll,
        }
    }
}

impl Instance {
    /// Shows every LUN to its hosts. A disk that stays offline has no volumes, and these no mount points.
    pub(super) fn attach(
        &mut self,
        lab: &Lab,
        draw: &Draw,
        disks: &[DiskPlan],
        volumes: &[Guid],
    ) -> Result<(), LabError> {
        let hosts = places(lab.hosts.iter().map(|host| &host.name));
        let mut names = draw.stream("volume name of another host");
        for (index, (lun, plan)) in lab.luns.iter().zip(disks).enumerate() {
            // An MBR volume is named when it is found. The lab's ids are for the first host that finds it; the ones of
            // a GPT disk are in its table.
            let found: &[_] = if lun.style == PartitionStyle::Mbr { &plan.volumes } else { &[] };
            let mut ids = found.iter().map(|(place, _)| volumes[*place]);
            let mut fresh = || ids.next().unwrap_or_else(|| draw.guid(&mut names));
            for host in self.hosts_of(lun, &hosts) {
                self.show(index, lun, host, &mut fresh).map_err(|error| refused("lun", index, &error))?;
            }
        }
        for (place, volume) in lab.volumes.iter().enumerate() {
            self.add_volume(lab, place, volume, &hosts, disks)?;
        }
        Ok(())
    }

    fn hosts_of(&self, lun: &Lun, hosts: &IndexMap<&str, usize>) -> Vec<HostId> {
        match &lun.hosts {
            Some(names) => {
                names.iter().filter_map(|name| hosts.get(&**name)).map(|host| self.hosts[*host]).collect()
            }
            None if lun.is_shared() => self.hosts.clone(),
            None => self.hosts.first().copied().into_iter().collect(),
        }
    }

    fn show(
        &mut self,
        index: usize,
        lun: &Lun,
        host: HostId,
        fresh: &mut dyn FnMut() -> Guid,
    ) -> Result<(), storage::LunError> {
        let id = self.luns[index];
        self.storage.unmask(id, host)?;
        self.storage.rescan(host, fresh)?;
        if let Some(disk) = self.storage.host(host)?.disk_of(id).filter(|_| lun.quorum) {
            // The disk has just been found.
            let _ = self.storage.set_quorum(host, disk, true);
        }
        Ok(())
    }

    /// Tells hosts of a dynamic volume, and mounts any volume that they have online.
    fn add_volume(
        &mut self,
        lab: &Lab,
        place: usize,
        volume: &Volume,
        hosts: &IndexMap<&str, usize>,
        disks: &[DiskPlan],
    ) -> Result<(), LabError> {
        let id = self.volumes[place].id;
        // The storage numbers LUNs in the order in which they are added.
        let luns = self.volumes[place].luns.iter().filter_map(|lun| self.luns.binary_search(lun).ok());
        let luns: Vec<usize> = luns.collect();
        let Some((first, lun)) = luns.first().map(|index| (*index, &lab.luns[*index])) else { return Ok(()) };
        let partition = disks[first].volumes.iter().position(|(other, _)| *other == place);
        for host in self.hosts_of(lun, hosts) {
            let named = if lun.dynamic {
                let volume = dynamic_volume(id, volume, place, &luns, disks);
                self.storage
                    .add_dynamic_volume(host, volume, &mut || id)
                    .map_err(|error| refused("volume", place, &error))?;
                Some(id)
            } else {
                let host = self.storage.host(host).ok();
                let names = host.map_or(&[][..], |host| host.volumes_of(self.luns[first]));
                partition.and_then(|partition| names.get(partition)).copied()
            };
            let Ok(host) = self.storage.host_mut(host) else { continue };
            let Some(named) = named.filter(|name| host.mounts().volume(*name).is_some()) else { continue };
            for (index, path) in volume.mount.iter().enumerate() {
                host.mounts_mut().add_mount_point(named, path).map_err(|error| {
                    let at = LabPath::item("volume", place).key("mount").index(index);
                    LabError::new(vec![Problem::new(format!("it cannot be mounted: {error}"), at, "")])
                })?;
            }
        }
        Ok(())
    }
}

fn dynamic_volume(
    name: Guid,
    volume: &Volume,
    place: usize,
    luns: &[usize],
    disks: &[DiskPlan],
) -> DynamicVolume {
    let extent = |lun: &usize| {
        let plan = &disks[*lun];
        let (_, extent) = plan.volumes.iter().find(|(other, _)| *other == place)?;
        Some((plan.signature?, extent.start, extent.length))
    };
    DynamicVolume {
        name,
        file_system: file_system(&volume.file_system),
        extents: luns.iter().filter_map(extent).collect(),
    }
}
