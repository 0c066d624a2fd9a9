//! Initialisation, context and kind of backup: rules G3 to G6, C1 to C5, K1 to K4.

use super::change::{Change, Verdict};
use crate::api::{HResult, SnapshotContext, Text, VolumeSnapshotAttributes};
use crate::document::BackupState;
use crate::lab::{DuringRestore, Os};
use crate::service::contexts;
use crate::service::objects::session::Session;
use crate::service::world::World;
use crate::service::{Refusal, State};

pub(super) fn for_backup(session: &Session, xml: Option<&Text>) -> Verdict {
    uninitialized(session)?;
    match xml {
        None => Ok(Change::Initialize), // G3
        Some(xml) => Ok(Change::Load { xml: xml.clone(), next: State::BackupInitXml, reason: "invalid-xml" }), // G4
    }
}

pub(super) fn for_restore(session: &Session, xml: Option<&Text>) -> Verdict {
    let xml =
        xml.ok_or(Refusal::inferred(HResult::E_INVALIDARG, "bstrXML is not optional and may not be NULL"))?;
    uninitialized(session)?;
    Ok(Change::Load { xml: xml.clone(), next: State::RestoreInit, reason: "load-failed" }) // G5
}

/// G6: one object serves one backup or one restore.
fn uninitialized(session: &Session) -> Result<(), Refusal> {
    match session.state {
        State::Created => Ok(()),
        state if state.is_restore() => Err(Refusal::DURING_RESTORE),
        _ => Err(Refusal::OUT_OF_SEQUENCE.detail("the object is initialised already: make a new one")),
    }
}

pub(super) fn set_context(session: &Session, world: &World, context: SnapshotContext) -> Verdict {
    let os = world.os(session.host);
    if os == Os::WindowsXp {
        return Err(Refusal::documented(HResult::E_NOTIMPL, "windows-xp"));
    }
    // The page lists a value that is no context twice: one without a meaning at all, and one that is not supported.
    if contexts::has_unknown_bits(context) {
        return Err(Refusal::bad_parameter("lContext has bits that mean nothing"));
    }
    if !contexts::is_supported(context, os) {
        return Err(Refusal::documented(HResult::E_INVALIDARG, "unsupported-context"));
    }
    super::backup_only(session.state)?; // C5
    match session.state {
        State::BackupInit | State::BackupInitXml => {} // C1
        State::BackupContext => return Err(Refusal::documented(HResult::VSS_E_BAD_STATE, "already-set")), // C2
        State::BackupGathering | State::BackupGathered => {
            return Err(Refusal::inferred(
                HResult::VSS_E_BAD_STATE,
                "the context comes before GatherWriterMetadata (C3)",
            ));
        }
        _ => return Err(Refusal::OUT_OF_SEQUENCE.detail("it comes before StartSnapshotSet")), // C4
    }
    if context != SnapshotContext::ALL
        && context.attributes().contains(VolumeSnapshotAttributes::TRANSPORTABLE)
        && !os.is_server()
    {
        return Err(Refusal::inferred(
            HResult::VSS_E_UNSUPPORTED_CONTEXT,
            "transportable copies need a server; QEMU's agent reckons with this code (O13)",
        ));
    }
    Ok(Change::SetContext(context))
}

pub(super) fn set_backup_state(session: &Session, world: &World, backup_state: BackupState) -> Verdict {
    use State as S;
    if backup_state.backup_type.name().is_none() {
        return Err(Refusal::bad_parameter("backupType is no VSS_BACKUP_TYPE"));
    }
    match session.state {
        S::Created => Err(Refusal::NOT_INITIALIZED),
        // K1
        S::BackupInit
        | S::BackupInitXml
        | S::BackupContext
        | S::BackupGathered
        | S::SetStarted
        | S::Volumes => Ok(Change::SetBackupState(backup_state)),
        // K2: the page forbids it during a restore, the sample needs it right after InitializeForRestore.
        S::RestoreInit if world.readings.during_restore == DuringRestore::AsSamples => {
            Ok(Change::SetBackupState(backup_state))
        }
        state if state.is_restore() => Err(Refusal::DURING_RESTORE), // K3
        _ => Err(Refusal::inferred(HResult::VSS_E_BAD_STATE, "it comes before PrepareForBackup (K4)")),
    }
}
