//! `IVssBackupComponents::GetSnapshotProperties`.

use vss_sim::api::{
    Action, Call, HResult, Object, Out, SnapshotContext, SnapshotId, SnapshotProp, SnapshotState,
    VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::{Cause, Fault, Lab, SYSTEM_PROVIDER};

use super::flow;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    case!("IVssBackupComponents::GetSnapshotProperties/S_OK/returned", hardware_copies),
    case!("IVssBackupComponents::GetSnapshotProperties/S_OK/returned", software_copy),
    case!("IVssBackupComponents::GetSnapshotProperties/S_OK/returned", not_surfaced),
    case!("IVssBackupComponents::GetSnapshotProperties/S_OK/returned", another_object_and_context),
    case!("IVssBackupComponents::GetSnapshotProperties/VSS_E_OBJECT_NOT_FOUND/no-such-snapshot", unknown),
    case!(
        "IVssBackupComponents::GetSnapshotProperties/VSS_E_OBJECT_NOT_FOUND/no-such-snapshot",
        in_the_making
    ),
    case!("IVssBackupComponents::GetSnapshotProperties/VSS_E_PROVIDER_VETO/provider-error", provider_veto),
    case!(
        "IVssBackupComponents::GetSnapshotProperties/VSS_E_UNEXPECTED_PROVIDER_ERROR/provider-unexpected",
        provider_unexpected
    ),
];

/// The properties, as the outcome of that call.
fn properties(bench: &mut Bench<'_>, on: Object, snapshot: SnapshotId) -> Result<SnapshotProp, Stop> {
    let code = bench.outcome_code()?;
    match bench.expect(on, Call::get_snapshot_properties(snapshot), code)?.out {
        Some(Out::GetSnapshotProperties { p_prop }) => Ok(*p_prop),
        _ => Err(Stop::failed("GetSnapshotProperties returned S_OK but wrote nothing")),
    }
}

/// What holds for every copy, whoever keeps it.
fn plausible(bench: &Bench<'_>, snapshot: SnapshotId, came: &SnapshotProp) -> Checked {
    bench.same("m_SnapshotId", &snapshot, &came.snapshot_id)?;
    bench.check(!came.snapshot_set_id.is_null(), || "m_SnapshotSetId must not be GUID_NULL".to_owned())?;
    bench.check(!came.provider_id.is_null(), || "m_ProviderId must not be GUID_NULL".to_owned())?;
    let volume = &came.original_volume_name;
    bench.check(volume.starts_with(r"\\?\Volume{") && volume.ends_with(r"}\"), || {
        format!("m_pwszOriginalVolumeName has to be a volume GUID path, but is {volume}")
    })?;
    bench.check(!came.originating_machine.is_empty(), || {
        "m_pwszOriginatingMachine has to name a machine".to_owned()
    })?;
    bench.same("m_pwszServiceMachine", &came.originating_machine, &came.service_machine)?;
    bench.check(came.creation_timestamp > 0, || "m_tsCreationTimestamp has to be a time".to_owned())?;
    bench.same("m_pwszExposedName of a copy that is not exposed", &None, &came.exposed_name)?;
    bench.same("m_eStatus, as far as a requester can see", &SnapshotState::CREATED, &came.status)
}

/// The device object shows the volume as it was.
fn shows(bench: &mut Bench<'_>, came: &SnapshotProp, text: &str) -> Checked {
    let Some(device) = &came.snapshot_device_object else {
        return Err(Stop::failed("m_pwszSnapshotDeviceObject of a surfaced copy must not be NULL"));
    };
    bench.check(!device.ends_with('\\'), || {
        format!("m_pwszSnapshotDeviceObject must not end with a backslash, but is {device}")
    })?;
    flow::holds(bench, device, text)
}

