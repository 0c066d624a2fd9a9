//! How a backup ends: `IVssBackupComponents::AbortBackup` and `BackupComplete`.

use vss_sim::api::{Action, Call, HResult, Object, Out, SnapshotContext, WriterState};
use vss_sim::lab::{Cause, Fault, Os};

use super::{flow, has_copies, nothing_is_left, slot_is_free};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssBackupComponents::AbortBackup/S_OK/aborted", set_aborted),
    case!("IVssBackupComponents::AbortBackup/S_OK/aborted", creation_aborted),
    case!("IVssBackupComponents::AbortBackup/S_OK/nothing-underway", nothing_underway),
    case!("IVssBackupComponents::BackupComplete/S_OK/async-returned", completed),
    case!("IVssBackupComponents::BackupComplete/S_OK/async-returned", frees_the_writers),
    case!("IVssBackupComponents::BackupComplete/S_OK/async-returned", aborted_by_cancel),
    case!("IVssBackupComponents::BackupComplete/VSS_E_BAD_STATE/out-of-sequence", nothing_to_complete),
    case!("IVssBackupComponents::BackupComplete/VSS_E_BAD_STATE/out-of-sequence", completed_twice),
    case!(
        "IVssBackupComponents::BackupComplete/VSS_E_UNEXPECTED_WRITER_ERROR/writer-communication",
        writers_unreachable
    ),
];

/// The state of the first writer, as GatherWriterStatus finds it.
pub(super) fn writer_state(bench: &mut Bench<'_>, session: Object) -> Result<WriterState, Stop> {
    bench.done(session, Call::GATHER_WRITER_STATUS)?;
    let call = Call::get_writer_status(0);
    match bench.ok(session, call)?.out {
        Some(Out::GetWriterStatus { pn_status, .. }) => Ok(pn_status),
        _ => Err(Stop::failed("GetWriterStatus returned S_OK but wrote nothing")),
    }
}

