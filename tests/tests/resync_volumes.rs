//! A copy becomes the volume that it was sent to: every volume of the default lab as source and as destination.

use rstest::rstest;
use vss_sim::api::face::{Async, BackupComponents, Vss};
use vss_sim::api::{
    Action, Answer, Call, DiskSeen, HResult, HardwareOptions, Object, Out, ProviderId, Ptr, Question,
    RecoveryOptions, Signature, SnapshotContext, SnapshotId, VolumeSnapshotAttributes,
};
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

/// A requester with a set of these volumes, not created as yet, and their shadow copies' ids.
fn snapshot_set<const N: usize>(
    vss: &Vss<Simulator>,
    context: SnapshotContext,
    volumes: [&str; N],
) -> (BackupComponents<Simulator>, [SnapshotId; N]) {
    let backup = vss.create_vss_backup_components().expect("a requester is made");
    backup.initialize_for_backup(None).expect("it can back up");
    backup.set_context(context).expect("the context is one for a backup");
    backup.start_snapshot_set().expect("no other set is open");
    let ids =
        volumes.map(|volume| backup.add_to_snapshot_set(volume, None).expect("the volume can be copied"));
    (backup, ids)
}

/// The requester that has created such a set, one that restores from its document, and the ids.
fn backed_up<const N: usize>(
    vss: &Vss<Simulator>,
    context: SnapshotContext,
    volumes: [&str; N],
) -> (BackupComponents<Simulator>, BackupComponents<Simulator>, [SnapshotId; N]) {
    let (backup, ids) = snapshot_set(vss, context, volumes);
    backup.do_snapshot_set().and_then(Async::finish).expect("the set is created");
    let restore = vss.create_vss_backup_components().expect("a requester is made");
    let document = backup.save_as_xml().expect("the document is saved");
    restore.initialize_for_restore(&document).expect("the document is read");
    (backup, restore, ids)
}

