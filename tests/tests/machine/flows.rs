//! Whole ways through the machine, and everything else that can happen.

use vss_sim::api::*;
use vss_sim::lab::{BootMode, CallerRole};

use crate::calls::pick;
use crate::model::{Copy, Life, slot_offset};
use crate::ops::{Ending, Op};
use crate::rig::Rig;

/// A persistent context with writers, most of the time.
fn context(number: u8) -> SnapshotContext {
    let transportable = |context: SnapshotContext| context.with(VolumeSnapshotAttributes::TRANSPORTABLE);
    match number % 16 {
        0 => SnapshotContext::BACKUP,
        1 => SnapshotContext::FILE_SHARE_BACKUP,
        2 => SnapshotContext::NAS_ROLLBACK,
        3 => transportable(SnapshotContext::APP_ROLLBACK),
        12 | 13 => transportable(SnapshotContext::NAS_ROLLBACK),
        14 => transportable(SnapshotContext::FILE_SHARE_BACKUP),
        4 => SnapshotContext::APP_ROLLBACK.with(VolumeSnapshotAttributes::PLEX),
        5 => SnapshotContext::APP_ROLLBACK.with(VolumeSnapshotAttributes::DIFFERENTIAL),
        _ => SnapshotContext::APP_ROLLBACK,
    }
}

impl Rig {
    /// Lets one thing happen.
    pub(crate) fn run(&mut self, op: &Op) {
        match op {
            Op::Backup { context: number, volumes, stop, host } => {
                // A flow that breaks off leaves its object where it is.
                let _ = self.backup(context(*number), volumes, *stop, *host);
            }
            Op::Restore { document, copies, flags, ending } => {
                let _ = self.restore(*document, copies, *flags, *ending);
            }
            Op::Revert { copy, force } => {
                let _ = self.revert(*copy, *force);
            }
            Op::Import { document, host, cancel } => {
                let _ = self.import(*document, *host, *cancel);
            }
            Op::Break { copy, host, flags } => {
                let _ = self.break_set(*copy, *host, *flags);
            }
            Op::Delete { copy, kind, force } => {
                let _ = self.delete(*copy, *kind, *force);
            }
            Op::Expose { copy, form } => {
                let _ = self.expose(*copy, *form);
            }
            Op::Begin { host } => {
                let _ = self.begin_only(*host);
            }
            Op::Call { verb, on, odd_object, pointer } => {
                let (object, call) = self.resolve(verb, *on, *odd_object, *pointer);
                self.call(object, call);
            }
            Op::Write { volume, slot, value, host } => {
                let host = self.host(*host);
                let mut volumes = self.volumes_of(host);
                if value % 2 == 0 {
                    volumes.retain(|volume| self.has_copies(host, volume));
                }
                if let Some(volume) = pick(&volumes, *volume) {
                    self.write(host, &volume, usize::from(*slot) % crate::model::SLOTS, *value);
                }
            }
            Op::Elapse(ms) => self.happen(Action::Elapse { ms: *ms }),
            Op::Hold { volume, for_ms } => {
                if let Some(volume) = pick(&self.volumes(), *volume) {
                    self.happen(Action::HoldDisk { volume: volume.into(), for_ms: *for_ms });
                }
            }
            Op::Mask(lun) => {
                if let Some(lun) = pick(&self.seen.luns.keys().cloned().collect::<Vec<_>>(), *lun) {
                    self.happen(Action::MaskLun { lun: lun.into() });
                }
            }
            Op::Present { lun, host } => {
                let host = u32::try_from(self.host(*host)).expect("few hosts") + 1;
                if let Some(lun) = pick(&self.seen.luns.keys().cloned().collect::<Vec<_>>(), *lun) {
                    self.happen(Action::PresentLun { lun: lun.into(), host });
                }
            }
            Op::Become(role) => self.happen(Action::BecomeCaller { role: *role }),
            Op::Unregister(number) => {
                self.leaves_copies = true;
                let provider = self.provider_of_a_copy(*number);
                self.happen(Action::UnregisterProvider { provider });
            }
            Op::Downgrade(number) => {
                self.leaves_copies = true;
                let provider = self.provider_of_a_copy(*number);
                self.happen(Action::DowngradeProvider { provider });
            }
            Op::EndProcess(number) => {
                let alive: Vec<usize> =
                    (0..self.sessions.len()).filter(|index| self.sessions[*index].alive).collect();
                if let Some(index) = pick(&alive, *number) {
                    self.dies(|session| session == index);
                    self.happen(Action::EndProcess { session: self.sessions[index].object });
                }
            }
            Op::Restart(number) => {
                let mode = match number / 8 {
                    0 => BootMode::WinPe,
                    1 => BootMode::SafeMode,
                    _ => BootMode::Normal,
                };
                self.restart(usize::from(*number) % self.lab.hosts.len(), mode);
            }
        }
    }

