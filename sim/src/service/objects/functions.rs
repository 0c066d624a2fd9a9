//! The functions that `VssApi.dll` exports, called on a host.

use crate::api::{
    Call, Object, Out, ProviderCall, ProviderOut, Ptr, Reply, SessionId, SnapshotCompatibility,
};
use crate::lab::ProviderKind;

use super::session::Session;
use crate::service::simulator::Simulator;
use crate::service::world::World;
use crate::service::{Refusal, transitions};

impl Simulator {
    pub(in crate::service) fn call_host(&mut self, number: u32, call: &Call) -> Result<Reply, Refusal> {
        let host = self.host_numbered(number).map_err(|_| Refusal::NO_OBJECT)?;
        match call {
            // A host is no COM object.
            Call::QueryInterface { .. } | Call::Release {} => return Err(Refusal::NO_OBJECT),
            // They free memory of the caller's process: there is nobody who could refuse, and nothing to see.
            Call::VssFreeSnapshotProperties { .. } | Call::VssFreeSnapshotPropertiesInternal { .. } => {
                return Ok(Reply::OK);
            }
            call if !call.method().interface.is_empty() => return Err(Refusal::NOT_CARRIED_OUT),
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
                let asked = is_snapshotted(&mut self.world, host, pwsz_volume_name.as_deref());
                let (pb_snapshots_present, pl_snapshot_capability) = asked?;
                Out::IsVolumeSnapshotted { pb_snapshots_present, pl_snapshot_capability }
            }
            Call::IsVolumeSnapshottedInternal { pwsz_volume_name, .. } => {
                let asked = is_snapshotted(&mut self.world, host, pwsz_volume_name.as_deref());
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

/// Whether anybody keeps a copy of the volume, and what must not be done to the volume meanwhile. VSS knows the copies on
/// LUNs itself; no method of a hardware provider tells of anything that they disable.
fn is_snapshotted(world: &mut World, host: usize, name: Option<&str>) -> Result<(bool, i32), Refusal> {
    let volume = transitions::volume_to_ask_about(world, host, name)?;
    let name = World::volume_name(volume);
    let mut present = world.snapshots.of_volume(host, &name).any(|copy| !copy.luns.is_empty());
    let mut disabled = SnapshotCompatibility::empty();
    let providers = world.software_of(host).filter(|registered| registered.kind == ProviderKind::Software);
    for provider in providers.map(|registered| registered.id).collect::<Vec<_>>() {
        let call = ProviderCall::SoftwareIsVolumeSnapshotted {
            pwsz_volume_name: Some(name.clone()),
            pb_snapshots_present: Ptr::Valid,
            pl_snapshot_compatibility: Ptr::Valid,
        };
        if let Some(ProviderOut::SoftwareIsVolumeSnapshotted {
            pb_snapshots_present: true,
            pl_snapshot_compatibility,
        }) = world.ask_provider(host, provider, &call)?.out
        {
            present = true;
            disabled |= SnapshotCompatibility::from_bits_retain(pl_snapshot_compatibility.cast_unsigned());
        }
    }
    Ok((present, disabled.bits().cast_signed()))
}
