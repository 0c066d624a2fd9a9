//! The requester's object: CreateVssBackupComponents, InitializeForBackup, SetBackupState.

use vss_sim::api::{Action, BackupType, Call, HResult, Object, Ptr, SnapshotContext, Text};
use vss_sim::document::BackupComponentsDocument;
use vss_sim::lab::{Cause, Fault};

use super::flow;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("CreateVssBackupComponents/S_OK/success", created),
    case!("CreateVssBackupComponentsInternal/S_OK/success", created),
    case!("IVssBackupComponents::InitializeForBackup/S_OK/initialized", empty),
    case!("IVssBackupComponents::InitializeForBackup/S_OK/initialized", from_document),
    case!("IVssBackupComponents::InitializeForBackup/VSS_E_BAD_STATE/out-of-sequence", twice),
    case!("IVssBackupComponents::InitializeForBackup/VSS_E_INVALID_XML_DOCUMENT/invalid-xml", not_a_document),
    case!("IVssBackupComponents::SetBackupState/S_OK/set", state_set),
    case!("IVssBackupComponents::SetBackupState/E_INVALIDARG/bad-parameter", no_backup_type),
    case!("IVssBackupComponents::SetBackupState/VSS_E_BAD_STATE/out-of-sequence", state_too_late),
    case!("IVssBackupComponents::SetBackupState/VSS_E_INVALID_XML_DOCUMENT/invalid-xml", document_damaged),
];

/// Each call hands out an object of its own, which nobody has initialised.
fn created(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let pp_backup = Ptr::Valid;
    let call = match bench.outcome().method_name() {
        "CreateVssBackupComponents" => Call::CreateVssBackupComponents { pp_backup },
        _ => Call::CreateVssBackupComponentsInternal { pp_backup },
    };
    let code = bench.outcome_code()?;
    let mut made: Vec<Object> = Vec::new();
    for _ in 0..2 {
        let object = bench.expect_object(Object::HOST, call.clone(), code)?;
        bench.check(!made.contains(&object), || "each object has to be a new one".to_owned())?;
        bench.expect(object, Call::START_SNAPSHOT_SET, HResult::VSS_E_BAD_STATE)?;
        made.push(object);
    }
    for object in &made {
        bench.ok(*object, initialize(None))?;
    }
    made.into_iter().for_each(|object| drop(bench.release(object)));
    Ok(())
}

fn initialize(bstr_xml: Option<Text>) -> Call {
    Call::InitializeForBackup { bstr_xml }
}

fn empty(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let session = flow::create(bench)?;
    let code = bench.outcome_code()?;
    bench.expect(session, initialize(None), code)?;
    let document = document_of(bench, session)?;
    bench.same("the shadow copy set of a new document", &None, &document.snapshot_set)?;
    flow::gather_metadata(bench, session)?;
    bench.ok(session, Call::START_SNAPSHOT_SET).map(drop)
}

/// The document of a set comes back as it was saved.
fn from_document(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    let session = flow::create(bench)?;
    let code = bench.outcome_code()?;
    bench.expect(session, initialize(Some(backup.document.clone())), code)?;
    let again = document_of(bench, session)?;
    bench.check(read(&backup.document)? == again, || {
        "the object has to hold the very document that it was given".to_owned()
    })?;
    // It serves a backup all the same.
    bench.ok(session, Call::START_SNAPSHOT_SET).map(drop)
}

fn document_of(bench: &mut Bench<'_>, session: Object) -> Result<BackupComponentsDocument, Stop> {
    read(&flow::save(bench, session)?)
}

fn read(document: &Text) -> Result<BackupComponentsDocument, Stop> {
    BackupComponentsDocument::from_xml(document)
        .map_err(|error| Stop::failed(format!("the saved document cannot be read: {error}")))
}

fn twice(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let session = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    let before = document_of(bench, session)?;
    let code = bench.outcome_code()?;
    bench.expect(session, initialize(None), code)?;
    let after = document_of(bench, session)?;
    bench.check(after == before, || "a refused initialisation must not change the document".to_owned())
}

/// The object stays as it was: it can still be initialised.
fn not_a_document(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let code = bench.outcome_code()?;
    let texts = ["", "no XML at all", "<BACKUP_COMPONENTS", "<OTHER_DOCUMENT/>"];
    let session = flow::create(bench)?;
    for text in texts {
        bench.expect(session, initialize(Some(text.into())), code)?;
    }
    flow::logged(bench, code)?;
    bench.expect(session, Call::START_SNAPSHOT_SET, HResult::VSS_E_BAD_STATE)?;
    bench.ok(session, initialize(None)).map(drop)
}

fn state_call(backup_type: BackupType) -> Call {
    Call::SetBackupState {
        b_select_components: true,
        b_backup_bootable_system_state: false,
        backup_type,
        b_partial_file_support: true,
    }
}

/// What is set is in the document; setting it anew replaces it.
fn state_set(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let session = flow::initialized(bench)?;
    let code = bench.outcome_code()?;
    for backup_type in [BackupType::FULL, BackupType::INCREMENTAL, BackupType::COPY] {
        bench.expect(session, state_call(backup_type), code)?;
        let Some(state) = document_of(bench, session)?.backup_state else {
            return Err(Stop::failed("the document has to tell the kind of backup"));
        };
        bench.same("the kind of backup", &backup_type, &state.backup_type)?;
        let flags = (state.select_components, state.bootable_system_state, state.partial_file_support);
        bench.same("the flags of the backup", &(true, false, true), &flags)?;
    }
    Ok(())
}

fn no_backup_type(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let session = flow::initialized(bench)?;
    let code = bench.outcome_code()?;
    bench.expect(session, state_call(BackupType(77)), code)?;
    let document = document_of(bench, session)?;
    bench.same("the kind of backup", &None, &document.backup_state)
}

fn state_too_late(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, _) = flow::prepared_set(bench, SnapshotContext::BACKUP, &[r"D:\"])?;
    let before = document_of(bench, session)?.backup_state;
    let code = bench.outcome_code()?;
    bench.expect(session, state_call(BackupType::INCREMENTAL), code)?;
    let after = document_of(bench, session)?.backup_state;
    bench.check(before == after, || "a refused call must not change the kind of backup".to_owned())?;
    bench.done(session, Call::DO_SNAPSHOT_SET).map(drop)
}

/// Nothing repairs a document that was overwritten in memory; other objects have their own.
fn document_damaged(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let session = flow::initialized(bench)?;
    let code = bench.outcome_code()?;
    bench.act(Action::Fault(Fault::new("SetBackupState", Cause::DocumentDamaged)))?;
    bench.expect(session, state_call(BackupType::FULL), code)?;
    flow::logged(bench, code)?;
    bench.expect(session, state_call(BackupType::FULL), code)?;
    bench.expect(session, Call::SAVE_AS_XML, HResult::VSS_E_UNEXPECTED)?;
    let other = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    flow::save(bench, other).map(drop)
}
