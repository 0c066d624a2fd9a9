//! `BreakSnapshotSet` and `BreakSnapshotSetEx`: shadow copies become ordinary volumes.

pub(super) mod exposed;
pub(super) mod fast_recovery;
pub(super) mod flags;
pub(super) mod identities;
pub(super) mod plain;
pub(super) mod refusals;

use vss_sim::api::{Call, HardwareOptions as Flags, Object};

use crate::bench::Bench;
use crate::case::Checked;
use crate::cases::flow::{self, Set};

/// The outcome that most of BreakSnapshotSetEx' cases show.
const BROKEN_EX: &str = "IVssBackupComponentsEx2::BreakSnapshotSetEx/S_OK/broken";

/// BreakSnapshotSetEx with these flags comes to the outcome's code, and VSS knows the set no more.
fn breaks(bench: &mut Bench<'_>, on: Object, set: &Set, flags: Flags) -> Checked {
    let code = bench.outcome_code()?;
    bench.expect_settled(on, Call::break_snapshot_set_ex(set.id, flags), code)?;
    forgotten(bench, on, set)
}

/// VSS does not know the set on that object's host (any more).
fn forgotten(bench: &mut Bench<'_>, on: Object, set: &Set) -> Checked {
    for copy in &set.copies {
        let told = flow::properties_if_known(bench, on, *copy)?;
        bench.check(told.is_none(), || format!("VSS still tells of shadow copy {copy}"))?;
    }
    Ok(())
}

/// VSS knows the set there as before.
fn still_known(bench: &mut Bench<'_>, on: Object, set: &Set) -> Checked {
    for copy in &set.copies {
        let told = flow::properties_if_known(bench, on, *copy)?;
        bench.check(told.is_some(), || {
            format!("VSS has forgotten shadow copy {copy}, though it is not broken")
        })?;
    }
    Ok(())
}
