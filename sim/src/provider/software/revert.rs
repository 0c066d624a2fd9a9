//! Reverting a volume to one of its copies.
//!
//! Reading: the page of RevertToSnapshot calls its `S_OK` a successful revert, yet QueryRevertStatus tells of one that
//! runs. So the volume shows the copy at once, and the provider moves blocks for a while longer, across restarts too. A
//! volume that goes away meanwhile is lost to the revert (`VSS_E_REVERT_VOLUME_LOST`, which no page mentions).

use std::collections::BTreeMap;

use crate::api::{HResult, Object, ProviderCall, ProviderOut, ProviderReply, SnapshotId, Text};
use crate::provider::resync::{BYTES_PER_MS, SETUP_MS};
use crate::storage::{FileSystem, volume_guid_path};

use super::copy_on_write::CopyOnWriteProvider;
use super::creation::{can_copy, is_persistent};
use super::refusal::Refusal;
use super::{Place, VolumePort};

/// A revert that runs or has run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Revert {
    copy: SnapshotId,
    place: Place,
    done_at_ms: u64,
    /// Its volume went away before it was done.
    lost: bool,
}

impl CopyOnWriteProvider {
    /// The page lists no code for an unknown copy, nor for one of a context that is not persistent: both are arguments
    /// that the provider cannot work with.
    pub(super) fn revert(
        &mut self,
        id: SnapshotId,
        host: &mut dyn VolumePort,
    ) -> Result<ProviderReply, Refusal> {
        let copy = self.copies.get(&id).filter(|copy| copy.is_complete() && is_persistent(copy.context));
        let copy = copy.ok_or(HResult::E_INVALIDARG)?;
        let (place, takes_ms) = (copy.place, SETUP_MS + copy.content.size() / BYTES_PER_MS);
        look_after(&mut self.reverts, host);
        if self.running_revert(place, host).is_some() {
            return Err(HResult::VSS_E_REVERT_IN_PROGRESS.into());
        }
        host.restore(place, &copy.content)?;
        let done_at_ms = host.now_ms().saturating_add(takes_ms);
        self.reverts.insert(place, Revert { copy: id, place, done_at_ms, lost: false });
        Ok(ProviderReply::OK)
    }

    /// Without a revert the volume's is not found: Microsoft's sample reads that as "already finished".
    pub(super) fn revert_status(
        &mut self,
        name: Option<&Text>,
        host: &dyn VolumePort,
    ) -> Result<ProviderReply, Refusal> {
        let source = self.source(name, host)?;
        // Only persistent copies can be reverted to, and these need NTFS.
        if !can_copy(&source, host.os()) || source.file_system != FileSystem::Ntfs {
            return Err(HResult::VSS_E_VOLUME_NOT_SUPPORTED.into());
        }
        look_after(&mut self.reverts, host);
        let revert = self.running_revert(source.place, host).ok_or(HResult::VSS_E_OBJECT_NOT_FOUND)?;
        self.handed_out += 1;
        self.asyncs.insert(self.handed_out, revert);
        Ok(ProviderReply::ok(ProviderOut::SoftwareQueryRevertStatus {
            pp_async: Object::Async(self.handed_out),
        }))
    }

    fn running_revert(&self, place: Place, host: &dyn VolumePort) -> Option<Revert> {
        let runs = |revert: &&Revert| !revert.lost && host.now_ms() < revert.done_at_ms;
        self.reverts.get(&place).filter(runs).copied()
    }

    /// Whether a revert needs that copy now.
    pub(super) fn is_reverted_to(&self, copy: SnapshotId, place: Place, host: &dyn VolumePort) -> bool {
        self.running_revert(place, host).is_some_and(|revert| revert.copy == copy)
    }

    /// Whether any revert runs.
    pub(super) fn reverts_run(&self, host: &dyn VolumePort) -> bool {
        self.reverts.keys().any(|place| self.running_revert(*place, host).is_some())
    }
}

/// Reverts whose volumes are away are broken off for good.
pub(super) fn look_after<K>(reverts: &mut BTreeMap<K, Revert>, host: &dyn VolumePort) {
    for revert in reverts.values_mut() {
        let runs = !revert.lost && host.now_ms() < revert.done_at_ms;
        revert.lost |= runs && host.find_volume(&volume_guid_path(revert.place.volume)).is_none();
    }
}

impl Revert {
    /// A call on the `IVssAsync`. No answer is ever that the revert was cancelled.
    pub(super) fn call(self, call: &ProviderCall, host: &dyn VolumePort) -> ProviderReply {
        let left_ms = if self.lost { 0 } else { self.done_at_ms.saturating_sub(host.now_ms()) };
        let status = match left_ms {
            _ if self.lost => HResult::VSS_E_REVERT_VOLUME_LOST,
            0 => HResult::VSS_S_ASYNC_FINISHED,
            _ => HResult::VSS_S_ASYNC_PENDING,
        };
        if call.bad_pointer().is_some() {
            return HResult::E_INVALIDARG.into();
        }
        match call {
            ProviderCall::QueryStatus { .. } => {
                ProviderReply::ok(ProviderOut::QueryStatus { p_hr_result: status, p_reserved: None })
            }
            ProviderCall::Wait { dw_milliseconds } => {
                ProviderReply { took_ms: left_ms.min((*dw_milliseconds).into()), ..ProviderReply::OK }
            }
            ProviderCall::Cancel {} if left_ms == 0 => status.into(),
            // Inferred: a revert cannot be cancelled, and the page of Cancel prints no code for such an operation.
            ProviderCall::Cancel {} => HResult::E_NOTIMPL.into(),
            _ => HResult::E_NOINTERFACE.into(),
        }
    }
}
