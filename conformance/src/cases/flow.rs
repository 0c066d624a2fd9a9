//! The ways that cases walk: a backup to a saved document, and a restore object that has loaded it.

use vss_sim::api::{
    Answer, BackupType, Call, HResult, Object, Out, ProviderId, Ptr, Question, RecoveryOptions, Signature,
    SnapshotContext, SnapshotId, SnapshotProp, Text, VolumeSnapshotAttributes,
};

use crate::bench::Bench;
use crate::case::{Checked, Stop};

/// What a backup leaves for a restore.
#[derive(Clone, Debug)]
pub(super) struct Backup {
    /// The requester's object, still alive: its writers take part until it is released.
    pub(super) session: Object,
    /// One shadow copy for each volume, in the order in which they were asked for.
    pub(super) snapshots: Vec<SnapshotId>,
    /// The saved Backup Components Document.
    pub(super) document: Text,
}

/// A requester's object.
pub(super) fn create(bench: &mut Bench<'_>) -> Result<Object, Stop> {
    bench.object(Object::HOST, Call::CREATE_VSS_BACKUP_COMPONENTS)
}

/// An object initialised for a backup, with that context.
pub(super) fn backup_object(bench: &mut Bench<'_>, context: SnapshotContext) -> Result<Object, Stop> {
    let session = create(bench)?;
    bench.ok(session, Call::InitializeForBackup { bstr_xml: None })?;
    if context != SnapshotContext::BACKUP {
        bench.ok(session, Call::SetContext { l_context: context })?;
    }
    bench.ok(session, backup_state())?;
    Ok(session)
}

/// The call that asks for a full backup of whole volumes.
pub(super) fn backup_state() -> Call {
    Call::SetBackupState {
        b_select_components: false,
        b_backup_bootable_system_state: false,
        backup_type: BackupType::FULL,
        b_partial_file_support: false,
    }
}

/// Gathers the writers' metadata on a backup or restore object.
pub(super) fn gather_metadata(bench: &mut Bench<'_>, session: Object) -> Checked {
    bench.done(session, Call::GATHER_WRITER_METADATA).map(drop)
}

/// Starts a set with those volumes.
pub(super) fn start_set(
    bench: &mut Bench<'_>,
    session: Object,
    volumes: &[&str],
) -> Result<Vec<SnapshotId>, Stop> {
    bench.ok(session, Call::START_SNAPSHOT_SET)?;
    volumes.iter().map(|volume| add_volume(bench, session, volume)).collect()
}

/// The call that adds a volume to a set, with whichever provider takes it.
pub(super) fn add_volume_call(volume: &str) -> Call {
    Call::add_to_snapshot_set(volume, ProviderId::NULL)
}

fn add_volume(bench: &mut Bench<'_>, session: Object, volume: &str) -> Result<SnapshotId, Stop> {
    match bench.ok(session, add_volume_call(volume))?.out {
        Some(Out::AddToSnapshotSet { pid_snapshot }) => Ok(pid_snapshot),
        _ => Err(Stop::failed("AddToSnapshotSet returned S_OK but wrote no snapshot id")),
    }
}

/// Everything up to a set that is ready for DoSnapshotSet, writers included.
pub(super) fn prepared_set(
    bench: &mut Bench<'_>,
    context: SnapshotContext,
    volumes: &[&str],
) -> Result<(Object, Vec<SnapshotId>), Stop> {
    let session = backup_object(bench, context)?;
    gather_metadata(bench, session)?;
    let snapshots = start_set(bench, session, volumes)?;
    bench.done(session, Call::PREPARE_FOR_BACKUP)?;
    Ok((session, snapshots))
}

/// A whole backup of the volumes, persistent, with writers, to a saved document.
pub(super) fn backup(bench: &mut Bench<'_>, volumes: &[&str]) -> Result<Backup, Stop> {
    backup_with(bench, SnapshotContext::APP_ROLLBACK, volumes)
}

/// [`backup`] with another context.
pub(super) fn backup_with(
    bench: &mut Bench<'_>,
    context: SnapshotContext,
    volumes: &[&str],
) -> Result<Backup, Stop> {
    let (session, snapshots) = prepared_set(bench, context, volumes)?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    bench.done(session, Call::BACKUP_COMPLETE)?;
    let document = save(bench, session)?;
    Ok(Backup { session, snapshots, document })
}

/// Copies of the volumes in that context, whether it has writers or not, and the object that made them.
pub(super) fn copies(
    bench: &mut Bench<'_>,
    context: SnapshotContext,
    volumes: &[&str],
) -> Result<(Object, Vec<SnapshotId>), Stop> {
    let without_writers = context.attributes().contains(VolumeSnapshotAttributes::NO_WRITERS);
    let (session, snapshots) = if without_writers {
        let session = backup_object(bench, context)?;
        let snapshots = start_set(bench, session, volumes)?;
        (session, snapshots)
    } else {
        prepared_set(bench, context, volumes)?
    };
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    Ok((session, snapshots))
}

/// The one copy that there is.
pub(super) fn only(snapshots: &[SnapshotId]) -> Result<SnapshotId, Stop> {
    snapshots.first().copied().ok_or_else(|| Stop::error("the set has no copy"))
}

