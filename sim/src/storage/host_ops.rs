//! What hosts do with their disks, and the bytes of their volumes.

use super::disk::{Disk, DiskNumber, DiskState, OfflineReason};
use super::host::{DynamicVolume, Host, HostId, SanPolicy};
use super::identity::{DiskIdentity, DiskSignature};
use super::lun::{Lun, LunId};
use super::mount::Volume;
use super::store::{LunError, Storage};
use uuid::Uuid;

/// What a rescan has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskChange {
    /// A LUN is seen for the first time.
    Arrived {
        /// Its number.
        disk: DiskNumber,
        /// The LUN.
        lun: LunId,
    },
    /// A LUN is seen no more.
    Departed {
        /// The number that it had.
        disk: DiskNumber,
        /// The LUN.
        lun: LunId,
    },
    /// The table or the size of a LUN that stays may have changed, and was read anew.
    Changed {
        /// Its number.
        disk: DiskNumber,
        /// The LUN.
        lun: LunId,
    },
}

/// Why an operation on a disk or a volume was refused; nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DiskError {
    /// The host has no such disk.
    #[error("the host has no {0}")]
    NoDisk(DiskNumber),
    /// The host has no such volume, or it is away.
    #[error("the host has no volume {0}")]
    NoVolume(Uuid),
    /// Another disk of the signature is online.
    #[error("{with} is online with the signature {signature}")]
    Collision {
        /// The other disk.
        with: DiskNumber,
        /// The signature.
        signature: DiskSignature,
    },
    /// The disk or the volume is read-only.
    #[error("the disk or the volume is read-only")]
    ReadOnly,
    /// The range lies outside of the volume.
    #[error("{length} bytes at offset {offset} do not lie within the volume's {size} bytes")]
    OutOfRange {
        /// The first byte asked for.
        offset: u64,
        /// How many bytes were asked for.
        length: u64,
        /// The volume's length in bytes.
        size: u64,
    },
    /// The LUN behind the disk refused.
    #[error(transparent)]
    Lun(#[from] LunError),
}

impl Storage {
    /// Adds a host that sees nothing yet.
    ///
    /// # Errors
    /// The name must be free.
    pub fn add_host(&mut self, name: &str, san_policy: SanPolicy) -> Result<HostId, LunError> {
        if self.host_by_name(name).is_some() {
            return Err(LunError::NameTaken(name.into()));
        }
        self.hosts.push(Host::new(name, san_policy));
        Ok(HostId(self.hosts.len() as u32 - 1))
    }

    /// The host of that id.
    ///
    /// # Errors
    /// It may not exist.
    pub fn host(&self, id: HostId) -> Result<&Host, LunError> {
        self.hosts.get(id.0 as usize).ok_or(LunError::NoHost(id))
    }

    /// The host of that id, for its mount points and handles.
    ///
    /// # Errors
    /// It may not exist.
    pub fn host_mut(&mut self, id: HostId) -> Result<&mut Host, LunError> {
        self.hosts.get_mut(id.0 as usize).ok_or(LunError::NoHost(id))
    }

