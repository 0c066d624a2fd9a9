//! Calls as they are made most of the time, with every out-pointer valid.

use super::{
    BackupType, Call, Guid, HardwareOptions, ObjectType, ProviderCall, ProviderId, Ptr, RecoveryOptions,
    SnapshotId, SnapshotSetId, VolumeSnapshotAttributes,
};

impl Call {
    /// `IUnknown::Release`.
    pub const RELEASE: Self = Self::Release {};
    /// `CreateVssBackupComponents`.
    pub const CREATE_VSS_BACKUP_COMPONENTS: Self = Self::CreateVssBackupComponents { pp_backup: Ptr::Valid };
    /// `IVssBackupComponents::SetBackupState`: a full backup of whole volumes.
    pub const SET_BACKUP_STATE: Self = Self::SetBackupState {
        b_select_components: false,
        b_backup_bootable_system_state: false,
        backup_type: BackupType::FULL,
        b_partial_file_support: false,
    };
    /// `IVssBackupComponents::GatherWriterMetadata`.
    pub const GATHER_WRITER_METADATA: Self = Self::GatherWriterMetadata { p_async: Ptr::Valid };
    /// `IVssBackupComponents::GatherWriterStatus`.
    pub const GATHER_WRITER_STATUS: Self = Self::GatherWriterStatus { p_async: Ptr::Valid };
    /// `IVssBackupComponents::StartSnapshotSet`.
    pub const START_SNAPSHOT_SET: Self = Self::StartSnapshotSet { p_snapshot_set_id: Ptr::Valid };
    /// `IVssBackupComponents::PrepareForBackup`.
    pub const PREPARE_FOR_BACKUP: Self = Self::PrepareForBackup { pp_async: Ptr::Valid };
    /// `IVssBackupComponents::DoSnapshotSet`.
    pub const DO_SNAPSHOT_SET: Self = Self::DoSnapshotSet { pp_async: Ptr::Valid };
    /// `IVssBackupComponents::BackupComplete`.
    pub const BACKUP_COMPLETE: Self = Self::BackupComplete { pp_async: Ptr::Valid };
    /// `IVssBackupComponents::SaveAsXML`.
    pub const SAVE_AS_XML: Self = Self::SaveAsXML { pbstr_xml: Ptr::Valid };
    /// `IVssBackupComponents::ImportSnapshots`.
    pub const IMPORT_SNAPSHOTS: Self = Self::ImportSnapshots { pp_async: Ptr::Valid };
    /// `IVssAsync::QueryStatus`, with NULL for the reserved pointer as its page wants it.
    pub const QUERY_STATUS: Self = Self::QueryStatus { p_hr_result: Ptr::Valid, p_reserved: Ptr::Null };

    /// `IVssBackupComponents::AddToSnapshotSet` with a volume or share; `ProviderId::NULL`: whichever provider takes it.
    pub fn add_to_snapshot_set(name: &str, provider_id: ProviderId) -> Self {
        Self::AddToSnapshotSet { pwsz_volume_name: Some(name.into()), provider_id, pid_snapshot: Ptr::Valid }
    }

    /// `IVssBackupComponents::GetSnapshotProperties`.
    pub const fn get_snapshot_properties(snapshot_id: SnapshotId) -> Self {
        Self::GetSnapshotProperties { snapshot_id, p_prop: Ptr::Valid }
    }

    /// `IVssBackupComponents::Query` for all objects of that type.
    pub const fn query(e_returned_objects_type: ObjectType) -> Self {
        Self::Query {
            queried_object_id: Guid::nil(),
            e_queried_object_type: ObjectType::NONE,
            e_returned_objects_type,
            pp_enum: Ptr::Valid,
        }
    }

    /// `IVssBackupComponents::DeleteSnapshots`.
    pub const fn delete_snapshots(
        source_object_id: Guid,
        e_source_object_type: ObjectType,
        b_force_delete: bool,
    ) -> Self {
        Self::DeleteSnapshots {
            source_object_id,
            e_source_object_type,
            b_force_delete,
            pl_deleted_snapshots: Ptr::Valid,
            p_nondeleted_snapshot_id: Ptr::Valid,
        }
    }

