//! What the service asks of storage: volumes by name, the disks under them, and LUN information.

use crate::api::{Guid, HResult, LunInformation, Text, VolumeGuid};
use crate::document::{Extent, LunMapping, SnapshotDescription};
use crate::provider::{lun_information, visible_volume};
use crate::storage::{
    Disk, DiskChange, DiskNumber, DiskSignature, Host, HostId, LunId, Volume, VolumeExtent, VolumeKey,
    volume_guid_path,
};

use super::World;
use crate::service::Refusal;

/// What decides what may be done to a disk, and what a copy of it is good for.
#[derive(Clone, Copy, Debug)]
pub(in crate::service) struct DiskFacts {
    pub(in crate::service) dynamic: bool,
    pub(in crate::service) quorum: bool,
    /// A hardware provider manages the LUN.
    pub(in crate::service) managed: bool,
    /// The LUN has a page-0x83 identifier that no other has.
    pub(in crate::service) unique_page83: bool,
}

/// A host's number in storage.
pub(in crate::service) fn host_id(host: usize) -> HostId {
    HostId(u32::try_from(host).unwrap_or(u32::MAX))
}

/// The reverse.
pub(in crate::service) fn host_index(host: HostId) -> usize {
    usize::try_from(host.0).unwrap_or(usize::MAX)
}

impl World {
    /// The host as storage knows it. The lab has set all of them up.
    pub(in crate::service) fn host(&self, host: usize) -> &Host {
        self.storage.host(host_id(host)).unwrap_or_else(|error| unreachable!("{error}"))
    }

    /// The present volume of that name, in any form. The volumes of shadow copies are hidden: a requester knows them by
    /// their device objects only.
    pub(in crate::service) fn volume(&self, host: usize, name: &str) -> Option<VolumeGuid> {
        visible_volume(self.host(host), name).map(Volume::name)
    }

    /// The volume's name: `\\?\Volume{...}\`.
    pub(in crate::service) fn volume_name(volume: VolumeGuid) -> Text {
        volume_guid_path(volume).into()
    }

    /// A LUN's name in the lab, for messages.
    pub(in crate::service) fn lun_name(&self, lun: LunId) -> Text {
        self.storage.lun(lun).map_or_else(|error| error.to_string().into(), |lun| lun.name().clone())
    }

    /// The LUNs under a volume, each once.
    pub(in crate::service) fn luns_of(&self, host: usize, volume: VolumeGuid) -> Vec<LunId> {
        self.host(host).luns_of(volume)
    }

    /// The number of the disk that a LUN is on that host.
    pub(in crate::service) fn disk_of(&self, host: usize, lun: LunId) -> Option<DiskNumber> {
        self.host(host).disk_of(lun)
    }

    /// Where a volume lies on its disks.
    pub(in crate::service) fn extents_of(&self, host: usize, volume: VolumeGuid) -> Vec<VolumeExtent> {
        self.host(host).mounts().volume(volume).map(|volume| volume.extents().to_vec()).unwrap_or_default()
    }

    /// Whether somebody holds a disk of the volume exclusively.
    pub(in crate::service) fn is_locked(&self, host: usize, volume: VolumeGuid) -> bool {
        let (host, now_ms) = (self.host(host), self.clock.now_ms());
        let mut disks = host.luns_of(volume).into_iter().filter_map(|lun| host.disk(host.disk_of(lun)?));
        disks.any(|disk| disk.locked_by(now_ms).is_some())
    }

    /// Whether somebody on any host holds a LUN of the volume exclusively.
    pub(in crate::service) fn is_locked_anywhere(&self, host: usize, volume: VolumeGuid) -> bool {
        let (luns, now_ms) = (self.luns_of(host, volume), self.clock.now_ms());
        let locks = |host: usize, lun: LunId| {
            let disk = self.disk_of(host, lun).and_then(|number| self.host(host).disk(number));
            disk.is_some_and(|disk| disk.locked_by(now_ms).is_some())
        };
        (0..self.hosts.len()).any(|other| luns.iter().any(|lun| locks(other, *lun)))
    }

    /// Whether anybody has the disk of that LUN open, exclusively or not.
    pub(in crate::service) fn is_lun_open(&self, host: usize, lun: LunId) -> bool {
        let (host, now_ms) = (self.host(host), self.clock.now_ms());
        let disk = host.disk_of(lun).and_then(|number| host.disk(number));
        disk.is_some_and(|disk| disk.is_open(now_ms))
    }

