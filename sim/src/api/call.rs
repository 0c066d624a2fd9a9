//! The requester's side: one variant for each documented method of vsbackup.h and vss.h, and of what vswriter.h says of
//! metadata and components, in the order of the spec.
//!
//! Fields carry the documented names in snake_case. A string that may be NULL is an `Option`, a counted array a `Vec`,
//! and where a method writes a value the call says what the pointer is. An object keeps its number whatever interface it
//! is seen through, so `IUnknown::QueryInterface` names the interface and hands out nothing.

use super::methods::methods;
use super::{
    BackupType, ComponentInfo, ComponentType, FileRestoreStatus, FileTime, Guid, HResult, HardwareOptions,
    Method, Object, ObjectProp, ObjectType, ProviderId, Ptr, RecoveryOptions, RestoreMethod, RestoreTarget,
    RestoreType, RollForwardType, SessionId, SnapshotContext, SnapshotId, SnapshotProp, SnapshotSetId,
    SourceType, Text, UsageType, VolumeSnapshotAttributes, WriterId, WriterInstanceId, WriterRestore,
    WriterState,
};

methods! {
    /// A call of a requester on an [`Object`].
    call Call;
    /// What a successful [`Call`] wrote through its out-pointers.
    out Out;

    "" {
        CreateVssBackupComponents = "CreateVssBackupComponents" () [pp_backup] -> (pp_backup: Object);
        CreateVssBackupComponentsInternal = "CreateVssBackupComponentsInternal" () [pp_backup] -> (pp_backup: Object);
        CreateVssExamineWriterMetadata = "CreateVssExamineWriterMetadata" (bstr_xml: Option<Text>) [pp_metadata] -> (pp_metadata: Object);
        CreateVssExamineWriterMetadataInternal = "CreateVssExamineWriterMetadataInternal" (bstr_xml: Option<Text>) [pp_metadata] -> (pp_metadata: Object);
        IsVolumeSnapshotted = "IsVolumeSnapshotted" (pwsz_volume_name: Option<Text>) [pb_snapshots_present, pl_snapshot_capability] -> (pb_snapshots_present: bool, pl_snapshot_capability: i32);
        IsVolumeSnapshottedInternal = "IsVolumeSnapshottedInternal" (pwsz_volume_name: Option<Text>) [pb_snapshots_present, pl_snapshot_capability] -> (pb_snapshots_present: bool, pl_snapshot_capability: i32);
        ShouldBlockRevert = "ShouldBlockRevert" (wsz_volume_name: Option<Text>) [pb_block] -> (pb_block: bool);
        VssFreeSnapshotProperties = "VssFreeSnapshotProperties" (p_prop: Box<SnapshotProp>) [] -> ();
        VssFreeSnapshotPropertiesInternal = "VssFreeSnapshotPropertiesInternal" (p_prop: Box<SnapshotProp>) [] -> ();
    }
    "IVssBackupComponents" {
        AbortBackup = "AbortBackup" () [] -> ();
        AddAlternativeLocationMapping = "AddAlternativeLocationMapping" (writer_id: WriterId, component_type: ComponentType, wsz_logical_path: Option<Text>, wsz_component_name: Option<Text>, wsz_path: Option<Text>, wsz_filespec: Option<Text>, b_recursive: bool, wsz_destination: Option<Text>) [] -> ();
        AddComponent = "AddComponent" (instance_id: WriterInstanceId, writer_id: WriterId, ct: ComponentType, wsz_logical_path: Option<Text>, wsz_component_name: Option<Text>) [] -> ();
        AddNewTarget = "AddNewTarget" (writer_id: WriterId, ct: ComponentType, wsz_logical_path: Option<Text>, wsz_component_name: Option<Text>, wsz_path: Option<Text>, wsz_file_name: Option<Text>, b_recursive: bool, wsz_alternate_path: Option<Text>) [] -> ();
        AddRestoreSubcomponent = "AddRestoreSubcomponent" (writer_id: WriterId, component_type: ComponentType, wsz_logical_path: Option<Text>, wsz_component_name: Option<Text>, wsz_sub_component_logical_path: Option<Text>, wsz_sub_component_name: Option<Text>, b_repair: bool) [] -> ();
        AddToSnapshotSet = "AddToSnapshotSet" (pwsz_volume_name: Option<Text>, provider_id: ProviderId) [pid_snapshot] -> (pid_snapshot: SnapshotId);
        BackupComplete = "BackupComplete" () [pp_async] -> (pp_async: Object);
        BreakSnapshotSet = "BreakSnapshotSet" (snapshot_set_id: SnapshotSetId) [] -> ();
        DeleteSnapshots = "DeleteSnapshots" (source_object_id: Guid, e_source_object_type: ObjectType, b_force_delete: bool) [pl_deleted_snapshots, p_nondeleted_snapshot_id] -> (pl_deleted_snapshots: i32, p_nondeleted_snapshot_id: SnapshotId);
        DisableWriterClasses = "DisableWriterClasses" (rg_writer_class_id: Vec<WriterId>) [] -> ();
        DisableWriterInstances = "DisableWriterInstances" (rg_writer_instance_id: Vec<WriterInstanceId>) [] -> ();
        DoSnapshotSet = "DoSnapshotSet" () [pp_async] -> (pp_async: Object);
        EnableWriterClasses = "EnableWriterClasses" (rg_writer_class_id: Vec<WriterId>) [] -> ();
        ExposeSnapshot = "ExposeSnapshot" (snapshot_id: SnapshotId, wsz_path_from_root: Option<Text>, l_attributes: VolumeSnapshotAttributes, wsz_expose: Option<Text>) [pwsz_exposed] -> (pwsz_exposed: Text);
        FreeWriterMetadata = "FreeWriterMetadata" () [] -> ();
        FreeWriterStatus = "FreeWriterStatus" () [] -> ();
        GatherWriterMetadata = "GatherWriterMetadata" () [p_async] -> (p_async: Object);
        GatherWriterStatus = "GatherWriterStatus" () [p_async] -> (p_async: Object);
        GetSnapshotProperties = "GetSnapshotProperties" (snapshot_id: SnapshotId) [p_prop] -> (p_prop: Box<SnapshotProp>);
        GetWriterComponents = "GetWriterComponents" (i_writer: u32) [pp_writer] -> (pp_writer: Object);
        GetWriterComponentsCount = "GetWriterComponentsCount" () [pc_components] -> (pc_components: u32);
        GetWriterMetadata = "GetWriterMetadata" (i_writer: u32) [pid_instance, pp_metadata] -> (pid_instance: WriterInstanceId, pp_metadata: Object);
        GetWriterMetadataCount = "GetWriterMetadataCount" () [pc_writers] -> (pc_writers: u32);
        GetWriterStatus = "GetWriterStatus" (i_writer: u32) [pid_instance, pid_writer, pbstr_writer, pn_status, ph_result_failure] -> (pid_instance: WriterInstanceId, pid_writer: WriterId, pbstr_writer: Text, pn_status: WriterState, ph_result_failure: HResult);
        GetWriterStatusCount = "GetWriterStatusCount" () [pc_writers] -> (pc_writers: u32);
        ImportSnapshots = "ImportSnapshots" () [pp_async] -> (pp_async: Object);
        InitializeForBackup = "InitializeForBackup" (bstr_xml: Option<Text>) [] -> ();
        InitializeForRestore = "InitializeForRestore" (bstr_xml: Option<Text>) [] -> ();
        IsVolumeSupported = "IsVolumeSupported" (provider_id: ProviderId, pwsz_volume_name: Option<Text>) [pb_supported_by_this_provider] -> (pb_supported_by_this_provider: bool);
        PostRestore = "PostRestore" () [pp_async] -> (pp_async: Object);
        PrepareForBackup = "PrepareForBackup" () [pp_async] -> (pp_async: Object);
        PreRestore = "PreRestore" () [pp_async] -> (pp_async: Object);
        Query = "Query" (queried_object_id: Guid, e_queried_object_type: ObjectType, e_returned_objects_type: ObjectType) [pp_enum] -> (pp_enum: Object);
        QueryRevertStatus = "QueryRevertStatus" (pwsz_volume: Option<Text>) [pp_async] -> (pp_async: Object);
        RevertToSnapshot = "RevertToSnapshot" (snapshot_id: SnapshotId, b_force_dismount: bool) [] -> ();
        SaveAsXML = "SaveAsXML" () [pbstr_xml] -> (pbstr_xml: Text);
        SetAdditionalRestores = "SetAdditionalRestores" (writer_id: WriterId, ct: ComponentType, wsz_logical_path: Option<Text>, wsz_component_name: Option<Text>, b_additional_restores: bool) [] -> ();
        SetBackupOptions = "SetBackupOptions" (writer_id: WriterId, ct: ComponentType, wsz_logical_path: Option<Text>, wsz_component_name: Option<Text>, wsz_backup_options: Option<Text>) [] -> ();
        SetBackupState = "SetBackupState" (b_select_components: bool, b_backup_bootable_system_state: bool, backup_type: BackupType, b_partial_file_support: bool) [] -> ();
        SetBackupSucceeded = "SetBackupSucceeded" (instance_id: WriterInstanceId, writer_id: WriterId, ct: ComponentType, wsz_logical_path: Option<Text>, wsz_component_name: Option<Text>, b_succeded: bool) [] -> ();
        SetContext = "SetContext" (l_context: SnapshotContext) [] -> ();
        SetFileRestoreStatus = "SetFileRestoreStatus" (writer_id: WriterId, ct: ComponentType, wsz_logical_path: Option<Text>, wsz_component_name: Option<Text>, status: FileRestoreStatus) [] -> ();
        SetPreviousBackupStamp = "SetPreviousBackupStamp" (writer_id: WriterId, ct: ComponentType, wsz_logical_path: Option<Text>, wsz_component_name: Option<Text>, wsz_previous_backup_stamp: Option<Text>) [] -> ();
        SetRangesFilePath = "SetRangesFilePath" (writer_id: WriterId, ct: ComponentType, wsz_logical_path: Option<Text>, wsz_component_name: Option<Text>, i_partial_file: u32, wsz_ranges_file: Option<Text>) [] -> ();
        SetRestoreOptions = "SetRestoreOptions" (writer_id: WriterId, ct: ComponentType, wsz_logical_path: Option<Text>, wsz_component_name: Option<Text>, wsz_restore_options: Option<Text>) [] -> ();
        SetRestoreState = "SetRestoreState" (restore_type: RestoreType) [] -> ();
        SetSelectedForRestore = "SetSelectedForRestore" (writer_id: WriterId, ct: ComponentType, wsz_logical_path: Option<Text>, wsz_component_name: Option<Text>, b_selected_for_restore: bool) [] -> ();
        StartSnapshotSet = "StartSnapshotSet" () [p_snapshot_set_id] -> (p_snapshot_set_id: SnapshotSetId);
    }
    "IVssBackupComponentsEx" {
        GetWriterMetadataEx = "GetWriterMetadataEx" (i_writer: u32) [pid_instance, pp_metadata] -> (pid_instance: WriterInstanceId, pp_metadata: Object);
        SetSelectedForRestoreEx = "SetSelectedForRestoreEx" (writer_id: WriterId, ct: ComponentType, wsz_logical_path: Option<Text>, wsz_component_name: Option<Text>, b_selected_for_restore: bool, instance_id: WriterInstanceId) [] -> ();
    }
    "IVssBackupComponentsEx2" {
        BreakSnapshotSetEx = "BreakSnapshotSetEx" (snapshot_set_id: SnapshotSetId, dw_break_flags: HardwareOptions) [pp_async] -> (pp_async: Object);
        FastRecovery = "FastRecovery" (snapshot_set_id: SnapshotSetId, dw_fast_recovery_flags: u32) [pp_async] -> (pp_async: Object);
        PreFastRecovery = "PreFastRecovery" (snapshot_set_id: SnapshotSetId, dw_pre_fast_recovery_flags: u32) [pp_async] -> (pp_async: Object);
        SetAuthoritativeRestore = "SetAuthoritativeRestore" (writer_id: WriterId, ct: ComponentType, wsz_logical_path: Option<Text>, wsz_component_name: Option<Text>, b_auth: bool) [] -> ();
        SetRestoreName = "SetRestoreName" (writer_id: WriterId, ct: ComponentType, wsz_logical_path: Option<Text>, wsz_component_name: Option<Text>, wsz_restore_name: Option<Text>) [] -> ();
        SetRollForward = "SetRollForward" (writer_id: WriterId, ct: ComponentType, wsz_logical_path: Option<Text>, wsz_component_name: Option<Text>, roll_type: RollForwardType, wsz_roll_forward_point: Option<Text>) [] -> ();
        UnexposeSnapshot = "UnexposeSnapshot" (snapshot_id: SnapshotId) [] -> ();
    }
    "IVssBackupComponentsEx3" {
        AddSnapshotToRecoverySet = "AddSnapshotToRecoverySet" (snapshot_id: SnapshotId, dw_flags: u32, pwsz_destination_volume: Option<Text>) [] -> ();
        GetSessionId = "GetSessionId" () [id_session] -> (id_session: SessionId);
        GetWriterStatusEx = "GetWriterStatusEx" (i_writer: u32) [pid_instance, pid_writer, pbstr_writer, pn_status, phr_failure_writer, phr_application, pbstr_application_message] -> (pid_instance: WriterInstanceId, pid_writer: WriterId, pbstr_writer: Text, pn_status: WriterState, phr_failure_writer: HResult, phr_application: Option<HResult>, pbstr_application_message: Option<Text>);
        RecoverSet = "RecoverSet" (dw_flags: RecoveryOptions) [pp_async] -> (pp_async: Object);
    }
    "IVssBackupComponentsEx4" {
        GetRootAndLogicalPrefixPaths = "GetRootAndLogicalPrefixPaths" (pwsz_file_path: Option<Text>, b_normalize_fqdn_for_root_path: bool) [ppwsz_root_path, ppwsz_logical_prefix] -> (ppwsz_root_path: Text, ppwsz_logical_prefix: Text);
    }
    "IVssExamineWriterMetadata" {
        GetAlternateLocationMapping = "GetAlternateLocationMapping" (i_mapping: u32) [pp_filedesc] -> (pp_filedesc: Object);
        GetBackupSchema = "GetBackupSchema" () [pdw_schema_mask] -> (pdw_schema_mask: u32);
        GetComponent = "GetComponent" (i_component: u32) [pp_component] -> (pp_component: Object);
        GetDocument = "GetDocument" () [p_doc] -> (p_doc: Object);
        GetExcludeFile = "GetExcludeFile" (i_file: u32) [pp_filedesc] -> (pp_filedesc: Object);
        GetFileCounts = "GetFileCounts" () [pc_include_files, pc_exclude_files, pc_components] -> (pc_include_files: u32, pc_exclude_files: u32, pc_components: u32);
        GetIdentity = "GetIdentity" () [pid_instance, pid_writer, pbstr_writer_name, p_usage, p_source] -> (pid_instance: WriterInstanceId, pid_writer: WriterId, pbstr_writer_name: Text, p_usage: UsageType, p_source: SourceType);
        GetIncludeFile = "GetIncludeFile" (i_file: u32) [pp_filedesc] -> (pp_filedesc: Object);
        GetRestoreMethod = "GetRestoreMethod" () [p_method, pbstr_service, pbstr_user_procedure, pwriter_restore, pb_reboot_required, pc_mappings] -> (p_method: RestoreMethod, pbstr_service: Text, pbstr_user_procedure: Text, pwriter_restore: WriterRestore, pb_reboot_required: bool, pc_mappings: u32);
        LoadFromXML = "LoadFromXML" (bstr_xml: Option<Text>) [] -> ();
        ExamineSaveAsXML = "SaveAsXML" () [pbstr_xml] -> (pbstr_xml: Text);
    }
    "IVssExamineWriterMetadataEx" {
        GetIdentityEx = "GetIdentityEx" () [pid_instance, pid_writer, pbstr_writer_name, pbstr_instance_name, p_usage, p_source] -> (pid_instance: WriterInstanceId, pid_writer: WriterId, pbstr_writer_name: Text, pbstr_instance_name: Text, p_usage: UsageType, p_source: SourceType);
    }
    "IVssExamineWriterMetadataEx2" {
        GetExcludeFromSnapshotCount = "GetExcludeFromSnapshotCount" () [pc_excluded_from_snapshot] -> (pc_excluded_from_snapshot: u32);
        GetExcludeFromSnapshotFile = "GetExcludeFromSnapshotFile" (i_file: u32) [pp_filedesc] -> (pp_filedesc: Object);
        GetVersion = "GetVersion" () [pdw_major_version, pdw_minor_version] -> (pdw_major_version: u32, pdw_minor_version: u32);
    }
    "IVssWMComponent" {
        FreeComponentInfo = "FreeComponentInfo" (p_info: Box<ComponentInfo>) [] -> ();
        GetComponentInfo = "GetComponentInfo" () [pp_info] -> (pp_info: Box<ComponentInfo>);
        GetDatabaseFile = "GetDatabaseFile" (i_db_file: u32) [pp_filedesc] -> (pp_filedesc: Object);
        GetDatabaseLogFile = "GetDatabaseLogFile" (i_db_log_file: u32) [pp_filedesc] -> (pp_filedesc: Object);
        GetDependency = "GetDependency" (i_dependency: u32) [pp_dependency] -> (pp_dependency: Object);
        GetFile = "GetFile" (i_file: u32) [pp_filedesc] -> (pp_filedesc: Object);
    }
    "IVssWMDependency" {
        DependencyGetComponentName = "GetComponentName" () [pbstr_component_name] -> (pbstr_component_name: Text);
        DependencyGetLogicalPath = "GetLogicalPath" () [pbstr_logical_path] -> (pbstr_logical_path: Text);
        GetWriterId = "GetWriterId" () [p_writer_id] -> (p_writer_id: WriterId);
    }
    "IVssWMFiledesc" {
        GetAlternateLocation = "GetAlternateLocation" () [pbstr_alternate_location] -> (pbstr_alternate_location: Text);
        GetBackupTypeMask = "GetBackupTypeMask" () [pdw_type_mask] -> (pdw_type_mask: u32);
        GetFilespec = "GetFilespec" () [pbstr_filespec] -> (pbstr_filespec: Text);
        GetPath = "GetPath" () [pbstr_path] -> (pbstr_path: Text);
        GetRecursive = "GetRecursive" () [pb_recursive] -> (pb_recursive: bool);
    }
    "IVssComponent" {
        AddDifferencedFilesByLastModifyLSN = "AddDifferencedFilesByLastModifyLSN" (wsz_path: Option<Text>, wsz_filespec: Option<Text>, b_recursive: bool, bstr_lsn_string: Option<Text>) [] -> ();
        AddDifferencedFilesByLastModifyTime = "AddDifferencedFilesByLastModifyTime" (wsz_path: Option<Text>, wsz_filespec: Option<Text>, b_recursive: bool, ft_last_modify_time: FileTime) [] -> ();
        AddDirectedTarget = "AddDirectedTarget" (wsz_source_path: Option<Text>, wsz_source_filename: Option<Text>, wsz_source_range_list: Option<Text>, wsz_destination_path: Option<Text>, wsz_destination_filename: Option<Text>, wsz_destination_range_list: Option<Text>) [] -> ();
        AddPartialFile = "AddPartialFile" (wsz_path: Option<Text>, wsz_filename: Option<Text>, wsz_ranges: Option<Text>, wsz_metadata: Option<Text>) [] -> ();
        GetAdditionalRestores = "GetAdditionalRestores" () [pb_additional_restores] -> (pb_additional_restores: bool);
        ComponentGetAlternateLocationMapping = "GetAlternateLocationMapping" (i_mapping: u32) [pp_filedesc] -> (pp_filedesc: Object);
        GetAlternateLocationMappingCount = "GetAlternateLocationMappingCount" () [pc_mappings] -> (pc_mappings: u32);
        GetBackupMetadata = "GetBackupMetadata" () [pbstr_data] -> (pbstr_data: Text);
        GetBackupOptions = "GetBackupOptions" () [pbstr_backup_options] -> (pbstr_backup_options: Text);
        GetBackupStamp = "GetBackupStamp" () [pbstr_backup_stamp] -> (pbstr_backup_stamp: Text);
        GetBackupSucceeded = "GetBackupSucceeded" () [pb_succeeded] -> (pb_succeeded: bool);
        GetComponentName = "GetComponentName" () [pbstr_name] -> (pbstr_name: Text);
        GetComponentType = "GetComponentType" () [pct] -> (pct: ComponentType);
        GetDifferencedFile = "GetDifferencedFile" (i_differenced_file: u32) [pbstr_path, pbstr_filespec, pb_recursive, pbstr_lsn_string, pft_last_modify_time] -> (pbstr_path: Text, pbstr_filespec: Text, pb_recursive: bool, pbstr_lsn_string: Text, pft_last_modify_time: FileTime);
        GetDifferencedFilesCount = "GetDifferencedFilesCount" () [pc_differenced_files] -> (pc_differenced_files: u32);
        GetDirectedTarget = "GetDirectedTarget" (i_directed_target: u32) [pbstr_source_path, pbstr_source_file_name, pbstr_source_range_list, pbstr_destination_path, pbstr_destination_filename, pbstr_destination_range_list] -> (pbstr_source_path: Text, pbstr_source_file_name: Text, pbstr_source_range_list: Text, pbstr_destination_path: Text, pbstr_destination_filename: Text, pbstr_destination_range_list: Text);
        GetDirectedTargetCount = "GetDirectedTargetCount" () [pc_directed_target] -> (pc_directed_target: u32);
        GetFileRestoreStatus = "GetFileRestoreStatus" () [p_status] -> (p_status: FileRestoreStatus);
        GetLogicalPath = "GetLogicalPath" () [pbstr_path] -> (pbstr_path: Text);
        GetNewTarget = "GetNewTarget" (i_new_target: u32) [pp_filedesc] -> (pp_filedesc: Object);
        GetNewTargetCount = "GetNewTargetCount" () [pc_new_target] -> (pc_new_target: u32);
        GetPartialFile = "GetPartialFile" (i_partial_file: u32) [pbstr_path, pbstr_filename, pbstr_range, pbstr_metadata] -> (pbstr_path: Text, pbstr_filename: Text, pbstr_range: Text, pbstr_metadata: Text);
        GetPartialFileCount = "GetPartialFileCount" () [pc_partial_files] -> (pc_partial_files: u32);
        GetPostRestoreFailureMsg = "GetPostRestoreFailureMsg" () [pbstr_post_restore_failure_msg] -> (pbstr_post_restore_failure_msg: Text);
        GetPreRestoreFailureMsg = "GetPreRestoreFailureMsg" () [pbstr_pre_restore_failure_msg] -> (pbstr_pre_restore_failure_msg: Text);
        GetPreviousBackupStamp = "GetPreviousBackupStamp" () [pbstr_backup_stamp] -> (pbstr_backup_stamp: Text);
        GetRestoreMetadata = "GetRestoreMetadata" () [pbstr_restore_metadata] -> (pbstr_restore_metadata: Text);
        GetRestoreOptions = "GetRestoreOptions" () [pbstr_restore_options] -> (pbstr_restore_options: Text);
        GetRestoreSubcomponent = "GetRestoreSubcomponent" (i_component: u32) [pbstr_logical_path, pbstr_component_name, pb_repair] -> (pbstr_logical_path: Text, pbstr_component_name: Text, pb_repair: bool);
        GetRestoreSubcomponentCount = "GetRestoreSubcomponentCount" () [pc_restore_subcomponent] -> (pc_restore_subcomponent: u32);
        GetRestoreTarget = "GetRestoreTarget" () [p_target] -> (p_target: RestoreTarget);
        IsSelectedForRestore = "IsSelectedForRestore" () [pb_selected_for_restore] -> (pb_selected_for_restore: bool);
        SetBackupMetadata = "SetBackupMetadata" (wsz_data: Option<Text>) [] -> ();
        SetBackupStamp = "SetBackupStamp" (wsz_backup_stamp: Option<Text>) [] -> ();
        SetPostRestoreFailureMsg = "SetPostRestoreFailureMsg" (wsz_post_restore_failure_msg: Option<Text>) [] -> ();
        SetPreRestoreFailureMsg = "SetPreRestoreFailureMsg" (wsz_pre_restore_failure_msg: Option<Text>) [] -> ();
        SetRestoreMetadata = "SetRestoreMetadata" (wsz_restore_metadata: Option<Text>) [] -> ();
        SetRestoreTarget = "SetRestoreTarget" (target: RestoreTarget) [] -> ();
    }
    "IVssComponentEx" {
        GetAuthoritativeRestore = "GetAuthoritativeRestore" () [pb_auth] -> (pb_auth: bool);
        GetPostSnapshotFailureMsg = "GetPostSnapshotFailureMsg" () [pbstr_failure_msg] -> (pbstr_failure_msg: Text);
        GetPrepareForBackupFailureMsg = "GetPrepareForBackupFailureMsg" () [pbstr_failure_msg] -> (pbstr_failure_msg: Text);
        GetRestoreName = "GetRestoreName" () [pbstr_name] -> (pbstr_name: Text);
        GetRollForward = "GetRollForward" () [p_roll_type, pbstr_point] -> (p_roll_type: RollForwardType, pbstr_point: Text);
        SetPostSnapshotFailureMsg = "SetPostSnapshotFailureMsg" (wsz_failure_msg: Option<Text>) [] -> ();
        SetPrepareForBackupFailureMsg = "SetPrepareForBackupFailureMsg" (wsz_failure_msg: Option<Text>) [] -> ();
    }
    "IVssComponentEx2" {
        GetFailure = "GetFailure" () [phr, phr_application, pbstr_application_message, pdw_reserved] -> (phr: HResult, phr_application: HResult, pbstr_application_message: Text, pdw_reserved: u32);
        SetFailure = "SetFailure" (hr: HResult, hr_application: HResult, wsz_application_message: Option<Text>, dw_reserved: u32) [] -> ();
    }
    "IVssWriterComponents" {
        WriterGetComponent = "GetComponent" (i_component: u32) [pp_component] -> (pp_component: Object);
        GetComponentCount = "GetComponentCount" () [pc_components] -> (pc_components: u32);
        GetWriterInfo = "GetWriterInfo" () [pid_instance, pid_writer] -> (pid_instance: WriterInstanceId, pid_writer: WriterId);
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
        QueryInterface = "QueryInterface" (riid: Option<Text>) [] -> ();
        Release = "Release" () [] -> ();
    }
}