/// What GetSnapshotProperties tells of a copy.
pub(super) fn properties(
    bench: &mut Bench<'_>,
    on: Object,
    snapshot: SnapshotId,
) -> Result<SnapshotProp, Stop> {
    let call = Call::get_snapshot_properties(snapshot);
    let reply = bench.ok(on, call)?;
    crate::out!(reply, GetSnapshotProperties { p_prop }).map(|properties| (**properties).clone())
}

/// The object's document as XML.
pub(super) fn save(bench: &mut Bench<'_>, session: Object) -> Result<Text, Stop> {
    match bench.ok(session, Call::SAVE_AS_XML)?.out {
        Some(Out::SaveAsXML { pbstr_xml }) => Ok(pbstr_xml),
        _ => Err(Stop::failed("SaveAsXML returned S_OK but wrote no document")),
    }
}

/// An object that has loaded the document for a restore.
pub(super) fn restore_object(bench: &mut Bench<'_>, document: &Text) -> Result<Object, Stop> {
    let session = create(bench)?;
    bench.ok(session, Call::InitializeForRestore { bstr_xml: Some(document.clone()) })?;
    Ok(session)
}

/// The call that adds a copy to the recovery set.
pub(super) fn add_call(snapshot: SnapshotId, destination: Option<&str>) -> Call {
    Call::AddSnapshotToRecoverySet {
        snapshot_id: snapshot,
        dw_flags: 0,
        pwsz_destination_volume: destination.map(Into::into),
    }
}

/// The call that copies back.
pub(super) fn recover_call(flags: RecoveryOptions) -> Call {
    Call::RecoverSet { dw_flags: flags, pp_async: Ptr::Valid }
}

/// A restore object with a recovery set of that one copy.
pub(super) fn recovery_set(
    bench: &mut Bench<'_>,
    backup: &Backup,
    destination: Option<&str>,
) -> Result<Object, Stop> {
    let restore = restore_object(bench, &backup.document)?;
    for snapshot in &backup.snapshots {
        bench.ok(restore, add_call(*snapshot, destination))?;
    }
    Ok(restore)
}

/// The provider that made a copy.
pub(super) fn provider_of(bench: &mut Bench<'_>, backup: &Backup) -> Result<ProviderId, Stop> {
    let Some(snapshot) = backup.snapshots.first() else { return Err(Stop::error("the backup has no copy")) };
    let call = Call::get_snapshot_properties(*snapshot);
    match bench.ok(backup.session, call)?.out {
        Some(Out::GetSnapshotProperties { p_prop }) => Ok(p_prop.provider_id),
        _ => Err(Stop::failed("GetSnapshotProperties returned S_OK but wrote nothing")),
    }
}

/// The first bytes of a volume's data, well behind its boot sector.
pub(super) const DATA: u64 = 1 << 20;

/// Something writes text to the volume.
pub(super) fn write(bench: &mut Bench<'_>, volume: &str, text: &str) -> Checked {
    bench.act(vss_sim::api::Action::WriteVolume {
        volume: volume.into(),
        offset: DATA,
        bytes: text.as_bytes().to_vec(),
    })
}

/// The volume is there and holds that text.
pub(super) fn holds(bench: &mut Bench<'_>, volume: &str, text: &str) -> Checked {
    let question = Question::ReadVolume { volume: volume.into(), offset: DATA, length: text.len() as u64 };
    let Answer::Bytes(bytes) = bench.ask(question)? else {
        return Err(Stop::error("no bytes were answered"));
    };
    bench.same(&format!("the content of {volume}"), &text, &&*String::from_utf8_lossy(&bytes))
}

/// The first volume of the LUN holds that text, whatever the volume is called now. Partitions begin at one mebibyte.
pub(super) fn lun_holds(bench: &mut Bench<'_>, lun: &str, text: &str) -> Checked {
    let question = Question::ReadLun { lun: lun.into(), offset: (1 << 20) + DATA, length: text.len() as u64 };
    let Answer::Bytes(bytes) = bench.ask(question)? else {
        return Err(Stop::error("no bytes were answered"));
    };
    bench.same(&format!("the content of LUN {lun}"), &text, &&*String::from_utf8_lossy(&bytes))
}

/// The signature of the disk under a volume.
pub(super) fn signature(bench: &mut Bench<'_>, volume: &str) -> Result<Option<Signature>, Stop> {
    match bench.ask(Question::VolumeSignature { volume: volume.into() })? {
        Answer::Signature(signature) => Ok(signature),
        _ => Err(Stop::error("no signature was answered")),
    }
}

/// Everything that can be seen of the LUNs: which there are, what they hold, by what they are known.
pub(super) fn luns(bench: &mut Bench<'_>) -> Result<Answer, Stop> {
    bench.ask(Question::Luns)
}

/// The event log tells of that code.
pub(super) fn logged(bench: &mut Bench<'_>, code: HResult) -> Checked {
    let Answer::Events(events) = bench.ask(Question::Events)? else {
        return Err(Stop::error("no events were answered"));
    };
    let told = events.iter().any(|event| event.code == code);
    bench.check(told, || format!("the event log has to tell of {code}, but does not"))
}
