//! Hosts on which the VSS service cannot be started: what needs it fails on them, and nothing is changed.

use vss_sim::api::{Action, Call, Object, Ptr, Question, Text};
use vss_sim::lab::{BootMode, Os};

use super::flow;
use super::scene::{Scene, lead};
use super::succeeds;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IsVolumeSnapshotted/VSS_E_UNEXPECTED/unexpected", not_started),
    case!("IsVolumeSnapshottedInternal/VSS_E_UNEXPECTED/unexpected", not_started),
    case!("IVssBackupComponents::BreakSnapshotSet/VSS_E_UNEXPECTED/unexpected", not_started),
    case!("IVssBackupComponentsEx2::BreakSnapshotSetEx/VSS_E_UNEXPECTED/unexpected", not_started),
    case!("IVssBackupComponents::DeleteSnapshots/VSS_E_UNEXPECTED/unexpected", not_started),
    case!("IVssBackupComponents::DeleteSnapshots/E_UNEXPECTED/unexpected-legacy-os", not_started_legacy),
    case!("IVssBackupComponents::ExposeSnapshot/VSS_E_UNEXPECTED/unexpected", not_started),
    case!("IVssBackupComponents::GetSnapshotProperties/VSS_E_UNEXPECTED/unexpected", not_started),
    case!("IVssBackupComponents::ImportSnapshots/VSS_E_UNEXPECTED/unexpected", not_started),
    case!("IVssBackupComponents::ImportSnapshots/E_UNEXPECTED/unexpected-legacy-os", not_started_legacy),
    case!("IVssBackupComponents::IsVolumeSupported/VSS_E_UNEXPECTED/unexpected", not_started),
    case!("IVssBackupComponents::Query/VSS_E_UNEXPECTED/unexpected", not_started),
    case!("IVssBackupComponents::QueryRevertStatus/E_FAIL/internal-error", not_started),
    case!("IVssBackupComponents::RevertToSnapshot/E_FAIL/internal-error", not_started),
    case!("IVssBackupComponents::StartSnapshotSet/VSS_E_UNEXPECTED/unexpected", not_started),
    case!("IVssBackupComponents::StartSnapshotSet/E_UNEXPECTED/unexpected-legacy-os", not_started_legacy),
    case!("IVssBackupComponentsEx2::UnexposeSnapshot/VSS_E_UNEXPECTED/unexpected", not_started),
];

fn not_started(bench: &mut Bench<'_>) -> Checked {
    refused_in(bench, BootMode::WinPe, Os::WindowsServer2022)?;
    refused_in(bench, BootMode::SafeMode, Os::WindowsServer2022)
}

fn not_started_legacy(bench: &mut Bench<'_>) -> Checked {
    refused_in(bench, BootMode::WinPe, Os::WindowsServer2008)?;
    refused_in(bench, BootMode::SafeMode, Os::WindowsServer2008)
}

/// The same call succeeds once the host is started as usual.
fn refused_in(bench: &mut Bench<'_>, mode: BootMode, os: Os) -> Checked {
    bench.inferred("the service cannot be started there; no page names a code for that");
    let lab = bench.lab().clone().with_host(|host| host.os = os);
    let Scene { on, call } = lead(bench, &lab)?;
    let imports = bench.outcome().method_name() == "ImportSnapshots";
    let document = if imports { Some(flow::save(bench, on)?) } else { None };
    bench.act(Action::RestartInto { host: 1, mode })?;
    let before = (bench.ask(Question::Luns)?, bench.ask(Question::AllSnapshots)?);
    let after_restart = again(bench, on, document.clone())?;
    let code = bench.outcome_code()?;
    bench.expect(after_restart, call(Ptr::Valid), code)?;
    flow::logged(bench, code)?;
    let after = (bench.ask(Question::Luns)?, bench.ask(Question::AllSnapshots)?);
    bench.same("LUNs and copies after the refused call", &before, &after)?;
    bench.act(Action::RestartInto { host: 1, mode: BootMode::Normal })?;
    let usual = again(bench, on, document)?;
    succeeds(bench, usual, call(Ptr::Valid))
}

/// An object like the one that went with the restart. What it keeps to itself needs no service, nor do writers that are
/// not there.
fn again(bench: &mut Bench<'_>, before: Object, bstr_xml: Option<Text>) -> Result<Object, Stop> {
    if before == Object::HOST {
        return Ok(before);
    }
    let session = flow::create(bench)?;
    bench.ok(session, Call::InitializeForBackup { bstr_xml })?;
    bench.ok(session, Call::SetContext { l_context: flow::PERSISTENT })?;
    bench.ok(session, Call::SET_BACKUP_STATE)?;
    flow::save(bench, session)?;
    Ok(session)
}
