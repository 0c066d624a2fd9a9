//! The codes of every method of a hardware provider: for success, for a bad parameter, and for an array that does not
//! do what it has to.

use vss_sim::api::{
    Guid, HResult, HardwareOptions, LunInformation, ProviderCall, ProviderOut, ProviderReply, Ptr,
    SnapshotSetId,
};
use vss_sim::lab::{Cause, MAKING_COPIES};
use vss_sim::provider::is_permitted;

use super::support::CONTEXT;
use super::vss::{
    Vss, are_luns_supported, fill_in_lun_info, get_target_luns, on_lun_empty, on_lun_state_change,
    resync_luns,
};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

macro_rules! of_each {
    ($function:ident, $suffix:literal: $($interface:ident { $($method:ident)+ })+) => {
        &[$($(case!(
            concat!(stringify!($interface), "::", stringify!($method), "/", $suffix),
            $function
        )),+),+]
    };
}

pub(super) const SUCCESS: &[Case] = of_each!(succeeds, "S_OK/success":
    IVssHardwareSnapshotProvider {
        AreLunsSupported BeginPrepareSnapshot FillInLunInfo GetTargetLuns LocateLuns OnLunEmpty
    }
    IVssHardwareSnapshotProviderEx { OnLunStateChange }
    IVssProviderCreateSnapshotSet {
        EndPrepareSnapshots PreCommitSnapshots CommitSnapshots PostCommitSnapshots PreFinalCommitSnapshots
        PostFinalCommitSnapshots AbortSnapshots
    }
    IVssProviderNotifications { OnLoad }
);

pub(super) const BAD_PARAMETER: &[Case] = of_each!(bad_parameter, "E_INVALIDARG/bad-parameter":
    IVssHardwareSnapshotProvider {
        AreLunsSupported BeginPrepareSnapshot FillInLunInfo GetTargetLuns LocateLuns OnLunEmpty
    }
    IVssHardwareSnapshotProviderEx { OnLunStateChange }
);

/// GUID_NULL is no valid id; it also names no known set, for which there is another code.
pub(super) const BAD_SET: &[Case] = of_each!(bad_parameter, "E_INVALIDARG/bad-parameter":
    IVssProviderCreateSnapshotSet {
        EndPrepareSnapshots PreCommitSnapshots CommitSnapshots PostCommitSnapshots PreFinalCommitSnapshots
        PostFinalCommitSnapshots AbortSnapshots
    }
);

pub(super) const OUT_OF_RESOURCES: &[Case] = of_each!(out_of_resources, "E_OUTOFMEMORY/no-memory-or-resources":
    IVssHardwareSnapshotProvider {
        AreLunsSupported BeginPrepareSnapshot FillInLunInfo GetTargetLuns LocateLuns OnLunEmpty
    }
    IVssHardwareSnapshotProviderEx { OnLunStateChange ResyncLuns }
    IVssProviderCreateSnapshotSet {
        EndPrepareSnapshots PreCommitSnapshots CommitSnapshots PostCommitSnapshots PreFinalCommitSnapshots
        PostFinalCommitSnapshots AbortSnapshots
    }
    IVssProviderNotifications { OnLoad }
);

pub(super) const ARRAY_FAILS: &[Case] = of_each!(array_fails, "VSS_E_PROVIDER_VETO/unexpected-provider-error":
    IVssHardwareSnapshotProvider {
        AreLunsSupported BeginPrepareSnapshot FillInLunInfo GetTargetLuns LocateLuns OnLunEmpty
    }
    IVssHardwareSnapshotProviderEx { OnLunStateChange ResyncLuns }
    IVssProviderCreateSnapshotSet {
        EndPrepareSnapshots PreCommitSnapshots CommitSnapshots PostCommitSnapshots PreFinalCommitSnapshots
        PostFinalCommitSnapshots AbortSnapshots
    }
    IVssProviderNotifications { OnLoad }
);

pub(super) const OUT_OF_SPACE: &[Case] = &[
    case!(
        "IVssProviderCreateSnapshotSet::EndPrepareSnapshots/VSS_E_INSUFFICIENT_STORAGE/not-enough-disk-space",
        out_of_space
    ),
    case!(
        "IVssHardwareSnapshotProviderEx::ResyncLuns/VSS_E_INSUFFICIENT_STORAGE/not-enough-disk-space",
        out_of_space
    ),
];

