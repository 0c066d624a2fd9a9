//! `IVssBackupComponents::PrepareForBackup` and `DoSnapshotSet`: a set comes to be, or providers fail it.

use vss_sim::api::{
    Action, Call, HResult, Object, SnapshotContext, VolumeSnapshotAttributes as Attributes, WriterState,
};
use vss_sim::lab::{Cause, Fault, Lab, MAKING_COPIES, Os, SYSTEM_PROVIDER};

use super::ending::writer_state;
use super::{flow, has_copies, nothing_is_left};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssBackupComponents::PrepareForBackup/S_OK/async-returned", prepared),
    case!("IVssBackupComponents::PrepareForBackup/VSS_E_BAD_STATE/out-of-sequence", without_backup_state),
    case!("IVssBackupComponents::PrepareForBackup/VSS_E_BAD_STATE/out-of-sequence", twice_prepared),
    case!("IVssBackupComponents::DoSnapshotSet/S_OK/async-returned", with_writers),
    case!("IVssBackupComponents::DoSnapshotSet/S_OK/async-returned", without_writers),
    case!("IVssBackupComponents::DoSnapshotSet/S_OK/async-returned", gathered_writers_hear_nothing),
    case!("IVssBackupComponents::DoSnapshotSet/VSS_E_BAD_STATE/missing-prerequisite-calls", unprepared),
    case!("IVssBackupComponents::DoSnapshotSet/VSS_E_BAD_STATE/missing-prerequisite-calls", no_set),
    case!("IVssBackupComponents::DoSnapshotSet/VSS_E_INSUFFICIENT_STORAGE/system-no-storage", store_is_full),
    case!(
        "IVssBackupComponents::DoSnapshotSet/VSS_E_INSUFFICIENT_STORAGE/provider-no-storage",
        array_is_full
    ),
    case!("IVssBackupComponents::DoSnapshotSet/VSS_E_PROVIDER_VETO/provider-unable-now", veto),
    case!(
        "IVssBackupComponents::DoSnapshotSet/VSS_E_UNEXPECTED_PROVIDER_ERROR/provider-unexpected",
        unforeseen
    ),
    case!("IVssBackupComponents::DoSnapshotSet/VSS_E_REBOOT_REQUIRED/restart-needed", driver_is_stuck),
    case!("IVssBackupComponents::DoSnapshotSet/VSS_E_REBOOT_REQUIRED/restart-needed", store_driver_is_stuck),
    case!(
        "IVssBackupComponents::DoSnapshotSet/VSS_E_UNEXPECTED_PROVIDER_ERROR/provider-unexpected",
        driver_of_old_is_stuck
    ),
];

