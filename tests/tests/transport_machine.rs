//! Random lives of shadow copy sets between two hosts: made, imported, broken, forgotten by requesters that leave and by hosts
//! that restart. Whatever happens, copies show what was there when they were made, broken ones are never taken away, and no
//! host has two online disks of one signature.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use vss_conformance::bench::object_of;
use vss_sim::api::*;
use vss_sim::lab::{Lab, Os, PartitionStyle, Size};
use vss_sim::service::Simulator;

const VALID: Ptr = Ptr::Valid;
const VOLUMES: [&str; 3] = [r"D:\", r"E:\", r"F:\"];
/// Where the tests write: well behind the boot sector.
const AT: u64 = 1 << 16;
const HOSTS: [u32; 2] = [1, 2];

/// One thing that happens. Numbers pick from what there is when the time comes.
#[derive(Clone, Debug)]
enum Op {
    /// A set of these volumes is made on the first host.
    Create { volumes: [bool; 3], transportable: bool, persistent: bool },
    /// Its document is imported.
    Import { set: u8, host: u32, cancel: bool },
    /// It is broken, by `BreakSnapshotSet` if there are no flags.
    Break { set: u8, host: u32, flags: Option<u32> },
    /// Something writes to a volume of the first host.
    Write { volume: u8, value: u8 },
    /// A LUN is no longer presented.
    Mask(u8),
    /// A LUN is presented.
    Present(u8, u32),
    /// A requester lets go of its object.
    Release(u8),
    /// Its process ends.
    EndProcess(u8),
    /// A host restarts.
    Restart(u32),
}

fn op() -> impl Strategy<Value = Op> {
    let host = || select(HOSTS.to_vec());
    let flags = select(vec![0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x10, 0x800]);
    prop_oneof![
        4 => any::<([bool; 3], bool, bool)>().prop_map(|(volumes, transportable, persistent)| {
            Op::Create { volumes, transportable, persistent }
        }),
        4 => (any::<u8>(), host(), prop::bool::weighted(0.2))
            .prop_map(|(set, host, cancel)| Op::Import { set, host, cancel }),
        4 => (any::<u8>(), host(), prop::option::weighted(0.8, flags))
            .prop_map(|(set, host, flags)| Op::Break { set, host, flags }),
        3 => any::<(u8, u8)>().prop_map(|(volume, value)| Op::Write { volume, value }),
        2 => any::<u8>().prop_map(Op::Mask),
        2 => (any::<u8>(), host()).prop_map(|(lun, host)| Op::Present(lun, host)),
        2 => any::<u8>().prop_map(Op::Release),
        1 => any::<u8>().prop_map(Op::EndProcess),
        1 => host().prop_map(Op::Restart),
    ]
}

/// What is known of a set without asking.
#[derive(Clone, Debug)]
struct Set {
    id: SnapshotSetId,
    document: Text,
    /// What each copy has to show.
    copies: BTreeMap<SnapshotId, u8>,
    broken: bool,
}

struct Room {
    sim: Simulator,
    sets: Vec<Set>,
    /// Live objects, each with its host.
    sessions: Vec<(Object, u32)>,
    /// How often an import or a break came to a code.
    tally: BTreeMap<(&'static str, HResult), usize>,
}

impl Room {
    fn new() -> Self {
        let mut lab = Lab::builder("transport")
            .host("ONE", Os::WindowsServer2022)
            .host("TWO", Os::WindowsServer2022)
            .provider("P")
            .array("san", "P");
        for (place, volume) in VOLUMES.into_iter().enumerate() {
            let name = format!("lun-{place}");
            lab = lab.lun_with(&name, Size::mib(8), |lun| {
                if place == 2 {
                    lun.style = PartitionStyle::Mbr;
                }
            });
            lab = lab.volume(volume, &name);
        }
        let sim = Simulator::new(&lab.build().expect("a lab")).expect("a lab");
        Self { sim, sets: Vec::new(), sessions: Vec::new(), tally: BTreeMap::new() }
    }

    fn ok(&mut self, on: Object, call: Call) -> Option<Out> {
        let reply = self.sim.call(on, &call);
        assert_eq!(reply.hresult, HResult::S_OK, "{call:?}: {:?}", self.sim.last_refusal());
        reply.out
    }

    fn session(&mut self, host: u32, bstr_xml: Option<Text>) -> Object {
        let made = self.ok(Object::Host(host), Call::CreateVssBackupComponents { pp_backup: VALID });
        let session = made.as_ref().and_then(object_of).expect("an object");
        self.ok(session, Call::InitializeForBackup { bstr_xml });
        self.sessions.push((session, host));
        session
    }

    /// What a call comes to in the end.
    fn end(&mut self, on: Object, call: &Call, cancel: bool) -> HResult {
        let reply = self.sim.call(on, call);
        let Some(operation) = reply.out.as_ref().and_then(object_of) else { return reply.hresult };
        let stop = if cancel { Call::Cancel {} } else { Call::Wait { dw_milliseconds: INFINITE } };
        self.ok(operation, stop);
        let status = self.ok(operation, Call::QueryStatus { p_hr_result: VALID, p_reserved: Ptr::Null });
        self.ok(operation, Call::RELEASE);
        match status {
            Some(Out::QueryStatus { p_hr_result: HResult::VSS_S_ASYNC_FINISHED, .. }) => HResult::S_OK,
            Some(Out::QueryStatus { p_hr_result, .. }) => p_hr_result,
            other => panic!("no status: {other:?}"),
        }
    }

    fn ask(&mut self, host: u32, question: &Question) -> Result<Answer, Unavailable> {
        self.sim.act(&Action::TurnTo { host }).expect("there is the host");
        self.sim.ask(question)
    }

    fn read(&mut self, host: u32, volume: &str) -> Option<u8> {
        let question = Question::ReadVolume { volume: volume.into(), offset: AT, length: 1 };
        match self.ask(host, &question) {
            Ok(Answer::Bytes(bytes)) => bytes.first().copied(),
            _ => None,
        }
    }

    fn luns(&mut self) -> Vec<LunSeen> {
        match self.ask(1, &Question::Luns) {
            Ok(Answer::Luns(luns)) => luns,
            other => panic!("{other:?}"),
        }
    }

    /// Everything that a refused call must leave as it is.
    fn seen(&mut self) -> Vec<Answer> {
        let questions = [Question::Luns, Question::Disks, Question::Volumes, Question::Snapshots];
        let all = HOSTS.into_iter().flat_map(|host| questions.clone().map(|question| (host, question)));
        let all: Vec<_> = all.collect();
        all.into_iter().map(|(host, question)| self.ask(host, &question).expect("it can be seen")).collect()
    }

    fn run(&mut self, op: &Op) {
        match *op {
            Op::Create { volumes, transportable, persistent } => {
                let chosen = VOLUMES.into_iter().zip(volumes).filter(|(_, chosen)| *chosen);
                self.create(&chosen.map(|(volume, _)| volume).collect::<Vec<_>>(), transportable, persistent);
            }
            Op::Import { set, host, cancel } => {
                let Some(set) = pick(&self.sets, set) else { return };
                let importer = self.session(host, Some(set.document));
                let code = self.end(importer, &Call::ImportSnapshots { pp_async: VALID }, cancel);
                *self.tally.entry(("import", code)).or_default() += 1;
            }
            Op::Break { set, host, flags } => self.break_set(set, host, flags),
            Op::Write { volume, value } => {
                let volume = VOLUMES[usize::from(volume) % VOLUMES.len()];
                self.sim.act(&Action::TurnTo { host: 1 }).expect("there is the host");
                let write = Action::WriteVolume { volume: volume.into(), offset: AT, bytes: vec![value] };
                // It may be away.
                let _ = self.sim.act(&write);
            }
            Op::Mask(lun) => {
                let lun = pick(&self.luns(), lun).expect("a LUN").name;
                self.sim.act(&Action::MaskLun { lun }).expect("it exists");
            }
            Op::Present(lun, host) => {
                let lun = pick(&self.luns(), lun).expect("a LUN").name;
                self.sim.act(&Action::PresentLun { lun, host }).expect("it exists");
            }
            Op::Release(number) => {
                let Some((session, _)) = pick(&self.sessions, number) else { return };
                self.ok(session, Call::RELEASE);
                self.sessions.retain(|(other, _)| *other != session);
            }
            Op::EndProcess(number) => {
                let Some((session, _)) = pick(&self.sessions, number) else { return };
                self.sim.act(&Action::EndProcess { session }).expect("it lives");
                self.sessions.retain(|(other, _)| *other != session);
            }
            Op::Restart(host) => {
                self.sim.act(&Action::Restart { host }).expect("there is the host");
                self.sessions.retain(|(_, on)| *on != host);
            }
        }
    }

    fn create(&mut self, volumes: &[&str], transportable: bool, persistent: bool) {
        let context =
            if persistent { SnapshotContext::NAS_ROLLBACK } else { SnapshotContext::FILE_SHARE_BACKUP };
        let more = VolumeSnapshotAttributes::TRANSPORTABLE;
        let session = self.session(1, None);
        self.ok(
            session,
            Call::SetContext { l_context: if transportable { context.with(more) } else { context } },
        );
        let started = self.ok(session, Call::StartSnapshotSet { p_snapshot_set_id: VALID });
        let Some(Out::StartSnapshotSet { p_snapshot_set_id: id }) = started else { panic!("no set") };
        let mut copies = BTreeMap::new();
        for volume in volumes {
            let add = Call::AddToSnapshotSet {
                pwsz_volume_name: Some((*volume).into()),
                provider_id: ProviderId::NULL,
                pid_snapshot: VALID,
            };
            // Its LUN may be masked.
            if let Some(Out::AddToSnapshotSet { pid_snapshot }) = self.sim.call(session, &add).out {
                copies.insert(pid_snapshot, self.read(1, volume).expect("the volume is there"));
            }
        }
        if copies.is_empty() {
            self.ok(session, Call::AbortBackup {});
            return;
        }
        assert_eq!(self.end(session, &Call::DoSnapshotSet { pp_async: VALID }, false), HResult::S_OK);
        let Some(Out::SaveAsXML { pbstr_xml }) = self.ok(session, Call::SaveAsXML { pbstr_xml: VALID })
        else {
            panic!("no document")
        };
        self.sets.push(Set { id, document: pbstr_xml, copies, broken: false });
    }

    fn break_set(&mut self, set: u8, host: u32, flags: Option<u32>) {
        let Some(Set { id, .. }) = pick(&self.sets, set) else { return };
        let on = self.session(host, None);
        let before = self.seen();
        let snapshot_set_id = id;
        let code = match flags.map(HardwareOptions::from_bits_retain) {
            None => self.end(on, &Call::BreakSnapshotSet { snapshot_set_id }, false),
            Some(dw_break_flags) => {
                let call = Call::BreakSnapshotSetEx { snapshot_set_id, dw_break_flags, pp_async: VALID };
                self.end(on, &call, false)
            }
        };
        *self.tally.entry(("break", code)).or_default() += 1;
        if code == HResult::S_OK {
            self.sets.iter_mut().filter(|set| set.id == id).for_each(|set| set.broken = true);
        } else {
            assert!(code.is_failure(), "{code}");
            assert_eq!(self.seen(), before, "a break that comes to {code} has changed something");
        }
    }

    /// What holds after everything that happens.
    fn check(&mut self) {
        let mut known: BTreeMap<SnapshotId, u32> = BTreeMap::new();
        for host in HOSTS {
            let Ok(Answer::Disks(disks)) = self.ask(host, &Question::Disks) else { panic!("no disks") };
            let mut online: Vec<_> =
                disks.iter().filter(|disk| disk.online).map(|disk| disk.signature).collect();
            let all = online.len();
            online.sort_unstable();
            online.dedup();
            assert_eq!(online.len(), all, "two online disks of host {host} are alike: {disks:?}");
            let Ok(Answer::Snapshots(copies)) = self.ask(host, &Question::Snapshots) else {
                panic!("no copies")
            };
            for copy in copies {
                let id = copy.snapshot_id;
                assert_eq!(known.insert(id, host), None, "two hosts have {id}");
                let set = self.sets.iter().find(|set| set.copies.contains_key(&id)).expect("a set").clone();
                assert!(!set.broken, "VSS still tells of the broken copy {id}");
                if let Some(device) = copy.device_object {
                    assert_eq!(self.read(host, &device), set.copies.get(&id).copied(), "the content of {id}");
                }
            }
        }
        // Each copy of each broken set has a LUN that nobody has taken away.
        let copies = self.luns().iter().filter(|lun| lun.copy.is_some()).count();
        let broken = self.sets.iter().filter(|set| set.broken).map(|set| set.copies.len()).sum::<usize>();
        assert!(copies >= broken, "{broken} copies were broken, but {copies} copied LUNs are left");
    }
}

fn pick<T: Clone>(from: &[T], number: u8) -> Option<T> {
    (!from.is_empty()).then(|| from[usize::from(number) % from.len()].clone())
}

proptest! {
    #[test]
    fn sets_live_and_are_broken(ops in prop::collection::vec(op(), 1..40)) {
        let mut room = Room::new();
        for op in &ops {
            room.run(op);
            room.check();
        }
    }
}

/// Runs that meet nothing show nothing.
#[test]
fn the_runs_get_there() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[5; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = prop::collection::vec(op(), 1..40);
    let mut tally: BTreeMap<(&'static str, HResult), usize> = BTreeMap::new();
    for _ in 0..200 {
        let mut room = Room::new();
        let ops = strategy.new_tree(&mut runner).expect("a run is drawn").current();
        ops.iter().for_each(|op| room.run(op));
        for (what, count) in room.tally {
            *tally.entry(what).or_default() += count;
        }
    }
    for (what, least) in [
        (("import", HResult::S_OK), 50),
        (("import", HResult::VSS_S_ASYNC_CANCELLED), 5),
        (("import", HResult::VSS_E_BAD_STATE), 20),
        (("break", HResult::S_OK), 50),
        (("break", HResult::VSS_E_BREAK_REVERT_ID_FAILED), 10),
        (("break", HResult::VSS_E_OBJECT_NOT_FOUND), 50),
    ] {
        assert!(tally.get(&what).is_some_and(|count| *count >= least), "{what:?}: {tally:#?}");
    }
}
