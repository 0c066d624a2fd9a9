//! From an abstract verb to a call with real arguments, right or wrong ones.

use vss_sim::api::*;

use crate::ops::{Document, Verb};
use crate::rig::Rig;

/// What a number picks from a list; `None` from an empty one.
pub(crate) fn pick<T: Clone>(from: &[T], number: u8) -> Option<T> {
    (!from.is_empty()).then(|| from[usize::from(number) % from.len()].clone())
}

impl Rig {
    /// The call, and the object that it is made on.
    pub(crate) fn resolve(&self, verb: &Verb, on: u8, odd_object: u8, pointer: Ptr) -> (Object, Call) {
        let call = self.with_arguments(verb, pointer);
        let sessions: Vec<Object> = self.sessions.iter().map(|it| it.object).collect();
        let asyncs: Vec<Object> = self.asyncs.iter().map(|it| it.object).collect();
        let lists: Vec<Object> = self.lists.iter().map(|it| it.object).collect();
        let list = pick(&lists, on).unwrap_or(Object::Enumerator(1));
        let session = pick(&sessions, on).unwrap_or(Object::Session(1));
        let operation = pick(&asyncs, on).unwrap_or(Object::Async(1));
        let usual = match verb {
            Verb::Create | Verb::IsSnapshotted { .. } | Verb::ShouldBlock { .. } => {
                Object::Host(1 + u32::from(on % 8 == 7))
            }
            Verb::Next(_) | Verb::Skip(_) | Verb::Reset | Verb::Clone => list,
            Verb::Wait(_) | Verb::Cancel | Verb::Query => operation,
            Verb::Release if on.is_multiple_of(2) => operation,
            _ => session,
        };
        let object = match odd_object {
            0 => Object::Host(u32::from(on % 4)),
            1 => Object::Enumerator(1),
            2 => Object::Metadata(1),
            3 | 4 => session,
            5 | 6 => operation,
            7 => Object::Session(u32::from(on)),
            _ => usual,
        };
        (object, call)
    }

    fn with_arguments(&self, verb: &Verb, pointer: Ptr) -> Call {
        match verb {
            Verb::Create => Call::CreateVssBackupComponents { pp_backup: pointer },
            Verb::Release => Call::Release {},
            Verb::InitializeForBackup(from) => Call::InitializeForBackup { bstr_xml: self.document(from) },
            Verb::InitializeForRestore(from) => Call::InitializeForRestore { bstr_xml: self.document(from) },
            Verb::SetContext(bits) => {
                Call::SetContext { l_context: SnapshotContext::from_bits_retain(*bits) }
            }
            Verb::SetBackupState => Call::SET_BACKUP_STATE,
            Verb::GatherMetadata => Call::GatherWriterMetadata { p_async: pointer },
            Verb::GatherStatus => Call::GatherWriterStatus { p_async: pointer },
            Verb::StatusCount => Call::GetWriterStatusCount { pc_writers: pointer },
            Verb::Status(n) => status(*n, pointer),
            Verb::StatusEx(n, optional) => status_ex(*n, pointer, *optional),
            Verb::FreeStatus => Call::FreeWriterStatus {},
            Verb::Start => Call::StartSnapshotSet { p_snapshot_set_id: pointer },
            Verb::Add { volume, form, provider } => Call::AddToSnapshotSet {
                pwsz_volume_name: self.volume_name(*volume, *form),
                provider_id: self.provider(*provider),
                pid_snapshot: pointer,
            },
            Verb::Do => Call::DoSnapshotSet { pp_async: pointer },
            Verb::Properties(n) => {
                Call::GetSnapshotProperties { snapshot_id: self.snapshot(*n), p_prop: pointer }
            }
            Verb::Revert(n, b_force_dismount) => {
                Call::RevertToSnapshot { snapshot_id: self.snapshot(*n), b_force_dismount: *b_force_dismount }
            }
            Verb::RevertStatus { volume, form } => {
                Call::QueryRevertStatus { pwsz_volume: self.volume_name(*volume, *form), pp_async: pointer }
            }
            Verb::ShouldBlock { volume, form } => Call::ShouldBlockRevert {
                wsz_volume_name: self.volume_name(*volume, *form),
                pb_block: pointer,
            },
            Verb::Prepare => Call::PrepareForBackup { pp_async: pointer },
            Verb::Complete => Call::BackupComplete { pp_async: pointer },
            Verb::Abort => Call::AbortBackup {},
            Verb::Save => Call::SaveAsXML { pbstr_xml: pointer },
            Verb::AddToRecovery { copy, flags, destination } => Call::AddSnapshotToRecoverySet {
                snapshot_id: self.snapshot(*copy),
                dw_flags: *flags,
                pwsz_destination_volume: destination
                    .and_then(|(volume, form)| self.volume_name(volume, form)),
            },
            Verb::Recover(flags) => {
                Call::RecoverSet { dw_flags: RecoveryOptions::from_bits_retain(*flags), pp_async: pointer }
            }
            Verb::SessionId => Call::GetSessionId { id_session: pointer },
            Verb::Query => Call::QueryStatus { p_hr_result: pointer, p_reserved: Ptr::Null },
            Verb::Wait(ms) => Call::Wait { dw_milliseconds: *ms },
            Verb::Cancel => Call::Cancel {},
            Verb::QueryObjects(n) => query(*n, pointer),
            Verb::Next(celt) => Call::Next { celt: *celt, rgelt: pointer, pcelt_fetched: Ptr::Valid },
            Verb::Skip(celt) => Call::Skip { celt: *celt },
            Verb::Reset => Call::Reset {},
            Verb::Clone => Call::Clone { ppenum: pointer },
            Verb::Delete { copy, kind, force } => delete(self.snapshot(*copy), *kind, *force, pointer),
            Verb::Expose { copy, form } => expose(self.snapshot(*copy), *form, pointer),
            Verb::Unexpose(copy) => Call::UnexposeSnapshot { snapshot_id: self.snapshot(*copy) },
            Verb::FastRecovery(before) => fast_recovery(*before, pointer),
            Verb::IsSnapshotted { volume, form } => Call::IsVolumeSnapshotted {
                pwsz_volume_name: self.volume_name(*volume, *form),
                pb_snapshots_present: pointer,
                pl_snapshot_capability: Ptr::Valid,
            },
            Verb::Import => Call::ImportSnapshots { pp_async: pointer },
            Verb::BreakNull => Call::BreakSnapshotSet { snapshot_set_id: SnapshotSetId::NULL },
            Verb::NotCarriedOut(n) => not_carried_out(*n, pointer),
        }
    }

