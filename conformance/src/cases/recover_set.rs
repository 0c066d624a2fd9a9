//! `IVssBackupComponentsEx3::RecoverSet`.

use vss_sim::api::{
    Action, Answer, Call, HResult, LunSeen, Ptr, Question, RecoveryOptions, SnapshotContext,
    VolumeSnapshotAttributes,
};
use vss_sim::lab::{BootMode, Cause, Fault, Lab, ResyncProviderError};

use super::flow;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    case!("IVssBackupComponentsEx3::RecoverSet/S_OK/completed", gpt_keeps_its_signature),
    case!("IVssBackupComponentsEx3::RecoverSet/S_OK/completed", mbr_keeps_its_signature),
    case!("IVssBackupComponentsEx3::RecoverSet/S_OK/completed", differential_copy),
    case!("IVssBackupComponentsEx3::RecoverSet/S_OK/completed", spare_keeps_its_signature),
    case!("IVssBackupComponentsEx3::RecoverSet/S_OK/completed", spare_takes_the_signature),
    case!("IVssBackupComponentsEx3::RecoverSet/S_OK/completed", volumes_of_a_lun_move_together),
    case!("IVssBackupComponentsEx3::RecoverSet/S_OK/completed", unselected_volume_unchecked),
    case!("IVssBackupComponentsEx3::RecoverSet/S_OK/completed", second_volume_to_a_spare),
    case!("IVssBackupComponentsEx3::RecoverSet/S_OK/completed", copy_to_a_second_volume),
    case!("IVssBackupComponentsEx3::RecoverSet/E_NOTIMPL/provider-no-resync", provider_without_resync),
    case!("IVssBackupComponentsEx3::RecoverSet/VSS_E_BAD_STATE/no-hardware-provider", no_hardware_provider),
    case!("IVssBackupComponentsEx3::RecoverSet/VSS_E_BAD_STATE/empty-recovery-set", empty_recovery_set),
    case!("IVssBackupComponentsEx3::RecoverSet/VSS_E_BAD_STATE/winpe", winpe),
    case!("IVssBackupComponentsEx3::RecoverSet/VSS_E_BAD_STATE/safe-mode", safe_mode),
    case!(
        "IVssBackupComponentsEx3::RecoverSet/VSS_E_BAD_STATE/no-initialize-for-restore",
        no_initialize_for_restore
    ),
    case!(
        "IVssBackupComponentsEx3::RecoverSet/VSS_E_LEGACY_PROVIDER/provider-version-too-old",
        legacy_provider
    ),
    case!("IVssBackupComponentsEx3::RecoverSet/VSS_E_PROVIDER_VETO/provider-error", provider_veto),
    case!(
        "IVssBackupComponentsEx3::RecoverSet/VSS_E_PROVIDER_VETO/provider-error",
        provider_error_read_literally
    ),
    case!(
        "IVssBackupComponentsEx3::RecoverSet/VSS_E_UNSELECTED_VOLUME/destination-has-unselected-volume",
        unselected_volume
    ),
    case!(
        "IVssBackupComponentsEx3::RecoverSet/VSS_E_CANNOT_REVERT_DISKID/disk-id-not-set",
        original_still_online
    ),
    case!(
        "IVssBackupComponentsEx3::RecoverSet/VSS_E_CANNOT_REVERT_DISKID/disk-id-not-set",
        disk_refuses_the_write
    ),
    case!(
        "IVssBackupComponentsEx3::RecoverSet/VSS_E_CANNOT_REVERT_DISKID/disk-id-not-set",
        array_overwrites_it
    ),
];

/// Backs `volume` up, overwrites `destination`, copies back; content and signature have to be as documented.
fn recovered(
    bench: &mut Bench<'_>,
    context: SnapshotContext,
    volume: &str,
    destination: Option<&str>,
) -> Checked {
    let target = destination.unwrap_or(volume);
    flow::write(bench, volume, "as backed up")?;
    let backup = flow::backup_with(bench, context, &[volume])?;
    flow::write(bench, target, "written since")?;
    let before = flow::signature(bench, target)?;
    let restore = flow::recovery_set(bench, &backup, destination)?;
    let code = bench.outcome_code()?;
    bench.expect_settled(restore, Call::recover_set(RecoveryOptions::empty()), code)?;
    flow::holds(bench, target, "as backed up")?;
    let after = flow::signature(bench, target)?;
    bench.same(&format!("the signature under {target}"), &before, &after)?;
    bench.check(after.is_some(), || format!("the disk under {target} has to carry a signature"))
}

