//! Requesters that leave, with or without a word, and hosts that restart.

use crate::api::{Object, ProviderCall, ProviderId, SessionId, SnapshotId, Unavailable};
use crate::lab::AutoRelease;
use crate::writer::WriterEvent;

use super::async_object::{AsyncObject, Status, Work};
use super::enumerators::EnumeratorObject;
use crate::service::copies::removal;
use crate::service::copies::snapshots::Snapshot;
use crate::service::due::Due;
use crate::service::simulator::Simulator;
use crate::service::world::World;
use crate::service::world::cluster;
use crate::service::world::volumes::host_id;
use crate::service::{State, gather};

/// When auto-release copies go with the reading that they go later, in milliseconds after their requester (O24).
const AUTO_RELEASE_MS: u64 = 390_000;

impl Simulator {
    /// The requester lets go of its object: what it has begun is given up, auto-release copies are deleted, the
    /// writers' part in it ends.
    pub(in crate::service) fn release_session(&mut self, number: u32) {
        self.drop_session(number, true);
    }

    /// A requester's process ends: COM lets go of what it held, and nobody tells the writers that the backup is over.
    pub(in crate::service) fn end_process(&mut self, session: Object) -> Result<(), Unavailable> {
        let Object::Session(number) = session else {
            return Err(Unavailable::because(format!("{session} is no requester's object")));
        };
        if !self.sessions.contains_key(&number) {
            return Err(Unavailable::because(format!("there is no {session} (any more)")));
        }
        self.drop_session(number, false);
        self.gone.insert(Object::Session(number));
        self.drop_asyncs(|object| object.session == number);
        self.drop_enumerators(|object| object.session == number);
        Ok(())
    }

    /// A host restarts. Every process there ends: requesters in the order in which they came, so that VSS gives up what
    /// they have begun; then the providers', with what they have in hand; and whoever held a disk. What is not persistent
    /// does not outlive it. Then the host looks at its disks, and its writers run again. A revert goes on.
    pub(in crate::service) fn restart(&mut self, host: usize) {
        let of_host = self.sessions.iter().filter(|(_, session)| session.host == host);
        let mut sessions: Vec<u32> = of_host.map(|(number, _)| *number).collect();
        sessions.sort_unstable();
        for session in sessions {
            self.drop_session(session, false);
            self.gone.insert(Object::Session(session));
        }
        self.drop_asyncs(|object| object.host == host);
        self.drop_enumerators(|object| object.host == host);
        self.world.snapshots.unlink(host);
        self.world.occupy(host, self.world.hosts[host].slots.restarted());
        self.world.hosts[host].stuck.clear();
        let world = &mut self.world;
        let fleeting = world.fleeting_on_luns(host);
        for copy in fleeting {
            removal::delete(world, copy);
        }
        world.end_providers(host);
        world.lose_copies(host);
        world.rescan();
        let (storage, ids) = (&mut world.storage, &mut world.ids.disks);
        let restarted = storage.restart(host_id(host), &mut || ids.next_guid());
        restarted.unwrap_or_else(|error| unreachable!("{error}"));
        world.hosts[host].writers.iter_mut().for_each(|writer| writer.running = true);
        self.stop_idling(host);
    }

    fn drop_session(&mut self, number: u32, tells_writers: bool) {
        let of_session = |(_, object): &(&u32, &AsyncObject)| {
            object.session == number && object.status == Status::Pending && !object.only_tells()
        };
        let mut pending: Vec<u32> =
            self.asyncs.iter().filter(of_session).map(|(number, _)| *number).collect();
        // In the order in which they began: the event log shows it.
        pending.sort_unstable();
        for operation in pending {
            self.cancel(operation);
        }
        let Some(mut session) = self.sessions.swap_remove(&number) else { return };
        let slots = self.world.hosts[session.host].slots.left(number);
        self.occupy(number, session.host, slots);
        let took_part = !matches!(session.state, State::Created) && !session.state.is_restore();
        if took_part && tells_writers {
            gather::send(&mut self.world, &mut session, WriterEvent::BackupShutdown);
        }
        gather::leave(&mut self.world, &mut session);
        for copy in self.world.snapshots.going_with(session.id) {
            self.release_copy(session.host, session.id, copy);
        }
        self.requester_leaves(session.host);
    }

    /// Nobody needs an auto-release copy any more.
    fn release_copy(&mut self, host: usize, session: SessionId, copy: SnapshotId) {
        match self.world.readings.auto_release {
            AutoRelease::AtRelease => self.auto_release(session, copy),
            AutoRelease::Later => {
                let at_ms = self.world.clock.after(AUTO_RELEASE_MS);
                self.due.insert((at_ms, Due::AutoRelease(host, session, copy)));
            }
        }
    }

    /// The time of an auto-release copy has come. One that another object has imported since goes with that one.
    pub(in crate::service) fn auto_release(&mut self, session: SessionId, copy: SnapshotId) {
        if self.world.snapshots.get(copy).is_some_and(|known| known.goes_with == Some(session)) {
            removal::delete(&mut self.world, copy);
        }
    }

    /// Async objects go with the process that held them. What they stand for was given up, or goes on without them.
    fn drop_asyncs(&mut self, goes: impl Fn(&AsyncObject) -> bool) {
        let mut going: Vec<u32> =
            self.asyncs.iter().filter(|(_, object)| goes(object)).map(|(number, _)| *number).collect();
        going.sort_unstable();
        for number in going {
            let Some(object) = self.asyncs.swap_remove(&number) else { continue };
            if !object.released {
                self.gone.insert(Object::Async(number));
            }
            if let Work::Revert(work) = object.work {
                work.let_go(&mut self.world);
            }
            self.due.retain(|(_, due)| *due != Due::Operation(number));
        }
    }

    fn drop_enumerators(&mut self, goes: impl Fn(&EnumeratorObject) -> bool) {
        let gone = &mut self.gone;
        self.enumerators.retain(|number, object| {
            let goes = goes(object);
            if goes {
                gone.insert(Object::Enumerator(*number));
            }
            !goes
        });
    }
}

impl World {
    /// The copies of a host that VSS itself deletes when it restarts. Software providers lose theirs.
    fn fleeting_on_luns(&self, host: usize) -> Vec<SnapshotId> {
        let goes = |copy: &&Snapshot| {
            copy.host == host && !copy.is_persistent() && !self.is_software(copy.description.provider_id)
        };
        self.snapshots.iter().filter(goes).map(|copy| copy.description.snapshot_id).collect()
    }

    /// Software providers lose what is not persistent and lies on a host that has restarted, whether VSS knows of it or not:
    /// all that those on the host itself have made and, of the shares of the host, what was made anywhere.
    fn lose_copies(&mut self, host: usize) {
        let shares = &self.shares;
        for registered in &mut self.software {
            for (on, process) in registered.on_host.iter_mut().enumerate() {
                let lies_there = |name: &str| on == host || cluster::serves(shares, name, host);
                for copy in process.host_restarts(&lies_there) {
                    self.snapshots.remove(copy);
                }
            }
        }
    }

    /// The processes of the providers on a host end.
    fn end_providers(&mut self, host: usize) {
        let hardware: Vec<ProviderId> = self.providers.iter().map(|registered| registered.id).collect();
        for provider in hardware {
            self.end_provider(host, provider);
        }
        let software: Vec<ProviderId> = self.software_of(host).map(|registered| registered.id).collect();
        for provider in software {
            self.reach_provider(host, provider, &ProviderCall::OnUnload { b_force_unload: true });
            self.forget_lost_copies(host, provider);
        }
    }
}
