//! The machine room in which calls are decided, and an object that is as the explorer has it.

use crate::api::{Call, ProviderId, SessionId, SnapshotId, SnapshotSetId, Text};
use crate::document::{BackupComponentsDocument, BackupState, SnapshotDescription, SnapshotSetDescription};
use crate::service::machine::{DocumentFacts, Requester};
use crate::service::objects::session::{PlannedCopy, Recovery, Session, SnapshotSet};
use crate::service::transitions::change::Verdict;
use crate::service::world::World;
use crate::service::world::originals::Original;
use crate::service::{copies::importable, transitions};
use crate::writer::{Participant, Slot, Status};

use super::Options;
use super::setting::{self, Names, VOLUMES};
use super::view::View;

/// What decides: the simulator's own functions, or in a test what is wrong on purpose.
#[derive(Clone, Copy)]
pub(super) struct Deciders {
    /// What a call does; `None` for one that is not carried out.
    pub(super) decide: fn(&Call, &Session, &World) -> Option<Verdict>,
    /// Why a copy cannot be imported when its import does its work.
    pub(super) why_not_imported: fn(&World, SnapshotSetId, &SnapshotDescription) -> Option<&'static str>,
}

impl Deciders {
    /// Those of the simulator.
    pub(super) const SIMULATOR: Self =
        Self { decide: transitions::decide, why_not_imported: importable::why_not_imported };
}

/// The machine room, and what objects in it hold.
pub(super) struct Room {
    world: World,
    deciders: Deciders,
    pub(super) names: Names,
    /// The documents of a backup and of a set for transport.
    backup: BackupComponentsDocument,
    transport: BackupComponentsDocument,
    /// What GatherWriterStatus finds.
    status: Vec<Status>,
    /// A volume of a set, and what is to be copied back.
    planned: Vec<PlannedCopy>,
    recovery: Recovery,
}

impl Room {
    pub(super) fn new(options: &Options, deciders: Deciders) -> Self {
        let (simulator, names) = setting::setting(options.writers);
        // The documents come from a server that can do everything; from here on it is what is to be explored.
        let mut world = simulator.world;
        world.readings = options.readings;
        for host in &mut world.hosts {
            (host.os, host.mode) = (options.os, options.mode);
        }
        let writers = world.hosts[0].writers.iter().enumerate();
        let status =
            writers.map(|(index, writer)| Participant::new(index, Slot::Held).status(writer)).collect();
        let planned = VOLUMES.iter().filter_map(|name| {
            let volume = world.volume(0, name)?;
            let luns = world.luns_of(0, volume);
            Some(PlannedCopy {
                snapshot: SnapshotId::NULL,
                original: Original::Volume(volume),
                provider: ProviderId::NULL,
                luns,
            })
        });
        let planned: Vec<PlannedCopy> = planned.collect();
        let provider = world.providers.first().map_or(ProviderId::NULL, |registered| registered.id);
        let destination =
            world.volume(0, VOLUMES[0]).unwrap_or_else(|| unreachable!("the room has its volumes"));
        let recovery = Recovery { snapshot: names.backup.copy, provider, destination };
        Self {
            deciders,
            backup: read(&names.backup_document),
            transport: read(&names.transport_document),
            names,
            status,
            planned,
            recovery,
            world,
        }
    }

    /// What is the machine room's at the moment.
    pub(super) fn set(&mut self, view: View) {
        for host in 0..self.world.hosts.len() {
            self.world.occupy(host, view.slots());
        }
        for copy in self.transport.snapshot_set.iter().flat_map(|set| &set.snapshots) {
            // The room is one for all states: what was imported in one is not in another.
            self.world.snapshots.set_imported(copy.snapshot_id, view.imports > 0);
        }
    }

    /// An object of which that decides.
    pub(super) fn session(&self, requester: Requester) -> Session {
        let volumes = requester.set.map(usize::from);
        let set = volumes.map(|volumes| {
            let copies = self.planned.iter().take(volumes).cloned().collect();
            SnapshotSet { id: SnapshotSetId::NULL, copies }
        });
        let session = Session {
            state: requester.state,
            context: requester.context,
            participants: requester.has_metadata.then(Vec::new),
            status: requester.has_status.then(|| self.status.clone()),
            document: self.document(requester.document),
            set,
            recovery_set: requester.has_recovery_set.then(|| self.recovery.clone()).into_iter().collect(),
            pending: requester.pending.map(|pending| (0, pending)),
            ..Session::new(0, SessionId::NULL)
        };
        debug_assert_eq!(session.requester(), requester, "an object that is not as the explorer has it");
        session
    }

    fn document(&self, facts: DocumentFacts) -> BackupComponentsDocument {
        let set = facts.set.and_then(|wanted| {
            let document = if wanted.transportable { &self.transport } else { &self.backup };
            document.snapshot_set.clone()
        });
        let backup_state = facts.backup_state.then(BackupState::default);
        BackupComponentsDocument { backup_state, snapshot_set: set, ..self.backup.clone() }
    }

    /// What is decided of a call; `None` for one that is not carried out.
    pub(super) fn decide(&self, call: &Call, session: &Session) -> Option<Verdict> {
        let there = transitions::has_interface(self.world.os(session.host), call.method().interface);
        if let Err(refusal) = there {
            return Some(Err(refusal));
        }
        (self.deciders.decide)(call, session, &self.world)
    }

    /// Whether the set for transport is imported by an import that does its work now.
    pub(super) fn arrives(&self) -> bool {
        let cannot_be = |set: &SnapshotSetDescription| {
            set.snapshots.iter().any(|copy| {
                (self.deciders.why_not_imported)(&self.world, set.snapshot_set_id, copy).is_some()
            })
        };
        !self.transport.snapshot_set.as_ref().is_some_and(cannot_be)
    }
}

fn read(xml: &Text) -> BackupComponentsDocument {
    match BackupComponentsDocument::from_xml(xml) {
        Ok(document) => document,
        Err(error) => unreachable!("the document was just written: {error}"),
    }
}
