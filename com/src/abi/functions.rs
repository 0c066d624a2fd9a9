//! The functions that `vssapi.dll` exports.

/// Hands the table of the exported functions to a macro: `Name = "exported as" (direction parameter: Type, ...);`. On x64
/// C functions keep their names, and those of C++ carry their types.
#[macro_export]
macro_rules! exported_functions {
    ($then:ident $($head:tt)*) => { $then! { $($head)*
        CreateVssBackupComponents = "?CreateVssBackupComponents@@YAJPEAPEAVIVssBackupComponents@@@Z" (
            out pp_backup: *mut *mut $crate::abi::IVssBackupComponents
        );
        CreateVssBackupComponentsInternal = "CreateVssBackupComponentsInternal" (
            out pp_backup: *mut *mut $crate::abi::IVssBackupComponents
        );
        CreateVssExamineWriterMetadata = "?CreateVssExamineWriterMetadata@@YAJPEAGPEAPEAVIVssExamineWriterMetadata@@@Z" (
            in bstr_xml: $crate::abi::BSTR, out pp_metadata: *mut *mut $crate::abi::IVssExamineWriterMetadata
        );
        CreateVssExamineWriterMetadataInternal = "CreateVssExamineWriterMetadataInternal" (
            in bstr_xml: $crate::abi::BSTR, out pp_metadata: *mut *mut $crate::abi::IVssExamineWriterMetadata
        );
        IsVolumeSnapshotted = "IsVolumeSnapshotted" (
            in pwsz_volume_name: $crate::abi::VSS_PWSZ, out pb_snapshots_present: *mut $crate::abi::BOOL,
            out pl_snapshot_capability: *mut $crate::abi::LONG
        );
        IsVolumeSnapshottedInternal = "IsVolumeSnapshottedInternal" (
            in pwsz_volume_name: $crate::abi::VSS_PWSZ, out pb_snapshots_present: *mut $crate::abi::BOOL,
            out pl_snapshot_capability: *mut $crate::abi::LONG
        );
        ShouldBlockRevert = "ShouldBlockRevert" (
            in wsz_volume_name: $crate::abi::LPCWSTR, out pb_block: *mut $crate::abi::boolean
        );
    } };
}
