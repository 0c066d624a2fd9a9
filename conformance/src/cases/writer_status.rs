//! `IVssBackupComponentsEx3::GetWriterStatusEx`.

use vss_sim::api::{Action, Call, HResult, Object, Out, Ptr, SnapshotContext, WriterState};
use vss_sim::lab::{Cause, DuringRestore, Fault, Lab, PartialFailure};

use super::flow;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};
use crate::out;

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    case!("IVssBackupComponentsEx3::GetWriterStatusEx/S_OK/returned", returned),
    case!("IVssBackupComponentsEx3::GetWriterStatusEx/S_OK/returned", optional_pointers_may_be_null),
    case!("IVssBackupComponentsEx3::GetWriterStatusEx/E_INVALIDARG/null-pnStatus", null_status),
    case!("IVssBackupComponentsEx3::GetWriterStatusEx/E_INVALIDARG/null-pidWriter", null_writer),
    case!("IVssBackupComponentsEx3::GetWriterStatusEx/E_INVALIDARG/null-pbstrWriter", null_name),
    case!("IVssBackupComponentsEx3::GetWriterStatusEx/E_INVALIDARG/null-pidInstance", null_instance),
    case!("IVssBackupComponentsEx3::GetWriterStatusEx/E_OUTOFMEMORY/out-of-memory", out_of_memory),
    case!("IVssBackupComponentsEx3::GetWriterStatusEx/VSS_E_BAD_STATE/not-initialized", not_initialized),
    case!("IVssBackupComponentsEx3::GetWriterStatusEx/VSS_E_BAD_STATE/during-restore", during_restore),
    case!("IVssBackupComponentsEx3::GetWriterStatusEx/VSS_E_BAD_STATE/wrong-sequence", not_gathered),
    case!("IVssBackupComponentsEx3::GetWriterStatusEx/VSS_E_BAD_STATE/wrong-sequence", freed),
    case!("IVssBackupComponentsEx3::GetWriterStatusEx/VSS_E_OBJECT_NOT_FOUND/no-such-writer", no_such_writer),
    case!(
        "IVssBackupComponentsEx3::GetWriterStatusEx/VSS_E_WRITERERROR_PARTIAL_FAILURE/as-return-value",
        partial_failure_returned
    ),
    case!("IVssBackupComponentsEx3::GetWriterStatusEx/S_OK/phrFailureWriter-writer-ok", writer_ok),
    case!(
        "IVssBackupComponentsEx3::GetWriterStatusEx/VSS_E_WRITERERROR_INCONSISTENTSNAPSHOT/phrFailureWriter-missing-volumes",
        missing_volumes
    ),
    case!(
        "IVssBackupComponentsEx3::GetWriterStatusEx/VSS_E_WRITERERROR_OUTOFRESOURCES/phrFailureWriter-resources",
        out_of_resources
    ),
    case!(
        "IVssBackupComponentsEx3::GetWriterStatusEx/VSS_E_WRITERERROR_TIMEOUT/phrFailureWriter-freeze-thaw-timeout",
        slow_commit
    ),
    case!(
        "IVssBackupComponentsEx3::GetWriterStatusEx/VSS_E_WRITERERROR_TIMEOUT/phrFailureWriter-freeze-thaw-timeout",
        slow_freeze
    ),
    case!(
        "IVssBackupComponentsEx3::GetWriterStatusEx/VSS_E_WRITERERROR_RETRYABLE/phrFailureWriter-retryable",
        reported
    ),
    case!(
        "IVssBackupComponentsEx3::GetWriterStatusEx/VSS_E_WRITERERROR_NONRETRYABLE/phrFailureWriter-nonretryable",
        reported
    ),
    case!(
        "IVssBackupComponentsEx3::GetWriterStatusEx/VSS_E_WRITER_NOT_RESPONDING/phrFailureWriter-not-responding",
        silent
    ),
    case!(
        "IVssBackupComponentsEx3::GetWriterStatusEx/VSS_E_WRITER_STATUS_NOT_AVAILABLE/phrFailureWriter-status-unavailable",
        gone
    ),
    case!(
        "IVssBackupComponentsEx3::GetWriterStatusEx/VSS_E_WRITER_STATUS_NOT_AVAILABLE/phrFailureWriter-status-unavailable",
        gone_on_one_host
    ),
    case!(
        "IVssBackupComponentsEx3::GetWriterStatusEx/VSS_E_WRITER_STATUS_NOT_AVAILABLE/phrFailureWriter-session-limit",
        session_limit
    ),
    case!(
        "IVssBackupComponentsEx3::GetWriterStatusEx/VSS_E_WRITERERROR_PARTIAL_FAILURE/phrFailureWriter-component-errors",
        reported
    ),
];

