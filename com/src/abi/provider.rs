//! A provider's side.

use super::interface::interfaces;
use super::requester::{IVssAsync, IVssEnumObject};
use super::types::{
    BOOL, DWORD, HRESULT, LONG, ULONGLONG, VARIANT, VDS_LUN_INFORMATION, VSS_ID, VSS_OBJECT_TYPE, VSS_PWSZ,
    VSS_SNAPSHOT_PROP, VSS_SNAPSHOT_PROPERTY_ID,
};
use super::unknown::IUnknown;
use uuid::uuid;

/// Hands the table of a hardware provider's interfaces to a macro, which makes of it what it needs: vtables, a server, a
/// client.
macro_rules! hardware_interfaces {
    ($then:ident $($head:tt)*) => { $then! { $($head)*
    IVssHardwareSnapshotProvider: IUnknown = Some(uuid!("9593a157-44e9-4344-bbeb-44fbf9b06b10")) => {
        #[by_hand] AreLunsSupported(
            in l_lun_count: LONG, in l_context: LONG, in rgwsz_devices: *mut VSS_PWSZ,
            inout p_lun_information: *mut VDS_LUN_INFORMATION, out pb_is_supported: *mut BOOL
        );
        #[by_hand] FillInLunInfo(
            in wsz_device_name: VSS_PWSZ, inout p_lun_info: *mut VDS_LUN_INFORMATION,
            out pb_is_supported: *mut BOOL
        );
        #[by_hand] BeginPrepareSnapshot(
            in snapshot_set_id: VSS_ID, in snapshot_id: VSS_ID, in l_context: LONG, in l_lun_count: LONG,
            in rg_device_names: *mut VSS_PWSZ, inout rg_lun_information: *mut VDS_LUN_INFORMATION
        );
        #[by_hand] GetTargetLuns(
            in l_lun_count: LONG, in rg_device_names: *mut VSS_PWSZ,
            in rg_source_luns: *mut VDS_LUN_INFORMATION, inout rg_destination_luns: *mut VDS_LUN_INFORMATION
        );
        #[by_hand] LocateLuns(in l_lun_count: LONG, in rg_source_luns: *mut VDS_LUN_INFORMATION);
        #[by_hand] OnLunEmpty(in wsz_device_name: VSS_PWSZ, in p_information: *mut VDS_LUN_INFORMATION);
    }
    IVssHardwareSnapshotProviderEx: IVssHardwareSnapshotProvider = Some(uuid!("7f5ba925-cdb1-4d11-a71f-339eb7e709fd")) => {
        GetProviderCapabilities(out pll_original_capability_mask: *mut ULONGLONG);
        #[by_hand] OnLunStateChange(
            in p_snapshot_luns: *mut VDS_LUN_INFORMATION, in p_original_luns: *mut VDS_LUN_INFORMATION,
            in dw_count: DWORD, in dw_flags: DWORD
        );
        #[by_hand] ResyncLuns(
            in p_source_luns: *mut VDS_LUN_INFORMATION, in p_target_luns: *mut VDS_LUN_INFORMATION,
            in dw_count: DWORD, out pp_async: *mut *mut IVssAsync
        );
        #[by_hand] OnReuseLuns(
            in p_snapshot_luns: *mut VDS_LUN_INFORMATION, in p_original_luns: *mut VDS_LUN_INFORMATION,
            in dw_count: DWORD
        );
    }
    IVssProviderCreateSnapshotSet: IUnknown = Some(uuid!("5f894e5b-1e39-4778-8e23-9abad9f0e08c")) => {
        EndPrepareSnapshots(in snapshot_set_id: VSS_ID);
        PreCommitSnapshots(in snapshot_set_id: VSS_ID);
        CommitSnapshots(in snapshot_set_id: VSS_ID);
        PostCommitSnapshots(in snapshot_set_id: VSS_ID, in l_snapshots_count: LONG);
        PreFinalCommitSnapshots(in snapshot_set_id: VSS_ID);
        PostFinalCommitSnapshots(in snapshot_set_id: VSS_ID);
        AbortSnapshots(in snapshot_set_id: VSS_ID);
    }
    IVssProviderNotifications: IUnknown = Some(uuid!("e561901f-03a5-4afe-86d0-72baeece7004")) => {
        #[by_hand] OnLoad(in p_callback: *mut IUnknown);
        #[by_hand] OnUnload(in b_force_unload: BOOL);
    }
    } };
}