    /// The host is restarted; the lab at hand says from then on how.
    fn restart(&mut self, host: usize, mode: BootMode) {
        self.tally.restarts += usize::from(self.seen.copies.values().any(|at| at.host == host));
        let hosts: Vec<usize> = self.sessions.iter().map(|session| session.host).collect();
        self.dies(|session| hosts[session] == host);
        // What a file server shows goes with it, wherever its requester is; other nodes go on showing what they share.
        let served = |copy: &Copy| {
            let share = copy.share.as_ref().filter(|share| copy.auto_release && !share.scale_out);
            share.is_some_and(|share| self.file_server(share) == host)
        };
        let served: Vec<SnapshotId> =
            self.copies.iter().filter(|(_, copy)| served(copy)).map(|(id, _)| *id).collect();
        self.going.extend(served);
        self.sessions.iter_mut().for_each(|session| session.servers.retain(|server| *server != host));
        let before = std::mem::replace(&mut self.lab.hosts[host].mode, mode);
        let host = u32::try_from(host).expect("few hosts") + 1;
        let as_before = before == mode;
        self.happen(if as_before { Action::Restart { host } } else { Action::RestartInto { host, mode } });
    }

    /// Those sessions end with all that they have.
    fn dies(&mut self, goes: impl Fn(usize) -> bool) {
        for (index, session) in self.sessions.iter_mut().enumerate() {
            session.alive &= !goes(index);
        }
        self.asyncs.iter_mut().for_each(|operation| operation.alive &= !goes(operation.session));
        self.lists.iter_mut().for_each(|list| list.alive &= !goes(list.session));
    }

    fn revert(&mut self, number: u8, b_force_dismount: bool) -> Option<()> {
        let of_system = self.copies.iter().filter(|(_, copy)| copy.lun.is_none() && copy.lives());
        let copies: Vec<SnapshotId> = of_system.map(|(id, _)| *id).collect();
        let snapshot_id = pick(&copies, number)?;
        let session = self.create(0)?;
        self.go(session, Call::InitializeForBackup { bstr_xml: None })?;
        self.go(session, Call::RevertToSnapshot { snapshot_id, b_force_dismount })?;
        let pwsz_volume = self.letters.values().next().map(|name| name.as_str().into());
        self.call(session, Call::QueryRevertStatus { pwsz_volume, pp_async: Ptr::Valid });
        Some(())
    }

    fn happen(&mut self, action: Action) {
        self.act(action);
        self.look();
    }

    fn provider_of_a_copy(&self, number: u8) -> ProviderId {
        let instance = self.lab.instantiate().expect("the lab was set up once");
        pick(&instance.providers, number).map(|provider| provider.id).unwrap_or_default()
    }

    /// Whether a copy of the volume is to show something else than is written now.
    fn has_copies(&self, host: usize, volume: &str) -> bool {
        let on = |disk: &DiskSeen| {
            Some((disk.lun.to_string(), disk.volumes.iter().position(|it| **it == *volume)?))
        };
        let place = self.seen.disks[host].iter().find_map(on).unwrap_or_default();
        let mut living = self.copies.values().filter(|copy| copy.lives());
        living.any(|copy| (&copy.source, copy.volume) == (&place.0, place.1))
    }

