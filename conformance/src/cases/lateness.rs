//! Providers that are late, and the virtual time that this takes: in a call and in an operation, however that ends.

use vss_sim::api::{Action, Call, Capabilities, HResult, Object, ProviderId};
use vss_sim::lab::{Cause, Fault};

use super::flow;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    case!("IVssAsync::QueryStatus/VSS_S_ASYNC_FINISHED/finished", finished_during_a_late_call),
    case!("IVssAsync::QueryStatus/VSS_S_ASYNC_PENDING/still-running", late_creation_goes_on),
    case!("IVssAsync::QueryStatus/VSS_S_ASYNC_PENDING/still-running", late_import_goes_on),
    case!("IVssAsync::QueryStatus/VSS_S_ASYNC_PENDING/still-running", late_failure_does_not_show_yet),
    case!("IVssAsync::Cancel/S_OK/cancelled-now", late_failure_is_cancelled),
];

/// An operation of 500 ms is begun, and another requester adds a volume to its set; its provider is late as the faults say.
/// Answers how the operation stands then.
fn beside_an_addition(bench: &mut Bench<'_>, late_ms: Option<u64>) -> Result<HResult, Stop> {
    let late = late_ms.map(|ms| Fault::new("BeginPrepareSnapshot", Cause::Late(ms)));
    let lab = bench.lab().clone().with(|lab| lab.faults.extend(late.clone()));
    bench.load(&lab)?;
    let gathering = flow::initialized(bench)?;
    let adding = flow::backup_object(bench, flow::PERSISTENT)?;
    bench.ok(adding, Call::START_SNAPSHOT_SET)?;
    let operation = bench.object(gathering, Call::GATHER_WRITER_METADATA)?;
    bench.ok(adding, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL))?;
    bench.status(operation)
}

/// The requester waits for its call, and the other's operation goes on meanwhile.
fn finished_during_a_late_call(bench: &mut Bench<'_>) -> Checked {
    bench.need(Capabilities::FAULTS)?;
    for late_ms in [None, Some(100)] {
        let status = beside_an_addition(bench, late_ms)?;
        bench.same("how the operation stands before its time", &HResult::VSS_S_ASYNC_PENDING, &status)?;
    }
    let status = beside_an_addition(bench, Some(60_000))?;
    let code = bench.outcome_code()?;
    bench.expect_value("pHrResult", status, code)
}

/// What a hardware provider is called with in a creation, but for the commit, which has a limit of its own.
const IN_A_CREATION: [&str; 8] = [
    "EndPrepareSnapshots",
    "PreCommitSnapshots",
    "PostCommitSnapshots",
    "GetTargetLuns",
    "PreFinalCommitSnapshots",
    "PostFinalCommitSnapshots",
    "LocateLuns",
    "FillInLunInfo",
];

/// An operation that takes two seconds at most, and a provider that is late by a minute in one of its calls.
fn takes_a_minute(bench: &mut Bench<'_>, operation: Object, method: &str) -> Checked {
    bench.act(Action::Elapse { ms: 59_000 })?;
    let status = bench.status(operation)?;
    bench.check(status == HResult::VSS_S_ASYNC_PENDING, || {
        format!(
            "a provider that is late in {method} must keep the operation pending, but it stands at {status}"
        )
    })?;
    let code = bench.outcome_code()?;
    bench.expect_value("pHrResult", status, code)?;
    bench.act(Action::Elapse { ms: 3_500 })?;
    let status = bench.status(operation)?;
    bench.check(status == HResult::VSS_S_ASYNC_FINISHED, || {
        format!("a provider that is late in {method} must not end the operation with {status}")
    })
}

fn late_creation_goes_on(bench: &mut Bench<'_>) -> Checked {
    for method in IN_A_CREATION {
        bench.load(&bench.lab().clone().with_fault(Fault::new(method, Cause::Late(60_000))))?;
        let (session, _) = flow::prepared_set(bench, flow::PERSISTENT, &[r"D:\"])?;
        let operation = bench.object(session, Call::DO_SNAPSHOT_SET)?;
        takes_a_minute(bench, operation, method)?;
    }
    Ok(())
}

fn late_import_goes_on(bench: &mut Bench<'_>) -> Checked {
    for method in ["LocateLuns", "FillInLunInfo"] {
        bench.load(&flow::two_hosts(bench.lab()).with_fault(Fault::new(method, Cause::Late(60_000))))?;
        let set = flow::backup_with(bench, flow::transportable(), &[r"D:\"])?;
        let importer = flow::importer(bench, 2, &set.document)?;
        let operation = bench.object(importer, Call::IMPORT_SNAPSHOTS)?;
        takes_a_minute(bench, operation, method)?;
    }
    Ok(())
}

/// A creation whose provider is late by ten seconds in the commit, which is too late; two seconds are its own. Answers also
/// its object.
fn too_late(bench: &mut Bench<'_>) -> Result<(Object, Object), Stop> {
    bench.need(Capabilities::FAULTS)?;
    let late = Fault::new("CommitSnapshots", Cause::Late(10_000));
    bench.load(&bench.lab().clone().with_fault(late))?;
    let (session, _) = flow::prepared_set(bench, flow::PERSISTENT, &[r"D:\"])?;
    let operation = bench.object(session, Call::DO_SNAPSHOT_SET)?;
    bench.act(Action::Elapse { ms: 11_000 })?;
    Ok((session, operation))
}

/// Nobody can know of the failure before the provider has answered.
fn late_failure_does_not_show_yet(bench: &mut Bench<'_>) -> Checked {
    let (_, operation) = too_late(bench)?;
    let status = bench.status(operation)?;
    let code = bench.outcome_code()?;
    bench.expect_value("pHrResult", status, code)?;
    bench.act(Action::Elapse { ms: 1_500 })?;
    let status = bench.status(operation)?;
    bench.same("how it ends", &HResult::VSS_E_HOLD_WRITES_TIMEOUT, &status)
}

/// Until then it can be cancelled; it leaves no copy either way, and the next set is created.
fn late_failure_is_cancelled(bench: &mut Bench<'_>) -> Checked {
    let (session, operation) = too_late(bench)?;
    let copies = flow::copies_of_lun(bench, "data-d")?;
    bench.check(copies.is_empty(), || "a failed creation must not leave a LUN behind".to_owned())?;
    let before = flow::luns(bench)?;
    let code = bench.outcome_code()?;
    bench.expect(operation, Call::Cancel {}, code)?;
    bench.act(Action::Elapse { ms: 60_000 })?;
    let status = bench.status(operation)?;
    bench.same("how it ends", &HResult::VSS_S_ASYNC_CANCELLED, &status)?;
    let after = flow::luns(bench)?;
    bench.same("the LUNs", &before, &after)?;
    bench.release(session);
    flow::backup_with(bench, flow::PERSISTENT, &[r"D:\"]).map(drop)
}
