//! An object that has loaded a document for a restore, and its recovery set.

use vss_sim::api::{Call, Object, Text};

use super::{Set, create};
use crate::bench::Bench;
use crate::case::Stop;

/// An object that has loaded the document for a restore.
pub(in crate::cases) fn restore_object(bench: &mut Bench<'_>, document: &Text) -> Result<Object, Stop> {
    let session = create(bench)?;
    bench.ok(session, Call::InitializeForRestore { bstr_xml: Some(document.clone()) })?;
    Ok(session)
}

/// A restore object with a recovery set of all the copies.
pub(in crate::cases) fn recovery_set(
    bench: &mut Bench<'_>,
    backup: &Set,
    destination: Option<&str>,
) -> Result<Object, Stop> {
    let restore = restore_object(bench, &backup.document)?;
    for copy in &backup.copies {
        bench.ok(restore, Call::add_snapshot_to_recovery_set(*copy, destination))?;
    }
    Ok(restore)
}
