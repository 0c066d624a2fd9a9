//! `IVssBackupComponents::QueryRevertStatus`, and the `IVssAsync` that it hands out.

use vss_sim::api::{Action, Call, HResult, Ptr, SnapshotContext};
use vss_sim::lab::{Cause, Fault, SYSTEM_PROVIDER};

use super::{BAD_NAMES, Set, UNENDED_NAMES, flow, running, windows_on_c};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssBackupComponents::QueryRevertStatus/S_OK/async-returned", told_to_the_end),
    case!("IVssBackupComponents::QueryRevertStatus/S_OK/async-returned", cannot_be_cancelled),
    case!("IVssBackupComponents::QueryRevertStatus/S_OK/async-returned", needs_no_requester),
    case!("IVssBackupComponents::QueryRevertStatus/S_OK/async-returned", volume_lost),
    case!("IVssBackupComponents::QueryRevertStatus/S_OK/async-returned", runs_on_another_host),
    case!("IVssBackupComponents::QueryRevertStatus/E_INVALIDARG/bad-parameter", bad_pointer),
    case!("IVssBackupComponents::QueryRevertStatus/E_INVALIDARG/bad-volume-name", bad_names),
    case!("IVssBackupComponents::QueryRevertStatus/E_INVALIDARG/no-trailing-backslash", no_backslash),
    case!("IVssBackupComponents::QueryRevertStatus/E_NOTIMPL/provider-no-revert", hardware_copies_only),
    case!("IVssBackupComponents::QueryRevertStatus/E_NOTIMPL/provider-no-revert", provider_cannot),
    case!("IVssBackupComponents::QueryRevertStatus/E_POINTER/null-pointer", no_name),
    case!("IVssBackupComponents::QueryRevertStatus/VSS_E_OBJECT_NOT_FOUND/invalid-volume", no_such_volume),
    case!("IVssBackupComponents::QueryRevertStatus/VSS_E_OBJECT_NOT_FOUND/invalid-volume", nothing_runs),
    case!(
        "IVssBackupComponents::QueryRevertStatus/VSS_E_VOLUME_NOT_SUPPORTED/revert-unsupported",
        boot_volume
    ),
    case!(
        "IVssBackupComponents::QueryRevertStatus/VSS_E_VOLUME_NOT_SUPPORTED/revert-unsupported",
        raw_volume
    ),
];

