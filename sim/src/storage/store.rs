//! All LUNs, arrays and hosts, and the indexes over them.

use super::array::{Array, ArrayId};
use super::extents::OutOfRange;
use super::few::Few;
use super::host::{Host, HostId};
use super::identity::{DiskIdentity, DiskSignature};
use super::loaded_table::LoadedTable;
use super::lun::{Lun, LunDescription, LunId, Page83Identifier};
use super::partition_table::TableError;
use crate::map::IndexMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// Why an operation on a LUN was refused; nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LunError {
    /// The LUN does not exist, or exists no more.
    #[error("there is no {0}")]
    NoLun(LunId),
    /// The array does not exist.
    #[error("there is no array {}", .0.0)]
    NoArray(ArrayId),
    /// The host does not exist.
    #[error("there is no host {}", .0.0)]
    NoHost(HostId),
    /// Another one has the name.
    #[error("the name `{0}` is taken")]
    NameTaken(Arc<str>),
    /// The LUN is a disk inside of a host, where only an array can do this.
    #[error("{0} does not lie on an array")]
    NotOnArray(LunId),
    /// The target is smaller than the source, and its array can't grow it.
    #[error("the target has {target} bytes, the source has {origin}, and the array can't grow a LUN")]
    TargetTooSmall {
        /// The target's size in bytes.
        target: u64,
        /// The source's size in bytes.
        origin: u64,
    },
    /// Another resync writes to the LUN, or copies from one that is to be written to.
    #[error("another resync copies from or onto {0}")]
    Busy(LunId),
    /// The array can't give a LUN more bytes.
    #[error("the array can't grow a LUN")]
    CantGrow,
    /// The partition table, or the layout of a new LUN, is unusable.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The range lies outside of the LUN.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
}

/// All storage of a lab.
#[derive(Clone, Debug, Default)]
pub struct Storage {
    /// By id; a deleted LUN leaves a hole.
    pub(super) luns: Vec<Option<Box<Lun>>>,
    pub(super) names: IndexMap<Arc<str>, LunId>,
    /// The LUNs that carry an identifier with these bytes.
    page83: IndexMap<Arc<[u8]>, Few<LunId>>,
    /// The differential copies of each LUN that has any.
    pub(super) dependants: BTreeMap<LunId, BTreeSet<LunId>>,
    /// The resyncs under way: each target with its source and the host that has asked for it.
    pub(super) resyncs: BTreeMap<LunId, (LunId, HostId)>,
    pub(super) arrays: Vec<Array>,
    pub(super) hosts: Vec<Host>,
}

impl Storage {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a LUN to an array, or a disk that will be inside of a host.
    ///
    /// # Errors
    /// The array must exist, the name be free, and the layout fit.
    pub fn add_lun(
        &mut self,
        description: LunDescription,
        array: Option<ArrayId>,
    ) -> Result<LunId, LunError> {
        if let Some(array) = array {
            self.array(array)?;
        }
        let lun = Lun::new(description, array)?;
        self.insert(lun)
    }

    pub(super) fn insert(&mut self, lun: Lun) -> Result<LunId, LunError> {
        if self.names.contains_key(lun.name()) {
            return Err(LunError::NameTaken(lun.name().clone()));
        }
        let id = LunId(self.luns.len() as u32);
        self.names.insert(lun.name().clone(), id);
        for identifier in lun.page83().iter() {
            self.page83.entry(identifier.bytes.clone()).or_default().insert(id);
        }
        self.luns.push(Some(Box::new(lun)));
        Ok(id)
    }

    /// Takes a LUN out of every index. Hosts notice at their next rescan.
    pub(super) fn remove(&mut self, id: LunId) -> Result<Box<Lun>, LunError> {
        let lun = self.luns.get_mut(id.0 as usize).and_then(Option::take).ok_or(LunError::NoLun(id))?;
        self.names.swap_remove(lun.name());
        for identifier in lun.page83().iter() {
            if let Some(carriers) = self.page83.get_mut(&identifier.bytes) {
                carriers.remove(&id);
                if carriers.as_slice().is_empty() {
                    self.page83.swap_remove(&identifier.bytes);
                }
            }
        }
        self.tell(lun.hosts(), id);
        Ok(lun)
    }

    /// Makes hosts look at a LUN at their next rescan.
    pub(super) fn tell(&mut self, hosts: &[HostId], id: LunId) {
        for host in hosts {
            if let Some(host) = self.hosts.get_mut(host.0 as usize) {
                host.pending.insert(id);
            }
        }
    }

    /// The LUN of that id.
    ///
    /// # Errors
    /// It may not exist (any more).
    pub fn lun(&self, id: LunId) -> Result<&Lun, LunError> {
        self.luns.get(id.0 as usize).and_then(Option::as_deref).ok_or(LunError::NoLun(id))
    }

    pub(super) fn lun_mut(&mut self, id: LunId) -> Result<&mut Lun, LunError> {
        self.luns.get_mut(id.0 as usize).and_then(Option::as_deref_mut).ok_or(LunError::NoLun(id))
    }

