//! The provider's side: one variant for each documented method of vsprov.h, and the `IVssAsync` and
//! `IVssEnumObject` that a provider hands out.
//!
//! The names of the software and file share interfaces collide with others and carry a prefix.

use super::methods::methods;
use super::{
    Guid, HResult, HardwareOptions, LunInformation, Method, Object, ObjectProp, ObjectType, ProviderId, Ptr,
    SnapshotContext, SnapshotId, SnapshotProp, SnapshotPropertyId, SnapshotSetId, Text, Variant,
};

methods! {
    /// A call of VSS on a provider.
    call ProviderCall;
    /// What a successful [`ProviderCall`] wrote through its out-pointers.
    out ProviderOut;

    "IVssHardwareSnapshotProvider" {
        AreLunsSupported = "AreLunsSupported" (l_lun_count: i32, l_context: SnapshotContext, rgwsz_devices: Vec<Text>, p_lun_information: Vec<LunInformation>) [pb_is_supported] -> (p_lun_information: Vec<LunInformation>, pb_is_supported: bool);
        BeginPrepareSnapshot = "BeginPrepareSnapshot" (snapshot_set_id: SnapshotSetId, snapshot_id: SnapshotId, l_context: SnapshotContext, l_lun_count: i32, rg_device_names: Vec<Text>, rg_lun_information: Vec<LunInformation>) [] -> (rg_lun_information: Vec<LunInformation>);
        FillInLunInfo = "FillInLunInfo" (wsz_device_name: Option<Text>, p_lun_info: LunInformation) [pb_is_supported] -> (p_lun_info: LunInformation, pb_is_supported: bool);
        GetTargetLuns = "GetTargetLuns" (l_lun_count: i32, rg_device_names: Vec<Text>, rg_source_luns: Vec<LunInformation>, rg_destination_luns: Vec<LunInformation>) [] -> (rg_destination_luns: Vec<LunInformation>);
        LocateLuns = "LocateLuns" (l_lun_count: i32, rg_source_luns: Vec<LunInformation>) [] -> ();
        OnLunEmpty = "OnLunEmpty" (wsz_device_name: Option<Text>, p_information: LunInformation) [] -> ();
    }
    "IVssHardwareSnapshotProviderEx" {
        GetProviderCapabilities = "GetProviderCapabilities" () [pll_original_capability_mask] -> (pll_original_capability_mask: u64);
        OnLunStateChange = "OnLunStateChange" (p_snapshot_luns: Vec<LunInformation>, p_original_luns: Vec<LunInformation>, dw_count: u32, dw_flags: HardwareOptions) [] -> ();
        OnReuseLuns = "OnReuseLuns" (p_snapshot_luns: Vec<LunInformation>, p_original_luns: Vec<LunInformation>, dw_count: u32) [] -> ();
        ResyncLuns = "ResyncLuns" (p_source_luns: Vec<LunInformation>, p_target_luns: Vec<LunInformation>, dw_count: u32) [pp_async] -> (pp_async: Object);
    }
    "IVssProviderCreateSnapshotSet" {
        EndPrepareSnapshots = "EndPrepareSnapshots" (snapshot_set_id: SnapshotSetId) [] -> ();
        PreCommitSnapshots = "PreCommitSnapshots" (snapshot_set_id: SnapshotSetId) [] -> ();
        CommitSnapshots = "CommitSnapshots" (snapshot_set_id: SnapshotSetId) [] -> ();
        PostCommitSnapshots = "PostCommitSnapshots" (snapshot_set_id: SnapshotSetId, l_snapshots_count: i32) [] -> ();
        PreFinalCommitSnapshots = "PreFinalCommitSnapshots" (snapshot_set_id: SnapshotSetId) [] -> ();
        PostFinalCommitSnapshots = "PostFinalCommitSnapshots" (snapshot_set_id: SnapshotSetId) [] -> ();
        AbortSnapshots = "AbortSnapshots" (snapshot_set_id: SnapshotSetId) [] -> ();
    }
    "IVssProviderNotifications" {
        OnLoad = "OnLoad" (p_callback: Ptr) [] -> ();
        OnUnload = "OnUnload" (b_force_unload: bool) [] -> ();
    }
    "IVssSoftwareSnapshotProvider" {
        SoftwareBeginPrepareSnapshot = "BeginPrepareSnapshot" (snapshot_set_id: SnapshotSetId, snapshot_id: SnapshotId, pwsz_volume_name: Option<Text>, l_new_context: SnapshotContext) [] -> ();
        SoftwareDeleteSnapshots = "DeleteSnapshots" (source_object_id: Guid, e_source_object_type: ObjectType, b_force_delete: bool) [pl_deleted_snapshots, p_nondeleted_snapshot_id] -> (pl_deleted_snapshots: i32, p_nondeleted_snapshot_id: SnapshotId);
        SoftwareGetSnapshotProperties = "GetSnapshotProperties" (snapshot_id: SnapshotId) [p_prop] -> (p_prop: Box<SnapshotProp>);
        SoftwareIsVolumeSnapshotted = "IsVolumeSnapshotted" (pwsz_volume_name: Option<Text>) [pb_snapshots_present, pl_snapshot_compatibility] -> (pb_snapshots_present: bool, pl_snapshot_compatibility: i32);
        SoftwareIsVolumeSupported = "IsVolumeSupported" (pwsz_volume_name: Option<Text>) [pb_supported_by_this_provider] -> (pb_supported_by_this_provider: bool);
        SoftwareQuery = "Query" (queried_object_id: Guid, e_queried_object_type: ObjectType, e_returned_objects_type: ObjectType) [pp_enum] -> (pp_enum: Object);
        SoftwareQueryRevertStatus = "QueryRevertStatus" (pwsz_volume: Option<Text>) [pp_async] -> (pp_async: Object);
        SoftwareRevertToSnapshot = "RevertToSnapshot" (snapshot_id: SnapshotId) [] -> ();
        SoftwareSetContext = "SetContext" (l_context: SnapshotContext) [] -> ();
        SoftwareSetSnapshotProperty = "SetSnapshotProperty" (snapshot_id: SnapshotId, e_snapshot_property_id: SnapshotPropertyId, v_property: Variant) [] -> ();
    }
    "IVssFileShareSnapshotProvider" {
        FileShareBeginPrepareSnapshot = "BeginPrepareSnapshot" (snapshot_set_id: SnapshotSetId, snapshot_id: SnapshotId, pwsz_share_path: Option<Text>, l_new_context: SnapshotContext, provider_id: ProviderId) [] -> ();
        FileShareDeleteSnapshots = "DeleteSnapshots" (source_object_id: Guid, e_source_object_type: ObjectType, b_force_delete: bool) [pl_deleted_snapshots, p_nondeleted_snapshot_id] -> (pl_deleted_snapshots: i32, p_nondeleted_snapshot_id: SnapshotId);
        FileShareGetSnapshotProperties = "GetSnapshotProperties" (snapshot_id: SnapshotId) [p_prop] -> (p_prop: Box<SnapshotProp>);
        FileShareIsPathSnapshotted = "IsPathSnapshotted" (pwsz_share_path: Option<Text>) [pb_snapshots_present, pl_snapshot_compatibility] -> (pb_snapshots_present: bool, pl_snapshot_compatibility: i32);
        FileShareIsPathSupported = "IsPathSupported" (pwsz_share_path: Option<Text>) [pb_supported_by_this_provider] -> (pb_supported_by_this_provider: bool);
        FileShareQuery = "Query" (queried_object_id: Guid, e_queried_object_type: ObjectType, e_returned_objects_type: ObjectType) [pp_enum] -> (pp_enum: Object);
        FileShareSetContext = "SetContext" (l_context: SnapshotContext) [] -> ();
        FileShareSetSnapshotProperty = "SetSnapshotProperty" (snapshot_id: SnapshotId, e_snapshot_property_id: SnapshotPropertyId, v_property: Variant) [] -> ();
    }
    "IVssAsync" {
        Cancel = "Cancel" () [] -> ();
        QueryStatus = "QueryStatus" () [p_hr_result, p_reserved] -> (p_hr_result: HResult, p_reserved: Option<i32>);
        Wait = "Wait" (dw_milliseconds: u32) [] -> ();
    }
    "IVssEnumObject" {
        Clone = "Clone" () [ppenum] -> (ppenum: Object);
        Next = "Next" (celt: u32) [rgelt, pcelt_fetched] -> (rgelt: Vec<ObjectProp>, pcelt_fetched: u32);
        Reset = "Reset" () [] -> ();
        Skip = "Skip" (celt: u32) [] -> ();
    }
    "IUnknown" {
        Release = "Release" () [] -> ();
    }
}

impl ProviderCall {
    /// The set whose copies this call makes, if it is one of [`ProviderCall::making_copies`].
    pub const fn makes_copies_of(&self) -> Option<SnapshotSetId> {
        match self {
            Self::EndPrepareSnapshots { snapshot_set_id }
            | Self::PreCommitSnapshots { snapshot_set_id }
            | Self::CommitSnapshots { snapshot_set_id }
            | Self::PostCommitSnapshots { snapshot_set_id, .. }
            | Self::PreFinalCommitSnapshots { snapshot_set_id }
            | Self::PostFinalCommitSnapshots { snapshot_set_id } => Some(*snapshot_set_id),
            _ => None,
        }
    }

    /// The set that the call is about.
    pub const fn snapshot_set_id(&self) -> Option<SnapshotSetId> {
        match self {
            Self::BeginPrepareSnapshot { snapshot_set_id, .. }
            | Self::SoftwareBeginPrepareSnapshot { snapshot_set_id, .. }
            | Self::FileShareBeginPrepareSnapshot { snapshot_set_id, .. }
            | Self::AbortSnapshots { snapshot_set_id } => Some(*snapshot_set_id),
            _ => self.makes_copies_of(),
        }
    }
}
