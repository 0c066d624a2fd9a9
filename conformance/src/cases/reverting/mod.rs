//! Reverts of volumes to their shadow copies: `RevertToSnapshot`, `QueryRevertStatus` with the `IVssAsync` that it hands
//! out, and `ShouldBlockRevert`.

pub(super) mod blocked;
pub(super) mod status;
pub(super) mod to_snapshot;

use vss_sim::api::{Call, Object, Ptr, SnapshotContext};
use vss_sim::lab::{Lab, SYSTEM_PROVIDER};

use super::flow::{self, Set};
use crate::bench::Bench;
use crate::case::Stop;

/// A copy of the volume by the provider of that name.
pub(super) fn copy_by(
    bench: &mut Bench<'_>,
    provider: &str,
    context: SnapshotContext,
    volume: &str,
) -> Result<Set, Stop> {
    let provider = flow::provider_named(bench, provider)?;
    flow::backup_by(bench, provider, context, &[volume])
}

/// A persistent copy of the volume by the system provider, which can revert.
pub(super) fn copy(bench: &mut Bench<'_>, volume: &str) -> Result<Set, Stop> {
    copy_by(bench, SYSTEM_PROVIDER, SnapshotContext::APP_ROLLBACK, volume)
}

/// The volume held "then" when it was copied, and holds "now!".
pub(super) fn copied_by_the_system(bench: &mut Bench<'_>, volume: &str) -> Result<Set, Stop> {
    let system = flow::provider_named(bench, SYSTEM_PROVIDER)?;
    flow::copied_by(bench, system, SnapshotContext::APP_ROLLBACK, &[volume])
}

/// The `IVssAsync` of the revert that runs on the volume.
fn running(bench: &mut Bench<'_>, on: Object, volume: &str) -> Result<Object, Stop> {
    bench.object(on, Call::query_revert_status(volume))
}

/// D: is being reverted.
pub(super) fn reverting(bench: &mut Bench<'_>) -> Result<Set, Stop> {
    let set = copied_by_the_system(bench, r"D:\")?;
    bench.ok(set.session, Call::revert_to_snapshot(set.copies[0]))?;
    Ok(set)
}

/// The call that asks whether a writer is in the way of a revert.
pub(super) fn should_block(volume: &str, pb_block: Ptr) -> Call {
    Call::ShouldBlockRevert { wsz_volume_name: Some(volume.into()), pb_block }
}

/// The lab, where Windows runs from C:. Other labs than the default one may not say so: that for Wine does not.
fn windows_on_c(lab: &Lab) -> Result<Lab, Stop> {
    flow::changed(lab, |lab| {
        flow::volume_in(lab, r"C:\")?.boot = true;
        Ok(())
    })
}

/// Names that have none of the three forms.
const BAD_NAMES: [&str; 5] =
    ["", "D", r"\\SRV\data\", r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1\", r"\\?\Volume{7673736c}\"];

/// Names that lack only their backslash.
const UNENDED_NAMES: [&str; 3] = ["D:", r"C:\mnt\d", r"\\?\Volume{7673736c-0000-0000-0000-00000000dead}"];