#[rstest]
fn the_destination_holds_what_the_source_held(
    #[values("D", "E", "F", "G", "H")] source: &str,
    #[values("D", "E", "F", "G", "H", "S")] destination: &str,
    #[values(SnapshotContext::NAS_ROLLBACK, SnapshotContext::NAS_ROLLBACK.with(VolumeSnapshotAttributes::TRANSPORTABLE))]
    context: SnapshotContext,
) {
    let vss = Vss::new(Simulator::new(&Lab::default_lab()).unwrap());
    mark(&vss);
    let (_backup, restore, [snapshot]) = backed_up(&vss, context, [&format!(r"{source}:\")]);
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
    let (_backup, restore, [of_g, of_h]) = backed_up(&vss, SnapshotContext::NAS_ROLLBACK, [r"G:\", r"H:\"]);
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
    let (_backup, restore, [snapshot]) = backed_up(&vss, SnapshotContext::NAS_ROLLBACK, [r"D:\"]);
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
    let (backup, _) = snapshot_set(&vss, SnapshotContext::NAS_ROLLBACK, [r"D:\"]);
    vss.act(&Action::MaskLun { lun: "data-d".into() }).unwrap();
    let before = vss.ask(&Question::Luns).unwrap();
    assert_eq!(backup.do_snapshot_set().unwrap().finish(), Err(HResult::VSS_E_OBJECT_NOT_FOUND));
    assert_eq!(vss.ask(&Question::Luns).unwrap(), before);
}

fn disk(vss: &Vss<Simulator>, lun: &str) -> DiskSeen {
    let Ok(Answer::Disks(disks)) = vss.ask(&Question::Disks) else { panic!("the disks are not told") };
    disks.into_iter().find(|disk| &*disk.lun == lun).expect("the disk is there")
}

/// All LUNs of a resync are away together: each can get the signature of another, whichever was added first.
#[rstest]
fn luns_exchange_their_signatures(#[values(false, true)] reverse: bool) {
    let vss = Vss::new(Simulator::new(&Lab::default_lab()).unwrap());
    mark(&vss);
    let before = [disk(&vss, "data-d").signature, disk(&vss, "spare").signature];
    let (_backup, restore, [of_d, of_s]) = backed_up(&vss, SnapshotContext::NAS_ROLLBACK, [r"D:\", r"S:\"]);
    let mut pairs = [(of_d, r"S:\"), (of_s, r"D:\")];
    if reverse {
        pairs.reverse();
    }
    for (snapshot, destination) in pairs {
        restore.add_snapshot_to_recovery_set(snapshot, Some(destination)).unwrap();
    }
    restore.recover_set(RecoveryOptions::REVERT_IDENTITY_ALL).unwrap().finish().unwrap();
    let after = [disk(&vss, "spare"), disk(&vss, "data-d")];
    assert!(after.iter().all(|disk| disk.online), "{after:?}");
    assert_eq!(after.map(|disk| disk.signature), before);
    // The volumes go by the ids on their disks.
    assert_eq!(read(&vss, r"D:\"), b"DDDDDDDD");
    assert_eq!(read(&vss, r"S:\"), b"SSSSSSSS");
}

/// Of a signature that only a disk beside the targets has, and one that a target has and keeps for that reason: whichever
/// was added first, both disks keep what they had.
#[rstest]
fn what_cannot_be_reverted_does_not_depend_on_the_order(#[values(false, true)] reverse: bool) {
    let vss = Vss::new(Simulator::new(&Lab::default_lab()).unwrap());
    let before = ["data-d", "spare"].map(|lun| disk(&vss, lun));
    let (_backup, restore, [of_d, of_e]) = backed_up(&vss, SnapshotContext::NAS_ROLLBACK, [r"D:\", r"E:\"]);
    let mut pairs = [(of_d, r"S:\"), (of_e, r"D:\")];
    if reverse {
        pairs.reverse();
    }
    for (snapshot, destination) in pairs {
        restore.add_snapshot_to_recovery_set(snapshot, Some(destination)).unwrap();
    }
    let resync = restore.recover_set(RecoveryOptions::REVERT_IDENTITY_ALL).unwrap();
    assert_eq!(resync.finish(), Err(HResult::VSS_E_CANNOT_REVERT_DISKID));
    assert_eq!(["data-d", "spare"].map(|lun| disk(&vss, lun)), before);
}

/// Another host that sees the LUN keeps its volume.
#[rstest]
fn another_host_keeps_the_volume(#[values(false, true)] exchange: bool) {
    let lab = "base = \"default\"\n[[host]]\nname = \"B\"\nos = \"windows-server-2022\"\n";
    let vss = Vss::new(Simulator::new(&Lab::from_toml(lab, "two.toml").unwrap()).unwrap());
    let context = SnapshotContext::NAS_ROLLBACK.with(VolumeSnapshotAttributes::TRANSPORTABLE);
    let (_backup, restore, [of_d, of_s]) = backed_up(&vss, context, [r"D:\", r"S:\"]);
    restore.add_snapshot_to_recovery_set(of_d, Some(r"S:\")).unwrap();
    let flags = if exchange {
        restore.add_snapshot_to_recovery_set(of_s, Some(r"D:\")).unwrap();
        RecoveryOptions::REVERT_IDENTITY_ALL
    } else {
        RecoveryOptions::empty()
    };
    restore.recover_set(flags).unwrap().finish().unwrap();

    let ok = |on, call: &Call| vss.call(on, call).unwrap().out;
    let create = Call::CREATE_VSS_BACKUP_COMPONENTS;
    let Some(Out::CreateVssBackupComponents { pp_backup }) = ok(Object::Host(2), &create) else {
        panic!("no object on B")
    };
    ok(pp_backup, &Call::InitializeForBackup { bstr_xml: None });
    ok(pp_backup, &Call::SetContext { l_context: SnapshotContext::NAS_ROLLBACK });
    ok(pp_backup, &Call::START_SNAPSHOT_SET);
    for volume in [r"D:\", r"S:\"] {
        let pwsz_volume_name = Some(volume.into());
        let provider_id = ProviderId::NULL;
        ok(pp_backup, &Call::AddToSnapshotSet { pwsz_volume_name, provider_id, pid_snapshot: Ptr::Valid });
    }
}

/// Two copies of one disk cannot both go by its signature.
#[test]
fn the_second_of_two_disks_does_not_get_the_same_signature() {
    let vss = Vss::new(Simulator::new(&Lab::default_lab()).unwrap());
    let (_first, _, [one]) = backed_up(&vss, SnapshotContext::NAS_ROLLBACK, [r"D:\"]);
    let (_second, restore, [other]) = backed_up(&vss, SnapshotContext::NAS_ROLLBACK, [r"D:\"]);
    // The document has the second copy only.
    assert!(restore.add_snapshot_to_recovery_set(one, Some(r"E:\")).is_err());
    restore.add_snapshot_to_recovery_set(other, Some(r"S:\")).unwrap();
    let resync = restore.recover_set(RecoveryOptions::REVERT_IDENTITY_ALL).unwrap();
    assert_eq!(resync.finish(), Err(HResult::VSS_E_CANNOT_REVERT_DISKID), "D: is online with it");
    assert_ne!(disk(&vss, "spare").signature, disk(&vss, "data-d").signature);
    assert!(disk(&vss, "spare").online);
}

/// A lab may give a disk a signature that was seen in a run: a copy then gets another one.
#[test]
fn a_copy_gets_a_signature_that_no_disk_has() {
    let arrived = |lab: &Lab| {
        let vss = Vss::new(Simulator::new(lab).unwrap());
        let backup = backed_up(&vss, SnapshotContext::NAS_ROLLBACK, [r"F:\"]);
        let Ok(Answer::Disks(disks)) = vss.ask(&Question::Disks) else { panic!("the disks are not told") };
        drop(backup);
        disks.into_iter().find(|disk| disk.lun.starts_with("data-f/")).expect("the copy is there")
    };
    let usual = arrived(&Lab::default_lab());
    let Some(Signature::Mbr(drawn)) = usual.signature else { panic!("{usual:?}") };
    let text = format!(
        "base = \"default\"\n[[lun]]\nname = \"extra\"\narray = \"san\"\nsize = \"1 GiB\"\nstyle = \"mbr\"\nsignature = \"{drawn:#010X}\"\n"
    );
    let other = arrived(&Lab::from_toml(&text, "extra.toml").unwrap());
    assert!(other.online, "{other:?}");
    assert_ne!(other.signature, usual.signature);
}

/// E:'s copy is to go to D:, and D:'s to the spare LUN. Then D: is lost, and its broken copy takes its place.
#[test]
fn a_copy_that_has_become_a_destination_is_not_overwritten() {
    let vss = Vss::new(Simulator::new(&Lab::default_lab()).expect("a lab"));
    mark(&vss);
    let (backup, ids) = snapshot_set(&vss, SnapshotContext::NAS_ROLLBACK, [r"D:\", r"E:\"]);
    backup.do_snapshot_set().and_then(Async::finish).expect("the set is created");
    let set = backup.get_snapshot_properties(ids[0]).expect("a copy").snapshot_set_id;
    let restore = vss.create_vss_backup_components().expect("a requester is made");
    restore.initialize_for_restore(&backup.save_as_xml().expect("a document")).expect("the document is read");
    restore.add_snapshot_to_recovery_set(ids[1], Some(r"D:\")).expect("D: is another LUN");
    restore.add_snapshot_to_recovery_set(ids[0], Some(r"S:\")).expect("S: is another LUN");
    for lun in ["data-d", "data-e"] {
        vss.act(&Action::MaskLun { lun: lun.into() }).expect("a LUN");
    }
    let revert = HardwareOptions::REVERT_IDENTITY_ALL | HardwareOptions::MAKE_READ_WRITE;
    backup.break_snapshot_set_ex(set, revert).and_then(Async::finish).expect("the set is broken");
    assert_eq!(read(&vss, r"D:\"), [b'D'; 8], "the copy has taken the place of D:");
    let end = restore.recover_set(RecoveryOptions::empty()).and_then(Async::finish);
    assert_eq!(end, Err(HResult::E_INVALIDARG));
    assert_eq!((read(&vss, r"D:\"), read(&vss, r"S:\")), (vec![b'D'; 8], vec![b'S'; 8]));
}

/// A resync has given the original another identity: by its LUN it is the original still, and no copy gets what it was known
/// by while the host sees it.
#[test]
fn an_original_under_another_identity_is_in_the_way_of_a_break() {
    let vss = Vss::new(Simulator::new(&Lab::default_lab()).unwrap());
    let (copier, _, [of_d]) = backed_up(&vss, SnapshotContext::NAS_ROLLBACK, [r"D:\"]);
    let set = copier.get_snapshot_properties(of_d).unwrap().snapshot_set_id;
    let (_backup, restore, [of_s]) = backed_up(&vss, SnapshotContext::NAS_ROLLBACK, [r"S:\"]);
    vss.act(&Action::MaskLun { lun: "spare".into() }).unwrap();
    restore.add_snapshot_to_recovery_set(of_s, Some(r"D:\")).unwrap();
    restore.recover_set(RecoveryOptions::REVERT_IDENTITY_ALL).unwrap().finish().unwrap();
    let flags = HardwareOptions::REVERT_IDENTITY_ALL;
    let broken = copier.break_snapshot_set_ex(set, flags).unwrap().finish();
    assert_eq!(broken, Err(HResult::VSS_E_BREAK_REVERT_ID_FAILED));
}

/// However long a lab lives, waiting comes to an end.
#[test]
fn waiting_ends_at_the_end_of_time() {
    let vss = Vss::new(Simulator::new(&Lab::default_lab()).unwrap());
    let (_backup, restore, [snapshot]) = backed_up(&vss, SnapshotContext::NAS_ROLLBACK, [r"D:\"]);
    restore.add_snapshot_to_recovery_set(snapshot, None).unwrap();
    vss.act(&Action::Elapse { ms: u64::MAX }).unwrap();
    vss.act(&Action::HoldDisk { volume: r"D:\".into(), for_ms: None }).unwrap();
    assert_eq!(
        restore.recover_set(RecoveryOptions::empty()).unwrap().finish(),
        Err(HResult::VSS_E_VOLUME_IN_USE)
    );
}
