//! Copies that a software provider does not delete when they are to go: VSS tells of them and knows them on, and what is not
//! persistent ends with its host at the latest, known or not.

use rstest::rstest;
use vss_sim::api::*;
use vss_sim::lab::{
    AutoRelease, Cause, FILE_SHARE_PROVIDER, Fault, Lab, Provider, ProviderKind, SYSTEM_PROVIDER, Share,
};

use crate::room::Room;

const FLEETING: SnapshotContext = SnapshotContext::FILE_SHARE_BACKUP;
const PERSISTENT: SnapshotContext = SnapshotContext::NAS_ROLLBACK;
const OTHER: &str = "Other Provider";
const VETO: HResult = HResult::VSS_E_PROVIDER_VETO;

/// The provider is kept from carrying out the call.
fn refuses(call: &str, of: &str) -> Fault {
    Fault::new(call, Cause::ProviderAnswers(VETO)).of(of)
}

/// A share of E:.
fn with_share(path: &str) -> impl FnOnce(&mut Lab) {
    move |lab| lab.shares.push(Share::new(path, r"E:\"))
}

impl Room {
    /// A set of one, created. Answers where the copy is seen.
    fn one(
        &mut self,
        context: SnapshotContext,
        of: &str,
        provider: Option<&str>,
    ) -> (Object, SnapshotId, Text) {
        let (session, copies) = self.set_on(1, context, &[of], provider);
        self.create(session);
        match self.ok(session, Call::get_snapshot_properties(copies[0])) {
            Some(Out::GetSnapshotProperties { p_prop }) => {
                (session, copies[0], p_prop.snapshot_device_object.expect("a device object"))
            }
            other => panic!("{other:?}"),
        }
    }

    fn is_shown(&self, device: &str) -> bool {
        self.0.ask(&Question::ReadVolume { volume: device.into(), offset: 0, length: 1 }).is_ok()
    }

    fn delete(&mut self, copy: SnapshotId) {
        let asker = self.asker(1);
        self.ok(asker, Call::delete_snapshots(copy.0, ObjectType::SNAPSHOT, false));
    }

    /// What VSS tells of copies that are left.
    fn told(&self) -> Vec<(HResult, bool)> {
        let Ok(Answer::Events(events)) = self.0.ask(&Question::Events) else { panic!("no events") };
        let by_vss = events.iter().filter(|event| &*event.source == "VSS");
        by_vss.map(|event| (event.code, event.message.contains("is left"))).collect()
    }
}

#[rstest]
#[case::system(r"D:\", SYSTEM_PROVIDER)]
#[case::software(r"D:\", OTHER)]
#[case::share(r"\\SRV\e\", FILE_SHARE_PROVIDER)]
fn a_copy_that_its_provider_does_not_delete_is_known_until_its_host_restarts(
    #[case] of: &str,
    #[case] provider: &str,
    #[values(false, true)] deleted_again: bool,
) {
    let mut room = Room::new(|lab| {
        with_share(r"\\SRV\e")(lab);
        lab.providers.push(Provider { kind: ProviderKind::Software, ..Provider::new(OTHER) });
        lab.faults.push(refuses("DeleteSnapshots", provider));
    });
    let (session, copy, device) = room.one(FLEETING, of, Some(provider));
    room.ok(session, Call::RELEASE);
    let asker = room.asker(1);
    assert!(room.is_there(asker, copy) && room.is_shown(&device));
    assert_eq!(room.told(), [(VETO, true)]);
    if deleted_again {
        room.delete(copy);
    } else {
        room.act(Action::Restart { host: 1 });
    }
    let asker = room.asker(1);
    assert!(!room.is_there(asker, copy) && !room.is_shown(&device));
}

/// A restart comes before its time has.
#[rstest]
fn a_copy_that_is_to_go_later_goes_with_a_restart(#[values(None, Some(SYSTEM_PROVIDER))] by: Option<&str>) {
    let mut room = Room::new(|lab| lab.readings.auto_release = AutoRelease::Later);
    let (session, copy, device) = room.one(FLEETING, r"D:\", by);
    room.ok(session, Call::RELEASE);
    let asker = room.asker(1);
    assert!(room.is_there(asker, copy) && room.is_shown(&device));
    room.act(Action::Restart { host: 1 });
    let asker = room.asker(1);
    assert!(!room.is_there(asker, copy) && !room.is_shown(&device));
    assert_eq!(room.copied_luns(), 0);
}

/// A provider that ends once it has deleted the copy leaves nothing, whatever the call came to.
#[test]
fn a_copy_that_its_provider_has_deleted_is_gone() {
    let crash = Fault::new("DeleteSnapshots", Cause::CrashAfter).of(SYSTEM_PROVIDER);
    let mut room = Room::new(|lab| lab.faults.push(crash));
    let (session, copy, device) = room.one(FLEETING, r"D:\", Some(SYSTEM_PROVIDER));
    room.ok(session, Call::RELEASE);
    let asker = room.asker(1);
    assert!(!room.is_there(asker, copy) && !room.is_shown(&device));
    assert_eq!(room.told(), [(HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR, false)]);
}

/// Whom it belongs to: the host that made it, and the file server. One node of several that offer a share is none.
#[rstest]
#[case::the_file_server(r"\\TWO\e", false, 2, false)]
#[case::the_host_that_made_it(r"\\TWO\e", false, 1, false)]
#[case::another_host(r"\\SRV\e", false, 2, true)]
#[case::one_of_several_nodes(r"\\TWO\e", true, 2, true)]
fn a_copy_of_a_share_ends_with_its_hosts(
    #[case] share: &str,
    #[case] scale_out: bool,
    #[case] host: u32,
    #[case] stays: bool,
) {
    let mut room = Room::new(|lab| {
        with_share(share)(lab);
        if scale_out {
            lab.hosts.iter_mut().for_each(|host| host.cluster = Some("nodes".to_owned()));
            lab.shares[0].scale_out = true;
        }
        lab.faults.push(refuses("DeleteSnapshots", FILE_SHARE_PROVIDER));
    });
    let (session, copy, device) = room.one(FLEETING, &format!(r"{share}\"), None);
    room.ok(session, Call::RELEASE);
    assert!(room.is_shown(&device));
    room.act(Action::Restart { host });
    let asker = room.asker(1);
    assert_eq!((room.is_there(asker, copy), room.is_shown(&device)), (stays, stays));
}

/// The set fails, and the provider that has completed its part does not abort it: VSS never knew of the copy.
#[rstest]
fn a_copy_that_nobody_knows_ends_with_its_host_unless_it_is_persistent(
    #[values(FLEETING, PERSISTENT)] context: SnapshotContext,
) {
    let mut room = Room::new(|lab| {
        let forgets = Fault::new("AbortSnapshots", Cause::OutOfMemory).of(SYSTEM_PROVIDER);
        lab.faults.extend([refuses("LocateLuns", "Array Provider"), forgets]);
    });
    let device = r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1";
    let (session, copies) = room.set_on(1, context, &[r"C:\", r"D:\"], None);
    let operation = room.begin(session, Call::DO_SNAPSHOT_SET);
    assert_eq!(room.settle(operation), VETO);
    for (host, is_shown) in [(2, true), (1, context == PERSISTENT)] {
        room.act(Action::Restart { host });
        let asker = room.asker(1);
        assert_eq!((room.is_there(asker, copies[0]), room.is_shown(device)), (false, is_shown));
    }
}

/// What is newer than the copy that a volume is reverted to goes with the revert, unless its provider keeps it.
#[test]
fn a_newer_copy_that_its_provider_does_not_delete_is_known_on() {
    let mut room = Room::new(|lab| lab.faults.push(refuses("DeleteSnapshots", SYSTEM_PROVIDER)));
    room.write(r"D:\", 1);
    let (session, older, _) = room.one(PERSISTENT, r"D:\", Some(SYSTEM_PROVIDER));
    room.act(Action::Elapse { ms: 1_000 });
    room.write(r"D:\", 2);
    let newer = [(); 2].map(|()| room.one(PERSISTENT, r"D:\", Some(SYSTEM_PROVIDER)));
    room.ok(session, Call::revert_to_snapshot(older));
    assert_eq!(room.told(), [(VETO, true)]);
    let known =
        newer.each_ref().map(|(_, copy, device)| (room.is_there(session, *copy), room.is_shown(device)));
    let kept = known.iter().position(|copy| *copy == (true, true)).expect("the one that was kept");
    assert_eq!(known[1 - kept], (false, false));
    let (_, copy, device) = &newer[kept];
    assert_eq!((room.read(r"D:\"), room.read(device)), (1, 2));
    room.delete(*copy);
    assert!(!room.is_there(session, *copy) && !room.is_shown(device));
}

/// All copies of a set or none: what is left of one that was given up is nobody's.
#[test]
fn a_copy_of_a_cancelled_set_that_its_provider_does_not_delete_is_not_known() {
    let late = Fault::new("PostFinalCommitSnapshots", Cause::Late(8_000)).of(SYSTEM_PROVIDER);
    let mut room = Room::new(|lab| lab.faults.extend([late, refuses("DeleteSnapshots", SYSTEM_PROVIDER)]));
    let (session, _) = room.set_on(1, PERSISTENT, &[r"D:\"], Some(SYSTEM_PROVIDER));
    let operation = room.begin(session, Call::DO_SNAPSHOT_SET);
    room.act(Action::Elapse { ms: 4_000 });
    room.ok(operation, Call::Cancel {});
    assert_eq!(room.told(), [(VETO, true)]);
    assert_eq!(room.0.ask(&Question::AllSnapshots), Ok(Answer::Snapshots(Vec::new())));
}