/// Leads to where the call of that method is due, and answers it.
fn due(vss: &mut Vss<'_, '_>, method: &str) -> Result<ProviderCall, Stop> {
    let volume = vss.volumes.single[0].clone();
    let before = match method {
        "OnLoad" => {
            vss.ok(ProviderCall::OnUnload { b_force_unload: true })?;
            return Ok(ProviderCall::OnLoad { p_callback: Ptr::Valid });
        }
        "AreLunsSupported" => return Ok(are_luns_supported(&vss.under(&volume)?, CONTEXT)),
        "BeginPrepareSnapshot" => {
            // Asking AreLunsSupported is part of the way.
            let (under, set) = (vss.supported(&volume, CONTEXT)?, vss.new_set());
            return Ok(vss.begin_prepare(set, &under, CONTEXT));
        }
        "EndPrepareSnapshots" => "BeginPrepareSnapshot",
        "AbortSnapshots" => "CommitSnapshots",
        _ => match MAKING_COPIES.iter().position(|name| *name == method) {
            Some(step) => MAKING_COPIES[step - 1],
            None => "PostFinalCommitSnapshots",
        },
    };
    let (set, under) = vss.set_through(&[&volume], CONTEXT, before)?;
    if before != "PostFinalCommitSnapshots" {
        return Ok(vss.of_set(method, set));
    }
    let originals = under[0].luns.clone();
    if method == "GetTargetLuns" {
        return Ok(get_target_luns(&under[0]));
    }
    let copies = vss.target_luns(&under[0])?;
    Ok(match method {
        "LocateLuns" => {
            ProviderCall::LocateLuns { l_lun_count: super::vss::count(&copies), rg_source_luns: copies }
        }
        "FillInLunInfo" => fill_in_lun_info(&copies[0]),
        "OnLunEmpty" => on_lun_empty(&copies[0]),
        "OnLunStateChange" => on_lun_state_change(&copies, &originals, HardwareOptions::DO_MASK_LUNS),
        "ResyncLuns" => resync_luns(&copies, &originals),
        _ => return Err(Stop::error(format!("nobody knows when {method} is due"))),
    })
}

fn succeeds(bench: &mut Bench<'_>) -> Checked {
    let method = bench.outcome().method_name();
    let mut vss = Vss::start(bench)?;
    let call = due(&mut vss, method)?;
    vss.ok(call).map(drop)
}

/// The call with one parameter that nobody can work with.
fn spoiled(call: ProviderCall, foreign: &LunInformation) -> ProviderCall {
    let nobody = SnapshotSetId(Guid::nil());
    match call {
        ProviderCall::AreLunsSupported {
            l_context,
            rgwsz_devices,
            p_lun_information,
            pb_is_supported,
            ..
        } => {
            let l_lun_count = -1;
            ProviderCall::AreLunsSupported {
                l_lun_count,
                l_context,
                rgwsz_devices,
                p_lun_information,
                pb_is_supported,
            }
        }
        ProviderCall::BeginPrepareSnapshot {
            snapshot_id,
            l_context,
            l_lun_count,
            rg_device_names,
            rg_lun_information,
            ..
        } => ProviderCall::BeginPrepareSnapshot {
            snapshot_set_id: nobody,
            snapshot_id,
            l_context,
            l_lun_count,
            rg_device_names,
            rg_lun_information,
        },
        ProviderCall::FillInLunInfo { wsz_device_name, p_lun_info, .. } => {
            ProviderCall::FillInLunInfo { wsz_device_name, p_lun_info, pb_is_supported: Ptr::Null }
        }
        ProviderCall::GetTargetLuns { rg_device_names, rg_source_luns, rg_destination_luns, .. } => {
            ProviderCall::GetTargetLuns {
                l_lun_count: -1,
                rg_device_names,
                rg_source_luns,
                rg_destination_luns,
            }
        }
        ProviderCall::LocateLuns { .. } => {
            ProviderCall::LocateLuns { l_lun_count: 1, rg_source_luns: vec![foreign.clone()] }
        }
        ProviderCall::OnLunEmpty { .. } => on_lun_empty(foreign),
        ProviderCall::OnLunStateChange { p_original_luns, dw_flags, .. } => {
            on_lun_state_change(std::slice::from_ref(foreign), &p_original_luns, dw_flags)
        }
        other => other,
    }
}

