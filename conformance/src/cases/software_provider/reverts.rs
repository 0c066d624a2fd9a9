//! Reverting a volume to a copy, which runs on in virtual time and never ends cancelled.

use vss_sim::api::{
    Action, HResult, Object, ObjectType, ProviderCall, ProviderObject, ProviderOut, Ptr, SnapshotContext,
    SnapshotId,
};

use super::copier::{Copier, VOLUMES, load};
use super::effects::{deleted, shows};
use super::scene::scene;
use crate::bench::Bench;
use crate::case::{Checked, Stop};
use crate::cases::flow;

fn revert(copy: SnapshotId) -> ProviderCall {
    ProviderCall::SoftwareRevertToSnapshot { snapshot_id: copy }
}

fn status_of(volume: &str) -> ProviderCall {
    ProviderCall::SoftwareQueryRevertStatus { pwsz_volume: Some(volume.into()), pp_async: Ptr::Valid }
}

/// The volume holds what the copy shows, and the copy stays what it was.
pub(super) fn volume_is_as_the_copy(bench: &mut Bench<'_>) -> Checked {
    let mut copier = load(bench, |_| ())?;
    flow::write(bench, VOLUMES[0], "then")?;
    let copy = copier.copy(bench)?;
    flow::write(bench, VOLUMES[0], "now!")?;
    flow::write(bench, VOLUMES[1], "apart")?;
    let later = copier.copy(bench)?;
    copier.ok(bench, revert(copy))?;
    flow::holds(bench, VOLUMES[0], "then")?;
    flow::holds(bench, VOLUMES[1], "apart")?;
    flow::write(bench, VOLUMES[0], "next")?;
    for (copy, text) in [(copy, "then"), (later, "now!")] {
        let told = copier.told(bench, copy)?;
        shows(bench, &told, text)?;
    }
    Ok(())
}

/// Only copies of persistent contexts; the page lists no code for others, nor for what is no copy.
pub(super) fn not_to_be_reverted_to(bench: &mut Bench<'_>) -> Checked {
    bench
        .inferred("the page lists no code for a copy that is unknown or not persistent: an invalid argument");
    let mut copier = load(bench, |_| ())?;
    flow::write(bench, VOLUMES[0], "then")?;
    let code = bench.outcome_code()?;
    for context in [SnapshotContext::BACKUP, SnapshotContext::FILE_SHARE_BACKUP] {
        for copy in copier.create(bench, context, 1)?.1 {
            flow::write(bench, VOLUMES[0], "now!")?;
            copier.expect(bench, revert(copy), code)?;
        }
    }
    let unknown = SnapshotId(copier.fresh());
    copier.expect(bench, revert(unknown), code)?;
    flow::holds(bench, VOLUMES[0], "now!")
}

/// A revert runs on the volume, to whichever of its copies; when it has ended another may begin.
pub(super) fn already_reverting(bench: &mut Bench<'_>) -> Checked {
    let mut copier = load(bench, |_| ())?;
    let (first, second) = (copier.copy(bench)?, copier.copy(bench)?);
    let code = bench.outcome_code()?;
    copier.ok(bench, revert(first))?;
    flow::write(bench, VOLUMES[0], "now!")?;
    for copy in [first, second] {
        copier.expect(bench, revert(copy), code)?;
    }
    flow::holds(bench, VOLUMES[0], "now!")?;
    wait(bench, &copier)?;
    copier.ok(bench, revert(second)).map(drop)
}

/// The `IVssAsync` of the revert that runs on the first volume.
fn running(bench: &mut Bench<'_>, copier: &Copier) -> Result<ProviderObject, Stop> {
    match copier.ok(bench, status_of(VOLUMES[0]))?.out {
        Some(ProviderOut::SoftwareQueryRevertStatus { pp_async: Object::Async(number) }) => {
            Ok(ProviderObject::Async(number))
        }
        other => Err(Stop::failed(format!("QueryRevertStatus handed out no IVssAsync: {other:?}"))),
    }
}

fn wait(bench: &mut Bench<'_>, copier: &Copier) -> Checked {
    let operation = running(bench, copier)?;
    let waited = ProviderCall::Wait { dw_milliseconds: vss_sim::api::INFINITE };
    let reply = copier.call_object(bench, operation, waited)?;
    bench.same("the code of IVssAsync::Wait", &HResult::S_OK, &reply.hresult)?;
    is_at(bench, copier, operation, HResult::VSS_S_ASYNC_FINISHED)
}

fn is_at(bench: &mut Bench<'_>, copier: &Copier, operation: ProviderObject, wanted: HResult) -> Checked {
    let query = ProviderCall::QueryStatus { p_hr_result: Ptr::Valid, p_reserved: Ptr::Null };
    match copier.call_object(bench, operation, query)?.out {
        Some(ProviderOut::QueryStatus { p_hr_result, .. }) => {
            bench.same("the revert's status", &wanted, &p_hr_result)
        }
        _ => Err(Stop::failed("IVssAsync::QueryStatus left pHrResult as it was")),
    }
}

/// The object tells of the revert until it has ended, and Cancel changes nothing.
pub(super) fn status_is_told(bench: &mut Bench<'_>) -> Checked {
    let scene = scene(bench, |_| ())?;
    let copier = &scene.copier;
    let operation = running(bench, copier)?;
    is_at(bench, copier, operation, HResult::VSS_S_ASYNC_PENDING)?;
    let cancelled = copier.call_object(bench, operation, ProviderCall::Cancel {})?;
    bench.check(cancelled.hresult.is_failure(), || {
        format!("a revert cannot be cancelled, but Cancel returned {}", cancelled.hresult)
    })?;
    is_at(bench, copier, operation, HResult::VSS_S_ASYNC_PENDING)?;
    wait(bench, copier)?;
    is_at(bench, copier, operation, HResult::VSS_S_ASYNC_FINISHED)
}

/// Without a revert Microsoft's sample reads the code as "already finished".
pub(super) fn nothing_is_reverted(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the page does not say what comes when no revert runs: what Microsoft's sample waits for");
    let scene = scene(bench, |_| ())?;
    let copier = &scene.copier;
    let code = bench.outcome_code()?;
    copier.expect(bench, status_of(VOLUMES[1]), code)?;
    copier.ok(bench, status_of(VOLUMES[0]))?;
    bench.act(Action::Elapse { ms: 3_600_000 })?;
    copier.expect(bench, status_of(VOLUMES[0]), code).map(drop)
}

/// A copy that is being reverted to cannot be deleted: the copies before it are gone, those after it are not tried.
pub(super) fn deletion_stops(bench: &mut Bench<'_>) -> Checked {
    let code = bench.outcome_code()?;
    for kept in [0, 1] {
        let mut copier = load(bench, |_| ())?;
        let (set, copies) = copier.create(bench, SnapshotContext::APP_ROLLBACK, 2)?;
        let reverted = copies.get(kept).copied().ok_or_else(|| Stop::error("the set has two copies"))?;
        copier.ok(bench, revert(reverted))?;
        let reply = copier.expect(bench, copier.delete(set.0, ObjectType::SNAPSHOT_SET), code)?;
        let (count, failed) = deleted(reply.out)?;
        bench.same("the copy that could not be deleted", &reverted, &failed)?;
        let mut left = 0;
        for copy in &copies {
            left += i32::from(copier.has(bench, *copy)?);
        }
        bench.same("the copies that are deleted and those that are left", &2, &(count + left))?;
        let stays = copier.has(bench, reverted)?;
        bench.check(stays, || "the failed copy has to stay".to_owned())?;
    }
    Ok(())
}
