//! `IVssBackupComponentsEx2::UnexposeSnapshot`.

use vss_sim::api::{Call, HResult, Object, SnapshotContext as Context, SnapshotId};
use vss_sim::lab::{Cause, Fault, SYSTEM_PROVIDER};

use super::unchanged;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};
use crate::cases::flow;

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssBackupComponentsEx2::UnexposeSnapshot/S_OK/success", every_kind_of_name),
    case!("IVssBackupComponentsEx2::UnexposeSnapshot/S_OK/success", by_another_object),
    case!("IVssBackupComponentsEx2::UnexposeSnapshot/E_INVALIDARG/bad-parameter", null_id),
    case!("IVssBackupComponentsEx2::UnexposeSnapshot/VSS_E_OBJECT_NOT_FOUND/no-such-snapshot", unknown),
    case!("IVssBackupComponentsEx2::UnexposeSnapshot/VSS_E_OBJECT_NOT_FOUND/not-exposed", not_exposed),
    case!(
        "IVssBackupComponentsEx2::UnexposeSnapshot/VSS_E_PROVIDER_VETO/expected-provider-error",
        provider_veto
    ),
    case!(
        "IVssBackupComponentsEx2::UnexposeSnapshot/VSS_E_UNEXPECTED_PROVIDER_ERROR/unexpected-provider-error",
        provider_unexpected
    ),
];

fn call(copy: SnapshotId) -> Call {
    Call::UnexposeSnapshot { snapshot_id: copy }
}

/// Takes the name away, as the outcome says.
fn unexposes(bench: &mut Bench<'_>, on: Object, copy: SnapshotId) -> Checked {
    let code = bench.success_code()?;
    bench.expect(on, call(copy), code).map(drop)
}

/// The name is gone: nobody sees anything there, and another copy can have it.
fn every_kind_of_name(bench: &mut Bench<'_>) -> Checked {
    for volume in [r"D:\", r"C:\"] {
        bench.load_default()?;
        let (session, copy) = flow::copied_volume(bench, Context::APP_ROLLBACK, volume)?;
        let (other, next) = flow::copied_volume(bench, Context::APP_ROLLBACK, r"E:\")?;
        let before = flow::properties(bench, session, copy)?;
        let calls: [fn(SnapshotId) -> Call; 3] = [
            |copy| flow::expose_locally(copy, "X:"),
            |copy| flow::expose_locally(copy, r"C:\MountX"),
            |copy| flow::expose_remotely(copy, Some(r"\data"), Some("then")),
        ];
        for expose in calls {
            bench.ok(session, expose(copy))?;
            unexposes(bench, session, copy)?;
            let after = flow::properties(bench, session, copy)?;
            bench.same("the copy's properties after that", &before, &after)?;
            bench.ok(other, expose(next))?;
            unexposes(bench, other, next)?;
        }
        let device = flow::device(bench, session, copy)?;
        flow::holds(bench, &device, "then")?;
    }
    Ok(())
}

/// After the object that exposed the copy is gone.
fn by_another_object(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, copy) = flow::copied_volume(bench, Context::APP_ROLLBACK, r"D:\")?;
    bench.ok(session, flow::expose_locally(copy, "X:"))?;
    bench.release(session);
    flow::holds(bench, r"X:\", "then")?;
    let other = flow::backup_object(bench, Context::BACKUP)?;
    unexposes(bench, other, copy)?;
    let told = flow::properties(bench, other, copy)?;
    bench.same("m_pwszExposedName", &None, &told.exposed_name)
}

/// A copy of that volume that is exposed as X:.
fn exposed(bench: &mut Bench<'_>, volume: &str) -> Result<(Object, SnapshotId), Stop> {
    let (session, copy) = flow::copied_volume(bench, Context::APP_ROLLBACK, volume)?;
    bench.ok(session, flow::expose_locally(copy, "X:"))?;
    Ok((session, copy))
}

fn null_id(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("GUID_NULL names no object, so it is no value for the parameter");
    bench.load_default()?;
    let (session, copy) = exposed(bench, r"D:\")?;
    unchanged(bench, session, copy, &[call(SnapshotId::NULL)])?;
    flow::holds(bench, r"X:\", "then")
}

/// No copy at all, and a copy that is gone with its name.
fn unknown(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, copy) = exposed(bench, r"D:\")?;
    let other = SnapshotId(flow::beside(copy.0));
    unchanged(bench, session, copy, &[call(other)])?;
    bench.ok(session, flow::delete_copy(copy))?;
    let code = bench.outcome_code()?;
    bench.expect(session, call(copy), code).map(drop)
}

/// Neither a copy that never was, nor one that is no longer.
fn not_exposed(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, copy) = flow::copied_volume(bench, Context::APP_ROLLBACK, r"D:\")?;
    unchanged(bench, session, copy, &[call(copy)])?;
    bench.ok(session, flow::expose_locally(copy, "X:"))?;
    unexposes(bench, session, copy)?;
    unchanged(bench, session, copy, &[call(copy)])
}

/// The system provider is told, three times for each exposure: the fourth is the first of the other way.
fn provider_answers(bench: &mut Bench<'_>, answer: HResult) -> Checked {
    let fault = Fault::new("SetSnapshotProperty", Cause::ProviderAnswers(answer)).of(SYSTEM_PROVIDER).nth(4);
    bench.load(&bench.lab().clone().with_fault(fault))?;
    let (session, copy) = exposed(bench, r"C:\")?;
    unchanged(bench, session, copy, &[call(copy)])?;
    flow::holds(bench, r"X:\", "then")?;
    let code = bench.outcome_code()?;
    flow::logged(bench, code)?;
    unexposes(bench, session, copy)
}

fn provider_veto(bench: &mut Bench<'_>) -> Checked {
    provider_answers(bench, HResult::VSS_E_PROVIDER_VETO)
}

fn provider_unexpected(bench: &mut Bench<'_>) -> Checked {
    provider_answers(bench, HResult::E_FAIL)
}
