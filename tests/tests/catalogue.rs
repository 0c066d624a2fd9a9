//! What is done to copies that exist, as far as no documented outcome tells of it: other hosts, objects behind interfaces,
//! methods that are reserved.

use vss_sim::api::face::{NotDeleted, Vss};
use vss_sim::api::*;
use vss_sim::lab::{BootMode, CallerRole, Cause, Fault, Host, Lab, Os, ProviderKind};
use vss_sim::service::Simulator;

const DATA: u64 = 1 << 20;

fn two_hosts() -> Simulator {
    let lab = Lab::default_lab().with(|lab| lab.hosts.push(Host::new("OTHER", Os::WindowsServer2022)));
    Simulator::new(&lab).expect("a lab")
}

fn ok(sim: &mut Simulator, on: Object, call: &Call) -> Option<Out> {
    let reply = sim.call(on, call);
    assert_eq!(reply.hresult, HResult::S_OK, "{call:?}: {:?}", sim.last_refusal());
    reply.out
}

fn session(sim: &mut Simulator, host: Object, context: SnapshotContext) -> Object {
    let create = Call::CREATE_VSS_BACKUP_COMPONENTS;
    let Some(Out::CreateVssBackupComponents { pp_backup }) = ok(sim, host, &create) else {
        panic!("no object")
    };
    ok(sim, pp_backup, &Call::InitializeForBackup { bstr_xml: None });
    ok(sim, pp_backup, &Call::SetContext { l_context: context });
    pp_backup
}