    /// A name of a volume: a letter or a volume name, mostly right.
    fn volume_name(&self, volume: u8, form: u8) -> Option<Text> {
        let name = pick(&self.originals_of(0), volume).unwrap_or_else(|| r"Q:\".to_owned());
        Some(match form % 16 {
            0 => name.trim_end_matches('\\').into(),
            1 => name.to_uppercase().into(),
            2 => r"\\?\Volume{7673736c-0000-0000-0000-00000000dead}\".into(),
            3 => return None,
            4 => "".into(),
            5 | 6 => pick(&self.letters.keys().cloned().collect::<Vec<_>>(), volume)?.into(),
            7 => r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1".into(),
            _ => name.into(),
        })
    }

    fn provider(&self, number: u8) -> ProviderId {
        match number % 8 {
            0 => ProviderId(Guid::from_u128(7)),
            1 => vss_sim::provider::SystemProvider::ID,
            2 => self.copies.values().next().map_or(ProviderId::NULL, |_| ProviderId(Guid::from_u128(8))),
            _ => ProviderId::NULL,
        }
    }

    fn snapshot(&self, number: u8) -> SnapshotId {
        match number % 16 {
            0 => SnapshotId::NULL,
            1 => SnapshotId(Guid::from_u128(9)),
            _ => pick(&self.copies.keys().copied().collect::<Vec<_>>(), number / 2).unwrap_or_default(),
        }
    }

    fn document(&self, from: &Document) -> Option<Text> {
        match from {
            Document::Null => None,
            Document::Garbage(text) => Some((*text).into()),
            Document::Saved(n) => pick(&self.documents, *n),
            Document::Damaged(n, at, how) => pick(&self.documents, *n).map(|text| damaged(&text, *at, *how)),
        }
    }
}

/// A document with one thing wrong.
fn damaged(text: &str, at: u16, how: u8) -> Text {
    let mut letters: Vec<char> = text.chars().collect();
    let at = usize::from(at) % letters.len().max(1);
    let next = |wanted: fn(&char) -> bool, letters: &[char]| {
        letters.iter().skip(at).position(wanted).map_or(0, |found| found + at)
    };
    match how % 5 {
        0 => letters.truncate(at),
        1 => drop(letters.remove(at)),
        2 => letters[at] = 'x',
        // One digit of a GUID, a number or an identifier is another one.
        3 => {
            let digit = next(char::is_ascii_hexdigit, &letters);
            letters[digit] = if letters[digit] == '1' { '2' } else { '1' };
        }
        _ => letters.insert(at, '<'),
    }
    letters.into_iter().collect::<String>().into()
}

fn status(i_writer: u32, pointer: Ptr) -> Call {
    Call::GetWriterStatus {
        i_writer,
        pid_instance: pointer,
        pid_writer: Ptr::Valid,
        pbstr_writer: Ptr::Valid,
        pn_status: Ptr::Valid,
        ph_result_failure: Ptr::Valid,
    }
}

fn status_ex(i_writer: u32, pointer: Ptr, optional: Ptr) -> Call {
    Call::GetWriterStatusEx {
        i_writer,
        pid_instance: Ptr::Valid,
        pid_writer: Ptr::Valid,
        pbstr_writer: Ptr::Valid,
        pn_status: pointer,
        phr_failure_writer: Ptr::Valid,
        phr_application: optional,
        pbstr_application_message: optional,
    }
}

fn query(number: u8, pp_enum: Ptr) -> Call {
    let e_returned_objects_type = match number % 8 {
        0 => ObjectType::PROVIDER,
        1 => ObjectType::SNAPSHOT_SET,
        _ => ObjectType::SNAPSHOT,
    };
    Call::Query {
        queried_object_id: Guid::from_u128(u128::from(number == 255)),
        e_queried_object_type: if number == 254 { ObjectType::PROVIDER } else { ObjectType::NONE },
        e_returned_objects_type,
        pp_enum,
    }
}

/// Of a copy by its own id, which now and then is taken for another's.
pub(crate) fn delete(copy: SnapshotId, kind: u8, b_force_delete: bool, pl_deleted_snapshots: Ptr) -> Call {
    Call::DeleteSnapshots {
        source_object_id: copy.0,
        e_source_object_type: match kind % 8 {
            0 => ObjectType::SNAPSHOT_SET,
            1 => ObjectType::NONE,
            _ => ObjectType::SNAPSHOT,
        },
        b_force_delete,
        pl_deleted_snapshots,
        p_nondeleted_snapshot_id: Ptr::Valid,
    }
}

pub(crate) fn expose(snapshot_id: SnapshotId, form: u8, pwsz_exposed: Ptr) -> Call {
    use VolumeSnapshotAttributes as Attributes;
    let (l_attributes, path, name) = match form % 16 {
        0 => (Attributes::EXPOSED_REMOTELY, None, None),
        1 => (Attributes::EXPOSED_REMOTELY, Some(r"\data"), Some("then")),
        2 => (Attributes::EXPOSED_REMOTELY, Some("*"), Some("then")),
        3 => (Attributes::EXPOSED_LOCALLY, Some("data"), Some("X:")),
        4 => (Attributes::EXPOSED_LOCALLY, None, Some(r"D:\MountX")),
        5 => (Attributes::EXPOSED_LOCALLY, None, Some("D:")),
        6 => (Attributes::PERSISTENT, None, Some("X:")),
        7 => (Attributes::EXPOSED_LOCALLY, None, None),
        _ => (Attributes::EXPOSED_LOCALLY, None, Some(if form > 127 { "X:" } else { "Y:" })),
    };
    let (wsz_path_from_root, wsz_expose) = (path.map(Into::into), name.map(Into::into));
    Call::ExposeSnapshot { snapshot_id, wsz_path_from_root, l_attributes, wsz_expose, pwsz_exposed }
}

pub(crate) fn fast_recovery(before: bool, pp_async: Ptr) -> Call {
    let snapshot_set_id = SnapshotSetId::NULL;
    if before {
        Call::PreFastRecovery { snapshot_set_id, dw_pre_fast_recovery_flags: 0, pp_async }
    } else {
        Call::FastRecovery { snapshot_set_id, dw_fast_recovery_flags: 0, pp_async }
    }
}

fn not_carried_out(number: u8, pointer: Ptr) -> Call {
    match number % 3 {
        0 => Call::PreRestore { pp_async: pointer },
        1 => Call::PostRestore { pp_async: pointer },
        _ => Call::GetBackupSchema { pdw_schema_mask: pointer },
    }
}
