//! Imports: at the same time, of documents that say what is not so, and on hosts that cannot use the copies.

use rstest::rstest;
use vss_sim::api::face::{Async, Vss};
use vss_sim::api::*;
use vss_sim::document::{BackupComponentsDocument, Extent, SnapshotSetDescription};
use vss_sim::lab::{Array, Cause, Fault, Lab, Lun, Os, Provider, Size, Volume};
use vss_sim::service::Simulator;

use crate::room::*;

#[test]
fn of_two_imports_at_the_same_time_the_later_one_gets_nothing() {
    let room = room(&lab());
    write(&room, r"D:\", 1);
    let (_, copy, document) = for_transport(&room);
    let importers = [2, 3].map(|host| importer(&room, host, &document));
    let operations = importers.each_ref().map(|importer| importer.import_snapshots().expect("an import"));
    let ends = operations.map(Async::finish);
    assert_eq!(ends, [Ok(()), Err(HResult::VSS_E_NO_SNAPSHOTS_IMPORTED)]);
    let [first, second] = importers;
    assert_eq!(shown(&room, 2, &device(&first, copy)), Some(1));
    assert_eq!(second.get_snapshot_properties(copy).err(), Some(HResult::VSS_E_OBJECT_NOT_FOUND));
}

/// While one host's provider is late, another imports the set and breaks it off: its LUN is nobody's shadow copy any more.
#[test]
fn a_late_import_takes_no_broken_lun() {
    let late = Fault::new("LocateLuns", Cause::Late(60_000));
    let room = room(&lab().with_fault(late));
    let (set, copy, document) = for_transport(&room);
    let slow = importer(&room, 3, &document);
    let operation = slow.import_snapshots().expect("an import");
    room.act(&Action::Elapse { ms: 2_000 }).expect("time");
    let quick = importer(&room, 2, &document);
    quick.import_snapshots().expect("an import").finish().expect("it is the first to end");
    let flags = HardwareOptions::MAKE_READ_WRITE | HardwareOptions::REVERT_IDENTITY_NONE;
    quick.break_snapshot_set_ex(set, flags).expect("a break").finish().expect("it is broken");
    assert_eq!(operation.finish(), Err(HResult::VSS_E_NO_SNAPSHOTS_IMPORTED));
    assert_eq!(slow.get_snapshot_properties(copy).err(), Some(HResult::VSS_E_OBJECT_NOT_FOUND));
}

/// A document that gives a copy the id of another one does not make that one disappear.
#[test]
fn an_import_replaces_no_other_copy() {
    let room = room(&lab());
    for other in [r"F:\", r"C:\"] {
        write(&room, other, 7);
        let owner = requester(&room, 1, SnapshotContext::NAS_ROLLBACK);
        let (_, copies) = made(&owner, &[other]);
        let (_, copy, document) = for_transport(&room);
        let named = |id: SnapshotId| id.0.to_string();
        let forged = document.replace(&named(copy), &named(copies[0]));
        assert_ne!(forged, &*document, "the document names its copy");
        let importer = importer(&room, 2, &forged);
        let end = importer.import_snapshots().expect("an import").finish();
        assert_eq!(end, Err(HResult::VSS_E_NO_SNAPSHOTS_IMPORTED), "{other}");
        assert_eq!(shown(&room, 1, &device(&owner, copies[0])), Some(7), "{other}");
    }
}

/// A document with another description of its set.
fn forged(document: &str, forge: impl FnOnce(&mut SnapshotSetDescription)) -> String {
    let mut forged = BackupComponentsDocument::from_xml(document).expect("a document");
    forge(forged.snapshot_set.as_mut().expect("it tells of a set"));
    let forged = forged.to_xml();
    assert_ne!(forged, document, "it is forged");
    forged
}

fn import(room: &Vss<Simulator>, host: u32, document: &str) -> Result<(), HResult> {
    importer(room, host, document).import_snapshots().and_then(Async::finish)
}

/// D: lies on a disk with a GPT, F: on one with an MBR; that of E: is dynamic, and M: spans two such disks.
fn with_dynamic_disks() -> Lab {
    lab().with(|lab| {
        let dynamic = |lun: Lun| Lun { array: Some("san".into()), dynamic: true, ..lun };
        lab.luns.iter_mut().filter(|lun| lun.name == "data-e").for_each(|lun| lun.dynamic = true);
        lab.luns.extend(["one", "two"].map(|name| dynamic(Lun::new(name, Size::mib(16)))));
        lab.volumes.push(Volume { luns: vec!["one".into(), "two".into()], ..Volume::new(r"M:\", "one") });
    })
}

/// A volume has one part on each of its LUNs, a partition or on a dynamic disk any place: what a document says of another
/// one brings nothing up, and nothing is read from there.
#[rstest]
fn a_part_of_a_volume_lies_on_its_lun(#[values(r"D:\", r"E:\", r"F:\", r"M:\")] volume: &str) {
    const SIZE: u64 = 1 << 30;
    let forgeries: [fn(&mut Vec<Extent>); 7] = [
        |extents| extents[0].offset = u64::MAX - 5,
        |extents| extents[0].length = u64::MAX,
        |extents| extents[0].offset = SIZE,
        |extents| extents[0].length = SIZE,
        Vec::clear,
        |extents| extents.extend_from_within(..),
        |extents| extents.insert(0, Extent { length: 512, ..Extent::default() }),
    ];
    let room = room(&with_dynamic_disks());
    write(&room, volume, 1);
    let maker = requester(&room, 1, transport());
    let (_, copies) = made(&maker, &[volume]);
    let document = maker.save_as_xml().expect("a document");
    for (nth, forge) in forgeries.into_iter().enumerate() {
        let forged = forged(&document, |set| forge(&mut set.snapshots[0].lun_mappings[0].extents));
        assert_eq!(import(&room, 2, &forged), Err(HResult::VSS_E_NO_SNAPSHOTS_IMPORTED), "forgery {nth}");
    }
    let importer = importer(&room, 2, &document);
    importer.import_snapshots().and_then(Async::finish).expect("it says what is so");
    assert_eq!(shown(&room, 2, &device(&importer, copies[0])), Some(1));
}

/// An original has none of the marks that copies carry: a document that gives it out for a copy does not make it one.
#[rstest]
fn an_original_is_not_imported(
    #[values((r"D:\", "data-d"), (r"E:\", "data-e"), (r"F:\", "data-f"))] (volume, lun): (&str, &str),
) {
    let room = room(&with_dynamic_disks());
    let maker = requester(&room, 1, transport());
    made(&maker, &[volume]);
    let forged = forged(&maker.save_as_xml().expect("a document"), |set| {
        let mapping = &mut set.snapshots[0].lun_mappings[0];
        mapping.destination = mapping.source.clone();
    });
    let signature = || room.ask(&Question::LunSignature { lun: lun.into() }).ok();
    let before = signature();
    assert_eq!(import(&room, 2, &forged), Err(HResult::VSS_E_NO_SNAPSHOTS_IMPORTED));
    assert_eq!(signature(), before, "live data got another identity");
}

/// VSS Application Compatibility: Windows Server 2003 and Windows Server 2008, R2 included, have no copies in common.
#[rstest]
#[case(Os::WindowsServer2003, Os::WindowsServer2003, true)]
#[case(Os::WindowsServer2003, Os::WindowsServer2008, false)]
#[case(Os::WindowsServer2003, Os::WindowsServer2008R2, false)]
#[case(Os::WindowsServer2008, Os::WindowsServer2003, false)]
#[case(Os::WindowsServer2008, Os::WindowsServer2008R2, true)]
#[case(Os::WindowsServer2008R2, Os::WindowsServer2003, false)]
#[case(Os::WindowsServer2008R2, Os::WindowsServer2008, true)]
#[case(Os::WindowsServer2008R2, Os::WindowsServer2022, true)]
fn copies_are_used_by_their_own_family(#[case] maker: Os, #[case] importer: Os, #[case] can: bool) {
    let room = room(&lab().with(|lab| (lab.hosts[0].os, lab.hosts[1].os) = (maker, importer)));
    let (_, _, document) = for_transport(&room);
    let expected = if can { Ok(()) } else { Err(HResult::VSS_E_NO_SNAPSHOTS_IMPORTED) };
    assert_eq!(import(&room, 2, &document), expected);
    // Nobody has lost it.
    assert_eq!(import(&room, 1, &document).is_ok(), !can);
}

/// A set of two copies of which one arrives, here or on another host: it can be broken, and that is about the one.
#[rstest]
fn what_has_arrived_of_a_set_can_be_broken(#[values(1, 2)] host: u32, #[values(false, true)] ex: bool) {
    let room = room(&lab().with(|lab| {
        lab.providers.push(Provider::new("Second"));
        lab.arrays.push(Array { name: "second".into(), provider: Some("Second".into()) });
        let of_e = lab.luns.iter_mut().filter(|lun| lun.name == "data-e");
        of_e.for_each(|lun| lun.array = Some("second".into()));
        lab.faults.push(Fault::new("LocateLuns", Cause::LosesLun).of("Second"));
    }));
    let maker = requester(&room, 1, transport());
    let (set, copies) = made(&maker, &[r"D:\", r"E:\"]);
    assert_eq!(maker.break_snapshot_set(set), Err(HResult::VSS_E_OBJECT_NOT_FOUND), "nothing has arrived");
    let importer = importer(&room, host, &maker.save_as_xml().expect("a document"));
    let operation = importer.import_snapshots().expect("an import");
    operation.wait(INFINITE).expect("it ends");
    assert_eq!(operation.query_status(), Ok(HResult::VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED));
    let arrived = device(&importer, copies[0]);
    room.act(&Action::WatchProviders).expect("it is watched");
    if ex {
        let flags = HardwareOptions::MAKE_READ_WRITE | HardwareOptions::MASK_LUNS;
        let broken = importer.break_snapshot_set_ex(set, flags).and_then(Async::finish);
        assert_eq!(broken, Ok(()));
    } else {
        assert_eq!(importer.break_snapshot_set(set), Ok(()));
        assert!(shown(&room, host, &arrived).is_some(), "its device object stays valid");
    }
    assert_eq!(importer.get_snapshot_properties(copies[0]).err(), Some(HResult::VSS_E_OBJECT_NOT_FOUND));
    let waits = maker.get_snapshot_properties(copies[1]).expect("it has not arrived, and is no part of this");
    let Ok(Answer::ProviderCalls(calls)) = room.ask(&Question::ProviderCalls) else { panic!("no calls") };
    let noticed = calls.iter().filter(|seen| seen.call.method().name == "OnLunStateChange");
    let noticed: Vec<ProviderId> = noticed.map(|seen| seen.provider).collect();
    assert_eq!(noticed.is_empty(), !ex);
    assert!(!noticed.contains(&waits.provider_id), "its provider has heard of a break");
    assert_eq!(maker.delete_snapshot_set(set, false), Ok(1));
}

/// Two copies on one LUN: it gets an identity of its own once, and what its partitions were known by before comes back.
#[test]
fn a_lun_with_two_copies_arrives_once() {
    let room = room(&lab());
    let maker = requester(&room, 1, transport());
    let (set, copies) = made(&maker, &[r"G:\", r"H:\"]);
    let properties = |copy: &SnapshotId| maker.get_snapshot_properties(*copy).expect("a copy");
    let names: Vec<Text> = copies.iter().map(|copy| properties(copy).original_volume_name).collect();
    room.act(&Action::MaskLun { lun: "data-gh".into() }).expect("a LUN");
    let importer = importer(&room, 2, &maker.save_as_xml().expect("a document"));
    importer.import_snapshots().and_then(Async::finish).expect("it arrives");
    let flags = HardwareOptions::MAKE_READ_WRITE | HardwareOptions::REVERT_IDENTITY_ALL;
    importer.break_snapshot_set_ex(set, flags).and_then(Async::finish).expect("no original is in the way");
    for name in names {
        assert!(shown(&room, 2, &name).is_some(), "{name} is not there");
    }
}

/// Whichever node of a cluster sees the original, its disk is reserved for all of them.
#[test]
fn no_node_imports_while_another_sees_the_original() {
    let room = room(&lab().with(|lab| {
        lab.hosts[1..].iter_mut().for_each(|node| node.cluster = Some("nodes".into()));
    }));
    let (_, _, document) = for_transport(&room);
    let lun = || "data-d".into();
    room.act(&Action::MaskLun { lun: lun() }).expect("a LUN");
    room.act(&Action::PresentLun { lun: lun(), host: 3 }).expect("a LUN");
    assert_eq!(import(&room, 2, &document), Err(HResult::VSS_E_NO_SNAPSHOTS_IMPORTED));
    room.act(&Action::MaskLun { lun: lun() }).expect("a LUN");
    assert_eq!(import(&room, 2, &document), Ok(()));
}
