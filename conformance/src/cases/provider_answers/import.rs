//! What ImportSnapshots comes to when LUNs do not arrive, or are not what they were.

use vss_sim::api::{
    Call, Capabilities, HResult, Object, Out, SnapshotContext, SnapshotId,
    VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::{Array, Cause, Fault, Lab, Provider};

use super::{Source, flow, lun_count, tells};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!(
        "IVssHardwareSnapshotProvider::LocateLuns/VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED/devices-missing-at-timeout",
        devices_missing
    ),
    case!(
        "IVssHardwareSnapshotProvider::LocateLuns/VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED/lun-info-mismatch",
        told_otherwise_at_creation
    ),
    case!(
        "IVssHardwareSnapshotProvider::FillInLunInfo/VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED/lun-info-mismatch",
        told_otherwise_at_import
    ),
];

/// A set of D: and E: for transport is created and imported by another object. Answers that object and the copies.
fn imported(bench: &mut Bench<'_>, code: HResult) -> Result<(Object, Vec<SnapshotId>), Stop> {
    let context = SnapshotContext::NAS_ROLLBACK.with(Attributes::TRANSPORTABLE);
    let session = flow::backup_object(bench, context)?;
    let copies = flow::start_set(bench, session, &[r"D:\", r"E:\"])?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    let document = flow::save(bench, session)?;
    let importer = flow::create(bench)?;
    bench.ok(importer, Call::InitializeForBackup { bstr_xml: Some(document) })?;
    let luns = lun_count(bench)?;
    bench.expect_status(importer, Call::IMPORT_SNAPSHOTS, code)?;
    let now = lun_count(bench)?;
    bench.same("the number of LUNs: an import cleans up nothing", &luns, &now)?;
    Ok((importer, copies))
}

/// Just the other of the two copies is there, and the log tells of the one that is not.
fn just_one(bench: &mut Bench<'_>, lab: &Lab, missing: usize) -> Checked {
    bench.need(Capabilities::FAULTS)?;
    bench.load(lab)?;
    let code = bench.outcome_code()?;
    let (importer, copies) = imported(bench, code)?;
    for (place, copy) in copies.into_iter().enumerate() {
        let call = Call::get_snapshot_properties(copy);
        let attributes = match bench.call(importer, call).out {
            Some(Out::GetSnapshotProperties { p_prop }) => p_prop.snapshot_attributes,
            _ => Attributes::empty(),
        };
        let is_there = attributes.contains(Attributes::IMPORTED);
        bench.same(&format!("whether {copy} is imported"), &(place != missing), &is_there)?;
        if place == missing {
            tells(bench, Source::Vss, code, &copy.to_string())?;
        }
    }
    Ok(())
}

/// The LUNs of the second of two providers do not arrive.
fn devices_missing(bench: &mut Bench<'_>) -> Checked {
    const OTHER: &str = "Second Provider";
    let lab = bench.lab().clone().with(|lab| {
        lab.providers.push(Provider::new(OTHER));
        lab.arrays.push(Array { name: "second-san".into(), provider: Some(OTHER.into()) });
        if let Some(lun) = lab.lun_mut("data-e") {
            lun.array = Some("second-san".into());
        }
    });
    just_one(bench, &lab.with_fault(Fault::new("LocateLuns", Cause::LosesLun).of(OTHER)), 1)
}

/// GetTargetLuns told a serial number that nobody else knows the first LUN by.
fn told_otherwise_at_creation(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab().clone().with_fault(Fault::new("GetTargetLuns", Cause::Misdescribes));
    just_one(bench, &lab, 0)
}

/// FillInLunInfo tells such a number of the first disk that arrives.
fn told_otherwise_at_import(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab().clone().with_fault(Fault::new("FillInLunInfo", Cause::Misdescribes));
    just_one(bench, &lab, 0)
}