    /// Whether anybody has the volume open. Other volumes of the same disk are another matter.
    pub(in crate::service) fn is_volume_open(&self, host: usize, volume: VolumeGuid) -> bool {
        let (host, now_ms) = (self.host(host), self.clock.now_ms());
        let mut disks = host.luns_of(volume).into_iter().filter_map(|lun| host.disk(host.disk_of(lun)?));
        disks.any(|disk| disk.is_volume_open(volume, now_ms))
    }

    /// `\\.\PHYSICALDRIVE3`, as VSS names a LUN to a provider.
    pub(in crate::service) fn device_name(&self, host: usize, lun: LunId) -> Text {
        match self.disk_of(host, lun) {
            Some(disk) => format!(r"\\.\PHYSICALDRIVE{}", disk.0).into(),
            None => "".into(),
        }
    }

    /// The signature of a LUN's disk: the one that the host has found or, where it has found none, what the disk says.
    pub(in crate::service) fn signature(&self, host: usize, lun: LunId) -> Option<DiskSignature> {
        let found =
            self.disk_of(host, lun).and_then(|number| self.host(host).disk(number)).and_then(Disk::signature);
        found.or_else(|| Some(self.storage.lun(lun).ok()?.identity().ok()?.signature))
    }

    /// What VSS builds from a LUN's SCSI pages and the signature on its disk.
    pub(in crate::service) fn information(&self, host: usize, lun: LunId) -> LunInformation {
        LunInformation {
            disk_signature: self.signature(host, lun).map_or(Guid::nil(), signature_to_guid),
            ..lun_information(&self.storage, lun).unwrap_or_default()
        }
    }

    /// What decides about each disk of a volume.
    pub(in crate::service) fn disks_of(&self, host: usize, volume: VolumeGuid) -> Vec<DiskFacts> {
        self.luns_of(host, volume).into_iter().map(|lun| self.disk_facts(host, lun)).collect()
    }

    fn disk_facts(&self, host: usize, lun: LunId) -> DiskFacts {
        let disk = self.disk_of(host, lun).and_then(|number| self.host(host).disk(number));
        let array = self.storage.lun(lun).ok().and_then(crate::storage::Lun::array);
        let manages =
            |array| self.hardware_providers(host).any(|registered| registered.arrays.contains(&array));
        DiskFacts {
            dynamic: disk.is_some_and(Disk::is_dynamic),
            quorum: disk.is_some_and(Disk::is_quorum),
            managed: array.is_some_and(manages),
            unique_page83: self.storage.unique_page83(lun).is_ok_and(|identifiers| !identifiers.is_empty()),
        }
    }

    /// The LUN that the information describes, by its page-0x83 identifiers; `None` unless it is just one.
    pub(in crate::service) fn lun_by_page83(&self, lun: &LunInformation) -> Option<LunId> {
        let identifiers = lun.device_id_descriptor.identifiers.iter();
        let mut found = identifiers.filter(|id| matches!(id.identifier_type.0, 1 | 2 | 3 | 8)).filter_map(
            |id| match self.storage.luns_by_page83(&id.identifier) {
                [only] => Some(*only),
                _ => None,
            },
        );
        found.next()
    }

    /// The volume that a shadow copy was made of, found by the LUN information of the document.
    pub(in crate::service) fn original_volume(
        &self,
        host: usize,
        copy: &SnapshotDescription,
    ) -> Result<VolumeGuid, Refusal> {
        let original = self.volume(host, &copy.original_volume_name);
        let mut luns = Vec::new();
        for mapping in &copy.lun_mappings {
            let lun = self
                .lun_by_page83(&mapping.source.information)
                .ok_or(Refusal::documented(HResult::VSS_E_VOLUME_NOT_SUPPORTED, "no-unique-page83-id"))?;
            luns.push(lun);
        }
        // The volume may have another name since; then its place on the LUN tells.
        let by_name = original
            .filter(|volume| luns.iter().all(|lun| self.host(host).volumes_of(*lun).contains(volume)));
        let by_place = || {
            let start = copy.lun_mappings.first()?.extents.first()?.offset;
            self.volume_at(host, *luns.first()?, start)
        };
        by_name.or_else(by_place).ok_or(Refusal::inferred(
            HResult::VSS_E_OBJECT_NOT_FOUND,
            "the original volume is not there; the page names no code",
        ))
    }

