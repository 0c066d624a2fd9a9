//! Which arguments a provider cannot work with: pointers to nothing and counts that contradict their arrays.

use crate::api::{Guid, HResult, ObjectType, ProviderCall};

/// Checks the arguments of a call.
///
/// # Errors
/// `E_INVALIDARG`, or what `ResyncLuns` answers instead: it documents no such code, and looks for itself.
pub(super) fn check(call: &ProviderCall) -> Result<(), HResult> {
    let counts = |count: i32, lens: &[usize]| {
        usize::try_from(count).is_ok_and(|count| count > 0 && lens.iter().all(|len| *len == count))
    };
    let sound = call.bad_pointer().is_none()
        && call.snapshot_set_id().is_none_or(|set| is_some(set.0))
        && match call {
            ProviderCall::AreLunsSupported { l_lun_count, rgwsz_devices, p_lun_information, .. } => {
                counts(*l_lun_count, &[rgwsz_devices.len(), p_lun_information.len()])
            }
            ProviderCall::BeginPrepareSnapshot {
                snapshot_id,
                l_lun_count,
                rg_device_names,
                rg_lun_information,
                ..
            } => {
                is_some(snapshot_id.0)
                    && counts(*l_lun_count, &[rg_device_names.len(), rg_lun_information.len()])
            }
            ProviderCall::GetTargetLuns {
                l_lun_count,
                rg_device_names,
                rg_source_luns,
                rg_destination_luns,
            } => counts(
                *l_lun_count,
                &[rg_device_names.len(), rg_source_luns.len(), rg_destination_luns.len()],
            ),
            ProviderCall::LocateLuns { l_lun_count, rg_source_luns } => {
                counts(*l_lun_count, &[rg_source_luns.len()])
            }
            ProviderCall::OnLunStateChange { p_snapshot_luns, p_original_luns, dw_count, .. } => {
                let count = i32::try_from(*dw_count).unwrap_or(0);
                counts(count, &[p_snapshot_luns.len(), p_original_luns.len()])
            }
            _ => of_copies(call),
        };
    if sound { Ok(()) } else { Err(HResult::E_INVALIDARG) }
}

/// The arguments of the software and file share interfaces but for the names of volumes and shares.
fn of_copies(call: &ProviderCall) -> bool {
    match call {
        ProviderCall::SoftwareDeleteSnapshots { source_object_id, e_source_object_type, .. }
        | ProviderCall::FileShareDeleteSnapshots { source_object_id, e_source_object_type, .. } => {
            is_some(*source_object_id)
                && [ObjectType::SNAPSHOT, ObjectType::SNAPSHOT_SET].contains(e_source_object_type)
        }
        ProviderCall::SoftwareBeginPrepareSnapshot { snapshot_id, .. }
        | ProviderCall::FileShareBeginPrepareSnapshot { snapshot_id, .. }
        | ProviderCall::SoftwareGetSnapshotProperties { snapshot_id, .. }
        | ProviderCall::FileShareGetSnapshotProperties { snapshot_id, .. }
        | ProviderCall::SoftwareSetSnapshotProperty { snapshot_id, .. }
        | ProviderCall::FileShareSetSnapshotProperty { snapshot_id, .. }
        | ProviderCall::SoftwareRevertToSnapshot { snapshot_id } => is_some(snapshot_id.0),
        ProviderCall::SoftwareQuery {
            queried_object_id,
            e_queried_object_type,
            e_returned_objects_type,
            ..
        }
        | ProviderCall::FileShareQuery {
            queried_object_id,
            e_queried_object_type,
            e_returned_objects_type,
            ..
        } => {
            !is_some(*queried_object_id)
                && *e_queried_object_type == ObjectType::NONE
                && *e_returned_objects_type == ObjectType::SNAPSHOT
        }
        _ => true,
    }
}

fn is_some(id: Guid) -> bool {
    !id.is_nil()
}
