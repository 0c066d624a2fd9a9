//! A requester whose calls are timed: it backs up `D:\` and copies it back.

use crate::figures::time;
use std::collections::BTreeMap;
use std::time::Duration;
use vss_conformance::bench::object_of;
use vss_sim::api::*;
use vss_sim::lab::Lab;
use vss_sim::service::{SetUpError, Simulator};

/// Flows that are timed together.
pub const BATCH: u32 = 20;

/// What happens between the shadow copy and the resync.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Between {
    /// Nothing.
    Nothing,
    /// A program writes a little to the volume.
    Write,
}

/// What calls took.
#[derive(Clone, Copy, Default)]
pub struct Cost {
    /// How many there were.
    pub calls: u32,
    /// What all of them took.
    pub time: Duration,
}

impl Cost {
    fn add(&mut self, time: Duration) {
        self.calls += 1;
        self.time += time;
    }

    /// What one of them took.
    pub fn each(self) -> Duration {
        self.time / self.calls.max(1)
    }
}

/// A requester that backs up and recovers `D:\`.
pub struct Requester {
    simulator: Simulator,
    calls: u32,
    /// What is no call, or works on the document: it does not count with the others.
    pub aside: BTreeMap<&'static str, Cost>,
    /// Each method by itself; a wait by what it waits for.
    methods: Option<BTreeMap<String, Cost>>,
}

impl Requester {
    /// In a simulator of its own.
    ///
    /// # Errors
    /// Everything that is wrong with the lab.
    pub fn new(lab: &Lab) -> Result<Self, SetUpError> {
        Ok(Self { simulator: Simulator::new(lab)?, calls: 0, aside: BTreeMap::new(), methods: None })
    }

    fn call(&mut self, on: Object, call: &Call) -> Option<Out> {
        self.call_named(on, call, "")
    }

    fn call_named(&mut self, on: Object, call: &Call, suffix: &str) -> Option<Out> {
        self.calls += 1;
        let reply = match &mut self.methods {
            None => self.simulator.call(on, call),
            Some(methods) => {
                let (took, reply) = time(|| self.simulator.call(on, call));
                methods.entry(format!("{}{suffix}", call.method().name)).or_default().add(took);
                reply
            }
        };
        assert!(
            reply.hresult.is_success(),
            "{call:?}: {} {:?}",
            reply.hresult,
            self.simulator.last_refusal()
        );
        reply.out
    }

    /// A call that works on the document.
    fn document_call(&mut self, on: Object, call: &Call) -> Option<Out> {
        let (took, reply) = time(|| self.simulator.call(on, call));
        assert_eq!(reply.hresult, HResult::S_OK, "{call:?}");
        self.aside.entry(call.method().name).or_default().add(took);
        reply.out
    }