    /// Something writes to a volume of a host, if it can.
    pub(crate) fn write(&mut self, host: usize, volume: &str, slot: usize, value: u64) {
        let Some((lun, index)) = self.place(host, volume) else { return };
        let bytes = value.to_le_bytes().to_vec();
        let turn = |host: usize| Action::TurnTo { host: u32::try_from(host).expect("few hosts") + 1 };
        self.act(turn(host));
        if self.act(Action::WriteVolume { volume: volume.into(), offset: slot_offset(slot), bytes }) {
            let live = self.copies.values().find(|copy| copy.lives() && copy.lun.as_ref() == Some(&lun));
            assert!(live.is_none(), "something was written to {live:?}");
            self.world.get_mut(&lun).expect("the model knows the LUN")[index][slot] = value;
        }
        self.act(turn(0));
        self.look();
    }

    /// A call that has to succeed for the flow to go on.
    pub(crate) fn go(&mut self, on: Object, call: Call) -> Option<Reply> {
        let reply = self.call(on, call);
        reply.hresult.is_success().then_some(reply)
    }

    /// A call with an operation behind it, to its end.
    fn settle(&mut self, on: Object, call: Call) -> Option<()> {
        let operation = self.begin(on, call)?;
        self.call(operation, Call::Wait { dw_milliseconds: INFINITE });
        let query = Call::QueryStatus { p_hr_result: Ptr::Valid, p_reserved: Ptr::Valid };
        let finished = match self.go(operation, query)?.out {
            Some(Out::QueryStatus { p_hr_result, .. }) => p_hr_result == HResult::VSS_S_ASYNC_FINISHED,
            _ => false,
        };
        self.call(operation, Call::Release {});
        finished.then_some(())
    }

    fn begin(&mut self, on: Object, call: Call) -> Option<Object> {
        self.go(on, call)?;
        self.asyncs.last().map(|it| it.object)
    }

    /// An object, on the second host now and then, if there is one.
    pub(crate) fn create(&mut self, host: u8) -> Option<Object> {
        self.create_on(self.host(host))
    }

    pub(crate) fn host(&self, number: u8) -> usize {
        usize::from(number % 3 == 2 && self.lab.hosts.len() > 1)
    }

    pub(crate) fn create_on(&mut self, host: usize) -> Option<Object> {
        let host = Object::Host(u32::try_from(host).expect("few hosts") + 1);
        self.go(host, Call::CREATE_VSS_BACKUP_COMPONENTS)?;
        self.sessions.last().map(|it| it.object)
    }

    /// A backup; `None`: it stopped on the way.
    pub(crate) fn backup(
        &mut self,
        context: SnapshotContext,
        volumes: &[u8],
        stop: u8,
        host: u8,
    ) -> Option<()> {
        let session = self.create(host)?;
        let writers = !context.attributes().contains(VolumeSnapshotAttributes::NO_WRITERS);
        let mut left = stop;
        let mut may_go_on = move || {
            left = left.checked_sub(1)?;
            Some(())
        };
        self.go(session, Call::InitializeForBackup { bstr_xml: None })?;
        may_go_on()?;
        self.go(session, Call::SetContext { l_context: context })?;
        self.go(session, Call::SET_BACKUP_STATE)?;
        may_go_on()?;
        if writers {
            self.settle(session, Call::GATHER_WRITER_METADATA)?;
        }
        may_go_on()?;
        self.go(session, Call::START_SNAPSHOT_SET)?;
        may_go_on()?;
        let mut any = None;
        for volume in volumes {
            let name = pick(&self.originals_of(self.host(host)), *volume)?;
            any = any.or(self.go(session, add_volume(&name)).map(drop));
            may_go_on()?;
        }
        any?;
        if writers {
            self.settle(session, Call::PREPARE_FOR_BACKUP)?;
        }
        may_go_on()?;
        self.settle(session, Call::DO_SNAPSHOT_SET)?;
        may_go_on()?;
        if writers {
            self.settle(session, Call::BACKUP_COMPLETE)?;
        }
        self.go(session, Call::SAVE_AS_XML).map(drop)
    }

