//! What ImportSnapshots comes to when LUNs do not arrive, or are not what they were.

use vss_sim::api::{Call, Capabilities, HResult, Object, SnapshotId, VolumeSnapshotAttributes as Attributes};
use vss_sim::lab::{Cause, Fault, Lab};

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
        "IVssHardwareSnapshotProvider::LocateLuns/VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED/devices-missing-at-timeout",
        copy_deleted_before
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
    let set = flow::copied(bench, flow::transportable(), &[r"D:\", r"E:\"])?;
    let importer = flow::importer(bench, 1, &set.document)?;
    let luns = lun_count(bench)?;
    bench.expect_status(importer, Call::IMPORT_SNAPSHOTS, code)?;
    let now = lun_count(bench)?;
    bench.same("the number of LUNs: an import cleans up nothing", &luns, &now)?;
    Ok((importer, set.copies))
}

/// Just the other of the two copies is there, and the log tells of the one that is not.
fn just_one(bench: &mut Bench<'_>, lab: &Lab, missing: usize) -> Checked {
    bench.need(Capabilities::FAULTS)?;
    bench.load(lab)?;
    let code = bench.outcome_code()?;
    let (importer, copies) = imported(bench, code)?;
    for (place, copy) in copies.into_iter().enumerate() {
        let told = flow::properties_if_known(bench, importer, copy)?;
        let is_there = told.is_some_and(|told| told.snapshot_attributes.contains(Attributes::IMPORTED));
        bench.same(&format!("whether {copy} is imported"), &(place != missing), &is_there)?;
        if place == missing {
            tells(bench, Source::Vss, code, &copy.to_string())?;
        }
    }
    Ok(())
}

/// The LUNs of the second of two providers do not arrive.
fn devices_missing(bench: &mut Bench<'_>) -> Checked {
    let lab = flow::two_providers(bench.lab())?;
    just_one(bench, &lab.with_fault(Fault::new("LocateLuns", Cause::LosesLun).of(flow::OTHER)), 1)
}

/// The maker of the set has deleted one of its copies, whichever: its LUN cannot appear, and keeps no other away.
fn copy_deleted_before(bench: &mut Bench<'_>) -> Checked {
    for gone in [0, 1] {
        bench.load(&flow::two_hosts(bench.lab()))?;
        let set = flow::copied(bench, flow::transportable(), &[r"D:\", r"E:\"])?;
        bench.ok(set.session, flow::delete_copy(set.copies[gone]))?;
        let importer = flow::importer(bench, 2, &set.document)?;
        let luns = lun_count(bench)?;
        let code = bench.outcome_code()?;
        bench.expect_status(importer, Call::IMPORT_SNAPSHOTS, code)?;
        let now = lun_count(bench)?;
        bench.same("the number of LUNs: the one that is gone stays gone", &luns, &now)?;
        for (place, copy) in set.copies.iter().enumerate() {
            let told = flow::properties_if_known(bench, importer, *copy)?;
            bench.same(&format!("whether {copy} is known"), &(place != gone), &told.is_some())?;
        }
        let device = flow::device(bench, importer, set.copies[1 - gone])?;
        flow::turn_to(bench, 2)?;
        flow::holds(bench, &device, "then")?;
        tells(bench, Source::Vss, code, &set.copies[gone].to_string())?;
    }
    Ok(())
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
