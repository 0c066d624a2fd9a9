//! What the files cost where there are none, and while a requester polls.

use std::cell::Cell;

use vss_files::Files;
use vss_sim::api::*;
use vss_sim::lab::Lab;
use vss_sim::service::Simulator;

use crate::rig::Rig;

/// A simulator that counts how often it is asked for its shadow copies.
struct Counting {
    simulator: Simulator,
    asked: Cell<u32>,
}

impl Backend for &mut Counting {
    fn target(&self) -> Target {
        self.simulator.target()
    }

    fn capabilities(&self) -> Capabilities {
        self.simulator.capabilities()
    }

    fn load(&mut self, lab: &Lab) -> Result<(), Unavailable> {
        self.simulator.load(lab)
    }

    fn call(&mut self, on: Object, call: &Call) -> Reply {
        self.simulator.call(on, call)
    }

    fn act(&mut self, action: &Action) -> Result<(), Unavailable> {
        self.simulator.act(action)
    }

    fn ask(&self, question: &Question) -> Result<Answer, Unavailable> {
        self.asked.set(self.asked.get() + u32::from(*question == Question::AllSnapshots));
        self.simulator.ask(question)
    }
}

/// A backup of D: that polls a hundred times; answers how often the backend was asked.
fn asked(rig: &Rig, lab: &Lab) -> u32 {
    let simulator = Simulator::new(lab).expect("the lab is right");
    let mut counting = Counting { simulator, asked: Cell::new(0) };
    let mut files = Files::new_in(&mut counting, lab, rig.scratch()).expect("the directories are there");
    let mut ok = |on, call| {
        let reply = files.call(on, &call);
        assert_eq!(reply.hresult, HResult::S_OK, "{call:?}");
        reply.out
    };
    ok(Object::HOST, Call::CreateVssBackupComponents { pp_backup: Ptr::Valid });
    let session = Object::Session(1);
    ok(session, Call::InitializeForBackup { bstr_xml: None });
    ok(session, Call::SetContext { l_context: SnapshotContext::FILE_SHARE_BACKUP });
    ok(session, Call::StartSnapshotSet { p_snapshot_set_id: Ptr::Valid });
    let provider_id = ProviderId::NULL;
    let volume = Some(r"D:\".into());
    ok(session, Call::AddToSnapshotSet { pwsz_volume_name: volume, provider_id, pid_snapshot: Ptr::Valid });
    let created = ok(session, Call::DoSnapshotSet { pp_async: Ptr::Valid });
    let Some(Out::DoSnapshotSet { pp_async }) = created else { panic!("{created:?}") };
    for _ in 0..100 {
        ok(pp_async, Call::QueryStatus { p_hr_result: Ptr::Valid, p_reserved: Ptr::Null });
    }
    ok(pp_async, Call::Wait { dw_milliseconds: INFINITE });
    ok(session, Call::RELEASE);
    drop(files);
    counting.asked.get()
}

#[test]
fn without_directories_nothing_is_asked_and_nothing_made() {
    let rig = Rig::new();
    assert_eq!(asked(&rig, &Lab::default_lab()), 0);
}

#[test]
fn polling_asks_nothing() {
    let rig = Rig::new();
    // When the lab is loaded, when the set is made, and after each of the two calls that could end it.
    assert_eq!(asked(&rig, &rig.lab()), 4);
}
