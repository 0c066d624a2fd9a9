//! `IVssBackupComponentsEx3::AddSnapshotToRecoverySet`.

use vss_sim::api::{Action, Call, HResult, Object, RecoveryOptions, SnapshotId};
use vss_sim::lab::{EmptyRecoverySet, Lab, Page83};

use super::flow;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    case!("IVssBackupComponentsEx3::AddSnapshotToRecoverySet/S_OK/success", to_the_original),
    case!("IVssBackupComponentsEx3::AddSnapshotToRecoverySet/S_OK/success", to_another_volume),
    case!(
        "IVssBackupComponentsEx3::AddSnapshotToRecoverySet/VSS_E_BAD_STATE/no-hardware-provider",
        no_hardware_provider
    ),
    case!(
        "IVssBackupComponentsEx3::AddSnapshotToRecoverySet/VSS_E_BAD_STATE/empty-recovery-set",
        empty_recovery_set
    ),
    case!(
        "IVssBackupComponentsEx3::AddSnapshotToRecoverySet/VSS_E_LEGACY_PROVIDER/provider-version-too-old",
        legacy_provider
    ),
    case!(
        "IVssBackupComponentsEx3::AddSnapshotToRecoverySet/VSS_E_OBJECT_NOT_FOUND/not-owned-by-hardware-provider",
        software_copy
    ),
    case!(
        "IVssBackupComponentsEx3::AddSnapshotToRecoverySet/VSS_E_OBJECT_NOT_FOUND/not-owned-by-hardware-provider",
        deleted_copy
    ),
    case!(
        "IVssBackupComponentsEx3::AddSnapshotToRecoverySet/VSS_E_RESYNC_IN_PROGRESS/other-resync-running",
        other_resync_running
    ),
    case!(
        "IVssBackupComponentsEx3::AddSnapshotToRecoverySet/VSS_E_SNAPSHOT_NOT_IN_SET/not-in-bcd",
        not_in_document
    ),
    case!(
        "IVssBackupComponentsEx3::AddSnapshotToRecoverySet/VSS_E_VOLUME_NOT_SUPPORTED/dynamic-volume",
        dynamic_volume
    ),
    case!(
        "IVssBackupComponentsEx3::AddSnapshotToRecoverySet/VSS_E_VOLUME_NOT_SUPPORTED/no-unique-page83-id",
        no_unique_page83
    ),
    case!(
        "IVssBackupComponentsEx3::AddSnapshotToRecoverySet/VSS_E_VOLUME_NOT_SUPPORTED/no-unique-page83-id",
        no_page83
    ),
    case!(
        "IVssBackupComponentsEx3::AddSnapshotToRecoverySet/VSS_E_VOLUME_NOT_SUPPORTED/not-on-hardware-provider-lun",
        local_disk
    ),
    case!(
        "IVssBackupComponentsEx3::AddSnapshotToRecoverySet/VSS_E_VOLUME_NOT_SUPPORTED/cluster-quorum-disk",
        quorum_disk
    ),
];

