//! A disk: a LUN as one host sees it.

use super::few::Few;
use super::identity::DiskSignature;
use super::lun::LunId;
use std::fmt;
use std::sync::Arc;
use uuid::Uuid;

/// A disk's number on its host, as in `\\.\PHYSICALDRIVE3`. A number is given again once its disk has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DiskNumber(pub u32);

impl fmt::Display for DiskNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "disk {}", self.0)
    }
}

/// Why a disk is offline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfflineReason {
    /// The host's SAN policy.
    Policy,
    /// A disk of the same signature is online.
    Collision,
    /// An administrator, or a program of theirs.
    Administrator,
}

/// Whether a disk is online.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskState {
    /// Its volumes can be used.
    Online,
    /// It is seen, but has no volumes.
    Offline(OfflineReason),
}

/// Somebody else's handle keeps a disk from being locked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{by}` holds a handle on the disk")]
pub struct Held {
    /// Who holds it.
    pub by: Arc<str>,
    /// When it will be closed, in milliseconds of virtual time; `None` if that is not known.
    pub until_ms: Option<u64>,
}

/// An open handle.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Handle {
    owner: Arc<str>,
    until_ms: Option<u64>,
    exclusive: bool,
    /// The volume that it is a handle on; `None`: the disk as a whole.
    volume: Option<Uuid>,
}

impl Handle {
    /// Whether it keeps others from having that volume for themselves.
    fn bars(&self, volume: Uuid) -> bool {
        self.volume.is_none_or(|open| open == volume)
    }
}

/// A disk of a host.
#[derive(Clone, Debug)]
pub struct Disk {
    /// The LUN behind it.
    pub lun: LunId,
    pub(super) state: DiskState,
    pub(super) read_only: bool,
    pub(super) quorum: bool,
    pub(super) dynamic: bool,
    pub(super) signature: Option<DiskSignature>,
    pub(super) volumes: Few<Uuid>,
    handles: Few<Handle>,
}

impl Disk {
    pub(super) fn new(lun: LunId, state: DiskState) -> Disk {
        let (read_only, quorum, dynamic, signature) = (state != DiskState::Online, false, false, None);
        Disk { lun, state, read_only, quorum, dynamic, signature, volumes: Few::None, handles: Few::None }
    }

    /// Whether it is online, and why not.
    #[must_use]
    pub fn state(&self) -> DiskState {
        self.state
    }

    /// Whether it is online.
    #[must_use]
    pub fn is_online(&self) -> bool {
        self.state == DiskState::Online
    }

    /// Whether the host refuses to write to it.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Whether it is the quorum of a cluster.
    #[must_use]
    pub fn is_quorum(&self) -> bool {
        self.quorum
    }

    /// Whether it was dynamic when its table was read last.
    #[must_use]
    pub fn is_dynamic(&self) -> bool {
        self.dynamic
    }

    /// The signature as the host read it last; `None` if there was no table.
    #[must_use]
    pub fn signature(&self) -> Option<DiskSignature> {
        self.signature
    }

    /// The names of the volumes on it, in the order of the table, then the dynamic ones.
    #[must_use]
    pub fn volumes(&self) -> &[Uuid] {
        self.volumes.as_slice()
    }

    /// Who holds it exclusively at that virtual time.
    #[must_use]
    pub fn locked_by(&self, now_ms: u64) -> Option<&Arc<str>> {
        self.open_at(now_ms).find(|handle| handle.exclusive).map(|handle| &handle.owner)
    }

    /// Whether anybody has a handle on it at that virtual time.
    #[must_use]
    pub fn is_open(&self, now_ms: u64) -> bool {
        self.open_at(now_ms).next().is_some()
    }

    /// Whether anybody has a handle on that volume of it, or on all of it, at that virtual time.
    #[must_use]
    pub fn is_volume_open(&self, volume: Uuid, now_ms: u64) -> bool {
        self.open_at(now_ms).any(|handle| handle.bars(volume))
    }

    /// Opens an exclusive handle; who has one already may ask again.
    ///
    /// # Errors
    /// Nobody else may hold a handle at that virtual time.
    pub fn lock(&mut self, owner: &str, now_ms: u64) -> Result<(), Held> {
        self.refuse_for(owner, now_ms, |_| true)?;
        self.open(Handle { owner: owner.into(), until_ms: None, exclusive: true, volume: None }, now_ms);
        Ok(())
    }

