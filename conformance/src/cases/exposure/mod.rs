//! `IVssBackupComponents::ExposeSnapshot` and `IVssBackupComponentsEx2::UnexposeSnapshot`.

pub(super) mod exposed;
pub(super) mod refused;
pub(super) mod unexpose;

use vss_sim::api::{
    Call, Object, SnapshotContext as Context, SnapshotId, SnapshotProp,
    VolumeSnapshotAttributes as Attributes,
};

use super::flow;
use crate::bench::Bench;
use crate::case::{Checked, Stop};
use crate::out;

/// Exposes the copy, as the outcome says; answers the name that came.
pub(super) fn exposes(bench: &mut Bench<'_>, on: Object, call: Call) -> Result<String, Stop> {
    let code = bench.success_code()?;
    let reply = bench.expect(on, call, code)?;
    out!(reply, ExposeSnapshot { pwsz_exposed }).map(ToString::to_string)
}

/// The properties tell where the copy is exposed, and nothing else has changed in them.
pub(super) fn tells_where(
    bench: &mut Bench<'_>,
    on: Object,
    before: &SnapshotProp,
    exposure: (&str, Option<&str>, Attributes),
) -> Checked {
    let (name, path, attribute) = exposure;
    let wanted = SnapshotProp {
        exposed_name: Some(name.into()),
        exposed_path: path.map(Into::into),
        snapshot_attributes: (before.snapshot_attributes - Attributes::NOT_SURFACED) | attribute,
        ..before.clone()
    };
    let came = flow::properties(bench, on, before.snapshot_id)?;
    bench.same("what GetSnapshotProperties tells of an exposed copy", &wanted, &came)
}

/// The calls are refused, write nothing, and the copy is seen as before.
pub(super) fn unchanged(bench: &mut Bench<'_>, on: Object, copy: SnapshotId, calls: &[Call]) -> Checked {
    let before = flow::properties(bench, on, copy)?;
    let code = bench.outcome_code()?;
    for call in calls {
        let reply = bench.expect(on, call.clone(), code)?;
        bench.same("what a refused call wrote", &None, &reply.out)?;
    }
    let came = flow::properties(bench, on, copy)?;
    bench.same("the properties of a copy after refused calls", &before, &came)
}

/// A set for transport with a copy of D:.
fn transportable_set(bench: &mut Bench<'_>) -> Result<flow::Set, Stop> {
    bench.load_default()?;
    flow::copied(bench, Context::APP_ROLLBACK.with(Attributes::TRANSPORTABLE), &[r"D:\"])
}
