//! Arrays: copies, resyncs and masking of LUNs.

use super::host::HostId;
use super::lun::{CopyOf, LunId, Page83Identifier};
use super::store::{LunError, Storage};
use std::collections::BTreeSet;
use std::sync::Arc;

/// An array's number in its [`Storage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArrayId(pub u32);

/// Whether a copy lives without its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CopyKind {
    /// A full copy.
    Clone,
    /// A copy that shares unchanged data with its source, and is lost with it.
    Differential,
}

/// A storage array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Array {
    /// Its name, unique in the storage.
    pub name: Arc<str>,
    /// Whether it can give a LUN more bytes than it had.
    pub can_grow: bool,
}

/// What is told of a copy; all else is as in the source.
#[derive(Clone, Debug)]
pub struct CopyDescription {
    /// The copy's name, unique in the storage.
    pub name: Arc<str>,
    /// The copy's own serial number.
    pub serial: Arc<str>,
    /// The copy's own identifiers.
    pub page83: Arc<[Page83Identifier]>,
    /// Whether it lives without its source.
    pub kind: CopyKind,
}

impl Storage {
    /// Adds an array without LUNs.
    ///
    /// # Errors
    /// The name must be free.
    pub fn add_array(&mut self, name: &str, can_grow: bool) -> Result<ArrayId, LunError> {
        if self.array_by_name(name).is_some() {
            return Err(LunError::NameTaken(name.into()));
        }
        self.arrays.push(Array { name: name.into(), can_grow });
        Ok(ArrayId(self.arrays.len() as u32 - 1))
    }

    /// The array of that id.
    ///
    /// # Errors
    /// It may not exist.
    pub fn array(&self, id: ArrayId) -> Result<&Array, LunError> {
        self.arrays.get(id.0 as usize).ok_or(LunError::NoArray(id))
    }

