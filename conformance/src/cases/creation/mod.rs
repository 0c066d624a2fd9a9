//! The creation of shadow copy sets: from the requester's object to BackupComplete, and every way in which it stops
//! before.

pub(super) mod context;
pub(super) mod creating;
pub(super) mod ending;
pub(super) mod limits;
pub(super) mod names;
pub(super) mod objects;
pub(super) mod providers;
pub(super) mod sets;
pub(super) mod shares;
pub(super) mod stalls;
pub(super) mod virtual_disks;
pub(super) mod volume_supported;

use vss_sim::api::{LunSeen, Object};

use super::flow;
use crate::bench::Bench;
use crate::case::{Checked, Stop};

/// The host has that many shadow copies, those in the making included.
fn has_copies(bench: &mut Bench<'_>, count: usize) -> Checked {
    let seen = flow::snapshots(bench)?;
    bench.same("how many shadow copies there are", &count, &seen.len())
}

/// Another requester of the host can create a set; the object is let go of again.
fn slot_is_free(bench: &mut Bench<'_>) -> Checked {
    let (other, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[])?;
    bench.release(other);
    Ok(())
}

/// A failed creation leaves no set, no copy, no LUN and no lock behind: `luns` is what was there before.
fn nothing_is_left(bench: &mut Bench<'_>, luns: &[LunSeen]) -> Checked {
    has_copies(bench, 0)?;
    let now = flow::luns(bench)?;
    bench.check(now == luns, || "the LUNs have to be as they were before".to_owned())?;
    slot_is_free(bench)
}

/// A set that is begun, with those volumes, by a requester on that host.
fn set_on(bench: &mut Bench<'_>, host: Object, volumes: &[&str]) -> Result<Object, Stop> {
    let session = flow::backup_object_on(bench, host, flow::AUTO_RELEASE)?;
    flow::start_set(bench, session, volumes)?;
    Ok(session)
}
