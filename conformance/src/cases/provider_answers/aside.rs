//! Answers outside of a creation's course: AbortSnapshots, OnLunEmpty, ResyncLuns.

use vss_sim::api::{Action, Call, Capabilities, HResult, RecoveryOptions, SnapshotContext};
use vss_sim::lab::{Cause, Fault};

use super::{
    Source, answered, cause, entries, fault, flow, lun_count, method, next_creation_works, set_of, tells,
};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssProviderCreateSnapshotSet::AbortSnapshots/S_OK/success", abort),
    case!("IVssProviderCreateSnapshotSet::AbortSnapshots/E_OUTOFMEMORY/no-memory-or-resources", abort_fails),
    case!("IVssProviderCreateSnapshotSet::AbortSnapshots/E_INVALIDARG/bad-parameter", abort_fails),
    case!("IVssProviderCreateSnapshotSet::AbortSnapshots/VSS_E_OBJECT_NOT_FOUND/unknown-set", abort_fails),
    case!(
        "IVssProviderCreateSnapshotSet::AbortSnapshots/VSS_E_PROVIDER_VETO/unexpected-provider-error",
        abort_fails
    ),
    case!("IVssHardwareSnapshotProvider::OnLunEmpty/S_OK/success", given_back),
    case!("IVssHardwareSnapshotProvider::OnLunEmpty/E_OUTOFMEMORY/no-memory-or-resources", left),
    case!("IVssHardwareSnapshotProvider::OnLunEmpty/E_OUTOFMEMORY/no-memory-or-resources", left_and_logged),
    case!("IVssHardwareSnapshotProvider::OnLunEmpty/E_INVALIDARG/bad-parameter", left),
    case!("IVssHardwareSnapshotProvider::OnLunEmpty/E_INVALIDARG/bad-parameter", left_and_logged),
    case!("IVssHardwareSnapshotProvider::OnLunEmpty/VSS_E_PROVIDER_VETO/unexpected-provider-error", left),
    case!(
        "IVssHardwareSnapshotProvider::OnLunEmpty/VSS_E_PROVIDER_VETO/unexpected-provider-error",
        left_and_logged
    ),
    case!("IVssHardwareSnapshotProviderEx::ResyncLuns/S_OK/success", resync),
    case!("IVssHardwareSnapshotProviderEx::ResyncLuns/E_OUTOFMEMORY/no-memory-or-resources", resync_refused),
    case!(
        "IVssHardwareSnapshotProviderEx::ResyncLuns/VSS_E_PROVIDER_VETO/unexpected-provider-error",
        resync_refused
    ),
    case!(
        "IVssHardwareSnapshotProviderEx::ResyncLuns/VSS_E_INSUFFICIENT_STORAGE/not-enough-disk-space",
        resync_refused
    ),
];

/// Loads a lab in which PostCommitSnapshots fails with that code, and lets a creation fail of it.
fn failed_creation(bench: &mut Bench<'_>, abort: Option<Fault>, failure: HResult) -> Checked {
    let mut lab =
        bench.lab().clone().with_fault(Fault::new("PostCommitSnapshots", Cause::ProviderAnswers(failure)));
    lab.faults.extend(abort);
    bench.load(&lab)?;
    bench.act(Action::WatchProviders)?;
    let Ok(session) = set_of(bench, SnapshotContext::NAS_ROLLBACK, r"D:\")? else {
        return Err(Stop::failed("AddToSnapshotSet fails although nothing is wrong yet"));
    };
    let settled = bench.finish(session, Call::DO_SNAPSHOT_SET)?;
    bench.same("what the creation comes to", &failure, &settled.code)
}

fn abort(bench: &mut Bench<'_>) -> Checked {
    failed_creation(bench, None, HResult::E_INVALIDARG)?;
    answered(bench, "AbortSnapshots", bench.outcome_code()?)?;
    let luns = lun_count(bench)?;
    next_creation_works(bench, luns + 1)
}

