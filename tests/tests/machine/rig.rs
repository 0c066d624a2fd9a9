//! A simulator with its requesters, and what is checked after every step.

use std::collections::{BTreeMap, BTreeSet};

use vss_sim::api::*;
use vss_sim::lab::{BootMode, Cause, Fault, Host, Lab, Os, Share};
use vss_sim::service::{Because, Simulator, State};

use vss_tests::methods::CARRIED_OUT;

use crate::codes::{self, Permit};
use crate::lives::Ids;
use crate::model::{self, Copy, Planned, Resync, Window, World};
use crate::tally::Tally;

/// A requester's object, alive or not.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) object: Object,
    pub(crate) host: usize,
    pub(crate) alive: bool,
    pub(crate) persistent: bool,
    /// It is between StartSnapshotSet and the end of DoSnapshotSet.
    pub(crate) creates: bool,
    pub(crate) set: SnapshotSetId,
    /// The file servers that have a part in its set.
    pub(crate) servers: BTreeSet<usize>,
    /// It has begun an import.
    pub(crate) imports: bool,
    /// What it was initialised with.
    pub(crate) document: Option<Text>,
    /// The document that it was initialised with was damaged before.
    pub(crate) damaged: bool,
    pub(crate) planned: Vec<Planned>,
    pub(crate) window: Option<Window>,
    /// What was added to the recovery set: the copy, and the volume or, with `Err`, the LUN that it goes to.
    pub(crate) recovery: Vec<(SnapshotId, Result<String, String>)>,
    pub(crate) resync: Option<Resync>,
}

/// An async object, alive or not.
#[derive(Debug)]
pub(crate) struct Async {
    pub(crate) object: Object,
    pub(crate) session: usize,
    /// The method that handed it out.
    pub(crate) method: Method,
    pub(crate) alive: bool,
}

/// A list that Query or Clone handed out, alive or not.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) object: Object,
    /// Whose Query it comes from.
    pub(crate) session: usize,
    pub(crate) alive: bool,
}

/// Where VSS knows a shadow copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) host: usize,
    /// None until a set for transport is imported.
    pub(crate) device: Option<Text>,
}

/// Everything that a refused call must leave alone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) luns: BTreeMap<String, LunSeen>,
    /// The disks of each host.
    pub(crate) disks: Vec<Vec<DiskSeen>>,
    /// The shadow copies whose creation has ended.
    pub(crate) copies: BTreeMap<SnapshotId, Place>,
    /// The same as Query lists them on each host.
    pub(crate) catalogue: Vec<Vec<SnapshotProp>>,
    pub(crate) states: Vec<Option<State>>,
    pub(crate) live: u32,
    pub(crate) now_ms: u64,
}

/// What was done, to be done again.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Call(Object, Call, Reply),
    /// And whether it could be done.
    Act(Action, bool),
}

/// A run under way.
#[derive(Debug)]
pub(crate) struct Rig {
    pub(crate) sim: Simulator,
    pub(crate) lab: Lab,
    pub(crate) steps: Vec<Step>,
    pub(crate) seen: Seen,
    pub(crate) sessions: Vec<Session>,
    pub(crate) asyncs: Vec<Async>,
    pub(crate) lists: Vec<List>,
    pub(crate) documents: Vec<Text>,
    /// Each letter's volume name, which never changes.
    pub(crate) letters: BTreeMap<String, String>,
    pub(crate) world: World,
    /// With which digest each LUN was found to hold what the model says.
    pub(crate) right: BTreeMap<String, (u32, model::Disk)>,
    pub(crate) copies: BTreeMap<SnapshotId, Copy>,
    /// Providers were taken away or something goes wrong in what deletes copies: some may stay behind.
    pub(crate) leaves_copies: bool,
    /// A document was damaged and imported, so that copies may be there under ids that nobody gave.
    pub(crate) damaged_import: bool,
    /// The copies that the call at hand deletes.
    pub(crate) going: BTreeSet<SnapshotId>,
    /// Which sets somebody has begun to break on which host, but for breaks that are known to have failed.
    pub(crate) breaks: Vec<(usize, SnapshotSetId)>,
    pub(crate) ids: Ids,
    /// What was seen when the copies were read.
    pub(crate) read_at: Option<Seen>,
    pub(crate) tally: Tally,
}

