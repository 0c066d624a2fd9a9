//! What follows from a reply for the model.

use std::collections::BTreeSet;

use vss_conformance::bench::object_of;
use vss_sim::api::*;

use crate::model::{Life, Planned, Resync, Window};
use crate::rig::{Async, List, Rig, Session};

impl Rig {
    /// Draws from an accepted call what it means for the model.
    pub(crate) fn note(&mut self, on: Object, call: &Call, reply: &Reply) {
        if reply.hresult != HResult::S_OK {
            return;
        }
        let session = self.sessions.iter().position(|it| it.object == on && it.alive);
        reply.out.iter().for_each(|out| self.ids.note(on, out));
        if let Some(object) = reply.out.as_ref().and_then(object_of) {
            self.ids.note_object(object);
            match (object, on, session) {
                (Object::Session(_), Object::Host(host), _) => self.sessions.push(new_session(object, host)),
                (Object::Async(_), _, Some(session)) => {
                    self.asyncs.push(Async { object, session, method: call.method(), alive: true });
                }
                (Object::Enumerator(_), _, _) => {
                    let of_list = self.lists.iter().find(|it| it.object == on).map(|it| it.session);
                    let session = session.or(of_list).expect("a list is handed out by a session or a list");
                    self.lists.push(List { object, session, alive: true });
                }
                other => panic!("an object was handed out by {other:?}"),
            }
        }
        if let Call::Release {} = call {
            self.sessions.iter_mut().filter(|it| it.object == on).for_each(|it| it.alive = false);
            self.asyncs.iter_mut().filter(|it| it.object == on).for_each(|it| it.alive = false);
            self.lists.iter_mut().filter(|it| it.object == on).for_each(|it| it.alive = false);
        }
        if let Some(session) = session {
            self.note_session(session, call, reply);
        }
    }

    fn note_session(&mut self, session: usize, call: &Call, reply: &Reply) {
        match (call, &reply.out) {
            (
                Call::InitializeForBackup { bstr_xml: Some(xml) }
                | Call::InitializeForRestore { bstr_xml: Some(xml) },
                _,
            ) => {
                self.sessions[session].damaged = !self.documents.contains(xml);
                self.sessions[session].document = Some(xml.clone());
            }
            (Call::SetContext { l_context }, _) => {
                let keeps = l_context.attributes().contains(VolumeSnapshotAttributes::NO_AUTO_RELEASE);
                self.sessions[session].persistent = keeps;
            }
            (
                Call::AddToSnapshotSet { pwsz_volume_name: Some(name), .. },
                Some(Out::AddToSnapshotSet { pid_snapshot }),
            ) => {
                let (lun, volume) = self.place(self.sessions[session].host, name).unwrap_or_default();
                let share = self.share(name).cloned();
                let server = share.as_ref().map(|share| self.file_server(share));
                self.sessions[session].servers.extend(server);
                self.sessions[session].planned.push(Planned { snapshot: *pid_snapshot, lun, volume, share });
            }
            (Call::StartSnapshotSet { .. }, Some(Out::StartSnapshotSet { p_snapshot_set_id })) => {
                self.sessions[session].creates = true;
                self.sessions[session].set = *p_snapshot_set_id;
                self.sessions[session].planned.clear();
                self.sessions[session].servers.clear();
            }
            (Call::ImportSnapshots { .. }, _) => {
                self.sessions[session].imports = true;
                self.damaged_import |= self.sessions[session].damaged;
            }
            (
                Call::BreakSnapshotSet { snapshot_set_id } | Call::BreakSnapshotSetEx { snapshot_set_id, .. },
                _,
            ) => self.breaks.push((self.sessions[session].host, *snapshot_set_id)),
            (Call::ExposeSnapshot { .. }, _) => self.tally.exposures += 1,
            (Call::DoSnapshotSet { .. }, _) => {
                let window = Window {
                    worlds: vec![self.world.clone()],
                    luns_before: self.seen.luns.keys().cloned().collect(),
                    signatures: vec![self.signatures()],
                };
                self.sessions[session].window = Some(window);
            }
            (Call::SaveAsXML { .. }, Some(Out::SaveAsXML { pbstr_xml }))
                if !self.sessions[session].damaged && !self.documents.contains(pbstr_xml) =>
            {
                self.documents.push(pbstr_xml.clone());
            }
            (Call::AddSnapshotToRecoverySet { snapshot_id, pwsz_destination_volume, .. }, _) => {
                let source = self.copies.get(snapshot_id).map(|copy| copy.source.clone()).unwrap_or_default();
                let to = pwsz_destination_volume.as_ref().map_or(Err(source), |name| Ok(name.to_string()));
                let recovery = &mut self.sessions[session].recovery;
                recovery.retain(|(other, _)| other != snapshot_id);
                recovery.push((*snapshot_id, to));
            }
            (Call::RevertToSnapshot { snapshot_id, .. }, _) => self.reverted_to(*snapshot_id),
            (Call::RecoverSet { dw_flags, .. }, _) => {
                let targets = self.targets(session, *dw_flags);
                self.sessions[session].resync = Some(Resync { targets });
            }
            _ => {}
        }
    }

    /// Copies were deleted, or their provider did not let that come to a good end.
    pub(crate) fn note_deletion(&mut self, on: Object, call: &Call, code: HResult) {
        let Call::DeleteSnapshots { source_object_id, e_source_object_type, .. } = call else { return };
        let Some(requester) = self.sessions.iter().find(|session| session.object == on) else { return };
        let of_set = *e_source_object_type == ObjectType::SNAPSHOT_SET;
        for (id, copy) in &mut self.copies {
            let named = (if of_set { copy.set.0 } else { id.0 }) == *source_object_id;
            // Of a set that has come to several hosts each host has its own copies.
            if !named || copy.at.host != requester.host {
                continue;
            }
            self.going.insert(*id);
            let is_there = self.seen.copies.contains_key(id);
            assert!(code != HResult::S_OK || !is_there, "{id} was deleted and is there");
            if is_there && copy.lun.as_ref().is_some_and(|lun| !self.seen.luns.contains_key(lun)) {
                copy.lun = None;
                copy.life = Life::Unsure;
            }
        }
    }
}

fn new_session(object: Object, host: u32) -> Session {
    Session {
        object,
        host: host as usize - 1,
        alive: true,
        persistent: false,
        creates: false,
        set: SnapshotSetId::NULL,
        servers: BTreeSet::new(),
        imports: false,
        document: None,
        damaged: false,
        planned: Vec::new(),
        window: None,
        recovery: Vec::new(),
        resync: None,
    }
}