    /// All arrays, by id.
    pub fn arrays(&self) -> impl Iterator<Item = (ArrayId, &Array)> + '_ {
        self.arrays.iter().zip(0..).map(|(array, id)| (ArrayId(id), array))
    }

    /// The array of that name.
    #[must_use]
    pub fn array_by_name(&self, name: &str) -> Option<ArrayId> {
        self.arrays().find(|(_, array)| &*array.name == name).map(|(id, _)| id)
    }

    /// Copies a LUN as it is at this moment, in constant time. No host sees the copy yet.
    ///
    /// # Errors
    /// The source must exist on an array, and the name be free.
    pub fn copy_lun(&mut self, source: LunId, copy: CopyDescription) -> Result<LunId, LunError> {
        let original = self.lun(source)?;
        if original.array().is_none() {
            return Err(LunError::NotOnArray(source));
        }
        let mut lun = original.copied(copy.name, copy.serial, copy.page83);
        lun.copy_of = Some(CopyOf { source, kind: copy.kind });
        let id = self.insert(lun)?;
        if copy.kind == CopyKind::Differential {
            self.dependants.entry(source).or_default().insert(id);
        }
        Ok(id)
    }

    /// Deletes a LUN, and with it all differential copies of it. Tells which LUNs are gone, the given one first.
    /// Hosts notice at their next rescan.
    ///
    /// # Errors
    /// The LUN must exist.
    pub fn delete_lun(&mut self, id: LunId) -> Result<Vec<LunId>, LunError> {
        self.lun(id)?;
        let (mut gone, mut next) = (Vec::new(), vec![id]);
        while let Some(id) = next.pop() {
            let lun = self.remove(id)?;
            if let Some(CopyOf { source, .. }) = lun.copy_of
                && let Some(siblings) = self.dependants.get_mut(&source)
            {
                siblings.remove(&id);
                if siblings.is_empty() {
                    self.dependants.remove(&source);
                }
            }
            next.extend(self.dependants.remove(&id).into_iter().flatten().rev());
            gone.push(id);
        }
        Ok(gone)
    }

    /// The differential copies that would be lost with a LUN, those of copies not counted.
    pub fn dependants(&self, id: LunId) -> impl Iterator<Item = LunId> + '_ {
        self.dependants.get(&id).into_iter().flatten().copied()
    }

    /// Lets a host see a LUN from its next rescan on; a disk inside of the host is attached the same way.
    ///
    /// # Errors
    /// Both must exist.
    pub fn unmask(&mut self, id: LunId, host: HostId) -> Result<(), LunError> {
        self.host(host)?;
        if self.lun_mut(id)?.unmasked.insert(host) {
            self.tell(&[host], id);
        }
        Ok(())
    }

    /// Takes a LUN out of a host's sight from its next rescan on.
    ///
    /// # Errors
    /// Both must exist.
    pub fn mask(&mut self, id: LunId, host: HostId) -> Result<(), LunError> {
        self.host(host)?;
        if self.lun_mut(id)?.unmasked.remove(&host) {
            self.tell(&[host], id);
        }
        Ok(())
    }

    /// An array begins to copy sources onto targets for a host. Until it has ended nothing else may be copied onto one of
    /// these LUNs, nor from a target; that holds among these pairs too.
    ///
    /// # Errors
    /// A LUN is busy; then nothing begins.
    pub fn begin_resync(&mut self, pairs: &[(LunId, LunId)], host: HostId) -> Result<(), LunError> {
        let mut resyncs = self.resyncs.clone();
        for (source, target) in pairs {
            let is_read = |lun| source == lun || resyncs.values().any(|(source, _)| source == lun);
            if resyncs.contains_key(target) || is_read(target) {
                return Err(LunError::Busy(*target));
            }
            if resyncs.contains_key(source) {
                return Err(LunError::Busy(*source));
            }
            resyncs.insert(*target, (*source, host));
        }
        self.resyncs = resyncs;
        Ok(())
    }

    /// That copying is over, whatever has come of it.
    pub fn end_resync(&mut self, pairs: &[(LunId, LunId)], host: HostId) {
        for (source, target) in pairs {
            if self.resyncs.get(target) == Some(&(*source, host)) {
                self.resyncs.remove(target);
            }
        }
    }

    /// All that these arrays copy for a host is over: nobody is there any more who could tell.
    pub fn end_resyncs(&mut self, arrays: &[ArrayId], host: HostId) {
        let Self { resyncs, luns, .. } = self;
        let array = |lun: &LunId| luns.get(lun.0 as usize)?.as_deref()?.array();
        // A target that is gone lies on no array, and nothing is copied onto it.
        resyncs
            .retain(|target, (_, of)| *of != host || array(target).is_some_and(|on| !arrays.contains(&on)));
    }

    /// Gives the target the source's size and bytes, sharing them. A larger target shrinks to the source's size; a
    /// smaller one grows if its array can. Hosts notice at their next rescan.
    ///
    /// # Errors
    /// Both must exist on an array, and the target be large enough or able to grow.
    pub fn resync(&mut self, source: LunId, target: LunId) -> Result<(), LunError> {
        let (origin, copy) = (self.lun(source)?, self.lun(target)?);
        let _: ArrayId = origin.array().ok_or(LunError::NotOnArray(source))?;
        let array = copy.array().ok_or(LunError::NotOnArray(target))?;
        if copy.size() < origin.size() && !self.array(array)?.can_grow {
            return Err(LunError::TargetTooSmall { target: copy.size(), origin: origin.size() });
        }
        if source != target {
            let mut lun = self.luns[target.0 as usize].take().ok_or(LunError::NoLun(target))?;
            if let Ok(origin) = self.lun(source) {
                lun.copy_contents(origin);
            }
            self.luns[target.0 as usize] = Some(lun);
        }
        self.touch(target)
    }

    /// Changes the size of a LUN, in bytes. The backup GPT stays where it was until
    /// [`move_backup_to_end`](Self::move_backup_to_end).
    ///
    /// # Errors
    /// It must exist, and its array, if it is to grow, be able to.
    pub fn resize_lun(&mut self, id: LunId, size: u64) -> Result<(), LunError> {
        let lun = self.lun(id)?;
        let can_grow = lun.array().is_none_or(|array| self.array(array).is_ok_and(|array| array.can_grow));
        if size > lun.size() && !can_grow {
            return Err(LunError::CantGrow);
        }
        self.lun_mut(id)?.resize(size);
        self.touch(id)
    }

    /// All LUNs that depend on a LUN, directly or through other copies.
    #[must_use]
    pub fn all_dependants(&self, id: LunId) -> BTreeSet<LunId> {
        let (mut all, mut next) = (BTreeSet::new(), vec![id]);
        while let Some(id) = next.pop() {
            next.extend(self.dependants(id).filter(|&dependant| all.insert(dependant)));
        }
        all
    }
}
