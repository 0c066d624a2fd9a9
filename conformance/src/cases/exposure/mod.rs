//! `IVssBackupComponents::ExposeSnapshot` and `IVssBackupComponentsEx2::UnexposeSnapshot`.

mod exposed;
mod refused;
mod unexpose;

use vss_sim::api::{
    Call, HResult, Object, Ptr, SnapshotContext as Context, SnapshotId, SnapshotProp,
    VolumeSnapshotAttributes as Attributes,
};

use super::flow;
use crate::bench::Bench;
use crate::case::{Checked, Stop};
use crate::out;

pub(super) use exposed::CASES as EXPOSED;
pub(super) use refused::CASES as REFUSED;
pub(super) use unexpose::CASES as UNEXPOSED;

/// The call with just these arguments.
fn call(copy: SnapshotId, path: Option<&str>, attributes: Attributes, name: Option<&str>) -> Call {
    Call::ExposeSnapshot {
        snapshot_id: copy,
        wsz_path_from_root: path.map(Into::into),
        l_attributes: attributes,
        wsz_expose: name.map(Into::into),
        pwsz_exposed: Ptr::Valid,
    }
}

/// The call that exposes a copy under a drive letter or as a folder.
pub(in crate::cases) fn locally(copy: SnapshotId, name: &str) -> Call {
    call(copy, None, Attributes::EXPOSED_LOCALLY, Some(name))
}

/// The call that shares a copy; without a name VSS chooses one.
pub(super) fn remotely(copy: SnapshotId, path: Option<&str>, name: Option<&str>) -> Call {
    call(copy, path, Attributes::EXPOSED_REMOTELY, name)
}

/// Exposes the copy, as the outcome says; answers the name that came.
pub(super) fn exposes(bench: &mut Bench<'_>, on: Object, call: Call) -> Result<String, Stop> {
    let code = bench.outcome_code()?;
    let reply = bench.expect(on, call, if code.is_failure() { HResult::S_OK } else { code })?;
    out!(reply, ExposeSnapshot { pwsz_exposed }).map(ToString::to_string)
}

/// The properties tell where the copy is exposed, and nothing else has changed in them.
pub(super) fn told(
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

/// A set for transport with a copy of D:.
fn transportable_set(bench: &mut Bench<'_>) -> Result<flow::Set, Stop> {
    bench.load_default()?;
    flow::copied(bench, Context::APP_ROLLBACK.with(Attributes::TRANSPORTABLE), &[r"D:\"])
}