fn call(i_writer: u32) -> Call {
    Call::GetWriterStatusEx {
        i_writer,
        pid_instance: Ptr::Valid,
        pid_writer: Ptr::Valid,
        pbstr_writer: Ptr::Valid,
        pn_status: Ptr::Valid,
        phr_failure_writer: Ptr::Valid,
        phr_application: Ptr::Valid,
        pbstr_application_message: Ptr::Valid,
    }
}

fn gather(bench: &mut Bench<'_>, session: Object) -> Checked {
    bench.done(session, Call::GATHER_WRITER_STATUS).map(drop)
}

/// A backup object with metadata and status gathered.
fn gathered(bench: &mut Bench<'_>, lab: &Lab) -> Result<Object, Stop> {
    bench.load(lab)?;
    let session = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    flow::gather_metadata(bench, session)?;
    gather(bench, session)?;
    Ok(session)
}

fn returned(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    let session = gathered(bench, lab)?;
    let code = bench.outcome_code()?;
    let reply = bench.expect(session, call(0), code)?;
    let Some(Out::GetWriterStatusEx { pid_instance, pid_writer, pbstr_writer, pn_status, .. }) = reply.out
    else {
        return Err(Stop::failed("GetWriterStatusEx returned S_OK but wrote nothing"));
    };
    bench.check(!pid_instance.0.is_nil() && !pid_writer.0.is_nil(), || {
        "the writer's ids must not be GUID_NULL".to_owned()
    })?;
    bench.check(!pbstr_writer.is_empty(), || "the writer has to have a name".to_owned())?;
    bench.same("the state of a writer that has only identified itself", &WriterState::STABLE, &pn_status)
}

fn optional_pointers_may_be_null(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    let session = gathered(bench, lab)?;
    let mut call = call(0);
    if let Call::GetWriterStatusEx { phr_application, pbstr_application_message, .. } = &mut call {
        (*phr_application, *pbstr_application_message) = (Ptr::Null, Ptr::Null);
    }
    let code = bench.outcome_code()?;
    let reply = bench.expect(session, call, code)?;
    bench.check(reply.out.is_some(), || "the other values have to be written all the same".to_owned())
}

/// Status is gathered, so that the pointer is all that is wrong.
fn null(bench: &mut Bench<'_>, spoil: impl FnOnce(&mut Call)) -> Checked {
    let lab = bench.lab();
    let session = gathered(bench, lab)?;
    let mut call = call(0);
    spoil(&mut call);
    let code = bench.outcome_code()?;
    bench.expect(session, call, code)?;
    Ok(())
}

fn null_status(bench: &mut Bench<'_>) -> Checked {
    null(bench, |call| {
        if let Call::GetWriterStatusEx { pn_status, .. } = call {
            *pn_status = Ptr::Null;
        }
    })
}

fn null_writer(bench: &mut Bench<'_>) -> Checked {
    null(bench, |call| {
        if let Call::GetWriterStatusEx { pid_writer, .. } = call {
            *pid_writer = Ptr::Null;
        }
    })
}

fn null_name(bench: &mut Bench<'_>) -> Checked {
    null(bench, |call| {
        if let Call::GetWriterStatusEx { pbstr_writer, .. } = call {
            *pbstr_writer = Ptr::Null;
        }
    })
}

fn null_instance(bench: &mut Bench<'_>) -> Checked {
    null(bench, |call| {
        if let Call::GetWriterStatusEx { pid_instance, .. } = call {
            *pid_instance = Ptr::Null;
        }
    })
}

fn out_of_memory(bench: &mut Bench<'_>) -> Checked {
    let fault = Fault { call: "GetWriterStatusEx".to_owned(), of: None, nth: 1, cause: Cause::OutOfMemory };
    let lab = bench.lab().clone().with_fault(fault);
    let session = gathered(bench, &lab)?;
    let code = bench.outcome_code()?;
    bench.expect(session, call(0), code)?;
    bench.ok(session, call(0)).map(drop)
}

fn not_initialized(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let session = flow::create(bench)?;
    let code = bench.outcome_code()?;
    bench.expect(session, call(0), code).map(drop)
}

/// Read literally, the page forbids what every restore with writers needs. As the samples need it, the same calls work.
fn during_restore(bench: &mut Bench<'_>) -> Checked {
    bench.reading("during-restore = \"literal\"");
    bench.load_default()?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    let restore = flow::restore_object(bench, &backup.document)?;
    flow::gather_metadata(bench, restore)?;
    gather(bench, restore)?;
    bench.ok(restore, call(0))?;

    let lab = bench.lab().clone().with_readings(|readings| readings.during_restore = DuringRestore::Literal);
    bench.load(&lab)?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    let restore = flow::restore_object(bench, &backup.document)?;
    let code = bench.outcome_code()?;
    // Gathering the status is forbidden in the same words, so it cannot be for want of a status.
    bench.expect(restore, Call::GATHER_WRITER_STATUS, code)?;
    bench.expect(restore, call(0), code).map(drop)
}

