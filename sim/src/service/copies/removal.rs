//! How shadow copies leave: their provider gets OnLunEmpty for each LUN on which no other lies.

use crate::api::{Call, HResult, ObjectType, Out, ProviderCall, ProviderId, Reply, SnapshotId};
use crate::storage::LunId;

use super::locate;
use super::snapshots::Snapshot;
use crate::service::Refusal;
use crate::service::simulator::Simulator;
use crate::service::world::World;

impl Simulator {
    /// Deletes copies one after the other. The first that cannot be deleted ends it: what has gone by then stays gone, and
    /// the caller learns how many these are and which one it was.
    pub(in crate::service) fn delete_one_by_one(&mut self, copies: &[SnapshotId], force: bool) -> Reply {
        let told = |deleted, not_deleted| Out::DeleteSnapshots {
            pl_deleted_snapshots: deleted,
            p_nondeleted_snapshot_id: not_deleted,
        };
        for (deleted, copy) in (0..).zip(copies) {
            if let Err(refusal) = delete_on_request(&mut self.world, *copy, force) {
                let call = Call::delete_snapshots(copy.0, ObjectType::SNAPSHOT, force);
                self.last_refusal = Some((call.method(), refusal));
                return Reply { hresult: refusal.code, out: Some(told(deleted, *copy)) };
            }
        }
        Reply::ok(told(i32::try_from(copies.len()).unwrap_or(i32::MAX), SnapshotId::NULL))
    }
}

/// Deletes a copy because a requester says so: whatever its provider objects is told, and the copy stays known, so that the
/// call can be repeated. The name of an exposed copy goes with it, forced or not, as in DiskShadow.
fn delete_on_request(world: &mut World, id: SnapshotId, force: bool) -> Result<(), Refusal> {
    let Some(snapshot) = world.snapshots.get(id) else { return Ok(()) };
    let (host, provider) = (snapshot.host, snapshot.description.provider_id);
    let emptied: Vec<LunId> =
        snapshot.luns.iter().copied().filter(|lun| world.snapshots.lies_alone(*lun)).collect();
    let released = if world.is_software(provider) {
        let call = software_call(snapshot, force);
        world.ask_provider(host, provider, &call).map(drop)
    } else if !force && emptied.iter().any(|lun| world.is_lun_open(host, *lun)) {
        let message = format!("shadow copy {id} is open in another program: close it, or delete by force");
        world.log(HResult::VSS_E_PROVIDER_VETO, &message);
        Err(Refusal::inferred(
            HResult::VSS_E_PROVIDER_VETO,
            "another program holds the copy's disk, and nothing is to be tried against that",
        ))
    } else {
        emptied.iter().try_for_each(|lun| give_back(world, host, provider, *lun))
    };
    if released.is_ok() {
        world.snapshots.remove(id);
    }
    world.rescan();
    released
}

/// Deletes a shadow copy because its time is over. Nobody is there who could be told that it was not possible: the event
/// log tells of what is left.
pub(in crate::service) fn delete(world: &mut World, id: SnapshotId) {
    let is_software = |copy: &Snapshot| world.is_software(copy.description.provider_id);
    if world.snapshots.get(id).is_some_and(is_software) {
        return delete_of_software(world, id);
    }
    let Some(snapshot) = world.snapshots.remove(id) else { return };
    let provider = snapshot.description.provider_id;
    for lun in &snapshot.luns {
        if !world.snapshots.lies_on(*lun) {
            let name = world.lun_name(*lun);
            if let Err(refusal) = give_back(world, snapshot.host, provider, *lun) {
                let message =
                    format!("LUN {name} of a deleted shadow copy may be left: delete it on its array");
                world.log(refusal.code, &message);
            }
        }
    }
    world.rescan();
}

/// A copy that its software provider still has stays known: nothing else leads to it, and it can be deleted by request. Only
/// one whose creation was given up is nobody's, like those of a set that its provider has not aborted.
fn delete_of_software(world: &mut World, id: SnapshotId) {
    let Some(snapshot) = world.snapshots.get(id) else { return };
    let (host, provider, was_made) = (snapshot.host, snapshot.description.provider_id, snapshot.complete);
    let call = software_call(snapshot, true);
    let answer = world.ask_provider(host, provider, &call);
    let is_left = world.snapshots.get(id).is_some_and(|copy| !world.is_lost(copy));
    if let Err(refusal) = answer
        && is_left
    {
        let name = world.provider_name(provider);
        let message = format!(
            "shadow copy {id} is left, as provider {name} has not deleted it: see the provider's own log"
        );
        world.log(refusal.code, &message);
        if was_made {
            return;
        }
    }
    world.snapshots.remove(id);
}

impl World {
    /// What a provider has given up is no longer in the catalogue.
    pub(in crate::service) fn forget_lost_copies(&mut self, host: usize, provider: ProviderId) {
        let of_provider = |copy: &&Snapshot| copy.host == host && copy.description.provider_id == provider;
        let copies = self.snapshots.iter().filter(of_provider);
        let lost: Vec<SnapshotId> =
            copies.filter(|copy| self.is_lost(copy)).map(|copy| copy.description.snapshot_id).collect();
        for id in lost {
            self.snapshots.remove(id);
        }
    }

    /// Whether the software provider that has made the copy does not show it (any more).
    pub(in crate::service) fn is_lost(&self, copy: &Snapshot) -> bool {
        let provider = copy.description.provider_id;
        let Some(device) = copy.device_object().filter(|_| self.is_software(provider)) else { return false };
        let of_provider = self.software.iter().filter(|registered| registered.id == provider);
        let mut processes = of_provider.filter_map(|registered| registered.on_host.get(copy.host));
        !processes.any(|process| process.shows(&device).is_some())
    }
}

/// What deletes a copy of a volume or of a share.
fn software_call(snapshot: &Snapshot, b_force_delete: bool) -> ProviderCall {
    let delete = if snapshot.is_of_share() {
        ProviderCall::delete_share_snapshots
    } else {
        ProviderCall::delete_volume_snapshots
    };
    delete(snapshot.description.snapshot_id.0, ObjectType::SNAPSHOT, b_force_delete)
}

/// Tells the provider that a LUN holds nothing any more. There is nothing to tell of one that it does not know (any more).
fn give_back(world: &mut World, host: usize, provider: ProviderId, lun: LunId) -> Result<(), Refusal> {
    let device = world.device_name(host, lun);
    let information = world.information(host, lun);
    let known = locate::recognise(world, host, provider, Some(device.clone()), information)?;
    let Some(p_information) = known else { return Ok(()) };
    let call = ProviderCall::OnLunEmpty { wsz_device_name: Some(device), p_information };
    let given_back = world.ask_provider(host, provider, &call).map(drop);
    if let Err(refusal) = given_back
        && !world.is_registered(host, provider)
    {
        let name = world.lun_name(lun);
        world.log(refusal.code, &format!("LUN {name} cannot be given back: its provider is gone"));
    }
    given_back
}
