//! The one place that changes a requester's object.

use crate::api::{HResult, Out, Reply, SnapshotSetId};

use crate::document::BackupComponentsDocument;
use crate::lab::Cause;

use super::change::Change;
use super::session::SnapshotSet;
use super::simulator::Simulator;
use super::{Refusal, State, breaking, cluster, exposure, gather, recovery, selection, snapshots};
use crate::writer::WriterEvent;

impl Simulator {
    /// Carries out what a transition decided. Only a document or what a
    /// provider answers can still refuse, and then nothing but the event log changes. `trouble` is what goes wrong in an
    /// operation that begins.
    pub(super) fn apply(
        &mut self,
        number: u32,
        change: Change,
        trouble: Option<Cause>,
    ) -> Result<Reply, Refusal> {
        if let Change::Begin(operation) = change {
            let handed_out = self.begin(number, operation, trouble);
            return Ok(Reply::ok(super::change::handed_out(operation, handed_out)));
        }
        if let Change::Abort = change {
            self.abort(number);
            return Ok(Reply::OK);
        }
        match change {
            Change::Query { about, of } => return self.query(number, about, of),
            Change::Delete { copies, force } => return Ok(self.delete_one_by_one(&copies, force)),
            Change::Revert { snapshot, volume, provider } => {
                return self.revert(self.host_of(number), snapshot, volume, provider);
            }
            Change::QueryRevert { volume, provider } => {
                return self.query_revert(number, self.host_of(number), volume, provider);
            }
            _ => {}
        }
        let world = &mut self.world;
        let Some(session) = self.sessions.get_mut(&number) else {
            unreachable!("the session was just decided on")
        };
        match change {
            Change::Nothing => {}
            Change::Tell(out) => return Ok(Reply::ok(out)),
            Change::Initialize => session.state = State::BackupInit,
            Change::Load { xml, next, reason } => {
                session.document = BackupComponentsDocument::from_xml(&xml).map_err(|error| {
                    let refusal = Refusal::documented(HResult::VSS_E_INVALID_XML_DOCUMENT, reason);
                    world.log(refusal.code, &format!("the document cannot be read: {error}"));
                    refusal
                })?;
                session.state = next;
            }
            Change::SetContext(context) => {
                session.context = context;
                session.state = State::BackupContext;
            }
            Change::SetBackupState(backup_state) => {
                session.document.backup_state = Some(backup_state);
            }
            Change::FreeWriterStatus => session.status = None,
            Change::StartSet => {
                let id = SnapshotSetId(world.ids.sets.next_guid());
                session.set = Some(SnapshotSet { id, copies: Vec::new() });
                session.state = State::SetStarted;
                world.hosts[session.host].creation_slot = Some(number);
                return Ok(Reply::ok(Out::StartSnapshotSet { p_snapshot_set_id: id }));
            }
            Change::AddVolume { original, provider } => {
                let Some(set) = session.set.as_ref().map(|set| set.id) else {
                    unreachable!("a set was begun")
                };
                let copy = selection::add(world, session, set, original, provider)?;
                let pid_snapshot = copy.snapshot;
                cluster::take(world, number, session.host, &copy.original);
                session.set.as_mut().into_iter().for_each(|set| set.copies.push(copy.clone()));
                if session.state == State::SetStarted {
                    session.state = State::Volumes;
                }
                return Ok(Reply::ok(Out::AddToSnapshotSet { pid_snapshot }));
            }
            Change::TellSupport { original, provider } => {
                let supported = selection::is_supported(world, session, &original, provider)?;
                return Ok(Reply::ok(Out::IsVolumeSupported { pb_supported_by_this_provider: supported }));
            }
            Change::AddToRecoverySet(added) => {
                recovery::still_owned(world, session, &added)?;
                session.recovery_set.retain(|other| other.snapshot != added.snapshot);
                session.recovery_set.push(added);
                session.state = State::RecoverySet;
            }
            Change::SaveDocument => {
                let pbstr_xml = session.document.to_xml().into();
                return Ok(Reply::ok(Out::SaveAsXML { pbstr_xml }));
            }
            Change::BreakSet(set) => breaking::forget(world, session.host, set),
            Change::TellSnapshot(id) => {
                let p_prop = Box::new(snapshots::tell(world, session.host, id)?);
                return Ok(Reply::ok(Out::GetSnapshotProperties { p_prop }));
            }
            Change::Expose { copy, exposure } => {
                let name = exposure.as_ref().map(|exposure| exposure.name().clone());
                exposure::set(world, session.host, copy, exposure)?;
                return Ok(match name {
                    Some(pwsz_exposed) => Reply::ok(Out::ExposeSnapshot { pwsz_exposed }),
                    None => Reply::OK,
                });
            }
            Change::Begin(_)
            | Change::Abort
            | Change::Query { .. }
            | Change::Delete { .. }
            | Change::Revert { .. }
            | Change::QueryRevert { .. } => unreachable!("handled above"),
        }
        Ok(Reply::OK)
    }

    fn host_of(&self, number: u32) -> usize {
        self.sessions.get(&number).map_or(0, |session| session.host)
    }

    /// AbortBackup: stops what is pending, gives up the set, tells the writers, frees the creation slot (A3).
    fn abort(&mut self, number: u32) {
        let Some(session) = self.sessions.get(&number) else { return };
        if let Some(pending) = session.pending {
            self.cancel(pending);
        }
        let Some(session) = self.sessions.get_mut(&number) else { return };
        if session.state == State::Aborted {
            return;
        }
        let had_set = session.set.is_some();
        session.state = State::Aborted;
        if had_set {
            self.give_up_set(number, false);
        } else {
            gather::send(&mut self.world, session, WriterEvent::Abort);
        }
    }
}
