//! The system provider: copy-on-write copies of single volumes, without LUNs of their own.

use std::collections::BTreeMap;

use uuid::uuid;

use crate::api::{HResult, ProviderCall, ProviderId, ProviderOut, ProviderReply, SnapshotId, SnapshotSetId};
use crate::storage::Extents;

/// The provider that comes with Windows.
#[derive(Clone, Debug, Default)]
pub struct SystemProvider {
    /// The set in preparation, or the one that was completed last: it can still be aborted.
    set: Option<(SnapshotSetId, Vec<SnapshotId>)>,
    /// What each copy shows; empty until its set is committed.
    copies: BTreeMap<SnapshotId, Vec<Extents>>,
}

/// Reads a volume's bytes as they are now: one store for each disk that it lies on.
pub(crate) type Freeze<'f> = dyn FnMut(SnapshotId) -> Vec<Extents> + 'f;

impl SystemProvider {
    /// The system provider's documented id is not simulated; this one lies in the simulation's own range.
    pub const ID: ProviderId = ProviderId(uuid!("7673736c-0000-0000-0000-000000000001"));

    /// Its name.
    pub const NAME: &str = "System Provider";

    /// Carries out a call. `freeze` takes the state of a snapshot's volume at the moment of the commit.
    pub(crate) fn call(&mut self, call: &ProviderCall, freeze: &mut Freeze<'_>) -> ProviderReply {
        match call {
            ProviderCall::SoftwareIsVolumeSupported { .. } => {
                ProviderReply::ok(ProviderOut::SoftwareIsVolumeSupported {
                    pb_supported_by_this_provider: true,
                })
            }
            ProviderCall::SoftwareBeginPrepareSnapshot { snapshot_set_id, snapshot_id, .. } => {
                match &mut self.set {
                    Some((set, snapshots)) if set == snapshot_set_id => snapshots.push(*snapshot_id),
                    _ => self.set = Some((*snapshot_set_id, vec![*snapshot_id])),
                }
                ProviderReply::OK
            }
            ProviderCall::CommitSnapshots { snapshot_set_id } => match &self.set {
                Some((set, snapshots)) if set == snapshot_set_id => {
                    self.copies.extend(snapshots.iter().map(|snapshot| (*snapshot, freeze(*snapshot))));
                    ProviderReply::OK
                }
                _ => HResult::VSS_E_OBJECT_NOT_FOUND.into(),
            },
            ProviderCall::AbortSnapshots { snapshot_set_id } => {
                if let Some((_, snapshots)) = self.set.take_if(|(set, _)| set == snapshot_set_id) {
                    for snapshot in snapshots {
                        self.copies.remove(&snapshot);
                    }
                }
                ProviderReply::OK
            }
            ProviderCall::SoftwareDeleteSnapshots { source_object_id, .. } => {
                let deleted = self.copies.remove(&SnapshotId(*source_object_id)).is_some();
                ProviderReply::ok(ProviderOut::SoftwareDeleteSnapshots {
                    pl_deleted_snapshots: deleted.into(),
                    p_nondeleted_snapshot_id: SnapshotId::NULL,
                })
            }
            _ => ProviderReply::OK,
        }
    }

    /// What a copy shows.
    pub(crate) fn copy(&self, snapshot: SnapshotId) -> Option<&[Extents]> {
        self.copies.get(&snapshot).map(Vec::as_slice)
    }
}
