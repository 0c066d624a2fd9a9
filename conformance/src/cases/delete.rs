//! `IVssBackupComponents::DeleteSnapshots`.

use std::collections::BTreeSet;

use vss_sim::api::{
    Action, Call, HResult, Object, ObjectType, Ptr, Reply, SnapshotContext as Context, SnapshotId,
    SnapshotSetId, VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::{Cause, Fault, SYSTEM_PROVIDER};

use super::flow;
use crate::bench::Bench;
use crate::case::{Case, Checked, Stop};
use crate::{case, out};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    case!("IVssBackupComponents::DeleteSnapshots/S_OK/deleted", one_of_a_set),
    case!("IVssBackupComponents::DeleteSnapshots/S_OK/deleted", one_of_two_on_a_lun),
    case!("IVssBackupComponents::DeleteSnapshots/S_OK/deleted", a_set),
    case!("IVssBackupComponents::DeleteSnapshots/S_OK/deleted", of_another_object),
    case!("IVssBackupComponents::DeleteSnapshots/S_OK/deleted", exposed),
    case!("IVssBackupComponents::DeleteSnapshots/S_OK/deleted", not_surfaced),
    case!("IVssBackupComponents::DeleteSnapshots/S_OK/deleted", by_force),
    case!("IVssBackupComponents::DeleteSnapshots/E_INVALIDARG/bad-parameter", null_pointers),
    case!("IVssBackupComponents::DeleteSnapshots/E_INVALIDARG/bad-parameter", null_id),
    case!("IVssBackupComponents::DeleteSnapshots/E_INVALIDARG/bad-object-type", bad_object_type),
    case!("IVssBackupComponents::DeleteSnapshots/VSS_E_OBJECT_NOT_FOUND/no-such-object", unknown),
    case!("IVssBackupComponents::DeleteSnapshots/VSS_E_OBJECT_NOT_FOUND/no-such-object", in_the_making),
    case!("IVssBackupComponents::DeleteSnapshots/VSS_E_PROVIDER_VETO/provider-error", hardware_veto),
    case!("IVssBackupComponents::DeleteSnapshots/VSS_E_PROVIDER_VETO/provider-error", software_veto),
    case!("IVssBackupComponents::DeleteSnapshots/VSS_E_PROVIDER_VETO/provider-error", being_reverted_to),
    case!("IVssBackupComponents::DeleteSnapshots/VSS_E_PROVIDER_VETO/provider-error", held),
    case!(
        "IVssBackupComponents::DeleteSnapshots/VSS_E_UNEXPECTED_PROVIDER_ERROR/provider-unexpected",
        hardware_unexpected
    ),
    case!(
        "IVssBackupComponents::DeleteSnapshots/VSS_E_UNEXPECTED_PROVIDER_ERROR/provider-unexpected",
        software_unexpected
    ),
];

/// The call that deletes one copy, even if somebody has it open.
fn delete_by_force(copy: SnapshotId) -> Call {
    Call::delete_snapshots(copy.0, ObjectType::SNAPSHOT, true)
}

fn all_of(set: SnapshotSetId) -> Call {
    Call::delete_snapshots(set.0, ObjectType::SNAPSHOT_SET, false)
}

/// What the call tells: how many it deleted, and which it could not delete.
fn reply_tells(bench: &Bench<'_>, reply: &Reply, deleted: i32, failed: SnapshotId) -> Checked {
    let (count, not_deleted) =
        out!(reply, DeleteSnapshots { pl_deleted_snapshots, p_nondeleted_snapshot_id })?;
    bench.same("plDeletedSnapshots", &deleted, count)?;
    bench.same("pNondeletedSnapshotID", &failed, not_deleted)
}

/// The outcome of the call, which deletes that many.
fn deletes(bench: &mut Bench<'_>, on: Object, call: Call, count: i32) -> Checked {
    let code = bench.success_code()?;
    let reply = bench.expect(on, call, code)?;
    reply_tells(bench, &reply, count, SnapshotId::NULL)
}

/// The copies that are left on the host are those.
fn left(bench: &mut Bench<'_>, wanted: &[SnapshotId]) -> Checked {
    let session = flow::backup_object(bench, Context::ALL)?;
    let seen: BTreeSet<SnapshotId> =
        flow::copies_seen(bench, session)?.into_iter().map(|copy| copy.snapshot_id).collect();
    bench.same("the copies that are left", &wanted.iter().copied().collect(), &seen)?;
    bench.release(session);
    Ok(())
}