impl Rig {
    pub(crate) fn new(lab: &Lab) -> Self {
        let mut sim = Simulator::new(lab).expect("a lab");
        // Windows Server 2003 alone heeds what FillInLunInfo answers, and asks it before OnLunEmpty.
        let heeds = lab.hosts.iter().any(|host| host.os == Os::WindowsServer2003);
        let deletes = |fault: &Fault| match &*fault.call {
            "OnLunEmpty" | "AbortSnapshots" | "OnLoad" => !matches!(fault.cause, Cause::Late(_)),
            "FillInLunInfo" => heeds,
            _ => false,
        };
        let volumes_on = |lun: &str| lab.volumes.iter().filter(|volume| volume.luns[0] == lun).count();
        let mut rig = Self {
            seen: see(&mut sim, &[], lab.hosts.len()),
            sim,
            steps: Vec::new(),
            sessions: Vec::new(),
            asyncs: Vec::new(),
            lists: Vec::new(),
            documents: Vec::new(),
            letters: BTreeMap::new(),
            world: lab
                .luns
                .iter()
                .map(|lun| (lun.name.clone(), vec![[0; 3]; volumes_on(&lun.name)]))
                .collect(),
            right: BTreeMap::new(),
            copies: BTreeMap::new(),
            leaves_copies: lab.faults.iter().any(deletes),
            damaged_import: false,
            going: BTreeSet::new(),
            breaks: Vec::new(),
            ids: Ids::default(),
            read_at: None,
            tally: Tally::default(),
            lab: lab.clone(),
        };
        for disk in &rig.seen.disks[0] {
            let of_lun = lab.volumes.iter().filter(|volume| volume.luns[0] == *disk.lun);
            rig.letters
                .extend(of_lun.zip(&disk.volumes).map(|(it, name)| (it.mount[0].clone(), name.to_string())));
        }
        // No two volumes hold the same, so that nothing is mistaken for something else.
        for (mark, name) in rig.volumes().into_iter().enumerate() {
            rig.write(0, &name, 0, 0xA1A1_0000 + mark as u64);
        }
        rig
    }

    /// The names of the present volumes on the first host.
    pub(crate) fn volumes(&self) -> Vec<String> {
        self.volumes_of(0)
    }

    pub(crate) fn volumes_of(&self, host: usize) -> Vec<String> {
        let disks = self.seen.disks.get(host).into_iter().flatten();
        disks.flat_map(|disk| &disk.volumes).map(ToString::to_string).collect()
    }

    /// What a requester on the host can have copied: the names of its volumes, and the shares of all hosts.
    pub(crate) fn originals_of(&self, host: usize) -> Vec<String> {
        let shares = self.lab.shares.iter().map(|share| format!("{}\\", share.path));
        self.volumes_of(host).into_iter().chain(shares).collect()
    }

    /// The share of that name, with or without a backslash at its end.
    pub(crate) fn share(&self, name: &str) -> Option<&Share> {
        self.lab.shares.iter().find(|share| share.path == name.trim_end_matches('\\'))
    }

    /// The host of that share.
    pub(crate) fn file_server(&self, share: &Share) -> usize {
        let name = share.parts().map(|(host, _)| host);
        self.lab.hosts.iter().position(|host| Some(&*host.name) == name).expect("a host of the lab")
    }

    /// Whether anybody offers that share: a host in WinPE or Safe mode does not, another node of a cluster may.
    pub(crate) fn is_offered(&self, share: &Share) -> bool {
        let own = &self.lab.hosts[self.file_server(share)];
        let serves = |host: &&Host| {
            host.name == own.name || share.scale_out && host.cluster.is_some() && host.cluster == own.cluster
        };
        self.lab.hosts.iter().filter(serves).any(|host| host.mode == BootMode::Normal)
    }

    /// The LUN under a volume of a host or under a share, and the volume's place on it.
    pub(crate) fn place(&mut self, host: usize, volume: &str) -> Option<(String, usize)> {
        if let Some(share) = self.share(volume).cloned() {
            return self.place(self.file_server(&share), &share.volume);
        }
        let plain = |name: &str| name.trim_end_matches('\\').to_lowercase();
        let is_it = |name: &Text| plain(name) == plain(volume);
        let mounted = |it: &VolumeSeen| is_it(&it.name) || it.mount_points.iter().any(is_it);
        let seen = mounts(&mut self.sim, host).into_iter().find(mounted)?;
        // An offline twin can have a volume of the same name.
        let lun = seen.luns.first()?;
        let disk = self.seen.disks[host].iter().find(|disk| disk.lun == *lun)?;
        let index = disk.volumes.iter().position(|other| *other == seen.name)?;
        Some((lun.to_string(), index))
    }

