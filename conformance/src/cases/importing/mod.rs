//! `IVssBackupComponents::ImportSnapshots`: sets that one host makes and another brings up.

pub(super) mod arrivals;
pub(super) mod lifetimes;
pub(super) mod order;
pub(super) mod places;
pub(super) mod what_is_missing;

use vss_sim::api::{Call, Object};

use super::flow::{self, Set};
use crate::bench::Bench;
use crate::case::Stop;

/// What every import is about that is let through: how it ends is told by its `IVssAsync`.
const BEGUN: &str = "IVssBackupComponents::ImportSnapshots/S_OK/async-returned";

/// An object on that host imports the set, as the outcome says.
fn imports(bench: &mut Bench<'_>, host: u32, set: &Set) -> Result<Object, Stop> {
    let importer = flow::importer(bench, host, &set.document)?;
    let code = bench.outcome_code()?;
    bench.expect_status(importer, Call::IMPORT_SNAPSHOTS, code)?;
    Ok(importer)
}
