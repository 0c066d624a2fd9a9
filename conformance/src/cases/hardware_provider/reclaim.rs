//! When copies go: `AbortSnapshots`, `OnLunEmpty`, `OnUnload`.

use vss_sim::api::{HResult, LunSeen, ProviderCall, Ptr, VolumeSnapshotAttributes as Attributes};
use vss_sim::lab::MAKING_COPIES;

use super::support::CONTEXT;
use super::vss::{Vss, on_lun_empty};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

const ABORTED: &str = "IVssProviderCreateSnapshotSet::AbortSnapshots/S_OK/success";
const EMPTIED: &str = "IVssHardwareSnapshotProvider::OnLunEmpty/S_OK/success";

pub(super) const CASES: &[Case] = &[
    case!(ABORTED, abort_leaves_nothing),
    case!(ABORTED, next_set_works_after_an_abort),
    case!(EMPTIED, reclaims_the_named_copy),
    case!(EMPTIED, nothing_else_reclaims),
    case!("IVssProviderNotifications::OnUnload/S_OK/ready", unloads_when_idle),
    case!("IVssProviderNotifications::OnUnload/S_OK/forced-unload", forced_unload_drops_the_set),
];

pub(super) const OPTIONAL: &[Case] =
    &[case!("IVssProviderNotifications::OnUnload/S_FALSE/keep-loaded", asks_to_stay_loaded)];

/// Another provider may return S_OK.
pub(super) const RESERVED: &[Case] =
    &[case!("IVssHardwareSnapshotProviderEx::OnReuseLuns/HRESULT/any-failure", reuse_is_reserved)];

fn names(luns: &[LunSeen]) -> Vec<vss_sim::api::Text> {
    luns.iter().map(|lun| lun.name.clone()).collect()
}

/// Aborted after any call that carries a set on, with one volume and with several: no LUN is left.
fn abort_leaves_nothing(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let (single, shared) = (vss.volumes.single.clone(), vss.volumes.shared.clone());
    let before = names(&vss.luns()?);
    for volumes in [vec![&*single[0]], vec![&*single[0], &*single[1], &*shared[0], &*shared[1]]] {
        for phase in MAKING_COPIES.iter().filter(|phase| **phase != "PostFinalCommitSnapshots") {
            let (set, _) = vss.set_through(&volumes, CONTEXT, phase)?;
            vss.ok(vss.of_set("AbortSnapshots", set))?;
            let after = names(&vss.luns()?);
            vss.bench.same(&format!("the LUNs after an abort that follows {phase}"), &before, &after)?;
        }
    }
    Ok(())
}

fn next_set_works_after_an_abort(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let volume = vss.volumes.single[0].clone();
    let (set, _) = vss.set_through(&[&volume], CONTEXT, "PreCommitSnapshots")?;
    vss.ok(vss.of_set("AbortSnapshots", set))?;
    let before = vss.luns()?.len();
    vss.created(&[&volume], CONTEXT)?;
    let after = vss.luns()?.len();
    vss.bench.same("the number of LUNs after the next set", &(before + 1), &after)
}

/// The copy goes, its sibling and the originals stay.
fn reclaims_the_named_copy(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let (first, second) = (vss.volumes.single[0].clone(), vss.volumes.single[1].clone());
    let before = vss.luns()?.len();
    let created = vss.created(&[&first, &second], CONTEXT)?;
    for (left, (_, copies)) in [1, 0].into_iter().zip(&created) {
        vss.ok(on_lun_empty(&copies[0]))?;
        let after = vss.luns()?.len();
        vss.bench.same("the number of LUNs after OnLunEmpty", &(before + left), &after)?;
    }
    Ok(())
}

/// A complete copy outlives everything but OnLunEmpty: it may be a backup.
fn nothing_else_reclaims(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let (first, second) = (vss.volumes.single[0].clone(), vss.volumes.single[1].clone());
    let (_, copies) = vss.created(&[&first], CONTEXT)?.remove(0);
    let kept = vss.lun(&copies[0])?;
    let check = |vss: &mut Vss<'_, '_>, after: &str| {
        let there = vss.luns()?.iter().any(|lun| lun.serial == kept.serial);
        vss.bench.check(there, || format!("the copy of a complete set is gone after {after}"))
    };
    vss.locate(&copies)?;
    check(&mut vss, "LocateLuns")?;
    let (set, _) = vss.set_through(&[&second], CONTEXT, "CommitSnapshots")?;
    check(&mut vss, "the commit of another set")?;
    vss.ok(vss.of_set("AbortSnapshots", set))?;
    check(&mut vss, "the abort of another set")?;
    vss.ok(ProviderCall::OnUnload { b_force_unload: true })?;
    check(&mut vss, "OnUnload")?;
    vss.ok(ProviderCall::OnLoad { p_callback: Ptr::Valid })?;
    check(&mut vss, "OnLoad")?;
    vss.ok(on_lun_empty(&copies[0])).map(drop)
}

fn unloads_when_idle(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    vss.ok(ProviderCall::OnUnload { b_force_unload: false })?;
    vss.ok(ProviderCall::OnLoad { p_callback: Ptr::Valid })?;
    let volume = vss.volumes.single[0].clone();
    vss.created(&[&volume], CONTEXT).map(drop)
}

/// Forced, there is no other answer than S_OK, and an unfinished set counts as aborted.
fn forced_unload_drops_the_set(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let volume = vss.volumes.single[0].clone();
    for phase in ["BeginPrepareSnapshot", "PreCommitSnapshots", "CommitSnapshots", "PostCommitSnapshots"] {
        let before = vss.luns()?.len();
        vss.set_through(&[&volume], CONTEXT, phase)?;
        vss.ok(ProviderCall::OnUnload { b_force_unload: true })?;
        let after = vss.luns()?.len();
        vss.bench.same(
            &format!("the number of LUNs after an unload that follows {phase}"),
            &before,
            &after,
        )?;
        vss.ok(ProviderCall::OnLoad { p_callback: Ptr::Valid })?;
    }
    Ok(())
}

/// With a set in hand a provider may ask to stay, by S_FALSE and nothing else.
fn asks_to_stay_loaded(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let volume = vss.volumes.single[0].clone();
    let (set, _) = vss.set_through(&[&volume], CONTEXT, "PreCommitSnapshots")?;
    let unload = ProviderCall::OnUnload { b_force_unload: false };
    let came = vss.call(unload.clone())?.hresult;
    if came == HResult::S_OK {
        return Err(Stop::skipped("the provider can be unloaded at any time"));
    }
    vss.bench.same("what OnUnload(FALSE) returns", &HResult::S_FALSE, &came)?;
    vss.ok(vss.of_set("AbortSnapshots", set))?;
    vss.ok(unload).map(drop)
}

/// Nobody calls it; a provider has to fill the slot and fail.
fn reuse_is_reserved(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let volume = vss.volumes.single[0].clone();
    let (under, copies) = vss.created(&[&volume], CONTEXT.with(Attributes::empty()))?.remove(0);
    let reuse =
        ProviderCall::OnReuseLuns { p_snapshot_luns: copies, p_original_luns: under.luns, dw_count: 1 };
    let before = vss.luns()?;
    let came = vss.call(reuse)?.hresult;
    let after = vss.luns()?;
    vss.bench.check(before == after, || "OnReuseLuns is reserved, but changed LUNs".to_owned())?;
    vss.bench.check(came.is_failure(), || format!("OnReuseLuns is reserved, but returned {came}"))
}
