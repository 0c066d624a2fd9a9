//! The one place that changes a requester's object.

use crate::api::{HResult, Out, Reply, SnapshotSetId, Text};
use crate::document::BackupComponentsDocument;
use crate::lab::Cause;
use crate::writer::WriterEvent;

use super::session::SnapshotSet;
use crate::service::copies::{breaking, exposure, snapshots};
use crate::service::machine::{Contents, Requester, Slots};
use crate::service::providers::selection;
use crate::service::resync::recovery;
use crate::service::simulator::Simulator;
use crate::service::transitions::change::{self, Change};
use crate::service::world::cluster;
use crate::service::{Refusal, State, gather};

impl Simulator {
    /// Carries out what a transition decided. Only a document or what a provider answers can still refuse, and then
    /// nothing but the event log changes. `trouble` is what goes wrong in an operation that begins.
    pub(in crate::service) fn apply(
        &mut self,
        number: u32,
        change: Change,
        trouble: Option<Cause>,
    ) -> Result<Reply, Refusal> {
        match change {
            Change::Begin(operation) => {
                let handed_out = self.begin(number, operation, trouble);
                return Ok(Reply::ok(change::handed_out(operation, handed_out)));
            }
            Change::Abort => {
                self.abort(number);
                return Ok(Reply::OK);
            }
            Change::Load { xml, next, reason } => return self.load(number, &xml, next, reason),
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
        let Some(session) = self.sessions.get(&number) else {
            unreachable!("the session was just decided on")
        };
        let (host, after) = (session.host, session.requester().changed(&change));
        let slots = self.world.hosts[host].slots.changed(number, &change);
        let reply = self.carry_out(number, change)?;
        self.occupy(number, host, slots);
        self.take_over(number, after);
        Ok(reply)
    }

    /// A host's slots change. Who creates a set there no more creates none anywhere.
    pub(in crate::service) fn occupy(&mut self, number: u32, host: usize, slots: Slots) {
        let before = self.world.hosts[host].slots;
        self.world.occupy(host, slots);
        if before.creation == Some(number) && slots.creation != Some(number) {
            cluster::free(&mut self.world, number);
        }
    }

    /// The session goes on in the state that follows; what it holds has been seen to. What is pending from now on is the
    /// operation that has begun last.
    pub(in crate::service) fn take_over(&mut self, number: u32, after: Requester) {
        let Some(session) = self.sessions.get_mut(&number) else { return };
        session.state = after.state;
        let operation = session.pending.map_or(self.asyncs_made, |(operation, _)| operation);
        session.pending = after.pending.map(|pending| (operation, pending));
        debug_assert_eq!(session.requester(), after, "what {number} holds is not what was decided");
    }

    fn load(&mut self, number: u32, xml: &Text, next: State, reason: &'static str) -> Result<Reply, Refusal> {
        let document = BackupComponentsDocument::from_xml(xml).map_err(|error| {
            let refusal = Refusal::documented(HResult::VSS_E_INVALID_XML_DOCUMENT, reason);
            self.world.log(refusal.code, &format!("the document cannot be read: {error}"));
            refusal
        })?;
        let Some(session) = self.sessions.get_mut(&number) else {
            unreachable!("the session was just decided on")
        };
        let after = session.requester().loaded(next, Contents::of(&document));
        session.document = document;
        self.take_over(number, after);
        Ok(Reply::OK)
    }

    /// What a change does to what the session holds.
    fn carry_out(&mut self, number: u32, change: Change) -> Result<Reply, Refusal> {
        let world = &mut self.world;
        let Some(session) = self.sessions.get_mut(&number) else {
            unreachable!("the session was just decided on")
        };
        match change {
            Change::Nothing | Change::Initialize => {}
            Change::Tell(out) => return Ok(Reply::ok(out)),
            Change::SetContext(context) => session.context = context,
            Change::SetBackupState(backup_state) => {
                session.document.backup_state = Some(backup_state);
            }
            Change::FreeWriterStatus => session.status = None,
            Change::StartSet => {
                let id = SnapshotSetId(world.ids.sets.next_guid());
                session.set = Some(SnapshotSet { id, copies: Vec::new() });
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
            | Change::Load { .. }
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
        let (host, after) = (session.host, session.requester().changed(&Change::Abort));
        if let Some((pending, _)) = session.pending {
            self.cancel(pending);
        }
        let slots = self.world.hosts[host].slots.changed(number, &Change::Abort);
        self.occupy(number, host, slots);
        let Some(session) = self.sessions.get_mut(&number) else { return };
        // The cancellation of a creation has given up the set.
        let gives_up = session.state != State::Aborted;
        if gives_up && session.set.is_some() {
            self.give_up_set(number, false);
        } else if gives_up {
            gather::send(&mut self.world, session, WriterEvent::Abort);
        }
        self.take_over(number, after);
    }
}
