//! When a copy of files comes, what it shows, and when it goes.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use vss_sim::api::*;
use vss_sim::lab::{Cause, Fault};

use crate::rig::*;

const AUTO_RELEASE: SnapshotContext = SnapshotContext::FILE_SHARE_BACKUP;
const PERSISTENT: SnapshotContext = SnapshotContext::NAS_ROLLBACK;

#[test]
fn a_copy_shows_what_was_there_when_do_snapshot_set_returned() {
    let rig = Rig::new();
    fs::create_dir_all(rig.d().join("books/2023")).unwrap();
    fs::write(rig.d().join("books/2023/ledger.txt"), "then").unwrap();
    fs::write(rig.d().join("gone.txt"), "still there").unwrap();
    let room = rig.room();
    let (requester, snapshots) = begin(&room, AUTO_RELEASE, &[r"D:\"]);
    let operation = create(&requester);

    fs::write(rig.d().join("books/2023/ledger.txt"), "now").unwrap();
    fs::remove_file(rig.d().join("gone.txt")).unwrap();
    fs::write(rig.d().join("new.txt"), "new").unwrap();
    assert_eq!(operation.finish(), Ok(()));

    let device = device(&requester, snapshots[0]);
    assert!(!device.ends_with(['/', '\\']), "{device}");
    let ledger = format!("books{0}2023{0}ledger.txt", std::path::MAIN_SEPARATOR);
    assert_eq!(read(&device, &ledger).unwrap(), "then");
    assert_eq!(read(&device, "gone.txt").unwrap(), "still there");
    assert!(read(&device, "new.txt").is_err());
}

#[test]
fn a_copy_goes_with_the_session_that_releases_it() {
    let rig = Rig::new();
    let room = rig.room();
    let (requester, device) = copy_of_d(&room);
    assert!(fs::metadata(&device).unwrap().is_dir());
    drop(requester);
    assert!(fs::metadata(&device).is_err());
    assert!(rig.copies().is_empty());
}

#[test]
fn a_persistent_copy_outlives_its_session_and_goes_with_the_room() {
    let rig = Rig::new();
    fs::write(rig.d().join("f"), "then").unwrap();
    let room = rig.room();
    let (requester, snapshots) = begin(&room, PERSISTENT, &[r"D:\"]);
    assert_eq!(create(&requester).finish(), Ok(()));
    drop(requester);
    let (later, _) = begin(&room, AUTO_RELEASE, &[r"E:\"]);
    assert_eq!(read(&device(&later, snapshots[0]), "f").unwrap(), "then");
    drop((later, room));
    assert!(entries(&rig.scratch()).is_empty());
}

#[test]
fn each_volume_of_a_set_has_its_own_files() {
    let rig = Rig::new();
    fs::write(rig.d().join("f"), "of D:").unwrap();
    fs::write(rig.e().join("f"), "of E:").unwrap();
    let room = rig.room();
    let (requester, snapshots) = begin(&room, AUTO_RELEASE, &[r"E:\", r"D:\", r"F:\"]);
    assert_eq!(create(&requester).finish(), Ok(()));
    assert_eq!(read(&device(&requester, snapshots[0]), "f").unwrap(), "of E:");
    assert_eq!(read(&device(&requester, snapshots[1]), "f").unwrap(), "of D:");
    assert!(device(&requester, snapshots[2]).starts_with(r"\\?\GLOBALROOT\Device\"), "F: has no directory");
    let names: Vec<_> = rig.copies().iter().map(|copy| copy.file_name().unwrap().to_owned()).collect();
    assert_eq!(names.len(), 2);
    assert!(names.iter().all(|name| Guid::parse_str(name.to_str().unwrap()).is_ok()), "{names:?}");
}

#[test]
fn the_device_object_has_the_volumes_bytes_too() {
    let rig = Rig::new();
    let room = rig.room();
    let write = |bytes: &[u8]| Action::WriteVolume { volume: r"D:\".into(), offset: 0, bytes: bytes.into() };
    room.act(&write(b"then")).unwrap();
    let (_requester, device) = copy_of_d(&room);
    room.act(&write(b"now!")).unwrap();
    let volume: Text = device.as_str().into();
    let read = room.ask(&Question::ReadVolume { volume: volume.clone(), offset: 0, length: 4 });
    assert_eq!(read, Ok(Answer::Bytes(b"then".to_vec())));
    assert_eq!(seen(&room)[0].device_object, Some(volume));
}

#[test]
fn a_copy_that_is_not_surfaced_is_shown_nowhere() {
    let rig = Rig::new();
    let room = rig.room();
    let context = PERSISTENT.with(VolumeSnapshotAttributes::TRANSPORTABLE);
    let (requester, snapshots) = begin(&room, context, &[r"D:\"]);
    assert_eq!(create(&requester).finish(), Ok(()));
    let properties = requester.get_snapshot_properties(snapshots[0]).unwrap();
    assert_eq!(properties.snapshot_device_object, None);
    assert_eq!(seen(&room)[0].device_object, None);
}

#[test]
fn what_ends_a_creation_leaves_no_copy() {
    let rig = Rig::new();
    let room = rig.room();
    for cancels in [true, false] {
        let (requester, _) = begin(&room, AUTO_RELEASE, &[r"D:\", r"E:\"]);
        let operation = create(&requester);
        assert_eq!(rig.copies().len(), 2);
        if cancels {
            operation.cancel().unwrap();
        } else {
            requester.abort_backup().unwrap();
        }
        assert!(rig.copies().is_empty());
    }
}

#[test]
fn a_failed_creation_leaves_no_copy() {
    let rig = Rig::new();
    let veto = || Cause::ProviderAnswers(HResult::VSS_E_PROVIDER_VETO);
    let fault = |nth| Fault::new("CommitSnapshots", veto()).nth(nth);
    let room = rig.room_of(&rig.lab().with_fault(fault(1)).with_fault(fault(2)));

    let (waits, _) = begin(&room, AUTO_RELEASE, &[r"D:\", r"E:\"]);
    let operation = create(&waits);
    operation.wait(INFINITE).unwrap();
    assert_eq!(operation.query_status(), Ok(HResult::VSS_E_PROVIDER_VETO));
    assert!(rig.copies().is_empty(), "Wait ended it");
    drop(operation);

    let (polls, _) = begin(&room, AUTO_RELEASE, &[r"D:\"]);
    let operation = create(&polls);
    assert_eq!(rig.copies().len(), 1);
    room.act(&Action::Elapse { ms: 60_000 }).unwrap();
    assert_eq!(operation.query_status(), Ok(HResult::VSS_E_PROVIDER_VETO));
    assert!(rig.copies().is_empty(), "time ended it");
}

#[test]
fn read_only_files_and_times_are_kept_and_go_with_the_copy() {
    let rig = Rig::new();
    let file = rig.d().join("f");
    fs::write(&file, "then").unwrap();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    fs::File::options().write(true).open(&file).unwrap().set_modified(long_ago).unwrap();
    let writable = fs::metadata(&file).unwrap().permissions();
    let mut read_only = writable.clone();
    read_only.set_readonly(true);
    fs::set_permissions(&file, read_only).unwrap();

    let room = rig.room();
    let (requester, device) = copy_of_d(&room);
    let copy = fs::metadata(Path::new(&device).join("f")).unwrap();
    assert_eq!((copy.permissions().readonly(), copy.modified().unwrap()), (true, long_ago));
    drop(requester);
    assert!(rig.copies().is_empty());
    fs::set_permissions(&file, writable).unwrap();
}

#[test]
fn a_refused_do_snapshot_set_copies_nothing() {
    let rig = Rig::new();
    let room = rig.room();
    let requester = room.create_vss_backup_components().unwrap();
    requester.initialize_for_backup(None).unwrap();
    assert_eq!(requester.do_snapshot_set().err(), Some(HResult::VSS_E_BAD_STATE));
    assert!(rig.copies().is_empty());
}

#[test]
fn a_resync_leaves_the_directory_alone() {
    let rig = Rig::new();
    let room = rig.room();
    fs::write(rig.d().join("f"), "then").unwrap();
    let (requester, snapshots) = begin(&room, PERSISTENT, &[r"D:\"]);
    assert_eq!(create(&requester).finish(), Ok(()));
    let document = requester.save_as_xml().unwrap();
    fs::write(rig.d().join("f"), "now").unwrap();

    let restore = room.create_vss_backup_components().unwrap();
    restore.initialize_for_restore(&document).unwrap();
    restore.add_snapshot_to_recovery_set(snapshots[0], None).unwrap();
    assert_eq!(restore.recover_set(RecoveryOptions::empty()).unwrap().finish(), Ok(()));
    assert_eq!(fs::read_to_string(rig.d().join("f")).unwrap(), "now");
}