/// A copy of D: without writers.
fn copy(sim: &mut Simulator, host: Object, context: SnapshotContext) -> (Object, SnapshotId) {
    let session = session(sim, host, context);
    ok(sim, session, &Call::START_SNAPSHOT_SET);
    let add = Call::add_to_snapshot_set(r"D:\", ProviderId::NULL);
    let Some(Out::AddToSnapshotSet { pid_snapshot }) = ok(sim, session, &add) else { panic!("no copy") };
    let create = Call::DO_SNAPSHOT_SET;
    let Some(Out::DoSnapshotSet { pp_async }) = ok(sim, session, &create) else { panic!("no operation") };
    ok(sim, pp_async, &Call::Wait { dw_milliseconds: INFINITE });
    (session, pid_snapshot)
}

fn query(sim: &mut Simulator, on: Object, e_returned_objects_type: ObjectType) -> Object {
    let call = Call::Query {
        queried_object_id: Guid::nil(),
        e_queried_object_type: ObjectType::NONE,
        e_returned_objects_type,
        pp_enum: Ptr::Valid,
    };
    match ok(sim, on, &call) {
        Some(Out::Query { pp_enum }) => pp_enum,
        other => panic!("{other:?}"),
    }
}

fn next(sim: &mut Simulator, list: Object) -> Vec<ObjectProp> {
    let call = Call::Next { celt: 64, rgelt: Ptr::Valid, pcelt_fetched: Ptr::Valid };
    match sim.call(list, &call).out {
        Some(Out::Next { rgelt, .. }) => rgelt,
        other => panic!("{other:?}"),
    }
}

fn expose(snapshot_id: SnapshotId, l_attributes: VolumeSnapshotAttributes, name: &str) -> Call {
    Call::expose_snapshot(snapshot_id, None, l_attributes, Some(name))
}

fn holds(sim: &Simulator, volume: &str, text: &str) -> bool {
    let question = Question::ReadVolume { volume: volume.into(), offset: DATA, length: text.len() as u64 };
    sim.ask(&question).is_ok_and(|answer| answer == Answer::Bytes(text.into()))
}

#[test]
fn a_host_lists_deletes_and_exposes_its_own_copies_only() {
    let mut sim = two_hosts();
    let (_, snapshot) = copy(&mut sim, Object::HOST, SnapshotContext::NAS_ROLLBACK);
    let there = session(&mut sim, Object::Host(2), SnapshotContext::ALL);
    let list = query(&mut sim, there, ObjectType::SNAPSHOT);
    assert_eq!(next(&mut sim, list), []);
    let delete = Call::delete_snapshots(snapshot.0, ObjectType::SNAPSHOT, true);
    assert_eq!(sim.call(there, &delete).hresult, HResult::VSS_E_OBJECT_NOT_FOUND);
    let expose = expose(snapshot, VolumeSnapshotAttributes::EXPOSED_REMOTELY, "then");
    assert_eq!(sim.call(there, &expose).hresult, HResult::VSS_E_OBJECT_NOT_FOUND);
    let asked = Call::IsVolumeSnapshotted {
        pwsz_volume_name: Some(r"D:\".into()),
        pb_snapshots_present: Ptr::Valid,
        pl_snapshot_capability: Ptr::Valid,
    };
    let told = |out| match out {
        Some(Out::IsVolumeSnapshotted { pb_snapshots_present, .. }) => pb_snapshots_present,
        other => panic!("{other:?}"),
    };
    assert!(told(ok(&mut sim, Object::HOST, &asked)));
    assert!(!told(ok(&mut sim, Object::Host(2), &asked)));
}

#[test]
fn a_letter_is_for_its_own_host_and_a_share_for_all() {
    let mut sim = two_hosts();
    let write = Action::WriteVolume { volume: r"D:\".into(), offset: DATA, bytes: b"then".to_vec() };
    sim.act(&write).expect("D: can be written");
    let (session, first) = copy(&mut sim, Object::HOST, SnapshotContext::NAS_ROLLBACK);
    let (_, second) = copy(&mut sim, Object::HOST, SnapshotContext::NAS_ROLLBACK);
    ok(&mut sim, session, &expose(first, VolumeSnapshotAttributes::EXPOSED_LOCALLY, "X:"));
    ok(&mut sim, session, &expose(second, VolumeSnapshotAttributes::EXPOSED_REMOTELY, "then"));
    assert!(holds(&sim, r"X:\", "then") && holds(&sim, r"\\SRV\then", "then"));
    sim.act(&Action::TurnTo { host: 2 }).expect("a second host");
    assert!(!holds(&sim, r"X:\", "then"), "a drive letter is its own host's");
    assert!(holds(&sim, r"\\srv\THEN\", "then"), "a share is seen from everywhere");
    assert!(!holds(&sim, r"\\OTHER\then", "then"), "but belongs to its host");
    for mode in [BootMode::SafeMode, BootMode::WinPe] {
        sim.act(&Action::RestartInto { host: 1, mode }).expect("a first host");
        let read = Question::ReadVolume { volume: r"\\SRV\then\".into(), offset: DATA, length: 1 };
        let why = sim.ask(&read).expect_err("the host serves no files").to_string();
        assert_eq!(why, r"the file server of `\\SRV\then` cannot be reached", "{mode:?}");
        sim.act(&Action::TurnTo { host: 1 }).expect("a first host");
        assert!(holds(&sim, r"X:\", "then"), "a drive letter needs no server");
        sim.act(&Action::TurnTo { host: 2 }).expect("a second host");
    }
    sim.act(&Action::RestartInto { host: 1, mode: BootMode::Normal }).expect("a first host");
    assert!(holds(&sim, r"\\SRV\then", "then"), "the share has only waited for its server");
}

#[test]
fn a_share_goes_with_its_copy() {
    let mut sim = two_hosts();
    let (session, snapshot) = copy(&mut sim, Object::HOST, SnapshotContext::FILE_SHARE_BACKUP);
    ok(&mut sim, session, &expose(snapshot, VolumeSnapshotAttributes::EXPOSED_REMOTELY, "then"));
    let read = Question::ReadVolume { volume: r"\\SRV\then".into(), offset: 0, length: 1 };
    assert!(sim.ask(&read).is_ok());
    sim.act(&Action::EndProcess { session }).expect("it lives");
    assert!(sim.ask(&read).is_err());
}

#[test]
fn an_enumerator_is_what_it_says_it_is() {
    let mut sim = two_hosts();
    let session = session(&mut sim, Object::HOST, SnapshotContext::ALL);
    let list = query(&mut sim, session, ObjectType::PROVIDER);
    let ask = |sim: &mut Simulator, name: &str| {
        sim.call(list, &Call::QueryInterface { riid: Some(name.into()) }).hresult
    };
    assert_eq!(ask(&mut sim, "IUnknown"), HResult::S_OK);
    assert_eq!(ask(&mut sim, "IVssEnumObject"), HResult::S_OK);
    assert_eq!(ask(&mut sim, "IVssAsync"), HResult::E_NOINTERFACE);
    assert_eq!(sim.call(list, &Call::Cancel {}).hresult, HResult::RPC_E_DISCONNECTED);
    ok(&mut sim, list, &Call::RELEASE);
    assert_eq!(sim.call(list, &Call::Reset {}).hresult, HResult::RPC_E_DISCONNECTED);
}

#[test]
fn providers_differ_in_every_id() {
    let mut sim = two_hosts();
    let session = session(&mut sim, Object::HOST, SnapshotContext::ALL);
    let list = query(&mut sim, session, ObjectType::PROVIDER);
    let listed = next(&mut sim, list);
    let mut ids = std::collections::BTreeSet::new();
    for object in &listed {
        let ObjectProp::Provider(provider) = object else { panic!("{object:?}") };
        for id in [provider.provider_id.0, provider.class_id, provider.provider_version_id] {
            assert!(ids.insert(id), "{id} is there twice");
            assert_eq!(id.as_u128() >> 96, 0x7673_736c, "{id} could be a real one");
        }
    }
    assert!(listed.len() >= 2);
}

#[test]
fn fast_recovery_is_reserved() {
    let mut sim = two_hosts();
    let session = session(&mut sim, Object::HOST, SnapshotContext::ALL);
    let calls = |pp_async| {
        let snapshot_set_id = SnapshotSetId::NULL;
        [
            Call::PreFastRecovery { snapshot_set_id, dw_pre_fast_recovery_flags: 0, pp_async },
            Call::FastRecovery { snapshot_set_id, dw_fast_recovery_flags: 0, pp_async },
        ]
    };
    let answers = |sim: &mut Simulator, pointer| {
        calls(pointer).map(|call| {
            let reply = sim.call(session, &call);
            assert_eq!(reply.out, None, "an object is handed out");
            reply.hresult
        })
    };
    assert_eq!(answers(&mut sim, Ptr::Valid), [HResult::E_NOTIMPL; 2]);
    assert_eq!(answers(&mut sim, Ptr::Null), [HResult::E_INVALIDARG; 2]);
    sim.act(&Action::BecomeCaller { role: CallerRole::User }).expect("another account");
    assert_eq!(answers(&mut sim, Ptr::Valid), [HResult::E_ACCESSDENIED; 2]);
}

/// They work on the caller's own memory: no right is needed, and nothing changes.
#[test]
fn properties_are_freed_by_anybody() {
    let mut sim = two_hosts();
    let (session, snapshot) = copy(&mut sim, Object::HOST, SnapshotContext::NAS_ROLLBACK);
    let get = Call::get_snapshot_properties(snapshot);
    let Some(Out::GetSnapshotProperties { p_prop }) = ok(&mut sim, session, &get) else {
        panic!("no properties")
    };
    sim.act(&Action::BecomeCaller { role: CallerRole::User }).expect("another account");
    ok(&mut sim, Object::HOST, &Call::VssFreeSnapshotProperties { p_prop: p_prop.clone() });
    ok(&mut sim, Object::HOST, &Call::VssFreeSnapshotPropertiesInternal { p_prop });
    sim.act(&Action::BecomeCaller { role: CallerRole::Administrator }).expect("another account");
    ok(&mut sim, session, &get);
}

/// The typed face has what the calls have.
#[test]
fn the_face_queries_exposes_and_deletes() {
    let veto = Cause::ProviderAnswers(HResult::VSS_E_PROVIDER_VETO);
    let lab = Lab::default_lab().with(|lab| lab.faults.push(Fault::new("OnLunEmpty", veto).nth(2)));
    let vss = Vss::new(Simulator::new(&lab).expect("a lab"));
    let backup = vss.create_vss_backup_components().unwrap();
    backup.initialize_for_backup(None).unwrap();
    backup.set_context(SnapshotContext::NAS_ROLLBACK).unwrap();
    let set = backup.start_snapshot_set().unwrap();
    for volume in [r"D:\", r"E:\"] {
        backup.add_to_snapshot_set(volume, None).unwrap();
    }
    backup.do_snapshot_set().unwrap().finish().unwrap();

    let list = backup.query(ObjectType::SNAPSHOT).unwrap();
    assert_eq!(list.skip(1), Ok(HResult::S_OK));
    let last = list.try_clone().unwrap().next_objects(5).unwrap();
    assert_eq!(list.next_objects(5).unwrap(), last);
    list.reset().unwrap();
    let listed = list.next_objects(5).unwrap();
    assert_eq!(listed[1..], last);
    drop(list);
    let [ObjectProp::Snapshot(first), ObjectProp::Snapshot(second)] = &*listed else { panic!("{listed:?}") };

    assert_eq!(backup.expose_locally(first.snapshot_id, "X:"), Ok("X:".into()));
    assert!(backup.expose_remotely(second.snapshot_id, Some("data"), None).is_ok());
    backup.unexpose_snapshot(first.snapshot_id).unwrap();
    assert_eq!(backup.unexpose_snapshot(first.snapshot_id), Err(HResult::VSS_E_OBJECT_NOT_FOUND));

    let failed = backup.delete_snapshot_set(set, false).unwrap_err();
    let wanted = NotDeleted { code: HResult::VSS_E_PROVIDER_VETO, deleted: 1, copy: second.snapshot_id };
    assert_eq!(failed, wanted);
    assert_eq!(backup.delete_snapshot(second.snapshot_id, false), Ok(1));
    assert_eq!(vss.ask(&Question::LiveObjects), Ok(Answer::Objects(1)));
}

/// Whoever reads the log is told that nobody has answered, and what that means for the LUN.
#[test]
fn a_provider_that_is_gone_is_not_said_to_have_answered() {
    let mut sim = two_hosts();
    let (session, copy) = copy(&mut sim, Object::HOST, SnapshotContext::NAS_ROLLBACK);
    let Ok(Answer::Providers(providers)) = sim.ask(&Question::Providers) else { panic!("no providers") };
    let hardware = providers.iter().find(|provider| provider.kind == ProviderKind::Hardware);
    let provider = hardware.expect("a hardware provider").id;
    sim.act(&Action::UnregisterProvider { provider }).expect("it can be unregistered");
    let gone = sim.call(session, &Call::delete_snapshots(copy.0, ObjectType::SNAPSHOT, true));
    assert_eq!(gone.hresult, HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR);
    let Some(Out::DeleteSnapshots { pl_deleted_snapshots, p_nondeleted_snapshot_id }) = gone.out else {
        panic!("{gone:?}")
    };
    assert_eq!((pl_deleted_snapshots, p_nondeleted_snapshot_id), (0, copy));
    let properties = Call::GetSnapshotProperties { snapshot_id: copy, p_prop: Ptr::Valid };
    assert_eq!(sim.call(session, &properties).hresult, HResult::S_OK, "the copy stays known");
    let Ok(Answer::Events(events)) = sim.ask(&Question::Events) else { panic!("no events") };
    let messages: Vec<&str> = events.iter().map(|event| &*event.message).collect();
    let told = |words: &str| messages.iter().any(|message| message.contains(words));
    assert!(told("cannot be given back") && told("no longer registered"), "{messages:?}");
    assert!(!told("answered"), "{messages:?}");
}