    fn restore(
        &mut self,
        document: u8,
        copies: &[(u8, Option<u8>)],
        flags: u8,
        ending: Ending,
    ) -> Option<()> {
        // The newest document is the likeliest to have its copies still.
        let newest = self.documents.len().checked_sub(1)?;
        let document = if document.is_multiple_of(4) {
            pick(&self.documents, document)?
        } else {
            self.documents[newest].clone()
        };
        let session = self.create(0)?;
        self.go(session, Call::InitializeForRestore { bstr_xml: Some(document.clone()) })?;
        let of_document: Vec<SnapshotId> =
            self.copies.keys().filter(|id| document.contains(&id.0.to_string())).copied().collect();
        let all = (0..of_document.len() as u8).map(|number| (number, None)).collect::<Vec<_>>();
        // Half of the restores take back the whole set, as most requesters do.
        let copies = if flags >= 128 { &all } else { copies };
        for (number, destination) in copies {
            let destination = destination.and_then(|number| pick(&self.volumes(), number));
            self.call(
                session,
                Call::AddSnapshotToRecoverySet {
                    snapshot_id: pick(&of_document, *number)?,
                    dw_flags: 0,
                    pwsz_destination_volume: destination.map(Into::into),
                },
            );
        }
        let bits = [0, 0x200, 0x300, 0x200][usize::from(flags % 4)];
        let recover = Call::recover_set(RecoveryOptions::from_bits_retain(bits));
        if let Ending::Wait = ending {
            return self.settle(session, recover);
        }
        let operation = self.begin(session, recover)?;
        match ending {
            Ending::Wait | Ending::Leave => {}
            Ending::Cancel(ms) => {
                self.happen(Action::Elapse { ms });
                self.call(operation, Call::Cancel {});
            }
            Ending::Release(ms) => {
                self.happen(Action::Elapse { ms });
                self.call(operation, Call::Release {});
                self.call(session, Call::Release {});
            }
        }
        Some(())
    }

    /// Everything is let go of; then nothing of it may be left.
    pub(crate) fn finish(&mut self) {
        self.happen(Action::BecomeCaller { role: CallerRole::Administrator });
        self.release_all();
        assert_eq!(self.seen.live, 0, "objects live after everything was released");
        for host in 0..self.lab.hosts.len() {
            if self.lab.hosts[host].mode != BootMode::Normal {
                self.restart(host, BootMode::Normal);
            }
            // A provider that does not answer lets nobody list copies.
            let _ = self.query(host);
            self.release_all();
            // What still has to go wrong in these calls goes wrong once each.
            let done = (0..16).any(|_| self.probe(host).is_some());
            let why = self.sim.last_refusal();
            assert!(done, "no new session can start a set on host {}: {why:?}", host + 1);
        }
        assert_eq!(self.seen.live, 0);
    }

    fn release_all(&mut self) {
        let objects: Vec<Object> = self
            .asyncs
            .iter()
            .map(|it| it.object)
            .chain(self.lists.iter().map(|it| it.object))
            .chain(self.sessions.iter().map(|it| it.object))
            .collect();
        for object in objects {
            self.call(object, Call::Release {});
        }
    }

    /// A session that starts a set, and finds no copy that should have gone.
    fn probe(&mut self, host: usize) -> Option<()> {
        let session = self.create_on(host)?;
        let started = self.start(session);
        if started.is_some() {
            for (id, copy) in self.copies.clone() {
                let call = Call::get_snapshot_properties(id);
                let code = self.call(session, call).hresult;
                let known = matches!(copy.life, Life::Lives { .. } | Life::Unsure) && copy.at.host == host;
                assert!(known || code != HResult::S_OK, "host {} should not know {id}", host + 1);
            }
        }
        self.call(session, Call::Release {});
        started
    }

    pub(crate) fn start(&mut self, session: Object) -> Option<()> {
        self.go(session, Call::InitializeForBackup { bstr_xml: None })?;
        self.go(session, Call::START_SNAPSHOT_SET).map(drop)
    }
}

fn add_volume(name: &str) -> Call {
    Call::add_to_snapshot_set(name, ProviderId::NULL)
}