    /// The volume that begins at that place of a LUN.
    pub(in crate::service) fn volume_at(&self, host: usize, lun: LunId, start: u64) -> Option<VolumeGuid> {
        let host = self.host(host);
        let begins_there = |volume: &&VolumeGuid| {
            let extents = host.mounts().volume(**volume).map(Volume::extents);
            extents.and_then(<[_]>::first).is_some_and(|extent| extent.start == start)
        };
        host.volumes_of(lun).iter().find(begins_there).copied()
    }

    /// What the document says of one LUN under a volume and of its copy.
    pub(in crate::service) fn mapping(
        &self,
        host: usize,
        volume: VolumeGuid,
        lun: LunId,
        source: LunInformation,
        destination: LunInformation,
    ) -> LunMapping {
        let disk = self.disk_of(host, lun);
        let volume = self.host(host).mounts().volume(volume);
        let partition_at = |start: u64| match volume.map(Volume::key)? {
            VolumeKey::Gpt(partition) => Some(partition),
            VolumeKey::Mbr { .. } => None,
            // It is no partition, but may begin where one does.
            VolumeKey::Dynamic(_) => {
                let table = self.storage.lun(lun).ok()?.table().ok()?;
                table.partitions.iter().find(|partition| partition.start == start)?.unique_id
            }
        };
        let extents =
            volume.map_or(&[][..], Volume::extents).iter().filter(|extent| Some(extent.disk) == disk);
        let extents = extents.map(|extent| Extent {
            offset: extent.start,
            length: extent.length,
            partition: partition_at(extent.start),
            ..Extent::default()
        });
        LunMapping {
            source: source.into(),
            destination: destination.into(),
            extents: extents.collect(),
            ..LunMapping::default()
        }
    }

    /// The array stops presenting those LUNs to a host.
    pub(in crate::service) fn mask(&mut self, host: usize, luns: &[LunInformation]) {
        for lun in luns {
            if let Some(lun) = self.lun_by_page83(lun) {
                // Both exist; a LUN that is masked already stays so.
                let _ = self.storage.mask(lun, host_id(host));
            }
        }
    }

    /// Every host looks for disks that came, left or changed.
    pub(in crate::service) fn rescan(&mut self) {
        for host in 0..self.hosts.len() {
            self.rescan_host(host);
        }
    }

    /// The same; answers the LUNs whose disks have arrived on that host.
    pub(in crate::service) fn rescan_on(&mut self, host: usize) -> Vec<LunId> {
        let changes = self.rescan_host(host);
        self.rescan();
        let arrived = |change| match change {
            DiskChange::Arrived { lun, .. } => Some(lun),
            DiskChange::Departed { .. } | DiskChange::Changed { .. } => None,
        };
        changes.into_iter().filter_map(arrived).collect()
    }

    /// One host alone looks for them.
    pub(in crate::service) fn rescan_host(&mut self, host: usize) -> Vec<DiskChange> {
        let (storage, ids) = (&mut self.storage, &mut self.ids.disks);
        let changes = storage.rescan(host_id(host), &mut || ids.next_guid());
        changes.unwrap_or_else(|error| unreachable!("{error}"))
    }
}

/// A disk signature as `VDS_LUN_INFORMATION` carries it: an MBR signature in the first 32 bits.
pub(in crate::service) fn signature_to_guid(signature: DiskSignature) -> Guid {
    match signature {
        DiskSignature::Mbr(signature) => Guid::from_fields(signature, 0, 0, &[0; 8]),
        DiskSignature::Gpt(guid) => guid,
    }
}

/// The reverse; `None` for zero, which says that the disk carried none.
pub(in crate::service) fn signature_from_guid(guid: Guid) -> Option<DiskSignature> {
    match guid.as_fields() {
        (0, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]) => None,
        (signature, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]) => Some(DiskSignature::Mbr(signature)),
        _ => Some(DiskSignature::Gpt(guid)),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(DiskSignature::Mbr(0x7600_1234))]
    #[case(DiskSignature::Gpt(Guid::from_u128(0x7673_736c_0000_0000_0000_0000_0000_0001)))]
    fn a_signature_survives_the_structure(#[case] signature: DiskSignature) {
        assert_eq!(signature_from_guid(signature_to_guid(signature)), Some(signature));
    }

    #[test]
    fn zero_is_no_signature() {
        assert_eq!(signature_from_guid(Guid::nil()), None);
    }
}
