//! What the methods of both interfaces do when they succeed.

use vss_sim::api::{
    HResult, ObjectType, ProviderCall, ProviderOut, SnapshotCompatibility, SnapshotContext, SnapshotId,
    SnapshotProp, SnapshotPropertyId, SnapshotSetId, SnapshotState, Variant,
    VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::{Disabled, Provider};

use super::copier::{Copier, VOLUMES, load, load_changed};
use super::limits::is_supported;
use super::scene::scene;
use crate::bench::Bench;
use crate::case::{Checked, Stop};
use crate::cases::flow;

/// The copy shows that text, whatever its volume holds.
pub(super) fn shows(bench: &mut Bench<'_>, copy: &SnapshotProp, text: &str) -> Checked {
    let Some(device) = copy.snapshot_device_object.clone() else {
        return Err(Stop::failed("m_pwszSnapshotDeviceObject must not be NULL"));
    };
    flow::holds(bench, &device, text)
}

/// What is prepared becomes copies at the commit, and these show their volumes as they were then.
pub(super) fn creates_copies(bench: &mut Bench<'_>) -> Checked {
    let mut copier = load(bench, |_| ())?;
    let set = SnapshotSetId(copier.fresh());
    let mut copies = Vec::new();
    for source in copier.sources.clone() {
        let copy = SnapshotId(copier.fresh());
        copier.ok(bench, copier.begin(set, copy, Some(&source), SnapshotContext::BACKUP))?;
        let has = copier.has(bench, copy)?;
        bench.check(!has, || "a prepared copy does not exist before the commit".to_owned())?;
        copies.push(copy);
    }
    for volume in VOLUMES {
        flow::write(bench, volume, "then")?;
    }
    copier.finish(bench, set, copies.len())?;
    for volume in VOLUMES {
        flow::write(bench, volume, "now!")?;
    }
    for copy in copies {
        let told = copier.told(bench, copy)?;
        shows(bench, &told, "then")?;
    }
    VOLUMES.into_iter().try_for_each(|volume| flow::holds(bench, volume, "now!"))
}

/// A new set id at any point starts a new set, and drops what the old one was about to become.
pub(super) fn starts_a_new_set(bench: &mut Bench<'_>) -> Checked {
    let mut copier = load(bench, |_| ())?;
    let (old_set, old) = (SnapshotSetId(copier.fresh()), SnapshotId(copier.fresh()));
    let source = copier.sources[0].clone();
    copier.ok(bench, copier.begin(old_set, old, Some(&source), SnapshotContext::BACKUP))?;
    let (_, new) = copier.create(bench, SnapshotContext::BACKUP, 1)?;
    for copy in new {
        copier.told(bench, copy)?;
    }
    let gone = copier.call(bench, ProviderCall::EndPrepareSnapshots { snapshot_set_id: old_set })?;
    bench.same("the code for the set that was dropped", &HResult::VSS_E_OBJECT_NOT_FOUND, &gone.hresult)?;
    let has = copier.has(bench, old)?;
    bench.check(!has, || "a set that was dropped must not become copies".to_owned())
}

/// The values of a DeleteSnapshots: how many copies are gone, and which could not be deleted.
pub(super) fn deleted(out: Option<ProviderOut>) -> Result<(i32, SnapshotId), Stop> {
    match out {
        Some(
            ProviderOut::SoftwareDeleteSnapshots { pl_deleted_snapshots, p_nondeleted_snapshot_id }
            | ProviderOut::FileShareDeleteSnapshots { pl_deleted_snapshots, p_nondeleted_snapshot_id },
        ) => Ok((pl_deleted_snapshots, p_nondeleted_snapshot_id)),
        _ => Err(Stop::failed("DeleteSnapshots wrote neither a count nor an id")),
    }
}

pub(super) fn deletes(bench: &mut Bench<'_>) -> Checked {
    let mut copier = load(bench, |_| ())?;
    let single = copier.copy(bench)?;
    let (set, copies) = copier.create(bench, SnapshotContext::APP_ROLLBACK, 2)?;
    for (id, kind, count) in [(set.0, ObjectType::SNAPSHOT_SET, 2), (single.0, ObjectType::SNAPSHOT, 1)] {
        let has = copier.has(bench, single)?;
        bench.check(has, || "a copy outside of the set must not be deleted with it".to_owned())?;
        let reply = copier.ok(bench, copier.delete(id, kind))?;
        let wanted = (count, SnapshotId::NULL);
        bench.same("the deleted copies and the one that was not", &wanted, &deleted(reply.out)?)?;
    }
    for copy in copies.into_iter().chain([single]) {
        let has = copier.has(bench, copy)?;
        bench.check(!has, || "a deleted copy must be gone".to_owned())?;
    }
    Ok(())
}

/// Every member but the two of exposing is set.
pub(super) fn tells_all_properties(bench: &mut Bench<'_>) -> Checked {
    let mut copier = load(bench, |_| ())?;
    let (set, copies) = copier.create(bench, SnapshotContext::APP_ROLLBACK, 2)?;
    let mut seen: Vec<SnapshotProp> = Vec::new();
    for copy in copies {
        let told = copier.told(bench, copy)?;
        bench.same("m_SnapshotId", &copy, &told.snapshot_id)?;
        bench.same("m_SnapshotSetId", &set, &told.snapshot_set_id)?;
        bench.same("m_lSnapshotsCount", &2, &told.snapshots_count)?;
        bench.same("m_ProviderId", &copier.id, &told.provider_id)?;
        bench.same("m_eStatus", &SnapshotState::CREATED, &told.status)?;
        let wanted = Attributes::PERSISTENT | Attributes::NO_AUTO_RELEASE;
        bench.check(told.snapshot_attributes.contains(wanted), || {
            format!("m_lSnapshotAttributes has to hold {wanted:?}, but is {:?}", told.snapshot_attributes)
        })?;
        bench.check(told.creation_timestamp > 0, || "m_tsCreationTimestamp has to be a time".to_owned())?;
        for (member, text) in
            [("OriginatingMachine", &told.originating_machine), ("ServiceMachine", &told.service_machine)]
        {
            bench.check(!text.is_empty(), || format!("m_pwsz{member} has to name a machine"))?;
        }
        names_its_source(bench, &copier, &told)?;
        seen.push(told);
    }
    let apart = seen.windows(2).all(|pair| {
        pair[0].original_volume_name != pair[1].original_volume_name
            && pair[0].snapshot_device_object != pair[1].snapshot_device_object
    });
    bench.check(apart, || "each copy has its own source and device object".to_owned())
}

/// The access path of a share's copy is a UNC path, that of a volume's a device object without a backslash at the end.
fn names_its_source(bench: &mut Bench<'_>, copier: &Copier, told: &SnapshotProp) -> Checked {
    let device = told.snapshot_device_object.as_deref().unwrap_or_default();
    let original = &told.original_volume_name;
    let is_unc = |path: &str| path.starts_with(r"\\") && !path.starts_with(r"\\?\");
    let fits = if copier.shares {
        is_unc(device) && copier.sources.iter().any(|share| **share == **original)
    } else {
        device.starts_with(r"\\?\GLOBALROOT\Device\") && original.starts_with(r"\\?\Volume{")
    };
    bench.check(fits && !device.ends_with('\\'), || {
        format!("the copy of {original} cannot have its root at {device}")
    })
}

pub(super) fn tells_of_copies(bench: &mut Bench<'_>) -> Checked {
    let mut copier = load(bench, |_| ())?;
    let [first, second] = copier.sources.clone();
    let came = copier.copied(bench, &first)?;
    bench.same("the first source before", &(false, 0), &came)?;
    let copy = copier.copy(bench)?;
    let after = copier.copied(bench, &first)?.0;
    bench.same("whether the first source has a copy", &true, &after)?;
    let came = copier.copied(bench, &second)?;
    bench.same("the second source", &(false, 0), &came)?;
    copier.ok(bench, copier.delete(copy.0, ObjectType::SNAPSHOT))?;
    let came = copier.copied(bench, &first)?;
    bench.same("the first source in the end", &(false, 0), &came)
}

/// A provider that bars defragmentation says so as long as there is a copy.
pub(super) fn tells_what_is_disabled(bench: &mut Bench<'_>) -> Checked {
    let bars = |provider: &mut Provider| provider.disables = vec![Disabled::Defragmentation];
    let mut copier = load(bench, flow::with_software_provider("Case Provider", bars))?;
    let source = copier.sources[0].clone();
    let came = copier.copied(bench, &source)?;
    bench.same("the mask without a copy", &(false, 0), &came)?;
    copier.copy(bench)?;
    let mask = SnapshotCompatibility::DISABLE_DEFRAG.bits().cast_signed();
    let came = copier.copied(bench, &source)?;
    bench.same("the mask with a copy", &(true, mask), &came)
}

/// What cannot be copied is FALSE and no error.
pub(super) fn tells_what_is_supported(bench: &mut Bench<'_>) -> Checked {
    let copier = load_changed(bench, flow::with_file_system(VOLUMES[1], "RAW"))?;
    is_supported(bench, &copier, 0, true)?;
    is_supported(bench, &copier, 1, false)
}

pub(super) fn sets_properties(bench: &mut Bench<'_>) -> Checked {
    let scene = scene(bench, |_| ())?;
    let (copier, copy) = (&scene.copier, scene.copy);
    let mut wanted = copier.told(bench, copy)?;
    wanted.snapshot_attributes |= Attributes::EXPOSED_REMOTELY;
    (wanted.exposed_name, wanted.exposed_path) = (Some("share".into()), Some(r"\folder".into()));
    let attributes = Variant::I4(wanted.snapshot_attributes.bits().cast_signed());
    for (property, value) in [
        (SnapshotPropertyId::SNAPSHOT_ATTRIBUTES, attributes),
        (SnapshotPropertyId::EXPOSED_NAME, Variant::Bstr("share".into())),
        (SnapshotPropertyId::EXPOSED_PATH, Variant::Bstr(r"\folder".into())),
    ] {
        copier.ok(bench, copier.set_property(copy, property, value))?;
    }
    let came = copier.told(bench, copy)?;
    bench.same("VSS_SNAPSHOT_PROP with what was set", &wanted, &came)?;
    copier.ok(bench, copier.set_property(copy, SnapshotPropertyId::EXPOSED_NAME, Variant::Empty))?;
    let came = copier.told(bench, copy)?.exposed_name;
    bench.same("m_pwszExposedName", &None, &came)
}
