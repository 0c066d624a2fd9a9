//! What becomes of sets after they were made: imports, breaks, deletions and exposures on any host.

use vss_sim::api::*;
use vss_sim::service::State;

use crate::calls::{delete, expose, pick};
use crate::rig::{Place, Rig};

impl Rig {
    /// A saved document is imported, most of the time one of a set that waits for that or is made to be imported.
    pub(crate) fn import(&mut self, number: u8, host: u8, cancel: bool) -> Option<()> {
        let document = if number.is_multiple_of(8) {
            pick(&self.documents, number)?
        } else {
            if self.waiting().is_empty() {
                let context = [SnapshotContext::NAS_ROLLBACK, SnapshotContext::FILE_SHARE_BACKUP];
                let context = context[usize::from(number % 2)].with(VolumeSnapshotAttributes::TRANSPORTABLE);
                self.backup(context, &[number, number / 2], u8::MAX, host / 3)?;
            }
            pick(&self.waiting(), number)?
        };
        let session = self.create(host)?;
        self.go(session, Call::InitializeForBackup { bstr_xml: Some(document) })?;
        let code = self.outcome(session, Call::IMPORT_SNAPSHOTS, cancel)?;
        *self.tally.outcomes.entry(("import", code)).or_default() += 1;
        Some(())
    }

    /// The documents of sets that nobody has imported.
    fn waiting(&self) -> Vec<Text> {
        let waits = |document: &&Text| {
            let of_document = |id: &SnapshotId| document.contains(&id.0.to_string());
            self.copies.iter().any(|(id, copy)| copy.lives() && copy.at.device.is_none() && of_document(id))
        };
        self.documents.iter().filter(waits).cloned().collect()
    }

    /// The set of a copy is broken where the copy is, now and then elsewhere; by `BreakSnapshotSet` if there are no flags.
    pub(crate) fn break_set(&mut self, copy: u8, host: u8, flags: Option<u32>) -> Option<()> {
        let (id, at) = self.living(copy)?;
        let host = if host < 32 { self.host(host) } else { at };
        let session = self.create_on(host)?;
        self.go(session, Call::InitializeForBackup { bstr_xml: None })?;
        let snapshot_set_id = self.copies[&id].set;
        let call = match flags.map(HardwareOptions::from_bits_retain) {
            None => Call::BreakSnapshotSet { snapshot_set_id },
            Some(dw_break_flags) => {
                Call::BreakSnapshotSetEx { snapshot_set_id, dw_break_flags, pp_async: Ptr::Valid }
            }
        };
        let (before, mounts) = (self.seen.clone(), self.all_mounts());
        // Time passes meanwhile: what others have begun may end.
        let busy = [State::Resyncing, State::Snapshotting, State::Importing];
        let alone =
            !self.somebody_breaks() && !before.states.iter().flatten().any(|state| busy.contains(state));
        let code = self.outcome(session, call, false)?;
        *self.tally.outcomes.entry(("break", code)).or_default() += 1;
        if code.is_failure() {
            let last = self.breaks.iter().rposition(|begun| *begun == (host, snapshot_set_id));
            if let Some(place) = last {
                self.breaks.remove(place);
            }
        }
        if code == HResult::S_OK && alone {
            let of_set = |(id, at): &(&SnapshotId, &Place)| {
                at.host == host && self.copies.get(id).is_some_and(|copy| copy.set == snapshot_set_id)
            };
            let waits = self.seen.copies.iter().filter(of_set).all(|(_, at)| at.device.is_none());
            assert!(waits, "a copy of the broken set {snapshot_set_id} is still there");
        }
        if code.is_failure() && alone {
            assert_eq!(self.seen.luns, before.luns, "a break that comes to {code} has changed LUNs");
            assert_eq!(self.seen.disks, before.disks, "a break that comes to {code} has changed disks");
            assert_eq!(self.all_mounts(), mounts, "a break that comes to {code} has changed volumes");
            assert_eq!(self.seen.copies, before.copies, "a break that comes to {code} has changed copies");
        }
        Some(())
    }