    /// Opens a shared handle on one volume of the disk, or on all of it. It closes by itself at a virtual time if one is
    /// given.
    ///
    /// # Errors
    /// Nobody else may have locked the disk.
    pub fn hold(
        &mut self,
        owner: &str,
        volume: Option<Uuid>,
        now_ms: u64,
        until_ms: Option<u64>,
    ) -> Result<(), Held> {
        self.refuse_for(owner, now_ms, |handle| handle.exclusive)?;
        self.open(Handle { owner: owner.into(), until_ms, exclusive: false, volume }, now_ms);
        Ok(())
    }

    /// Closes everybody's shared handles on a volume, as its forced dismount does.
    pub fn dismount(&mut self, volume: Uuid) {
        self.close(|handle| !handle.exclusive && handle.bars(volume));
    }

    /// Closes every handle: the programs that had them have ended.
    pub fn close_all(&mut self) {
        self.handles = Few::None;
    }

    /// Closes the owner's exclusive handle; says whether there was one.
    pub fn unlock(&mut self, owner: &str) -> bool {
        self.close(|handle| handle.exclusive && &*handle.owner == owner)
    }

    /// Closes the owner's shared handles; says whether there were any.
    pub fn let_go(&mut self, owner: &str) -> bool {
        self.close(|handle| !handle.exclusive && &*handle.owner == owner)
    }

    fn open_at(&self, now_ms: u64) -> impl Iterator<Item = &Handle> {
        self.handles
            .as_slice()
            .iter()
            .filter(move |handle| handle.until_ms.is_none_or(|until| until > now_ms))
    }

    fn refuse_for(&self, owner: &str, now_ms: u64, bars: impl Fn(&Handle) -> bool) -> Result<(), Held> {
        match self.open_at(now_ms).find(|handle| &*handle.owner != owner && bars(handle)) {
            Some(handle) => Err(Held { by: handle.owner.clone(), until_ms: handle.until_ms }),
            None => Ok(()),
        }
    }

    fn open(&mut self, handle: Handle, now_ms: u64) {
        self.close(|handle| handle.until_ms.is_some_and(|until| until <= now_ms));
        self.handles.insert(handle);
    }

    fn close(&mut self, closes: impl Fn(&Handle) -> bool) -> bool {
        let before = self.handles.as_slice().len();
        self.handles =
            std::mem::take(&mut self.handles).into_iter().filter(|handle| !closes(handle)).collect();
        self.handles.as_slice().len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_waits_for_all_other_handles() {
        let mut disk = Disk::new(LunId(0), DiskState::Online);
        disk.hold("Disk Management", None, 0, Some(5000)).unwrap();
        let held = disk.lock("service", 4999).unwrap_err();
        assert_eq!(held, Held { by: "Disk Management".into(), until_ms: Some(5000) });
        disk.lock("service", 5000).unwrap();
        disk.lock("service", 5000).unwrap();
        assert_eq!(disk.locked_by(6000).map(|by| &**by), Some("service"));
        assert_eq!(disk.hold("Explorer", None, 6000, None).unwrap_err().by, "service".into());
        assert_eq!(disk.lock("other", 6000).unwrap_err().by, "service".into());
        assert!(disk.unlock("service") && !disk.unlock("service"));
        disk.hold("Explorer", None, 6000, None).unwrap();
        assert!(disk.lock("service", u64::MAX).is_err());
        assert!(disk.let_go("Explorer"));
        disk.lock("service", 7000).unwrap();
    }

    #[test]
    fn a_dismount_spares_a_lock_and_a_restart_nothing() {
        let mut disk = Disk::new(LunId(0), DiskState::Online);
        disk.hold("service", None, 0, None).unwrap();
        disk.lock("service", 0).unwrap();
        disk.dismount(Uuid::from_u128(1));
        assert!(disk.is_open(0) && !disk.let_go("service"));
        disk.close_all();
        assert!(!disk.is_open(0) && disk.locked_by(0).is_none());
    }

    #[test]
    fn a_dismount_is_of_one_volume() {
        let [one, other] = [1, 2].map(Uuid::from_u128);
        let mut disk = Disk::new(LunId(0), DiskState::Online);
        disk.hold("Explorer", Some(other), 0, None).unwrap();
        assert!(!disk.is_volume_open(one, 0) && disk.is_volume_open(other, 0));
        disk.dismount(one);
        assert!(disk.is_volume_open(other, 0) && disk.lock("service", 0).is_err());
        disk.dismount(other);
        disk.lock("service", 0).unwrap();
    }
}
