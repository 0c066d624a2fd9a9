//! `IVssBackupComponents::RevertToSnapshot`.

use vss_sim::api::{Action, Call, HResult, Object, RecoveryOptions, SnapshotContext, SnapshotId};
use vss_sim::lab::{Cause, Fault, Lab, NewerCopies, Os, SYSTEM_PROVIDER, Size};

use super::{flow, running, windows_on_c};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssBackupComponents::RevertToSnapshot/S_OK/success", every_persistent_context),
    case!("IVssBackupComponents::RevertToSnapshot/S_OK/success", newer_copies_go),
    case!("IVssBackupComponents::RevertToSnapshot/S_OK/success", newer_copies_stay),
    case!("IVssBackupComponents::RevertToSnapshot/S_OK/success", what_is_written_meanwhile_stays),
    case!("IVssBackupComponents::RevertToSnapshot/S_OK/success", keeps_a_resync_out),
    case!("IVssBackupComponents::RevertToSnapshot/S_OK/success", goes_on_over_a_restart),
    case!("IVssBackupComponents::RevertToSnapshot/E_INVALIDARG/bad-parameter", no_id),
    case!("IVssBackupComponents::RevertToSnapshot/E_NOTIMPL/provider-no-revert", hardware_copy),
    case!("IVssBackupComponents::RevertToSnapshot/E_NOTIMPL/provider-no-revert", provider_cannot),
    case!("IVssBackupComponents::RevertToSnapshot/E_NOTIMPL/provider-no-revert", client),
    case!("IVssBackupComponents::RevertToSnapshot/VSS_E_OBJECT_NOT_FOUND/unknown-snapshot", unknown),
    case!("IVssBackupComponents::RevertToSnapshot/VSS_E_OBJECT_NOT_FOUND/unknown-snapshot", volume_away),
    case!(
        "IVssBackupComponents::RevertToSnapshot/VSS_E_PROVIDER_NOT_REGISTERED/provider-missing",
        unregistered
    ),
    case!("IVssBackupComponents::RevertToSnapshot/VSS_E_REVERT_IN_PROGRESS/already-reverting", in_progress),
    case!(
        "IVssBackupComponents::RevertToSnapshot/VSS_E_REVERT_IN_PROGRESS/already-reverting",
        by_another_provider
    ),
    case!(
        "IVssBackupComponents::RevertToSnapshot/VSS_E_REVERT_IN_PROGRESS/already-reverting",
        by_another_host
    ),
    case!("IVssBackupComponents::RevertToSnapshot/VSS_E_UNSUPPORTED_CONTEXT/not-persistent", not_persistent),
    case!("IVssBackupComponents::RevertToSnapshot/VSS_E_VOLUME_IN_USE/cannot-lock", in_use),
    case!("IVssBackupComponents::RevertToSnapshot/VSS_E_VOLUME_IN_USE/cannot-lock", in_use_beside),
    case!("IVssBackupComponents::RevertToSnapshot/VSS_E_VOLUME_IN_USE/cannot-lock", being_resynchronised),
    case!(
        "IVssBackupComponents::RevertToSnapshot/VSS_E_VOLUME_NOT_SUPPORTED/revert-unsupported",
        boot_volume
    ),
    case!(
        "IVssBackupComponents::RevertToSnapshot/VSS_E_VOLUME_NOT_SUPPORTED/revert-unsupported",
        cluster_disk
    ),
];

/// Whether a requester finds the copy.
fn is_known(bench: &mut Bench<'_>, on: Object, copy: SnapshotId) -> Result<bool, Stop> {
    Ok(flow::properties_if_known(bench, on, copy)?.is_some())
}

/// The outcome's code comes, the volume is as it was, and nothing is being reverted.
fn refused(bench: &mut Bench<'_>, on: Object, snapshot: SnapshotId, volume: &str) -> Checked {
    left_as_it_is(bench, on, snapshot, volume)?;
    let status = bench.call(on, Call::query_revert_status(volume)).hresult;
    bench.check(status.is_failure(), || format!("a revert of {volume} runs, though it was refused"))
}