/// A count below zero, a set id of GUID_NULL, a null pointer, a LUN of somebody else.
fn bad_parameter(bench: &mut Bench<'_>) -> Checked {
    let method = bench.outcome().method_name();
    let mut vss = Vss::start(bench)?;
    let foreign = vss.volumes.foreign.clone();
    let foreign = vss.under(&foreign)?.luns.into_iter().next().unwrap_or_default();
    let call = due(&mut vss, method)?;
    let bad =
        if is_of_a_set(method) { vss.of_set(method, SnapshotSetId::NULL) } else { spoiled(call, &foreign) };
    let reply = vss.call(bad)?;
    if is_of_a_set(method) && reply.hresult == HResult::VSS_E_OBJECT_NOT_FOUND {
        return Err(Stop::skipped("the provider takes GUID_NULL for a set that it does not know"));
    }
    vss.returned(method, &reply, HResult::E_INVALIDARG)
}

/// The array refuses in the call in question: the provider has to answer the outcome's code.
fn troubled(bench: &mut Bench<'_>, cause: Cause) -> Checked {
    let (method, code) = (bench.outcome().method_name(), bench.outcome_code()?);
    let mut vss = Vss::start(bench)?;
    let before = vss.luns()?.len();
    let call = due(&mut vss, method)?;
    let there = vss.luns()?.len();
    vss.trouble(method, cause)?;
    let reply = vss.call(call.clone())?;
    let seen = vss.last_call()?;
    if reply.hresult == HResult::S_OK && !seen.troubled {
        return Err(Stop::skipped(format!("the provider asks nothing of its array in {method}")));
    }
    if let Some(also) = also_documented(method, &reply) {
        return Err(Stop::skipped(also));
    }
    if reply.hresult != code {
        let came = reply.hresult;
        let permitted = if is_permitted(method, came) { "" } else { ", which it may not return at all" };
        return Err(Stop::failed(format!("{method} has to return {code}, but returned {came}{permitted}")));
    }
    if let Some(set) = call.makes_copies_of() {
        vss.call(ProviderCall::AbortSnapshots { snapshot_set_id: set })?;
        vss.vetoed_aloud(method, code)?;
        let after = vss.luns()?.len();
        return vss.bench.same("the number of LUNs after the set failed", &before, &after);
    }
    vss.vetoed_aloud(method, code)?;
    let after = vss.luns()?.len();
    let same = after == there || method == "AbortSnapshots";
    vss.bench
        .check(same, || format!("{method} failed, but there were {there} LUNs before and are {after} now"))
}

fn is_of_a_set(method: &str) -> bool {
    MAKING_COPIES.contains(&method) || method == "AbortSnapshots"
}

/// Where the documentation allows more than one answer to an array that refuses.
fn also_documented(method: &str, reply: &ProviderReply) -> Option<&'static str> {
    match (method, reply.hresult, &reply.out) {
        (
            "AreLunsSupported",
            HResult::S_OK,
            Some(ProviderOut::AreLunsSupported { pb_is_supported: false, .. }),
        ) => Some("the provider says FALSE when its array refuses"),
        ("EndPrepareSnapshots", HResult::VSS_E_OBJECT_NOT_FOUND, _) => {
            Some("the provider reports a lack of space by VSS_E_OBJECT_NOT_FOUND")
        }
        _ => None,
    }
}

fn out_of_resources(bench: &mut Bench<'_>) -> Checked {
    troubled(bench, Cause::ArrayOutOfResources)
}

fn array_fails(bench: &mut Bench<'_>) -> Checked {
    troubled(bench, Cause::ArrayFails)
}

fn out_of_space(bench: &mut Bench<'_>) -> Checked {
    troubled(bench, Cause::ArrayOutOfSpace)
}
