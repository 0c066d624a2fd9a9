//! `IVssAsync`.

use vss_sim::api::{Action, Call, HResult, INFINITE, Object, Out, Ptr, SnapshotContext};
use vss_sim::lab::{CallerRole, Cause, Fault, Lab, Os, WaitAfterFailure};

use super::flow;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    case!("IVssAsync::Cancel/S_OK/cancelled-now", cancel_stops_the_operation),
    case!("IVssAsync::Cancel/S_OK/cancelled-now", cancelled_resync_overwrites_nothing),
    case!("IVssAsync::Cancel/VSS_S_ASYNC_CANCELLED/already-cancelled", cancel_again),
    case!("IVssAsync::Cancel/VSS_S_ASYNC_FINISHED/already-finished", cancel_too_late),
    case!("IVssAsync::Cancel/VSS_E_UNEXPECTED/unexpected", cancel_unexpected),
    case!("IVssAsync::Cancel/E_UNEXPECTED/unexpected-legacy-os", cancel_unexpected_legacy),
    case!("IVssAsync::Cancel/HRESULT/operation-failed-earlier", cancel_after_failure),
    case!("IVssAsync::QueryStatus/S_OK/queried", queried),
    case!("IVssAsync::QueryStatus/E_ACCESSDENIED/insufficient-privilege", query_denied),
    case!("IVssAsync::QueryStatus/E_INVALIDARG/null-phrresult", query_null),
    case!("IVssAsync::QueryStatus/E_INVALIDARG/bad-phrresult", query_bad_pointer),
    case!("IVssAsync::QueryStatus/VSS_E_UNEXPECTED/unexpected", query_unexpected),
    case!("IVssAsync::QueryStatus/E_UNEXPECTED/unexpected-legacy-os", query_unexpected_legacy),
    case!("IVssAsync::QueryStatus/VSS_S_ASYNC_PENDING/still-running", still_running),
    case!("IVssAsync::QueryStatus/VSS_S_ASYNC_FINISHED/finished", finished),
    case!("IVssAsync::QueryStatus/VSS_S_ASYNC_CANCELLED/cancelled", cancelled),
    case!("IVssAsync::QueryStatus/HRESULT/operation-failed", operation_failed),
    case!("IVssAsync::Wait/S_OK/wait-succeeded", waited),
    case!("IVssAsync::Wait/S_OK/wait-succeeded", wait_runs_out_of_time),
    case!("IVssAsync::Wait/S_OK/operation-failed-anyway", wait_succeeds_though_failed),
    case!("IVssAsync::Wait/E_ACCESSDENIED/insufficient-privilege", wait_denied),
    case!("IVssAsync::Wait/VSS_E_UNEXPECTED/unexpected", wait_unexpected),
    case!("IVssAsync::Wait/E_UNEXPECTED/unexpected-legacy-os", wait_unexpected_legacy),
    case!("IVssAsync::Wait/E_INVALIDARG/finite-timeout-server-2003", finite_wait_on_server_2003),
    case!("IVssAsync::Wait/HRESULT/operation-failed-while-waiting", failed_while_waiting),
];

const WAIT: Call = Call::Wait { dw_milliseconds: INFINITE };
/// An operation that has just begun: GatherWriterMetadata, which every system has.
fn pending(bench: &mut Bench<'_>, lab: &Lab) -> Result<(Object, Object), Stop> {
    bench.load(lab)?;
    let session = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    let operation = bench.object(session, Call::GATHER_WRITER_METADATA)?;
    Ok((session, operation))
}

fn with_fault(lab: &Lab, call: &str, cause: Cause) -> Lab {
    lab.clone().with_fault(Fault { call: call.to_owned(), of: None, nth: 1, cause })
}

/// A lab in which DoSnapshotSet fails: the provider vetoes the commit.
fn failing_lab(lab: &Lab) -> Lab {
    with_fault(lab, "CommitSnapshots", Cause::ProviderAnswers(HResult::VSS_E_PROVIDER_VETO))
}