    /// The volumes of all hosts with their names.
    pub(crate) fn all_mounts(&mut self) -> Vec<Vec<VolumeSeen>> {
        (0..self.lab.hosts.len()).map(|host| mounts(&mut self.sim, host)).collect()
    }

    pub(crate) fn act(&mut self, action: Action) -> bool {
        let done = self.sim.act(&action).is_ok();
        self.steps.push(Step::Act(action, done));
        done
    }

    /// Makes a call and checks everything that has to hold then.
    pub(crate) fn call(&mut self, on: Object, call: Call) -> Reply {
        let before = self.seen.clone();
        let reply = self.sim.call(on, &call);
        self.note(on, &call, &reply);
        self.steps.push(Step::Call(on, call.clone(), reply.clone()));
        self.seen = see(&mut self.sim, &self.sessions, self.lab.hosts.len());
        self.check_code(on, &call, reply.hresult);
        if let Call::StartSnapshotSet { .. } = call {
            self.one_creates_at_a_time(on, reply.hresult);
        }
        // A wait lets time pass, whatever it returns, and so does a provider that is late; a deletion that failed at a
        // provider may have got somewhere.
        let got_somewhere = reply.out.is_some() && matches!(call, Call::DeleteSnapshots { .. });
        if got_somewhere {
            self.note_deletion(on, &call, reply.hresult);
        }
        if reply.hresult.is_failure() && !got_somewhere && !matches!(call, Call::Wait { .. }) {
            let time_has_passed = self.seen.now_ms != before.now_ms;
            assert!(
                self.seen == before || time_has_passed,
                "{on} {call:?} was refused, but {:#?}\nbecame {:#?}",
                before,
                self.seen
            );
            self.check_reason(on, &call, reply.hresult);
        }
        self.follow_up();
        reply
    }

    /// After something outside has happened.
    pub(crate) fn look(&mut self) {
        self.seen = see(&mut self.sim, &self.sessions, self.lab.hosts.len());
        self.follow_up();
    }

    fn os_of(&self, on: Object) -> Os {
        let of_session = |object| self.sessions.iter().find(|it| it.object == object).map(|it| it.host);
        let host = match on {
            Object::Host(number) => usize::try_from(number).ok().and_then(|number| number.checked_sub(1)),
            Object::Enumerator(_) => {
                let found = self.lists.iter().find(|it| it.object == on);
                found.and_then(|it| self.sessions.get(it.session)).map(|it| it.host)
            }
            Object::Async(_) => {
                let found = self.asyncs.iter().find(|it| it.object == on);
                found.and_then(|it| self.sessions.get(it.session)).map(|it| it.host)
            }
            other => of_session(other),
        };
        let host = host.and_then(|host| self.lab.hosts.get(host)).unwrap_or(&self.lab.hosts[0]);
        host.os
    }

    fn check_code(&mut self, on: Object, call: &Call, code: HResult) {
        let (method, os) = (call.method(), self.os_of(on));
        // Whether a method is carried out depends on the object too: no async object starts a backup.
        let fits = match on {
            Object::Session(_) => method.interface.starts_with("IVssBackupComponents"),
            Object::Host(_) => method.interface.is_empty(),
            Object::Async(_) => method.interface == "IVssAsync",
            Object::Enumerator(_) => method.interface == "IVssEnumObject",
            _ => true,
        };
        let carried_out = CARRIED_OUT.contains(&method.name) && (fits || method.name == "Release");
        if !carried_out && code == HResult::E_NOTIMPL {
            return;
        }
        if let Some(operation) = self.asyncs.iter().find(|it| it.object == on).map(|it| it.method)
            && matches!(method.name, "Wait" | "Cancel" | "QueryStatus")
            && self.sim.failure(on).is_some_and(|failed| failed.code == code)
        {
            let because = self.sim.failure(on).map(|refusal| refusal.because);
            return self.permit(operation, code, os, because);
        }
        let because = self.sim.last_refusal_parts().map(|(_, refusal)| refusal.because);
        self.permit(method, code, os, because);
    }

