//! What a provider cannot do: contexts, volumes, and a context that is frozen.

use vss_sim::api::{
    HResult, ProviderCall, ProviderOut, Ptr, SnapshotContext, SnapshotId, SnapshotPropertyId, SnapshotSetId,
    Variant, VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::{Lab, Os};

use super::copier::{Copier, VOLUMES, load, load_changed, on};
use super::scene::scene;
use crate::bench::Bench;
use crate::case::{Checked, Stop};
use crate::cases::flow;

/// Differences on the host's own volumes can be neither moved nor split off.
fn unsupported() -> [SnapshotContext; 3] {
    let context = SnapshotContext::APP_ROLLBACK;
    [Attributes::TRANSPORTABLE, Attributes::PLEX, Attributes::HARDWARE_ASSISTED].map(|no| context.with(no))
}

pub(super) fn begin_in_unsupported_context(bench: &mut Bench<'_>) -> Checked {
    let mut scene = scene(bench, |_| ())?;
    let copier = &mut scene.copier;
    let source = copier.sources[0].clone();
    let calls = unsupported().map(|context| {
        let (set, copy) = (SnapshotSetId(copier.fresh()), SnapshotId(copier.fresh()));
        copier.begin(set, copy, Some(&source), context)
    });
    scene.refuses(bench, calls.into())
}

pub(super) fn set_unsupported_context(bench: &mut Bench<'_>) -> Checked {
    let mut scene = scene(bench, |_| ())?;
    let calls = unsupported().map(|context| scene.copier.set_context(context));
    scene.refuses(bench, calls.into())
}

/// On Windows XP the context cannot be chosen, whoever calls with whatever.
pub(super) fn windows_xp(bench: &mut Bench<'_>) -> Checked {
    let copier = load(bench, on(Os::WindowsXp))?;
    let code = bench.outcome_code()?;
    for context in [SnapshotContext::BACKUP, SnapshotContext::APP_ROLLBACK] {
        copier.expect(bench, copier.set_context(context), code)?;
    }
    Ok(())
}

/// Reading: creating and querying freeze the context.
pub(super) fn context_is_frozen(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the page does not say what freezes the context: what it governs, creating and querying");
    let mut scene = scene(bench, |_| ())?;
    let copier = &mut scene.copier;
    let (set, copy) = (SnapshotSetId(copier.fresh()), SnapshotId(copier.fresh()));
    let source = copier.sources[0].clone();
    let uses = [copier.query(), copier.begin(set, copy, Some(&source), SnapshotContext::BACKUP)];
    let code = bench.outcome_code()?;
    for using in uses {
        copier.ok(bench, copier.set_context(SnapshotContext::NAS_ROLLBACK))?;
        copier.ok(bench, using)?;
        copier.expect(bench, copier.set_context(SnapshotContext::APP_ROLLBACK), code)?;
        copier.reload(bench)?;
    }
    copier.ok(bench, copier.set_context(SnapshotContext::APP_ROLLBACK)).map(drop)
}

fn begin_second(copier: &mut Copier, context: SnapshotContext) -> ProviderCall {
    let (set, copy) = (SnapshotSetId(copier.fresh()), SnapshotId(copier.fresh()));
    copier.begin(set, copy, Some(&copier.sources[1]), context)
}

/// Without a file system nothing can be copied, and in a persistent context only NTFS.
pub(super) fn begin_of_unsupported(bench: &mut Bench<'_>) -> Checked {
    let code = bench.outcome_code()?;
    let contexts = [SnapshotContext::BACKUP, SnapshotContext::APP_ROLLBACK];
    for (file_system, refused) in [("RAW", &contexts[..]), ("FAT32", &contexts[1..])] {
        let mut copier = load_changed(bench, flow::with_file_system(VOLUMES[1], file_system))?;
        for context in refused {
            let call = begin_second(&mut copier, *context);
            copier.expect(bench, call, code)?;
        }
    }
    let mut copier = load_changed(bench, flow::with_file_system(VOLUMES[1], "FAT32"))?;
    let call = begin_second(&mut copier, SnapshotContext::BACKUP);
    copier.ok(bench, call).map(drop)
}

/// The second volume lies on a virtual disk that is on a virtual disk.
fn nest(lab: &mut Lab) -> Checked {
    flow::with_virtual_disks(lab);
    flow::lun_under(lab, VOLUMES[1])?.array = None;
    flow::volume_in(lab, VOLUMES[1])?.vhd_on = Some(r"V:\".into());
    Ok(())
}

/// A virtual disk inside of another; before there were any, the volume is just not supported.
pub(super) fn nested(bench: &mut Bench<'_>) -> Checked {
    let copier = load_changed(bench, nest)?;
    let code = bench.outcome_code()?;
    copier.expect(bench, copier.is_supported(Some(&copier.sources[1])), code)?;
    copier.ok(bench, copier.is_supported(Some(&copier.sources[0])))?;
    if copier.shares {
        return Ok(());
    }
    let old = load_changed(bench, |lab| {
        on(Os::WindowsServer2008)(lab);
        nest(lab)
    })?;
    is_supported(bench, &old, 1, false)
}

/// The answer to the question whether a source is supported.
pub(super) fn is_supported(bench: &mut Bench<'_>, copier: &Copier, source: usize, wanted: bool) -> Checked {
    let source = copier.sources.get(source).ok_or_else(|| Stop::error("there are two sources"))?;
    match copier.ok(bench, copier.is_supported(Some(source)))?.out {
        Some(
            ProviderOut::SoftwareIsVolumeSupported { pb_supported_by_this_provider: came }
            | ProviderOut::FileShareIsPathSupported { pb_supported_by_this_provider: came },
        ) => bench.same("*pbSupportedByThisProvider", &wanted, &came),
        _ => Err(Stop::failed("the question whether it is supported was answered without a value")),
    }
}

/// Only NTFS volumes have copies that can be reverted to.
pub(super) fn cannot_be_reverted(bench: &mut Bench<'_>) -> Checked {
    let code = bench.outcome_code()?;
    for file_system in ["RAW", "FAT32"] {
        let copier = load_changed(bench, flow::with_file_system(VOLUMES[1], file_system))?;
        let call = ProviderCall::SoftwareQueryRevertStatus {
            pwsz_volume: Some(VOLUMES[1].into()),
            pp_async: Ptr::Valid,
        };
        copier.expect(bench, call, code)?;
    }
    Ok(())
}

/// Reading: what tells of a copy's making cannot be set.
pub(super) fn not_settable(bench: &mut Bench<'_>) -> Checked {
    bench.inferred(
        "the page does not say which properties can be set: those that change during a copy's life",
    );
    let scene = scene(bench, |_| ())?;
    let fixed = [
        (SnapshotPropertyId::SNAPSHOT_ID, Variant::Bstr("x".into())),
        (SnapshotPropertyId::SNAPSHOTS_COUNT, Variant::I4(7)),
        (SnapshotPropertyId::ORIGINAL_VOLUME, Variant::Bstr(r"D:\".into())),
        (SnapshotPropertyId::STATUS, Variant::I4(0)),
    ];
    let before = scene.copier.told(bench, scene.copy)?;
    let calls = fixed.map(|(property, value)| scene.copier.set_property(scene.copy, property, value));
    let code: HResult = bench.outcome_code()?;
    for call in calls {
        scene.copier.expect(bench, call, code)?;
    }
    let after = scene.copier.told(bench, scene.copy)?;
    bench.same("VSS_SNAPSHOT_PROP after refused calls", &before, &after)
}
