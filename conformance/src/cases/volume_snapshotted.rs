//! `IsVolumeSnapshotted`, under its documented name and under the one that the DLL exports.

use vss_sim::api::{
    Call, HResult, Object, Out, Ptr, SnapshotCompatibility, SnapshotContext, Text,
    VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::{Cause, CopyKind, Disabled, Fault, Lab, SYSTEM_PROVIDER};

use super::flow;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    case!("IsVolumeSnapshotted/S_OK/success", copies_come_and_go),
    case!("IsVolumeSnapshotted/S_OK/success", every_form_of_a_name),
    case!("IsVolumeSnapshotted/S_OK/success", what_a_provider_disables),
    case!("IsVolumeSnapshotted/E_INVALIDARG/bad-parameter", null_name),
    case!("IsVolumeSnapshotted/E_INVALIDARG/bad-parameter", null_pointers),
    case!("IsVolumeSnapshotted/E_INVALIDARG/bad-volume-name", no_names),
    case!("IsVolumeSnapshotted/E_INVALIDARG/no-trailing-backslash", no_trailing_backslash),
    case!("IsVolumeSnapshotted/VSS_E_PROVIDER_VETO/expected-provider-error", provider_veto),
    case!("IsVolumeSnapshotted/VSS_E_OBJECT_NOT_FOUND/no-such-volume", no_such_volume),
    case!(
        "IsVolumeSnapshotted/VSS_E_UNEXPECTED_PROVIDER_ERROR/unexpected-provider-error",
        provider_unexpected
    ),
    case!("IsVolumeSnapshottedInternal/S_OK/success", copies_come_and_go),
    case!("IsVolumeSnapshottedInternal/S_OK/success", every_form_of_a_name),
    case!("IsVolumeSnapshottedInternal/S_OK/success", what_a_provider_disables),
    case!("IsVolumeSnapshottedInternal/E_INVALIDARG/bad-parameter", null_name),
    case!("IsVolumeSnapshottedInternal/E_INVALIDARG/bad-parameter", null_pointers),
    case!("IsVolumeSnapshottedInternal/E_INVALIDARG/bad-volume-name", no_names),
    case!("IsVolumeSnapshottedInternal/E_INVALIDARG/no-trailing-backslash", no_trailing_backslash),
    case!("IsVolumeSnapshottedInternal/VSS_E_PROVIDER_VETO/expected-provider-error", provider_veto),
    case!("IsVolumeSnapshottedInternal/VSS_E_OBJECT_NOT_FOUND/no-such-volume", no_such_volume),
    case!(
        "IsVolumeSnapshottedInternal/VSS_E_UNEXPECTED_PROVIDER_ERROR/unexpected-provider-error",
        provider_unexpected
    ),
];

/// The call under the name that the outcome is of.
fn call(bench: &Bench<'_>, name: Option<&str>, pointers: (Ptr, Ptr)) -> Call {
    let pwsz_volume_name: Option<Text> = name.map(Into::into);
    let (pb_snapshots_present, pl_snapshot_capability) = pointers;
    if bench.outcome().method_name() == "IsVolumeSnapshottedInternal" {
        Call::IsVolumeSnapshottedInternal { pwsz_volume_name, pb_snapshots_present, pl_snapshot_capability }
    } else {
        Call::IsVolumeSnapshotted { pwsz_volume_name, pb_snapshots_present, pl_snapshot_capability }
    }
}

const BOTH: (Ptr, Ptr) = (Ptr::Valid, Ptr::Valid);

fn refused(bench: &mut Bench<'_>, name: Option<&str>) -> Checked {
    let code = bench.outcome_code()?;
    let call = call(bench, name, BOTH);
    bench.expect(Object::HOST, call, code).map(drop)
}

/// The answer of the function: whether there are copies, and what they disable.
fn answers(bench: &mut Bench<'_>, name: &str, present: bool, disabled: SnapshotCompatibility) -> Checked {
    let code = bench.success_code()?;
    let call = call(bench, Some(name), BOTH);
    let reply = bench.expect(Object::HOST, call, code)?;
    let Some(
        Out::IsVolumeSnapshotted { pb_snapshots_present: came, pl_snapshot_capability: mask }
        | Out::IsVolumeSnapshottedInternal { pb_snapshots_present: came, pl_snapshot_capability: mask },
    ) = reply.out
    else {
        return Err(Stop::failed("IsVolumeSnapshotted returned S_OK but wrote nothing"));
    };
    bench.same(&format!("*pbSnapshotsPresent of {name}"), &present, &came)?;
    let mask = SnapshotCompatibility::from_bits_retain(mask.cast_unsigned());
    bench.same(&format!("*plSnapshotCapability of {name}"), &disabled, &mask)
}

const NOTHING: SnapshotCompatibility = SnapshotCompatibility::empty();

