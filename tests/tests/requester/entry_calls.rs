//! The call of each matrix entry.

use vss_sim::api::*;

use crate::drive::{Drive, Way, recover};

const VALID: Ptr = Ptr::Valid;

impl Drive {
    /// The call of a matrix entry, with arguments with which it has no other reason to fail.
    pub(crate) fn entry_call(&mut self, session: Object, call: &str) -> Reply {
        let volume = if self.state(session) == "B_VOLUMES" { "E:\\" } else { "D:\\" };
        let document = Some(self.document.clone());
        let call = match call {
            "InitializeForBackup()" => Call::InitializeForBackup { bstr_xml: None },
            "InitializeForBackup(xml)" => Call::InitializeForBackup { bstr_xml: document },
            "InitializeForRestore(xml)" => Call::InitializeForRestore { bstr_xml: document },
            "SetContext" => Call::SetContext { l_context: SnapshotContext::APP_ROLLBACK },
            "SetBackupState" => Call::SET_BACKUP_STATE,
            "GetSessionId" => Call::GetSessionId { id_session: VALID },
            "GatherWriterMetadata" => Call::GATHER_WRITER_METADATA,
            "GatherWriterStatus" => Call::GATHER_WRITER_STATUS,
            "GetWriterStatusCount" => Call::GetWriterStatusCount { pc_writers: VALID },
            "GetWriterStatus" => Call::get_writer_status(0),
            "GetWriterStatusEx" => writer_status_ex(),
            "FreeWriterStatus" => Call::FreeWriterStatus {},
            "IsVolumeSupported" => Call::IsVolumeSupported {
                provider_id: ProviderId::NULL,
                pwsz_volume_name: Some(volume.into()),
                pb_supported_by_this_provider: VALID,
            },
            "StartSnapshotSet" => Call::START_SNAPSHOT_SET,
            "AddToSnapshotSet" => self.add_volume(volume),
            "DoSnapshotSet" => Call::DO_SNAPSHOT_SET,
            "ImportSnapshots" => Call::IMPORT_SNAPSHOTS,
            "BreakSnapshotSet" => Call::break_snapshot_set(self.set),
            "BreakSnapshotSetEx" => Call::break_snapshot_set_ex(self.set, HardwareOptions::MAKE_READ_WRITE),
            "GetSnapshotProperties" => self.properties(session),
            "PrepareForBackup" => Call::PREPARE_FOR_BACKUP,
            "BackupComplete" => Call::BACKUP_COMPLETE,
            "AbortBackup" => Call::AbortBackup {},
            "SaveAsXML" => Call::SAVE_AS_XML,
            "AddSnapshotToRecoverySet" => self.add_to_recovery_set(),
            "RecoverSet" => recover(),
            "Query" => Call::query(ObjectType::SNAPSHOT),
            "DeleteSnapshots" => Call::delete_snapshots(self.snapshot.0, ObjectType::SNAPSHOT, false),
            "ExposeSnapshot" => expose(self.snapshot),
            "UnexposeSnapshot" => {
                self.expose_by_another();
                Call::UnexposeSnapshot { snapshot_id: self.snapshot }
            }
            "RevertToSnapshot" => self.revert(),
            "QueryRevertStatus" => self.query_revert(),
            "Release" => Call::RELEASE,
            other => panic!("no such call: {other}"),
        };
        self.call(session, call)
    }

    /// Whatever the object is about, the copy has been exposed.
    fn expose_by_another(&mut self) {
        let other = self.reach("B_INIT", Way::WithWriters);
        self.ok(other, expose(self.snapshot));
    }

    /// Of a copy that the object is still making where it makes one (X5), else of the one that exists (X4).
    fn properties(&self, session: Object) -> Call {
        let making = ["B_SET_STARTED", "B_VOLUMES", "B_PREPARING", "B_PREPARED", "B_SNAPSHOTTING"];
        let planned = self.planned.unwrap_or(SnapshotId(Guid::from_u128(1)));
        let snapshot_id = if making.contains(&&*self.state(session)) { planned } else { self.snapshot };
        Call::get_snapshot_properties(snapshot_id)
    }

    fn revert(&self) -> Call {
        Call::revert_to_snapshot(self.revertible)
    }

    /// The call, while another requester's revert of the volume runs.
    fn query_revert(&mut self) -> Call {
        let other = self.reach("B_INIT", Way::WithWriters);
        self.ok(other, self.revert());
        Call::query_revert_status("F:\\")
    }
}

fn expose(snapshot_id: SnapshotId) -> Call {
    Call::expose_snapshot(snapshot_id, None, VolumeSnapshotAttributes::EXPOSED_LOCALLY, Some("X:"))
}

fn writer_status_ex() -> Call {
    Call::GetWriterStatusEx {
        i_writer: 0,
        pid_instance: VALID,
        pid_writer: VALID,
        pbstr_writer: VALID,
        pn_status: VALID,
        phr_failure_writer: VALID,
        phr_application: Ptr::Null,
        pbstr_application_message: Ptr::Null,
    }
}
