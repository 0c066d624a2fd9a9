//! Cases for every verdict.

use vss_conformance::bench::Bench;
use vss_conformance::case;
use vss_conformance::case::{Case, Checked, Stop};
use vss_conformance::out;
use vss_sim::api::*;
use vss_sim::lab::BootMode;

pub(crate) const CASES: &[Case] = &[
    case!("IVssBackupComponentsEx3::AddSnapshotToRecoverySet/S_OK/success", broken),
    case!(
        "IVssBackupComponentsEx3::AddSnapshotToRecoverySet/VSS_E_SNAPSHOT_NOT_IN_SET/not-in-bcd",
        unknown_snapshot
    ),
    case!(
        "IVssBackupComponentsEx3::AddSnapshotToRecoverySet/VSS_E_VOLUME_NOT_SUPPORTED/dynamic-volume",
        dynamic_volume
    ),
    case!("IVssBackupComponentsEx3::GetSessionId/S_OK/success", session_id),
    case!("IVssBackupComponentsEx3::RecoverSet/S_OK/completed", completed),
    case!("IVssBackupComponentsEx3::RecoverSet/VSS_E_BAD_STATE/winpe", winpe),
    case!("IVssBackupComponentsEx3::RecoverSet/VSS_E_BAD_STATE/safe-mode", safe_mode),
    case!("IVssBackupComponentsEx3::RecoverSet/VSS_E_BAD_STATE/no-initialize-for-restore", not_initialized),
];

fn session(bench: &mut Bench<'_>) -> Result<Object, Stop> {
    bench.object(Object::HOST, Call::CREATE_VSS_BACKUP_COMPONENTS)
}

fn restore(bench: &mut Bench<'_>) -> Result<Object, Stop> {
    let session = session(bench)?;
    bench.ok(session, Call::InitializeForRestore { bstr_xml: Some("<BackupComponents/>".into()) })?;
    Ok(session)
}

fn recover_set() -> Call {
    Call::recover_set(RecoveryOptions::REVERT_IDENTITY_ALL)
}

fn broken(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let text: Option<&str> = None;
    assert!(text.is_some(), "the case is broken");
    Ok(())
}

fn add(number: u128) -> Call {
    Call::AddSnapshotToRecoverySet {
        snapshot_id: SnapshotId(Guid::from_u128(number)),
        dw_flags: 0,
        pwsz_destination_volume: Some("E:\\".into()),
    }
}

fn unknown_snapshot(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let session = restore(bench)?;
    bench.observed("O2");
    bench.note("the document names no snapshot");
    bench.expect(session, add(0x77), HResult::VSS_E_SNAPSHOT_NOT_IN_SET).map(drop)
}

fn dynamic_volume(bench: &mut Bench<'_>) -> Checked {
    bench.need(Capabilities::FAULTS | Capabilities::OBSERVATION)
}

fn session_id(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (one, other) = (session(bench)?, session(bench)?);
    let mut ids = Vec::new();
    for session in [one, other] {
        let reply = bench.expect(session, Call::GetSessionId { id_session: Ptr::Valid }, HResult::S_OK)?;
        ids.push(*out!(reply, GetSessionId { id_session })?);
    }
    bench.check(ids[0] != ids[1], || "two sessions have to have two ids".to_owned())
}

fn completed(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let session = restore(bench)?;
    bench.ok(session, add(0x77))?;
    bench.expect_settled(session, recover_set(), HResult::S_OK)?;
    bench.act(Action::Elapse { ms: 1 })
}

fn in_mode(bench: &mut Bench<'_>, mode: BootMode) -> Checked {
    let mut lab = bench.lab().clone();
    lab.hosts.iter_mut().for_each(|host| host.mode = mode);
    bench.load(&lab)?;
    let session = restore(bench)?;
    let code = bench.outcome_code()?;
    bench.expect_settled(session, recover_set(), code).map(drop)
}

fn winpe(bench: &mut Bench<'_>) -> Checked {
    in_mode(bench, BootMode::WinPe)
}

fn safe_mode(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("safe mode loads no providers");
    in_mode(bench, BootMode::SafeMode)
}

fn not_initialized(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let session = session(bench)?;
    bench.expect_settled(session, recover_set(), HResult::VSS_E_BAD_STATE).map(drop)
}
