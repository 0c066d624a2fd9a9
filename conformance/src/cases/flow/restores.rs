//! An object that has loaded a document for a restore, and its recovery set.

use vss_sim::api::{Call, Object, Ptr, RecoveryOptions, SnapshotId, Text};

use super::{Set, create};
use crate::bench::Bench;
use crate::case::Stop;

/// An object that has loaded the document for a restore.
pub(in crate::cases) fn restore_object(bench: &mut Bench<'_>, document: &Text) -> Result<Object, Stop> {
    let session = create(bench)?;
    bench.ok(session, Call::InitializeForRestore { bstr_xml: Some(document.clone()) })?;
    Ok(session)
}

/// The call that adds a copy to the recovery set.
pub(in crate::cases) fn add_call(snapshot: SnapshotId, destination: Option<&str>) -> Call {
    Call::AddSnapshotToRecoverySet {
        snapshot_id: snapshot,
        dw_flags: 0,
        pwsz_destination_volume: destination.map(Into::into),
    }
}

/// The call that copies back.
pub(in crate::cases) fn recover_call(flags: RecoveryOptions) -> Call {
    Call::RecoverSet { dw_flags: flags, pp_async: Ptr::Valid }
}

/// A restore object with a recovery set of all the copies.
pub(in crate::cases) fn recovery_set(
    bench: &mut Bench<'_>,
    backup: &Set,
    destination: Option<&str>,
) -> Result<Object, Stop> {
    let restore = restore_object(bench, &backup.document)?;
    for copy in &backup.copies {
        bench.ok(restore, add_call(*copy, destination))?;
    }
    Ok(restore)
}