/// The outcome's code comes, and the volume is as it was; another revert of it may be running.
fn left_as_it_is(bench: &mut Bench<'_>, on: Object, snapshot: SnapshotId, volume: &str) -> Checked {
    let code = bench.outcome_code()?;
    bench.expect(on, Call::revert_to_snapshot(snapshot), code)?;
    flow::holds(bench, volume, "now!")
}

fn every_persistent_context(bench: &mut Bench<'_>) -> Checked {
    use SnapshotContext as C;
    let code = bench.outcome_code()?;
    for context in [C::APP_ROLLBACK, C::NAS_ROLLBACK, C::CLIENT_ACCESSIBLE, C::CLIENT_ACCESSIBLE_WRITERS] {
        bench.load_default()?;
        for volume in [r"D:\", r"E:\"] {
            flow::write(bench, volume, "then")?;
        }
        let set = flow::backup_by_name(bench, SYSTEM_PROVIDER, context, r"D:\")?;
        flow::write(bench, r"D:\", "now!")?;
        flow::write(bench, r"E:\", "now!")?;
        bench.expect(set.session, Call::revert_to_snapshot(set.copies[0]), code)?;
        flow::holds(bench, r"D:\", "then")?;
        flow::holds(bench, r"E:\", "now!")?;
        let stays = is_known(bench, set.session, set.copies[0])?;
        bench.check(stays, || "the copy itself has to stay".to_owned())?;
    }
    Ok(())
}

/// Copies that were made after the one that is reverted to; those of other volumes are nobody's business.
fn newer_copies_go(bench: &mut Bench<'_>) -> Checked {
    newer_copies(bench, NewerCopies::Lost)
}

fn newer_copies_stay(bench: &mut Bench<'_>) -> Checked {
    bench.reading(r#"newer-copies = "kept""#);
    newer_copies(bench, NewerCopies::Kept)
}

fn newer_copies(bench: &mut Bench<'_>, reading: NewerCopies) -> Checked {
    bench.inferred(
        "a later copy tells of a state that the revert takes back; no page says what becomes of it",
    );
    bench.load(&bench.lab().clone().with_readings(|readings| readings.newer_copies = reading))?;
    let older = flow::copied_by_the_system(bench, r"D:\")?;
    let set = flow::backup_by_system(bench, r"D:\")?;
    let (newer, beside, hardware) = (
        flow::backup_by_system(bench, r"D:\")?,
        flow::backup_by_system(bench, r"E:\")?,
        flow::backup(bench, &[r"D:\"])?,
    );
    flow::write(bench, r"D:\", "last")?;
    let code = bench.outcome_code()?;
    bench.expect(set.session, Call::revert_to_snapshot(set.copies[0]), code)?;
    flow::holds(bench, r"D:\", "now!")?;
    let other = beside.session;
    let left = is_known(bench, other, newer.copies[0])?;
    bench.same("whether the newer copy is left", &(reading == NewerCopies::Kept), &left)?;
    for stays in [older.copies[0], set.copies[0], beside.copies[0]].into_iter().chain(hardware.copies) {
        let there = is_known(bench, other, stays)?;
        bench.check(there, || format!("the copy {} has to stay", stays.0))?;
    }
    Ok(())
}

/// The volume can be used again at once.
fn what_is_written_meanwhile_stays(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the page calls S_OK a successful revert, so the volume shows the copy from then on");
    bench.load_default()?;
    let set = flow::copied_by_the_system(bench, r"D:\")?;
    let code = bench.outcome_code()?;
    bench.expect(set.session, Call::revert_to_snapshot(set.copies[0]), code)?;
    flow::holds(bench, r"D:\", "then")?;
    flow::write(bench, r"D:\", "anew")?;
    bench.act(Action::Elapse { ms: 3_600_000 })?;
    flow::holds(bench, r"D:\", "anew")
}

/// The provider writes to the volume, so that VSS does not get its disk for itself.
fn keeps_a_resync_out(bench: &mut Bench<'_>) -> Checked {
    bench.inferred(
        "no page tells of a revert and a LUN resync at once; a disk that is not to be had is O48's",
    );
    // Longer than VSS tries to get the disk.
    let large = flow::changed(bench.lab(), |lab| {
        flow::lun_under(lab, r"D:\")?.size = Size::gib(8);
        Ok(())
    })?;
    bench.load(&large)?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    let copied = flow::copied_by_the_system(bench, r"D:\")?;
    let code = bench.outcome_code()?;
    bench.expect(copied.session, Call::revert_to_snapshot(copied.copies[0]), code)?;
    let restore = flow::recovery_set(bench, &backup, None)?;
    let before = flow::luns(bench)?;
    let resync = Call::recover_set(RecoveryOptions::empty());
    let settled = bench.finish(restore, resync.clone())?;
    bench.same("a resync of the volume meanwhile", &HResult::VSS_E_VOLUME_IN_USE, &settled.code)?;
    let after = flow::luns(bench)?;
    bench.same("the LUNs after that", &before, &after)?;
    flow::holds(bench, r"D:\", "then")?;
    bench.act(Action::Elapse { ms: 3_600_000 })?;
    bench.done(restore, resync).map(drop)
}

/// "If the computer is rebooted during the revert operation, the revert process will continue".
fn goes_on_over_a_restart(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = flow::copied_by_the_system(bench, r"D:\")?;
    let code = bench.outcome_code()?;
    bench.expect(set.session, Call::revert_to_snapshot(set.copies[0]), code)?;
    bench.act(Action::Restart { host: 1 })?;
    let other = flow::backup_object(bench, SnapshotContext::ALL)?;
    let again = bench.call(other, Call::revert_to_snapshot(set.copies[0]));
    bench.same("a second revert of the volume", &HResult::VSS_E_REVERT_IN_PROGRESS, &again.hresult)?;
    let operation = running(bench, other, r"D:\")?;
    let pending = bench.status(operation)?;
    bench.same("the revert after the restart", &HResult::VSS_S_ASYNC_PENDING, &pending)?;
    let end = bench.settle(operation)?;
    bench.same("the end of the revert", &HResult::S_OK, &end)?;
    flow::holds(bench, r"D:\", "then")?;
    bench.ok(other, Call::revert_to_snapshot(set.copies[0])).map(drop)
}

fn no_id(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = flow::copied_by_the_system(bench, r"D:\")?;
    refused(bench, set.session, SnapshotId::NULL, r"D:\")
}

fn hardware_copy(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    flow::write(bench, r"D:\", "now!")?;
    let snapshot = flow::only(&backup.copies)?;
    refused(bench, backup.session, snapshot, r"D:\")?;
    let stays = is_known(bench, backup.session, snapshot)?;
    bench.check(stays, || "the copy has to stay".to_owned())
}

/// A software provider that says so of itself.
fn provider_cannot(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = flow::copied_by_the_system(bench, r"D:\")?;
    let cannot = Cause::ProviderAnswers(HResult::E_NOTIMPL);
    bench.act(Action::Fault(Fault::new("RevertToSnapshot", cannot).of(SYSTEM_PROVIDER)))?;
    refused(bench, set.session, set.copies[0], r"D:\")
}

fn client(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("only servers are supported; the page names no code for the others");
    bench.load(&flow::with_os(bench.lab(), Os::Windows11))?;
    let set = flow::copied_by_the_system(bench, r"D:\")?;
    refused(bench, set.session, set.copies[0], r"D:\")
}

fn unknown(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = flow::copied_by_the_system(bench, r"D:\")?;
    let other = SnapshotId(flow::beside(set.copies[0].0));
    refused(bench, set.session, other, r"D:\")?;
    bench.ok(set.session, Call::revert_to_snapshot(set.copies[0])).map(drop)
}

/// The volume that the copy is of has lost its disk.
fn volume_away(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the page names no code for a volume that is away");
    bench.load_default()?;
    let set = flow::copied_by_the_system(bench, r"D:\")?;
    bench.act(Action::MaskLun { lun: "data-d".into() })?;
    let code = bench.outcome_code()?;
    bench.expect(set.session, Call::revert_to_snapshot(set.copies[0]), code)?;
    bench.act(Action::PresentLun { lun: "data-d".into(), host: 1 })?;
    flow::holds(bench, r"D:\", "now!")?;
    bench.ok(set.session, Call::revert_to_snapshot(set.copies[0])).map(drop)
}

/// The lab with another software provider, which takes precedence over none.
fn with_software(lab: &Lab) -> Lab {
    lab.clone().with(flow::with_software_provider("Volume Provider", |_| ()))
}

fn unregistered(bench: &mut Bench<'_>) -> Checked {
    bench.load(&with_software(bench.lab()))?;
    let set = flow::backup_by_name(bench, "Volume Provider", SnapshotContext::APP_ROLLBACK, r"D:\")?;
    flow::write(bench, r"D:\", "now!")?;
    let provider = flow::properties(bench, set.session, set.copies[0])?.provider_id;
    bench.act(Action::UnregisterProvider { provider })?;
    refused(bench, set.session, set.copies[0], r"D:\")
}

/// One revert of a volume at a time, by whoever and to whichever of its copies; other volumes are free.
fn in_progress(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let first = flow::backup_by_system(bench, r"D:\")?;
    let (second, beside) = (flow::backup_by_system(bench, r"D:\")?, flow::backup_by_system(bench, r"E:\")?);
    bench.ok(first.session, Call::revert_to_snapshot(second.copies[0]))?;
    flow::write(bench, r"D:\", "now!")?;
    for copy in [first.copies[0], second.copies[0]] {
        left_as_it_is(bench, second.session, copy, r"D:\")?;
    }
    bench.ok(beside.session, Call::revert_to_snapshot(beside.copies[0]))?;
    bench.act(Action::Elapse { ms: 3_600_000 })?;
    bench.ok(second.session, Call::revert_to_snapshot(first.copies[0])).map(drop)
}

/// The volume is the same, whichever provider moves its blocks.
fn by_another_provider(bench: &mut Bench<'_>) -> Checked {
    bench.load(&with_software(bench.lab()))?;
    let other = flow::backup_by_name(bench, "Volume Provider", SnapshotContext::APP_ROLLBACK, r"D:\")?;
    let set = flow::backup_by_system(bench, r"D:\")?;
    bench.ok(other.session, Call::revert_to_snapshot(other.copies[0]))?;
    flow::write(bench, r"D:\", "now!")?;
    left_as_it_is(bench, set.session, set.copies[0], r"D:\")?;
    bench.act(Action::Elapse { ms: 3_600_000 })?;
    bench.ok(set.session, Call::revert_to_snapshot(set.copies[0])).map(drop)
}

/// Two hosts have the LUN, each with copies of its own.
fn by_another_host(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("a volume on a LUN that two hosts have is one volume; the page tells of one host");
    bench.load(&flow::two_hosts(bench.lab()))?;
    let here = flow::backup_by_system(bench, r"D:\")?;
    let there = flow::backup_object_on(bench, flow::SECOND, SnapshotContext::NAS_ROLLBACK)?;
    bench.ok(there, Call::START_SNAPSHOT_SET)?;
    let system = flow::provider_named(bench, SYSTEM_PROVIDER)?;
    let snapshot = flow::add_volume(bench, there, r"D:\", system)?;
    bench.done(there, Call::DO_SNAPSHOT_SET)?;
    bench.ok(here.session, Call::revert_to_snapshot(here.copies[0]))?;
    flow::write(bench, r"D:\", "now!")?;
    left_as_it_is(bench, there, snapshot, r"D:\")?;
    bench.act(Action::Elapse { ms: 3_600_000 })?;
    bench.ok(there, Call::revert_to_snapshot(snapshot)).map(drop)
}

fn not_persistent(bench: &mut Bench<'_>) -> Checked {
    for context in [SnapshotContext::BACKUP, SnapshotContext::FILE_SHARE_BACKUP] {
        bench.load_default()?;
        let set = flow::backup_by_name(bench, SYSTEM_PROVIDER, context, r"D:\")?;
        flow::write(bench, r"D:\", "now!")?;
        for snapshot in set.copies {
            refused(bench, set.session, snapshot, r"D:\")?;
        }
    }
    Ok(())
}

/// Somebody holds the disk: only a forced dismount gets past.
fn in_use(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = flow::copied_by_the_system(bench, r"D:\")?;
    bench.act(Action::HoldDisk { volume: r"D:\".into(), for_ms: None })?;
    refused(bench, set.session, set.copies[0], r"D:\")?;
    let force = Call::RevertToSnapshot { snapshot_id: set.copies[0], b_force_dismount: true };
    bench.ok(set.session, force)?;
    flow::holds(bench, r"D:\", "then")?;
    bench.act(Action::Elapse { ms: 3_600_000 })?;
    // The dismount has closed the handle.
    bench.ok(set.session, Call::revert_to_snapshot(set.copies[0])).map(drop)
}

/// G: and H: lie on one disk; who has H: open is in the way of H: alone, and a dismount of G: leaves it open.
fn in_use_beside(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (free, open) =
        (flow::copied_by_the_system(bench, r"G:\")?, flow::copied_by_the_system(bench, r"H:\")?);
    bench.act(Action::HoldDisk { volume: r"H:\".into(), for_ms: None })?;
    refused(bench, open.session, open.copies[0], r"H:\")?;
    bench.ok(free.session, Call::RevertToSnapshot { snapshot_id: free.copies[0], b_force_dismount: true })?;
    flow::holds(bench, r"G:\", "then")?;
    refused(bench, open.session, open.copies[0], r"H:\")?;
    bench.act(Action::Elapse { ms: 3_600_000 })?;
    bench.ok(free.session, Call::revert_to_snapshot(free.copies[0])).map(drop)
}

/// VSS has the disk for itself while a LUN resync runs.
fn being_resynchronised(bench: &mut Bench<'_>) -> Checked {
    bench.inferred(
        "the page tells of no volume that VSS itself has locked: not even a forced dismount gets past",
    );
    bench.load_default()?;
    let set = flow::copied_by_the_system(bench, r"D:\")?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    let restore = flow::recovery_set(bench, &backup, None)?;
    let resync = bench.object(restore, Call::recover_set(RecoveryOptions::empty()))?;
    bench.act(Action::Elapse { ms: 50 })?;
    let code = bench.outcome_code()?;
    for b_force_dismount in [false, true] {
        let call = Call::RevertToSnapshot { snapshot_id: set.copies[0], b_force_dismount };
        bench.expect(set.session, call, code)?;
    }
    bench.settle(resync)?;
    flow::holds(bench, r"D:\", "now!")?;
    bench.ok(set.session, Call::revert_to_snapshot(set.copies[0])).map(drop)
}

fn boot_volume(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the page does not say which volumes these are: Windows cannot dismount its own");
    bench.load(&windows_on_c(bench.lab())?)?;
    let set = flow::copied_by_the_system(bench, r"C:\")?;
    refused(bench, set.session, set.copies[0], r"C:\")
}

fn cluster_disk(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the page does not say which volumes these are: a cluster holds the disk of its quorum");
    let lab = flow::changed(bench.lab(), |lab| {
        flow::lun_under(lab, r"D:\")?.quorum = true;
        Ok(())
    })?;
    bench.load(&lab)?;
    let set = flow::copied_by_the_system(bench, r"D:\")?;
    refused(bench, set.session, set.copies[0], r"D:\")
}
