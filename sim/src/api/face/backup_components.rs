//! `IVssBackupComponents`.

use super::{Async, Vss, out};
use crate::api::{
    Backend, BackupType, Call, HResult, Object, Out, ProviderId, Ptr, Reply, SnapshotContext, SnapshotId,
    SnapshotProp, SnapshotSetId, Text, WriterId, WriterInstanceId, WriterState,
};

/// A requester's object for one backup or one restore.
#[derive(Debug)]
pub struct BackupComponents<B: Backend> {
    vss: Vss<B>,
    object: Object,
}

/// What `GetWriterStatus` tells of a writer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriterStatus {
    /// The instance.
    pub instance: WriterInstanceId,
    /// The class.
    pub writer: WriterId,
    /// The writer's name.
    pub name: Text,
    /// Its state.
    pub state: WriterState,
    /// Whether it succeeded: to be checked even though the call did.
    pub failure: HResult,
}

impl<B: Backend> BackupComponents<B> {
    pub(super) fn new(vss: Vss<B>, object: Object) -> Self {
        Self { vss, object }
    }

    /// The object in calls and traces.
    pub fn object(&self) -> Object {
        self.object
    }

    pub(super) fn vss(&self) -> &Vss<B> {
        &self.vss
    }

    pub(super) fn call(&self, call: &Call) -> Result<Reply, HResult> {
        self.vss.call(self.object, call)
    }

    pub(super) fn operation(&self, object: Object) -> Async<B> {
        Async::new(self.vss.clone(), object)
    }

    /// `InitializeForBackup`; with the document of a transportable set to import it.
    ///
    /// # Errors
    /// The code that the method returns; so for all methods here.
    pub fn initialize_for_backup(&self, document: Option<&str>) -> Result<(), HResult> {
        self.call(&Call::InitializeForBackup { bstr_xml: document.map(Into::into) }).map(drop)
    }

    /// `InitializeForRestore` with the document that [`save_as_xml`](Self::save_as_xml) gave.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn initialize_for_restore(&self, document: &str) -> Result<(), HResult> {
        self.call(&Call::InitializeForRestore { bstr_xml: Some(document.into()) }).map(drop)
    }

    /// `SetContext`, once and before anything but the initialisation.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn set_context(&self, context: SnapshotContext) -> Result<(), HResult> {
        self.call(&Call::SetContext { l_context: context }).map(drop)
    }

    /// `SetBackupState`.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn set_backup_state(
        &self,
        select_components: bool,
        bootable_system_state: bool,
        backup_type: BackupType,
        partial_file_support: bool,
    ) -> Result<(), HResult> {
        self.call(&Call::SetBackupState {
            b_select_components: select_components,
            b_backup_bootable_system_state: bootable_system_state,
            backup_type,
            b_partial_file_support: partial_file_support,
        })
        .map(drop)
    }

    /// `GatherWriterMetadata`.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn gather_writer_metadata(&self) -> Result<Async<B>, HResult> {
        let reply = self.call(&Call::GATHER_WRITER_METADATA)?;
        out!(reply, GatherWriterMetadata { p_async }).map(|object| self.operation(object))
    }

    /// `GatherWriterStatus`.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn gather_writer_status(&self) -> Result<Async<B>, HResult> {
        let reply = self.call(&Call::GATHER_WRITER_STATUS)?;
        out!(reply, GatherWriterStatus { p_async }).map(|object| self.operation(object))
    }

    /// `GetWriterStatusCount`.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn get_writer_status_count(&self) -> Result<u32, HResult> {
        out!(
            self.call(&Call::GetWriterStatusCount { pc_writers: Ptr::Valid })?,
            GetWriterStatusCount { pc_writers }
        )
    }

    /// `GetWriterStatus`; `writer` counts from 0.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn get_writer_status(&self, writer: u32) -> Result<WriterStatus, HResult> {
        let reply = self.call(&Call::get_writer_status(writer))?;
        match reply.out {
            Some(Out::GetWriterStatus {
                pid_instance,
                pid_writer,
                pbstr_writer,
                pn_status,
                ph_result_failure,
            }) => Ok(WriterStatus {
                instance: pid_instance,
                writer: pid_writer,
                name: pbstr_writer,
                state: pn_status,
                failure: ph_result_failure,
            }),
            _ => Err(HResult::E_UNEXPECTED),
        }
    }

    /// `FreeWriterStatus`.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn free_writer_status(&self) -> Result<(), HResult> {
        self.call(&Call::FreeWriterStatus {}).map(drop)
    }

    /// `IsVolumeSupported`; without a provider all of them are asked.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn is_volume_supported(&self, volume: &str, provider: Option<ProviderId>) -> Result<bool, HResult> {
        let reply = self.call(&Call::IsVolumeSupported {
            provider_id: provider.unwrap_or(ProviderId::NULL),
            pwsz_volume_name: Some(volume.into()),
            pb_supported_by_this_provider: Ptr::Valid,
        })?;
        out!(reply, IsVolumeSupported { pb_supported_by_this_provider })
    }

    /// `StartSnapshotSet`.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn start_snapshot_set(&self) -> Result<SnapshotSetId, HResult> {
        out!(self.call(&Call::START_SNAPSHOT_SET)?, StartSnapshotSet { p_snapshot_set_id })
    }

    /// `AddToSnapshotSet`; without a provider VSS chooses one. The name ends in a backslash.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn add_to_snapshot_set(
        &self,
        volume: &str,
        provider: Option<ProviderId>,
    ) -> Result<SnapshotId, HResult> {
        let provider = provider.unwrap_or(ProviderId::NULL);
        let reply = self.call(&Call::add_to_snapshot_set(volume, provider))?;
        out!(reply, AddToSnapshotSet { pid_snapshot })
    }

    /// `PrepareForBackup`.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn prepare_for_backup(&self) -> Result<Async<B>, HResult> {
        let reply = self.call(&Call::PREPARE_FOR_BACKUP)?;
        out!(reply, PrepareForBackup { pp_async }).map(|object| self.operation(object))
    }

    /// `DoSnapshotSet`.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn do_snapshot_set(&self) -> Result<Async<B>, HResult> {
        let reply = self.call(&Call::DO_SNAPSHOT_SET)?;
        out!(reply, DoSnapshotSet { pp_async }).map(|object| self.operation(object))
    }

    /// `GetSnapshotProperties`.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn get_snapshot_properties(&self, snapshot: SnapshotId) -> Result<SnapshotProp, HResult> {
        let reply = self.call(&Call::get_snapshot_properties(snapshot))?;
        out!(reply, GetSnapshotProperties { p_prop }).map(|prop| *prop)
    }

    /// `BackupComplete`.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn backup_complete(&self) -> Result<Async<B>, HResult> {
        let reply = self.call(&Call::BACKUP_COMPLETE)?;
        out!(reply, BackupComplete { pp_async }).map(|object| self.operation(object))
    }

    /// `AbortBackup`.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn abort_backup(&self) -> Result<(), HResult> {
        self.call(&Call::AbortBackup {}).map(drop)
    }

    /// `SaveAsXML`: the Backup Components Document.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn save_as_xml(&self) -> Result<Text, HResult> {
        out!(self.call(&Call::SAVE_AS_XML)?, SaveAsXML { pbstr_xml })
    }
}

impl<B: Backend> Drop for BackupComponents<B> {
    fn drop(&mut self) {
        self.vss.release(self.object);
    }
}
