//! A requester's side: the service, the operations behind `IVssAsync`, enumerators.

use super::component::IVssWriterComponentsExt;
use super::interface::interfaces;
use super::metadata::{IVssExamineWriterMetadata, IVssExamineWriterMetadataEx};
use super::types::{
    BOOL, BSTR, DWORD, HRESULT, INT, LONG, LPCWSTR, UINT, ULONG, VSS_BACKUP_TYPE, VSS_COMPONENT_TYPE,
    VSS_FILE_RESTORE_STATUS, VSS_ID, VSS_OBJECT_PROP, VSS_OBJECT_TYPE, VSS_PWSZ, VSS_RESTORE_TYPE,
    VSS_ROLLFORWARD_TYPE, VSS_SNAPSHOT_PROP, VSS_WRITER_STATE, boolean,
};
use super::unknown::IUnknown;
use uuid::uuid;

/// Hands the table of these interfaces to a macro, which makes of it what it needs: vtables, a server, a client.
macro_rules! requester_interfaces {
    ($then:ident $($head:tt)*) => { $then! { $($head)*
    IVssBackupComponents: IUnknown = Some(uuid!("665c1d5f-c218-414d-a05d-7fef5f9d5c86")) => {
        GetWriterComponentsCount(out pc_components: *mut UINT);
        GetWriterComponents(in i_writer: UINT, out pp_writer: *mut *mut IVssWriterComponentsExt);
        InitializeForBackup(in bstr_xml: BSTR);
        SetBackupState(
            in b_select_components: boolean, in b_backup_bootable_system_state: boolean,
            in backup_type: VSS_BACKUP_TYPE, in b_partial_file_support: boolean
        );
        InitializeForRestore(in bstr_xml: BSTR);
        SetRestoreState(in restore_type: VSS_RESTORE_TYPE);
        GatherWriterMetadata(out p_async: *mut *mut IVssAsync);
        GetWriterMetadataCount(out pc_writers: *mut UINT);
        GetWriterMetadata(
            in i_writer: UINT, out pid_instance: *mut VSS_ID,
            out pp_metadata: *mut *mut IVssExamineWriterMetadata
        );
        FreeWriterMetadata();
        AddComponent(
            in instance_id: VSS_ID, in writer_id: VSS_ID, in ct: VSS_COMPONENT_TYPE,
            in wsz_logical_path: LPCWSTR, in wsz_component_name: LPCWSTR
        );
        PrepareForBackup(out pp_async: *mut *mut IVssAsync);
        AbortBackup();
        GatherWriterStatus(out p_async: *mut *mut IVssAsync);
        GetWriterStatusCount(out pc_writers: *mut UINT);
        FreeWriterStatus();
        GetWriterStatus(
            in i_writer: UINT, out pid_instance: *mut VSS_ID, out pid_writer: *mut VSS_ID,
            out pbstr_writer: *mut BSTR, out pn_status: *mut VSS_WRITER_STATE,
            out ph_result_failure: *mut HRESULT
        );
        SetBackupSucceeded(
            in instance_id: VSS_ID, in writer_id: VSS_ID, in ct: VSS_COMPONENT_TYPE,
            in wsz_logical_path: LPCWSTR, in wsz_component_name: LPCWSTR, in b_succeded: boolean
        );
        SetBackupOptions(
            in writer_id: VSS_ID, in ct: VSS_COMPONENT_TYPE, in wsz_logical_path: LPCWSTR,
            in wsz_component_name: LPCWSTR, in wsz_backup_options: LPCWSTR
        );
        SetSelectedForRestore(
            in writer_id: VSS_ID, in ct: VSS_COMPONENT_TYPE, in wsz_logical_path: LPCWSTR,
            in wsz_component_name: LPCWSTR, in b_selected_for_restore: boolean
        );
        SetRestoreOptions(
            in writer_id: VSS_ID, in ct: VSS_COMPONENT_TYPE, in wsz_logical_path: LPCWSTR,
            in wsz_component_name: LPCWSTR, in wsz_restore_options: LPCWSTR
        );
        SetAdditionalRestores(
            in writer_id: VSS_ID, in ct: VSS_COMPONENT_TYPE, in wsz_logical_path: LPCWSTR,
            in wsz_component_name: LPCWSTR, in b_additional_restores: boolean
        );
        SetPreviousBackupStamp(
            in writer_id: VSS_ID, in ct: VSS_COMPONENT_TYPE, in wsz_logical_path: LPCWSTR,
            in wsz_component_name: LPCWSTR, in wsz_previous_backup_stamp: LPCWSTR
        );
        SaveAsXML(out pbstr_xml: *mut BSTR);
        BackupComplete(out pp_async: *mut *mut IVssAsync);
        AddAlternativeLocationMapping(
            in writer_id: VSS_ID, in component_type: VSS_COMPONENT_TYPE, in wsz_logical_path: LPCWSTR,
            in wsz_component_name: LPCWSTR, in wsz_path: LPCWSTR, in wsz_filespec: LPCWSTR,
            in b_recursive: boolean, in wsz_destination: LPCWSTR
        );
        AddRestoreSubcomponent(
            in writer_id: VSS_ID, in component_type: VSS_COMPONENT_TYPE, in wsz_logical_path: LPCWSTR,
            in wsz_component_name: LPCWSTR, in wsz_sub_component_logical_path: LPCWSTR,
            in wsz_sub_component_name: LPCWSTR, in b_repair: boolean
        );
        SetFileRestoreStatus(
            in writer_id: VSS_ID, in ct: VSS_COMPONENT_TYPE, in wsz_logical_path: LPCWSTR,
            in wsz_component_name: LPCWSTR, in status: VSS_FILE_RESTORE_STATUS
        );
        AddNewTarget(
            in writer_id: VSS_ID, in ct: VSS_COMPONENT_TYPE, in wsz_logical_path: LPCWSTR,
            in wsz_component_name: LPCWSTR, in wsz_path: LPCWSTR, in wsz_file_name: LPCWSTR,
            in b_recursive: boolean, in wsz_alternate_path: LPCWSTR
        );
        SetRangesFilePath(
            in writer_id: VSS_ID, in ct: VSS_COMPONENT_TYPE, in wsz_logical_path: LPCWSTR,
            in wsz_component_name: LPCWSTR, in i_partial_file: UINT, in wsz_ranges_file: LPCWSTR
        );
        PreRestore(out pp_async: *mut *mut IVssAsync);
        PostRestore(out pp_async: *mut *mut IVssAsync);
        SetContext(in l_context: LONG);
        StartSnapshotSet(out p_snapshot_set_id: *mut VSS_ID);
        AddToSnapshotSet(in pwsz_volume_name: VSS_PWSZ, in provider_id: VSS_ID, out pid_snapshot: *mut VSS_ID);
        DoSnapshotSet(out pp_async: *mut *mut IVssAsync);
        DeleteSnapshots(
            in source_object_id: VSS_ID, in e_source_object_type: VSS_OBJECT_TYPE, in b_force_delete: BOOL,
            out pl_deleted_snapshots: *mut LONG, out p_nondeleted_snapshot_id: *mut VSS_ID
        );
        ImportSnapshots(out pp_async: *mut *mut IVssAsync);
        BreakSnapshotSet(in snapshot_set_id: VSS_ID);
        GetSnapshotProperties(in snapshot_id: VSS_ID, out p_prop: *mut VSS_SNAPSHOT_PROP);
        Query(
            in queried_object_id: VSS_ID, in e_queried_object_type: VSS_OBJECT_TYPE,
            in e_returned_objects_type: VSS_OBJECT_TYPE, out pp_enum: *mut *mut IVssEnumObject
        );
        IsVolumeSupported(
            in provider_id: VSS_ID, in pwsz_volume_name: VSS_PWSZ,
            out pb_supported_by_this_provider: *mut BOOL
        );
        #[by_hand] DisableWriterClasses(in rg_writer_class_id: *const VSS_ID, in c_class_id: UINT);
        #[by_hand] EnableWriterClasses(in rg_writer_class_id: *const VSS_ID, in c_class_id: UINT);
        #[by_hand] DisableWriterInstances(in rg_writer_instance_id: *const VSS_ID, in c_instance_id: UINT);
        ExposeSnapshot(
            in snapshot_id: VSS_ID, in wsz_path_from_root: VSS_PWSZ, in l_attributes: LONG,
            in wsz_expose: VSS_PWSZ, out pwsz_exposed: *mut VSS_PWSZ
        );
        RevertToSnapshot(in snapshot_id: VSS_ID, in b_force_dismount: BOOL);
        QueryRevertStatus(in pwsz_volume: VSS_PWSZ, out pp_async: *mut *mut IVssAsync);
    }
    IVssBackupComponentsEx: IVssBackupComponents = Some(uuid!("963f03ad-9e4c-4a34-ac15-e4b6174e5036")) => {
        GetWriterMetadataEx(
            in i_writer: UINT, out pid_instance: *mut VSS_ID,
            out pp_metadata: *mut *mut IVssExamineWriterMetadataEx
        );
        SetSelectedForRestoreEx(
            in writer_id: VSS_ID, in ct: VSS_COMPONENT_TYPE, in wsz_logical_path: LPCWSTR,
            in wsz_component_name: LPCWSTR, in b_selected_for_restore: boolean, in instance_id: VSS_ID
        );
    }
    IVssBackupComponentsEx2: IVssBackupComponentsEx = Some(uuid!("acfe2b3a-22c9-4ef8-bd03-2f9ca230084e")) => {
        UnexposeSnapshot(in snapshot_id: VSS_ID);
        SetAuthoritativeRestore(
            in writer_id: VSS_ID, in ct: VSS_COMPONENT_TYPE, in wsz_logical_path: LPCWSTR,
            in wsz_component_name: LPCWSTR, in b_auth: boolean
        );
        SetRollForward(
            in writer_id: VSS_ID, in ct: VSS_COMPONENT_TYPE, in wsz_logical_path: LPCWSTR,
            in wsz_component_name: LPCWSTR, in roll_type: VSS_ROLLFORWARD_TYPE,
            in wsz_roll_forward_point: LPCWSTR
        );
        SetRestoreName(
            in writer_id: VSS_ID, in ct: VSS_COMPONENT_TYPE, in wsz_logical_path: LPCWSTR,
            in wsz_component_name: LPCWSTR, in wsz_restore_name: LPCWSTR
        );
        BreakSnapshotSetEx(
            in snapshot_set_id: VSS_ID, in dw_break_flags: DWORD, out pp_async: *mut *mut IVssAsync
        );
        PreFastRecovery(
            in snapshot_set_id: VSS_ID, in dw_pre_fast_recovery_flags: DWORD,
            out pp_async: *mut *mut IVssAsync
        );
        FastRecovery(
            in snapshot_set_id: VSS_ID, in dw_fast_recovery_flags: DWORD, out pp_async: *mut *mut IVssAsync
        );
    }
    IVssBackupComponentsEx3: IVssBackupComponentsEx2 = Some(uuid!("c191bfbc-b602-4675-8bd1-67d642f529d5")) => {
        GetWriterStatusEx(
            in i_writer: UINT, out pid_instance: *mut VSS_ID, out pid_writer: *mut VSS_ID,
            out pbstr_writer: *mut BSTR, out pn_status: *mut VSS_WRITER_STATE,
            out phr_failure_writer: *mut HRESULT, out phr_application: *mut HRESULT,
            out pbstr_application_message: *mut BSTR
        );
        AddSnapshotToRecoverySet(
            in snapshot_id: VSS_ID, in dw_flags: DWORD, in pwsz_destination_volume: VSS_PWSZ
        );
        RecoverSet(in dw_flags: DWORD, out pp_async: *mut *mut IVssAsync);
        GetSessionId(out id_session: *mut VSS_ID);
    }
    IVssBackupComponentsEx4: IVssBackupComponentsEx3 = Some(uuid!("f434c2fd-b553-4961-a9f9-a8e90b673e53")) => {
        GetRootAndLogicalPrefixPaths(
            in pwsz_file_path: VSS_PWSZ, out ppwsz_root_path: *mut VSS_PWSZ,
            out ppwsz_logical_prefix: *mut VSS_PWSZ, in b_normalize_fqdn_for_root_path: BOOL
        );
    }
    IVssAsync: IUnknown = Some(uuid!("507c37b4-cf5b-4e95-b0af-14eb9767467e")) => {
        Cancel();
        Wait(in dw_milliseconds: DWORD);
        QueryStatus(out p_hr_result: *mut HRESULT, out p_reserved: *mut INT);
    }
    IVssEnumObject: IUnknown = Some(uuid!("ae1c7110-2f60-11d3-8a39-00c04f72d8e3")) => {
        #[by_hand] Next(in celt: ULONG, out rgelt: *mut VSS_OBJECT_PROP, out pcelt_fetched: *mut ULONG);
        Skip(in celt: ULONG);
        Reset();
        Clone(out ppenum: *mut *mut IVssEnumObject);
    }
    } };
}

requester_interfaces!(interfaces);
pub(crate) use requester_interfaces;
