//! What is on the copies' LUNs, how they arrive, leave and are copied back.

use vss_sim::api::*;
use vss_sim::lab::{Cause, Fault, Lab, Os};

use super::{PLAIN, answers, created, fails, transportable};
use crate::room::{Room, VOLUMES, lab};

/// The attributes of the first partition in the LUN's own bytes.
fn attributes_in_bytes(room: &Room, lun: &str) -> u64 {
    let question = Question::ReadLun { lun: lun.into(), offset: 2 * 512 + 48, length: 8 };
    match room.sim.ask(&question) {
        Ok(Answer::Bytes(bytes)) => u64::from_le_bytes(bytes.try_into().expect("eight bytes")),
        other => panic!("{other:?}"),
    }
}

/// The flags are on the originals while the copies are made, travel with these and are cleared again.
pub(crate) fn flags_travel() {
    const FLAGS: u64 = 0xF << 60;
    for context in [PLAIN, transportable()] {
        let mut room = Room::with([]);
        let before = attributes_in_bytes(&room, "lun-0");
        created(&mut room, context, &VOLUMES[..1]);
        assert_eq!(attributes_in_bytes(&room, "lun-0"), before);
        let copy = room.luns().last().expect("a copy").name.clone();
        assert_eq!(attributes_in_bytes(&room, &copy), before | FLAGS);
    }
    let mut room = Room::with([fails("CommitSnapshots")]);
    let luns = room.luns();
    room.set_of(PLAIN, &VOLUMES[..1]);
    assert_eq!(room.luns(), luns, "a failure clears them too");
}

/// A copy that arrives has a signature of its own; its original keeps its.
pub(crate) fn signatures_are_rewritten() {
    let mut room = Room::with([]);
    let before = room.luns();
    created(&mut room, PLAIN, &VOLUMES[..1]);
    let after = room.luns();
    assert_eq!(after[..before.len()], before[..]);
    let signature = after.last().expect("a copy").signature;
    assert!(signature.is_some() && before.iter().all(|lun| lun.signature != signature));
}

/// A set for transport is described and not surfaced; an import brings it up.
pub(crate) fn transport() {
    let mut room = Room::with([]);
    room.watch();
    let disks = room.disks();
    let set = created(&mut room, transportable(), &VOLUMES[..2]);
    assert_eq!(room.count("LocateLuns"), 0);
    assert_eq!(room.disks(), disks);
    let document = room.save(set.session);
    assert_eq!(document.matches("<LUN_MAPPING").count(), 2, "{document}");
    let there = |room: &mut Room, session| -> Vec<bool> {
        let surfaced = |copy: &SnapshotId| {
            let copy = room.properties(session, *copy).expect("a copy");
            let imported = copy.snapshot_attributes.contains(VolumeSnapshotAttributes::IMPORTED);
            assert_eq!(copy.snapshot_device_object.is_some(), imported);
            imported
        };
        set.copies.iter().map(surfaced).collect()
    };
    assert_eq!(there(&mut room, set.session), [false, false]);
    room.watch();
    let (importer, code) = room.import(&set);
    assert_eq!(code, HResult::S_OK);
    assert_eq!(there(&mut room, importer), [true, true]);
    // Each arrived disk, then each of the LUNs that GetTargetLuns told.
    assert_eq!(
        room.called(),
        ["LocateLuns", "FillInLunInfo", "FillInLunInfo", "FillInLunInfo", "FillInLunInfo"]
    );
    assert_eq!(room.import(&set).1, HResult::VSS_E_BAD_STATE, "a set is imported once");
}

/// Nothing arrives: another code than for a part, and the LUNs stay.
pub(crate) fn nothing_imported() {
    let mut room = Room::with([Fault::new("LocateLuns", Cause::LosesLun)]);
    let set = created(&mut room, transportable(), &VOLUMES[..1]);
    let luns = room.luns().len();
    assert_eq!(room.import(&set).1, HResult::VSS_E_NO_SNAPSHOTS_IMPORTED);
    assert_eq!(room.luns().len(), luns);
    // It failed, so it can be repeated.
    assert_eq!(room.import(&set).1, HResult::S_OK);
}

