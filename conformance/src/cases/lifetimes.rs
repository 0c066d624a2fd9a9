//! How long shadow copies live: until their requester lets go of them, its process ends, or their host restarts; and what
//! such an end leaves to others.

use vss_sim::api::{Action, Call, Object, ProviderId, SnapshotContext, SnapshotId};
use vss_sim::lab::AutoRelease;

use super::flow;
use crate::bench::{Bench, object_of};
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    case!(
        "IVssBackupComponents::GetSnapshotProperties/VSS_E_OBJECT_NOT_FOUND/no-such-snapshot",
        gone_with_its_requester
    ),
    case!(
        "IVssBackupComponents::GetSnapshotProperties/VSS_E_OBJECT_NOT_FOUND/no-such-snapshot",
        gone_some_time_later
    ),
    case!(
        "IVssBackupComponents::GetSnapshotProperties/VSS_E_OBJECT_NOT_FOUND/no-such-snapshot",
        gone_with_its_process
    ),
    case!(
        "IVssBackupComponents::GetSnapshotProperties/VSS_E_OBJECT_NOT_FOUND/no-such-snapshot",
        gone_with_a_restart
    ),
    case!("IVssBackupComponents::GetSnapshotProperties/S_OK/returned", persistent_ones_stay),
    case!("IVssBackupComponents::GetSnapshotProperties/S_OK/returned", two_sets_at_once),
    case!(
        "IVssBackupComponents::StartSnapshotSet/VSS_E_SNAPSHOT_SET_IN_PROGRESS/creation-in-progress",
        a_leaked_set_blocks
    ),
    case!(
        "IVssBackupComponents::StartSnapshotSet/VSS_E_SNAPSHOT_SET_IN_PROGRESS/creation-in-progress",
        a_requester_dies
    ),
];

