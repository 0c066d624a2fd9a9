//! The calls that are tried in every state. Those that administer shadow copies are beside
//! ([`administration`](super::administration)).

use crate::api::{
    BackupType, Call, ProviderId, Ptr, RecoveryOptions, SnapshotContext, SnapshotId, Text,
    VolumeSnapshotAttributes,
};

use super::Arguments;
use super::administration::UNKNOWN;
use super::setting::Names;

/// A call, and how it is written in a report.
pub(super) struct Labelled {
    pub(super) label: String,
    pub(super) call: Call,
}

/// A call with what is told of its arguments.
pub(super) fn labelled(argument: &str, call: Call) -> Labelled {
    let label = format!("{}({argument})", call.method().name);
    Labelled { label, call }
}

const VALID: Ptr = Ptr::Valid;

/// Every call that is a move: with valid arguments, and with each kind of wrong ones.
pub(super) fn all(names: &Names, arguments: Arguments) -> Vec<Labelled> {
    let mut calls = Vec::new();
    let mut add = |argument: &str, call: Call| calls.push(labelled(argument, call));
    initialisations(names, arguments, &mut add);
    contexts(arguments, &mut add);
    writers(arguments, &mut add);
    creation(names, arguments, &mut add);
    recovery(names, &mut add);
    calls
}

fn initialisations(names: &Names, arguments: Arguments, add: &mut impl FnMut(&str, Call)) {
    let backup = |xml: Option<&Text>| Call::InitializeForBackup { bstr_xml: xml.cloned() };
    let restore = |xml: Option<&Text>| Call::InitializeForRestore { bstr_xml: xml.cloned() };
    add("", backup(None));
    add("a set for transport", backup(Some(&names.transport_document)));
    if arguments == Arguments::All {
        add("a backup", backup(Some(&names.backup_document)));
    }
    add("no document", backup(Some(&"<no document".into())));
    add("a backup", restore(Some(&names.backup_document)));
    add("NULL", restore(None));
    add("no document", restore(Some(&"<no document".into())));
    add("", Call::GetSessionId { id_session: VALID });
}

fn contexts(arguments: Arguments, add: &mut impl FnMut(&str, Call)) {
    use SnapshotContext as C;
    use VolumeSnapshotAttributes as A;
    let all = [
        ("VSS_CTX_NAS_ROLLBACK", C::NAS_ROLLBACK),
        ("VSS_CTX_APP_ROLLBACK", C::APP_ROLLBACK),
        ("VSS_CTX_BACKUP", C::BACKUP),
        ("VSS_CTX_FILE_SHARE_BACKUP", C::FILE_SHARE_BACKUP),
        ("VSS_CTX_CLIENT_ACCESSIBLE", C::CLIENT_ACCESSIBLE),
        ("VSS_CTX_CLIENT_ACCESSIBLE_WRITERS", C::CLIENT_ACCESSIBLE_WRITERS),
        ("VSS_CTX_ALL", C::ALL),
        ("VSS_CTX_APP_ROLLBACK, transportable", C::APP_ROLLBACK.with(A::TRANSPORTABLE)),
        ("VSS_CTX_BACKUP, transportable", C::BACKUP.with(A::TRANSPORTABLE)),
    ];
    let tried = if arguments == Arguments::All { &all[..] } else { &all[..1] };
    for (name, context) in tried {
        add(name, Call::SetContext { l_context: *context });
    }
    add("no context", Call::SetContext { l_context: C::from_bits_retain(0x8000_0000) });
    let backup_state = |backup_type| Call::SetBackupState {
        b_select_components: false,
        b_backup_bootable_system_state: false,
        backup_type,
        b_partial_file_support: false,
    };
    add("VSS_BT_FULL", backup_state(BackupType::FULL));
    add("no type", backup_state(BackupType(-1)));
}

fn writers(arguments: Arguments, add: &mut impl FnMut(&str, Call)) {
    add("", Call::GATHER_WRITER_METADATA);
    if arguments == Arguments::All {
        add("", Call::GATHER_WRITER_STATUS);
    }
    add("", Call::GetWriterStatusCount { pc_writers: VALID });
    for (name, i_writer) in [("the first", 0), ("no writer", 99)] {
        let (pid_instance, pid_writer, pbstr_writer) = (VALID, VALID, VALID);
        add(name, Call::get_writer_status(i_writer));
        add(
            name,
            Call::GetWriterStatusEx {
                i_writer,
                pid_instance,
                pid_writer,
                pbstr_writer,
                pn_status: VALID,
                phr_failure_writer: VALID,
                phr_application: Ptr::Null,
                pbstr_application_message: Ptr::Null,
            },
        );
    }
    add("", Call::FreeWriterStatus {});
}

fn creation(names: &Names, arguments: Arguments, add: &mut impl FnMut(&str, Call)) {
    let nameless =
        Call::AddToSnapshotSet { pwsz_volume_name: None, provider_id: ProviderId::NULL, pid_snapshot: VALID };
    let volume = Call::add_to_snapshot_set;
    let [first, second] = names.volumes;
    add("", Call::START_SNAPSHOT_SET);
    add(first, volume(first, ProviderId::NULL));
    if arguments == Arguments::All {
        add(second, volume(second, ProviderId::NULL));
    }
    add("NULL", nameless);
    add("no backslash", volume(first.trim_end_matches('\\'), ProviderId::NULL));
    add("no volume", volume(r"Q:\", ProviderId::NULL));
    add("no provider", volume(second, ProviderId(UNKNOWN)));
    add("", Call::PREPARE_FOR_BACKUP);
    add("", Call::DO_SNAPSHOT_SET);
    add("", Call::BACKUP_COMPLETE);
    add("", Call::AbortBackup {});
    add("", Call::SAVE_AS_XML);
    add("", Call::IMPORT_SNAPSHOTS);
    add("a copy", Call::get_snapshot_properties(names.backup.copy));
    add("no copy", Call::get_snapshot_properties(SnapshotId(UNKNOWN)));
}

fn recovery(names: &Names, add: &mut impl FnMut(&str, Call)) {
    let destination = |snapshot_id, dw_flags, volume: Option<&str>| Call::AddSnapshotToRecoverySet {
        snapshot_id,
        dw_flags,
        pwsz_destination_volume: volume.map(Into::into),
    };
    let copy = names.backup.copy;
    add("the copy", destination(copy, 0, None));
    add("the copy, with flags", destination(copy, 1, None));
    add("the copy, onto no volume", destination(copy, 0, Some(r"Q:\")));
    add("a copy of another backup", destination(names.transport.copy, 0, None));
    add("GUID_NULL", destination(SnapshotId::NULL, 0, None));
    add("", Call::recover_set(RecoveryOptions::empty()));
    add("unknown flags", Call::recover_set(RecoveryOptions::from_bits_retain(1)));
}
