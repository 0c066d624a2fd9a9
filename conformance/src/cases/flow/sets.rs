//! From a requester's object to a set, and to its saved document.

use vss_sim::api::{
    Call, Guid, HResult, Object, ObjectType, Out, ProviderId, SnapshotContext, SnapshotId, SnapshotSetId,
    Text, VolumeSnapshotAttributes as Attributes,
};

use super::write;
use crate::bench::Bench;
use crate::case::{Checked, Stop};
use crate::out;

/// A shadow copy set, and what is needed to restore from it or to import it.
#[derive(Clone, Debug)]
pub(in crate::cases) struct Set {
    /// The requester's object, still alive: its writers take part until it is released.
    pub(in crate::cases) session: Object,
    /// Its id.
    pub(in crate::cases) id: SnapshotSetId,
    /// One shadow copy for each volume, in the order in which they were asked for.
    pub(in crate::cases) copies: Vec<SnapshotId>,
    /// The saved Backup Components Document.
    pub(in crate::cases) document: Text,
}

/// Sets without writers that go with their object.
pub(in crate::cases) const AUTO_RELEASE: SnapshotContext = SnapshotContext::FILE_SHARE_BACKUP;

/// Sets without writers that stay.
pub(in crate::cases) const PERSISTENT: SnapshotContext = SnapshotContext::NAS_ROLLBACK;

/// A requester's object.
pub(in crate::cases) fn create(bench: &mut Bench<'_>) -> Result<Object, Stop> {
    create_on(bench, Object::HOST)
}

/// The same on that host.
pub(in crate::cases) fn create_on(bench: &mut Bench<'_>, host: Object) -> Result<Object, Stop> {
    bench.object(host, Call::CREATE_VSS_BACKUP_COMPONENTS)
}

/// An object that is initialised for a backup, and no more.
pub(in crate::cases) fn initialized(bench: &mut Bench<'_>) -> Result<Object, Stop> {
    initialized_on(bench, Object::HOST)
}

fn initialized_on(bench: &mut Bench<'_>, host: Object) -> Result<Object, Stop> {
    let session = create_on(bench, host)?;
    bench.ok(session, Call::InitializeForBackup { bstr_xml: None })?;
    Ok(session)
}

/// An object initialised for a backup, with that context.
pub(in crate::cases) fn backup_object(
    bench: &mut Bench<'_>,
    context: SnapshotContext,
) -> Result<Object, Stop> {
    backup_object_on(bench, Object::HOST, context)
}

/// The same on that host.
pub(in crate::cases) fn backup_object_on(
    bench: &mut Bench<'_>,
    host: Object,
    context: SnapshotContext,
) -> Result<Object, Stop> {
    let session = initialized_on(bench, host)?;
    if context != SnapshotContext::BACKUP {
        bench.ok(session, Call::SetContext { l_context: context })?;
    }
    bench.ok(session, Call::SET_BACKUP_STATE)?;
    Ok(session)
}

/// Gathers the writers' metadata on a backup or restore object.
pub(in crate::cases) fn gather_metadata(bench: &mut Bench<'_>, session: Object) -> Checked {
    bench.done(session, Call::GATHER_WRITER_METADATA).map(drop)
}

/// Starts a set with those volumes.
pub(in crate::cases) fn start_set(
    bench: &mut Bench<'_>,
    session: Object,
    volumes: &[&str],
) -> Result<Vec<SnapshotId>, Stop> {
    started(bench, session, ProviderId::NULL, volumes).map(|(_, copies)| copies)
}

fn started(
    bench: &mut Bench<'_>,
    session: Object,
    provider: ProviderId,
    volumes: &[&str],
) -> Result<(SnapshotSetId, Vec<SnapshotId>), Stop> {
    let reply = bench.ok(session, Call::START_SNAPSHOT_SET)?;
    let id = *out!(reply, StartSnapshotSet { p_snapshot_set_id })?;
    let copies = volumes.iter().map(|volume| add_volume(bench, session, volume, provider));
    Ok((id, copies.collect::<Result<_, _>>()?))
}

/// Adds the volume to the set that was started, for that provider.
pub(in crate::cases) fn add_volume(
    bench: &mut Bench<'_>,
    session: Object,
    volume: &str,
    provider: ProviderId,
) -> Result<SnapshotId, Stop> {
    let reply = bench.ok(session, Call::add_to_snapshot_set(volume, provider))?;
    out!(reply, AddToSnapshotSet { pid_snapshot }).copied()
}

/// The same as what the case is about: it has to return the outcome's code.
pub(in crate::cases) fn expect_added(
    bench: &mut Bench<'_>,
    session: Object,
    volume: &str,
    provider: ProviderId,
) -> Result<SnapshotId, Stop> {
    let code = bench.outcome_code()?;
    let reply = bench.expect(session, Call::add_to_snapshot_set(volume, provider), code)?;
    out!(reply, AddToSnapshotSet { pid_snapshot }).copied()
}

fn has_writers(context: SnapshotContext) -> bool {
    !context.attributes().contains(Attributes::NO_WRITERS)
}