/// The volumes of these cases: one on an array, one that the system provider copies.
const VOLUMES: [&str; 2] = [r"D:\", r"C:\"];

/// A set of both volumes that goes with its requester; they held "then", and hold "now!".
fn auto_release_set(bench: &mut Bench<'_>) -> Result<flow::Set, Stop> {
    flow::copied(bench, SnapshotContext::BACKUP, &VOLUMES)
}

/// How many LUNs are copies.
fn copied_luns(bench: &mut Bench<'_>) -> Result<usize, Stop> {
    Ok(flow::luns(bench)?.iter().filter(|lun| lun.copy.is_some()).count())
}

/// Each copy can still be asked for, and shows what its volume held then.
fn readable(bench: &mut Bench<'_>, on: Object, copies: &[SnapshotId]) -> Checked {
    for copy in copies {
        let device = flow::device(bench, on, *copy)?;
        flow::holds(bench, &device, "then")?;
    }
    Ok(())
}

/// None of the copies is left: for no requester, nor on the array.
fn gone(bench: &mut Bench<'_>, on: Object, copies: &[SnapshotId]) -> Checked {
    let code = bench.outcome_code()?;
    for copy in copies {
        bench.expect(on, Call::get_snapshot_properties(*copy), code)?;
    }
    let left = copied_luns(bench)?;
    bench.same("the LUNs that hold copies", &0, &left)?;
    for volume in VOLUMES {
        flow::holds(bench, volume, "now!")?;
    }
    Ok(())
}

fn gone_with_its_requester(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = auto_release_set(bench)?;
    let other = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    readable(bench, other, &set.copies)?;
    bench.release(set.session);
    gone(bench, other, &set.copies)
}

/// They were seen to be readable for a while after their requester had let go.
fn gone_some_time_later(bench: &mut Bench<'_>) -> Checked {
    bench.reading(r#"auto-release = "later""#);
    bench.observed("O24");
    let lab = bench.lab().clone().with_readings(|readings| readings.auto_release = AutoRelease::Later);
    bench.load(&lab)?;
    let set = auto_release_set(bench)?;
    let other = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    bench.release(set.session);
    bench.act(Action::Elapse { ms: 5_000 })?;
    readable(bench, other, &set.copies)?;
    bench.act(Action::Elapse { ms: 390_000 })?;
    gone(bench, other, &set.copies)
}

fn gone_with_its_process(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = auto_release_set(bench)?;
    let other = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    bench.act(Action::EndProcess { session: set.session })?;
    gone(bench, other, &set.copies)
}

/// Whatever is read of an auto-release copy's end: a restart is the latest.
fn gone_with_a_restart(bench: &mut Bench<'_>) -> Checked {
    for reading in [AutoRelease::AtRelease, AutoRelease::Later] {
        let lab = bench.lab().clone().with_readings(|readings| readings.auto_release = reading);
        bench.load(&lab)?;
        let set = auto_release_set(bench)?;
        bench.act(Action::Restart { host: 1 })?;
        let other = flow::backup_object(bench, SnapshotContext::BACKUP)?;
        gone(bench, other, &set.copies)?;
    }
    Ok(())
}

/// By their requester's release, its process' end and a restart, whatever is written since.
fn persistent_ones_stay(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    for volume in VOLUMES {
        flow::write(bench, volume, "then")?;
    }
    let mut copies = Vec::new();
    let (one, other) = (flow::backup(bench, &VOLUMES)?, flow::backup(bench, &VOLUMES)?);
    copies.extend(one.copies);
    copies.extend(other.copies);
    for volume in VOLUMES {
        flow::write(bench, volume, "now!")?;
    }
    bench.release(one.session);
    bench.act(Action::EndProcess { session: other.session })?;
    bench.act(Action::Restart { host: 1 })?;
    let code = bench.outcome_code()?;
    let asks = flow::backup_object(bench, SnapshotContext::ALL)?;
    for copy in &copies {
        bench.expect(asks, Call::get_snapshot_properties(*copy), code)?;
    }
    readable(bench, asks, &copies)
}

/// Only their creation is exclusive.
fn two_sets_at_once(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the page on error handling: only creation is exclusive (O11)");
    bench.load_default()?;
    let (one, other) = (auto_release_set(bench)?, auto_release_set(bench)?);
    let code = bench.outcome_code()?;
    let mut devices = Vec::new();
    for copy in one.copies.iter().chain(&other.copies) {
        let reply = bench.expect(one.session, Call::get_snapshot_properties(*copy), code)?;
        devices.push(crate::out!(reply, GetSnapshotProperties { p_prop })?.snapshot_device_object.clone());
    }
    readable(bench, other.session, &one.copies)?;
    bench.release(one.session);
    readable(bench, other.session, &other.copies)?;
    let third = auto_release_set(bench)?;
    for copy in &third.copies {
        devices.push(flow::properties(bench, third.session, *copy)?.snapshot_device_object);
    }
    let all = devices.len();
    devices.sort();
    devices.dedup();
    bench.same("the devices that were never given twice", &all, &devices.len())
}

/// In a process that lives on, until it ends.
fn a_leaked_set_blocks(bench: &mut Bench<'_>) -> Checked {
    bench.observed("O6, O10");
    bench.load_default()?;
    let leaks = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    flow::start_set(bench, leaks, &[r"D:\"])?;
    let start = Call::START_SNAPSHOT_SET;
    let code = bench.outcome_code()?;
    let other = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    bench.expect(other, start.clone(), code)?;
    bench.act(Action::Elapse { ms: 86_400_000 })?;
    bench.expect(other, start.clone(), code)?;
    bench.act(Action::EndProcess { session: leaks })?;
    bench.ok(other, start).map(drop)
}

/// Between any two calls of a backup. Until then its set is in the way; afterwards nothing of it is.
fn a_requester_dies(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("otherwise one crash would block the machine; the pages name only DoSnapshotSet's end");
    let code = bench.outcome_code()?;
    for steps in 0..=CALLS.len() {
        bench.load_default()?;
        let session = flow::create(bench)?;
        let holds_slot = die_after(bench, session, steps)?;
        let other = flow::backup_object(bench, SnapshotContext::FILE_SHARE_BACKUP)?;
        let start = Call::START_SNAPSHOT_SET;
        if holds_slot {
            bench.expect(other, start.clone(), code)?;
        }
        bench.act(Action::EndProcess { session })?;
        let left = copied_luns(bench)?;
        bench.same(
            &format!("the copies that are left of a requester that died after call {steps}"),
            &0,
            &left,
        )?;
        bench.ok(other, start)?;
        bench.ok(other, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL))?;
        bench.done(other, Call::DO_SNAPSHOT_SET)?;
        bench.release(other);
        let left = flow::snapshots(bench)?;
        bench.same("the copies that are left in the end", &Vec::new(), &left)?;
    }
    Ok(())
}

/// The calls of a backup, in their order.
const CALLS: [fn() -> Call; 12] = [
    || Call::InitializeForBackup { bstr_xml: None },
    || Call::SET_BACKUP_STATE,
    || Call::GATHER_WRITER_METADATA,
    || Call::START_SNAPSHOT_SET,
    || Call::add_to_snapshot_set(r"D:\", ProviderId::NULL),
    || Call::add_to_snapshot_set(r"C:\", ProviderId::NULL),
    || Call::PREPARE_FOR_BACKUP,
    || Call::GATHER_WRITER_STATUS,
    || Call::DO_SNAPSHOT_SET,
    || Call::GATHER_WRITER_STATUS,
    || Call::BACKUP_COMPLETE,
    || Call::SAVE_AS_XML,
];

/// Makes the first calls of a backup; operations that are begun are not waited for before the next. Says whether the set is
/// in creation then: from StartSnapshotSet on, until DoSnapshotSet has ended, which only the next call waits for.
fn die_after(bench: &mut Bench<'_>, session: Object, steps: usize) -> Result<bool, Stop> {
    let mut in_creation = false;
    let mut begun: Option<(Call, Object)> = None;
    for call in CALLS.iter().take(steps).map(|call| call()) {
        if let Some((before, operation)) = begun.take() {
            bench.settle(operation)?;
            in_creation &= before != Call::DO_SNAPSHOT_SET;
        }
        let reply = bench.ok(session, call.clone())?;
        in_creation |= call == Call::START_SNAPSHOT_SET;
        begun = reply.out.as_ref().and_then(object_of).map(|operation| (call, operation));
    }
    Ok(in_creation)
}
