//! What the restart of a host does to its disks.

use super::disk::{DiskNumber, DiskState, OfflineReason};
use super::host::HostId;
use super::host_ops::DiskError;
use super::store::Storage;
use uuid::Uuid;

impl Storage {
    /// Restarts a host: whoever had a handle on a disk is gone, and the host looks at its disks. One that was offline only
    /// because another had its signature comes online if the other has left since.
    ///
    /// # Errors
    /// The host must exist.
    pub fn restart(&mut self, id: HostId, fresh: &mut dyn FnMut() -> Uuid) -> Result<(), DiskError> {
        self.host_mut(id)?.close_all_handles();
        self.rescan(id, fresh)?;
        let barred = DiskState::Offline(OfflineReason::Collision);
        let offline: Vec<DiskNumber> =
            self.host(id)?.disks().filter(|(_, disk)| disk.state() == barred).map(|(disk, _)| disk).collect();
        for disk in offline {
            self.with_disk(id, disk, |host, lun| {
                host.set_state(disk, DiskState::Online);
                host.read_table(disk, lun, fresh);
            })?;
        }
        Ok(())
    }
}
