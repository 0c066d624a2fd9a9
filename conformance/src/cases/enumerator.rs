//! `IVssEnumObject`, as `IVssBackupComponents::Query` hands it out.

use vss_sim::api::{Action, Call, HResult, Object, ObjectProp, ObjectType, Ptr, SnapshotContext, SnapshotId};

use super::flow;
use crate::bench::Bench;
use crate::case::{Case, Checked, Stop};
use crate::{case, out};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    case!("IVssEnumObject::Next/S_OK/all-returned", all_at_once),
    case!("IVssEnumObject::Next/S_OK/all-returned", one_by_one),
    case!("IVssEnumObject::Next/S_OK/all-returned", none_asked_for),
    case!("IVssEnumObject::Next/S_OK/all-returned", as_it_was_at_the_query),
    case!("IVssEnumObject::Next/S_FALSE/fewer-than-requested", fewer_than_requested),
    case!("IVssEnumObject::Next/S_FALSE/fewer-than-requested", empty_list),
    case!("IVssEnumObject::Next/E_POINTER/null-pointer", null_count),
    case!("IVssEnumObject::Skip/S_OK/skipped", skipped),
    case!("IVssEnumObject::Skip/S_FALSE/past-end", past_the_end),
    case!("IVssEnumObject::Reset/S_OK/reset", reset),
    case!("IVssEnumObject::Clone/S_OK/cloned", cloned),
    case!("IVssEnumObject::Clone/S_OK/cloned", ends_with_its_process),
];

