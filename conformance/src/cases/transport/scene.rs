//! Sets, the hosts that they go to, and what can be seen of them there.

use vss_sim::api::{
    Action, Answer, Call, DiskSeen, HResult, LunSeen, Object, Question, SnapshotContext, SnapshotId,
    SnapshotProp, SnapshotSetId, Text, VolumeSeen, VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::{Array, Host, Lab, Lun, Os, Provider, Size};

use crate::bench::Bench;
use crate::case::{Checked, Stop};
use crate::cases::flow;
use crate::out;

/// A shadow copy set and the object that made it.
#[derive(Clone, Debug)]
pub(in crate::cases) struct Set {
    pub(in crate::cases) session: Object,
    pub(in crate::cases) id: SnapshotSetId,
    pub(in crate::cases) copies: Vec<SnapshotId>,
    pub(in crate::cases) document: Text,
}

/// Persistent copies without writers.
pub(in crate::cases) const PLAIN: SnapshotContext = SnapshotContext::NAS_ROLLBACK;

/// The same, for another host.
pub(in crate::cases) fn transportable() -> SnapshotContext {
    PLAIN.with(Attributes::TRANSPORTABLE)
}

/// The lab with a second host beside the first; both see the LUNs of the array.
pub(in crate::cases) fn two_hosts(lab: &Lab) -> Lab {
    lab.clone().with(|lab| {
        let os = lab.hosts.first().map_or(Os::WindowsServer2022, |host| host.os);
        lab.hosts.push(Host::new("SRV-2", os));
    })
}

/// The same, but only the first host sees them.
pub(in crate::cases) fn originals_apart(lab: &Lab) -> Lab {
    two_hosts(lab).with(|lab| {
        let first = lab.hosts[0].name.clone();
        for lun in lab.luns.iter_mut().filter(|lun| lun.array.is_some()) {
            lun.hosts = Some(vec![first.clone()]);
        }
    })
}

/// A second hardware provider.
pub(in crate::cases) const OTHER: &str = "Second Provider";

/// The lab with that provider and an array of its own, on which E: lies.
pub(in crate::cases) fn two_providers(lab: &Lab) -> Lab {
    lab.clone().with(|lab| {
        lab.providers.push(Provider::new(OTHER));
        lab.arrays.push(Array { name: "second-san".into(), provider: Some(OTHER.into()) });
        if let Some(lun) = lab.lun_mut("data-e") {
            lun.array = Some("second-san".into());
        }
    })
}

/// D: spans two dynamic disks, on hosts with that system.
pub(in crate::cases) fn dynamic(lab: &Lab, os: Os) -> Lab {
    two_hosts(lab).with(|lab| {
        lab.hosts.iter_mut().for_each(|host| host.os = os);
        let Some(first) = lab.lun_mut("data-d") else { return };
        first.dynamic = true;
        let second = Lun { name: "data-d-2".into(), ..first.clone() };
        let size = Size(first.size.0);
        lab.luns.push(Lun { size, signature: None, identity: None, ..second });
        if let Some(volume) = lab.volume_mut(r"D:\") {
            volume.luns.push("data-d-2".into());
        }
    })
}

/// Two nodes of a cluster, and a third host beside them.
pub(in crate::cases) fn cluster(lab: &Lab) -> Lab {
    two_hosts(lab).with(|lab| {
        lab.hosts.iter_mut().for_each(|host| host.cluster = Some("CLUSTER".into()));
        let os = lab.hosts[0].os;
        lab.hosts.push(Host::new("OUTSIDE", os));
    })
}

/// Writes `then` to each volume, makes a set of them, and writes `now`.
pub(in crate::cases) fn set_of(
    bench: &mut Bench<'_>,
    context: SnapshotContext,
    volumes: &[&str],
) -> Result<Set, Stop> {
    for volume in volumes {
        flow::write(bench, volume, "then")?;
    }
    let session = flow::backup_object(bench, context)?;
    let reply = bench.ok(session, Call::START_SNAPSHOT_SET)?;
    let id = *out!(reply, StartSnapshotSet { p_snapshot_set_id })?;
    let mut copies = Vec::new();
    for volume in volumes {
        let reply = bench.ok(session, flow::add_volume_call(volume))?;
        copies.push(*out!(reply, AddToSnapshotSet { pid_snapshot })?);
    }
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    for volume in volumes {
        flow::write(bench, volume, "now!")?;
    }
    let document = flow::save(bench, session)?;
    Ok(Set { session, id, copies, document })
}

/// An object on that host that has loaded the document.
pub(in crate::cases) fn importer(bench: &mut Bench<'_>, host: u32, document: &Text) -> Result<Object, Stop> {
    let importer = bench.object(Object::Host(host), Call::CREATE_VSS_BACKUP_COMPONENTS)?;
    bench.ok(importer, Call::InitializeForBackup { bstr_xml: Some(document.clone()) })?;
    Ok(importer)
}

/// The set is imported on that host: the object that did it.
pub(in crate::cases) fn imported(bench: &mut Bench<'_>, host: u32, set: &Set) -> Result<Object, Stop> {
    let importer = importer(bench, host, &set.document)?;
    bench.done(importer, Call::IMPORT_SNAPSHOTS)?;
    Ok(importer)
}

/// What an object learns of a copy; `None`: it is not found.
pub(in crate::cases) fn properties(
    bench: &mut Bench<'_>,
    on: Object,
    copy: SnapshotId,
) -> Result<Option<SnapshotProp>, Stop> {
    let reply = bench.call(on, Call::get_snapshot_properties(copy));
    match reply.hresult {
        HResult::VSS_E_OBJECT_NOT_FOUND => Ok(None),
        HResult::S_OK => Ok(Some((**out!(reply, GetSnapshotProperties { p_prop })?).clone())),
        code => Err(Stop::failed(format!("GetSnapshotProperties has to tell of {copy}, but answers {code}"))),
    }
}

/// The device object of a copy that is brought up where that object runs.
pub(in crate::cases) fn device(bench: &mut Bench<'_>, on: Object, copy: SnapshotId) -> Result<Text, Stop> {
    let told = properties(bench, on, copy)?.and_then(|told| told.snapshot_device_object);
    told.ok_or_else(|| Stop::failed(format!("shadow copy {copy} has no device object")))
}

/// Questions and actions are about that host from here on.
pub(in crate::cases) fn turn_to(bench: &mut Bench<'_>, host: u32) -> Checked {
    bench.act(Action::TurnTo { host })
}

/// Whether anything can be read there on the host.
pub(in crate::cases) fn is_readable(bench: &mut Bench<'_>, device: &Text) -> bool {
    let question = Question::ReadVolume { volume: device.clone(), offset: flow::DATA, length: 4 };
    bench.ask(question).is_ok()
}

/// All LUNs.
pub(in crate::cases) fn luns(bench: &mut Bench<'_>) -> Result<Vec<LunSeen>, Stop> {
    match flow::luns(bench)? {
        Answer::Luns(luns) => Ok(luns),
        _ => Err(Stop::error("no LUNs were answered")),
    }
}

/// The LUN of that name.
pub(in crate::cases) fn lun(bench: &mut Bench<'_>, name: &str) -> Result<LunSeen, Stop> {
    let found = luns(bench)?.into_iter().find(|lun| &*lun.name == name);
    found.ok_or_else(|| Stop::failed(format!("LUN {name} is gone")))
}

/// The LUNs that are copies of that one, in the order in which they were made.
pub(in crate::cases) fn copies_of(bench: &mut Bench<'_>, source: &str) -> Result<Vec<LunSeen>, Stop> {
    let mut copies = luns(bench)?;
    copies.retain(|lun| lun.copy.as_ref().is_some_and(|copy| copy.of.as_deref() == Some(source)));
    Ok(copies)
}

/// The only copy of a LUN.
pub(in crate::cases) fn copy_of(bench: &mut Bench<'_>, source: &str) -> Result<LunSeen, Stop> {
    let mut copies = copies_of(bench, source)?;
    match (copies.pop(), copies.is_empty()) {
        (Some(only), true) => Ok(only),
        (found, _) => {
            let count = copies.len() + usize::from(found.is_some());
            Err(Stop::failed(format!("LUN {source} has to have one copy, but has {count}")))
        }
    }
}

/// The volumes of a LUN on the host.
pub(in crate::cases) fn volumes_on(bench: &mut Bench<'_>, lun: &str) -> Result<Vec<VolumeSeen>, Stop> {
    let Answer::Volumes(mut volumes) = bench.ask(Question::Volumes)? else {
        return Err(Stop::error("no volumes were answered"));
    };
    volumes.retain(|volume| volume.luns.iter().any(|name| &**name == lun));
    Ok(volumes)
}

/// The disk that a LUN is on the host; `None`: it sees none.
pub(in crate::cases) fn disk_of(bench: &mut Bench<'_>, lun: &str) -> Result<Option<DiskSeen>, Stop> {
    let Answer::Disks(disks) = bench.ask(Question::Disks)? else {
        return Err(Stop::error("no disks were answered"));
    };
    Ok(disks.into_iter().find(|disk| &*disk.lun == lun))
}

/// The LUN's volumes are there, but hidden and read-only, as those of shadow copies are.
pub(in crate::cases) fn held_back(bench: &mut Bench<'_>, lun: &str) -> Checked {
    let volumes = volumes_on(bench, lun)?;
    let held = |volume: &VolumeSeen| {
        let marks = volume.marks;
        marks.read_only && marks.hidden && marks.no_drive_letter && marks.shadow_copy
    };
    bench.check(!volumes.is_empty() && volumes.iter().all(held), || {
        format!("the volumes of LUN {lun} have to be there, hidden and read-only, but are {volumes:?}")
    })
}

/// The bare names of the calls on hardware providers since they are watched.
pub(in crate::cases) fn called(bench: &mut Bench<'_>) -> Result<Vec<&'static str>, Stop> {
    let Answer::ProviderCalls(calls) = bench.ask(Question::ProviderCalls)? else {
        return Err(Stop::error("no calls were answered"));
    };
    Ok(calls.iter().map(|seen| seen.call.method().name).collect())
}
