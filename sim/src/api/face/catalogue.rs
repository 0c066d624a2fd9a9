//! What `IVssBackupComponents` and `IVssBackupComponentsEx2` do to shadow copies that exist.

use super::{Async, BackupComponents, EnumObject, out};
use crate::api::{
    Backend, Call, Guid, HResult, HardwareOptions, ObjectType, Out, SnapshotId, SnapshotSetId, Text,
    VolumeSnapshotAttributes,
};

/// How a deletion ended that was not carried to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("DeleteSnapshots returned {code}")]
pub struct NotDeleted {
    /// The code that the method returned.
    pub code: HResult,
    /// How many copies it had deleted by then.
    pub deleted: i32,
    /// The one that could not be deleted; `GUID_NULL`: it did not get to any.
    pub copy: SnapshotId,
}

impl<B: Backend> BackupComponents<B> {
    /// `Query` for copies (`VSS_OBJECT_SNAPSHOT`) or providers (`VSS_OBJECT_PROVIDER`).
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn query(&self, returned: ObjectType) -> Result<EnumObject<B>, HResult> {
        let reply = self.call(&Call::query(returned))?;
        out!(reply, Query { pp_enum }).map(|object| EnumObject::new(self.vss().clone(), object))
    }

    /// `DeleteSnapshots` of one copy.
    ///
    /// # Errors
    /// It could not be deleted.
    pub fn delete_snapshot(&self, copy: SnapshotId, force: bool) -> Result<i32, NotDeleted> {
        self.delete(copy.0, ObjectType::SNAPSHOT, force)
    }

    /// `DeleteSnapshots` of a set, one copy after the other; answers how many these were.
    ///
    /// # Errors
    /// One could not be deleted.
    pub fn delete_snapshot_set(&self, set: SnapshotSetId, force: bool) -> Result<i32, NotDeleted> {
        self.delete(set.0, ObjectType::SNAPSHOT_SET, force)
    }

    fn delete(&self, id: Guid, kind: ObjectType, force: bool) -> Result<i32, NotDeleted> {
        let reply = self.vss().reply(self.object(), &Call::delete_snapshots(id, kind, force));
        let (deleted, copy) = match reply.out {
            Some(Out::DeleteSnapshots { pl_deleted_snapshots, p_nondeleted_snapshot_id }) => {
                (pl_deleted_snapshots, p_nondeleted_snapshot_id)
            }
            _ => (0, SnapshotId::NULL),
        };
        if reply.hresult.is_success() {
            Ok(deleted)
        } else {
            Err(NotDeleted { code: reply.hresult, deleted, copy })
        }
    }

    /// `ExposeSnapshot` under a drive letter (`X:`) or as a folder (`Y:\MountX`).
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn expose_locally(&self, copy: SnapshotId, name: &str) -> Result<Text, HResult> {
        self.expose(copy, None, VolumeSnapshotAttributes::EXPOSED_LOCALLY, Some(name))
    }

    /// `ExposeSnapshot` as a share, of all of the volume or of a part; without a name VSS chooses one.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn expose_remotely(
        &self,
        copy: SnapshotId,
        path_from_root: Option<&str>,
        name: Option<&str>,
    ) -> Result<Text, HResult> {
        self.expose(copy, path_from_root, VolumeSnapshotAttributes::EXPOSED_REMOTELY, name)
    }

    fn expose(
        &self,
        snapshot_id: SnapshotId,
        path_from_root: Option<&str>,
        l_attributes: VolumeSnapshotAttributes,
        name: Option<&str>,
    ) -> Result<Text, HResult> {
        let reply = self.call(&Call::expose_snapshot(snapshot_id, path_from_root, l_attributes, name))?;
        out!(reply, ExposeSnapshot { pwsz_exposed })
    }

    /// `UnexposeSnapshot`.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn unexpose_snapshot(&self, copy: SnapshotId) -> Result<(), HResult> {
        self.call(&Call::UnexposeSnapshot { snapshot_id: copy }).map(drop)
    }

    /// `ImportSnapshots`
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn import_snapshots(&self) -> Result<Async<B>, HResult> {
        let reply = self.call(&Call::IMPORT_SNAPSHOTS)?;
        out!(reply, ImportSnapshots { pp_async }).map(|object| self.operation(object))
    }

    /// `BreakSnapshotSet`
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn break_snapshot_set(&self, set: SnapshotSetId) -> Result<(), HResult> {
        self.call(&Call::break_snapshot_set(set)).map(drop)
    }

    /// `BreakSnapshotSetEx`
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn break_snapshot_set_ex(
        &self,
        set: SnapshotSetId,
        flags: HardwareOptions,
    ) -> Result<Async<B>, HResult> {
        let reply = self.call(&Call::break_snapshot_set_ex(set, flags))?;
        out!(reply, BreakSnapshotSetEx { pp_async }).map(|object| self.operation(object))
    }

    /// `RevertToSnapshot`
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn revert_to_snapshot(&self, copy: SnapshotId, force_dismount: bool) -> Result<(), HResult> {
        self.call(&Call::RevertToSnapshot { snapshot_id: copy, b_force_dismount: force_dismount }).map(drop)
    }

    /// `QueryRevertStatus`
    ///
    /// # Errors
    /// The code that the method returns; `VSS_E_OBJECT_NOT_FOUND`: no revert of the volume is known.
    pub fn query_revert_status(&self, volume: &str) -> Result<Async<B>, HResult> {
        let reply = self.call(&Call::query_revert_status(volume))?;
        out!(reply, QueryRevertStatus { pp_async }).map(|object| self.operation(object))
    }
}
