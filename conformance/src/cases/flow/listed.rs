//! What `Query` lists.

use vss_sim::api::{Call, HResult, Object, ObjectProp, ObjectType, Ptr, SnapshotProp};

use crate::bench::Bench;
use crate::case::Stop;
use crate::out;

/// Everything that an enumerator has from its place on; then it is released.
pub(in crate::cases) fn read_to_the_end(
    bench: &mut Bench<'_>,
    list: Object,
) -> Result<Vec<ObjectProp>, Stop> {
    let mut came = Vec::new();
    loop {
        let next = Call::Next { celt: 64, rgelt: Ptr::Valid, pcelt_fetched: Ptr::Valid };
        let reply = bench.call(list, next);
        let more = out!(reply, Next { rgelt })?;
        came.extend(more.iter().cloned());
        // S_FALSE says that there were fewer than asked for. Whoever says S_OK without any never comes to an end.
        if reply.hresult != HResult::S_OK || more.is_empty() {
            bench.same("what Next answers at the end of the list", &HResult::S_FALSE, &reply.hresult)?;
            break;
        }
    }
    bench.release(list);
    Ok(came)
}

/// The copies that an object sees, in the order of their ids.
pub(in crate::cases) fn copies_seen(bench: &mut Bench<'_>, on: Object) -> Result<Vec<SnapshotProp>, Stop> {
    let list = bench.object(on, Call::query(ObjectType::SNAPSHOT))?;
    let listed = read_to_the_end(bench, list)?;
    only_copies(bench, listed)
}

/// The copies of a list that is to have nothing else, in the order of their ids.
pub(in crate::cases) fn only_copies(
    bench: &Bench<'_>,
    listed: Vec<ObjectProp>,
) -> Result<Vec<SnapshotProp>, Stop> {
    let all = listed.len();
    let copies = listed.into_iter().filter_map(|object| match object {
        ObjectProp::Snapshot(copy) => Some(*copy),
        ObjectProp::Provider(_) => None,
    });
    let mut copies: Vec<SnapshotProp> = copies.collect();
    bench.same("how many of the listed objects are copies", &all, &copies.len())?;
    copies.sort_by_key(|copy| copy.snapshot_id);
    Ok(copies)
}
