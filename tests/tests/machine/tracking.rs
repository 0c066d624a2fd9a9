//! What the model expects of each operation's end, and what is compared with it after every step.

use std::collections::{BTreeMap, BTreeSet};

use vss_sim::api::*;
use vss_sim::service::{Because, State};

use crate::codes;
use crate::model::{Copy, Disk, Life, Planned, SLOTS, Target, World};
use crate::rig::{Async, Rig, contents};

impl Rig {
    /// What a resync that begins now has to do; `None`: nobody knows.
    pub(crate) fn targets(&mut self, session: usize, flags: RecoveryOptions) -> Option<Vec<Target>> {
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

    pub(crate) fn signatures(&self) -> BTreeMap<String, Option<Signature>> {
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
        // A broken copy is a disk like any other, but the order must not decide what it holds.
        let is_chain = targets.iter().any(|target| targets.iter().any(|other| other.lun == target.copy));
        assert!(!is_chain || !success, "a LUN was copied from and onto at once: {targets:?}");
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
    pub(crate) fn reverted_to(&mut self, snapshot: SnapshotId) {
        let copy = self.copies.get(&snapshot).expect("a copy that was made");
        assert_eq!(copy.lun, None, "a copy of an array was reverted to");
        // Those that were made of the volume since are lost.
        let is_newer = |other: &Copy| {
            let of_volume = |copy: &Copy| (copy.at.host, copy.source.clone(), copy.volume);
            other.lun.is_none() && of_volume(other) == of_volume(copy) && other.nth > copy.nth
        };
        let newer = self.copies.iter().filter(|(_, other)| is_newer(other));
        self.going.extend(newer.map(|(id, _)| *id));
        let held = copy.held.clone();
        // A resync can have given the volume's name to another: that one is reverted.
        let Some((lun, volume)) = self.place_of_original(snapshot) else { return };
        let Some(disk) = self.world.get_mut(&lun) else { return };
        let now = contents(&self.sim, &lun, disk)[volume];
        assert!(held.contains(&now), "{snapshot} never was {now:x?}");
        disk[volume] = now;
        self.tally.reverts += 1;
    }

    /// Where the volume lies now that has the name of the copy's original.
    fn place_of_original(&mut self, snapshot: SnapshotId) -> Option<(String, usize)> {
        let host = self.seen.copies.get(&snapshot)?.host;
        let name = self.known(snapshot)?.original_volume_name.clone();
        self.place(host, &name)
    }

    /// What Query lists of that copy.
    fn known(&self, snapshot: SnapshotId) -> Option<&SnapshotProp> {
        self.seen.catalogue.iter().flatten().find(|known| known.snapshot_id == snapshot)
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
        for Planned { snapshot, lun: source, volume, share } in planned {
            let mut held = volume_at(&window.worlds, &source, volume);
            let claimed =
                |lun: &String| self.copies.values().any(|it| it.set != set && it.lun.as_ref() == Some(lun));
            // Meanwhile another host may have copied the LUN under a software provider's copy.
            let by_software = self.known(snapshot).is_some_and(|known| {
                !known.snapshot_attributes.contains(VolumeSnapshotAttributes::HARDWARE_ASSISTED)
            });
            let on_lun = |lun: &&String| share.is_none() && !by_software && source_of(lun) == Some(&*source);
            let copied = self.seen.luns.keys().filter(on_lun);
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
                share,
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
