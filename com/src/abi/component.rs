//! A writer's components in a backup or a restore.

use super::interface::interfaces;
use super::metadata::IVssWMFiledesc;
use super::types::{
    BOOL, BSTR, DWORD, FILETIME, HRESULT, LPCWSTR, UINT, VSS_COMPONENT_TYPE, VSS_FILE_RESTORE_STATUS, VSS_ID,
    VSS_RESTORE_TARGET, VSS_ROLLFORWARD_TYPE, boolean,
};
use super::unknown::{IUnknown, Nothing};
use uuid::uuid;

/// Hands the table of these interfaces to a macro, which makes of it what it needs: vtables, a server, a client.
macro_rules! component_interfaces {
    ($then:ident $($head:tt)*) => { $then! { $($head)*
    IVssWriterComponents: Nothing = None => {
        GetComponentCount(out pc_components: *mut UINT);
        GetWriterInfo(out pid_instance: *mut VSS_ID, out pid_writer: *mut VSS_ID);
        #[call = WriterGetComponent] GetComponent(in i_component: UINT, out pp_component: *mut *mut IVssComponent);
    }
    IVssComponent: IUnknown = Some(uuid!("d2c72c96-c121-4518-b627-e5a93d010ead")) => {
        GetLogicalPath(out pbstr_path: *mut BSTR);
        GetComponentType(out pct: *mut VSS_COMPONENT_TYPE);
        GetComponentName(out pbstr_name: *mut BSTR);
        GetBackupSucceeded(out pb_succeeded: *mut boolean);
        GetAlternateLocationMappingCount(out pc_mappings: *mut UINT);
        #[call = ComponentGetAlternateLocationMapping] GetAlternateLocationMapping(in i_mapping: UINT, out pp_filedesc: *mut *mut IVssWMFiledesc);
        SetBackupMetadata(in wsz_data: LPCWSTR);
        GetBackupMetadata(out pbstr_data: *mut BSTR);
        AddPartialFile(
            in wsz_path: LPCWSTR, in wsz_filename: LPCWSTR, in wsz_ranges: LPCWSTR, in wsz_metadata: LPCWSTR
        );
        GetPartialFileCount(out pc_partial_files: *mut UINT);
        GetPartialFile(
            in i_partial_file: UINT, out pbstr_path: *mut BSTR, out pbstr_filename: *mut BSTR,
            out pbstr_range: *mut BSTR, out pbstr_metadata: *mut BSTR
        );
        IsSelectedForRestore(out pb_selected_for_restore: *mut boolean);
        GetAdditionalRestores(out pb_additional_restores: *mut boolean);
        GetNewTargetCount(out pc_new_target: *mut UINT);
        GetNewTarget(in i_new_target: UINT, out pp_filedesc: *mut *mut IVssWMFiledesc);
        AddDirectedTarget(
            in wsz_source_path: LPCWSTR, in wsz_source_filename: LPCWSTR, in wsz_source_range_list: LPCWSTR,
            in wsz_destination_path: LPCWSTR, in wsz_destination_filename: LPCWSTR,
            in wsz_destination_range_list: LPCWSTR
        );
        GetDirectedTargetCount(out pc_directed_target: *mut UINT);
        GetDirectedTarget(
            in i_directed_target: UINT, out pbstr_source_path: *mut BSTR,
            out pbstr_source_file_name: *mut BSTR, out pbstr_source_range_list: *mut BSTR,
            out pbstr_destination_path: *mut BSTR, out pbstr_destination_filename: *mut BSTR,
            out pbstr_destination_range_list: *mut BSTR
        );
        SetRestoreMetadata(in wsz_restore_metadata: LPCWSTR);
        GetRestoreMetadata(out pbstr_restore_metadata: *mut BSTR);
        SetRestoreTarget(in target: VSS_RESTORE_TARGET);
        GetRestoreTarget(out p_target: *mut VSS_RESTORE_TARGET);
        SetPreRestoreFailureMsg(in wsz_pre_restore_failure_msg: LPCWSTR);
        GetPreRestoreFailureMsg(out pbstr_pre_restore_failure_msg: *mut BSTR);
        SetPostRestoreFailureMsg(in wsz_post_restore_failure_msg: LPCWSTR);
        GetPostRestoreFailureMsg(out pbstr_post_restore_failure_msg: *mut BSTR);
        SetBackupStamp(in wsz_backup_stamp: LPCWSTR);
        GetBackupStamp(out pbstr_backup_stamp: *mut BSTR);
        GetPreviousBackupStamp(out pbstr_backup_stamp: *mut BSTR);
        GetBackupOptions(out pbstr_backup_options: *mut BSTR);
        GetRestoreOptions(out pbstr_restore_options: *mut BSTR);
        GetRestoreSubcomponentCount(out pc_restore_subcomponent: *mut UINT);
        GetRestoreSubcomponent(
            in i_component: UINT, out pbstr_logical_path: *mut BSTR, out pbstr_component_name: *mut BSTR,
            out pb_repair: *mut boolean
        );
        GetFileRestoreStatus(out p_status: *mut VSS_FILE_RESTORE_STATUS);
        AddDifferencedFilesByLastModifyTime(
            in wsz_path: LPCWSTR, in wsz_filespec: LPCWSTR, in b_recursive: BOOL,
            in ft_last_modify_time: FILETIME
        );
        AddDifferencedFilesByLastModifyLSN(
            in wsz_path: LPCWSTR, in wsz_filespec: LPCWSTR, in b_recursive: BOOL, in bstr_lsn_string: BSTR
        );
        GetDifferencedFilesCount(out pc_differenced_files: *mut UINT);
        GetDifferencedFile(
            in i_differenced_file: UINT, out pbstr_path: *mut BSTR, out pbstr_filespec: *mut BSTR,
            out pb_recursive: *mut BOOL, out pbstr_lsn_string: *mut BSTR,
            out pft_last_modify_time: *mut FILETIME
        );
    }
    IVssComponentEx: IVssComponent = Some(uuid!("156c8b5e-f131-4bd7-9c97-d1923be7e1fa")) => {
        SetPrepareForBackupFailureMsg(in wsz_failure_msg: LPCWSTR);
        SetPostSnapshotFailureMsg(in wsz_failure_msg: LPCWSTR);
        GetPrepareForBackupFailureMsg(out pbstr_failure_msg: *mut BSTR);
        GetPostSnapshotFailureMsg(out pbstr_failure_msg: *mut BSTR);
        GetAuthoritativeRestore(out pb_auth: *mut boolean);
        GetRollForward(out p_roll_type: *mut VSS_ROLLFORWARD_TYPE, out pbstr_point: *mut BSTR);
        GetRestoreName(out pbstr_name: *mut BSTR);
    }
    IVssComponentEx2: IVssComponentEx = Some(uuid!("3b5be0f2-07a9-4e4b-bdd3-cfdc8e2c0d2d")) => {
        SetFailure(
            in hr: HRESULT, in hr_application: HRESULT, in wsz_application_message: LPCWSTR,
            in dw_reserved: DWORD
        );
        GetFailure(
            out phr: *mut HRESULT, out phr_application: *mut HRESULT, out pbstr_application_message: *mut BSTR,
            out pdw_reserved: *mut DWORD
        );
    }
    } };
}

component_interfaces!(interfaces);
pub(crate) use component_interfaces;

/// A pointer to this is a pointer to an `IVssWriterComponentsExt`.
///
/// The interface has two bases, so an object begins with two pointers to vtables: calls of `IVssWriterComponents` come
/// with the address of the first, those of `IUnknown` with that of the second.
#[repr(C)]
#[derive(Debug)]
pub struct IVssWriterComponentsExt {
    /// The writer and its components.
    pub components: IVssWriterComponents,
    /// The references to the object.
    pub unknown: IUnknown,
}