/// From StartSnapshotSet on there is something to be given up: nothing is left of it, and the object is done with.
fn set_aborted(bench: &mut Bench<'_>) -> Checked {
    let code = bench.outcome_code()?;
    for volumes in [&[][..], &[r"D:\", r"C:\"]] {
        bench.load_default()?;
        let luns = flow::luns(bench)?;
        let (session, _) = flow::prepared_set(bench, SnapshotContext::BACKUP, volumes)?;
        bench.expect(session, Call::AbortBackup {}, code)?;
        nothing_is_left(bench, &luns)?;
        bench.expect_settled(session, Call::DO_SNAPSHOT_SET, HResult::VSS_E_BAD_STATE)?;
        let state = writer_state(bench, session)?;
        bench.same("the writer's state after the abort", &WriterState::STABLE, &state)?;
    }
    Ok(())
}

/// A creation that runs is stopped.
fn creation_aborted(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let luns = flow::luns(bench)?;
    let (session, _) = flow::prepared_set(bench, SnapshotContext::APP_ROLLBACK, &[r"D:\"])?;
    let operation = bench.object(session, Call::DO_SNAPSHOT_SET)?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::AbortBackup {}, code)?;
    let ended = bench.settle(operation)?;
    bench.same("how DoSnapshotSet ended", &HResult::VSS_S_ASYNC_CANCELLED, &ended)?;
    nothing_is_left(bench, &luns)
}

/// Where nothing is under way the call is ignored, before a set and after the backup; a set in between it ends.
fn nothing_underway(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let code = bench.outcome_code()?;
    let session = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    bench.expect(session, Call::AbortBackup {}, code)?;
    bench.ok(session, Call::START_SNAPSHOT_SET)?;
    bench.expect(session, Call::AbortBackup {}, code)?;
    slot_is_free(bench)?;
    bench.expect(session, Call::AbortBackup {}, code)?;
    bench.release(session);
    let backup = flow::backup(bench, &[r"D:\"])?;
    bench.expect(backup.session, Call::AbortBackup {}, code)?;
    let Some(snapshot) = backup.copies.first() else { return Err(Stop::error("the backup has no copy")) };
    flow::properties(bench, backup.session, *snapshot)?;
    has_copies(bench, 1)
}

/// The writers hear that the backup is over; the copies stay as long as their object.
fn completed(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, snapshots) = flow::prepared_set(bench, SnapshotContext::BACKUP, &[r"D:\"])?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    let state = writer_state(bench, session)?;
    bench.same("the writer's state before", &WriterState::WAITING_FOR_BACKUP_COMPLETE, &state)?;
    flow::runs_to_its_end(bench, session, Call::BACKUP_COMPLETE)?;
    let state = writer_state(bench, session)?;
    bench.same("the writer's state after", &WriterState::STABLE, &state)?;
    flow::properties(bench, session, snapshots[0])?;
    bench.release(session);
    has_copies(bench, 0)
}

/// A writer that takes part in one session at a time can take part in another, although the object is still there. Up to
/// Windows Server 2008 somebody has to gather the writers' status first.
fn frees_the_writers(bench: &mut Bench<'_>) -> Checked {
    for (os, gathers, free) in [
        (Os::WindowsServer2022, false, true),
        (Os::WindowsServer2008R2, false, true),
        (Os::WindowsServer2008, false, false),
        (Os::WindowsServer2008, true, true),
    ] {
        let lab = flow::with_os(bench.lab(), os)
            .with(|lab| lab.writers.iter_mut().for_each(|writer| writer.max_sessions = Some(1)));
        bench.load(&lab)?;
        let (first, _) = flow::prepared_set(bench, SnapshotContext::BACKUP, &[r"D:\"])?;
        bench.done(first, Call::DO_SNAPSHOT_SET)?;
        writer_state(bench, first)?;
        flow::runs_to_its_end(bench, first, Call::BACKUP_COMPLETE)?;
        if gathers {
            let state = writer_state(bench, first)?;
            bench.same("the writer's state after its backup", &WriterState::STABLE, &state)?;
        }
        let second = flow::backup_object(bench, SnapshotContext::BACKUP)?;
        flow::gather_metadata(bench, second)?;
        let state = writer_state(bench, second)?;
        let wanted = if free { WriterState::STABLE } else { WriterState::UNKNOWN };
        bench.same(&format!("the writer's state in another backup on {os}"), &wanted, &state)?;
        bench.release(first);
        bench.release(second);
    }
    Ok(())
}

/// Once the copies exist a cancellation aborts the backup: there is nothing to be completed any more. The copies stay.
fn aborted_by_cancel(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, snapshots) = flow::prepared_set(bench, SnapshotContext::BACKUP, &[r"D:\"])?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    let code = bench.outcome_code()?;
    let operation = bench.expect_object(session, Call::BACKUP_COMPLETE, code)?;
    bench.ok(operation, Call::Cancel {})?;
    let ended = bench.settle(operation)?;
    bench.same("how BackupComplete ended", &HResult::VSS_S_ASYNC_CANCELLED, &ended)?;
    bench.expect_settled(session, Call::BACKUP_COMPLETE, HResult::VSS_E_BAD_STATE)?;
    flow::properties(bench, session, snapshots[0])?;
    bench.release(session);
    has_copies(bench, 0)
}

/// Before the set is prepared, after it has failed, and where writers take no part there is nothing to be completed.
fn nothing_to_complete(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let code = bench.outcome_code()?;
    let early = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    bench.expect_settled(early, Call::BACKUP_COMPLETE, code)?;
    flow::gather_metadata(bench, early)?;
    flow::start_set(bench, early, &[r"D:\"])?;
    bench.expect_settled(early, Call::BACKUP_COMPLETE, code)?;
    bench.done(early, Call::PREPARE_FOR_BACKUP)?;
    bench.act(Action::Fault(Fault::new("CommitSnapshots", Cause::OutOfMemory)))?;
    bench.expect_settled(early, Call::DO_SNAPSHOT_SET, HResult::E_OUTOFMEMORY)?;
    bench.expect_settled(early, Call::BACKUP_COMPLETE, code)?;
    let (without_writers, _) = flow::created_set(bench, flow::AUTO_RELEASE, &[r"D:\"])?;
    bench.expect_settled(without_writers, Call::BACKUP_COMPLETE, code)?;
    has_copies(bench, 1)
}

fn completed_twice(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    let code = bench.outcome_code()?;
    bench.expect_settled(backup.session, Call::BACKUP_COMPLETE, code)?;
    has_copies(bench, 1)
}

/// The writers have not heard of the end; once VSS can talk to them again they do. The copies are there all the same.
fn writers_unreachable(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, snapshots) = flow::prepared_set(bench, SnapshotContext::BACKUP, &[r"D:\"])?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    bench.act(Action::Fault(Fault::new("BackupComplete", Cause::WritersUnreachable)))?;
    let code = bench.outcome_code()?;
    bench.expect_settled(session, Call::BACKUP_COMPLETE, code)?;
    flow::logged(bench, code)?;
    let state = writer_state(bench, session)?;
    bench.same("the writer's state", &WriterState::WAITING_FOR_BACKUP_COMPLETE, &state)?;
    flow::properties(bench, session, snapshots[0])?;
    slot_is_free(bench)?;
    bench.done(session, Call::BACKUP_COMPLETE)?;
    let state = writer_state(bench, session)?;
    bench.same("the writer's state in the end", &WriterState::STABLE, &state)?;
    // Another requester's set is no matter of this one's.
    flow::prepared_set(bench, flow::AUTO_RELEASE, &[r"D:\"]).map(drop)
}
