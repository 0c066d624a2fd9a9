//! Leads a requester's object into any state by real calls.

use vss_sim::api::*;

use crate::drive::{Drive, Way, recover};

impl Drive {
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
}
