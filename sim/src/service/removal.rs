//! How shadow copies leave: their provider gets OnLunEmpty for each LUN on which no other lies.

use crate::api::{ObjectType, ProviderCall, ProviderId, Ptr, SnapshotId};
use crate::storage::LunId;

use super::locate;
use super::world::World;

/// Deletes a shadow copy.
pub(super) fn delete(world: &mut World, id: SnapshotId) {
    let Some(snapshot) = world.snapshots.remove(id) else { return };
    let provider = snapshot.description.provider_id;
    if snapshot.is_of_share() {
        let call = ProviderCall::FileShareDeleteSnapshots {
            source_object_id: id.0,
            e_source_object_type: ObjectType::SNAPSHOT,
            b_force_delete: true,
            pl_deleted_snapshots: Ptr::Valid,
            p_nondeleted_snapshot_id: Ptr::Valid,
        };
        world.call_provider(snapshot.host, provider, &call);
        return;
    }
    if world.is_software(provider) {
        let call = ProviderCall::SoftwareDeleteSnapshots {
            source_object_id: id.0,
            e_source_object_type: ObjectType::SNAPSHOT,
            b_force_delete: true,
            pl_deleted_snapshots: Ptr::Valid,
            p_nondeleted_snapshot_id: Ptr::Valid,
        };
        world.call_provider(snapshot.host, provider, &call);
        return;
    }
    for lun in &snapshot.luns {
        if !world.snapshots.lies_on(*lun) {
            give_back(world, snapshot.host, provider, *lun);
        }
    }
    world.rescan();
}

/// Tells the provider that a LUN holds nothing any more. This is a best effort: a LUN that it does not know (any more) or
/// does not take back stays, and the event log tells of it.
fn give_back(world: &mut World, host: usize, provider: ProviderId, lun: LunId) {
    let (name, device) = (world.lun_name(lun), world.device_name(host, lun));
    let information = world.information(host, lun);
    let known = locate::recognise(world, host, provider, Some(device.clone()), information);
    let given_back = known.and_then(|known| {
        let Some(p_information) = known else { return Ok(()) };
        let call = ProviderCall::OnLunEmpty { wsz_device_name: Some(device), p_information };
        world.ask_provider(host, provider, &call).map(drop)
    });
    if let Err(refusal) = given_back {
        let message = format!("LUN {name} of a deleted shadow copy may be left: delete it on its array");
        world.log(refusal.code, &message);
    }
}