    /// A code may come from that method, or the run fails when it is over: so all such codes are told at once.
    pub(crate) fn permit(&mut self, method: Method, code: HResult, os: Os, because: Option<Because>) {
        match codes::permit(method, code, os, because, &self.lab.faults) {
            Some(Permit::Documented | Permit::PassedOn) => {}
            Some(Permit::Listed(entry)) => {
                self.tally.listed.insert(entry);
            }
            None => {
                let why = self.sim.last_refusal().unwrap_or_default();
                self.tally.unlisted.insert(format!("{method} answers {code} on {os}; last refusal: {why}"));
            }
        }
    }

    fn check_reason(&mut self, on: Object, call: &Call, code: HResult) {
        let own_error = matches!(call, Call::Cancel {}) && self.sim.failure(on).is_some();
        let (method, refusal) = match self.sim.last_refusal_parts() {
            Some(parts) if !own_error => parts,
            _ => return,
        };
        assert_eq!((method, refusal.code), (call.method(), code), "the reason is of another refusal");
        if let Because::Documented(reason) = refusal.because {
            assert!(codes::is_documented(method, code, reason), "no page has {}", refusal.explain(method));
            *self.tally.reasons.entry(reason).or_default() += 1;
        }
    }
}

/// Actions and questions are about that host from here on; it is no part of the run.
pub(crate) fn turn_to(sim: &mut Simulator, host: usize) {
    let host = u32::try_from(host).expect("few hosts") + 1;
    sim.act(&Action::TurnTo { host }).expect("there is the host");
}

/// Looks at everything.
fn see(sim: &mut Simulator, sessions: &[Session], hosts: usize) -> Seen {
    let mut copies = BTreeMap::new();
    // The first host comes last, so that it stays the one that actions are about.
    let seen: Vec<_> = (0..hosts).rev().map(|host| see_host(sim, host, &mut copies)).collect();
    let (disks, catalogue) = seen.into_iter().rev().unzip();
    let ask = |question| sim.ask(&question).expect("the simulator tells");
    let Answer::Luns(luns) = ask(Question::Luns) else { panic!("other answers than were asked for") };
    let (Answer::Objects(live), Answer::Ms(now_ms)) = (ask(Question::LiveObjects), ask(Question::Now)) else {
        panic!("other answers than were asked for")
    };
    Seen {
        luns: luns.into_iter().map(|lun| (lun.name.to_string(), lun)).collect(),
        disks,
        copies,
        catalogue,
        states: sessions.iter().map(|session| sim.state(session.object)).collect(),
        live,
        now_ms,
    }
}

fn see_host(
    sim: &mut Simulator,
    host: usize,
    copies: &mut BTreeMap<SnapshotId, Place>,
) -> (Vec<DiskSeen>, Vec<SnapshotProp>) {
    turn_to(sim, host);
    let ask = |question| sim.ask(&question).expect("the simulator tells");
    let (Answer::Disks(disks), Answer::Snapshots(snapshots)) =
        (ask(Question::Disks), ask(Question::Snapshots))
    else {
        panic!("other answers than were asked for")
    };
    for copy in snapshots.into_iter().filter(|copy| copy.complete) {
        let place = Place { host, device: copy.device_object };
        let other = copies.insert(copy.snapshot_id, place);
        assert_eq!(other, None, "two hosts know {}", copy.snapshot_id);
    }
    (disks, sim.catalogue().collect())
}

fn mounts(sim: &mut Simulator, host: usize) -> Vec<VolumeSeen> {
    turn_to(sim, host);
    let volumes = sim.ask(&Question::Volumes);
    turn_to(sim, 0);
    match volumes {
        Ok(Answer::Volumes(volumes)) => volumes,
        other => panic!("no volumes: {other:?}"),
    }
}

/// What a LUN holds, as far as the model follows it.
pub(crate) fn contents(sim: &Simulator, lun: &str, like: &model::Disk) -> model::Disk {
    model::read(sim, lun, like.len()).unwrap_or_else(|| panic!("there is no LUN {lun}"))
}