fn hardware_copies(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let volumes = [r"D:\", r"E:\"];
    for volume in volumes {
        flow::write(bench, volume, volume)?;
    }
    let backup = flow::backup(bench, &volumes)?;
    let mut seen: Vec<SnapshotProp> = Vec::new();
    for (volume, snapshot) in volumes.into_iter().zip(&backup.copies) {
        flow::write(bench, volume, "now")?;
        let came = properties(bench, backup.session, *snapshot)?;
        plausible(bench, *snapshot, &came)?;
        bench.same("m_lSnapshotsCount", &2, &came.snapshots_count)?;
        let wanted = Attributes::HARDWARE_ASSISTED | Attributes::PERSISTENT | Attributes::NO_AUTO_RELEASE;
        bench.check(came.snapshot_attributes.contains(wanted), || {
            format!("m_lSnapshotAttributes has to hold {wanted:?}, but is {:?}", came.snapshot_attributes)
        })?;
        shows(bench, &came, volume)?;
        seen.push(came);
    }
    let fit = seen.windows(2).all(|pair| {
        pair[0].snapshot_set_id == pair[1].snapshot_set_id
            && pair[0].original_volume_name != pair[1].original_volume_name
    });
    bench.check(fit, || "the copies of one set have its id, and each has its own volume".to_owned())
}

/// C: lies on a local disk: the system provider makes its copies.
fn software_copy(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    flow::write(bench, r"C:\", "then")?;
    let backup = flow::backup(bench, &[r"C:\"])?;
    flow::write(bench, r"C:\", "now")?;
    let snapshot = flow::only(&backup.copies)?;
    let came = properties(bench, backup.session, snapshot)?;
    plausible(bench, snapshot, &came)?;
    bench.check(!came.snapshot_attributes.contains(Attributes::HARDWARE_ASSISTED), || {
        "a copy of the system provider must not be HARDWARE_ASSISTED".to_owned()
    })?;
    shows(bench, &came, "then")
}

/// A transportable copy is not brought up on the host that made it.
fn not_surfaced(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let context = SnapshotContext::APP_ROLLBACK.with(Attributes::TRANSPORTABLE);
    let backup = flow::backup_with(bench, context, &[r"D:\"])?;
    let snapshot = flow::only(&backup.copies)?;
    let came = properties(bench, backup.session, snapshot)?;
    plausible(bench, snapshot, &came)?;
    let device = came.snapshot_device_object;
    bench.same("m_pwszSnapshotDeviceObject of a copy that is not surfaced", &None, &device)
}

/// Every completed copy of the host can be asked for by its id, by any object, after its maker is gone.
fn another_object_and_context(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let backup = flow::backup(bench, &[r"D:\"])?;
    let snapshot = flow::only(&backup.copies)?;
    bench.release(backup.session);
    for context in [SnapshotContext::ALL, SnapshotContext::FILE_SHARE_BACKUP] {
        let other = flow::backup_object(bench, context)?;
        let came = properties(bench, other, snapshot)?;
        plausible(bench, snapshot, &came)?;
        bench.release(other);
    }
    Ok(())
}

/// In that lab, a copy of the volume and the object that made it.
fn copy_in(bench: &mut Bench<'_>, lab: &Lab, volume: &str) -> Result<(Object, SnapshotId), Stop> {
    bench.load(lab)?;
    flow::copied_volume(bench, SnapshotContext::APP_ROLLBACK, volume)
}

fn unknown(bench: &mut Bench<'_>) -> Checked {
    let (session, snapshot) = copy_in(bench, bench.lab(), r"D:\")?;
    let other = SnapshotId(flow::beside(snapshot.0));
    let code = bench.outcome_code()?;
    bench.expect(session, Call::get_snapshot_properties(other), code)?;
    let known = flow::properties(bench, session, snapshot)?.snapshot_id;
    bench.same("the copy that is known", &snapshot, &known)
}

/// A copy has its id from AddToSnapshotSet on, but can be asked for once DoSnapshotSet has ended.
fn in_the_making(bench: &mut Bench<'_>) -> Checked {
    // The provider has committed and is late: the array has the copy already.
    let late = Fault::new("PostFinalCommitSnapshots", Cause::Late(60_000));
    let lab = bench.lab().clone().with_fault(late);
    bench.load(&lab)?;
    let (session, snapshots) = flow::prepared_set(bench, SnapshotContext::BACKUP, &[r"D:\"])?;
    let snapshot = flow::only(&snapshots)?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::get_snapshot_properties(snapshot), code)?;
    let operation = bench.object(session, Call::DO_SNAPSHOT_SET)?;
    for _ in 0..5 {
        bench.expect(session, Call::get_snapshot_properties(snapshot), code)?;
        bench.act(Action::Elapse { ms: 5_000 })?;
    }
    bench.settle(operation)?;
    bench.ok(session, Call::get_snapshot_properties(snapshot)).map(drop)
}

/// Something goes wrong in the first such call of that lab; the next one succeeds.
fn fails_once(bench: &mut Bench<'_>, lab: &Lab, volume: &str) -> Checked {
    let (session, snapshot) = copy_in(bench, lab, volume)?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::get_snapshot_properties(snapshot), code)?;
    flow::logged(bench, code)?;
    bench.ok(session, Call::get_snapshot_properties(snapshot)).map(drop)
}

/// The system provider keeps the copies of C:, and is asked for their properties.
fn provider_answers(bench: &mut Bench<'_>, code: HResult) -> Checked {
    let fault = Fault::new("GetSnapshotProperties", Cause::ProviderAnswers(code)).of(SYSTEM_PROVIDER);
    fails_once(bench, &bench.lab().clone().with_fault(fault), r"C:\")
}

fn provider_veto(bench: &mut Bench<'_>) -> Checked {
    provider_answers(bench, HResult::VSS_E_PROVIDER_VETO)
}

fn provider_unexpected(bench: &mut Bench<'_>) -> Checked {
    provider_answers(bench, HResult::E_FAIL)
}