/// Whatever AbortSnapshots answers, the requester sees why the set failed, and VSS does not log it. What the provider has
/// left goes with its next set.
fn abort_fails(bench: &mut Bench<'_>) -> Checked {
    let code = bench.outcome_code()?;
    let failure = if code == HResult::E_INVALIDARG { HResult::E_OUTOFMEMORY } else { HResult::E_INVALIDARG };
    // The bare answer: the set stays with a provider that does nothing.
    let fault = Fault::new(method(bench), Cause::ProviderAnswers(code));
    failed_creation(bench, Some(fault), failure)?;
    answered(bench, "AbortSnapshots", code)?;
    let told = entries(bench)?.iter().any(|event| event.source == "VSS".into() && event.code == code);
    bench.check(!told, || format!("VSS may not log {code} of AbortSnapshots, but does"))?;
    if code == HResult::VSS_E_PROVIDER_VETO {
        tells(bench, Source::Provider, code, "AbortSnapshots")?;
    }
    let luns = lun_count(bench)?;
    next_creation_works(bench, luns)
}

/// Makes a copy that goes with its object, and lets go of the object. Answers how many LUNs there were without it.
fn copy_that_goes(bench: &mut Bench<'_>) -> Result<usize, Stop> {
    let luns = lun_count(bench)?;
    let Ok(session) = set_of(bench, SnapshotContext::FILE_SHARE_BACKUP, r"D:\")? else {
        return Err(Stop::failed("AddToSnapshotSet fails although nothing is wrong yet"));
    };
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    let with_copy = lun_count(bench)?;
    bench.same("the number of LUNs with the copy", &(luns + 1), &with_copy)?;
    bench.release(session);
    Ok(luns)
}

fn given_back(bench: &mut Bench<'_>) -> Checked {
    bench.need(Capabilities::FAULTS)?;
    bench.load_default()?;
    let luns = copy_that_goes(bench)?;
    let now = lun_count(bench)?;
    bench.same("the number of LUNs after the deletion", &luns, &now)
}

/// The LUN cannot be deleted: it stays. Answers how many there are then.
fn deletion_fails(bench: &mut Bench<'_>) -> Result<usize, Stop> {
    let lab = bench.lab().clone().with_fault(fault(bench)?);
    bench.load(&lab)?;
    bench.act(Action::WatchProviders)?;
    let luns = copy_that_goes(bench)? + 1;
    answered(bench, "OnLunEmpty", bench.outcome_code()?)?;
    let now = lun_count(bench)?;
    bench.same("the number of LUNs after the deletion", &luns, &now)?;
    Ok(luns)
}

/// The deletion is a best effort: nobody is in the way of the next set.
fn left(bench: &mut Bench<'_>) -> Checked {
    let luns = deletion_fails(bench)?;
    let code = bench.outcome_code()?;
    if code == HResult::VSS_E_PROVIDER_VETO {
        tells(bench, Source::Provider, code, "OnLunEmpty")?;
    }
    next_creation_works(bench, luns + 1)
}

/// VSS tells of the LUN that is left.
fn left_and_logged(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("a best effort: what VSS says of a LUN that is left is on no page");
    deletion_fails(bench)?;
    let code = bench.outcome_code()?;
    tells(bench, Source::Vss, code, "shadow copy")
}

fn resync(bench: &mut Bench<'_>) -> Checked {
    bench.need(Capabilities::FAULTS)?;
    bench.load_default()?;
    recover(bench)?;
    flow::holds(bench, r"D:\", "as backed up")
}

/// The code reaches the requester, and the volume is as it was.
fn resync_refused(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab().clone().with_fault(Fault::new(method(bench), cause(bench)?));
    bench.load(&lab)?;
    recover(bench)?;
    flow::holds(bench, r"D:\", "written since")?;
    let code = bench.outcome_code()?;
    if code == HResult::VSS_E_PROVIDER_VETO {
        tells(bench, Source::Provider, code, "ResyncLuns")?;
    }
    Ok(())
}

/// Backs D: up, overwrites it and copies back, which has to come to the outcome's code.
fn recover(bench: &mut Bench<'_>) -> Checked {
    flow::write(bench, r"D:\", "as backed up")?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    flow::write(bench, r"D:\", "written since")?;
    let restore = flow::recovery_set(bench, &backup, None)?;
    let settled = bench.finish(restore, Call::recover_set(RecoveryOptions::empty()))?;
    bench.same("what RecoverSet comes to", &bench.outcome_code()?, &settled.code)
}
