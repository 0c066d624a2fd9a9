//! The one place that changes a requester's object.

use std::borrow::Cow;

use crate::api::{HResult, Out, ProviderId, Reply, SnapshotSetId, Text};
use crate::document::BackupComponentsDocument;
use crate::lab::{BootMode, Cause};
use crate::writer::WriterEvent;

use super::session::{Session, SnapshotSet};
use crate::service::copies::{arrival, breaking, exposure, snapshots};
use crate::service::machine::{DocumentFacts, Requester, Slots};
use crate::service::providers::selection;
use crate::service::resync::recovery;
use crate::service::simulator::Simulator;
use crate::service::transitions::change::{self, Change};
use crate::service::world::{World, cluster, originals::Original};
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
        let session = self.sessions.get_mut(&number).ok_or(Refusal::NO_OBJECT)?;
        let (host, after) = (session.host, session.requester().changed(&change));
        let slots = self.world.hosts[host].slots.changed(number, &change);
        let world = &mut self.world;
        let mut reply = Reply::OK;
        match change {
            // These go on in their own time, and take the object over then.
            Change::Begin(operation) => {
                let handed_out = self.begin(number, operation, trouble)?;
                return Ok(Reply::ok(change::handed_out(operation, handed_out)));
            }
            Change::Abort => {
                self.abort(number);
                return Ok(Reply::OK);
            }
            Change::Load { xml, next, reason } => return self.load(number, &xml, next, reason),
            Change::Nothing | Change::Initialize => {}
            Change::Tell(out) => reply = Reply::ok(out),
            Change::SetContext(context) => session.context = context,
            Change::SetBackupState(backup_state) => session.document.backup_state = Some(backup_state),
            Change::FreeWriterStatus => session.status = None,
            Change::StartSet => reply = Reply::ok(start_set(world, session)),
            Change::AddVolume { original, provider } => {
                reply = Reply::ok(add_volume(world, number, session, original, provider)?);
            }
            Change::TellSupport { original, provider } => {
                let supported = selection::is_supported(world, session, &original, provider)?;
                reply = Reply::ok(Out::IsVolumeSupported { pb_supported_by_this_provider: supported });
            }
            Change::AddToRecoverySet(added) => {
                // Where the service is not started, nobody can ask the provider, and RecoverSet will not either.
                if world.mode(host) == BootMode::Normal {
                    recovery::still_owned(world, session, &added)?;
                }
                session.recovery_set.retain(|other| other.snapshot != added.snapshot);
                session.recovery_set.push(added);
            }
            Change::SaveDocument => {
                let document = match arrival::planned(world, session) {
                    None => Cow::Borrowed(&session.document),
                    set => {
                        Cow::Owned(BackupComponentsDocument { snapshot_set: set, ..session.document.clone() })
                    }
                };
                reply = Reply::ok(Out::SaveAsXML { pbstr_xml: document.to_xml().into() });
            }
            Change::BreakSet(set) => breaking::forget(world, host, set),
            Change::TellSnapshot(id) => {
                let p_prop = Box::new(snapshots::tell(world, host, id)?);
                reply = Reply::ok(Out::GetSnapshotProperties { p_prop });
            }
            Change::Expose { copy, exposure } => {
                let name = exposure.as_ref().map(|exposure| exposure.name().clone());
                exposure::set(world, host, copy, exposure)?;
                reply.out = name.map(|pwsz_exposed| Out::ExposeSnapshot { pwsz_exposed });
            }
            Change::Query { about, of } => reply = self.query(number, about, of)?,
            Change::Delete { copies, force } => reply = self.delete_one_by_one(&copies, force),
            Change::Revert { snapshot, volume, provider } => {
                reply = self.revert(host, snapshot, volume, provider)?;
            }
            Change::QueryRevert { volume, provider } => {
                reply = self.query_revert(number, host, volume, provider)?;
            }
        }
        self.occupy(number, host, slots);
        self.go_on_as(number, after);
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
    pub(in crate::service) fn go_on_as(&mut self, number: u32, after: Requester) {
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
        let session = self.sessions.get_mut(&number).ok_or(Refusal::NO_OBJECT)?;
        let after = session.requester().loaded(next, DocumentFacts::of(&document));
        session.document = document;
        self.go_on_as(number, after);
        Ok(Reply::OK)
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
        self.go_on_as(number, after);
    }
}

fn start_set(world: &mut World, session: &mut Session) -> Out {
    let id = SnapshotSetId(world.ids.sets.next_guid());
    session.set = Some(SnapshotSet { id, copies: Vec::new() });
    Out::StartSnapshotSet { p_snapshot_set_id: id }
}

fn add_volume(
    world: &mut World,
    number: u32,
    session: &mut Session,
    original: Original,
    provider: ProviderId,
) -> Result<Out, Refusal> {
    let Some(set) = session.set.as_ref().map(|set| set.id) else { unreachable!("a set was begun") };
    let copy = selection::add(world, session, set, original, provider)?;
    let pid_snapshot = copy.snapshot;
    cluster::take(world, number, session.host, &copy.original);
    session.set.iter_mut().for_each(|set| set.copies.push(copy.clone()));
    Ok(Out::AddToSnapshotSet { pid_snapshot })
}
