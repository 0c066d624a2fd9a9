//! Which shadow copies a host shows, to its requesters (GetSnapshotProperties) and to somebody who looks from outside; under
//! what names; what their providers hear.

use vss_sim::api::face::{Async, BackupComponents, Vss};
use vss_sim::api::*;
use vss_sim::lab::{Cause, Fault, Host, Lab, Os, Share};
use vss_sim::service::Simulator;

fn seen(simulator: &Simulator) -> Vec<SnapshotSeen> {
    match simulator.ask(&Question::Snapshots) {
        Ok(Answer::Snapshots(seen)) => seen,
        other => panic!("{other:?}"),
    }
}

fn ok(simulator: &mut Simulator, on: Object, call: &Call) -> Option<Out> {
    let reply = simulator.call(on, call);
    assert_eq!(reply.hresult, HResult::S_OK, "{call:?}");
    reply.out
}

/// A set of D: without writers, begun on that host.
fn begun_set(simulator: &mut Simulator, host: Object) -> (Object, SnapshotId) {
    begun_set_of(simulator, host, r"D:\")
}

fn begun_set_of(simulator: &mut Simulator, host: Object, volume: &str) -> (Object, SnapshotId) {
    let create = Call::CREATE_VSS_BACKUP_COMPONENTS;
    let Some(Out::CreateVssBackupComponents { pp_backup }) = ok(simulator, host, &create) else {
        panic!("no object")
    };
    ok(simulator, pp_backup, &Call::InitializeForBackup { bstr_xml: None });
    ok(simulator, pp_backup, &Call::SetContext { l_context: SnapshotContext::FILE_SHARE_BACKUP });
    ok(simulator, pp_backup, &Call::START_SNAPSHOT_SET);
    let add = Call::add_to_snapshot_set(volume, ProviderId::NULL);
    match ok(simulator, pp_backup, &add) {
        Some(Out::AddToSnapshotSet { pid_snapshot }) => (pp_backup, pid_snapshot),
        other => panic!("{other:?}"),
    }
}

fn create(simulator: &mut Simulator, session: Object) -> Object {
    match ok(simulator, session, &Call::DO_SNAPSHOT_SET) {
        Some(Out::DoSnapshotSet { pp_async }) => pp_async,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_copy_is_seen_from_do_snapshot_set_to_its_end() {
    let mut simulator = Simulator::new(&Lab::default_lab()).unwrap();
    let (session, snapshot) = begun_set(&mut simulator, Object::HOST);
    assert_eq!(seen(&simulator), [], "nothing is made yet");

    let operation = create(&mut simulator, session);
    let [making] = &*seen(&simulator) else { panic!("it is being made") };
    assert_eq!((making.snapshot_id, making.complete, &making.device_object), (snapshot, false, &None));

    ok(&mut simulator, operation, &Call::Wait { dw_milliseconds: INFINITE });
    let get = Call::get_snapshot_properties(snapshot);
    let Some(Out::GetSnapshotProperties { p_prop }) = ok(&mut simulator, session, &get) else {
        panic!("no properties")
    };
    let made = SnapshotSeen {
        snapshot_id: snapshot,
        original_volume_name: p_prop.original_volume_name,
        device_object: p_prop.snapshot_device_object,
        complete: true,
        broken: false,
    };
    assert_eq!(made.original_volume_name, making.original_volume_name);
    assert!(made.device_object.is_some());
    assert_eq!(seen(&simulator), [made]);

    ok(&mut simulator, session, &Call::RELEASE);
    assert_eq!(seen(&simulator), [], "it went with its object");
}

#[test]
fn what_a_broken_copy_left_is_told_from_a_copy() {
    let vss = Vss::new(Simulator::new(&Lab::default_lab()).unwrap());
    let (backup, set, copies) = kept_set(&vss, &[r"D:\"]);
    let broken = copies[0];
    let all = || match vss.ask(&Question::AllSnapshots) {
        Ok(Answer::Snapshots(seen)) => seen.iter().map(|it| (it.snapshot_id, it.broken)).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(all(), [(broken, false)]);
    backup.break_snapshot_set(set).unwrap();
    assert_eq!(all(), [(broken, true)], "its device object still leads somewhere");
}

#[test]
fn a_cancelled_creation_leaves_nothing_to_see() {
    let mut simulator = Simulator::new(&Lab::default_lab()).unwrap();
    let (session, _) = begun_set(&mut simulator, Object::HOST);
    let operation = create(&mut simulator, session);
    ok(&mut simulator, operation, &Call::Cancel {});
    assert_eq!(seen(&simulator), []);
}

#[test]
fn a_host_shows_its_own_copies_only() {
    let lab = Lab::default_lab().with(|lab| lab.hosts.push(Host::new("OTHER", Os::WindowsServer2022)));
    let mut simulator = Simulator::new(&lab).unwrap();
    let (session, snapshot) = begun_set(&mut simulator, Object::Host(2));
    let operation = create(&mut simulator, session);
    assert_eq!(seen(&simulator), [], "another host makes it");
    ok(&mut simulator, operation, &Call::Wait { dw_milliseconds: INFINITE });
    assert_eq!(seen(&simulator), []);

    let vss = Vss::new(simulator);
    let here = vss.create_vss_backup_components().unwrap();
    here.initialize_for_backup(None).unwrap();
    assert_eq!(here.get_snapshot_properties(snapshot), Err(HResult::VSS_E_OBJECT_NOT_FOUND));
    let get = Call::get_snapshot_properties(snapshot);
    assert!(vss.call(session, &get).is_ok(), "its own host has it");
}

/// A device object is its host's own, whoever keeps the copy; a share is everybody's.
#[test]
fn device_objects_lead_somewhere_on_their_own_host_only() {
    let lab = Lab::default_lab().with(|lab| {
        lab.hosts.push(Host::new("OTHER", Os::WindowsServer2022));
        lab.shares.push(Share::new(format!(r"\\{}\data", lab.hosts[0].name), r"D:\"));
    });
    let share = format!(r"{}\", lab.shares[0].path);
    for (volume, elsewhere) in [(r"C:\", false), (r"D:\", false), (&*share, true)] {
        let mut simulator = Simulator::new(&lab).unwrap();
        let (session, _) = begun_set_of(&mut simulator, Object::HOST, volume);
        let operation = create(&mut simulator, session);
        ok(&mut simulator, operation, &Call::Wait { dw_milliseconds: INFINITE });
        let device = seen(&simulator)[0].device_object.clone().expect("it has one");
        let read = Question::ReadVolume { volume: device.clone(), offset: 0, length: 16 };
        let write = Action::WriteVolume { volume: device, offset: 0, bytes: vec![1] };
        for (host, readable) in [(1, true), (2, elsewhere)] {
            simulator.act(&Action::TurnTo { host }).unwrap();
            assert_eq!(simulator.ask(&read).is_ok(), readable, "{volume} on host {host}");
            assert!(simulator.act(&write).is_err(), "{volume} on host {host}");
        }
    }
}

/// A requester with a set of those volumes that outlives it.
fn kept_set(
    vss: &Vss<Simulator>,
    volumes: &[&str],
) -> (BackupComponents<Simulator>, SnapshotSetId, Vec<SnapshotId>) {
    let backup = vss.create_vss_backup_components().expect("an object");
    backup.initialize_for_backup(None).expect("a backup");
    backup.set_context(SnapshotContext::NAS_ROLLBACK).expect("a context");
    let set = backup.start_snapshot_set().expect("a set");
    let copies =
        volumes.iter().map(|volume| backup.add_to_snapshot_set(volume, None).expect("a copy")).collect();
    backup.do_snapshot_set().and_then(Async::finish).expect("a creation");
    (backup, set, copies)
}

#[test]
fn the_notice_of_a_break_is_sent_once_though_the_provider_is_late() {
    let late = Fault::new("OnLunStateChange", Cause::Late(60_000));
    let vss = Vss::new(Simulator::new(&Lab::default_lab().with_fault(late)).unwrap());
    let (backup, set, _) = kept_set(&vss, &[r"D:\"]);
    vss.act(&Action::WatchProviders).unwrap();
    backup.break_snapshot_set_ex(set, HardwareOptions::MAKE_READ_WRITE).unwrap().finish().unwrap();
    let Ok(Answer::ProviderCalls(calls)) = vss.ask(&Question::ProviderCalls) else { panic!("no calls") };
    let notices = calls.iter().filter(|seen| seen.call.method().name == "OnLunStateChange");
    assert_eq!(notices.count(), 1);
}

/// The name that VSS makes up for a share is no other copy's.
#[test]
fn a_share_that_is_named_by_vss_takes_no_name_in_use() {
    let vss = Vss::new(Simulator::new(&Lab::default_lab()).unwrap());
    let (backup, _, copies) = kept_set(&vss, &[r"D:\", r"E:\"]);
    let named = backup.expose_remotely(copies[1], None, None).unwrap();
    backup.unexpose_snapshot(copies[1]).unwrap();
    backup.expose_remotely(copies[0], None, Some(&named)).unwrap();
    let other = backup.expose_remotely(copies[1], None, None).unwrap();
    assert!(!other.eq_ignore_ascii_case(&named), "two copies are shared as {named}");
}