/// The added copy is what RecoverSet then copies back.
fn to_the_original(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    added_and_recovered(bench, None, r"D:\")
}

fn to_another_volume(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    added_and_recovered(bench, Some(r"S:\"), r"S:\")
}

fn added_and_recovered(bench: &mut Bench<'_>, destination: Option<&str>, overwritten: &str) -> Checked {
    flow::write(bench, r"D:\", "as backed up")?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    flow::write(bench, overwritten, "written since")?;
    let restore = flow::restore_object(bench, &backup.document)?;
    let code = bench.outcome_code()?;
    bench.expect(
        restore,
        Call::add_snapshot_to_recovery_set(flow::only(&backup.copies)?, destination),
        code,
    )?;
    bench.done(restore, Call::recover_set(RecoveryOptions::empty()))?;
    flow::holds(bench, overwritten, "as backed up")
}

/// Backs D: up in that lab, lets `then` change the world, and expects the outcome's code of adding the copy. The same in
/// the lab as it was chosen succeeds: nothing else is in the way.
fn refused(
    bench: &mut Bench<'_>,
    lab: &Lab,
    destination: Option<&str>,
    then: impl FnOnce(&mut Bench<'_>, &flow::Set) -> Checked,
) -> Checked {
    bench.load_default()?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    let restore = flow::restore_object(bench, &backup.document)?;
    bench.ok(
        restore,
        Call::add_snapshot_to_recovery_set(flow::only(&backup.copies)?, destination.map(|_| r"S:\")),
    )?;

    bench.load(lab)?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    then(bench, &backup)?;
    let restore = flow::restore_object(bench, &backup.document)?;
    not_added(bench, restore, flow::only(&backup.copies)?, destination)
}

/// The outcome's code comes, and the copy is not in the recovery set: that is empty as before.
fn not_added(bench: &mut Bench<'_>, restore: Object, copy: SnapshotId, destination: Option<&str>) -> Checked {
    let code = bench.outcome_code()?;
    bench.expect(restore, Call::add_snapshot_to_recovery_set(copy, destination), code)?;
    let settled = bench.finish(restore, Call::recover_set(RecoveryOptions::empty()))?;
    bench.same(
        "what RecoverSet comes to, of a set that is still empty",
        &HResult::VSS_E_BAD_STATE,
        &settled.code,
    )
}

fn nothing(_: &mut Bench<'_>, _: &flow::Set) -> Checked {
    Ok(())
}

fn no_hardware_provider(bench: &mut Bench<'_>) -> Checked {
    refused(bench, bench.lab(), None, |bench, backup| {
        let copy = flow::only(&backup.copies)?;
        let provider = flow::properties(bench, backup.session, copy)?.provider_id;
        bench.act(Action::UnregisterProvider { provider })
    })
}

/// Read literally, no set can ever be filled.
fn empty_recovery_set(bench: &mut Bench<'_>) -> Checked {
    bench.reading("empty-recovery-set = \"add-snapshot-to-recovery-set\"");
    let lab = bench.lab().clone().with_readings(|readings| {
        readings.empty_recovery_set = EmptyRecoverySet::AddSnapshotToRecoverySet;
    });
    refused(bench, &lab, None, nothing)
}

fn legacy_provider(bench: &mut Bench<'_>) -> Checked {
    let lab =
        bench.lab().clone().with(|lab| lab.providers.iter_mut().for_each(|provider| provider.ex = false));
    refused(bench, &lab, None, nothing)
}

/// C: lies on a local disk: the system provider makes its copies.
fn software_copy(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let backup = flow::backup(bench, &[r"C:\"])?;
    let restore = flow::restore_object(bench, &backup.document)?;
    not_added(bench, restore, flow::only(&backup.copies)?, None)
}

/// The copy went with the object that made it; the document still has it.
fn deleted_copy(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("an auto-release copy is gone with its object, so the provider no longer owns it");
    bench.load_default()?;
    let backup = flow::backup_with(bench, vss_sim::api::SnapshotContext::BACKUP, &[r"D:\"])?;
    bench.release(backup.session);
    let restore = flow::restore_object(bench, &backup.document)?;
    not_added(bench, restore, flow::only(&backup.copies)?, None)
}

fn other_resync_running(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    let running = flow::recovery_set(bench, &backup, None)?;
    let operation = bench.object(running, Call::recover_set(RecoveryOptions::empty()))?;
    let second = flow::restore_object(bench, &backup.document)?;
    let code = bench.outcome_code()?;
    bench.expect(second, Call::add_snapshot_to_recovery_set(flow::only(&backup.copies)?, None), code)?;
    // Once the other one has ended, nothing is in the way any more.
    bench.settle(operation)?;
    let empty = bench.finish(second, Call::recover_set(RecoveryOptions::empty()))?.code;
    bench.same(
        "what RecoverSet comes to, of a set that is still empty",
        &HResult::VSS_E_BAD_STATE,
        &empty,
    )?;
    bench.ok(second, Call::add_snapshot_to_recovery_set(flow::only(&backup.copies)?, None))?;
    Ok(())
}

fn not_in_document(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let earlier = flow::backup(bench, &[r"D:\"])?;
    let later = flow::backup(bench, &[r"D:\"])?;
    let restore = flow::restore_object(bench, &later.document)?;
    // A copy that exists, but in another document.
    not_added(bench, restore, flow::only(&earlier.copies)?, None)
}

fn dynamic_volume(bench: &mut Bench<'_>) -> Checked {
    let lab = flow::changed(bench.lab(), |lab| {
        flow::lun_under(lab, r"S:\")?.dynamic = true;
        Ok(())
    })?;
    refused(bench, &lab, Some(r"S:\"), nothing)
}

fn no_unique_page83(bench: &mut Bench<'_>) -> Checked {
    page83(bench, Page83::NonUnique)
}

fn no_page83(bench: &mut Bench<'_>) -> Checked {
    page83(bench, Page83::None)
}

fn page83(bench: &mut Bench<'_>, page83: Page83) -> Checked {
    // An identifier is shared only if there is another LUN to share it with.
    let lab = flow::changed(bench.lab(), |lab| {
        for volume in [r"S:\", r"E:\"] {
            flow::lun_under(lab, volume)?.page83 = page83;
        }
        Ok(())
    })?;
    refused(bench, &lab, Some(r"S:\"), nothing)
}

fn local_disk(bench: &mut Bench<'_>) -> Checked {
    refused(bench, bench.lab(), Some(r"C:\"), nothing)
}

fn quorum_disk(bench: &mut Bench<'_>) -> Checked {
    let lab = flow::changed(bench.lab(), |lab| {
        flow::lun_under(lab, r"S:\")?.quorum = true;
        Ok(())
    })?;
    refused(bench, &lab, Some(r"S:\"), nothing)
}
