//! The requester's state machine: one pure function for each method. Each answers what the call would change, or the
//! refusal; none changes anything. The rule ids in the comments are those of `requester-state-machine.json`.

mod backup;
mod breaking;
pub(in crate::service) mod change;
mod delete;
mod expose;
mod exposed_name;
mod import;
mod initialize;
mod query;
pub(super) mod recovery;
pub(super) mod revert;
pub(super) mod service;
mod snapshot_set;
mod volume_name;
mod volumes;
mod writers;

use crate::api::{Call, HResult, Out};
use crate::lab::Os;

use super::objects::session::Session;
use super::world::World;
use super::{Refusal, State};
use change::{Change, Verdict};

pub(super) use volume_name::volume_to_ask_about;

/// The pages of PreFastRecovery and FastRecovery say no more than that.
const RESERVED: Refusal =
    Refusal::inferred(HResult::E_NOTIMPL, "the method is reserved and not supported; the page names no code");

/// What a person is told where a set has to be begun first.
const NO_SET: &str = "StartSnapshotSet must come first";
/// What a person is told where the object has had its set.
const ONE_BACKUP: &str = "one object serves one backup: make a new one";

/// Whether a requester's object has that interface on that system. It stands before all that is decided.
pub(super) fn has_interface(os: Os, interface: &str) -> Result<(), Refusal> {
    if os.has_backup_components(interface) { Ok(()) } else { Err(Refusal::NO_INTERFACE) }
}

/// What `call` does to `session` in `world`; `None` for a method that is not carried out.
pub(super) fn decide(call: &Call, session: &Session, world: &World) -> Option<Verdict> {
    Some(match call {
        Call::InitializeForBackup { bstr_xml } => initialize::for_backup(session, bstr_xml.as_ref()),
        Call::InitializeForRestore { bstr_xml } => initialize::for_restore(session, bstr_xml.as_ref()),
        Call::SetContext { l_context } => initialize::set_context(session, world, *l_context),
        Call::SetBackupState {
            b_select_components,
            b_backup_bootable_system_state,
            backup_type,
            b_partial_file_support,
        } => initialize::set_backup_state(
            session,
            world,
            crate::document::BackupState {
                select_components: *b_select_components,
                bootable_system_state: *b_backup_bootable_system_state,
                backup_type: *backup_type,
                partial_file_support: *b_partial_file_support,
                ..Default::default()
            },
        ),
        Call::GetSessionId { .. } => Ok(Change::Tell(Out::GetSessionId { id_session: session.id })),
        Call::GatherWriterMetadata { .. } => writers::gather_metadata(session, world),
        Call::GatherWriterStatus { .. } => writers::gather_status(session, world),
        Call::GetWriterStatusCount { .. } => writers::get_status_count(session, world),
        Call::GetWriterStatus { i_writer, .. } => writers::get_status(session, world, *i_writer),
        Call::GetWriterStatusEx { i_writer, phr_application, pbstr_application_message, .. } => {
            let wanted = (phr_application.is_valid(), pbstr_application_message.is_valid());
            writers::get_status_ex(session, world, *i_writer, wanted)
        }
        Call::FreeWriterStatus {} => writers::free_status(session, world),
        Call::IsVolumeSupported { provider_id, pwsz_volume_name, .. } => {
            volumes::is_supported(session, world, pwsz_volume_name.as_deref(), *provider_id)
        }
        Call::StartSnapshotSet { .. } => snapshot_set::start(session, world),
        Call::AddToSnapshotSet { pwsz_volume_name, provider_id, .. } => {
            volumes::add(session, world, pwsz_volume_name.as_deref(), *provider_id)
        }
        Call::DoSnapshotSet { .. } => snapshot_set::create(session),
        Call::ImportSnapshots { .. } => import::import(session, world),
        Call::BreakSnapshotSet { snapshot_set_id } => breaking::break_set(session, world, *snapshot_set_id),
        Call::BreakSnapshotSetEx { snapshot_set_id, dw_break_flags, .. } => {
            breaking::break_set_ex(session, world, *snapshot_set_id, *dw_break_flags)
        }
        Call::GetSnapshotProperties { snapshot_id, .. } => query::properties(session, world, *snapshot_id),
        Call::Query { queried_object_id, e_queried_object_type, e_returned_objects_type, .. } => {
            query::query(session, world, *queried_object_id, *e_queried_object_type, *e_returned_objects_type)
        }
        Call::DeleteSnapshots { source_object_id, e_source_object_type, b_force_delete, .. } => {
            delete::delete(session, world, *source_object_id, *e_source_object_type, *b_force_delete)
        }
        Call::ExposeSnapshot { snapshot_id, wsz_path_from_root, l_attributes, wsz_expose, .. } => {
            let (path, name) = (wsz_path_from_root.as_deref(), wsz_expose.as_deref());
            expose::expose(session, world, *snapshot_id, path, *l_attributes, name)
        }
        Call::UnexposeSnapshot { snapshot_id } => expose::unexpose(session, world, *snapshot_id),
        Call::PreFastRecovery { .. } | Call::FastRecovery { .. } => Err(RESERVED),
        Call::RevertToSnapshot { snapshot_id, b_force_dismount } => {
            revert::revert(session, world, *snapshot_id, *b_force_dismount)
        }
        Call::QueryRevertStatus { pwsz_volume, .. } => {
            revert::query_status(session, world, pwsz_volume.as_deref())
        }
        Call::PrepareForBackup { .. } => backup::prepare(session),
        Call::BackupComplete { .. } => backup::complete(session),
        Call::AbortBackup {} => backup::abort(session),
        Call::SaveAsXML { .. } => backup::save(session, world),
        Call::AddSnapshotToRecoverySet { snapshot_id, dw_flags, pwsz_destination_volume } => {
            recovery::add(session, world, *snapshot_id, *dw_flags, pwsz_destination_volume.as_deref())
        }
        Call::RecoverSet { dw_flags, .. } => recovery::recover(session, world, *dw_flags),
        _ => return None,
    })
}

/// The refusal of a method that belongs to backups on an object that is not initialised or serves a restore.
fn backup_only(state: State) -> Result<(), Refusal> {
    match state {
        State::Created => Err(Refusal::NOT_INITIALIZED),
        state if state.is_restore() => Err(Refusal::DURING_RESTORE),
        _ => Ok(()),
    }
}

/// The same, and no operation pending (F1).
fn idle_backup_only(state: State) -> Result<(), Refusal> {
    backup_only(state)?;
    if state.is_pending() { Err(Refusal::PENDING) } else { Ok(()) }
}

/// The same where the page lists no `VSS_E_BAD_STATE`.
fn unlisted_backup_only(state: State) -> Result<(), Refusal> {
    let bad_state = |why| Err(Refusal::inferred(HResult::VSS_E_BAD_STATE, why));
    match state {
        State::Created => bad_state("the object is not initialised (G9)"),
        state if state.is_restore() => bad_state("the object serves a restore (X14)"),
        state if state.is_pending() => Err(Refusal::PENDING),
        _ => Ok(()),
    }
}
