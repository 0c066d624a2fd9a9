//! The machine room in which calls are decided, and an object that is as the explorer has it.

use crate::api::{
    Call, Object, Out, ProviderId, Ptr, Reply, SessionId, SnapshotContext, SnapshotId, SnapshotSetId, Text,
    VolumeSnapshotAttributes,
};
use crate::document::{BackupComponentsDocument, BackupState};
use crate::lab::{Lab, Os, Size};
use crate::service::machine::{Contents, Requester, Slots};
use crate::service::objects::session::{PlannedCopy, Recovery, Session, SnapshotSet};
use crate::service::simulator::Simulator;
use crate::service::transitions::change::Verdict;
use crate::service::world::World;
use crate::service::world::originals::Original;
use crate::writer::{Participant, Status};

use super::Options;
use super::calls::Names;

/// What decides a call: [`decide`](crate::service::transitions::decide), or in a test what is wrong on purpose.
pub(super) type Decide = fn(&Call, &Session, &World) -> Option<Verdict>;

/// The machine room, and what objects in it hold.
pub(super) struct Room {
    world: World,
    rules: Decide,
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

/// The volumes, by their mount points.
const VOLUMES: [&str; 2] = [r"D:\", r"E:\"];

impl Room {
    pub(super) fn new(options: &Options, rules: Decide) -> Self {
        let mut simulator = simulator(options.writers);
        let [first, second] = VOLUMES;
        let transportable = VolumeSnapshotAttributes::TRANSPORTABLE;
        let backup = saved(&mut simulator, SnapshotContext::NAS_ROLLBACK, first);
        let context = SnapshotContext::NAS_ROLLBACK.with(transportable);
        let transport = saved(&mut simulator, context, second);

        // The documents come from a server that can do everything; from here on it is what is to be explored.
        let mut world = simulator.world;
        world.readings = options.readings;
        for host in &mut world.hosts {
            (host.os, host.mode) = (options.os, options.mode);
        }
        let writers = world.writers.iter().enumerate();
        let status = writers.map(|(index, writer)| Participant::new(index, true).status(writer)).collect();
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
        let destination = world.volume(0, first).unwrap_or_else(|| unreachable!("the room has its volumes"));
        let recovery = Recovery { snapshot: backup.1, provider, destination };
        Self {
            rules,
            backup: read(&backup.0),
            transport: read(&transport.0),
            names: Names { backup, transport, volumes: VOLUMES },
            status,
            planned,
            recovery,
            world,
        }
    }

    /// What is the machine room's at the moment.
    pub(super) fn set(&mut self, slots: Slots, imported: bool) {
        for host in 0..self.world.hosts.len() {
            self.world.occupy(host, slots);
        }
        for copy in &self.transport.snapshot_set.iter().flat_map(|set| &set.snapshots).collect::<Vec<_>>() {
            self.world.snapshots.suppose_imported(copy.snapshot_id, imported);
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
            recovery_set: requester.recovers.then(|| self.recovery.clone()).into_iter().collect(),
            pending: requester.pending.map(|pending| (0, pending)),
            ..Session::new(0, SessionId::NULL)
        };
        debug_assert_eq!(session.requester(), requester, "an object that is not as the explorer has it");
        session
    }

    fn document(&self, contents: Contents) -> BackupComponentsDocument {
        let set = contents.set.and_then(|wanted| {
            let document = if wanted.transportable { &self.transport } else { &self.backup };
            document.snapshot_set.clone()
        });
        let backup_state = contents.backup_state.then(BackupState::default);
        BackupComponentsDocument { backup_state, snapshot_set: set, ..self.backup.clone() }
    }

    /// What the rules say of a call; `None` for one that is not carried out.
    pub(super) fn decide(&self, call: &Call, session: &Session) -> Option<Verdict> {
        (self.rules)(call, session, &self.world)
    }
}

fn simulator(writers: bool) -> Simulator {
    let [first, second] = VOLUMES;
    let mut lab = Lab::builder("explored")
        .host("ONE", Os::WindowsServer2022)
        .provider("Array Provider")
        .array("san", "Array Provider")
        .lun("one", Size::mib(16))
        .lun("two", Size::mib(16))
        .volume(first, "one")
        .volume(second, "two");
    if writers {
        lab = lab.writer("Database Writer", [("sales", first)]);
    }
    match lab.build().map(|lab| Simulator::new(&lab)) {
        Ok(Ok(simulator)) => simulator,
        refused => unreachable!("the lab is sound: {refused:?}"),
    }
}

/// Makes a shadow copy; answers its document and its id.
fn saved(simulator: &mut Simulator, context: SnapshotContext, volume: &str) -> (Text, SnapshotId) {
    let mut call = |on, call: Call| simulator.dispatch(on, &call);
    let create = call(Object::HOST, Call::CreateVssBackupComponents { pp_backup: Ptr::Valid });
    let session = match create.out {
        Some(Out::CreateVssBackupComponents { pp_backup }) => pp_backup,
        out => unreachable!("no object in {out:?}"),
    };
    call(session, Call::InitializeForBackup { bstr_xml: None });
    call(session, Call::SetContext { l_context: context });
    call(session, Call::StartSnapshotSet { p_snapshot_set_id: Ptr::Valid });
    let (name, provider_id) = (Some(volume.into()), ProviderId::NULL);
    let added = call(
        session,
        Call::AddToSnapshotSet { pwsz_volume_name: name, provider_id, pid_snapshot: Ptr::Valid },
    );
    let created = call(session, Call::DoSnapshotSet { pp_async: Ptr::Valid });
    let Reply { out: Some(Out::DoSnapshotSet { pp_async: operation }), .. } = created else {
        unreachable!("no set is created: {created:?}")
    };
    call(operation, Call::Wait { dw_milliseconds: crate::api::INFINITE });
    let document = call(session, Call::SaveAsXML { pbstr_xml: Ptr::Valid });
    let (Some(Out::AddToSnapshotSet { pid_snapshot }), Some(Out::SaveAsXML { pbstr_xml })) =
        (added.out, document.out)
    else {
        unreachable!("no copy or no document")
    };
    (pbstr_xml, pid_snapshot)
}

fn read(xml: &Text) -> BackupComponentsDocument {
    match BackupComponentsDocument::from_xml(xml) {
        Ok(document) => document,
        Err(error) => unreachable!("the document was just written: {error}"),
    }
}
