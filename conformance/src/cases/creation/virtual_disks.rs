//! Volumes on virtual disks: how deep AddToSnapshotSet and DoSnapshotSet go.

use vss_sim::api::{Action, Call, HResult, ProviderId, SnapshotContext};
use vss_sim::lab::{Lab, Os};

use super::{flow, has_copies, nothing_is_left};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssBackupComponents::AddToSnapshotSet/VSS_E_NESTED_VOLUME_LIMIT/vhd-in-vhd", in_another),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_NESTED_VOLUME_LIMIT/vhd-and-host-in-set",
        with_its_host
    ),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_VOLUME_NOT_SUPPORTED/no-provider-supports",
        before_vhds
    ),
    case!(
        "IVssBackupComponents::DoSnapshotSet/VSS_E_NESTED_VOLUME_LIMIT/nested-too-deep",
        moved_into_another
    ),
    case!("IVssBackupComponents::DoSnapshotSet/VSS_E_NESTED_VOLUME_LIMIT/nested-too-deep", moved_beside),
];

fn lab(bench: &Bench<'_>) -> Lab {
    bench.lab().clone().with(flow::with_virtual_disks)
}

fn in_another(bench: &mut Bench<'_>) -> Checked {
    bench.load(&lab(bench))?;
    let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[])?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::add_to_snapshot_set(r"W:\", ProviderId::NULL), code)?;
    // One that is not in another can be copied.
    bench.ok(session, Call::add_to_snapshot_set(r"V:\", ProviderId::NULL))?;
    bench.done(session, Call::DO_SNAPSHOT_SET).map(drop)
}

/// Whichever of the two comes first keeps the other out; what was added stays.
fn with_its_host(bench: &mut Bench<'_>) -> Checked {
    let code = bench.outcome_code()?;
    for [first, second] in [[r"V:\", r"C:\"], [r"C:\", r"V:\"]] {
        bench.load(&lab(bench))?;
        let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[first])?;
        bench.expect(session, Call::add_to_snapshot_set(second, ProviderId::NULL), code)?;
        bench.ok(session, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL))?;
        bench.done(session, Call::DO_SNAPSHOT_SET)?;
        has_copies(bench, 2)?;
    }
    Ok(())
}

/// Windows Server 2008 and older know no virtual disks: nobody supports such a volume.
fn before_vhds(bench: &mut Bench<'_>) -> Checked {
    bench.load(&flow::with_os(bench.lab(), Os::WindowsServer2008).with(flow::with_virtual_disks))?;
    let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[])?;
    let code = bench.outcome_code()?;
    for volume in [r"V:\", r"W:\"] {
        bench.expect(session, Call::add_to_snapshot_set(volume, ProviderId::NULL), code)?;
    }
    bench.ok(session, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL))?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    has_copies(bench, 1)
}

/// Between AddToSnapshotSet and DoSnapshotSet somebody moves the virtual disk.
fn moved(bench: &mut Bench<'_>, volumes: &[&str], moved: &str, onto: &str) -> Checked {
    bench.load(&lab(bench))?;
    let luns = flow::luns(bench)?;
    let (session, _) = flow::prepared_set(bench, SnapshotContext::BACKUP, volumes)?;
    bench.act(Action::MoveVirtualDisk { volume: moved.into(), onto: onto.into() })?;
    let code = bench.outcome_code()?;
    bench.expect_settled(session, Call::DO_SNAPSHOT_SET, code)?;
    nothing_is_left(bench, &luns)?;
    bench.expect_settled(session, Call::DO_SNAPSHOT_SET, HResult::VSS_E_BAD_STATE).map(drop)
}

fn moved_into_another(bench: &mut Bench<'_>) -> Checked {
    moved(bench, &[r"U:\", r"D:\"], r"U:\", r"V:\")
}

fn moved_beside(bench: &mut Bench<'_>) -> Checked {
    moved(bench, &[r"U:\", r"E:\"], r"U:\", r"E:\")
}