const VOLUMES: [&str; 3] = [r"D:\", r"E:\", r"F:\"];

/// The call that reads on.
pub(super) fn next(celt: u32) -> Call {
    Call::Next { celt, rgelt: Ptr::Valid, pcelt_fetched: Ptr::Valid }
}

/// The list of three copies.
struct Listed {
    session: Object,
    list: Object,
}

fn three_copies(bench: &mut Bench<'_>) -> Result<Listed, Stop> {
    bench.load_default()?;
    let (session, _) = flow::created_set(bench, SnapshotContext::APP_ROLLBACK, &VOLUMES)?;
    let list = bench.object(session, Call::query(ObjectType::SNAPSHOT))?;
    Ok(Listed { session, list })
}

/// Reads on, with that code: as many objects as `pceltFetched` says.
fn read(bench: &mut Bench<'_>, list: Object, celt: u32, code: HResult) -> Result<Vec<SnapshotId>, Stop> {
    let reply = bench.expect(list, next(celt), code)?;
    let (rgelt, pcelt_fetched) = out!(reply, Next { rgelt, pcelt_fetched })?;
    bench.same("the number of objects, and pceltFetched", &rgelt.len(), &(*pcelt_fetched as usize))?;
    let id = |object: &ObjectProp| match object {
        ObjectProp::Snapshot(copy) => Some(copy.snapshot_id),
        ObjectProp::Provider(_) => None,
    };
    let ids: Vec<SnapshotId> = rgelt.iter().filter_map(id).collect();
    bench.same("how many of them are copies", &rgelt.len(), &ids.len())?;
    Ok(ids)
}

fn all_at_once(bench: &mut Bench<'_>) -> Checked {
    let Listed { session, list } = three_copies(bench)?;
    let mut came = read(bench, list, 3, bench.outcome_code()?)?;
    came.sort();
    let seen = flow::copies_seen(bench, session)?;
    let seen: Vec<SnapshotId> = seen.into_iter().map(|copy| copy.snapshot_id).collect();
    bench.same("the objects of one Next", &seen, &came)
}

fn one_by_one(bench: &mut Bench<'_>) -> Checked {
    let Listed { session, list } = three_copies(bench)?;
    let other = bench.object(session, Call::query(ObjectType::SNAPSHOT))?;
    let all = read(bench, other, 3, HResult::S_OK)?;
    for copy in all {
        let came = read(bench, list, 1, bench.outcome_code()?)?;
        bench.same("the next object", &vec![copy], &came)?;
    }
    let rest = read(bench, list, 1, HResult::S_FALSE)?;
    bench.same("what comes after the last", &Vec::new(), &rest)
}

fn none_asked_for(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("as many objects are delivered as were asked for; the page does not tell of zero");
    let Listed { list, .. } = three_copies(bench)?;
    let none = read(bench, list, 0, bench.outcome_code()?)?;
    bench.same("what came for celt 0", &Vec::new(), &none)?;
    let all = read(bench, list, 3, HResult::S_OK)?;
    bench.same("how many objects are left after that", &3, &all.len())
}

/// Copies that go or come after the query change nothing in the list.
fn as_it_was_at_the_query(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the list is made by Query; the pages do not tell of changes after it");
    let Listed { session, list } = three_copies(bench)?;
    let before = flow::copies_seen(bench, session)?;
    let first = before.first().ok_or_else(|| Stop::error("no copy is seen"))?.snapshot_id;
    bench.ok(session, flow::delete_copy(first))?;
    flow::created_set(bench, SnapshotContext::APP_ROLLBACK, &[r"G:\"])?;
    let mut came = read(bench, list, 3, bench.outcome_code()?)?;
    came.sort();
    let before: Vec<SnapshotId> = before.into_iter().map(|copy| copy.snapshot_id).collect();
    bench.same("the list of before", &before, &came)
}

fn fewer_than_requested(bench: &mut Bench<'_>) -> Checked {
    let Listed { list, .. } = three_copies(bench)?;
    let one = read(bench, list, 1, HResult::S_OK)?;
    let rest = read(bench, list, 5, bench.outcome_code()?)?;
    bench.same("how many are left", &2, &rest.len())?;
    bench.check(!rest.contains(&one[0]), || "an object came twice".to_owned())?;
    let none = read(bench, list, 2, bench.outcome_code()?)?;
    bench.same("what comes after the last", &Vec::new(), &none)
}

fn empty_list(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let session = flow::backup_object(bench, SnapshotContext::ALL)?;
    let list = bench.object(session, Call::query(ObjectType::SNAPSHOT))?;
    let none = read(bench, list, 1, bench.outcome_code()?)?;
    bench.same("what an empty list holds", &Vec::new(), &none)
}

/// Nothing is read either: the same call with a pointer begins at the first.
fn null_count(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the page does not say that pceltFetched may be NULL");
    let Listed { list, .. } = three_copies(bench)?;
    let code = bench.outcome_code()?;
    let call = Call::Next { celt: 1, rgelt: Ptr::Valid, pcelt_fetched: Ptr::Null };
    bench.expect(list, call, code)?;
    let all = read(bench, list, 3, HResult::S_OK)?;
    bench.same("how many objects are left", &3, &all.len())
}

fn skipped(bench: &mut Bench<'_>) -> Checked {
    let Listed { session, list } = three_copies(bench)?;
    let all = bench.object(session, Call::query(ObjectType::SNAPSHOT))?;
    let all = read(bench, all, 3, HResult::S_OK)?;
    let code = bench.outcome_code()?;
    bench.expect(list, Call::Skip { celt: 1 }, code)?;
    let came = read(bench, list, 1, HResult::S_OK)?;
    bench.same("the object behind the one that was skipped", &all[1..2].to_vec(), &came)?;
    // Exactly to the end is not beyond it.
    bench.expect(list, Call::Skip { celt: 1 }, code)?;
    let none = read(bench, list, 1, HResult::S_FALSE)?;
    bench.same("what comes at the end", &Vec::new(), &none)
}

fn past_the_end(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("after S_FALSE the place is the end; the page presumes it");
    let Listed { list, .. } = three_copies(bench)?;
    let code = bench.outcome_code()?;
    bench.expect(list, Call::Skip { celt: 4 }, code)?;
    let none = read(bench, list, 1, HResult::S_FALSE)?;
    bench.same("what comes beyond the end", &Vec::new(), &none)?;
    bench.expect(list, Call::Skip { celt: u32::MAX }, code).map(drop)
}

fn reset(bench: &mut Bench<'_>) -> Checked {
    let Listed { list, .. } = three_copies(bench)?;
    let first = read(bench, list, 2, HResult::S_OK)?;
    let code = bench.outcome_code()?;
    bench.expect(list, Call::Reset {}, code)?;
    let again = read(bench, list, 2, HResult::S_OK)?;
    bench.same("the first objects after Reset", &first, &again)
}

fn clone(bench: &mut Bench<'_>, list: Object) -> Result<Object, Stop> {
    let code = bench.outcome_code()?;
    let reply = bench.expect(list, Call::Clone { ppenum: Ptr::Valid }, code)?;
    out!(reply, Clone { ppenum }).copied()
}

/// The same list at the same place; after that each goes its own way and lives for itself.
fn cloned(bench: &mut Bench<'_>) -> Checked {
    bench
        .inferred("a clone begins where its original is, as COM's enumerators do; the page leaves that open");
    let Listed { list, .. } = three_copies(bench)?;
    let first = read(bench, list, 1, HResult::S_OK)?;
    let before = flow::live_objects(bench)?;
    let copy = clone(bench, list)?;
    let came = flow::live_objects(bench)?;
    bench.same("how many objects live with the clone", &(before + 1), &came)?;
    let rest = read(bench, copy, 2, HResult::S_OK)?;
    bench.check(!rest.contains(&first[0]), || "the clone begins where its original is".to_owned())?;
    let own = read(bench, list, 2, HResult::S_OK)?;
    bench.same("what the original has left", &rest, &own)?;
    bench.release(list);
    bench.ok(copy, Call::Reset {})?;
    let all = read(bench, copy, 3, HResult::S_OK)?;
    bench.same("the whole list", &[first, rest].concat(), &all)?;
    bench.release(copy);
    let came = flow::live_objects(bench)?;
    bench.same("how many objects live after both are released", &(before - 1), &came)
}

/// Whoever held it is gone.
fn ends_with_its_process(bench: &mut Bench<'_>) -> Checked {
    let Listed { session, list } = three_copies(bench)?;
    let copy = clone(bench, list)?;
    bench.release(list);
    // The list does not need the object that made it.
    bench.release(session);
    let all = read(bench, copy, 3, HResult::S_OK)?;
    bench.same("how many objects the clone has", &3, &all.len())?;
    let other = flow::backup_object(bench, SnapshotContext::ALL)?;
    let list = bench.object(other, Call::query(ObjectType::PROVIDER))?;
    clone(bench, list)?;
    let before = flow::live_objects(bench)?;
    bench.act(Action::EndProcess { session: other })?;
    let came = flow::live_objects(bench)?;
    bench.same("how many objects live after the process", &(before - 3), &came)?;
    bench.act(Action::Restart { host: 1 })?;
    let came = flow::live_objects(bench)?;
    bench.same("how many objects live after a restart", &0, &came)
}
