//! What holds for every shadow copy after every step: it shows the content of its commit, it goes with its session if its
//! context does not keep it, and with nothing else; and ids are given once.

use std::collections::{BTreeMap, BTreeSet};

use vss_sim::api::*;
use vss_sim::lab::{Cause, Fault};
use vss_sim::service::{Simulator, State};

use crate::model::{Copy, Life, SLOTS, slot_offset};
use crate::rig::{Place, Rig, Session, Step, turn_to};
use crate::tracking::source_of;

/// Everything that was given as unique.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    guids: BTreeSet<Guid>,
    sessions: BTreeMap<Object, SessionId>,
    objects: BTreeSet<Object>,
    devices: BTreeMap<Text, SnapshotId>,
}

impl Ids {
    /// Notes what a reply gives.
    pub(crate) fn note(&mut self, on: Object, out: &Out) {
        let guid = match out {
            Out::StartSnapshotSet { p_snapshot_set_id } => p_snapshot_set_id.0,
            Out::AddToSnapshotSet { pid_snapshot } => pid_snapshot.0,
            Out::GetSessionId { id_session } => {
                let known = self.sessions.insert(on, *id_session);
                assert!(known.is_none_or(|known| known == *id_session), "{on} has two ids");
                if known.is_some() {
                    return;
                }
                id_session.0
            }
            _ => return,
        };
        assert!(self.guids.insert(guid), "{on} was given {guid}, which was given before");
    }

    pub(crate) fn note_object(&mut self, object: Object) {
        assert!(self.objects.insert(object), "{object} was handed out twice");
    }

    fn note_device(&mut self, device: &Text, copy: SnapshotId) {
        let first = *self.devices.entry(device.clone()).or_insert(copy);
        assert_eq!(first, copy, "two copies have the device {device}");
    }
}

impl Rig {
    /// One requester creates a set on a host at a time, its own or one with shares of that host, and nobody is kept from it when nobody does.
    pub(crate) fn one_creates_at_a_time(&mut self, on: Object, code: HResult) {
        let Some(host) = self.sessions.iter().find(|it| it.object == on).map(|it| it.host) else { return };
        let takes_part = |it: &&Session| it.host == host || it.servers.contains(&host);
        let creates = self.sessions.iter().filter(|it| it.alive && it.creates).filter(takes_part);
        let creates: Vec<Object> = creates.map(|it| it.object).collect();
        match code {
            HResult::S_OK => assert_eq!(creates, [on], "one requester creates sets"),
            HResult::VSS_E_SNAPSHOT_SET_IN_PROGRESS => {
                assert!(!creates.is_empty(), "nobody creates a set, but {on} may not");
                self.tally.locked_out += 1;
            }
            _ => {}
        }
    }

    /// Whoever is past the end of DoSnapshotSet, or has given up, creates no more.
    pub(crate) fn creations_end(&mut self) {
        for session in self.sessions.iter_mut().filter(|it| it.creates) {
            let creating = matches!(
                self.sim.state(session.object),
                Some(
                    State::SetStarted
                        | State::Volumes
                        | State::Preparing
                        | State::Prepared
                        | State::Snapshotting
                        // Of a set that was prepared and not made; of one that was made, `creates` is false already.
                        | State::Completing
                )
            );
            session.creates &= session.alive && creating;
        }
    }

    pub(crate) fn copies_are_as_they_should_be(&mut self) {
        let seen = self.seen.copies.clone();
        for (id, place) in &seen {
            self.is_where_it_was_brought(*id, place);
            place.device.iter().for_each(|device| self.ids.note_device(device, *id));
        }
        for id in self.copies.keys().copied().collect::<Vec<_>>() {
            self.lives_as_long_as_it_should(id, seen.contains_key(&id));
        }
        // Reading costs. Nothing can have changed what is shown if nothing has happened, no time has passed, and all that
        // is seen is as it was.
        let called = matches!(self.steps.last(), Some(Step::Call(..)));
        if !called || self.read_at.as_ref() != Some(&self.seen) {
            for (id, place) in &seen {
                self.shows_the_content_of_its_commit(*id, place);
            }
            self.read_at = Some(self.seen.clone());
        }
        self.luns_are_there_for_copies();
        self.going.clear();
        for session in self.sessions.iter_mut().filter(|it| it.imports) {
            session.imports = session.alive && self.sim.state(session.object) == Some(State::Importing);
        }
    }

    /// A copy is where it was made, or where somebody has imported it.
    fn is_where_it_was_brought(&mut self, id: SnapshotId, place: &Place) {
        let Some(copy) = self.copies.get_mut(&id) else {
            return assert!(self.damaged_import, "nobody made the copy {id} on host {}", place.host + 1);
        };
        if copy.at == *place {
            return;
        }
        let imports = |session: &Session| {
            let document = session.document.as_ref();
            let has = document.is_some_and(|document| document.contains(&id.0.to_string()));
            session.alive && session.imports && session.host == place.host && (has || session.damaged)
        };
        let importer = self.sessions.iter().position(imports);
        let importer = importer.unwrap_or_else(|| panic!("nobody brought {copy:?} to {place:?}"));
        // Where one of several copies on a LUN was deleted, the document and the LUN still have it.
        let is_left = copy.lun.as_ref().is_some_and(|lun| self.seen.luns.contains_key(lun));
        let there = copy.life != Life::Broken && (copy.life != Life::Deleted || is_left);
        assert!(there, "{copy:?} was imported although it is gone");
        copy.life = match self.sessions[importer].damaged {
            true => Life::Unsure,
            false => Life::Lives { with: copy.auto_release.then_some(importer) },
        };
        self.tally.imports += 1;
        self.tally.imports_elsewhere += usize::from(place.host != copy.at.host);
        copy.at = place.clone();
    }