/// The copy of D: goes with its LUN; that of E: stays and still says that it was one of two.
fn one_of_a_set(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let before = flow::lun_names(bench)?;
    flow::write(bench, r"E:\", "then")?;
    let (session, copies) = flow::created_set(bench, Context::APP_ROLLBACK, &[r"D:\", r"E:\"])?;
    deletes(bench, session, flow::delete_copy(copies[0]), 1)?;
    let gone = flow::properties_if_known(bench, session, copies[0])?;
    bench.same("what GetSnapshotProperties tells of a deleted copy", &None, &gone)?;
    left(bench, &copies[1..])?;
    let kept = flow::properties(bench, session, copies[1])?;
    bench.same("m_lSnapshotsCount of the copy that is left", &2, &kept.snapshots_count)?;
    let device = flow::device(bench, session, copies[1])?;
    flow::holds(bench, &device, "then")?;
    deletes(bench, session, flow::delete_copy(copies[1]), 1)?;
    left(bench, &[])?;
    let came = flow::lun_names(bench)?;
    bench.same("the LUNs after all copies are gone", &before, &came)
}

/// The copies of G: and H: lie on one LUN: that stays for the second, and is given back with it.
fn one_of_two_on_a_lun(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let before = flow::lun_names(bench)?;
    let set = flow::copied(bench, Context::APP_ROLLBACK, &[r"G:\", r"H:\"])?;
    let lun = flow::only_copy_of_lun(bench, "data-gh")?;
    bench.act(Action::WatchProviders)?;
    deletes(bench, set.session, flow::delete_copy(set.copies[0]), 1)?;
    let called = flow::called(bench)?;
    bench.check(!called.contains(&"OnLunEmpty"), || "a LUN with a copy on it is not empty".to_owned())?;
    left(bench, &set.copies[1..])?;
    let after = flow::only_copy_of_lun(bench, "data-gh")?;
    bench.same("the LUN of the copy that is left", &lun, &after)?;
    let device = flow::device(bench, set.session, set.copies[1])?;
    flow::holds(bench, &device, "then")?;
    deletes(bench, set.session, flow::delete_copy(set.copies[1]), 1)?;
    let came = flow::lun_names(bench)?;
    bench.same("the LUNs after both copies are gone", &before, &came)
}

/// Copies of a software and of a hardware provider in one set.
fn a_set(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let before = flow::lun_names(bench)?;
    let (other, others) = flow::created_set(bench, Context::APP_ROLLBACK, &[r"D:\"])?;
    let (session, copies) = flow::created_set(bench, Context::APP_ROLLBACK, &[r"C:\", r"D:\", r"E:\"])?;
    let set = flow::properties(bench, session, copies[0])?.snapshot_set_id;
    deletes(bench, session, all_of(set), 3)?;
    left(bench, &others)?;
    deletes(bench, other, flow::delete_copy(others[0]), 1)?;
    let came = flow::lun_names(bench)?;
    bench.same("the LUNs after all copies are gone", &before, &came)
}

/// A copy that would go with the object that made it; that object does not miss it when it goes itself.
fn of_another_object(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (maker, copies) = flow::created_set(bench, Context::BACKUP, &[r"D:\", r"C:\"])?;
    let other = flow::backup_object(bench, Context::APP_ROLLBACK)?;
    deletes(bench, other, flow::delete_copy(copies[0]), 1)?;
    deletes(bench, other, flow::delete_copy(copies[1]), 1)?;
    left(bench, &[])?;
    bench.release(maker);
    left(bench, &[])
}

/// The name goes with the copy, and is free for another.
fn exposed(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("DiskShadow deletes exposed copies by their names, without force");
    bench.load_default()?;
    let (session, copies) = flow::created_set(bench, Context::APP_ROLLBACK, &[r"D:\", r"C:\"])?;
    for copy in copies {
        bench.ok(session, flow::expose_locally(copy, "X:"))?;
        deletes(bench, session, flow::delete_copy(copy), 1)?;
    }
    left(bench, &[])
}

/// A copy that waits to be transported is on its array all the same.
fn not_surfaced(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let before = flow::lun_names(bench)?;
    let context = Context::APP_ROLLBACK.with(Attributes::TRANSPORTABLE);
    let (session, copies) = flow::created_set(bench, context, &[r"D:\"])?;
    deletes(bench, session, flow::delete_copy(flow::only(&copies)?), 1)?;
    left(bench, &[])?;
    let came = flow::lun_names(bench)?;
    bench.same("the LUNs after the copy is gone", &before, &came)
}

fn surfaced_copy(bench: &mut Bench<'_>, volume: &str) -> Result<(Object, SnapshotId), Stop> {
    flow::copied_volume(bench, Context::APP_ROLLBACK, volume)
}

/// Another program has the copy open.
fn hold(bench: &mut Bench<'_>, session: Object, copy: SnapshotId) -> Checked {
    bench.inferred("the page says of bForceDelete only that everything is tried to delete the copy");
    let volume = flow::device(bench, session, copy)?;
    bench.act(Action::HoldDisk { volume, for_ms: None })
}

fn by_force(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, copy) = surfaced_copy(bench, r"D:\")?;
    hold(bench, session, copy)?;
    deletes(bench, session, delete_by_force(copy), 1)?;
    left(bench, &[])
}

fn held(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, copy) = surfaced_copy(bench, r"D:\")?;
    hold(bench, session, copy)?;
    fails_at(bench, session, flow::delete_copy(copy), 0, copy)?;
    left(bench, &[copy])?;
    deletes(bench, session, delete_by_force(copy), 1)
}

fn null_pointers(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, copy) = surfaced_copy(bench, r"D:\")?;
    let code = bench.outcome_code()?;
    for (pl_deleted_snapshots, p_nondeleted_snapshot_id) in [(Ptr::Null, Ptr::Valid), (Ptr::Valid, Ptr::Null)]
    {
        let call = Call::DeleteSnapshots {
            source_object_id: copy.0,
            e_source_object_type: ObjectType::SNAPSHOT,
            b_force_delete: true,
            pl_deleted_snapshots,
            p_nondeleted_snapshot_id,
        };
        bench.expect(session, call, code)?;
    }
    left(bench, &[copy])
}

fn null_id(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("GUID_NULL names no object, so it is no value for the parameter");
    bench.load_default()?;
    let (session, copy) = surfaced_copy(bench, r"D:\")?;
    let code = bench.outcome_code()?;
    bench.expect(session, delete_by_force(SnapshotId::NULL), code)?;
    left(bench, &[copy])
}

fn bad_object_type(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, copy) = surfaced_copy(bench, r"D:\")?;
    let code = bench.outcome_code()?;
    for kind in [ObjectType::UNKNOWN, ObjectType::NONE, ObjectType::PROVIDER, ObjectType::TYPE_COUNT] {
        bench.expect(session, Call::delete_snapshots(copy.0, kind, true), code)?;
    }
    left(bench, &[copy])
}

/// Neither a copy's id as that of a set nor the reverse, nor a copy that is gone.
fn unknown(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, copy) = surfaced_copy(bench, r"D:\")?;
    let set = flow::properties(bench, session, copy)?.snapshot_set_id;
    let code = bench.outcome_code()?;
    for (id, kind) in [
        (flow::beside(copy.0), ObjectType::SNAPSHOT),
        (copy.0, ObjectType::SNAPSHOT_SET),
        (set.0, ObjectType::SNAPSHOT),
    ] {
        bench.expect(session, Call::delete_snapshots(id, kind, true), code)?;
    }
    left(bench, &[copy])?;
    deletes(bench, session, all_of(set), 1)?;
    bench.expect(session, flow::delete_copy(copy), code)?;
    bench.expect(session, all_of(set), code).map(drop)
}

/// Nobody can take a copy away while it is being made.
fn in_the_making(bench: &mut Bench<'_>) -> Checked {
    // The provider has committed and is late: the array has the copy already.
    let late = Fault::new("PostFinalCommitSnapshots", Cause::Late(60_000));
    bench.load(&bench.lab().clone().with_fault(late))?;
    let (session, copies) = flow::prepared_set(bench, Context::APP_ROLLBACK, &[r"D:\"])?;
    let other = flow::backup_object(bench, Context::ALL)?;
    let copy = flow::only(&copies)?;
    let code = bench.outcome_code()?;
    bench.expect(other, delete_by_force(copy), code)?;
    let operation = bench.object(session, Call::DO_SNAPSHOT_SET)?;
    bench.act(Action::Elapse { ms: 10_000 })?;
    bench.expect(other, delete_by_force(copy), code)?;
    bench.settle(operation)?;
    left(bench, &[copy])?;
    deletes(bench, other, flow::delete_copy(copy), 1)
}

/// The call fails at that copy, after it has deleted so many.
fn fails_at(bench: &mut Bench<'_>, on: Object, call: Call, deleted: i32, failed: SnapshotId) -> Checked {
    let code = bench.outcome_code()?;
    let reply = bench.expect(on, call, code)?;
    reply_tells(bench, &reply, deleted, failed)?;
    flow::logged(bench, code)
}

/// The array does not take back the second of three LUNs. The first copy is gone then, the third was not tried.
fn second_of_three(bench: &mut Bench<'_>, answer: HResult) -> Checked {
    let fault = Fault::new("OnLunEmpty", Cause::ProviderAnswers(answer)).nth(2);
    bench.load(&bench.lab().clone().with_fault(fault))?;
    let before = flow::lun_names(bench)?;
    let (session, copies) = flow::created_set(bench, Context::APP_ROLLBACK, &[r"D:\", r"E:\", r"F:\"])?;
    let set = flow::properties(bench, session, copies[0])?.snapshot_set_id;
    let code = bench.outcome_code()?;
    let reply = bench.expect(session, all_of(set), code)?;
    let (count, failed) = out!(reply, DeleteSnapshots { pl_deleted_snapshots, p_nondeleted_snapshot_id })?;
    bench.same("plDeletedSnapshots", &1, count)?;
    flow::logged(bench, code)?;
    let other = flow::backup_object(bench, Context::ALL)?;
    let seen: Vec<SnapshotId> =
        flow::copies_seen(bench, other)?.into_iter().map(|copy| copy.snapshot_id).collect();
    bench.same("how many copies are left", &2, &seen.len())?;
    bench.check(seen.contains(failed), || {
        format!("pNondeletedSnapshotID has to be a copy that is left, but is {failed}")
    })?;
    let came = flow::lun_names(bench)?;
    bench.same("how many LUNs are left of three", &(before.len() + 2), &came.len())?;
    deletes(bench, session, all_of(set), 2)?;
    left(bench, &[])?;
    let came = flow::lun_names(bench)?;
    bench.same("the LUNs after all copies are gone", &before, &came)
}

fn hardware_veto(bench: &mut Bench<'_>) -> Checked {
    second_of_three(bench, HResult::VSS_E_PROVIDER_VETO)
}

fn hardware_unexpected(bench: &mut Bench<'_>) -> Checked {
    second_of_three(bench, HResult::E_FAIL)?;
    nobody_gives_the_lun_back(bench)
}

/// Where its provider is gone, the copy stays known, so that it can be deleted when that is registered again.
fn nobody_gives_the_lun_back(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, copy) = surfaced_copy(bench, r"D:\")?;
    let provider = flow::hardware_provider(bench)?;
    bench.act(Action::UnregisterProvider { provider })?;
    let luns = flow::luns(bench)?;
    let code = bench.outcome_code()?;
    fails_at(bench, session, Call::delete_snapshots(copy.0, ObjectType::SNAPSHOT, true), 0, copy)?;
    flow::logged(bench, code)?;
    left(bench, &[copy])?;
    let after = flow::luns(bench)?;
    bench.same("the LUNs after the refused call", &luns, &after)
}

/// The system provider keeps the copies of C:.
fn software_answers(bench: &mut Bench<'_>, answer: HResult) -> Checked {
    let fault = Fault::new("DeleteSnapshots", Cause::ProviderAnswers(answer)).of(SYSTEM_PROVIDER);
    bench.load(&bench.lab().clone().with_fault(fault))?;
    let (session, copy) = surfaced_copy(bench, r"C:\")?;
    fails_at(bench, session, delete_by_force(copy), 0, copy)?;
    left(bench, &[copy])?;
    deletes(bench, session, delete_by_force(copy), 1)?;
    left(bench, &[])
}

fn software_veto(bench: &mut Bench<'_>) -> Checked {
    software_answers(bench, HResult::VSS_E_PROVIDER_VETO)
}

fn software_unexpected(bench: &mut Bench<'_>) -> Checked {
    software_answers(bench, HResult::E_FAIL)
}

/// Not even by force, as long as the revert runs.
fn being_reverted_to(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("a revert cannot be stopped and needs its copy; the page does not tell of that");
    bench.load_default()?;
    let flow::Set { session, copies, .. } = flow::backup_by_system(bench, r"D:\")?;
    let copy = flow::only(&copies)?;
    bench.ok(session, Call::revert_to_snapshot(copy))?;
    fails_at(bench, session, delete_by_force(copy), 0, copy)?;
    left(bench, &[copy])?;
    bench.act(Action::Elapse { ms: 3_600_000 })?;
    deletes(bench, session, flow::delete_copy(copy), 1)
}
