//! Leads a requester's object into any state by real calls.

use vss_conformance::bench::object_of;
use vss_sim::api::*;
use vss_sim::lab::{Cause, Fault, Lab, Os, Size};
use vss_sim::service::Simulator;

use crate::matrix::Entry;

const VALID: Ptr = Ptr::Valid;

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
    document: Text,
    /// Of the set for transport.
    transport: Text,
    snapshot: SnapshotId,
    /// A copy of a volume that the system provider can revert.
    revertible: SnapshotId,
    /// The set of that copy.
    set: SnapshotSetId,
    /// A copy that is planned by the object itself.
    planned: Option<SnapshotId>,
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

    fn revert(&self) -> Call {
        Call::revert_to_snapshot(self.revertible)
    }

    /// The call, while another requester's revert of the volume runs.
    fn query_revert(&mut self) -> Call {
        let other = self.reach("B_INIT", Way::WithWriters);
        self.ok(other, self.revert());
        Call::query_revert_status("F:\\")
    }

    pub(crate) fn call(&mut self, on: Object, call: Call) -> Reply {
        self.sim.call(on, &call)
    }

    fn ok(&mut self, on: Object, call: Call) -> Reply {
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

    fn done(&mut self, session: Object, call: Call) {
        let reply = self.ok(session, call);
        let operation = self.operation(&reply).expect("an async object");
        self.ok(operation, Call::Wait { dw_milliseconds: INFINITE });
    }

    /// A new object, led into that state.
    pub(crate) fn reach(&mut self, state: &str, way: Way) -> Object {
        let create = Call::CREATE_VSS_BACKUP_COMPONENTS;
        let Some(Out::CreateVssBackupComponents { pp_backup: session }) = self.ok(Object::HOST, create).out
        else {
            panic!("no object")
        };
        if state.starts_with("R_") {
            self.lead_restore(session, state);
        } else if state.starts_with("I_") {
            self.lead_import(session, state);
        } else if state != "CREATED" {
            self.lead_backup(session, state, way);
        }
        if way == Way::WithStatus {
            self.done(session, Call::GATHER_WRITER_STATUS);
        }
        session
    }

    fn lead_import(&mut self, session: Object, state: &str) {
        self.ok(session, Call::InitializeForBackup { bstr_xml: Some(self.transport.clone()) });
        let import = Call::IMPORT_SNAPSHOTS;
        match state {
            "I_IMPORTING" => drop(self.ok(session, import)),
            "I_IMPORTED" => self.done(session, import),
            other => panic!("no way to {other}"),
        }
    }

    fn lead_restore(&mut self, session: Object, state: &str) {
        self.ok(session, Call::InitializeForRestore { bstr_xml: Some(self.document.clone()) });
        match state {
            "R_INIT" => {}
            "R_GATHERING" => drop(self.ok(session, Call::GATHER_WRITER_METADATA)),
            "R_GATHERED" => self.done(session, Call::GATHER_WRITER_METADATA),
            "R_RECOVERY_SET" => drop(self.ok(session, self.add_to_recovery_set())),
            "R_RESYNCING" => {
                self.ok(session, self.add_to_recovery_set());
                self.ok(session, recover());
            }
            "R_RESYNCED" => {
                self.ok(session, self.add_to_recovery_set());
                self.done(session, recover());
            }
            other => panic!("no way to {other}"),
        }
    }

    /// Calls as a backup does until the state is reached.
    fn lead_backup(&mut self, session: Object, state: &str, way: Way) {
        let bstr_xml = (state == "B_INIT_XML").then(|| self.transport.clone());
        self.ok(session, Call::InitializeForBackup { bstr_xml });
        let context = match way {
            Way::WithoutWriters => SnapshotContext::NAS_ROLLBACK,
            _ => SnapshotContext::APP_ROLLBACK,
        };
        let steps: [(&[&str], Option<Call>); 6] = [
            (&["B_INIT", "B_INIT_XML"], None),
            (&["B_CONTEXT"], Some(Call::SetContext { l_context: context })),
            (&["B_GATHERING"], Some(Call::GATHER_WRITER_METADATA)),
            (&["B_GATHERED"], None),
            (&["B_SET_STARTED"], Some(Call::START_SNAPSHOT_SET)),
            (&["B_VOLUMES"], Some(self.add_volume("D:\\"))),
        ];
        for (states, call) in steps {
            let gathers = states == ["B_GATHERING"];
            if gathers && way != Way::WithoutBackupState {
                self.ok(session, Call::SET_BACKUP_STATE);
            }
            let skipped = matches!(way, Way::WithoutWriters | Way::WithoutMetadata) && gathers;
            if let Some(call) = call.filter(|_| !skipped) {
                let reply = self.ok(session, call);
                self.remember(&reply);
                if let Some(operation) = self.operation(&reply).filter(|_| state != "B_GATHERING") {
                    self.ok(operation, Call::Wait { dw_milliseconds: INFINITE });
                }
            }
            if states.contains(&state) {
                return;
            }
        }
        self.lead_creation(session, state, way);
    }

    fn remember(&mut self, reply: &Reply) {
        if let Some(Out::AddToSnapshotSet { pid_snapshot }) = reply.out {
            self.planned = Some(pid_snapshot);
        }
    }

    fn lead_creation(&mut self, session: Object, state: &str, way: Way) {
        let create = Call::DO_SNAPSHOT_SET;
        if way != Way::WithoutWriters {
            let reply = self.ok(session, Call::PREPARE_FOR_BACKUP);
            if state == "B_PREPARING" {
                return;
            }
            let operation = self.operation(&reply).expect("an async object");
            self.ok(operation, Call::Wait { dw_milliseconds: INFINITE });
        }
        match state {
            "B_PREPARED" => {}
            "B_ABORTED" => drop(self.ok(session, Call::AbortBackup {})),
            "B_SNAPSHOTTING" => drop(self.ok(session, create)),
            "B_SNAPSHOT_FAILED" => self.done(session, create),
            _ => {
                self.done(session, create);
                match state {
                    "B_SNAPSHOTTED" => {}
                    "B_COMPLETING" => drop(self.ok(session, Call::BACKUP_COMPLETE)),
                    "B_COMPLETED" => self.done(session, Call::BACKUP_COMPLETE),
                    other => panic!("no way to {other}"),
                }
            }
        }
    }

    /// The call of a matrix entry, with arguments with which it has no other reason to fail.
    pub(crate) fn entry_call(&mut self, session: Object, call: &str) -> Reply {
        let volume = if self.state(session) == "B_VOLUMES" { "E:\\" } else { "D:\\" };
        let document = Some(self.document.clone());
        let call = match call {
            "InitializeForBackup()" => Call::InitializeForBackup { bstr_xml: None },
            "InitializeForBackup(xml)" => Call::InitializeForBackup { bstr_xml: document },
            "InitializeForRestore(xml)" => Call::InitializeForRestore { bstr_xml: document },
            "SetContext" => Call::SetContext { l_context: SnapshotContext::APP_ROLLBACK },
            "SetBackupState" => Call::SET_BACKUP_STATE,
            "GetSessionId" => Call::GetSessionId { id_session: VALID },
            "GatherWriterMetadata" => Call::GATHER_WRITER_METADATA,
            "GatherWriterStatus" => Call::GATHER_WRITER_STATUS,
            "GetWriterStatusCount" => Call::GetWriterStatusCount { pc_writers: VALID },
            "GetWriterStatus" => Call::get_writer_status(0),
            "GetWriterStatusEx" => writer_status_ex(),
            "FreeWriterStatus" => Call::FreeWriterStatus {},
            "IsVolumeSupported" => Call::IsVolumeSupported {
                provider_id: ProviderId::NULL,
                pwsz_volume_name: Some(volume.into()),
                pb_supported_by_this_provider: VALID,
            },
            "StartSnapshotSet" => Call::START_SNAPSHOT_SET,
            "AddToSnapshotSet" => self.add_volume(volume),
            "DoSnapshotSet" => Call::DO_SNAPSHOT_SET,
            "ImportSnapshots" => Call::IMPORT_SNAPSHOTS,
            "BreakSnapshotSet" => Call::break_snapshot_set(self.set),
            "BreakSnapshotSetEx" => Call::break_snapshot_set_ex(self.set, HardwareOptions::MAKE_READ_WRITE),
            "GetSnapshotProperties" => self.properties(session),
            "PrepareForBackup" => Call::PREPARE_FOR_BACKUP,
            "BackupComplete" => Call::BACKUP_COMPLETE,
            "AbortBackup" => Call::AbortBackup {},
            "SaveAsXML" => Call::SAVE_AS_XML,
            "AddSnapshotToRecoverySet" => self.add_to_recovery_set(),
            "RecoverSet" => recover(),
            "Query" => Call::query(ObjectType::SNAPSHOT),
            "DeleteSnapshots" => Call::delete_snapshots(self.snapshot.0, ObjectType::SNAPSHOT, false),
            "ExposeSnapshot" => expose(self.snapshot),
            "UnexposeSnapshot" => {
                self.expose_by_another();
                Call::UnexposeSnapshot { snapshot_id: self.snapshot }
            }
            "RevertToSnapshot" => self.revert(),
            "QueryRevertStatus" => self.query_revert(),
            "Release" => Call::RELEASE,
            other => panic!("no such call: {other}"),
        };
        self.call(session, call)
    }

    /// Whatever the object is about, the copy has been exposed.
    fn expose_by_another(&mut self) {
        let other = self.reach("B_INIT", Way::WithWriters);
        self.ok(other, expose(self.snapshot));
    }

    /// Of a copy that the object is still making where it makes one (X5), else of the one that exists (X4).
    fn properties(&self, session: Object) -> Call {
        let making = ["B_SET_STARTED", "B_VOLUMES", "B_PREPARING", "B_PREPARED", "B_SNAPSHOTTING"];
        let planned = self.planned.unwrap_or(SnapshotId(Guid::from_u128(1)));
        let snapshot_id = if making.contains(&&*self.state(session)) { planned } else { self.snapshot };
        Call::get_snapshot_properties(snapshot_id)
    }

    fn add_volume(&self, name: &str) -> Call {
        Call::add_to_snapshot_set(name, ProviderId::NULL)
    }

    fn add_to_recovery_set(&self) -> Call {
        Call::add_snapshot_to_recovery_set(self.snapshot, None)
    }
}

fn expose(snapshot_id: SnapshotId) -> Call {
    Call::expose_snapshot(snapshot_id, None, VolumeSnapshotAttributes::EXPOSED_LOCALLY, Some("X:"))
}

fn recover() -> Call {
    Call::recover_set(RecoveryOptions::empty())
}

fn writer_status_ex() -> Call {
    Call::GetWriterStatusEx {
        i_writer: 0,
        pid_instance: VALID,
        pid_writer: VALID,
        pbstr_writer: VALID,
        pn_status: VALID,
        phr_failure_writer: VALID,
        phr_application: Ptr::Null,
        pbstr_application_message: Ptr::Null,
    }
}
