//! What VSS and the storage tell: of copies, LUNs, disks, providers, events.

use std::collections::BTreeSet;

use vss_sim::api::{
    Answer, Call, DiskSeen, Event, HResult, LunSeen, Object, ProviderCallSeen, ProviderId, ProviderSeen,
    Question, Signature, SnapshotId, SnapshotProp, SnapshotSeen, Text, VolumeSeen,
};
use vss_sim::lab::ProviderKind;

use crate::bench::Bench;
use crate::case::{Checked, Stop};
use crate::out;

/// What GetSnapshotProperties tells of a copy.
pub(in crate::cases) fn properties(
    bench: &mut Bench<'_>,
    on: Object,
    copy: SnapshotId,
) -> Result<SnapshotProp, Stop> {
    let reply = bench.ok(on, Call::get_snapshot_properties(copy))?;
    out!(reply, GetSnapshotProperties { p_prop }).map(|told| (**told).clone())
}

/// The same; `None`: it is not found.
pub(in crate::cases) fn properties_if_known(
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
    let told = properties_if_known(bench, on, copy)?.and_then(|told| told.snapshot_device_object);
    told.ok_or_else(|| Stop::failed(format!("shadow copy {copy} has no device object")))
}

/// The providers that are registered on the host.
pub(in crate::cases) fn providers(bench: &mut Bench<'_>) -> Result<Vec<ProviderSeen>, Stop> {
    match bench.ask(Question::Providers)? {
        Answer::Providers(providers) => Ok(providers),
        _ => Err(Stop::error("no providers were answered")),
    }
}

/// The id of the provider of that name.
pub(in crate::cases) fn provider_named(bench: &mut Bench<'_>, name: &str) -> Result<ProviderId, Stop> {
    let found = providers(bench)?.into_iter().find(|provider| &*provider.name == name);
    found.map(|provider| provider.id).ok_or_else(|| Stop::skipped(format!("there is no provider {name}")))
}

/// The first hardware provider of the host.
pub(in crate::cases) fn hardware_provider(bench: &mut Bench<'_>) -> Result<ProviderId, Stop> {
    let found = providers(bench)?.into_iter().find(|provider| provider.kind == ProviderKind::Hardware);
    found.map(|provider| provider.id).ok_or_else(|| Stop::skipped("the host has no hardware provider"))
}

/// The signature of the disk under a volume.
pub(in crate::cases) fn signature(bench: &mut Bench<'_>, volume: &str) -> Result<Option<Signature>, Stop> {
    match bench.ask(Question::VolumeSignature { volume: volume.into() })? {
        Answer::Signature(signature) => Ok(signature),
        _ => Err(Stop::error("no signature was answered")),
    }
}

/// Everything that can be seen of the LUNs: which there are, what they hold, by what they are known.
pub(in crate::cases) fn luns(bench: &mut Bench<'_>) -> Result<Vec<LunSeen>, Stop> {
    match bench.ask(Question::Luns)? {
        Answer::Luns(luns) => Ok(luns),
        _ => Err(Stop::error("no LUNs were answered")),
    }
}

/// Which LUNs there are.
pub(in crate::cases) fn lun_names(bench: &mut Bench<'_>) -> Result<BTreeSet<Text>, Stop> {
    Ok(luns(bench)?.into_iter().map(|lun| lun.name).collect())
}

/// The LUN of that name.
pub(in crate::cases) fn lun(bench: &mut Bench<'_>, name: &str) -> Result<LunSeen, Stop> {
    let found = luns(bench)?.into_iter().find(|lun| &*lun.name == name);
    found.ok_or_else(|| Stop::failed(format!("LUN {name} is gone")))
}

/// The LUNs that are copies of that one, in the order in which they were made.
pub(in crate::cases) fn copies_of_lun(bench: &mut Bench<'_>, source: &str) -> Result<Vec<LunSeen>, Stop> {
    let mut copies = luns(bench)?;
    // A lab of the user's may call it otherwise, or have none.
    if !copies.iter().any(|lun| &*lun.name == source)
        && !bench.lab().luns.iter().any(|lun| lun.name == source)
    {
        return Err(Stop::skipped(format!("the lab has no LUN {source}")));
    }
    copies.retain(|lun| lun.copy.as_ref().is_some_and(|copy| copy.of.as_deref() == Some(source)));
    Ok(copies)
}

/// The only copy of a LUN.
pub(in crate::cases) fn only_copy_of_lun(bench: &mut Bench<'_>, source: &str) -> Result<LunSeen, Stop> {
    let mut copies = copies_of_lun(bench, source)?;
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

/// Their volume GUID paths, of hidden ones too.
pub(in crate::cases) fn volume_names_on(bench: &mut Bench<'_>, lun: &str) -> Result<Vec<Text>, Stop> {
    Ok(volumes_on(bench, lun)?.into_iter().map(|volume| volume.name).collect())
}

/// The disks of the host.
pub(in crate::cases) fn disks(bench: &mut Bench<'_>) -> Result<Vec<DiskSeen>, Stop> {
    match bench.ask(Question::Disks)? {
        Answer::Disks(disks) => Ok(disks),
        _ => Err(Stop::error("no disks were answered")),
    }
}

/// The disk that a LUN is on the host; `None`: it sees none.
pub(in crate::cases) fn disk_of(bench: &mut Bench<'_>, lun: &str) -> Result<Option<DiskSeen>, Stop> {
    Ok(disks(bench)?.into_iter().find(|disk| &*disk.lun == lun))
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

/// The calls on providers since they are watched.
pub(in crate::cases) fn provider_calls(bench: &mut Bench<'_>) -> Result<Vec<ProviderCallSeen>, Stop> {
    match bench.ask(Question::ProviderCalls)? {
        Answer::ProviderCalls(calls) => Ok(calls),
        _ => Err(Stop::error("no calls were answered")),
    }
}

/// Their bare names.
pub(in crate::cases) fn called(bench: &mut Bench<'_>) -> Result<Vec<&'static str>, Stop> {
    Ok(provider_calls(bench)?.iter().map(|seen| seen.call.method().name).collect())
}

/// How many objects were handed out and not released.
pub(in crate::cases) fn live_objects(bench: &mut Bench<'_>) -> Result<u32, Stop> {
    match bench.ask(Question::LiveObjects)? {
        Answer::Objects(live) => Ok(live),
        _ => Err(Stop::error("no number of objects was answered")),
    }
}

/// The shadow copies of the host.
pub(in crate::cases) fn snapshots(bench: &mut Bench<'_>) -> Result<Vec<SnapshotSeen>, Stop> {
    match bench.ask(Question::Snapshots)? {
        Answer::Snapshots(snapshots) => Ok(snapshots),
        _ => Err(Stop::error("no shadow copies were answered")),
    }
}

/// What the event logs hold, oldest entry first.
pub(in crate::cases) fn events(bench: &mut Bench<'_>) -> Result<Vec<Event>, Stop> {
    match bench.ask(Question::Events)? {
        Answer::Events(events) => Ok(events),
        _ => Err(Stop::error("no events were answered")),
    }
}

/// The event log tells of that code.
pub(in crate::cases) fn logged(bench: &mut Bench<'_>, code: HResult) -> Checked {
    logged_since(bench, 0, code)
}

/// The event log tells of that code in an entry behind the first so many: what it told before does not count.
pub(in crate::cases) fn logged_since(bench: &mut Bench<'_>, entries: usize, code: HResult) -> Checked {
    let told = events(bench)?.iter().skip(entries).any(|event| event.code == code);
    bench.check(told, || format!("the event log has to tell of {code}, but does not"))
}