/// A backup with writers up to its set, but not prepared.
fn unprepared_set(bench: &mut Bench<'_>) -> Result<Object, Stop> {
    bench.load_default()?;
    let session = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    flow::gather_metadata(bench, session)?;
    flow::start_set(bench, session, &[r"D:\", r"E:\"])?;
    Ok(session)
}

/// It returns at once; when it has ended the set can be created.
fn prepared(bench: &mut Bench<'_>) -> Checked {
    let session = unprepared_set(bench)?;
    flow::runs_to_its_end(bench, session, Call::PREPARE_FOR_BACKUP)?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    has_copies(bench, 2)
}

/// SetBackupState comes first.
fn without_backup_state(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the page names no code for a SetBackupState that is missing");
    bench.load_default()?;
    let session = flow::initialized(bench)?;
    flow::gather_metadata(bench, session)?;
    flow::start_set(bench, session, &[r"D:\"])?;
    let code = bench.outcome_code()?;
    bench.expect_settled(session, Call::PREPARE_FOR_BACKUP, code)?;
    bench.ok(session, Call::SET_BACKUP_STATE)?;
    bench.done(session, Call::PREPARE_FOR_BACKUP).map(drop)
}

fn twice_prepared(bench: &mut Bench<'_>) -> Checked {
    let session = unprepared_set(bench)?;
    bench.done(session, Call::PREPARE_FOR_BACKUP)?;
    let code = bench.outcome_code()?;
    bench.expect_settled(session, Call::PREPARE_FOR_BACKUP, code)?;
    bench.done(session, Call::DO_SNAPSHOT_SET).map(drop)
}

/// All volumes are copied as they were at one moment, and the writers were asked.
fn with_writers(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let volumes = [r"C:\", r"D:\", r"E:\"];
    for volume in volumes {
        flow::write(bench, volume, "then")?;
    }
    let (session, snapshots) = flow::prepared_set(bench, SnapshotContext::BACKUP, &volumes)?;
    flow::runs_to_its_end(bench, session, Call::DO_SNAPSHOT_SET)?;
    for volume in volumes {
        flow::write(bench, volume, "now!")?;
    }
    let mut sets = Vec::new();
    for snapshot in snapshots {
        let came = flow::properties(bench, session, snapshot)?;
        flow::holds(bench, &came.snapshot_device_object.unwrap_or_default(), "then")?;
        sets.push(came.snapshot_set_id);
    }
    bench.check(sets.windows(2).all(|pair| pair[0] == pair[1]), || "all copies are of one set".to_owned())?;
    let state = writer_state(bench, session)?;
    bench.same("the writer's state", &WriterState::WAITING_FOR_BACKUP_COMPLETE, &state)
}

/// Their metadata may be gathered in a context without writers: of the set they hear nothing.
fn gathered_writers_hear_nothing(bench: &mut Bench<'_>) -> Checked {
    use SnapshotContext as Context;
    for context in [Context::FILE_SHARE_BACKUP, Context::NAS_ROLLBACK, Context::CLIENT_ACCESSIBLE] {
        bench.load_default()?;
        let session = flow::backup_object(bench, context)?;
        flow::gather_metadata(bench, session)?;
        flow::start_set(bench, session, &[r"C:\"])?;
        flow::runs_to_its_end(bench, session, Call::DO_SNAPSHOT_SET)?;
        has_copies(bench, 1)?;
        let state = writer_state(bench, session)?;
        bench.same(&format!("the writer's state in {context:?}"), &WriterState::STABLE, &state)?;
        bench.release(session);
    }
    Ok(())
}

/// A context without writers needs no preparation, and an empty set is legal.
fn without_writers(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let code = bench.outcome_code()?;
    for (volumes, context) in [
        (&[r"D:\"][..], SnapshotContext::FILE_SHARE_BACKUP),
        (&[], SnapshotContext::FILE_SHARE_BACKUP),
        (&[r"C:\", r"E:\"], SnapshotContext::NAS_ROLLBACK.with(Attributes::NO_AUTORECOVERY)),
    ] {
        let (session, _) = flow::prepared_set(bench, context, volumes)?;
        let operation = bench.expect_object(session, Call::DO_SNAPSHOT_SET, code)?;
        bench.settle(operation)?;
        has_copies(bench, volumes.len())?;
        bench.release(session);
    }
    Ok(())
}

/// A context with writers wants PrepareForBackup; with it the same set is created.
fn unprepared(bench: &mut Bench<'_>) -> Checked {
    let session = unprepared_set(bench)?;
    let code = bench.outcome_code()?;
    bench.expect_settled(session, Call::DO_SNAPSHOT_SET, code)?;
    has_copies(bench, 0)?;
    bench.done(session, Call::PREPARE_FOR_BACKUP)?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    has_copies(bench, 2)
}

/// Every context wants StartSnapshotSet.
fn no_set(bench: &mut Bench<'_>) -> Checked {
    let code = bench.outcome_code()?;
    for context in [SnapshotContext::BACKUP, SnapshotContext::FILE_SHARE_BACKUP] {
        bench.load_default()?;
        let session = flow::backup_object(bench, context)?;
        bench.expect_settled(session, Call::DO_SNAPSHOT_SET, code)?;
        bench.ok(session, Call::START_SNAPSHOT_SET)?;
    }
    Ok(())
}

/// A provider fails the creation: nothing is left of it, and once the cause is gone a new one succeeds.
fn provider_fails(bench: &mut Bench<'_>, lab: &Lab, fault: Fault) -> Checked {
    bench.load(lab)?;
    let luns = flow::luns(bench)?;
    let (session, _) = flow::prepared_set(bench, SnapshotContext::APP_ROLLBACK, &[r"D:\", r"C:\"])?;
    bench.act(Action::Fault(fault))?;
    let code = bench.outcome_code()?;
    bench.expect_status(session, Call::DO_SNAPSHOT_SET, code)?;
    flow::logged(bench, code)?;
    nothing_is_left(bench, &luns)?;
    bench.expect_settled(session, Call::DO_SNAPSHOT_SET, HResult::VSS_E_BAD_STATE).map(drop)
}

/// The one after that finds nothing in its way.
fn fails_once(bench: &mut Bench<'_>, fault: Fault) -> Checked {
    provider_fails(bench, bench.lab(), fault)?;
    flow::backup(bench, &[r"D:\", r"C:\"]).map(drop)
}

fn store_is_full(bench: &mut Bench<'_>) -> Checked {
    fails_once(bench, Fault::new("EndPrepareSnapshots", Cause::ArrayOutOfSpace).of(SYSTEM_PROVIDER))
}

fn array_is_full(bench: &mut Bench<'_>) -> Checked {
    fails_once(bench, of_the_array(bench, "EndPrepareSnapshots", Cause::ArrayOutOfSpace))
}

/// A fault in a call of the lab's hardware provider.
fn of_the_array(bench: &Bench<'_>, call: &str, cause: Cause) -> Fault {
    match bench.lab().providers.first() {
        Some(provider) => Fault::new(call, cause).of(&provider.name),
        None => Fault::new(call, cause),
    }
}

/// Whichever step of the creation it refuses.
fn veto(bench: &mut Bench<'_>) -> Checked {
    for step in MAKING_COPIES {
        fails_once(bench, Fault::new(*step, Cause::ProviderAnswers(HResult::VSS_E_PROVIDER_VETO)))?;
    }
    Ok(())
}

fn unforeseen(bench: &mut Bench<'_>) -> Checked {
    for step in MAKING_COPIES {
        fails_once(bench, Fault::new(*step, Cause::ProviderAnswers(HResult::E_FAIL)))?;
    }
    fails_once(bench, Fault::new("CommitSnapshots", Cause::CrashAfter))
}

/// Trying again does not help until the host has restarted.
fn stuck(bench: &mut Bench<'_>, lab: &Lab, fault: Fault) -> Checked {
    provider_fails(bench, lab, fault)?;
    let code = bench.outcome_code()?;
    let luns = flow::luns(bench)?;
    let (again, _) = flow::prepared_set(bench, SnapshotContext::APP_ROLLBACK, &[r"D:\", r"C:\"])?;
    bench.expect_settled(again, Call::DO_SNAPSHOT_SET, code)?;
    nothing_is_left(bench, &luns)?;
    bench.act(Action::Restart { host: 1 })?;
    flow::backup(bench, &[r"D:\", r"C:\"])?;
    has_copies(bench, 2)
}

fn driver_is_stuck(bench: &mut Bench<'_>) -> Checked {
    for step in ["PreCommitSnapshots", "CommitSnapshots", "PostFinalCommitSnapshots"] {
        stuck(bench, bench.lab(), of_the_array(bench, step, Cause::DriverStuck))?;
    }
    Ok(())
}

/// The system provider's driver, and the oldest system that has the code.
fn store_driver_is_stuck(bench: &mut Bench<'_>) -> Checked {
    let fault = Fault::new("CommitSnapshots", Cause::DriverStuck).of(SYSTEM_PROVIDER);
    stuck(bench, &flow::with_os(bench.lab(), Os::WindowsServer2008), fault)
}

/// Before Windows Vista and Windows Server 2008 there is no code for it.
fn driver_of_old_is_stuck(bench: &mut Bench<'_>) -> Checked {
    stuck(
        bench,
        &flow::with_os(bench.lab(), Os::WindowsServer2003),
        of_the_array(bench, "CommitSnapshots", Cause::DriverStuck),
    )
}
