//! A lab with what the matrix needs, and an object in it.

use vss_conformance::bench::object_of;
use vss_sim::api::*;
use vss_sim::lab::{Cause, Fault, Lab, Os, Size};
use vss_sim::service::Simulator;

use crate::matrix::Entry;

/// On which way a state is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Everything is called that a backup with writers calls.
    WithWriters,
    /// The same, and the writers' status is gathered where it can be.
    WithStatus,
    /// The context keeps writers out.
    WithoutWriters,
    /// SetBackupState is left out.
    WithoutBackupState,
    /// GatherWriterMetadata is left out.
    WithoutMetadata,
}

impl Way {
    /// The way on which the entry's own rule holds.
    pub(crate) fn of(entry: &Entry) -> Self {
        match &*entry.rule {
            "Q2" => Self::WithStatus,
            "D2" => Self::WithoutWriters,
            _ => Self::WithWriters,
        }
    }
}

/// A lab with one backup and one set for transport that are already saved, and the object that is led.
pub(crate) struct Drive {
    sim: Simulator,
    pub(crate) document: Text,
    /// Of the set for transport.
    pub(crate) transport: Text,
    pub(crate) snapshot: SnapshotId,
    /// A copy of a volume that the system provider can revert.
    pub(crate) revertible: SnapshotId,
    /// The set of that copy.
    pub(crate) set: SnapshotSetId,
    /// A copy that is planned by the object itself.
    pub(crate) planned: Option<SnapshotId>,
}

impl Drive {
    pub(crate) fn new(creation_fails: bool) -> Self {
        let lab = Lab::builder("rules")
            .host("SRV", Os::WindowsServer2022)
            .provider("Array Provider")
            .array("san", "Array Provider")
            .lun("one", Size::mib(16))
            .lun("two", Size::mib(16))
            .disk("three", Size::mib(16))
            .volume("D:\\", "one")
            .volume("E:\\", "two")
            .volume("F:\\", "three")
            .writer("Database Writer", [("sales", "D:\\")])
            .with(|lab| {
                if creation_fails {
                    // The first three creations are the sets that every drive begins with.
                    lab.faults.push(Fault::new("PreCommitSnapshots", Cause::OutOfMemory).nth(4));
                }
            })
            .build()
            .expect("a lab");
        let sim = Simulator::new(&lab).expect("a lab");
        let (document, transport) = ("".into(), "".into());
        let (snapshot, revertible, set) = (SnapshotId::NULL, SnapshotId::NULL, SnapshotSetId::NULL);
        let mut drive = Self { sim, document, transport, snapshot, revertible, set, planned: None };
        let session = drive.reach("B_COMPLETED", Way::WithWriters);
        drive.snapshot = drive.planned.take().expect("a copy");
        drive.set = drive.set_of(session);
        drive.document = drive.save(session);
        drive.transport = drive.set_for_transport();
        drive.revertible = drive.revertible_copy();
        drive
    }

    /// The set of the copy that exists.
    fn set_of(&mut self, session: Object) -> SnapshotSetId {
        let call = Call::get_snapshot_properties(self.snapshot);
        match self.ok(session, call).out {
            Some(Out::GetSnapshotProperties { p_prop }) => p_prop.snapshot_set_id,
            _ => panic!("no properties"),
        }
    }

    fn save(&mut self, session: Object) -> Text {
        match self.ok(session, Call::SAVE_AS_XML).out {
            Some(Out::SaveAsXML { pbstr_xml }) => pbstr_xml,
            _ => panic!("no document"),
        }
    }

    fn set_for_transport(&mut self) -> Text {
        let session = self.reach("CREATED", Way::WithoutWriters);
        let context = SnapshotContext::NAS_ROLLBACK.with(VolumeSnapshotAttributes::TRANSPORTABLE);
        self.ok(session, Call::InitializeForBackup { bstr_xml: None });
        self.ok(session, Call::SetContext { l_context: context });
        self.ok(session, Call::START_SNAPSHOT_SET);
        self.ok(session, self.add_volume("E:\\"));
        self.done(session, Call::DO_SNAPSHOT_SET);
        self.save(session)
    }

    fn revertible_copy(&mut self) -> SnapshotId {
        let session = self.reach("CREATED", Way::WithoutWriters);
        self.ok(session, Call::InitializeForBackup { bstr_xml: None });
        self.ok(session, Call::SetContext { l_context: SnapshotContext::NAS_ROLLBACK });
        self.ok(session, Call::START_SNAPSHOT_SET);
        let reply = self.ok(session, self.add_volume("F:\\"));
        let Some(Out::AddToSnapshotSet { pid_snapshot }) = reply.out else { panic!("no copy") };
        self.done(session, Call::DO_SNAPSHOT_SET);
        pid_snapshot
    }

    pub(crate) fn call(&mut self, on: Object, call: Call) -> Reply {
        self.sim.call(on, &call)
    }

    pub(crate) fn ok(&mut self, on: Object, call: Call) -> Reply {
        let reply = self.call(on, call.clone());
        assert_eq!(reply.hresult, HResult::S_OK, "{call:?}: {:?}", self.sim.last_refusal());
        reply
    }

    /// The state as the spec names it.
    pub(crate) fn state(&self, session: Object) -> String {
        match self.sim.state(session) {
            Some(state) => state.id().to_owned(),
            None => "RELEASED".to_owned(),
        }
    }

    pub(crate) fn operation(&self, reply: &Reply) -> Option<Object> {
        object_of(reply.out.as_ref()?).filter(|object| matches!(object, Object::Async(_)))
    }

    pub(crate) fn status(&mut self, operation: Object) -> HResult {
        let query = Call::QUERY_STATUS;
        match self.ok(operation, query).out {
            Some(Out::QueryStatus { p_hr_result, .. }) => p_hr_result,
            _ => panic!("no status"),
        }
    }

    pub(crate) fn done(&mut self, session: Object, call: Call) {
        let reply = self.ok(session, call);
        let operation = self.operation(&reply).expect("an async object");
        self.ok(operation, Call::Wait { dw_milliseconds: INFINITE });
    }

    pub(crate) fn add_volume(&self, name: &str) -> Call {
        Call::add_to_snapshot_set(name, ProviderId::NULL)
    }

    pub(crate) fn add_to_recovery_set(&self) -> Call {
        Call::add_snapshot_to_recovery_set(self.snapshot, None)
    }
}

pub(crate) fn recover() -> Call {
    Call::recover_set(RecoveryOptions::empty())
}