/// A DoSnapshotSet under way.
fn snapshotting(bench: &mut Bench<'_>, lab: &Lab) -> Result<(Object, Object), Stop> {
    bench.load(lab)?;
    let (session, _) = flow::prepared_set(bench, SnapshotContext::BACKUP, &[r"D:\"])?;
    let operation = bench.object(session, Call::DO_SNAPSHOT_SET)?;
    Ok((session, operation))
}

fn status_is(bench: &mut Bench<'_>, operation: Object, code: HResult) -> Checked {
    let status = bench.status(operation)?;
    bench.expect_value("pHrResult", status, code)
}

/// The operation neither goes on nor leaves anything behind.
fn cancel_stops_the_operation(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    let (_, operation) = snapshotting(bench, lab)?;
    let before = flow::luns(bench)?;
    let code = bench.outcome_code()?;
    bench.expect(operation, Call::Cancel {}, code)?;
    bench.act(Action::Elapse { ms: 600_000 })?;
    bench.ok(operation, WAIT)?;
    status_is(bench, operation, HResult::VSS_S_ASYNC_CANCELLED)?;
    let after = flow::luns(bench)?;
    bench.check(before == after, || "a cancelled creation must not leave a LUN behind".to_owned())
}

fn cancelled_resync_overwrites_nothing(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("no page says what a cancelled resync leaves; half a copy would be of no use to anybody");
    bench.load_default()?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    flow::write(bench, r"D:\", "written since")?;
    let restore = flow::recovery_set(bench, &backup, None)?;
    let before = flow::luns(bench)?;
    let operation = bench.object(restore, Call::recover_set(vss_sim::api::RecoveryOptions::empty()))?;
    // The array has begun to copy.
    bench.act(Action::Elapse { ms: 200 })?;
    let code = bench.outcome_code()?;
    bench.expect(operation, Call::Cancel {}, code)?;
    bench.act(Action::Elapse { ms: 600_000 })?;
    status_is(bench, operation, HResult::VSS_S_ASYNC_CANCELLED)?;
    let after = flow::luns(bench)?;
    bench.check(before == after, || "a cancelled resync must leave every LUN as it was".to_owned())
}

fn cancel_again(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    let (_, operation) = pending(bench, lab)?;
    bench.ok(operation, Call::Cancel {})?;
    let code = bench.outcome_code()?;
    bench.expect(operation, Call::Cancel {}, code)?;
    status_is(bench, operation, HResult::VSS_S_ASYNC_CANCELLED)
}

fn cancel_too_late(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    let (_, operation) = pending(bench, lab)?;
    bench.ok(operation, WAIT)?;
    let code = bench.outcome_code()?;
    bench.expect(operation, Call::Cancel {}, code)?;
    status_is(bench, operation, HResult::VSS_S_ASYNC_FINISHED)
}

/// An operation whose object breaks at the first such call, on a system that knows the outcome's code.
fn broken(bench: &mut Bench<'_>, os: Os, call: Call) -> Checked {
    let lab = with_fault(&flow::with_os(bench.lab(), os), call.method().name, Cause::ServiceBreaks);
    let (_, operation) = pending(bench, &lab)?;
    let code = bench.outcome_code()?;
    bench.expect(operation, call, code)?;
    flow::logged(bench, code)?;
    // Nothing was done: the operation still runs.
    status_is(bench, operation, HResult::VSS_S_ASYNC_PENDING)
}

fn cancel_unexpected(bench: &mut Bench<'_>) -> Checked {
    broken(bench, Os::WindowsServer2022, Call::Cancel {})
}

fn cancel_unexpected_legacy(bench: &mut Bench<'_>) -> Checked {
    broken(bench, Os::WindowsServer2008, Call::Cancel {})
}

fn query_unexpected(bench: &mut Bench<'_>) -> Checked {
    broken(bench, Os::WindowsServer2022, Call::QUERY_STATUS)
}

fn query_unexpected_legacy(bench: &mut Bench<'_>) -> Checked {
    broken(bench, Os::WindowsServer2008, Call::QUERY_STATUS)
}

fn wait_unexpected(bench: &mut Bench<'_>) -> Checked {
    broken(bench, Os::WindowsServer2022, WAIT)
}

fn wait_unexpected_legacy(bench: &mut Bench<'_>) -> Checked {
    broken(bench, Os::WindowsServer2008, WAIT)
}

fn cancel_after_failure(bench: &mut Bench<'_>) -> Checked {
    let lab = failing_lab(bench.lab());
    let (_, operation) = snapshotting(bench, &lab)?;
    let failure = bench.settle(operation)?;
    bench.same("how DoSnapshotSet ended", &HResult::VSS_E_PROVIDER_VETO, &failure)?;
    let settled = bench.expect_failure(operation, Call::Cancel {})?;
    bench.same("what Cancel returns: the operation's own code", &failure, &settled.code)
}

/// The query works whatever the operation does, and writes its value every time.
fn queried(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    let (_, operation) = pending(bench, lab)?;
    let code = bench.outcome_code()?;
    for _ in 0..2 {
        let reply = bench.expect(operation, Call::QUERY_STATUS, code)?;
        bench.check(matches!(reply.out, Some(Out::QueryStatus { .. })), || {
            "pHrResult has to be written".to_owned()
        })?;
        bench.call(operation, WAIT);
    }
    Ok(())
}

/// The process goes on under an account that is neither administrator nor backup operator.
fn denied(bench: &mut Bench<'_>, call: Call) -> Checked {
    let lab = bench.lab();
    let (_, operation) = pending(bench, lab)?;
    bench.act(Action::BecomeCaller { role: CallerRole::User })?;
    let code = bench.outcome_code()?;
    bench.expect(operation, call.clone(), code)?;
    bench.act(Action::BecomeCaller { role: CallerRole::BackupOperator })?;
    bench.ok(operation, call).map(drop)
}

fn query_denied(bench: &mut Bench<'_>) -> Checked {
    denied(bench, Call::QUERY_STATUS)
}

fn wait_denied(bench: &mut Bench<'_>) -> Checked {
    denied(bench, WAIT)
}

fn query_null(bench: &mut Bench<'_>) -> Checked {
    query_with(bench, Ptr::Null)
}

fn query_bad_pointer(bench: &mut Bench<'_>) -> Checked {
    query_with(bench, Ptr::Dangling)
}

fn query_with(bench: &mut Bench<'_>, p_hr_result: Ptr) -> Checked {
    let lab = bench.lab();
    let (_, operation) = pending(bench, lab)?;
    let code = bench.outcome_code()?;
    bench.expect(operation, Call::QueryStatus { p_hr_result, p_reserved: Ptr::Null }, code)?;
    status_is(bench, operation, HResult::VSS_S_ASYNC_PENDING)
}

fn still_running(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    let (_, operation) = pending(bench, lab)?;
    let code = bench.outcome_code()?;
    status_is(bench, operation, code)
}

fn finished(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    let (session, operation) = pending(bench, lab)?;
    bench.ok(operation, WAIT)?;
    let code = bench.outcome_code()?;
    status_is(bench, operation, code)?;
    // What the operation was for is at hand: a set can be prepared.
    flow::start_set(bench, session, &[r"D:\"])?;
    bench.done(session, Call::PREPARE_FOR_BACKUP).map(drop)
}

fn cancelled(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    let (_, operation) = pending(bench, lab)?;
    bench.ok(operation, Call::Cancel {})?;
    let code = bench.outcome_code()?;
    status_is(bench, operation, code)
}

fn operation_failed(bench: &mut Bench<'_>) -> Checked {
    let lab = failing_lab(bench.lab());
    let (_, operation) = snapshotting(bench, &lab)?;
    bench.call(operation, WAIT);
    status_is(bench, operation, HResult::VSS_E_PROVIDER_VETO)
}

fn waited(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    let (_, operation) = pending(bench, lab)?;
    let code = bench.outcome_code()?;
    bench.expect(operation, WAIT, code)?;
    status_is(bench, operation, HResult::VSS_S_ASYNC_FINISHED)
}

fn wait_runs_out_of_time(bench: &mut Bench<'_>) -> Checked {
    bench.observed("O21");
    let lab = bench.lab();
    let (_, operation) = pending(bench, lab)?;
    let code = bench.outcome_code()?;
    bench.expect(operation, Call::Wait { dw_milliseconds: 1 }, code)?;
    status_is(bench, operation, HResult::VSS_S_ASYNC_PENDING)?;
    bench.ok(operation, WAIT)?;
    status_is(bench, operation, HResult::VSS_S_ASYNC_FINISHED)
}

fn wait_succeeds_though_failed(bench: &mut Bench<'_>) -> Checked {
    bench.reading("wait-after-failure = \"s-ok\"");
    let lab = failing_lab(bench.lab())
        .with_readings(|readings| readings.wait_after_failure = WaitAfterFailure::SOk);
    let (_, operation) = snapshotting(bench, &lab)?;
    let code = bench.outcome_code()?;
    bench.expect(operation, WAIT, code)?;
    status_is(bench, operation, HResult::VSS_E_PROVIDER_VETO)
}

fn failed_while_waiting(bench: &mut Bench<'_>) -> Checked {
    bench.reading("wait-after-failure = \"operation-error\"");
    let lab = failing_lab(bench.lab())
        .with_readings(|readings| readings.wait_after_failure = WaitAfterFailure::OperationError);
    let (_, operation) = snapshotting(bench, &lab)?;
    let settled = bench.expect_failure(operation, WAIT)?;
    bench.same(
        "what Wait returns: the operation's own code",
        &HResult::VSS_E_PROVIDER_VETO,
        &settled.code,
    )?;
    status_is(bench, operation, HResult::VSS_E_PROVIDER_VETO)
}

fn finite_wait_on_server_2003(bench: &mut Bench<'_>) -> Checked {
    let lab = flow::with_os(bench.lab(), Os::WindowsServer2003);
    let (_, operation) = pending(bench, &lab)?;
    let code = bench.outcome_code()?;
    for dw_milliseconds in [0, 1_000, INFINITE - 1] {
        bench.expect(operation, Call::Wait { dw_milliseconds }, code)?;
    }
    bench.ok(operation, WAIT).map(drop)
}
