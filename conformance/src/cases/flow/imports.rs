//! Sets that go from one host to another.

use vss_sim::api::{Action, Call, Object, SnapshotContext, Text, VolumeSnapshotAttributes as Attributes};

use super::{PERSISTENT, Set, create_on};
use crate::bench::Bench;
use crate::case::{Checked, Stop};

/// Persistent sets without writers, for another host.
pub(in crate::cases) fn transportable() -> SnapshotContext {
    PERSISTENT.with(Attributes::TRANSPORTABLE)
}

/// An object on that host that has loaded the document.
pub(in crate::cases) fn importer(bench: &mut Bench<'_>, host: u32, document: &Text) -> Result<Object, Stop> {
    let importer = create_on(bench, Object::Host(host))?;
    bench.ok(importer, Call::InitializeForBackup { bstr_xml: Some(document.clone()) })?;
    Ok(importer)
}

/// The set is imported on that host: the object that did it.
pub(in crate::cases) fn imported(bench: &mut Bench<'_>, host: u32, set: &Set) -> Result<Object, Stop> {
    let importer = importer(bench, host, &set.document)?;
    bench.done(importer, Call::IMPORT_SNAPSHOTS)?;
    Ok(importer)
}

/// Questions and actions are about that host from here on.
pub(in crate::cases) fn turn_to(bench: &mut Bench<'_>, host: u32) -> Checked {
    bench.act(Action::TurnTo { host })
}