fn not_gathered(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let session = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    flow::gather_metadata(bench, session)?;
    let code = bench.outcome_code()?;
    bench.expect(session, call(0), code)?;
    // Called, but not waited for.
    bench.ok(session, Call::GATHER_WRITER_STATUS)?;
    bench.expect(session, call(0), code).map(drop)
}

fn freed(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    let session = gathered(bench, lab)?;
    bench.ok(session, Call::FreeWriterStatus {})?;
    let code = bench.outcome_code()?;
    bench.expect(session, call(0), code).map(drop)
}

fn no_such_writer(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    let session = gathered(bench, lab)?;
    let count = Call::GetWriterStatusCount { pc_writers: Ptr::Valid };
    let Some(Out::GetWriterStatusCount { pc_writers }) = bench.ok(session, count)?.out else {
        return Err(Stop::failed("GetWriterStatusCount returned S_OK but wrote nothing"));
    };
    let code = bench.outcome_code()?;
    for i_writer in [pc_writers, u32::MAX] {
        bench.expect(session, call(i_writer), code)?;
    }
    Ok(())
}

/// The writer's own result, after a backup of those volumes was tried.
fn failure_after_snapshot(bench: &mut Bench<'_>, lab: &Lab, volumes: &[&str]) -> Result<(Object, Out), Stop> {
    bench.load(lab)?;
    let (session, _) = flow::prepared_set(bench, SnapshotContext::BACKUP, volumes)?;
    bench.finish(session, Call::DO_SNAPSHOT_SET)?;
    gather(bench, session)?;
    let out = bench.ok(session, call(0))?.out;
    out.map(|out| (session, out))
        .ok_or_else(|| Stop::failed("GetWriterStatusEx returned S_OK but wrote nothing"))
}

fn expect_failure_code(bench: &mut Bench<'_>, out: &Out) -> Checked {
    let Out::GetWriterStatusEx { phr_failure_writer, pn_status, .. } = out else {
        return Err(Stop::failed("GetWriterStatusEx wrote the values of another method"));
    };
    let code = bench.outcome_code()?;
    bench.expect_value("phrFailureWriter", *phr_failure_writer, code)?;
    let unknown =
        [HResult::VSS_E_WRITER_NOT_RESPONDING, HResult::VSS_E_WRITER_STATUS_NOT_AVAILABLE].contains(&code);
    let failed =
        (WriterState::FAILED_AT_IDENTIFY..=WriterState::FAILED_AT_BACKUPSHUTDOWN).contains(pn_status);
    // State and failure come as a pair: no failure without a state that tells of it.
    let fits = match code {
        HResult::S_OK => !failed,
        _ if unknown => *pn_status == WriterState::UNKNOWN,
        _ => failed,
    };
    bench.check(fits, || format!("the writer's state {pn_status} does not go with {code}"))
}