    /// A break was begun of which nobody knows that it has failed, and its copies are still there.
    fn somebody_breaks(&self) -> bool {
        let begun = |(id, at): (&SnapshotId, &Place)| {
            let copy = self.copies.get(id).filter(|_| at.device.is_some());
            copy.is_some_and(|copy| self.breaks.contains(&(at.host, copy.set)))
        };
        self.seen.copies.iter().any(begun)
    }

    pub(crate) fn delete(&mut self, copy: u8, kind: u8, force: bool) -> Option<()> {
        let (id, at) = self.living(copy)?;
        let session = self.create_on(at)?;
        self.go(session, Call::InitializeForBackup { bstr_xml: None })?;
        let whole_set = kind.is_multiple_of(2);
        let own = if whole_set { SnapshotId(self.copies[&id].set.0) } else { id };
        self.call(session, delete(own, if whole_set { 0 } else { 7 }, force, Ptr::Valid));
        self.call(session, Call::Release {});
        Some(())
    }

    pub(crate) fn expose(&mut self, copy: u8, form: u8) -> Option<()> {
        let (id, at) = self.living(copy)?;
        let session = self.create_on(at)?;
        self.go(session, Call::InitializeForBackup { bstr_xml: None })?;
        self.go(session, expose(id, form, Ptr::Valid))?;
        // A second name is refused, and the first one stays.
        self.call(session, expose(id, form.wrapping_add(1), Ptr::Valid));
        if form.is_multiple_of(2) {
            self.call(session, Call::UnexposeSnapshot { snapshot_id: id });
        }
        Some(())
    }

    /// A requester begins a set and lets go of it: whether it may is checked with every such call.
    pub(crate) fn begin_only(&mut self, host: u8) -> Option<()> {
        let session = self.create(host)?;
        let started = self.start(session);
        self.call(session, Call::Release {});
        started
    }

    /// What Query hands out to a requester in the context of all copies is the catalogue that is looked at after every step.
    pub(crate) fn query(&mut self, host: usize) -> Option<()> {
        let session = self.create_on(host)?;
        self.go(session, Call::InitializeForBackup { bstr_xml: None })?;
        self.go(session, Call::SetContext { l_context: SnapshotContext::ALL })?;
        self.go(session, Call::query(ObjectType::SNAPSHOT))?;
        let list = self.lists.last()?.object;
        let next = Call::Next { celt: u32::MAX, rgelt: Ptr::Valid, pcelt_fetched: Ptr::Valid };
        let Some(Out::Next { rgelt, .. }) = self.go(list, next)?.out else {
            panic!("nothing was handed out")
        };
        let seen = self.seen.catalogue[host].iter().cloned();
        let seen: Vec<ObjectProp> = seen.map(|copy| ObjectProp::Snapshot(Box::new(copy))).collect();
        assert_eq!(rgelt, seen, "what Query lists on host {}", host + 1);
        self.tally.listed_copies += rgelt.len();
        Some(())
    }

    /// A copy that is to be there, and the host that knows it.
    fn living(&self, number: u8) -> Option<(SnapshotId, usize)> {
        let living = self.copies.iter().filter(|(_, copy)| copy.lives());
        pick(&living.map(|(id, copy)| (*id, copy.at.host)).collect::<Vec<_>>(), number)
    }

    /// What a call comes to in the end; `None`: nobody knows.
    fn outcome(&mut self, on: Object, call: Call, cancel: bool) -> Option<HResult> {
        let asyncs = self.asyncs.len();
        let reply = self.call(on, call);
        let Some(operation) = self.asyncs.get(asyncs).map(|it| it.object) else { return Some(reply.hresult) };
        let stop = if cancel { Call::Cancel {} } else { Call::Wait { dw_milliseconds: INFINITE } };
        self.call(operation, stop);
        let query = Call::QUERY_STATUS;
        let status = self.call(operation, query).out;
        self.call(operation, Call::Release {});
        match status? {
            Out::QueryStatus { p_hr_result: HResult::VSS_S_ASYNC_FINISHED, .. } => Some(HResult::S_OK),
            Out::QueryStatus { p_hr_result, .. } => Some(p_hr_result),
            _ => None,
        }
    }
}
