//! What writers say of themselves, as a requester reads it.

use super::interface::interfaces;
use super::types::{
    BSTR, DWORD, HRESULT, IXMLDOMDocument, PVSSCOMPONENTINFO, UINT, VSS_ID, VSS_RESTOREMETHOD_ENUM,
    VSS_SOURCE_TYPE, VSS_USAGE_TYPE, VSS_WRITERRESTORE_ENUM, boolean,
};
use super::unknown::IUnknown;
use uuid::uuid;

/// Hands the table of these interfaces to a macro, which makes of it what it needs: vtables, a server, a client.
macro_rules! metadata_interfaces {
    ($then:ident $($head:tt)*) => { $then! { $($head)*
    IVssExamineWriterMetadata: IUnknown = Some(uuid!("902fcf7f-b7fd-42f8-81f1-b2e400b1e5bd")) => {
        GetIdentity(
            out pid_instance: *mut VSS_ID, out pid_writer: *mut VSS_ID, out pbstr_writer_name: *mut BSTR,
            out p_usage: *mut VSS_USAGE_TYPE, out p_source: *mut VSS_SOURCE_TYPE
        );
        GetFileCounts(
            out pc_include_files: *mut UINT, out pc_exclude_files: *mut UINT, out pc_components: *mut UINT
        );
        GetIncludeFile(in i_file: UINT, out pp_filedesc: *mut *mut IVssWMFiledesc);
        GetExcludeFile(in i_file: UINT, out pp_filedesc: *mut *mut IVssWMFiledesc);
        GetComponent(in i_component: UINT, out pp_component: *mut *mut IVssWMComponent);
        GetRestoreMethod(
            out p_method: *mut VSS_RESTOREMETHOD_ENUM, out pbstr_service: *mut BSTR,
            out pbstr_user_procedure: *mut BSTR, out pwriter_restore: *mut VSS_WRITERRESTORE_ENUM,
            out pb_reboot_required: *mut boolean, out pc_mappings: *mut UINT
        );
        GetAlternateLocationMapping(in i_mapping: UINT, out pp_filedesc: *mut *mut IVssWMFiledesc);
        GetBackupSchema(out pdw_schema_mask: *mut DWORD);
        #[by_hand] GetDocument(out p_doc: *mut *mut IXMLDOMDocument);
        #[call = ExamineSaveAsXML] SaveAsXML(out pbstr_xml: *mut BSTR);
        LoadFromXML(in bstr_xml: BSTR);
    }
    IVssExamineWriterMetadataEx: IVssExamineWriterMetadata = Some(uuid!("0c0e5ec0-ca44-472b-b702-e652db1c0451")) => {
        GetIdentityEx(
            out pid_instance: *mut VSS_ID, out pid_writer: *mut VSS_ID, out pbstr_writer_name: *mut BSTR,
            out pbstr_instance_name: *mut BSTR, out p_usage: *mut VSS_USAGE_TYPE,
            out p_source: *mut VSS_SOURCE_TYPE
        );
    }
    IVssExamineWriterMetadataEx2: IVssExamineWriterMetadataEx = Some(uuid!("ce115780-a611-431b-b57f-c38303ab6aee")) => {
        GetVersion(out pdw_major_version: *mut DWORD, out pdw_minor_version: *mut DWORD);
        GetExcludeFromSnapshotCount(out pc_excluded_from_snapshot: *mut UINT);
        GetExcludeFromSnapshotFile(in i_file: UINT, out pp_filedesc: *mut *mut IVssWMFiledesc);
    }
    IVssWMComponent: IUnknown = None => {
        #[by_hand] GetComponentInfo(out pp_info: *mut PVSSCOMPONENTINFO);
        #[by_hand] FreeComponentInfo(in p_info: PVSSCOMPONENTINFO);
        GetFile(in i_file: UINT, out pp_filedesc: *mut *mut IVssWMFiledesc);
        GetDatabaseFile(in i_db_file: UINT, out pp_filedesc: *mut *mut IVssWMFiledesc);
        GetDatabaseLogFile(in i_db_log_file: UINT, out pp_filedesc: *mut *mut IVssWMFiledesc);
        GetDependency(in i_dependency: UINT, out pp_dependency: *mut *mut IVssWMDependency);
    }
    IVssWMFiledesc: IUnknown = None => {
        GetPath(out pbstr_path: *mut BSTR);
        GetFilespec(out pbstr_filespec: *mut BSTR);
        GetRecursive(out pb_recursive: *mut boolean);
        GetAlternateLocation(out pbstr_alternate_location: *mut BSTR);
        GetBackupTypeMask(out pdw_type_mask: *mut DWORD);
    }
    IVssWMDependency: IUnknown = None => {
        GetWriterId(out p_writer_id: *mut VSS_ID);
        #[call = DependencyGetLogicalPath] GetLogicalPath(out pbstr_logical_path: *mut BSTR);
        #[call = DependencyGetComponentName] GetComponentName(out pbstr_component_name: *mut BSTR);
    }
    } };
}

metadata_interfaces!(interfaces);
pub(crate) use metadata_interfaces;