/// Clients do not import, and what no provider of the host made is not imported.
pub(crate) fn import_needs_a_server_and_the_provider() {
    let mut room = Room::with([]);
    let set = created(&mut room, transportable(), &VOLUMES[..1]);
    let provider = room.providers()[0].id;
    room.act(&Action::UnregisterProvider { provider });
    assert_eq!(room.import(&set).1, HResult::VSS_E_NO_SNAPSHOTS_IMPORTED);
    let document = room.save(set.session);
    let mut client = Room::new(&lab(1).with_host(|host| host.os = Os::Windows10));
    let importer = client.session();
    client.ok(importer, Call::InitializeForBackup { bstr_xml: Some(document) });
    assert!(client.call(importer, Call::IMPORT_SNAPSHOTS).hresult.is_failure());
}

/// A volume that shares the LUN arrives with it, but is no part of the set.
pub(crate) fn extra_volumes_arrive() {
    let mut room = Room::new(&Lab::default_lab());
    let before = room.disks().len();
    let set = created(&mut room, PLAIN, &[r"G:\"]);
    let disks = room.disks();
    assert_eq!(disks.len(), before + 1);
    assert_eq!(disks.last().expect("the copy's disk").volumes.len(), 2);
    let Ok(Answer::Snapshots(copies)) = room.sim.ask(&Question::Snapshots) else { panic!("no copies") };
    assert_eq!(copies.len(), set.copies.len());
}

/// The LUN of a deleted copy departs with its disk.
pub(crate) fn departure() {
    let mut room = Room::with([]);
    let (luns, disks) = (room.luns(), room.disks());
    let set = created(&mut room, SnapshotContext::FILE_SHARE_BACKUP, &VOLUMES[..2]);
    room.watch();
    room.release(set.session);
    assert_eq!(room.count("OnLunEmpty"), 2);
    assert_eq!((room.luns(), room.disks()), (luns, disks));
}

/// A LUN with a copy that lives is not given back; nor is one of a creation that failed.
pub(crate) fn given_back_when_empty_only() {
    let mut room = Room::new(&Lab::default_lab());
    let mut set = room.begin(SnapshotContext::FILE_SHARE_BACKUP);
    for volume in [r"G:\", r"H:\"] {
        assert_eq!(room.add(&mut set, volume), HResult::S_OK);
    }
    assert_eq!(room.create(&set), HResult::S_OK);
    room.watch();
    room.release(set.session);
    assert_eq!(room.count("OnLunEmpty"), 1, "two copies lie on one LUN");
    let mut room = Room::with([fails("PostFinalCommitSnapshots")]);
    room.watch();
    let (set, _) = room.set_of(SnapshotContext::FILE_SHARE_BACKUP, &VOLUMES[..1]);
    room.release(set.session);
    assert_eq!(room.count("OnLunEmpty"), 0);
}

/// The code of FillInLunInfo is heeded by Windows Server 2003 alone.
pub(crate) fn fill_in_is_not_heeded() {
    let fault = || answers("FillInLunInfo", HResult::E_FAIL);
    let mut room = Room::with([fault()]);
    created(&mut room, PLAIN, &VOLUMES[..1]);
    let lab = lab(1).with_host(|host| host.os = Os::WindowsServer2003).with_fault(fault());
    let (_, code) = Room::new(&lab).set_of(PLAIN, &VOLUMES[..1]);
    assert_eq!(code, HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR);
}

/// A resync is one call of the provider and a walk through its IVssAsync, and the object is given back.
pub(crate) fn resync_is_called() {
    let mut room = Room::with([]);
    let set = created(&mut room, PLAIN, &VOLUMES[..1]);
    room.watch();
    assert_eq!(room.recover(&set), HResult::S_OK);
    assert_eq!(room.count("ResyncLuns"), 1);
    assert_eq!(room.count("Release"), 1);
}
