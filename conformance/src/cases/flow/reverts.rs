//! Reverts of volumes, and the copies that these need.

use vss_sim::api::{Call, Ptr, SnapshotContext};
use vss_sim::lab::SYSTEM_PROVIDER;

use super::{Set, backup_by, copied_by, provider_named};
use crate::bench::Bench;
use crate::case::Stop;

/// A copy of the volume by the provider of that name.
pub(in crate::cases) fn backup_by_name(
    bench: &mut Bench<'_>,
    provider: &str,
    context: SnapshotContext,
    volume: &str,
) -> Result<Set, Stop> {
    let provider = provider_named(bench, provider)?;
    backup_by(bench, provider, context, &[volume])
}

/// A persistent copy of the volume by the system provider, which can revert.
pub(in crate::cases) fn backup_by_system(bench: &mut Bench<'_>, volume: &str) -> Result<Set, Stop> {
    backup_by_name(bench, SYSTEM_PROVIDER, SnapshotContext::APP_ROLLBACK, volume)
}

/// The volume held "then" when it was copied, and holds "now!".
pub(in crate::cases) fn copied_by_the_system(bench: &mut Bench<'_>, volume: &str) -> Result<Set, Stop> {
    let system = provider_named(bench, SYSTEM_PROVIDER)?;
    copied_by(bench, system, SnapshotContext::APP_ROLLBACK, &[volume])
}

/// D: is being reverted.
pub(in crate::cases) fn reverting(bench: &mut Bench<'_>) -> Result<Set, Stop> {
    let set = copied_by_the_system(bench, r"D:\")?;
    bench.ok(set.session, Call::revert_to_snapshot(set.copies[0]))?;
    Ok(set)
}

/// The call that asks whether a writer is in the way of a revert.
pub(in crate::cases) fn should_block(volume: &str, pb_block: Ptr) -> Call {
    Call::ShouldBlockRevert { wsz_volume_name: Some(volume.into()), pb_block }
}