/// Of a hardware provider, of the system provider, and of a set for transport, which its own host does not see.
fn copies_come_and_go(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let transportable = SnapshotContext::APP_ROLLBACK.with(Attributes::TRANSPORTABLE);
    for (volume, context) in [
        (r"D:\", SnapshotContext::APP_ROLLBACK),
        (r"C:\", SnapshotContext::APP_ROLLBACK),
        (r"E:\", transportable),
    ] {
        answers(bench, volume, false, NOTHING)?;
        let (session, copies) = flow::created_set(bench, context, &[volume])?;
        answers(bench, volume, true, NOTHING)?;
        answers(bench, r"F:\", false, NOTHING)?;
        bench.ok(session, flow::delete_copy(flow::only(&copies)?))?;
        answers(bench, volume, false, NOTHING)?;
        bench.release(session);
    }
    // These go with their requester.
    let (session, _) = flow::created_set(bench, SnapshotContext::BACKUP, &[r"C:\", r"D:\"])?;
    answers(bench, r"C:\", true, NOTHING)?;
    answers(bench, r"D:\", true, NOTHING)?;
    bench.release(session);
    answers(bench, r"C:\", false, NOTHING)?;
    answers(bench, r"D:\", false, NOTHING)
}

fn every_form_of_a_name(bench: &mut Bench<'_>) -> Checked {
    let lab = flow::also_mounted(bench.lab(), r"D:\", r"C:\mnt\data\")?;
    bench.load(&lab)?;
    let (session, copies) = flow::created_set(bench, SnapshotContext::APP_ROLLBACK, &[r"D:\"])?;
    let path = flow::properties(bench, session, flow::only(&copies)?)?.original_volume_name;
    for name in [r"D:\", r"d:\", r"C:\mnt\data\", &path] {
        answers(bench, name, true, NOTHING)?;
    }
    answers(bench, r"E:\", false, NOTHING)
}

/// A software provider says what must not be done to a volume while it has copies of it.
fn what_a_provider_disables(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab().clone().with(flow::with_software_provider("Case Provider", |provider| {
        provider.copies = vec![CopyKind::Differential];
        provider.disables = vec![Disabled::Defragmentation, Disabled::ContentIndexing];
    }));
    bench.load(&lab)?;
    let both = SnapshotCompatibility::DISABLE_DEFRAG | SnapshotCompatibility::DISABLE_CONTENTINDEX;
    answers(bench, r"C:\", false, NOTHING)?;
    let (session, copies) = flow::created_set(bench, SnapshotContext::APP_ROLLBACK, &[r"C:\", r"D:\"])?;
    answers(bench, r"C:\", true, both)?;
    answers(bench, r"D:\", true, NOTHING)?;
    bench.ok(session, flow::delete_copy(copies[0]))?;
    answers(bench, r"C:\", false, NOTHING)
}

fn null_name(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    refused(bench, None)
}

fn null_pointers(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let code = bench.outcome_code()?;
    for pointers in [(Ptr::Null, Ptr::Valid), (Ptr::Valid, Ptr::Null)] {
        let call = call(bench, Some(r"D:\"), pointers);
        bench.expect(Object::HOST, call, code)?;
    }
    Ok(())
}

/// Whoever has the form wrong is told so, whether such a thing exists or not.
fn no_names(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    flow::created_set(bench, SnapshotContext::APP_ROLLBACK, &[r"D:\"])?;
    let device = r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1\";
    for name in ["", "\\", "D", r"1:\", r"D:\a*\", r"\\SRV\data\", r"\\?\Volume{}\", device] {
        refused(bench, Some(name))?;
    }
    answers(bench, r"D:\", true, NOTHING)
}

fn no_trailing_backslash(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, copies) = flow::created_set(bench, SnapshotContext::APP_ROLLBACK, &[r"D:\"])?;
    let path = flow::properties(bench, session, flow::only(&copies)?)?.original_volume_name;
    for name in ["D:", r"C:\mnt\data", path.trim_end_matches('\\')] {
        refused(bench, Some(name))?;
    }
    answers(bench, r"D:\", true, NOTHING)
}

/// Names that have the form of one.
fn no_such_volume(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    for name in [r"Q:\", r"C:\mnt\none\", r"\\?\Volume{7673736c-0000-0000-0000-00000000dead}\"] {
        refused(bench, Some(name))?;
    }
    Ok(())
}

/// The system provider is asked about any volume.
fn provider_answers(bench: &mut Bench<'_>, answer: HResult) -> Checked {
    let fault = Fault::new("IsVolumeSnapshotted", Cause::ProviderAnswers(answer)).of(SYSTEM_PROVIDER);
    let lab: Lab = bench.lab().clone().with_fault(fault);
    bench.load(&lab)?;
    let before = flow::snapshots(bench)?;
    refused(bench, Some(r"C:\"))?;
    let code = bench.outcome_code()?;
    flow::logged(bench, code)?;
    let came = flow::snapshots(bench)?;
    bench.same("the copies after that", &before, &came)?;
    answers(bench, r"C:\", false, NOTHING)
}

fn provider_veto(bench: &mut Bench<'_>) -> Checked {
    provider_answers(bench, HResult::VSS_E_PROVIDER_VETO)
}

fn provider_unexpected(bench: &mut Bench<'_>) -> Checked {
    provider_answers(bench, HResult::E_FAIL)
}