    /// All hosts, by id.
    pub fn hosts(&self) -> impl Iterator<Item = (HostId, &Host)> + '_ {
        self.hosts.iter().zip(0..).map(|(host, id)| (HostId(id), host))
    }

    /// The host of that name.
    #[must_use]
    pub fn host_by_name(&self, name: &str) -> Option<HostId> {
        self.hosts().find(|(_, host)| &*host.name == name).map(|(id, _)| id)
    }

    /// Lets a host look for disks that came, left or changed since its last rescan. The cost grows with those only.
    /// Disks that leave are told first. Names of new MBR volumes come from `fresh`.
    ///
    /// # Errors
    /// The host must exist.
    pub fn rescan(
        &mut self,
        id: HostId,
        fresh: &mut dyn FnMut() -> Uuid,
    ) -> Result<Vec<DiskChange>, LunError> {
        let pending = std::mem::take(&mut self.host_mut(id)?.pending);
        let mut changes = Vec::with_capacity(pending.len());
        let Storage { luns, hosts, .. } = self;
        let host = &mut hosts[id.0 as usize];
        let visible = |lun: LunId| luns[lun.0 as usize].as_deref().filter(|lun| lun.hosts().contains(&id));
        for &lun in pending.iter().filter(|&&lun| visible(lun).is_none()) {
            if let Some(disk) = host.disk_of(lun) {
                host.detach(disk);
                changes.push(DiskChange::Departed { disk, lun });
            }
        }
        // All that may have changed lets go of its signature first: disks may have exchanged theirs.
        for &lun in &pending {
            if let Some(disk) = host.disk_of(lun) {
                host.close_volumes(disk);
            }
        }
        for &lun in &pending {
            let Some(seen) = visible(lun) else { continue };
            changes.push(match host.disk_of(lun) {
                Some(disk) => {
                    host.read_table(disk, seen, fresh);
                    DiskChange::Changed { disk, lun }
                }
                None => DiskChange::Arrived { disk: host.attach(lun, seen, fresh), lun },
            });
        }
        Ok(changes)
    }

    /// Brings a disk online, writable.
    ///
    /// # Errors
    /// No online disk may have the same signature.
    pub fn set_online(
        &mut self,
        id: HostId,
        disk: DiskNumber,
        fresh: &mut dyn FnMut() -> Uuid,
    ) -> Result<(), DiskError> {
        let host = self.host(id)?;
        let seen = host.disk(disk).ok_or(DiskError::NoDisk(disk))?;
        if seen.is_online() {
            return Ok(());
        }
        let lun = seen.lun;
        if let Ok(DiskIdentity { signature, .. }) = self.lun(lun)?.identity()
            && let Some(with) = host.online_disk(signature)
        {
            return Err(DiskError::Collision { with, signature });
        }
        self.with_disk(id, disk, |host, lun| {
            host.set_state(disk, DiskState::Online);
            if let Some(disk) = host.disk_mut(disk) {
                disk.read_only = false;
            }
            host.read_table(disk, lun, fresh);
        })
    }

    /// Takes a disk offline; its volumes depart.
    ///
    /// # Errors
    /// The disk must exist.
    pub fn set_offline(&mut self, id: HostId, disk: DiskNumber) -> Result<(), DiskError> {
        self.with_disk(id, disk, |host, _| {
            host.set_state(disk, DiskState::Offline(OfflineReason::Administrator));
        })
    }

    /// Makes a host refuse writes to a disk, or not.
    ///
    /// # Errors
    /// The disk must exist.
    pub fn set_disk_read_only(
        &mut self,
        id: HostId,
        disk: DiskNumber,
        read_only: bool,
    ) -> Result<(), DiskError> {
        self.host_mut(id)?.disk_mut(disk).ok_or(DiskError::NoDisk(disk))?.read_only = read_only;
        Ok(())
    }

    /// Makes a disk a cluster's quorum, or not.
    ///
    /// # Errors
    /// The disk must exist.
    pub fn set_quorum(&mut self, id: HostId, disk: DiskNumber, quorum: bool) -> Result<(), DiskError> {
        self.host_mut(id)?.disk_mut(disk).ok_or(DiskError::NoDisk(disk))?.quorum = quorum;
        Ok(())
    }

    /// Gives a disk another signature and its partitions new ids, and changes every partition's attributes. A disk that is
    /// offline for its signature alone comes online.
    ///
    /// # Errors
    /// No online disk may have the new signature, and the disk must have a table of the identity's style.
    pub fn resign(
        &mut self,
        id: HostId,
        disk: DiskNumber,
        signature: DiskSignature,
        attributes: impl Fn(u64) -> u64,
        fresh: &mut dyn FnMut() -> Uuid,
    ) -> Result<(), DiskError> {
        let host = self.host(id)?;
        let seen = host.disk(disk).ok_or(DiskError::NoDisk(disk))?;
        let (lun, state, was_pending) = (seen.lun, seen.state(), host.pending.contains(&seen.lun));
        if let Some(with) = host.online_disk(signature).filter(|&with| with != disk) {
            return Err(DiskError::Collision { with, signature });
        }
        self.rewrite(lun, signature, &mut |_| fresh(), attributes)?;
        self.with_disk(id, disk, |host, contents| {
            if state == DiskState::Offline(OfflineReason::Collision) {
                host.set_state(disk, DiskState::Online);
            }
            host.read_table(disk, contents, fresh);
            if !was_pending {
                host.pending.remove(&lun);
            }
        })
    }

    /// Tells a host of a volume over dynamic disks.
    ///
    /// # Errors
    /// The host must exist.
    pub fn add_dynamic_volume(
        &mut self,
        id: HostId,
        volume: DynamicVolume,
        fresh: &mut dyn FnMut() -> Uuid,
    ) -> Result<(), LunError> {
        self.host_mut(id)?.add_dynamic(volume, fresh);
        Ok(())
    }

    /// Sets the attributes of a basic volume, in the table and as the host knows them; on an MBR disk those of all
    /// its volumes.
    ///
    /// # Errors
    /// The volume must be present and basic.
    pub fn set_volume_attributes(
        &mut self,
        id: HostId,
        volume: Uuid,
        attributes: u64,
    ) -> Result<(), DiskError> {
        let host = self.host(id)?;
        let no_volume = DiskError::NoVolume(volume);
        let found = host.mounts.volume(volume).filter(|volume| !volume.is_dynamic());
        let Some(&[extent]) = found.map(Volume::extents) else { return Err(no_volume) };
        let disk = host.disk(extent.disk).ok_or(DiskError::NoDisk(extent.disk))?;
        let (lun, was_pending) = (disk.lun, host.pending.contains(&disk.lun));
        let table = self.lun(lun)?.table().map_err(LunError::from)?;
        let partition = table.partitions.iter().find(|partition| partition.start == extent.start);
        let whole_disk = matches!(table.signature, DiskSignature::Mbr(_));
        let touched = if whole_disk { disk.volumes().to_vec() } else { vec![volume] };
        self.set_partition_attributes(lun, partition.ok_or(no_volume)?.index, attributes)?;
        let host = self.host_mut(id)?;
        if !was_pending {
            host.pending.remove(&lun);
        }
        for name in touched {
            if let Some(volume) = host.mounts.volume_mut(name) {
                volume.attributes = attributes;
            }
        }
        Ok(())
    }

    /// Reads a volume's bytes.
    ///
    /// # Errors
    /// The volume must be present, and the range lie inside of it.
    pub fn read_volume(
        &self,
        id: HostId,
        volume: Uuid,
        offset: u64,
        out: &mut [u8],
    ) -> Result<(), DiskError> {
        let mut rest = out;
        for (lun, at, length) in self.pieces(id, volume, offset, rest.len() as u64)? {
            let (piece, after) = rest.split_at_mut(length as usize);
            self.lun(lun)?.read(at, piece).map_err(LunError::from)?;
            rest = after;
        }
        Ok(())
    }

    /// Writes a volume's bytes.
    ///
    /// # Errors
    /// The volume must be present, neither it nor its disks be read-only, and the range lie inside of it.
    pub fn write_volume(
        &mut self,
        id: HostId,
        volume: Uuid,
        offset: u64,
        data: &[u8],
    ) -> Result<(), DiskError> {
        let host = self.host(id)?;
        let found = host.mounts.volume(volume).ok_or(DiskError::NoVolume(volume))?;
        let mut disks = found.extents().iter().filter_map(|extent| host.disk(extent.disk));
        if found.is_read_only() || disks.any(Disk::is_read_only) {
            return Err(DiskError::ReadOnly);
        }
        let mut rest = data;
        for (lun, at, length) in self.pieces(id, volume, offset, data.len() as u64)? {
            let (piece, after) = rest.split_at(length as usize);
            self.write_lun(lun, at, piece)?;
            rest = after;
        }
        Ok(())
    }

    /// Where a range of a volume lies: LUN, first byte there, length in bytes.
    ///
    /// # Errors
    /// The volume must be present, and the range lie inside of it.
    pub fn pieces(
        &self,
        id: HostId,
        volume: Uuid,
        offset: u64,
        length: u64,
    ) -> Result<Vec<(LunId, u64, u64)>, DiskError> {
        let host = self.host(id)?;
        let found = host.mounts.volume(volume).filter(|volume| volume.is_present());
        let found = found.ok_or(DiskError::NoVolume(volume))?;
        let size = found.length();
        if offset.checked_add(length).is_none_or(|end| end > size) {
            return Err(DiskError::OutOfRange { offset, length, size });
        }
        let (mut pieces, mut skip, mut left) = (Vec::new(), offset, length);
        for extent in found.extents() {
            let within = skip.min(extent.length);
            let taken = left.min(extent.length - within);
            if taken > 0 {
                let disk = host.disk(extent.disk).ok_or(DiskError::NoDisk(extent.disk))?;
                pieces.push((disk.lun, extent.start + within, taken));
            }
            (skip, left) = (skip - within, left - taken);
        }
        Ok(pieces)
    }

    /// Runs an operation on a disk that exists, with the LUN behind it.
    pub(super) fn with_disk(
        &mut self,
        id: HostId,
        disk: DiskNumber,
        run: impl FnOnce(&mut Host, &Lun),
    ) -> Result<(), DiskError> {
        let Storage { luns, hosts, .. } = self;
        let host = hosts.get_mut(id.0 as usize).ok_or(LunError::NoHost(id))?;
        let lun = host.disk(disk).ok_or(DiskError::NoDisk(disk))?.lun;
        let contents = luns.get(lun.0 as usize).and_then(Option::as_deref).ok_or(LunError::NoLun(lun))?;
        run(host, contents);
        Ok(())
    }
}