/// The outcome's code comes; a good call succeeds after it.
fn refused(bench: &mut Bench<'_>, calls: Vec<Call>) -> Checked {
    bench.load_default()?;
    let Set { session, .. } = flow::reverting(bench)?;
    let code = bench.outcome_code()?;
    for call in calls {
        bench.expect(session, call, code)?;
    }
    running(bench, session, r"D:\").map(drop)
}

/// By each of the volume's names; the object waits, and tells afterwards too.
fn told_to_the_end(bench: &mut Bench<'_>) -> Checked {
    let lab = flow::also_mounted(bench.lab(), r"D:\", r"C:\mnt\d\")?;
    bench.load(&lab)?;
    let Set { session, copies, .. } = flow::reverting(bench)?;
    let guid = flow::properties(bench, session, copies[0])?.original_volume_name;
    let code = bench.outcome_code()?;
    let mut operations = Vec::new();
    for name in [r"D:\", r"C:\mnt\d\", &*guid] {
        let reply = bench.expect(session, Call::query_revert_status(name), code)?;
        operations.push(*crate::out!(reply, QueryRevertStatus { pp_async })?);
    }
    for operation in &operations {
        let status = bench.status(*operation)?;
        bench.same("the revert that was just begun", &HResult::VSS_S_ASYNC_PENDING, &status)?;
    }
    for operation in operations {
        let end = bench.settle(operation)?;
        bench.same("the end of the revert", &HResult::S_OK, &end)?;
        bench.release(operation);
    }
    flow::holds(bench, r"D:\", "then")
}

fn cannot_be_cancelled(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let Set { session, .. } = flow::reverting(bench)?;
    let code = bench.outcome_code()?;
    let reply = bench.expect(session, Call::query_revert_status(r"D:\"), code)?;
    let operation = *crate::out!(reply, QueryRevertStatus { pp_async })?;
    let cancelled = bench.call(operation, Call::Cancel {}).hresult;
    bench.check(cancelled.is_failure(), || {
        format!("a revert cannot be cancelled, but IVssAsync::Cancel returned {cancelled}")
    })?;
    let status = bench.status(operation)?;
    bench.same("the revert after Cancel", &HResult::VSS_S_ASYNC_PENDING, &status)?;
    let end = bench.settle(operation)?;
    bench.same("the end of the revert", &HResult::S_OK, &end)?;
    flow::holds(bench, r"D:\", "then")
}

/// Neither the one that has begun the revert nor the one that asked for its status.
fn needs_no_requester(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let Set { session, .. } = flow::reverting(bench)?;
    let code = bench.outcome_code()?;
    let asked = running(bench, session, r"D:\")?;
    bench.release(session);
    let status = bench.status(asked)?;
    bench.same("the revert without its requester", &HResult::VSS_S_ASYNC_PENDING, &status)?;
    let other = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    bench.expect(other, Call::query_revert_status(r"D:\"), code)?;
    bench.act(Action::EndProcess { session: other })?;
    let end = bench.settle(asked)?;
    bench.same("the end of the revert", &HResult::S_OK, &end)?;
    flow::holds(bench, r"D:\", "then")
}

/// Two hosts have the LUN. The second, which has no copy of it or only an array's, can be told of the revert that the first
/// carries out: until that ends it can begin none. It survives a restart.
fn runs_on_another_host(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("a volume on a LUN that two hosts have is one volume; the page tells of one host");
    bench.load(&flow::two_hosts(bench.lab()))?;
    let arrays = flow::create_on(bench, flow::SECOND)?;
    bench.ok(arrays, Call::InitializeForBackup { bstr_xml: None })?;
    let nothing = bench.call(arrays, Call::query_revert_status(r"D:\")).hresult;
    bench.same("the status before any revert", &HResult::VSS_E_OBJECT_NOT_FOUND, &nothing)?;
    bench.ok(arrays, Call::SetContext { l_context: flow::PERSISTENT })?;
    flow::start_set(bench, arrays, &[r"D:\"])?;
    bench.done(arrays, Call::DO_SNAPSHOT_SET)?;
    flow::reverting(bench)?;
    let code = bench.outcome_code()?;
    let reply = bench.expect(arrays, Call::query_revert_status(r"D:\"), code)?;
    let operation = *crate::out!(reply, QueryRevertStatus { pp_async })?;
    let status = bench.status(operation)?;
    bench.same("the revert, seen from the second host", &HResult::VSS_S_ASYNC_PENDING, &status)?;
    bench.act(Action::Restart { host: 1 })?;
    let status = bench.status(operation)?;
    bench.same("the revert after the first host's restart", &HResult::VSS_S_ASYNC_PENDING, &status)?;
    let end = bench.settle(operation)?;
    bench.same("the end of the revert", &HResult::S_OK, &end)?;
    flow::holds(bench, r"D:\", "then")?;
    let nothing = bench.call(arrays, Call::query_revert_status(r"D:\")).hresult;
    bench.same("the status after it", &HResult::VSS_E_OBJECT_NOT_FOUND, &nothing)
}

/// The disk goes away while blocks are moved. The header has a code for that, and no page.
fn volume_lost(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("vss.h has VSS_E_REVERT_VOLUME_LOST, and no page says where it comes from");
    bench.load_default()?;
    let Set { session, copies, .. } = flow::reverting(bench)?;
    let code = bench.outcome_code()?;
    let reply = bench.expect(session, Call::query_revert_status(r"D:\"), code)?;
    let operation = *crate::out!(reply, QueryRevertStatus { pp_async })?;
    bench.act(Action::MaskLun { lun: "data-d".into() })?;
    let lost = bench.settle(operation)?;
    bench.same("the revert without its volume", &HResult::VSS_E_REVERT_VOLUME_LOST, &lost)?;
    bench.act(Action::PresentLun { lun: "data-d".into(), host: 1 })?;
    let status = bench.status(operation)?;
    bench.same("the revert when its volume is back", &HResult::VSS_E_REVERT_VOLUME_LOST, &status)?;
    bench.ok(session, Call::revert_to_snapshot(copies[0]))?;
    flow::holds(bench, r"D:\", "then")
}

fn bad_pointer(bench: &mut Bench<'_>) -> Checked {
    refused(
        bench,
        vec![Call::QueryRevertStatus { pwsz_volume: Some(r"D:\".into()), pp_async: Ptr::Dangling }],
    )
}

fn no_name(bench: &mut Bench<'_>) -> Checked {
    refused(bench, vec![Call::QueryRevertStatus { pwsz_volume: None, pp_async: Ptr::Valid }])
}

fn bad_names(bench: &mut Bench<'_>) -> Checked {
    refused(bench, BAD_NAMES.into_iter().map(Call::query_revert_status).collect())
}

fn no_backslash(bench: &mut Bench<'_>) -> Checked {
    refused(bench, UNENDED_NAMES.into_iter().map(Call::query_revert_status).collect())
}

/// Of E: there are copies of a hardware provider, and these have no revert.
fn hardware_copies_only(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("a volume's provider is taken to be the one that has copies of it");
    bench.load_default()?;
    let backup = flow::backup(bench, &[r"E:\"])?;
    let code = bench.outcome_code()?;
    bench.expect(backup.session, Call::query_revert_status(r"E:\"), code).map(drop)
}

fn provider_cannot(bench: &mut Bench<'_>) -> Checked {
    let cannot = Fault::new("QueryRevertStatus", Cause::ProviderAnswers(HResult::E_NOTIMPL));
    let lab = bench.lab().clone().with_fault(cannot.of(SYSTEM_PROVIDER));
    bench.load(&lab)?;
    let Set { session, .. } = flow::reverting(bench)?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::query_revert_status(r"D:\"), code)?;
    running(bench, session, r"D:\").map(drop)
}

fn no_such_volume(bench: &mut Bench<'_>) -> Checked {
    let missing = [r"Q:\", r"D:\folder\", r"\\?\Volume{7673736c-0000-0000-0000-00000000dead}\"];
    refused(bench, missing.into_iter().map(Call::query_revert_status).collect())
}

/// Vshadow takes the code for "already finished".
fn nothing_runs(bench: &mut Bench<'_>) -> Checked {
    bench.inferred(
        "the page has no code for a volume without a revert; Microsoft's sample waits for this one",
    );
    bench.load_default()?;
    let Set { session, copies, .. } = flow::backup_by_system(bench, r"D:\")?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::query_revert_status(r"D:\"), code)?;
    bench.expect(session, Call::query_revert_status(r"F:\"), code)?;
    bench.ok(session, Call::revert_to_snapshot(copies[0]))?;
    running(bench, session, r"D:\")?;
    bench.act(Action::Elapse { ms: 3_600_000 })?;
    bench.expect(session, Call::query_revert_status(r"D:\"), code).map(drop)
}

fn boot_volume(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the page does not say which volumes these are: Windows cannot dismount its own");
    bench.load(&windows_on_c(bench.lab())?)?;
    let Set { session, .. } = flow::reverting(bench)?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::query_revert_status(r"C:\"), code)?;
    running(bench, session, r"D:\").map(drop)
}

/// Nothing can be copied there, and nothing be reverted.
fn raw_volume(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the page does not say which volumes these are: copies need a file system");
    let lab = flow::changed(bench.lab(), flow::with_file_system(r"S:\", "RAW"))?;
    bench.load(&lab)?;
    let Set { session, .. } = flow::reverting(bench)?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::query_revert_status(r"S:\"), code)?;
    running(bench, session, r"D:\").map(drop)
}
