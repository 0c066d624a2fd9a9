//! The objects that calls hand out.

use vss_sim::api::{Object, Out};

/// The object that a method handed out: the `IVssAsync`, session, enumerator or metadata object.
pub fn object_of(out: &Out) -> Option<Object> {
    match out {
        Out::CreateVssBackupComponents { pp_backup: object }
        | Out::CreateVssBackupComponentsInternal { pp_backup: object }
        | Out::CreateVssExamineWriterMetadata { pp_metadata: object }
        | Out::CreateVssExamineWriterMetadataInternal { pp_metadata: object }
        | Out::BackupComplete { pp_async: object }
        | Out::DoSnapshotSet { pp_async: object }
        | Out::GatherWriterMetadata { p_async: object }
        | Out::GatherWriterStatus { p_async: object }
        | Out::GetWriterComponents { pp_writer: object }
        | Out::GetWriterMetadata { pp_metadata: object, .. }
        | Out::ImportSnapshots { pp_async: object }
        | Out::PostRestore { pp_async: object }
        | Out::PrepareForBackup { pp_async: object }
        | Out::PreRestore { pp_async: object }
        | Out::Query { pp_enum: object }
        | Out::QueryRevertStatus { pp_async: object }
        | Out::GetWriterMetadataEx { pp_metadata: object, .. }
        | Out::BreakSnapshotSetEx { pp_async: object }
        | Out::FastRecovery { pp_async: object }
        | Out::PreFastRecovery { pp_async: object }
        | Out::RecoverSet { pp_async: object }
        | Out::GetAlternateLocationMapping { pp_filedesc: object }
        | Out::GetComponent { pp_component: object }
        | Out::GetDocument { p_doc: object }
        | Out::GetExcludeFile { pp_filedesc: object }
        | Out::GetIncludeFile { pp_filedesc: object }
        | Out::GetExcludeFromSnapshotFile { pp_filedesc: object }
        | Out::GetDatabaseFile { pp_filedesc: object }
        | Out::GetDatabaseLogFile { pp_filedesc: object }
        | Out::GetDependency { pp_dependency: object }
        | Out::GetFile { pp_filedesc: object }
        | Out::Clone { ppenum: object } => Some(*object),
        _ => None,
    }
}

/// The \[out\] values of a reply as the variant that the call has, or a failed case.
///
/// ```
/// use vss_conformance::out;
/// use vss_sim::api::{Out, Reply, SnapshotSetId};
///
/// fn set_of(reply: &Reply) -> Result<SnapshotSetId, vss_conformance::case::Stop> {
///     out!(reply, StartSnapshotSet { p_snapshot_set_id }).copied()
/// }
/// assert!(set_of(&Reply::OK).is_err());
/// ```
#[macro_export]
macro_rules! out {
    ($reply:expr, $variant:ident { $field:ident }) => {
        $crate::out!(@pick $reply, $variant { $field }, $field)
    };
    ($reply:expr, $variant:ident { $($field:ident),+ }) => {
        $crate::out!(@pick $reply, $variant { $($field),+ }, ($($field),+))
    };
    (@pick $reply:expr, $variant:ident { $($field:ident),+ }, $values:expr) => {
        match &$reply.out {
            Some(::vss_sim::api::Out::$variant { $($field,)+ .. }) => Ok($values),
            other => Err($crate::case::Stop::failed(format!(
                concat!(stringify!($variant), " answered {} without its [out] values: {:?}"),
                $reply.hresult, other
            ))),
        }
    };
}
