//! Sets: the order of their calls, sets that nobody knows, and sets that died silently.

use vss_sim::api::{HResult, SnapshotSetId};
use vss_sim::lab::MAKING_COPIES;
use vss_sim::provider::is_permitted;

use super::support::CONTEXT;
use super::vss::Vss;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

const BEGUN: &str = "IVssHardwareSnapshotProvider::BeginPrepareSnapshot/S_OK/success";

macro_rules! of_creation {
    ($function:ident, $suffix:literal, $($method:ident)+) => {
        [$(case!(
            concat!("IVssProviderCreateSnapshotSet::", stringify!($method), "/", $suffix),
            $function
        )),+]
    };
}

pub(super) const CASES: &[Case] =
    &[case!(BEGUN, new_set_drops_the_old), case!(BEGUN, lun_of_two_volumes_is_copied_once)];

pub(super) const OUT_OF_ORDER: &[Case] = &of_creation!(
    out_of_order, "VSS_E_PROVIDER_VETO/unexpected-provider-error",
    EndPrepareSnapshots PreCommitSnapshots CommitSnapshots PostCommitSnapshots PreFinalCommitSnapshots
    PostFinalCommitSnapshots
);

pub(super) const UNKNOWN: &[Case] = &of_creation!(
    unknown_set, "VSS_E_OBJECT_NOT_FOUND/unknown-set",
    EndPrepareSnapshots PreCommitSnapshots CommitSnapshots PostCommitSnapshots
);

/// Another provider may return S_OK: there is nothing to give up.
pub(super) const UNKNOWN_ABORTED: &[Case] =
    &of_creation!(unknown_set, "VSS_E_OBJECT_NOT_FOUND/unknown-set", AbortSnapshots);

/// Every phase that a set can be left in, by the last call that it got.
fn phases() -> impl Iterator<Item = &'static str> {
    ["BeginPrepareSnapshot"].into_iter().chain(MAKING_COPIES.iter().copied())
}

/// BeginPrepareSnapshot with another set id at any moment: the set before it died silently.
fn new_set_drops_the_old(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let (first, second) = (vss.volumes.single[0].clone(), vss.volumes.single[1].clone());
    for left_after in phases().filter(|phase| *phase != "PostFinalCommitSnapshots") {
        let before = vss.luns()?.len();
        vss.set_through(&[&first], CONTEXT, left_after)?;
        let (set, under) = vss.set_through(&[&second], CONTEXT, "PostFinalCommitSnapshots")?;
        vss.target_luns(&under[0])?;
        let after = vss.luns()?.len();
        vss.bench.check(after == before + 1, || {
            format!(
                "a set was left after {left_after}, and a new one made of one LUN: {before} LUNs became {after}"
            )
        })?;
        // The next round begins with a complete set, which nothing may take away.
        vss.bench.note(format!("the set {} is complete", set.0));
    }
    Ok(())
}

/// A LUN that several volumes of the set lie on comes once for each of them, and gets one copy.
fn lun_of_two_volumes_is_copied_once(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let volumes = vss.volumes.shared.clone();
    let before = vss.luns()?.len();
    let created = vss.created(&[&volumes[0], &volumes[1]], CONTEXT)?;
    let after = vss.luns()?.len();
    vss.bench.same("the number of LUNs after a set of two volumes on one LUN", &(before + 1), &after)?;
    let [(_, first), (_, second)] = &created[..] else { return Err(Stop::error("two volumes were added")) };
    vss.bench.check(first == second, || {
        "both volumes lie on one LUN, but GetTargetLuns describes its copy in two ways".to_owned()
    })
}

/// Every call that carries a set on, in every phase in which it is not due.
fn out_of_order(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("Microsoft's sample provider vetoes calls that are not due (O41)");
    let method = bench.outcome().method_name();
    let due_after = phases().zip(MAKING_COPIES).find(|(_, due)| **due == method).map(|(before, _)| before);
    let mut vss = Vss::start(bench)?;
    let volume = vss.volumes.single[0].clone();
    for phase in phases().filter(|phase| Some(*phase) != due_after && *phase != "PostFinalCommitSnapshots") {
        let before = vss.luns()?.len();
        let (set, _) = vss.set_through(&[&volume], CONTEXT, phase)?;
        let reply = vss.call(vss.of_set(method, set))?;
        let (came, veto) = (reply.hresult, HResult::VSS_E_PROVIDER_VETO);
        let fits = [HResult::E_INVALIDARG, HResult::VSS_E_OBJECT_NOT_FOUND].contains(&came);
        if fits && is_permitted(method, came) {
            let why = format!("the provider refuses calls that are not due with {came}, which it may");
            return Err(Stop::skipped(why));
        }
        vss.returned(&format!("{method} right after {phase}"), &reply, veto)?;
        vss.call(vss.of_set("AbortSnapshots", set))?;
        vss.vetoed_aloud(method, veto)?;
        let after = vss.luns()?.len();
        vss.bench.same("the number of LUNs after the set was given up", &before, &after)?;
    }
    Ok(())
}

/// A set id that the provider does not have in hand; the set that it has goes on.
fn unknown_set(bench: &mut Bench<'_>) -> Checked {
    let method = bench.outcome().method_name();
    let mut vss = Vss::start(bench)?;
    let volume = vss.volumes.single[0].clone();
    let due_after = phases().zip(MAKING_COPIES).find(|(_, due)| **due == method).map(|(before, _)| before);
    let phase = due_after.unwrap_or("PreCommitSnapshots");
    let (set, under) = vss.set_through(&[&volume], CONTEXT, phase)?;
    let other = SnapshotSetId(vss_sim::api::Guid::from_u128(set.0.as_u128() ^ 0xffff));
    let reply = vss.call(vss.of_set(method, other))?;
    vss.returned(method, &reply, HResult::VSS_E_OBJECT_NOT_FOUND)?;
    for method in phases().skip_while(|name| *name != phase).skip(1) {
        vss.ok(vss.of_set(method, set))?;
    }
    vss.target_luns(&under[0]).map(drop)
}
