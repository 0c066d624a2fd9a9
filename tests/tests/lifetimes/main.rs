//! What the end of a process or the restart of a host does to what is under way, and to what is there: on the array, on
//! the hosts, for the other requesters.

mod left;
mod room;

use std::collections::BTreeSet;

use room::Room;
use rstest::rstest;
use vss_sim::api::*;
use vss_sim::lab::{AutoRelease, Cause, Fault, Lun, PartitionStyle, SYSTEM_PROVIDER, Size};
use vss_sim::service::State;

const VALID: Ptr = Ptr::Valid;

/// Whether the host restarts or only the process ends: nothing is left of a creation, and another may begin at once.
#[rstest]
fn a_creation_under_way_leaves_nothing(
    #[values(false, true)] restarts: bool,
    #[values("EndPrepareSnapshots", "CommitSnapshots", "PostFinalCommitSnapshots")] late: &str,
    #[values(SYSTEM_PROVIDER, "Array Provider")] of: &str,
) {
    let mut room = Room::new(|lab| lab.faults.push(Fault::new(late, Cause::Late(8_000)).of(of)));
    let volumes = [r"C:\", r"D:\", r"E:\"];
    let (session, _) = room.set_on(1, SnapshotContext::NAS_ROLLBACK, &volumes, None);
    let operation = room.begin(session, Call::DO_SNAPSHOT_SET);
    room.act(Action::Elapse { ms: 4_000 });
    room.ends(session, restarts);
    assert_eq!((room.copied_luns(), room.live()), (0, 0));
    assert_eq!(room.code(operation, Call::Cancel {}), HResult::RPC_E_DISCONNECTED);
    // A pointer to what is gone can be let go of, as any pointer; there is nothing else to be done with it.
    for object in [operation, session] {
        assert_eq!(room.code(object, Call::RELEASE), HResult::S_OK);
        assert_eq!(room.code(object, Call::RELEASE), HResult::RPC_E_DISCONNECTED);
    }
    let (next, copies) = room.set_on(1, SnapshotContext::NAS_ROLLBACK, &volumes, None);
    room.create(next);
    assert!(copies.into_iter().all(|copy| room.is_there(next, copy)));
    // Time that the dead operation would have gone on in changes nothing.
    room.act(Action::Elapse { ms: 60_000 });
    assert_eq!(room.copied_luns(), 2);
}

#[test]
fn an_import_under_way_imports_nothing_and_can_be_repeated() {
    let mut room = Room::new(|_| ());
    let context = SnapshotContext::NAS_ROLLBACK.with(VolumeSnapshotAttributes::TRANSPORTABLE);
    let (maker, copies) = room.set_on(1, context, &[r"D:\"], None);
    room.create(maker);
    let document = room.save(maker);
    let before = room.luns();
    let import = Call::IMPORT_SNAPSHOTS;
    let importer = room.object(2);
    room.ok(importer, Call::InitializeForBackup { bstr_xml: Some(document.clone()) });
    room.begin(importer, import.clone());
    room.act(Action::Restart { host: 2 });
    room.act(Action::Elapse { ms: 60_000 });
    assert_eq!(room.luns(), before, "the import was not given up");
    let asker = room.asker(2);
    assert!(!room.is_there(asker, copies[0]));
    let again = room.object(2);
    room.ok(again, Call::InitializeForBackup { bstr_xml: Some(document) });
    room.done(again, import);
    assert!(room.is_there(asker, copies[0]));
}

#[test]
fn a_resync_under_way_leaves_its_target_as_it_was_and_unlocked() {
    let mut room = Room::new(|_| ());
    room.write(r"D:\", 1);
    let (maker, copies) = room.set_on(1, SnapshotContext::NAS_ROLLBACK, &[r"D:\"], None);
    room.create(maker);
    let document = room.save(maker);
    room.write(r"D:\", 2);
    let restore = room.object(1);
    room.ok(restore, Call::InitializeForRestore { bstr_xml: Some(document.clone()) });
    let add = |copy| Call::add_snapshot_to_recovery_set(copy, None);
    let recover = Call::recover_set(RecoveryOptions::empty());
    room.ok(restore, add(copies[0]));
    room.begin(restore, recover.clone());
    room.act(Action::Elapse { ms: 300 });
    let locked = room.0.act(&Action::HoldDisk { volume: r"D:\".into(), for_ms: None });
    assert!(locked.is_err(), "the resync has not begun");
    room.act(Action::Restart { host: 1 });
    room.act(Action::Elapse { ms: 60_000 });
    assert_eq!(room.read(r"D:\"), 2);
    room.write(r"D:\", 3);
    let again = room.object(1);
    room.ok(again, Call::InitializeForRestore { bstr_xml: Some(document) });
    room.ok(again, add(copies[0]));
    room.done(again, recover);
    assert_eq!(room.read(r"D:\"), 1);
}

/// The other host's requesters, and what their providers have in hand, are none of its business.
#[rstest]
fn a_restart_is_its_hosts_alone(#[values(None, Some(SYSTEM_PROVIDER))] provider: Option<&str>) {
    let mut room = Room::new(|_| ());
    let (here, lost) = room.set_on(1, SnapshotContext::FILE_SHARE_BACKUP, &[r"D:\"], provider);
    let (there, kept) = room.set_on(2, SnapshotContext::FILE_SHARE_BACKUP, &[r"E:\"], provider);
    let operation = room.begin(there, Call::DO_SNAPSHOT_SET);
    room.act(Action::Restart { host: 1 });
    assert_eq!(room.settle(operation), HResult::VSS_S_ASYNC_FINISHED);
    assert!(room.is_there(there, kept[0]));
    assert_eq!(room.code(here, Call::DO_SNAPSHOT_SET), HResult::RPC_E_DISCONNECTED);
    let asker = room.asker(1);
    assert!(!room.is_there(asker, lost[0]));
    room.act(Action::Restart { host: 2 });
    assert_eq!(room.copied_luns(), 0);
}

/// The copies of both hosts are read where they were made, before and after.
#[test]
fn persistent_copies_outlive_restarts_with_what_they_hold() {
    let mut room = Room::new(|_| ());
    let (mut copies, mut asker) = (Vec::new(), room.asker(1));
    for (byte, volume) in [(1, r"C:\"), (2, r"D:\"), (3, r"E:\")] {
        room.write(volume, byte);
        let (session, made) = room.set_on(1, SnapshotContext::NAS_ROLLBACK, &[volume], None);
        room.create(session);
        room.write(volume, 9);
        copies.push((made[0], byte));
    }
    let mut devices = BTreeSet::new();
    for round in 0..3 {
        for (copy, byte) in &copies {
            let get = Call::get_snapshot_properties(*copy);
            let Some(Out::GetSnapshotProperties { p_prop }) = room.ok(asker, get) else { panic!("nothing") };
            let device = p_prop.snapshot_device_object.expect("a device");
            assert_eq!(room.read(&device), *byte, "round {round}");
            devices.insert(device);
        }
        room.act(Action::Restart { host: 1 });
        asker = room.asker(1);
    }
    assert_eq!(devices.len(), copies.len(), "each copy has one device, and no two the same");
}

/// An importer's copies do not go with the requester on the host that made them.
#[test]
fn the_makers_release_leaves_an_imported_copy_alone() {
    let mut room = Room::new(|_| ());
    let context = SnapshotContext::FILE_SHARE_BACKUP.with(VolumeSnapshotAttributes::TRANSPORTABLE);
    let (maker, copies) = room.set_on(1, context, &[r"D:\"], None);
    room.create(maker);
    let document = room.save(maker);
    let importer = room.object(2);
    room.ok(importer, Call::InitializeForBackup { bstr_xml: Some(document) });
    room.done(importer, Call::IMPORT_SNAPSHOTS);
    room.ok(maker, Call::RELEASE);
    assert!(room.is_there(importer, copies[0]));
    room.ok(importer, Call::RELEASE);
    assert_eq!(room.copied_luns(), 0);
}

/// It has been told to go some time after its maker, and then somebody has imported it.
#[test]
fn a_copy_that_is_to_go_later_stays_with_its_importer() {
    let mut room = Room::new(|lab| lab.readings.auto_release = AutoRelease::Later);
    let context = SnapshotContext::FILE_SHARE_BACKUP.with(VolumeSnapshotAttributes::TRANSPORTABLE);
    let (maker, copies) = room.set_on(1, context, &[r"D:\"], None);
    room.create(maker);
    let document = room.save(maker);
    room.ok(maker, Call::RELEASE);
    let importer = room.object(2);
    room.ok(importer, Call::InitializeForBackup { bstr_xml: Some(document) });
    room.done(importer, Call::IMPORT_SNAPSHOTS);
    room.act(Action::Elapse { ms: 600_000 });
    assert!(room.is_there(importer, copies[0]));
    room.ok(importer, Call::RELEASE);
    room.act(Action::Elapse { ms: 600_000 });
    assert_eq!(room.copied_luns(), 0);
}

/// The writers of a backup are told that it is over by a requester that lets go of its object, and by nobody else.
#[rstest]
fn a_dead_requester_tells_no_writer_that_its_backup_is_over(#[values(false, true)] dies: bool) {
    let told = Fault::new("OnBackupShutdown", Cause::WriterExits);
    let mut room = Room::new(|lab| lab.faults.push(told.clone()));
    let requester = room.asker(1);
    room.done(requester, Call::GATHER_WRITER_METADATA);
    if dies {
        room.ends(requester, false);
    } else {
        room.ok(requester, Call::RELEASE);
    }
    let untold = if dies { vec![told] } else { Vec::new() };
    assert_eq!(room.0.ask(&Question::FaultsLeft), Ok(Answer::Faults(untold)));
}

/// BackupComplete goes on in the writers when the backup is aborted, and comes to nothing (inferred, A3).
#[test]
fn a_backup_is_aborted_while_it_completes() {
    let late = Fault::new("OnBackupComplete", Cause::Late(10_000));
    let mut room = Room::new(|lab| lab.faults.push(late));
    let requester = room.asker(1);
    room.done(requester, Call::GATHER_WRITER_METADATA);
    room.ok(requester, Call::SET_BACKUP_STATE);
    room.ok(requester, Call::START_SNAPSHOT_SET);
    room.ok(requester, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL));
    room.done(requester, Call::PREPARE_FOR_BACKUP);
    room.create(requester);
    let completes = room.begin(requester, Call::BACKUP_COMPLETE);
    assert_eq!(room.0.state(requester), Some(State::Completing));
    room.ok(requester, Call::AbortBackup {});
    assert_eq!(room.0.state(requester), Some(State::Aborted));
    assert_eq!(room.settle(completes), HResult::VSS_S_ASYNC_CANCELLED);
    assert_eq!(room.0.state(requester), Some(State::Aborted));
}

/// Whoever held a disk is gone after the restart, and writers that had exited are back.
#[test]
fn handles_and_dead_writers_do_not_outlive_a_restart() {
    let exits = Fault::new("OnIdentify", Cause::WriterExits);
    let mut room = Room::new(|lab| {
        lab.faults.push(exits);
        lab.writers[0].blocks_revert = true;
    });
    let (session, copies) = room.set_on(1, SnapshotContext::NAS_ROLLBACK, &[r"F:\"], Some(SYSTEM_PROVIDER));
    room.create(session);
    room.act(Action::HoldDisk { volume: r"F:\".into(), for_ms: None });
    let revert = Call::revert_to_snapshot(copies[0]);
    assert_eq!(room.code(session, revert.clone()), HResult::VSS_E_VOLUME_IN_USE);
    let asked = Call::ShouldBlockRevert { wsz_volume_name: Some(r"D:\".into()), pb_block: VALID };
    let gathers = room.asker(1);
    room.done(gathers, Call::GATHER_WRITER_METADATA);
    assert_eq!(room.ok(Object::HOST, asked.clone()), Some(Out::ShouldBlockRevert { pb_block: false }));
    room.act(Action::Restart { host: 1 });
    assert_eq!(room.ok(Object::HOST, asked), Some(Out::ShouldBlockRevert { pb_block: true }));
    let asker = room.asker(1);
    room.ok(asker, revert);
}

/// A writer that takes part in one backup at a time is free again, and has nothing to say of the one that died.
#[rstest]
fn a_dead_requesters_writers_take_part_in_the_next_backup(#[values(false, true)] restarts: bool) {
    let mut room = Room::new(|lab| lab.writers[0].max_sessions = Some(1));
    let dies = room.asker(1);
    room.done(dies, Call::GATHER_WRITER_METADATA);
    room.ends(dies, restarts);
    let next = room.asker(1);
    room.done(next, Call::GATHER_WRITER_METADATA);
    room.ok(next, Call::START_SNAPSHOT_SET);
    room.ok(next, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL));
    room.ok(next, Call::SET_BACKUP_STATE);
    room.done(next, Call::PREPARE_FOR_BACKUP);
    room.done(next, Call::GATHER_WRITER_STATUS);
    let status = Call::get_writer_status(0);
    match room.ok(next, status) {
        Some(Out::GetWriterStatus { ph_result_failure, .. }) => assert_eq!(ph_result_failure, HResult::S_OK),
        other => panic!("{other:?}"),
    }
}

/// A LUN that two hosts see holds one thing, and each host reverts to its own copies.
#[test]
fn a_revert_of_a_shared_lun_shows_on_both_hosts() {
    let mut room = Room::new(|_| ());
    room.write(r"D:\", 1);
    let (there, copies) = room.set_on(2, SnapshotContext::NAS_ROLLBACK, &[r"D:\"], Some(SYSTEM_PROVIDER));
    room.create(there);
    room.write(r"D:\", 2);
    let revert = Call::revert_to_snapshot(copies[0]);
    let here = room.asker(1);
    assert_eq!(room.code(here, revert.clone()), HResult::VSS_E_OBJECT_NOT_FOUND);
    assert_eq!(room.read(r"D:\"), 2);
    room.ok(there, revert);
    let status = Call::query_revert_status(r"D:\");
    let told_here = room.begin(here, status.clone());
    room.act(Action::Restart { host: 2 });
    assert_eq!(room.read(r"D:\"), 1);
    let there = room.asker(2);
    let told_there = room.begin(there, status);
    for operation in [told_here, told_there] {
        assert_eq!(room.settle(operation), HResult::VSS_S_ASYNC_FINISHED);
    }
}

/// VSS keeps the volume for a resync that the other host has begun, whatever a revert is told (inferred).
#[rstest]
fn a_volume_that_another_host_resynchronises_is_not_reverted(#[values(false, true)] force: bool) {
    let mut room = Room::new(|_| ());
    let (maker, of_array) = room.set_on(2, SnapshotContext::NAS_ROLLBACK, &[r"D:\"], None);
    room.create(maker);
    let document = room.save(maker);
    let (here, copies) = room.set_on(1, SnapshotContext::NAS_ROLLBACK, &[r"D:\"], Some(SYSTEM_PROVIDER));
    room.create(here);
    let restore = room.object(2);
    room.ok(restore, Call::InitializeForRestore { bstr_xml: Some(document) });
    room.ok(restore, Call::add_snapshot_to_recovery_set(of_array[0], None));
    let resync = room.begin(restore, Call::recover_set(RecoveryOptions::empty()));
    room.act(Action::Elapse { ms: 300 });
    let revert = Call::RevertToSnapshot { snapshot_id: copies[0], b_force_dismount: force };
    assert_eq!(room.code(here, revert.clone()), HResult::VSS_E_VOLUME_IN_USE);
    assert_eq!(room.settle(resync), HResult::VSS_S_ASYNC_FINISHED);
    room.ok(here, revert);
}

/// A disk that had to stay offline beside its twin comes online with the next restart, once the twin has left.
#[test]
fn a_disk_whose_twin_has_left_is_online_after_a_restart() {
    let mut room = Room::new(|lab| {
        let signature = "0x76001234".to_owned();
        lab.lun_mut("data-f").into_iter().for_each(|lun| lun.signature = Some(signature.clone()));
        let hosts = Some(vec!["TWO".to_owned()]);
        lab.lun_mut("data-f").into_iter().for_each(|lun| lun.hosts = Some(vec!["SRV".to_owned()]));
        let twin = Lun {
            array: Some("san".to_owned()),
            hosts,
            signature: Some(signature),
            ..Lun::new("twin", Size::gib(1))
        };
        lab.luns.push(Lun { style: PartitionStyle::Mbr, ..twin });
    });
    let online = |room: &Room| match room.0.ask(&Question::Disks) {
        Ok(Answer::Disks(disks)) => disks.iter().any(|disk| &*disk.lun == "twin" && disk.online),
        other => panic!("{other:?}"),
    };
    room.act(Action::PresentLun { lun: "twin".into(), host: 1 });
    room.act(Action::Restart { host: 1 });
    assert!(!online(&room), "its twin is there");
    room.act(Action::MaskLun { lun: "data-f".into() });
    assert!(!online(&room), "nobody has looked");
    room.act(Action::Restart { host: 1 });
    assert!(online(&room));
}

/// A revert goes on while the provider's process and its host come and go; its object finds it again.
#[test]
fn a_revert_is_found_again_after_its_provider_has_ended() {
    let crash = Fault::new("GetSnapshotProperties", Cause::CrashBefore).of(SYSTEM_PROVIDER);
    let mut room = Room::new(|lab| lab.faults.push(crash));
    room.write(r"F:\", 1);
    let (session, copies) = room.set_on(1, SnapshotContext::NAS_ROLLBACK, &[r"F:\"], Some(SYSTEM_PROVIDER));
    room.create(session);
    room.write(r"F:\", 2);
    room.ok(session, Call::revert_to_snapshot(copies[0]));
    let status = Call::query_revert_status(r"F:\");
    let operation = room.begin(session, status.clone());
    assert!(!room.is_there(session, copies[0]), "the provider has ended in the call");
    let pending = room.code(operation, Call::Cancel {});
    assert_eq!(pending, HResult::E_NOTIMPL, "the revert is not to be cancelled");
    assert_eq!(room.settle(operation), HResult::VSS_S_ASYNC_FINISHED);
    assert_eq!((room.read(r"F:\"), room.code(session, status)), (1, HResult::VSS_E_OBJECT_NOT_FOUND));
}

#[test]
fn ids_and_devices_are_never_given_twice() {
    let mut room = Room::new(|_| ());
    let (mut seen, mut given) = (BTreeSet::new(), 0);
    for round in 0..6_u32 {
        let host = 1 + round % 2;
        let context = SnapshotContext::FILE_SHARE_BACKUP;
        let provider = (round % 3 == 0).then_some(SYSTEM_PROVIDER);
        let (session, copies) = room.set_on(host, context, &[r"D:\", r"E:\"], provider);
        room.create(session);
        for copy in copies {
            let get = Call::get_snapshot_properties(copy);
            let Some(Out::GetSnapshotProperties { p_prop }) = room.ok(session, get) else {
                panic!("nothing")
            };
            let device = p_prop.snapshot_device_object.expect("a device");
            given += 2;
            seen.extend([format!("{}", copy.0), device.to_string()]);
        }
        match round % 3 {
            0 => drop(room.ok(session, Call::RELEASE)),
            1 => room.act(Action::EndProcess { session }),
            _ => room.act(Action::Restart { host }),
        }
        assert_eq!(room.copied_luns(), 0);
    }
    assert_eq!(seen.len(), given);
}