    /// It is there until its session ends, or somebody deletes or breaks it, and not a step longer.
    fn lives_as_long_as_it_should(&mut self, id: SnapshotId, is_there: bool) {
        let copy = &self.copies[&id];
        let life = match copy.life {
            Life::Lives { with: Some(owner) } if !self.sessions[owner].alive => {
                // VSS knows on what its software provider has not deleted.
                let is_left = is_there && copy.lun.is_none() && self.deletions_fail();
                assert!(!is_there || is_left, "{id} has survived its session: {copy:?}");
                self.tally.went_with_session += usize::from(!is_left);
                if is_left { Life::Unsure } else { Life::Deleted }
            }
            Life::Lives { .. } if !is_there => self.why_it_left(id, copy),
            Life::Unsure if !is_there => Life::Deleted,
            Life::Deleted | Life::Broken => return assert!(!is_there, "{id} is there again: {copy:?}"),
            _ => return,
        };
        match life {
            Life::Broken => self.tally.broken += 1,
            Life::Unsure => {}
            _ => self.tally.gone += 1,
        }
        self.copies.entry(id).and_modify(|copy| copy.life = life);
    }

    /// Whether providers may be kept from deleting copies.
    fn deletions_fail(&self) -> bool {
        let fails = |fault: &Fault| fault.call == "DeleteSnapshots" && !matches!(fault.cause, Cause::Late(_));
        self.lab.faults.iter().any(fails)
    }

    fn why_it_left(&self, id: SnapshotId, copy: &Copy) -> Life {
        // What has not arrived is no part of a break.
        let arrived = copy.at.device.is_some();
        let breaks =
            |(host, set): &(usize, SnapshotSetId)| arrived && (*host, *set) == (copy.at.host, copy.set);
        if self.going.contains(&id) {
            return Life::Deleted;
        }
        assert!(
            self.breaks.iter().any(breaks),
            "{id} has left although nobody deleted or broke it: {copy:?} after {:?}",
            self.steps.last()
        );
        Life::Broken
    }

    fn shows_the_content_of_its_commit(&mut self, id: SnapshotId, place: &Place) {
        let Some(device) = &place.device else { return };
        let Some(copy) = self.copies.get(&id) else { return };
        let is_shown = copy.share.as_ref().is_none_or(|share| self.is_offered(share));
        if !copy.lives() || copy.held.is_empty() || copy.overwritten || !is_shown {
            return;
        }
        if copy.lun.as_ref().is_some_and(|lun| !has_disk(&mut self.sim, place.host, lun)) {
            let shown = read_slot(&mut self.sim, place.host, device, 0);
            assert!(shown.is_err(), "{id} can be read on host {} without its disk", place.host + 1);
            return;
        }
        let shown = slots(&mut self.sim, place.host, device);
        assert!(copy.held.contains(&shown), "{id} shows {shown:x?} on host {}: {copy:?}", place.host + 1);
        self.tally.software_copies += usize::from(copy.lun.is_none());
        self.tally.share_copies += usize::from(copy.share.is_some());
        let source = self.world.get(&copy.source);
        let now = source.and_then(|disk| disk.get(copy.volume));
        let fresh = !copy.told_apart && now.is_some_and(|now| *now != shown);
        self.tally.told_apart += usize::from(fresh);
        self.tally.told_apart_elsewhere += usize::from(fresh && place.host > 0);
        self.copies.entry(id).and_modify(|copy| {
            copy.told_apart |= fresh;
            // From here on it is that moment's, whatever else was possible.
            copy.held = vec![shown];
        });
    }

    /// A copied LUN is there as long as a copy lies on it; what was broken off stays.
    fn luns_are_there_for_copies(&self) {
        let creating = self.sessions.iter().any(|it| it.window.is_some());
        let needed: BTreeSet<&String> = self
            .copies
            .values()
            .filter(|copy| copy.life != Life::Deleted)
            .filter_map(|copy| copy.lun.as_ref())
            .collect();
        for lun in self.seen.luns.keys().filter(|lun| source_of(lun).is_some()) {
            let why = needed.contains(lun) || creating || self.leaves_copies || self.damaged_import;
            assert!(why, "no copy is left on {lun}");
        }
        for lun in needed {
            // Differences are lost with what they are differences to.
            let has_source = source_of(lun).is_some_and(|source| self.seen.luns.contains_key(source));
            assert!(self.seen.luns.contains_key(lun) || !has_source, "{lun} should have stayed");
        }
    }
}

/// The slots of a volume as a host reads them.
fn slots(sim: &mut Simulator, host: usize, volume: &Text) -> [u64; SLOTS] {
    std::array::from_fn(|slot| match read_slot(sim, host, volume, slot) {
        Ok(Answer::Bytes(bytes)) => u64::from_le_bytes(bytes.try_into().expect("eight bytes")),
        other => panic!("it cannot be read on host {}: {other:?}", host + 1),
    })
}

fn read_slot(sim: &mut Simulator, host: usize, volume: &Text, slot: usize) -> Result<Answer, Unavailable> {
    turn_to(sim, host);
    let (volume, offset) = (volume.clone(), slot_offset(slot));
    let read = sim.ask(&Question::ReadVolume { volume, offset, length: 8 });
    turn_to(sim, 0);
    read
}

/// Whether the host sees the LUN as a disk.
fn has_disk(sim: &mut Simulator, host: usize, lun: &str) -> bool {
    turn_to(sim, host);
    let disks = sim.ask(&Question::Disks);
    turn_to(sim, 0);
    matches!(disks, Ok(Answer::Disks(disks)) if disks.iter().any(|disk| &*disk.lun == lun))
}