fn writer_ok(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    let (_, out) = failure_after_snapshot(bench, lab, &[r"D:\", r"E:\"])?;
    expect_failure_code(bench, &out)
}

/// A component lies on D: and E:; only D: is in the set.
fn missing_volumes(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab().clone().with(|lab| {
        let components = lab.writers.iter_mut().flat_map(|writer| &mut writer.components);
        components.for_each(|component| component.volumes = vec![r"D:\".to_owned(), r"E:\".to_owned()]);
    });
    let (_, out) = failure_after_snapshot(bench, &lab, &[r"D:\"])?;
    expect_failure_code(bench, &out)
}

fn with_writer_fault(lab: &Lab, event: &str, cause: Cause) -> Lab {
    lab.clone().with_fault(Fault { call: event.to_owned(), of: None, nth: 1, cause })
}

fn out_of_resources(bench: &mut Bench<'_>) -> Checked {
    let lab = with_writer_fault(bench.lab(), "OnFreeze", Cause::OutOfMemory);
    let (_, out) = failure_after_snapshot(bench, &lab, &[r"D:\"])?;
    expect_failure_code(bench, &out)
}

/// The provider takes a minute too long while the writers are frozen.
fn slow_commit(bench: &mut Bench<'_>) -> Checked {
    let lab = with_writer_fault(bench.lab(), "PostCommitSnapshots", Cause::Late(61_000));
    let (_, out) = failure_after_snapshot(bench, &lab, &[r"D:\"])?;
    expect_failure_code(bench, &out)
}

fn slow_freeze(bench: &mut Bench<'_>) -> Checked {
    let lab = with_writer_fault(bench.lab(), "OnFreeze", Cause::Late(60_001));
    let (_, out) = failure_after_snapshot(bench, &lab, &[r"D:\"])?;
    expect_failure_code(bench, &out)
}

/// The writer gives the outcome's own code to SetWriterFailureEx, with a code and words of the application.
fn reported(bench: &mut Bench<'_>) -> Checked {
    let code = bench.outcome_code()?;
    let message = "the log device is full";
    let cause = Cause::WriterFails { code, application: HResult::E_ABORT, message: Some(message.to_owned()) };
    let lab = with_writer_fault(bench.lab(), "OnPrepareSnapshot", cause);
    let (_, out) = failure_after_snapshot(bench, &lab, &[r"D:\"])?;
    expect_failure_code(bench, &out)?;
    let Out::GetWriterStatusEx { phr_application, pbstr_application_message, .. } = out else {
        return Ok(());
    };
    bench.same("phrApplication", &Some(HResult::E_ABORT), &phr_application)?;
    bench.same("pbstrApplicationMessage", &Some(message), &pbstr_application_message.as_deref())
}

fn silent(bench: &mut Bench<'_>) -> Checked {
    let lab = with_writer_fault(bench.lab(), "OnFreeze", Cause::Silent);
    let (_, out) = failure_after_snapshot(bench, &lab, &[r"D:\"])?;
    expect_failure_code(bench, &out)
}

fn gone(bench: &mut Bench<'_>) -> Checked {
    let lab = with_writer_fault(bench.lab(), "OnThaw", Cause::WriterExits);
    let (_, out) = failure_after_snapshot(bench, &lab, &[r"D:\"])?;
    expect_failure_code(bench, &out)
}

/// How many writers are there for a new requester on each of two hosts.
fn running(bench: &mut Bench<'_>) -> Result<[u32; 2], Stop> {
    let mut counts = [0; 2];
    for (count, host) in counts.iter_mut().zip([Object::HOST, flow::SECOND]) {
        let session = flow::backup_object_on(bench, host, SnapshotContext::BACKUP)?;
        flow::gather_metadata(bench, session)?;
        gather(bench, session)?;
        let told = bench.ok(session, Call::GetWriterStatusCount { pc_writers: Ptr::Valid })?;
        *count = *out!(told, GetWriterStatusCount { pc_writers })?;
        bench.release(session);
    }
    Ok(counts)
}

/// Each host has writers of its own: one that exits is gone there, and runs again when that host has restarted.
fn gone_on_one_host(bench: &mut Bench<'_>) -> Checked {
    let lab = with_writer_fault(&flow::two_hosts(bench.lab()), "OnThaw", Cause::WriterExits);
    let (session, out) = failure_after_snapshot(bench, &lab, &[r"D:\"])?;
    expect_failure_code(bench, &out)?;
    bench.release(session);
    for (restarted, expected) in [(None, [0, 1]), (Some(2), [0, 1]), (Some(1), [1, 1])] {
        restarted.map_or(Ok(()), |host| bench.act(Action::Restart { host }))?;
        let running = running(bench)?;
        bench.same(&format!("the writers of both hosts (restarted: {restarted:?})"), &expected, &running)?;
    }
    Ok(())
}

/// The writer takes part in one session at a time, and another one has it.
fn session_limit(bench: &mut Bench<'_>) -> Checked {
    let lab = bench
        .lab()
        .clone()
        .with(|lab| lab.writers.iter_mut().for_each(|writer| writer.max_sessions = Some(1)));
    let first = gathered(bench, &lab)?;
    let second = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    flow::gather_metadata(bench, second)?;
    gather(bench, second)?;
    let Some(out) = bench.ok(second, call(0))?.out else {
        return Err(Stop::failed("GetWriterStatusEx returned S_OK but wrote nothing"));
    };
    expect_failure_code(bench, &out)?;
    bench.release(first);
    Ok(())
}

fn partial_failure_returned(bench: &mut Bench<'_>) -> Checked {
    bench.reading("partial-failure = \"return-value\"");
    let code = bench.outcome_code()?;
    let cause = Cause::WriterFails { code, application: HResult::S_OK, message: None };
    let lab = with_writer_fault(bench.lab(), "OnPrepareSnapshot", cause)
        .with_readings(|readings| readings.partial_failure = PartialFailure::ReturnValue);
    bench.load(&lab)?;
    let (session, _) = flow::prepared_set(bench, SnapshotContext::BACKUP, &[r"D:\"])?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    gather(bench, session)?;
    bench.expect(session, call(0), code).map(drop)
}
