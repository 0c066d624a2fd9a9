//! Reverts of volumes to their shadow copies: `RevertToSnapshot`, `QueryRevertStatus` with the `IVssAsync` that it hands
//! out, and `ShouldBlockRevert`.

pub(super) mod blocked;
pub(super) mod status;
pub(super) mod to_snapshot;

use vss_sim::api::{Call, Object, Ptr, SnapshotContext, SnapshotId};
use vss_sim::lab::{Lab, SYSTEM_PROVIDER};

use super::flow;
use crate::bench::Bench;
use crate::case::Stop;

/// A copy that the requester is still there for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Copied {
    pub(super) session: Object,
    pub(super) snapshot: SnapshotId,
}

/// A copy of the volume by the provider of that name.
pub(super) fn copy_by(
    bench: &mut Bench<'_>,
    provider: &str,
    context: SnapshotContext,
    volume: &str,
) -> Result<Copied, Stop> {
    let provider = flow::provider_named(bench, provider)?;
    let set = flow::backup_by(bench, provider, context, &[volume])?;
    Ok(Copied { session: set.session, snapshot: flow::only(&set.copies)? })
}

/// A persistent copy of the volume by the system provider, which can revert.
pub(super) fn copy(bench: &mut Bench<'_>, volume: &str) -> Result<Copied, Stop> {
    copy_by(bench, SYSTEM_PROVIDER, SnapshotContext::APP_ROLLBACK, volume)
}

/// The volume held "then" when it was copied, and holds "now!".
pub(super) fn changed_since(bench: &mut Bench<'_>, volume: &str) -> Result<Copied, Stop> {
    flow::write(bench, volume, "then")?;
    let copied = copy(bench, volume)?;
    flow::write(bench, volume, "now!")?;
    Ok(copied)
}

/// The call that reverts, which does not force a dismount.
pub(super) fn revert(snapshot_id: SnapshotId) -> Call {
    Call::RevertToSnapshot { snapshot_id, b_force_dismount: false }
}

/// The `IVssAsync` of the revert that runs on the volume.
fn running(bench: &mut Bench<'_>, on: Object, volume: &str) -> Result<Object, Stop> {
    bench.object(on, Call::query_revert_status(volume))
}

/// D: is being reverted.
pub(super) fn reverting(bench: &mut Bench<'_>) -> Result<Copied, Stop> {
    let copied = changed_since(bench, r"D:\")?;
    bench.ok(copied.session, revert(copied.snapshot))?;
    Ok(copied)
}

/// The call that asks whether a writer is in the way of a revert.
pub(super) fn should_block(volume: &str, pb_block: Ptr) -> Call {
    Call::ShouldBlockRevert { wsz_volume_name: Some(volume.into()), pb_block }
}

/// The lab, where Windows runs from C:.
fn windows_on_c(lab: &Lab) -> Lab {
    lab.clone().with(|lab| lab.volume_mut(r"C:\").into_iter().for_each(|volume| volume.boot = true))
}

/// Names that have none of the three forms.
const BAD_NAMES: [&str; 5] =
    ["", "D", r"\\SRV\data\", r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1\", r"\\?\Volume{7673736c}\"];

/// Names that lack only their backslash.
const UNENDED_NAMES: [&str; 3] = ["D:", r"C:\mnt\d", r"\\?\Volume{7673736c-0000-0000-0000-00000000dead}"];
