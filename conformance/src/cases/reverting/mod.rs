//! Reverts of volumes to their shadow copies: `RevertToSnapshot`, `QueryRevertStatus` with the `IVssAsync` that it hands
//! out, and `ShouldBlockRevert`.

pub(super) mod blocked;
pub(super) mod status;
pub(super) mod to_snapshot;

use vss_sim::api::{Call, Object};
use vss_sim::lab::Lab;

use super::flow::{self, Set};
use crate::bench::Bench;
use crate::case::Stop;

/// The `IVssAsync` of the revert that runs on the volume.
fn running(bench: &mut Bench<'_>, on: Object, volume: &str) -> Result<Object, Stop> {
    bench.object(on, Call::query_revert_status(volume))
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
