//! Query: which copies it lists, how its enumerator goes on, and what the context has to do with it.

use vss_sim::api::{
    HResult, Object, ObjectType, ProviderCall, ProviderObject, ProviderOut, Ptr, SnapshotContext, SnapshotId,
    SnapshotSetId,
};

use super::copier::{Copier, load};
use crate::bench::Bench;
use crate::case::{Checked, Stop};

/// Completed copies only, and none that are deleted.
pub(super) fn lists_completed_copies(bench: &mut Bench<'_>) -> Checked {
    let mut copier = load(bench, |_| ())?;
    let came = copier.listed(bench)?;
    bench.same("the list before", &Vec::new(), &came)?;
    let (_, copies) = copier.create(bench, SnapshotContext::BACKUP, 2)?;
    let (set, unfinished) = (SnapshotSetId(copier.fresh()), SnapshotId(copier.fresh()));
    let source = copier.sources[0].clone();
    copier.ok(bench, copier.begin(set, unfinished, Some(&source), SnapshotContext::BACKUP))?;
    copier.ok(bench, ProviderCall::EndPrepareSnapshots { snapshot_set_id: set })?;
    copier.ok(bench, ProviderCall::PreCommitSnapshots { snapshot_set_id: set })?;
    copier.ok(bench, ProviderCall::CommitSnapshots { snapshot_set_id: set })?;
    let mut wanted = Vec::new();
    for copy in &copies {
        wanted.push(copier.told(bench, *copy)?);
    }
    wanted.sort_by_key(|copy| copy.snapshot_id);
    let mut listed = copier.listed(bench)?;
    listed.sort_by_key(|copy| copy.snapshot_id);
    bench.same("the listed copies", &wanted, &listed)?;
    for copy in copies {
        copier.ok(bench, copier.delete(copy.0, ObjectType::SNAPSHOT))?;
    }
    let came = copier.listed(bench)?;
    bench.same("the list in the end", &Vec::new(), &came)
}

/// The enumerator goes on, back to the start, over objects, and is copied.
pub(super) fn enumerates(bench: &mut Bench<'_>) -> Checked {
    let mut copier = load(bench, |_| ())?;
    copier.create(bench, SnapshotContext::BACKUP, 2)?;
    let enumerator = copier.enumerator(bench)?;
    let next = |celt| ProviderCall::Next { celt, rgelt: Ptr::Valid, pcelt_fetched: Ptr::Valid };
    let walk = [
        (next(1), HResult::S_OK, Some(1)),
        (next(2), HResult::S_FALSE, Some(1)),
        (next(1), HResult::S_FALSE, Some(0)),
        (ProviderCall::Reset {}, HResult::S_OK, None),
        (ProviderCall::Skip { celt: 1 }, HResult::S_OK, None),
        (next(1), HResult::S_OK, Some(1)),
        (ProviderCall::Skip { celt: 1 }, HResult::S_FALSE, None),
    ];
    for (call, code, fetched) in walk {
        steps(bench, &copier, enumerator, call, code, fetched)?;
    }
    let clone = copier.call_object(bench, enumerator, ProviderCall::Clone { ppenum: Ptr::Valid })?;
    let Some(ProviderOut::Clone { ppenum: Object::Enumerator(number) }) = clone.out else {
        return Err(Stop::failed("IVssEnumObject::Clone handed out no enumerator"));
    };
    let clone = ProviderObject::Enumerator(number);
    steps(bench, &copier, clone, ProviderCall::Reset {}, HResult::S_OK, None)?;
    steps(bench, &copier, clone, next(2), HResult::S_OK, Some(2))?;
    steps(bench, &copier, enumerator, next(1), HResult::S_FALSE, Some(0))
}

fn steps(
    bench: &mut Bench<'_>,
    copier: &Copier,
    enumerator: ProviderObject,
    call: ProviderCall,
    code: HResult,
    fetched: Option<u32>,
) -> Checked {
    let method = call.method();
    let reply = copier.call_object(bench, enumerator, call)?;
    bench.same(&format!("the code of {method}"), &code, &reply.hresult)?;
    let came = match reply.out {
        Some(ProviderOut::Next { pcelt_fetched, .. }) => Some(pcelt_fetched),
        _ => None,
    };
    bench.same(&format!("what {method} fetched"), &fetched, &came)
}

/// The context says which copies of volumes Query lists; a provider of shares lists all there are.
pub(super) fn context_governs(bench: &mut Bench<'_>) -> Checked {
    let mut copier = load(bench, |_| ())?;
    let contexts = [SnapshotContext::BACKUP, SnapshotContext::APP_ROLLBACK];
    let mut copies = Vec::new();
    for context in contexts {
        copies.extend(copier.create(bench, context, 1)?.1);
    }
    let every = [SnapshotContext::ALL, SnapshotContext::BACKUP, SnapshotContext::APP_ROLLBACK];
    for context in every {
        copier.reload(bench)?;
        copier.ok(bench, copier.set_context(SnapshotContext::NAS_ROLLBACK))?;
        copier.ok(bench, copier.set_context(context))?;
        let wanted = contexts
            .iter()
            .zip(&copies)
            .filter(|(made_in, _)| copier.shares || context == SnapshotContext::ALL || **made_in == context);
        let mut wanted: Vec<SnapshotId> = wanted.map(|(_, copy)| *copy).collect();
        let mut listed: Vec<SnapshotId> =
            copier.listed(bench)?.into_iter().map(|copy| copy.snapshot_id).collect();
        wanted.sort();
        listed.sort();
        bench.same(&format!("the copies listed in context {context:?}"), &wanted, &listed)?;
    }
    Ok(())
}