    /// `IVssBackupComponents::ExposeSnapshot`.
    pub fn expose_snapshot(
        snapshot_id: SnapshotId,
        path_from_root: Option<&str>,
        l_attributes: VolumeSnapshotAttributes,
        expose: Option<&str>,
    ) -> Self {
        Self::ExposeSnapshot {
            snapshot_id,
            wsz_path_from_root: path_from_root.map(Into::into),
            l_attributes,
            wsz_expose: expose.map(Into::into),
            pwsz_exposed: Ptr::Valid,
        }
    }

    /// `IVssBackupComponents::BreakSnapshotSet`.
    pub const fn break_snapshot_set(snapshot_set_id: SnapshotSetId) -> Self {
        Self::BreakSnapshotSet { snapshot_set_id }
    }

    /// `IVssBackupComponentsEx2::BreakSnapshotSetEx`.
    pub const fn break_snapshot_set_ex(
        snapshot_set_id: SnapshotSetId,
        dw_break_flags: HardwareOptions,
    ) -> Self {
        Self::BreakSnapshotSetEx { snapshot_set_id, dw_break_flags, pp_async: Ptr::Valid }
    }

    /// `IVssBackupComponents::RevertToSnapshot`, which does not force a dismount.
    pub const fn revert_to_snapshot(snapshot_id: SnapshotId) -> Self {
        Self::RevertToSnapshot { snapshot_id, b_force_dismount: false }
    }

    /// `IVssBackupComponents::QueryRevertStatus`.
    pub fn query_revert_status(volume: &str) -> Self {
        Self::QueryRevertStatus { pwsz_volume: Some(volume.into()), pp_async: Ptr::Valid }
    }

    /// `IVssBackupComponentsEx3::AddSnapshotToRecoverySet`; without a destination the copy goes back to its volume.
    pub fn add_snapshot_to_recovery_set(snapshot_id: SnapshotId, destination: Option<&str>) -> Self {
        Self::AddSnapshotToRecoverySet {
            snapshot_id,
            dw_flags: 0,
            pwsz_destination_volume: destination.map(Into::into),
        }
    }

    /// `IVssBackupComponentsEx3::RecoverSet`.
    pub const fn recover_set(dw_flags: RecoveryOptions) -> Self {
        Self::RecoverSet { dw_flags, pp_async: Ptr::Valid }
    }

    /// `IVssBackupComponents::GetWriterStatus`.
    pub const fn get_writer_status(i_writer: u32) -> Self {
        Self::GetWriterStatus {
            i_writer,
            pid_instance: Ptr::Valid,
            pid_writer: Ptr::Valid,
            pbstr_writer: Ptr::Valid,
            pn_status: Ptr::Valid,
            ph_result_failure: Ptr::Valid,
        }
    }
}

impl ProviderCall {
    /// `IVssSoftwareSnapshotProvider::DeleteSnapshots`.
    pub const fn delete_volume_snapshots(
        source_object_id: Guid,
        e_source_object_type: ObjectType,
        b_force_delete: bool,
    ) -> Self {
        Self::SoftwareDeleteSnapshots {
            source_object_id,
            e_source_object_type,
            b_force_delete,
            pl_deleted_snapshots: Ptr::Valid,
            p_nondeleted_snapshot_id: Ptr::Valid,
        }
    }

    /// `IVssFileShareSnapshotProvider::DeleteSnapshots`.
    pub const fn delete_share_snapshots(
        source_object_id: Guid,
        e_source_object_type: ObjectType,
        b_force_delete: bool,
    ) -> Self {
        Self::FileShareDeleteSnapshots {
            source_object_id,
            e_source_object_type,
            b_force_delete,
            pl_deleted_snapshots: Ptr::Valid,
            p_nondeleted_snapshot_id: Ptr::Valid,
        }
    }

    /// The calls that make the copies of a prepared set, in order: from `EndPrepareSnapshots` to
    /// `PostFinalCommitSnapshots`.
    pub const fn making_copies(snapshot_set_id: SnapshotSetId, l_snapshots_count: i32) -> [Self; 6] {
        [
            Self::EndPrepareSnapshots { snapshot_set_id },
            Self::PreCommitSnapshots { snapshot_set_id },
            Self::CommitSnapshots { snapshot_set_id },
            Self::PostCommitSnapshots { snapshot_set_id, l_snapshots_count },
            Self::PreFinalCommitSnapshots { snapshot_set_id },
            Self::PostFinalCommitSnapshots { snapshot_set_id },
        ]
    }
}