/// Everything up to a set that is ready for DoSnapshotSet, with writers if the context has them.
fn prepared(
    bench: &mut Bench<'_>,
    provider: ProviderId,
    context: SnapshotContext,
    volumes: &[&str],
) -> Result<(Object, SnapshotSetId, Vec<SnapshotId>), Stop> {
    let session = backup_object(bench, context)?;
    if has_writers(context) {
        gather_metadata(bench, session)?;
    }
    let (id, copies) = started(bench, session, provider, volumes)?;
    if has_writers(context) {
        bench.done(session, Call::PREPARE_FOR_BACKUP)?;
    }
    Ok((session, id, copies))
}

/// A set that only waits for DoSnapshotSet, whether its context has writers or not, and the object that makes it.
pub(in crate::cases) fn prepared_set(
    bench: &mut Bench<'_>,
    context: SnapshotContext,
    volumes: &[&str],
) -> Result<(Object, Vec<SnapshotId>), Stop> {
    prepared(bench, ProviderId::NULL, context, volumes).map(|(session, _, copies)| (session, copies))
}

/// The same, created; BackupComplete is left to the case.
pub(in crate::cases) fn created_set(
    bench: &mut Bench<'_>,
    context: SnapshotContext,
    volumes: &[&str],
) -> Result<(Object, Vec<SnapshotId>), Stop> {
    let (session, copies) = prepared_set(bench, context, volumes)?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    Ok((session, copies))
}

/// The call returns the outcome's code at once; its operation is pending then, and succeeds in the end.
pub(in crate::cases) fn runs_to_its_end(bench: &mut Bench<'_>, on: Object, call: Call) -> Checked {
    let code = bench.outcome_code()?;
    let operation = bench.expect_object(on, call, code)?;
    let status = bench.status(operation)?;
    bench.same("the status at once", &HResult::VSS_S_ASYNC_PENDING, &status)?;
    let ended = bench.settle(operation)?;
    bench.same("the status in the end", &HResult::S_OK, &ended)
}

/// A whole backup of the volumes, persistent, with writers, to a saved document.
pub(in crate::cases) fn backup(bench: &mut Bench<'_>, volumes: &[&str]) -> Result<Set, Stop> {
    backup_with(bench, SnapshotContext::APP_ROLLBACK, volumes)
}

/// [`backup`] with another context, which may have no writers.
pub(in crate::cases) fn backup_with(
    bench: &mut Bench<'_>,
    context: SnapshotContext,
    volumes: &[&str],
) -> Result<Set, Stop> {
    backup_by(bench, ProviderId::NULL, context, volumes)
}

/// The same by that provider.
pub(in crate::cases) fn backup_by(
    bench: &mut Bench<'_>,
    provider: ProviderId,
    context: SnapshotContext,
    volumes: &[&str],
) -> Result<Set, Stop> {
    let (session, id, copies) = prepared(bench, provider, context, volumes)?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    if has_writers(context) {
        bench.done(session, Call::BACKUP_COMPLETE)?;
    }
    let document = save(bench, session)?;
    Ok(Set { session, id, copies, document })
}

/// [`backup_with`] of volumes that held "then", and hold "now!".
pub(in crate::cases) fn copied(
    bench: &mut Bench<'_>,
    context: SnapshotContext,
    volumes: &[&str],
) -> Result<Set, Stop> {
    copied_by(bench, ProviderId::NULL, context, volumes)
}

/// [`copied`] by that provider.
pub(in crate::cases) fn copied_by(
    bench: &mut Bench<'_>,
    provider: ProviderId,
    context: SnapshotContext,
    volumes: &[&str],
) -> Result<Set, Stop> {
    for volume in volumes {
        write(bench, volume, "then")?;
    }
    let set = backup_by(bench, provider, context, volumes)?;
    for volume in volumes {
        write(bench, volume, "now!")?;
    }
    Ok(set)
}

/// The only copy of a set of [`copied`], and the object that made it.
pub(in crate::cases) fn copied_volume(
    bench: &mut Bench<'_>,
    context: SnapshotContext,
    volume: &str,
) -> Result<(Object, SnapshotId), Stop> {
    let set = copied(bench, context, &[volume])?;
    Ok((set.session, only(&set.copies)?))
}

/// The call that deletes one copy.
pub(in crate::cases) fn delete_copy(copy: SnapshotId) -> Call {
    Call::delete_snapshots(copy.0, ObjectType::SNAPSHOT, false)
}

/// The one copy that there is.
pub(in crate::cases) fn only(copies: &[SnapshotId]) -> Result<SnapshotId, Stop> {
    copies.first().copied().ok_or_else(|| Stop::error("the set has no copy"))
}

/// An id that differs from that one in a bit, so that nothing has it.
pub(in crate::cases) fn beside(id: Guid) -> Guid {
    Guid::from_u128(id.as_u128() ^ 1)
}

/// The object's document as XML.
pub(in crate::cases) fn save(bench: &mut Bench<'_>, session: Object) -> Result<Text, Stop> {
    match bench.ok(session, Call::SAVE_AS_XML)?.out {
        Some(Out::SaveAsXML { pbstr_xml }) => Ok(pbstr_xml),
        _ => Err(Stop::failed("SaveAsXML returned S_OK but wrote no document")),
    }
}
