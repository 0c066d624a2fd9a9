//! The functions that `VssApi.dll` exports, called on a host.

use crate::api::{Call, Object, Out, Reply, SessionId};

use super::session::Session;
use crate::service::copies::query;
use crate::service::simulator::Simulator;
use crate::service::{Refusal, transitions};

impl Simulator {
    pub(in crate::service) fn call_host(&mut self, number: u32, call: &Call) -> Result<Reply, Refusal> {
        let host = self.host_numbered(number).map_err(|_| Refusal::NO_HOST)?;
        match call {
            // A host is no COM object.
            Call::QueryInterface { .. } | Call::Release {} => return Err(Refusal::NO_OBJECT),
            // They free memory of the caller's process: there is nobody who could refuse, and nothing to see.
            Call::VssFreeSnapshotProperties { .. } | Call::VssFreeSnapshotPropertiesInternal { .. } => {
                return Ok(Reply::OK);
            }
            call if !call.method().interface.is_empty() => return Err(Refusal::ONLY_FUNCTIONS),
            _ => {}
        }
        self.admit(host, call)?;
        // The documented function and what the SDK's header makes of it are one.
        Ok(Reply::ok(match call {
            Call::CreateVssBackupComponents { .. } => {
                Out::CreateVssBackupComponents { pp_backup: self.new_session(host) }
            }
            Call::CreateVssBackupComponentsInternal { .. } => {
                Out::CreateVssBackupComponentsInternal { pp_backup: self.new_session(host) }
            }
            Call::IsVolumeSnapshotted { pwsz_volume_name, .. } => {
                let asked = query::is_snapshotted(&mut self.world, host, pwsz_volume_name.as_deref());
                let (pb_snapshots_present, pl_snapshot_capability) = asked?;
                Out::IsVolumeSnapshotted { pb_snapshots_present, pl_snapshot_capability }
            }
            Call::IsVolumeSnapshottedInternal { pwsz_volume_name, .. } => {
                let asked = query::is_snapshotted(&mut self.world, host, pwsz_volume_name.as_deref());
                let (pb_snapshots_present, pl_snapshot_capability) = asked?;
                Out::IsVolumeSnapshottedInternal { pb_snapshots_present, pl_snapshot_capability }
            }
            Call::ShouldBlockRevert { wsz_volume_name, .. } => {
                transitions::revert::should_block(&self.world, host, wsz_volume_name.as_deref())?
            }
            _ => return Err(Refusal::NOT_CARRIED_OUT),
        }))
    }

    fn new_session(&mut self, host: usize) -> Object {
        self.sessions_made += 1;
        let id = SessionId(self.world.ids.sessions.next_guid());
        self.sessions.insert(self.sessions_made, Session::new(host, id));
        self.requester_comes(host);
        Object::Session(self.sessions_made)
    }
}
