//! Requesters that leave, with or without a word, and hosts that restart.

use crate::api::{Object, ProviderId, Unavailable};
use crate::writer::WriterEvent;

use super::async_object::{AsyncObject, Status};
use super::simulator::Simulator;
use super::{State, gather, removal};

impl Simulator {
    /// The requester lets go of its object: what it has begun is given up, auto-release copies are deleted, the
    /// writers' part in it ends.
    pub(super) fn release_session(&mut self, number: u32) {
        self.drop_session(number, true);
    }

    /// A requester's process ends: COM lets go of what it held, and nobody tells the writers that the backup is over.
    pub(super) fn end_process(&mut self, session: Object) -> Result<(), Unavailable> {
        let Object::Session(number) = session else {
            return Err(Unavailable::because(format!("{session} is no requester's object")));
        };
        if !self.sessions.contains_key(&number) {
            return Err(Unavailable::because(format!("there is no {session} (any more)")));
        }
        self.drop_session(number, false);
        self.asyncs.retain(|_, object| object.session != number);
        Ok(())
    }

    /// A host restarts: its processes end, those of requesters and of providers.
    pub(super) fn restart(&mut self, host: usize) {
        let mut sessions: Vec<u32> = self
            .sessions
            .iter()
            .filter(|(_, session)| session.host == host)
            .map(|(number, _)| *number)
            .collect();
        // In the order in which they came: the event log shows it.
        sessions.sort_unstable();
        for session in sessions {
            self.drop_session(session, false);
        }
        self.asyncs.retain(|_, object| object.host != host);
        // A file server forgets what it was to copy for others.
        self.world.hosts[host].creation_slot = None;
        self.world.hosts[host].stuck.clear();
        let providers: Vec<ProviderId> =
            self.world.providers.iter().map(|registered| registered.id).collect();
        for provider in providers {
            self.world.unload(host, provider, true);
        }
    }

    fn drop_session(&mut self, number: u32, tells_writers: bool) {
        let of_session =
            |(_, object): &(&u32, &AsyncObject)| object.session == number && object.status == Status::Pending;
        let mut pending: Vec<u32> =
            self.asyncs.iter().filter(of_session).map(|(number, _)| *number).collect();
        // In the order in which they began: the event log shows it.
        pending.sort_unstable();
        for operation in pending {
            self.cancel(operation);
        }
        let Some(mut session) = self.sessions.swap_remove(&number) else { return };
        self.free_creation_slot(number);
        let took_part = !matches!(session.state, State::Created) && !session.state.is_restore();
        if took_part && tells_writers {
            gather::send(&mut self.world, &mut session, WriterEvent::BackupShutdown);
        }
        gather::leave(&mut self.world, &mut session);
        for copy in session.auto_release {
            removal::delete(&mut self.world, copy);
        }
        self.requester_leaves(session.host);
    }
}