fn gpt_keeps_its_signature(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    recovered(bench, SnapshotContext::APP_ROLLBACK, r"D:\", None)
}

fn mbr_keeps_its_signature(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    recovered(bench, SnapshotContext::APP_ROLLBACK, r"F:\", None)
}

fn differential_copy(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let context = SnapshotContext::APP_ROLLBACK.with(VolumeSnapshotAttributes::DIFFERENTIAL);
    recovered(bench, context, r"D:\", None)
}

fn spare_keeps_its_signature(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    recovered(bench, SnapshotContext::APP_ROLLBACK, r"D:\", Some(r"S:\"))
}

/// The original is lost: its signature can go to the LUN that takes its place.
fn spare_takes_the_signature(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    flow::write(bench, r"D:\", "as backed up")?;
    let original = flow::signature(bench, r"D:\")?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    bench.act(Action::MaskLun { lun: "data-d".into() })?;
    let restore = flow::recovery_set(bench, &backup, Some(r"S:\"))?;
    let code = bench.outcome_code()?;
    bench.expect_settled(restore, Call::recover_set(RecoveryOptions::REVERT_IDENTITY_ALL), code)?;
    // With the original's identity the volume has the original's names too.
    flow::holds(bench, r"D:\", "as backed up")?;
    let after = flow::signature(bench, r"D:\")?;
    bench.same("the signature of the LUN that took the original's place", &original, &after)
}

fn volumes_of_a_lun_move_together(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    for volume in [r"G:\", r"H:\"] {
        flow::write(bench, volume, "as backed up")?;
    }
    let backup = flow::backup(bench, &[r"G:\", r"H:\"])?;
    for volume in [r"G:\", r"H:\"] {
        flow::write(bench, volume, "written since")?;
    }
    let restore = flow::recovery_set(bench, &backup, None)?;
    let code = bench.outcome_code()?;
    bench.expect_settled(restore, Call::recover_set(RecoveryOptions::empty()), code)?;
    flow::holds(bench, r"G:\", "as backed up")?;
    flow::holds(bench, r"H:\", "as backed up")
}

/// G: alone is selected, H: lies on the same LUN: unchecked, both are overwritten.
fn unselected_volume_unchecked(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    flow::write(bench, r"H:\", "as backed up")?;
    let backup = flow::backup(bench, &[r"G:\"])?;
    flow::write(bench, r"H:\", "written since")?;
    let restore = flow::recovery_set(bench, &backup, None)?;
    let code = bench.outcome_code()?;
    bench.expect_settled(restore, Call::recover_set(RecoveryOptions::NO_VOLUME_CHECK), code)?;
    flow::holds(bench, r"H:\", "as backed up")
}

/// Backs D: up in that lab, builds the recovery set, lets `then` change the world, and expects the outcome's code of
/// RecoverSet. No LUN may have changed. The same in the lab as it was chosen succeeds: nothing else is in the way.
fn refused(
    bench: &mut Bench<'_>,
    lab: &Lab,
    then: impl FnOnce(&mut Bench<'_>, &flow::Set) -> Checked,
) -> Checked {
    succeeds_otherwise(bench)?;
    bench.load(lab)?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    flow::write(bench, r"D:\", "written since")?;
    let restore = flow::recovery_set(bench, &backup, None)?;
    then(bench, &backup)?;
    let before = flow::luns(bench)?;
    let code = bench.outcome_code()?;
    bench.expect_settled(restore, Call::recover_set(RecoveryOptions::empty()), code)?;
    untouched(bench, &before)
}

fn succeeds_otherwise(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    let restore = flow::recovery_set(bench, &backup, None)?;
    bench.done(restore, Call::recover_set(RecoveryOptions::empty())).map(drop)
}

fn untouched(bench: &mut Bench<'_>, before: &[LunSeen]) -> Checked {
    let after = flow::luns(bench)?;
    bench.check(*before == after, || {
        "a refused resync must leave every LUN as it was, but one has changed".to_owned()
    })
}

fn nothing(_: &mut Bench<'_>, _: &flow::Set) -> Checked {
    Ok(())
}

fn provider_without_resync(bench: &mut Bench<'_>) -> Checked {
    bench.note("the page prints E_NOTIMPL as 0x80000001; winerror.h has 0x80004001");
    let lab =
        bench.lab().clone().with(|lab| lab.providers.iter_mut().for_each(|provider| provider.resync = false));
    refused(bench, &lab, nothing)
}

fn no_hardware_provider(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    refused(bench, lab, |bench, backup| {
        let copy = flow::only(&backup.copies)?;
        let provider = flow::properties(bench, backup.session, copy)?.provider_id;
        bench.act(Action::UnregisterProvider { provider })
    })
}

fn empty_recovery_set(bench: &mut Bench<'_>) -> Checked {
    succeeds_otherwise(bench)?;
    bench.load_default()?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    let restore = flow::restore_object(bench, &backup.document)?;
    let before = flow::luns(bench)?;
    let code = bench.outcome_code()?;
    bench.expect_settled(restore, Call::recover_set(RecoveryOptions::empty()), code)?;
    untouched(bench, &before)
}

fn winpe(bench: &mut Bench<'_>) -> Checked {
    started_otherwise(bench, BootMode::WinPe)
}

fn safe_mode(bench: &mut Bench<'_>) -> Checked {
    started_otherwise(bench, BootMode::SafeMode)
}

/// The backup was made before the host was started in that mode. Its document and the recovery set are the object's own,
/// and no writer is there to be gathered. Started as usual, the host copies back.
fn started_otherwise(bench: &mut Bench<'_>, mode: BootMode) -> Checked {
    bench.load_default()?;
    flow::write(bench, r"D:\", "as backed up")?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    flow::write(bench, r"D:\", "written since")?;
    bench.act(Action::RestartInto { host: 1, mode })?;
    no_writers(bench, &backup)?;
    let restore = flow::recovery_set(bench, &backup, None)?;
    let before = flow::luns(bench)?;
    let code = bench.outcome_code()?;
    bench.expect_settled(restore, Call::recover_set(RecoveryOptions::empty()), code)?;
    untouched(bench, &before)?;
    bench.act(Action::RestartInto { host: 1, mode: BootMode::Normal })?;
    let restore = flow::recovery_set(bench, &backup, None)?;
    bench.done(restore, Call::recover_set(RecoveryOptions::empty()))?;
    flow::holds(bench, r"D:\", "as backed up")
}

fn no_writers(bench: &mut Bench<'_>, backup: &flow::Set) -> Checked {
    let restore = flow::restore_object(bench, &backup.document)?;
    flow::gather_metadata(bench, restore)?;
    bench.done(restore, Call::GATHER_WRITER_STATUS)?;
    let reply = bench.ok(restore, Call::GetWriterStatusCount { pc_writers: Ptr::Valid })?;
    let count = *crate::out!(reply, GetWriterStatusCount { pc_writers })?;
    bench.release(restore);
    bench.same("the number of writers", &0, &count)
}

fn no_initialize_for_restore(bench: &mut Bench<'_>) -> Checked {
    succeeds_otherwise(bench)?;
    bench.load_default()?;
    let session = flow::create(bench)?;
    let code = bench.outcome_code()?;
    let before = flow::luns(bench)?;
    bench.expect_settled(session, Call::recover_set(RecoveryOptions::empty()), code)?;
    untouched(bench, &before)?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    let before = flow::luns(bench)?;
    bench.expect_settled(backup.session, Call::recover_set(RecoveryOptions::empty()), code)?;
    untouched(bench, &before)
}

fn legacy_provider(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    refused(bench, lab, |bench, backup| {
        let copy = flow::only(&backup.copies)?;
        let provider = flow::properties(bench, backup.session, copy)?.provider_id;
        bench.act(Action::DowngradeProvider { provider })
    })
}

fn resync_fault(lab: &Lab, cause: Cause) -> Lab {
    lab.clone().with_fault(Fault { call: "ResyncLuns".to_owned(), of: None, nth: 1, cause })
}

/// The provider vetoes, and has told the application log why.
fn provider_veto(bench: &mut Bench<'_>) -> Checked {
    let lab = resync_fault(bench.lab(), Cause::ProviderAnswers(HResult::VSS_E_PROVIDER_VETO));
    refused(bench, &lab, nothing)?;
    flow::logged(bench, HResult::VSS_E_PROVIDER_VETO)
}

/// The page words this code as an unexpected provider error.
fn provider_error_read_literally(bench: &mut Bench<'_>) -> Checked {
    bench.reading("resync-provider-error = \"provider-veto\"");
    let lab = resync_fault(bench.lab(), Cause::ProviderAnswers(HResult::E_FAIL))
        .with_readings(|readings| readings.resync_provider_error = ResyncProviderError::ProviderVeto);
    refused(bench, &lab, nothing)
}

fn unselected_volume(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let backup = flow::backup(bench, &[r"G:\"])?;
    flow::write(bench, r"H:\", "must survive")?;
    let restore = flow::recovery_set(bench, &backup, None)?;
    let before = flow::luns(bench)?;
    let code = bench.outcome_code()?;
    bench.expect_settled(restore, Call::recover_set(RecoveryOptions::empty()), code)?;
    untouched(bench, &before)?;
    flow::holds(bench, r"H:\", "must survive")?;
    // Nothing but the check is in the way.
    bench.done(restore, Call::recover_set(RecoveryOptions::NO_VOLUME_CHECK)).map(drop)
}

/// The LUN under `target` has the copy's content but not the signature that it is to have, and the log says so.
fn content_without_signature(
    bench: &mut Bench<'_>,
    lab: &Lab,
    (target, lun): (&str, &str),
    flags: RecoveryOptions,
) -> Checked {
    bench.load(lab)?;
    flow::write(bench, r"D:\", "as backed up")?;
    let own = flow::signature(bench, target)?;
    let original = flow::signature(bench, r"D:\")?;
    let wanted = if flags.contains(RecoveryOptions::REVERT_IDENTITY_ALL) { original } else { own };
    let backup = flow::backup(bench, &[r"D:\"])?;
    flow::write(bench, target, "written since")?;
    let destination = (target != r"D:\").then_some(target);
    let restore = flow::recovery_set(bench, &backup, destination)?;
    let code = bench.outcome_code()?;
    bench.expect_settled(restore, Call::recover_set(flags), code)?;
    let Answer::Signature(now) = bench.ask(Question::LunSignature { lun: lun.into() })? else {
        return Err(Stop::error("no signature was answered"));
    };
    bench.check(now != wanted, || {
        format!("LUN {lun} has the wanted signature, although the code says otherwise")
    })?;
    flow::lun_holds(bench, lun, "as backed up")?;
    flow::logged(bench, code)?;
    no_two_signatures(bench)
}

fn no_two_signatures(bench: &mut Bench<'_>) -> Checked {
    let disks = flow::disks(bench)?;
    let mut online: Vec<_> =
        disks.iter().filter(|disk| disk.online).filter_map(|disk| disk.signature).collect();
    let count = online.len();
    online.sort();
    online.dedup();
    bench.same("the number of signatures of the online disks", &count, &online.len())
}

/// S: is to become D:, but D: is still there.
fn original_still_online(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    content_without_signature(bench, lab, (r"S:\", "spare"), RecoveryOptions::REVERT_IDENTITY_ALL)?;
    flow::holds(bench, r"S:\", "as backed up")
}

fn disk_refuses_the_write(bench: &mut Bench<'_>) -> Checked {
    let lab = resync_fault(bench.lab(), Cause::DiskRefusesWrite);
    content_without_signature(bench, &lab, (r"D:\", "data-d"), RecoveryOptions::empty())
}

fn array_overwrites_it(bench: &mut Bench<'_>) -> Checked {
    let lab = resync_fault(bench.lab(), Cause::WrongSignature);
    content_without_signature(bench, &lab, (r"D:\", "data-d"), RecoveryOptions::empty())
}

/// H: is the second volume of its LUN, S: the only one of another: S: holds what H: held.
fn second_volume_to_a_spare(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    flow::write(bench, r"G:\", "not asked for")?;
    flow::write(bench, r"H:\", "as backed up")?;
    let backup = flow::backup(bench, &[r"H:\"])?;
    let restore = flow::recovery_set(bench, &backup, Some(r"S:\"))?;
    let code = bench.outcome_code()?;
    bench.expect_settled(restore, Call::recover_set(RecoveryOptions::empty()), code)?;
    flow::holds(bench, r"S:\", "as backed up")?;
    flow::holds(bench, r"G:\", "not asked for")
}

/// D: goes to the second volume of another LUN, unchecked: that volume holds what D: held.
fn copy_to_a_second_volume(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    flow::write(bench, r"D:\", "as backed up")?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    let restore = flow::recovery_set(bench, &backup, Some(r"H:\"))?;
    let code = bench.outcome_code()?;
    bench.expect_settled(restore, Call::recover_set(RecoveryOptions::NO_VOLUME_CHECK), code)?;
    flow::holds(bench, r"H:\", "as backed up")
}
