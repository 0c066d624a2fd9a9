//! `IVssBackupComponentsEx3`: LUN resync.

use super::backup_components::WriterStatus;
use super::{Async, BackupComponents, out};
use crate::api::{Backend, Call, HResult, Out, Ptr, RecoveryOptions, SessionId, SnapshotId, Text};

/// What `GetWriterStatusEx` tells of a writer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriterStatusEx {
    /// What `GetWriterStatus` tells too.
    pub status: WriterStatus,
    /// The application's own code.
    pub application: HResult,
    /// The application's own words.
    pub message: Text,
}

impl<B: Backend> BackupComponents<B> {
    /// `GetWriterStatusEx`; `writer` counts from 0.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn get_writer_status_ex(&self, writer: u32) -> Result<WriterStatusEx, HResult> {
        let reply = self.call(&Call::GetWriterStatusEx {
            i_writer: writer,
            pid_instance: Ptr::Valid,
            pid_writer: Ptr::Valid,
            pbstr_writer: Ptr::Valid,
            pn_status: Ptr::Valid,
            phr_failure_writer: Ptr::Valid,
            phr_application: Ptr::Valid,
            pbstr_application_message: Ptr::Valid,
        })?;
        match reply.out {
            Some(Out::GetWriterStatusEx {
                pid_instance,
                pid_writer,
                pbstr_writer,
                pn_status,
                phr_failure_writer,
                phr_application,
                pbstr_application_message,
            }) => Ok(WriterStatusEx {
                status: WriterStatus {
                    instance: pid_instance,
                    writer: pid_writer,
                    name: pbstr_writer,
                    state: pn_status,
                    failure: phr_failure_writer,
                },
                application: phr_application.unwrap_or(HResult::S_OK),
                message: pbstr_application_message.unwrap_or_else(|| "".into()),
            }),
            _ => Err(HResult::E_UNEXPECTED),
        }
    }

    /// `AddSnapshotToRecoverySet`; without a destination the copy goes back to its original volume.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn add_snapshot_to_recovery_set(
        &self,
        snapshot: SnapshotId,
        destination: Option<&str>,
    ) -> Result<(), HResult> {
        self.call(&Call::add_snapshot_to_recovery_set(snapshot, destination)).map(drop)
    }

    /// `RecoverSet`: copies all LUNs of the recovery set back.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn recover_set(&self, flags: RecoveryOptions) -> Result<Async<B>, HResult> {
        let reply = self.call(&Call::recover_set(flags))?;
        out!(reply, RecoverSet { pp_async }).map(|object| self.operation(object))
    }

    /// `GetSessionId`.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn get_session_id(&self) -> Result<SessionId, HResult> {
        out!(self.call(&Call::GetSessionId { id_session: Ptr::Valid })?, GetSessionId { id_session })
    }
}