hardware_interfaces!(interfaces);
pub(crate) use hardware_interfaces;

interfaces! {
    IVssSoftwareSnapshotProvider: IUnknown = Some(uuid!("609e123e-2c5a-44d3-8f01-0b1d9a47d1ff")) => {
        SetContext(in l_context: LONG);
        GetSnapshotProperties(in snapshot_id: VSS_ID, out p_prop: *mut VSS_SNAPSHOT_PROP);
        Query(
            in queried_object_id: VSS_ID, in e_queried_object_type: VSS_OBJECT_TYPE,
            in e_returned_objects_type: VSS_OBJECT_TYPE, out pp_enum: *mut *mut IVssEnumObject
        );
        DeleteSnapshots(
            in source_object_id: VSS_ID, in e_source_object_type: VSS_OBJECT_TYPE, in b_force_delete: BOOL,
            out pl_deleted_snapshots: *mut LONG, out p_nondeleted_snapshot_id: *mut VSS_ID
        );
        BeginPrepareSnapshot(
            in snapshot_set_id: VSS_ID, in snapshot_id: VSS_ID, in pwsz_volume_name: VSS_PWSZ,
            in l_new_context: LONG
        );
        IsVolumeSupported(in pwsz_volume_name: VSS_PWSZ, out pb_supported_by_this_provider: *mut BOOL);
        IsVolumeSnapshotted(
            in pwsz_volume_name: VSS_PWSZ, out pb_snapshots_present: *mut BOOL,
            out pl_snapshot_compatibility: *mut LONG
        );
        SetSnapshotProperty(
            in snapshot_id: VSS_ID, in e_snapshot_property_id: VSS_SNAPSHOT_PROPERTY_ID,
            in v_property: VARIANT
        );
        RevertToSnapshot(in snapshot_id: VSS_ID);
        QueryRevertStatus(in pwsz_volume: VSS_PWSZ, out pp_async: *mut *mut IVssAsync);
    }
    IVssFileShareSnapshotProvider: IUnknown = Some(uuid!("c8636060-7c2e-11df-8c4a-0800200c9a66")) => {
        SetContext(in l_context: LONG);
        GetSnapshotProperties(in snapshot_id: VSS_ID, out p_prop: *mut VSS_SNAPSHOT_PROP);
        Query(
            in queried_object_id: VSS_ID, in e_queried_object_type: VSS_OBJECT_TYPE,
            in e_returned_objects_type: VSS_OBJECT_TYPE, out pp_enum: *mut *mut IVssEnumObject
        );
        DeleteSnapshots(
            in source_object_id: VSS_ID, in e_source_object_type: VSS_OBJECT_TYPE, in b_force_delete: BOOL,
            out pl_deleted_snapshots: *mut LONG, out p_nondeleted_snapshot_id: *mut VSS_ID
        );
        BeginPrepareSnapshot(
            in snapshot_set_id: VSS_ID, in snapshot_id: VSS_ID, in pwsz_share_path: VSS_PWSZ,
            in l_new_context: LONG, in provider_id: VSS_ID
        );
        IsPathSupported(in pwsz_share_path: VSS_PWSZ, out pb_supported_by_this_provider: *mut BOOL);
        IsPathSnapshotted(
            in pwsz_share_path: VSS_PWSZ, out pb_snapshots_present: *mut BOOL,
            out pl_snapshot_compatibility: *mut LONG
        );
        SetSnapshotProperty(
            in snapshot_id: VSS_ID, in e_snapshot_property_id: VSS_SNAPSHOT_PROPERTY_ID,
            in v_property: VARIANT
        );
    }
}
