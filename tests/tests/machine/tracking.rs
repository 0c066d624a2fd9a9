//! What follows from a reply for the model, and what is compared with it after every step.

use std::collections::{BTreeMap, BTreeSet};

use vss_conformance::bench::object_of;
use vss_sim::api::*;
use vss_sim::service::{Because, State};

use crate::codes;
use crate::model::{Copy, Disk, Life, Planned, Resync, SLOTS, Target, Window, World};
use crate::rig::{Async, List, Rig, Session, contents};

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
                self.sessions[session].planned.push(Planned { snapshot: *pid_snapshot, lun, volume });
            }
            (Call::StartSnapshotSet { .. }, Some(Out::StartSnapshotSet { p_snapshot_set_id })) => {
                self.sessions[session].creates = true;
                self.sessions[session].set = *p_snapshot_set_id;
                self.sessions[session].planned.clear();
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
    pub(crate) fn note_deletion(&mut self, call: &Call, code: HResult) {
        let Call::DeleteSnapshots { source_object_id, e_source_object_type, .. } = call else { return };
        let of_set = *e_source_object_type == ObjectType::SNAPSHOT_SET;
        for (id, copy) in &mut self.copies {
            if (if of_set { copy.set.0 } else { id.0 }) != *source_object_id {
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

    /// What a resync that begins now has to do; `None`: nobody knows.
    fn targets(&mut self, session: usize, flags: RecoveryOptions) -> Option<Vec<Target>> {
        let session = &self.sessions[session];
        if session.damaged || session.host != 0 {
            return None;
        }
        let recovery = session.recovery.clone();
        recovery
            .iter()
            .map(|(snapshot, to)| {
                let lun = match to {
                    Ok(volume) => self.place(0, volume)?.0,
                    Err(lun) => lun.clone(),
                };
                let copy = self.copies.get(snapshot)?;
                let own = self.seen.luns.get(&lun)?.signature;
                let reverts = flags.contains(RecoveryOptions::REVERT_IDENTITY_ALL);
                let wanted = if reverts { copy.signatures.clone() } else { vec![own] };
                Some(Target { lun, copy: copy.lun.clone()?, wanted })
            })
            .collect()
    }

    fn signatures(&self) -> BTreeMap<String, Option<Signature>> {
        self.seen.luns.iter().map(|(name, lun)| (name.clone(), lun.signature)).collect()
    }

    /// Compares what is seen with what the model says, after every step.
    pub(crate) fn follow_up(&mut self) {
        let live = self.sessions.iter().filter(|it| it.alive).count()
            + self.asyncs.iter().filter(|it| it.alive).count()
            + self.lists.iter().filter(|it| it.alive).count();
        assert_eq!(self.seen.live as usize, live, "objects live that nobody holds, or the reverse");
        self.no_two_disks_are_alike();
        self.failures_are_documented();
        for session in 0..self.sessions.len() {
            let state = self.sim.state(self.sessions[session].object);
            if self.sessions[session].resync.is_some() && state != Some(State::Resyncing) {
                self.resync_ended(session, state == Some(State::Resynced));
            }
        }
        let (world, signatures) = (self.world.clone(), self.signatures());
        for session in 0..self.sessions.len() {
            let state = self.sim.state(self.sessions[session].object);
            if let Some(window) = &mut self.sessions[session].window {
                // Something may have been written while the set is being created.
                if window.worlds.last() != Some(&world) {
                    window.worlds.push(world.clone());
                    window.signatures.push(signatures.clone());
                }
                if state != Some(State::Snapshotting) {
                    self.creation_ended(session, state == Some(State::Snapshotted));
                }
            }
        }
        self.creations_end();
        self.contents_are_known();
        self.copies_are_as_they_should_be();
    }

    fn no_two_disks_are_alike(&self) {
        for disks in &self.seen.disks {
            let mut known = BTreeSet::new();
            for disk in disks.iter().filter(|disk| disk.online) {
                let fresh = disk.signature.is_none_or(|signature| known.insert(signature));
                let last = self.steps.last();
                assert!(fresh, "two online disks have one signature: {disks:#?} after {last:?}");
            }
        }
    }

    fn failures_are_documented(&mut self) {
        for index in 0..self.asyncs.len() {
            let Async { object, method, session, alive } = self.asyncs[index];
            let Some(failed) = self.sim.failure(object).filter(|_| alive) else { continue };
            let os = self.lab.hosts[self.sessions[session].host].os;
            self.permit(method, failed.code, os, Some(failed.because));
            if let Because::Documented(reason) = failed.because {
                assert!(
                    codes::is_documented(method, failed.code, reason),
                    "no page has {}",
                    failed.explain(method)
                );
            }
        }
    }

    /// After success every target holds its copy under the signature that was asked for; after failure it holds that,
    /// or what it held.
    fn resync_ended(&mut self, session: usize, success: bool) {
        let Some(resync) = self.sessions[session].resync.take() else { return };
        self.tally.resyncs += usize::from(success);
        self.tally.failed_resyncs += usize::from(!success);
        let Some(targets) = resync.targets else { return self.adopt_any_copy() };
        let before = self.world.clone();
        for target in &targets {
            // A copy that has gone since cannot have been copied back.
            let wanted = before.get(&target.copy);
            let wanted = wanted.filter(|_| self.seen.luns.contains_key(&target.copy) || !success);
            let (Some(wanted), Some(held)) = (wanted, before.get(&target.lun)) else {
                assert!(!success, "a copy that is gone was copied back: {target:?}");
                continue;
            };
            let now = contents(&self.sim, &target.lun, wanted);
            let untouched = contents(&self.sim, &target.lun, held) == *held;
            let copied = now == *wanted;
            assert!(
                copied || !success && untouched,
                "{target:?} holds {now:x?} instead of {wanted:x?}, before {held:x?}"
            );
            if copied && (success || !untouched) {
                self.world.insert(target.lun.clone(), wanted.clone());
                self.is_overwritten(&target.lun);
            }
            if success {
                self.is_the_copy_under_the_right_name(target);
            }
        }
    }

    fn is_the_copy_under_the_right_name(&mut self, target: &Target) {
        let (lun, copy) = (&self.seen.luns[&target.lun], &self.seen.luns[&target.copy]);
        assert_eq!(lun.size, copy.size, "{} has to have the size of {}", lun.name, copy.name);
        assert!(target.wanted.contains(&lun.signature), "{target:?} is known by {:?}", lun.signature);
        self.tally.reverted += usize::from(target.wanted.len() > 1 || target.lun.starts_with("spare"));
    }

    /// The volume holds at once what it held when it was copied, and nothing beside it has changed.
    fn reverted_to(&mut self, snapshot: SnapshotId) {
        let copy = self.copies.get(&snapshot).expect("a copy that was made");
        assert_eq!(copy.lun, None, "a copy of an array was reverted to");
        // Those that were made of the volume since are lost.
        let is_newer = |other: &Copy| {
            let of_volume = |copy: &Copy| (copy.at.host, copy.source.clone(), copy.volume);
            other.lun.is_none() && of_volume(other) == of_volume(copy) && other.nth > copy.nth
        };
        let newer = self.copies.iter().filter(|(_, other)| is_newer(other));
        self.going.extend(newer.map(|(id, _)| *id));
        let Some(held) = self.world.get_mut(&copy.source) else { return };
        let now = contents(&self.sim, &copy.source, held);
        assert!(copy.held.contains(&now[copy.volume]), "{copy:?} never was {now:x?}");
        held[copy.volume] = now[copy.volume];
        self.tally.reverts += 1;
    }

    /// After a resync from a damaged document, or on another host: each LUN holds what it held, or some LUN's contents.
    fn adopt_any_copy(&mut self) {
        let all: Vec<_> = self.world.values().cloned().collect();
        let luns: Vec<String> =
            self.world.keys().filter(|lun| self.seen.luns.contains_key(*lun)).cloned().collect();
        for lun in luns {
            let fits = |disk: &&Disk| contents(&self.sim, &lun, disk) == **disk;
            if fits(&&self.world[&lun]) {
                continue;
            }
            let found = all.iter().find(fits).cloned();
            let found = found.unwrap_or_else(|| panic!("{lun} holds what no LUN held"));
            self.is_overwritten(&lun);
            self.world.insert(lun, found);
        }
    }

    /// What lay on a LUN is there no more, and if it was a copy.
    fn is_overwritten(&mut self, lun: &str) {
        let on_lun = self.copies.values_mut().filter(|copy| copy.lun.as_deref() == Some(lun));
        on_lun.for_each(|copy| copy.overwritten = true);
    }

    /// A set is complete: its copies show what their sources held at one moment of the creation.
    fn creation_ended(&mut self, session: usize, success: bool) {
        let it = &mut self.sessions[session];
        let (Some(window), planned) = (it.window.take(), std::mem::take(&mut it.planned)) else { return };
        let (persistent, set, host) = (it.persistent, it.set, it.host);
        let others = self.sessions.iter().any(|it| it.window.is_some());
        let is_new = |lun: &&String| !window.luns_before.contains(*lun) && !self.world.contains_key(*lun);
        let made: Vec<String> = self.seen.luns.keys().filter(is_new).cloned().collect();
        if !success {
            let clean = made.is_empty() || others || self.leaves_copies;
            assert!(clean, "a failed set leaves {made:?} behind");
            return;
        }
        for lun in &made {
            let source = source_of(lun).unwrap_or_else(|| panic!("{lun} is no copy"));
            let moments: Vec<_> =
                window.worlds.iter().filter_map(|world: &World| world.get(source)).collect();
            let shown = moments.iter().find(|held| contents(&self.sim, lun, held) == ***held);
            let shown = shown.unwrap_or_else(|| panic!("{lun} never was what {source} held: {moments:x?}"));
            self.world.insert(lun.clone(), (*shown).clone());
        }
        // On another host's disks a volume is not always found where it lies: then nobody can say whose LUN it is.
        let unplaced = |lun: &String| !planned.iter().any(|it| source_of(lun) == Some(&*it.lun));
        self.leaves_copies |= made.iter().any(unplaced);
        for Planned { snapshot, lun: source, volume } in planned {
            let mut held = volume_at(&window.worlds, &source, volume);
            let claimed =
                |lun: &String| self.copies.values().any(|it| it.set != set && it.lun.as_ref() == Some(lun));
            let copied = self.seen.luns.keys().filter(|lun| source_of(lun) == Some(&*source));
            let mut of_source = copied.filter(|lun| !window.luns_before.contains(*lun) && !claimed(lun));
            let lun = match (of_source.next(), of_source.next()) {
                // Two hosts copied the LUN at the same time: nobody can say whose copy is which.
                (Some(_), Some(_)) => {
                    self.leaves_copies = true;
                    held = Vec::new();
                    None
                }
                (one, _) => one.cloned(),
            };
            let signatures =
                window.signatures.iter().filter_map(|known| known.get(&source).copied()).collect();
            let there = self.seen.copies.get(&snapshot).cloned();
            let at = there.unwrap_or_else(|| panic!("{snapshot} was made, but VSS does not know it"));
            assert_eq!(at.host, host, "{snapshot} was made on another host");
            let auto_release = !persistent;
            let copy = Copy {
                nth: self.copies.len(),
                set,
                source,
                volume,
                held,
                lun,
                signatures,
                auto_release,
                life: Life::Lives { with: auto_release.then_some(session) },
                at,
                overwritten: false,
                told_apart: false,
            };
            self.copies.insert(snapshot, copy);
        }
    }

    /// Every LUN holds what the model says, and none is there that nobody made.
    fn contents_are_known(&mut self) {
        let gone: Vec<String> =
            self.world.keys().filter(|lun| !self.seen.luns.contains_key(*lun)).cloned().collect();
        for lun in gone {
            assert!(source_of(&lun).is_some(), "the lab's own LUN {lun} is gone");
            self.world.remove(&lun);
        }
        let creating = self.sessions.iter().any(|it| it.window.is_some());
        for (lun, LunSeen { digest, .. }) in &self.seen.luns {
            match self.world.get(lun) {
                // Reading costs: what was right stays right as long as no byte changes.
                Some(held) if self.right.get(lun) != Some(&(*digest, held.clone())) => {
                    assert_eq!(contents(&self.sim, lun, held), *held, "the contents of {lun}");
                    self.right.insert(lun.clone(), (*digest, held.clone()));
                }
                Some(_) => {}
                None => assert!(creating || self.leaves_copies, "nobody made the LUN {lun}"),
            }
        }
    }
}

/// What a volume of a LUN held at some moment. A resync in between brings other volumes, and gives its target's name to the
/// one that was copied, wherever that lies: then it may be any.
fn volume_at(moments: &[World], lun: &str, volume: usize) -> Vec<[u64; SLOTS]> {
    let disks: Vec<&Disk> = moments.iter().filter_map(|world| world.get(lun)).collect();
    let is_another = |disk: &&Disk| {
        disk.len() != disks[0].len() || disk.iter().zip(disks[0]).all(|(now, then)| now != then)
    };
    if disks.iter().any(is_another) {
        return disks.into_iter().flatten().copied().collect();
    }
    disks.into_iter().filter_map(|disk| disk.get(volume)).copied().collect()
}

/// The LUN of which another is a copy, as arrays name copies.
pub(crate) fn source_of(lun: &str) -> Option<&str> {
    lun.rsplit_once('/').map(|(source, _)| source)
}

fn new_session(object: Object, host: u32) -> Session {
    Session {
        object,
        host: host as usize - 1,
        alive: true,
        persistent: false,
        creates: false,
        set: SnapshotSetId::NULL,
        imports: false,
        document: None,
        damaged: false,
        planned: Vec::new(),
        window: None,
        recovery: Vec::new(),
        resync: None,
    }
}