    /// All LUNs, by id.
    pub fn luns(&self) -> impl Iterator<Item = (LunId, &Lun)> + '_ {
        self.luns.iter().zip(0..).filter_map(|(lun, id)| Some((LunId(id), lun.as_deref()?)))
    }

    /// The LUN of that name.
    #[must_use]
    pub fn lun_by_name(&self, name: &str) -> Option<LunId> {
        self.names.get(name).copied()
    }

    /// The LUNs that carry a page-83 identifier with these bytes, in the order in which they were added.
    #[must_use]
    pub fn luns_by_page83(&self, bytes: &[u8]) -> &[LunId] {
        self.page83.get(bytes).map_or(&[], Few::as_slice)
    }

    /// The identifiers that tell a LUN from all others: association 0, type 1, 2, 3 or 8, carried by no other LUN.
    ///
    /// # Errors
    /// The LUN must exist.
    pub fn unique_page83(&self, id: LunId) -> Result<Vec<&Page83Identifier>, LunError> {
        let carried_elsewhere = |identifier: &Page83Identifier| {
            let carriers = self.luns_by_page83(&identifier.bytes).iter().filter(|&&other| other != id);
            let mut carried =
                carriers.filter_map(|&other| self.lun(other).ok()).flat_map(|lun| lun.page83().iter());
            carried.any(|other| {
                other.identifier_type == identifier.identifier_type && other.bytes == identifier.bytes
            })
        };
        let own = self.lun(id)?.page83().iter();
        Ok(own.filter(|identifier| identifier.names_the_lun() && !carried_elsewhere(identifier)).collect())
    }

    /// Writes bytes to a LUN. If they touch the partition table, hosts notice at their next rescan.
    ///
    /// # Errors
    /// The LUN must exist and the range lie inside of it.
    pub fn write_lun(&mut self, id: LunId, offset: u64, data: &[u8]) -> Result<(), LunError> {
        if self.lun_mut(id)?.write(offset, data)? { self.touch(id) } else { Ok(()) }
    }

    /// Gives a LUN's disk another identity. Partitions that it does not name get ids from `fresh`.
    ///
    /// # Errors
    /// The LUN must exist and have a table of the identity's style.
    pub fn write_identity(
        &mut self,
        id: LunId,
        identity: &DiskIdentity,
        fresh: &mut dyn FnMut() -> Uuid,
    ) -> Result<(), LunError> {
        self.lun_mut(id)?.change_table(|table, disk| identity.write(table, disk, fresh))?;
        self.touch(id)
    }

    /// Writes a signature, an id for each GPT partition by the place of its first byte, and every partition's attributes
    /// as they follow from the old ones, all in one pass.
    ///
    /// # Errors
    /// The LUN must exist and have a table of the signature's style.
    pub fn rewrite(
        &mut self,
        id: LunId,
        signature: DiskSignature,
        partition_id: &mut dyn FnMut(u64) -> Uuid,
        attributes: impl Fn(u64) -> u64,
    ) -> Result<(), LunError> {
        self.lun_mut(id)?
            .change_table(|table, disk| table.rewrite(disk, signature, partition_id, attributes))?;
        self.touch(id)
    }

    /// Changes every partition's attributes, by the place of its first byte; those of an MBR disk are one for all its
    /// partitions, by place 0. No host looks at the disk anew: this is for a change that is taken back.
    ///
    /// # Errors
    /// The LUN must exist and have a table.
    pub fn change_attributes(
        &mut self,
        id: LunId,
        change: &mut dyn FnMut(u64, u64) -> u64,
    ) -> Result<(), LunError> {
        Ok(self.lun_mut(id)?.change_table(|table, disk| table.change_attributes(disk, change))?)
    }

    /// Sets a partition's attributes in the table; on an MBR disk those of all partitions.
    ///
    /// # Errors
    /// The LUN must exist and have such a partition.
    pub fn set_partition_attributes(
        &mut self,
        id: LunId,
        index: u32,
        attributes: u64,
    ) -> Result<(), LunError> {
        self.lun_mut(id)?
            .change_table(|table, disk| table.set_partition_attributes(disk, index, attributes))?;
        self.touch(id)
    }

    /// Moves the backup GPT of a LUN that was resized to its end.
    ///
    /// # Errors
    /// The LUN must exist, and its table be good and fit.
    pub fn move_backup_to_end(&mut self, id: LunId) -> Result<(), LunError> {
        self.lun_mut(id)?.change_table(LoadedTable::move_backup_to_end)?;
        self.touch(id)
    }

    /// Makes every host that sees the LUN read its table anew at its next rescan.
    ///
    /// # Errors
    /// The LUN must exist.
    pub fn touch(&mut self, id: LunId) -> Result<(), LunError> {
        let hosts = self.lun(id)?.unmasked.clone();
        self.tell(hosts.as_slice(), id);
        Ok(())
    }
}