    fn write(&mut self) {
        let (volume, bytes) = (r"D:\".into(), vec![0xA5; 512]);
        let (took, done) =
            time(|| self.simulator.act(&Action::WriteVolume { volume, offset: 1 << 20, bytes }));
        done.expect("D: can be written");
        self.aside.entry("writing 512 bytes").or_default().add(took);
    }

    fn create(&mut self) -> Object {
        match self.call(Object::HOST, &Call::CREATE_VSS_BACKUP_COMPONENTS) {
            Some(Out::CreateVssBackupComponents { pp_backup }) => pp_backup,
            out => unreachable!("no object in {out:?}"),
        }
    }

    /// Begins an operation and sees it through to its end.
    fn done(&mut self, on: Object, call: &Call) {
        let out = self.call(on, call);
        let Some(operation) = out.as_ref().and_then(object_of) else {
            unreachable!("no operation in {out:?}")
        };
        let suffix =
            if self.methods.is_some() { format!(" ({})", call.method().name) } else { String::new() };
        self.call_named(operation, &Call::Wait { dw_milliseconds: INFINITE }, &suffix);
        let status = self.call(operation, &Call::QUERY_STATUS);
        let finished = HResult::VSS_S_ASYNC_FINISHED;
        assert_eq!(status, Some(Out::QueryStatus { p_hr_result: finished, p_reserved: None }), "{call:?}");
        self.call(operation, &Call::RELEASE);
    }

    /// Starts a set with `D:\` on a fresh object.
    fn begin_backup(&mut self) -> (Object, SnapshotId) {
        let backup = self.create();
        self.call(backup, &Call::InitializeForBackup { bstr_xml: None });
        self.call(backup, &Call::SET_BACKUP_STATE);
        self.done(backup, &Call::GATHER_WRITER_METADATA);
        self.call(backup, &Call::START_SNAPSHOT_SET);
        let add = Call::add_to_snapshot_set(r"D:\", ProviderId::NULL);
        match self.call(backup, &add) {
            Some(Out::AddToSnapshotSet { pid_snapshot }) => (backup, pid_snapshot),
            out => unreachable!("no shadow copy in {out:?}"),
        }
    }

    /// Backup, then a restore that copies the LUN back. The copy goes with the backup's object.
    fn flow(&mut self, between: Between) {
        let (backup, snapshot_id) = self.begin_backup();
        self.done(backup, &Call::PREPARE_FOR_BACKUP);
        self.done(backup, &Call::GATHER_WRITER_STATUS);
        let writers = match self.call(backup, &Call::GetWriterStatusCount { pc_writers: Ptr::Valid }) {
            Some(Out::GetWriterStatusCount { pc_writers }) => pc_writers,
            out => unreachable!("no count in {out:?}"),
        };
        for i_writer in 0..writers {
            self.call(backup, &Call::get_writer_status(i_writer));
        }
        self.done(backup, &Call::DO_SNAPSHOT_SET);
        self.call(backup, &Call::get_snapshot_properties(snapshot_id));
        self.done(backup, &Call::BACKUP_COMPLETE);
        let document = match self.document_call(backup, &Call::SAVE_AS_XML) {
            Some(Out::SaveAsXML { pbstr_xml }) => pbstr_xml,
            out => unreachable!("no document in {out:?}"),
        };
        if between == Between::Write {
            self.write();
        }
        let restore = self.create();
        self.document_call(restore, &Call::InitializeForRestore { bstr_xml: Some(document) });
        let add = Call::add_snapshot_to_recovery_set(snapshot_id, None);
        self.call(restore, &add);
        self.call(restore, &Call::GetSessionId { id_session: Ptr::Valid });
        self.done(restore, &Call::recover_set(RecoveryOptions::empty()));
        self.call(restore, &Call::RELEASE);
        self.call(backup, &Call::RELEASE);
    }

    /// A session that creates a set and deletes it.
    fn set(&mut self) {
        let (backup, _) = self.begin_backup();
        self.done(backup, &Call::PREPARE_FOR_BACKUP);
        self.done(backup, &Call::DO_SNAPSHOT_SET);
        self.done(backup, &Call::BACKUP_COMPLETE);
        // The context is an auto-release one: this deletes the set.
        self.call(backup, &Call::RELEASE);
    }

    /// The cost of a session that creates a set and deletes it, in a batch of such sessions.
    pub fn batch_of_sets(&mut self) -> Duration {
        time(|| (0..BATCH).for_each(|_| self.set())).0 / BATCH
    }

    /// Many flows; what their calls took, those on the document left out.
    pub fn flows(&mut self, count: u32, between: Between) -> Cost {
        self.calls = 0;
        self.aside.clear();
        let (took, ()) = time(|| (0..count).for_each(|_| self.flow(between)));
        let aside: Duration = self.aside.values().map(|cost| cost.time).sum();
        Cost { calls: self.calls, time: took - aside }
    }

    /// The cost of a call in a batch of flows.
    pub fn batch(&mut self, between: Between) -> Duration {
        self.flows(BATCH, between).each()
    }

    /// The cost of a call in the quickest of several batches, which is the one that others disturbed least.
    pub fn quickest(&mut self, batches: u32, between: Between) -> Duration {
        (0..batches).map(|_| self.batch(between)).min().unwrap_or_default()
    }

    /// What each method takes in the quickest of several batches of flows.
    pub fn by_method(&mut self, batches: u32, between: Between) -> BTreeMap<String, Cost> {
        let mut best = BTreeMap::<String, Cost>::new();
        for _ in 0..batches {
            self.methods = Some(BTreeMap::new());
            self.flows(BATCH, between);
            for (method, cost) in self.methods.take().into_iter().flatten() {
                let known = best.entry(method).or_insert(cost);
                if cost.each() < known.each() {
                    *known = cost;
                }
            }
        }
        best
    }
}
