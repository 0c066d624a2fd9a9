//! A copy becomes the volume that it was sent to: every volume of the default lab as source and as destination.

use rstest::rstest;
use vss_sim::api::face::Vss;
use vss_sim::api::{Action, Answer, HResult, Question, RecoveryOptions, SnapshotContext};
use vss_sim::lab::Lab;
use vss_sim::service::Simulator;

const DATA: u64 = 1 << 20;

/// Gives every volume bytes of its own.
fn mark(vss: &Vss<Simulator>) {
    for letter in ['C', 'D', 'E', 'F', 'G', 'H', 'S'] {
        let volume = format!(r"{letter}:\").into();
        vss.act(&Action::WriteVolume { volume, offset: DATA, bytes: vec![letter as u8; 8] })
            .expect("the volume can be written");
    }
}

fn read(vss: &Vss<Simulator>, volume: &str) -> Vec<u8> {
    match vss.ask(&Question::ReadVolume { volume: volume.into(), offset: DATA, length: 8 }) {
        Ok(Answer::Bytes(bytes)) => bytes,
        other => panic!("{volume} cannot be read: {other:?}"),
    }
}

#[rstest]
fn the_destination_holds_what_the_source_held(
    #[values("D", "E", "F", "G", "H")] source: &str,
    #[values("D", "E", "F", "G", "H", "S")] destination: &str,
    #[values(SnapshotContext::NAS_ROLLBACK, SnapshotContext::NAS_ROLLBACK.with(vss_sim::api::VolumeSnapshotAttributes::TRANSPORTABLE))]
    context: SnapshotContext,
) {
    let vss = Vss::new(Simulator::new(&Lab::default_lab()).unwrap());
    mark(&vss);
    let backup = vss.create_vss_backup_components().unwrap();
    backup.initialize_for_backup(None).unwrap();
    backup.set_context(context).unwrap();
    backup.start_snapshot_set().unwrap();
    let snapshot = backup.add_to_snapshot_set(&format!(r"{source}:\"), None).unwrap();
    backup.do_snapshot_set().unwrap().finish().unwrap();
    let document = backup.save_as_xml().unwrap();

    let restore = vss.create_vss_backup_components().unwrap();
    restore.initialize_for_restore(&document).unwrap();
    let target = format!(r"{destination}:\");
    let added = restore.add_snapshot_to_recovery_set(snapshot, Some(&target));
    // F: alone lies on an MBR disk: nothing goes from one style to the other.
    if (source == "F") != (destination == "F") {
        assert_eq!(added, Err(HResult::VSS_E_VOLUME_NOT_SUPPORTED));
        return;
    }
    assert_eq!(added, Ok(()));
    restore.recover_set(RecoveryOptions::NO_VOLUME_CHECK).unwrap().finish().unwrap();
    assert_eq!(
        read(&vss, &target),
        source.repeat(8).into_bytes(),
        "{target} has to hold what {source}: held"
    );
}

/// Both volumes of one LUN, crossed over onto both volumes of another disk layout, keep to their names.
#[test]
fn two_volumes_of_a_lun_can_change_places() {
    let vss = Vss::new(Simulator::new(&Lab::default_lab()).unwrap());
    mark(&vss);
    let backup = vss.create_vss_backup_components().unwrap();
    backup.initialize_for_backup(None).unwrap();
    backup.set_context(SnapshotContext::NAS_ROLLBACK).unwrap();
    backup.start_snapshot_set().unwrap();
    let of_g = backup.add_to_snapshot_set(r"G:\", None).unwrap();
    let of_h = backup.add_to_snapshot_set(r"H:\", None).unwrap();
    backup.do_snapshot_set().unwrap().finish().unwrap();
    let document = backup.save_as_xml().unwrap();

    let restore = vss.create_vss_backup_components().unwrap();
    restore.initialize_for_restore(&document).unwrap();
    restore.add_snapshot_to_recovery_set(of_g, Some(r"H:\")).unwrap();
    restore.add_snapshot_to_recovery_set(of_h, Some(r"G:\")).unwrap();
    restore.recover_set(RecoveryOptions::empty()).unwrap().finish().unwrap();
    assert_eq!(read(&vss, r"H:\"), b"GGGGGGGG");
    assert_eq!(read(&vss, r"G:\"), b"HHHHHHHH");
}

/// A disk that the array takes away during the copy stays away, and the requester is told.
#[test]
fn a_lun_that_is_masked_meanwhile_is_not_presented_again() {
    let vss = Vss::new(Simulator::new(&Lab::default_lab()).unwrap());
    mark(&vss);
    let backup = vss.create_vss_backup_components().unwrap();
    backup.initialize_for_backup(None).unwrap();
    backup.set_context(SnapshotContext::NAS_ROLLBACK).unwrap();
    backup.start_snapshot_set().unwrap();
    let snapshot = backup.add_to_snapshot_set(r"D:\", None).unwrap();
    backup.do_snapshot_set().unwrap().finish().unwrap();
    let restore = vss.create_vss_backup_components().unwrap();
    restore.initialize_for_restore(&backup.save_as_xml().unwrap()).unwrap();
    restore.add_snapshot_to_recovery_set(snapshot, None).unwrap();
    let resync = restore.recover_set(RecoveryOptions::empty()).unwrap();
    vss.act(&Action::Elapse { ms: 200 }).unwrap();
    vss.act(&Action::MaskLun { lun: "data-d".into() }).unwrap();
    assert_eq!(resync.finish(), Err(HResult::VSS_E_MISSING_DISK));
    assert!(vss.ask(&Question::ReadVolume { volume: r"D:\".into(), offset: 0, length: 1 }).is_err());
}

/// A volume that has lost its disk since it joined the set fails the set, and leaves nothing behind.
#[test]
fn a_set_whose_disk_is_gone_is_not_created() {
    let vss = Vss::new(Simulator::new(&Lab::default_lab()).unwrap());
    let before = vss.ask(&Question::Luns).unwrap();
    let backup = vss.create_vss_backup_components().unwrap();
    backup.initialize_for_backup(None).unwrap();
    backup.set_context(SnapshotContext::NAS_ROLLBACK).unwrap();
    backup.start_snapshot_set().unwrap();
    backup.add_to_snapshot_set(r"D:\", None).unwrap();
    vss.act(&Action::MaskLun { lun: "data-d".into() }).unwrap();
    assert_eq!(backup.do_snapshot_set().unwrap().finish(), Err(HResult::VSS_E_OBJECT_NOT_FOUND));
    assert_eq!(vss.ask(&Question::Luns).unwrap(), before);
}

/// However long a lab lives, waiting comes to an end.
#[test]
fn waiting_ends_at_the_end_of_time() {
    let vss = Vss::new(Simulator::new(&Lab::default_lab()).unwrap());
    let backup = vss.create_vss_backup_components().unwrap();
    backup.initialize_for_backup(None).unwrap();
    backup.set_context(SnapshotContext::NAS_ROLLBACK).unwrap();
    backup.start_snapshot_set().unwrap();
    let snapshot = backup.add_to_snapshot_set(r"D:\", None).unwrap();
    backup.do_snapshot_set().unwrap().finish().unwrap();
    let restore = vss.create_vss_backup_components().unwrap();
    restore.initialize_for_restore(&backup.save_as_xml().unwrap()).unwrap();
    restore.add_snapshot_to_recovery_set(snapshot, None).unwrap();
    vss.act(&Action::Elapse { ms: u64::MAX }).unwrap();
    vss.act(&Action::HoldDisk { volume: r"D:\".into(), for_ms: None }).unwrap();
    assert_eq!(
        restore.recover_set(RecoveryOptions::empty()).unwrap().finish(),
        Err(HResult::VSS_E_VOLUME_IN_USE)
    );
}
