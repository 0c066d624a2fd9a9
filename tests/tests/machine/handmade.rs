//! Short runs by hand, to places where chance seldom leads.

use vss_sim::api::*;
use vss_sim::lab::*;

use crate::answers;
use crate::ops::{Ending, Op};
use crate::rig::Rig;

/// Two LUNs that can be copied back, and one to copy onto.
pub(crate) fn lab() -> LabBuilder {
    let mut lab =
        Lab::builder("by hand").host("SRV", Os::WindowsServer2022).provider("First").array("san", "First");
    for (name, letter) in [("data-0", "D:\\"), ("data-1", "E:\\"), ("spare-2", "S:\\")] {
        lab =
            lab.lun(name, Size::mib(16)).volume_with(letter, name, |it| it.size = Some(crate::labs::VOLUME));
    }
    lab
}

pub(crate) fn backup(volume: u8) -> Op {
    Op::Backup { context: 6, volumes: vec![volume], stop: u8::MAX, host: 0 }
}

pub(crate) const RESTORE: Op =
    Op::Restore { document: 1, copies: Vec::new(), flags: 128, ending: Ending::Wait };

pub(crate) fn after_a_backup(lab: LabBuilder) -> Rig {
    let mut rig = Rig::new(&lab.build().expect("a lab"));
    rig.run(&backup(0));
    assert_eq!(rig.documents.len(), 1, "the backup is saved");
    rig
}

/// A restore object whose recovery set has the only copy, for its original.
fn recovery_set(rig: &mut Rig) -> Object {
    let create = Call::CREATE_VSS_BACKUP_COMPONENTS;
    rig.call(Object::HOST, create);
    let session = rig.sessions.last().expect("a session").object;
    let document = rig.documents.first().cloned();
    rig.call(session, Call::InitializeForRestore { bstr_xml: document });
    let snapshot_id = *rig.copies.keys().next().expect("a copy");
    let add = Call::add_snapshot_to_recovery_set(snapshot_id, None);
    assert_eq!(rig.call(session, add).hresult, HResult::S_OK);
    session
}

fn recover() -> Call {
    Call::recover_set(RecoveryOptions::empty())
}

fn resync_goes_wrong(cause: Cause) -> Rig {
    let mut rig = after_a_backup(lab().fault(Fault::new("ResyncLuns", cause)));
    rig.run(&RESTORE);
    rig
}

/// The LUN of a copy gets lost on its way to the host.
fn a_copy_does_not_arrive() -> Rig {
    let mut rig = Rig::new(&lab().fault(Fault::new("LocateLuns", Cause::LosesLun)).build().expect("a lab"));
    rig.run(&backup(0));
    assert!(rig.documents.is_empty() && rig.copies.is_empty(), "a set without its LUN");
    rig
}

fn the_destination_goes_away() -> Rig {
    let mut rig = after_a_backup(lab());
    let session = recovery_set(&mut rig);
    rig.act(Action::MaskLun { lun: "data-0".into() });
    rig.look();
    rig.call(session, recover());
    rig.run(&Op::Elapse(1));
    rig
}

fn a_disk_is_held() -> Rig {
    let mut rig = after_a_backup(lab());
    rig.run(&Op::Hold { volume: 0, for_ms: None });
    rig.run(&RESTORE);
    rig
}

fn two_resyncs_at_a_time() -> Rig {
    let mut rig = after_a_backup(lab());
    let (one, other) = (recovery_set(&mut rig), recovery_set(&mut rig));
    rig.call(one, recover());
    rig.call(other, recover());
    rig
}

fn a_set_in_the_context_of_all() -> Rig {
    let mut rig = Rig::new(&lab().build().expect("a lab"));
    rig.call(Object::HOST, Call::CREATE_VSS_BACKUP_COMPONENTS);
    let session = rig.sessions[0].object;
    rig.call(session, Call::InitializeForBackup { bstr_xml: None });
    rig.call(session, Call::SetContext { l_context: SnapshotContext::ALL });
    rig.call(session, Call::START_SNAPSHOT_SET);
    rig
}

/// A provider that answers late is asked to stop when its copy is due.
fn a_late_resync_is_cancelled() -> Rig {
    let mut rig = after_a_backup(lab().fault(Fault::new("ResyncLuns", Cause::Late(30_000)).of("First")));
    rig.run(&Op::Write { volume: 0, slot: 1, value: 7, host: 0 });
    rig.run(&Op::Restore { document: 1, copies: Vec::new(), flags: 128, ending: Ending::Cancel(6_000) });
    assert_eq!(rig.tally.failed_resyncs, 1, "the resync was cancelled in time");
    assert_eq!(rig.world["data-0"][0][1], 7, "nothing was overwritten");
    rig
}

/// Copies of two LUNs cannot both go to one.
fn two_copies_for_one_lun() -> Rig {
    let mut lab = lab().lun("data-3", Size::mib(16));
    for letter in ["G:\\", "H:\\"] {
        lab = lab.volume_with(letter, "data-3", |it| it.size = Some(crate::labs::VOLUME));
    }
    let mut rig = Rig::new(&lab.build().expect("a lab"));
    rig.run(&Op::Backup { context: 6, volumes: vec![0, 1], stop: u8::MAX, host: 0 });
    rig.run(&Op::Restore {
        document: 1,
        copies: vec![(0, Some(3)), (1, Some(4))],
        flags: 1,
        ending: Ending::Wait,
    });
    assert_eq!(rig.tally.resyncs, 1, "the copy that came first is copied back");
    rig
}

/// A set that could be broken, and objects and providers that are in the way.
fn a_set_cannot_be_broken() -> Vec<Rig> {
    let mut uninitialised = after_a_backup(lab());
    uninitialised.call(Object::HOST, Call::CREATE_VSS_BACKUP_COMPONENTS);
    let session = uninitialised.sessions.last().expect("a session").object;
    let snapshot_set_id = SnapshotSetId(Guid::from_u128(1));
    uninitialised.call(session, Call::break_snapshot_set(snapshot_set_id));
    uninitialised.call(session, Call::break_snapshot_set_ex(snapshot_set_id, HardwareOptions::empty()));
    let notice_fails = Fault::new("OnLunStateChange", Cause::ProviderAnswers(HResult::E_FAIL)).of("First");
    let mut rigs = vec![uninitialised];
    for (lab, before, flags) in [
        (lab(), Some(Op::Downgrade(0)), HardwareOptions::MASK_LUNS),
        (lab(), Some(Op::Unregister(0)), HardwareOptions::MASK_LUNS),
        (lab().fault(notice_fails), None, HardwareOptions::MAKE_READ_WRITE),
    ] {
        let mut rig = after_a_backup(lab);
        let session = rig.sessions.last().expect("a session").object;
        let snapshot_id = *rig.copies.keys().next().expect("a copy");
        let told = rig.call(session, Call::get_snapshot_properties(snapshot_id));
        let Some(Out::GetSnapshotProperties { p_prop }) = told.out else { panic!("no properties") };
        before.iter().for_each(|op| rig.run(op));
        let broken = Call::break_snapshot_set_ex(p_prop.snapshot_set_id, flags);
        if let Some(Out::BreakSnapshotSetEx { pp_async }) = rig.call(session, broken).out {
            rig.call(pp_async, Call::Wait { dw_milliseconds: INFINITE });
            rig.call(pp_async, Call::QUERY_STATUS);
            rig.call(pp_async, Call::Cancel {});
        }
        rigs.push(rig);
    }
    rigs
}

/// Documents of sets that came up where they were made, on a server and on a client, one whose LUNs get lost, and one
/// whose provider fails.
fn a_set_cannot_be_imported() -> Vec<Rig> {
    let lost = Fault::new("LocateLuns", Cause::LosesLun);
    let unknown = Fault::new("LocateLuns", Cause::ProviderAnswers(HResult::E_FAIL));
    let labs = [
        (lab(), VolumeSnapshotAttributes::empty(), 1),
        (lab().host("CLIENT", Os::Windows11), VolumeSnapshotAttributes::empty(), 2),
        (lab().fault(lost), VolumeSnapshotAttributes::TRANSPORTABLE, 1),
        (lab().fault(unknown), VolumeSnapshotAttributes::TRANSPORTABLE, 1),
    ];
    labs.into_iter().map(|(lab, more, host)| import_fails(lab, more, host)).collect()
}

pub(crate) fn import_fails(lab: LabBuilder, more: VolumeSnapshotAttributes, host: u32) -> Rig {
    let mut rig = Rig::new(&lab.build().expect("a lab"));
    let object = |rig: &mut Rig, host, bstr_xml| {
        rig.call(Object::Host(host), Call::CREATE_VSS_BACKUP_COMPONENTS);
        let session = rig.sessions.last().expect("a session").object;
        assert_eq!(rig.call(session, Call::InitializeForBackup { bstr_xml }).hresult, HResult::S_OK);
        session
    };
    let maker = object(&mut rig, 1, None);
    rig.call(maker, Call::SetContext { l_context: SnapshotContext::NAS_ROLLBACK.with(more) });
    rig.call(maker, Call::START_SNAPSHOT_SET);
    let add = Call::add_to_snapshot_set("D:\\", ProviderId::NULL);
    rig.call(maker, add);
    let wait = Call::Wait { dw_milliseconds: INFINITE };
    if let Some(Out::DoSnapshotSet { pp_async }) = rig.call(maker, Call::DO_SNAPSHOT_SET).out {
        rig.call(pp_async, wait.clone());
    }
    rig.call(maker, Call::SAVE_AS_XML);
    let document = rig.documents.last().cloned();
    let importer = object(&mut rig, host, document);
    if let Some(Out::ImportSnapshots { pp_async }) = rig.call(importer, Call::IMPORT_SNAPSHOTS).out {
        rig.call(pp_async, wait);
        rig.call(pp_async, Call::Cancel {});
    }
    rig
}

/// A host is no COM object, so nobody can release it.
fn a_host_is_released() -> Rig {
    let mut rig = after_a_backup(lab());
    assert_eq!(rig.call(Object::HOST, Call::RELEASE).hresult, HResult::RPC_E_DISCONNECTED);
    rig
}

/// Calls that no page has a code for: on an object that is not initialised, of a system that has the method not, of methods
/// that nothing has.
fn what_no_page_has_a_code_for() -> Vec<Rig> {
    let create = Call::CREATE_VSS_BACKUP_COMPONENTS;
    let mut rig = after_a_backup(lab());
    let copy = *rig.copies.keys().next().expect("a copy");
    rig.call(Object::HOST, create.clone());
    let session = rig.sessions.last().expect("a session").object;
    let delete = crate::calls::delete(copy, 7, true, Ptr::Valid);
    assert_eq!(rig.call(session, delete.clone()).hresult, HResult::VSS_E_BAD_STATE);
    for before in [true, false] {
        let call = crate::calls::fast_recovery(before, Ptr::Valid);
        assert_eq!(rig.call(session, call).hresult, HResult::E_NOTIMPL);
    }
    rig.call(session, Call::InitializeForBackup { bstr_xml: None });
    assert_eq!(rig.call(session, delete).hresult, HResult::S_OK);
    let mut xp = Rig::new(&Lab::builder("old").host("PC", Os::WindowsXp).build().expect("a lab"));
    xp.call(Object::HOST, create);
    let session = xp.sessions[0].object;
    let expose = crate::calls::expose(copy, 8, Ptr::Valid);
    assert_eq!(xp.call(session, expose).hresult, HResult::E_NOTIMPL);
    assert_eq!(xp.call(session, revert_status()).hresult, HResult::E_NOTIMPL);
    vec![rig, xp]
}

/// A volume with a copy of the system provider, and the object that made it.
fn revertible(lab: LabBuilder) -> (Rig, Object, SnapshotId) {
    let lab = lab.disk("local", Size::mib(16)).volume("F:\\", "local");
    let mut rig = Rig::new(&lab.build().expect("a lab"));
    rig.call(Object::HOST, Call::CREATE_VSS_BACKUP_COMPONENTS);
    let session = rig.sessions[0].object;
    rig.call(session, Call::InitializeForBackup { bstr_xml: None });
    rig.call(session, Call::SetContext { l_context: SnapshotContext::NAS_ROLLBACK });
    rig.call(session, Call::START_SNAPSHOT_SET);
    let add = Call::add_to_snapshot_set("F:\\", ProviderId::NULL);
    let added = rig.call(session, add);
    let Some(Out::AddToSnapshotSet { pid_snapshot }) = added.out else { panic!("{added:?}") };
    rig.call(session, Call::DO_SNAPSHOT_SET);
    rig.run(&Op::Elapse(5_000));
    (rig, session, pid_snapshot)
}

pub(crate) fn revert_status() -> Call {
    Call::query_revert_status("F:\\")
}

/// A revert that nobody can cancel, and that loses its volume.
fn a_revert_loses_its_volume() -> Rig {
    let (mut rig, session, copy) = revertible(lab());
    rig.call(session, Call::revert_to_snapshot(copy));
    rig.call(session, revert_status());
    let operation = rig.asyncs.last().expect("an async object").object;
    assert_eq!(rig.call(operation, Call::Cancel {}).hresult, HResult::E_NOTIMPL);
    rig.act(Action::MaskLun { lun: "local".into() });
    rig.look();
    rig.call(operation, Call::Wait { dw_milliseconds: INFINITE });
    let query = Call::QUERY_STATUS;
    let Some(Out::QueryStatus { p_hr_result, .. }) = rig.call(operation, query).out else {
        panic!("no status")
    };
    assert_eq!(p_hr_result, HResult::VSS_E_REVERT_VOLUME_LOST);
    rig
}

/// Two calls in a row whose provider answers otherwise than it should, and one on an object that is not initialised.
fn reverts_are_refused() -> Rig {
    let veto = || Cause::ProviderAnswers(HResult::VSS_E_PROVIDER_VETO);
    let unknown = || Cause::ProviderAnswers(HResult::E_FAIL);
    let mut faulty = lab();
    for method in ["RevertToSnapshot", "QueryRevertStatus"] {
        for (nth, cause) in [(1, veto()), (2, unknown())] {
            faulty = faulty.fault(Fault::new(method, cause).of(SYSTEM_PROVIDER).nth(nth));
        }
    }
    let (mut rig, session, copy) = revertible(faulty);
    for call in [Call::revert_to_snapshot(copy), revert_status()] {
        rig.call(session, call.clone());
        rig.call(session, call.clone());
        rig.call(Object::HOST, Call::CREATE_VSS_BACKUP_COMPONENTS);
        let bare = rig.sessions.last().expect("a session").object;
        rig.call(bare, call);
    }
    rig
}

/// What a provider answers to the question about a volume goes on to the requester.
fn a_volume_is_asked_about() -> Rig {
    let answers = |nth, code| Fault::new("AreLunsSupported", Cause::ProviderAnswers(code)).nth(nth);
    let lab = lab().fault(answers(1, HResult::VSS_E_PROVIDER_VETO)).fault(answers(2, HResult::E_FAIL));
    let mut rig = Rig::new(&lab.build().expect("a lab"));
    rig.call(Object::HOST, Call::CREATE_VSS_BACKUP_COMPONENTS);
    let session = rig.sessions[0].object;
    rig.call(session, Call::InitializeForBackup { bstr_xml: None });
    let nobody = ProviderId(Guid::from_u128(7));
    for (provider_id, code) in [
        (nobody, HResult::VSS_E_PROVIDER_NOT_REGISTERED),
        (ProviderId::NULL, HResult::VSS_E_PROVIDER_VETO),
        (ProviderId::NULL, HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR),
        (ProviderId::NULL, HResult::S_OK),
    ] {
        let asked = Call::IsVolumeSupported {
            provider_id,
            pwsz_volume_name: Some("D:\\".into()),
            pb_supported_by_this_provider: Ptr::Valid,
        };
        assert_eq!(rig.call(session, asked).hresult, code);
    }
    rig
}

fn a_client_is_asked_for_blocking_writers() -> Rig {
    let lab = Lab::builder("client").host("PC", Os::Windows11).disk("local", Size::mib(16));
    let mut rig = Rig::new(&lab.volume("F:\\", "local").build().expect("a lab"));
    let asked = Call::ShouldBlockRevert { wsz_volume_name: Some("F:\\".into()), pb_block: Ptr::Valid };
    assert_eq!(rig.call(Object::HOST, asked).hresult, HResult::E_NOTIMPL);
    rig
}

/// What all nodes of a cluster share is copied by one at a time: a volume of theirs, and a share that each of them offers.
fn one_node_copies_at_a_time() -> Rig {
    let node =
        |name: &str| Host { cluster: Some("nodes".to_owned()), ..Host::new(name, Os::WindowsServer2022) };
    let shared = lab().with(|lab| {
        lab.hosts = vec![node("SRV"), node("TWO")];
        lab.volumes[0].cluster_shared = true;
        lab.shares = vec![Share { scale_out: true, ..Share::new(r"\\SRV\share", "E:\\") }];
    });
    let mut rig = Rig::new(&shared.build().expect("a lab"));
    let create = |rig: &mut Rig, host| rig.create_on(host).expect("an object");
    let sessions = [create(&mut rig, 0), create(&mut rig, 1)];
    for name in [r"D:\", r"\\SRV\share\"] {
        let add = || Call::add_to_snapshot_set(name, ProviderId::NULL);
        for session in sessions {
            rig.call(session, Call::InitializeForBackup { bstr_xml: None });
            rig.call(session, Call::SetContext { l_context: SnapshotContext::FILE_SHARE_BACKUP });
            rig.call(session, Call::START_SNAPSHOT_SET);
        }
        let [one, other] = sessions.map(|session| rig.call(session, add()).hresult);
        assert_eq!((one, other), (HResult::S_OK, HResult::VSS_E_SNAPSHOT_SET_IN_PROGRESS), "{name}");
    }
    rig
}

/// The maker of a set deletes one of its copies; the other arrives all the same.
fn a_copy_is_gone_when_its_set_arrives() -> Rig {
    let mut rig = Rig::new(&lab().build().expect("a lab"));
    rig.run(&Op::Backup { context: 12, volumes: vec![0, 1], stop: u8::MAX, host: 0 });
    let (first, second) = {
        let mut copies = rig.copies.keys();
        (*copies.next().expect("a copy"), *copies.next().expect("another copy"))
    };
    let maker = rig.sessions[0].object;
    let gone = crate::calls::delete(first, 3, true, Ptr::Valid);
    assert_eq!(rig.call(maker, gone).hresult, HResult::S_OK);
    let document = rig.documents.last().cloned();
    rig.call(Object::HOST, Call::CREATE_VSS_BACKUP_COMPONENTS);
    let importer = rig.sessions.last().expect("a session").object;
    rig.call(importer, Call::InitializeForBackup { bstr_xml: document });
    let begun = rig.call(importer, Call::IMPORT_SNAPSHOTS).out;
    let Some(Out::ImportSnapshots { pp_async }) = begun else { panic!("no import") };
    rig.call(pp_async, Call::Wait { dw_milliseconds: INFINITE });
    let status = rig.call(pp_async, Call::QUERY_STATUS).out;
    let Some(Out::QueryStatus { p_hr_result, .. }) = status else { panic!("no status") };
    assert_eq!(p_hr_result, HResult::VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED);
    let told = rig.call(importer, Call::get_snapshot_properties(second)).hresult;
    assert_eq!(told, HResult::S_OK, "the other copy is there");
    rig
}

/// All of them, finished.
pub(crate) fn runs() -> Vec<Rig> {
    let mut runs = vec![
        resync_goes_wrong(Cause::LosesLun),
        resync_goes_wrong(Cause::ProviderAnswers(HResult::VSS_E_INSUFFICIENT_STORAGE)),
        resync_goes_wrong(Cause::WrongSignature),
        resync_goes_wrong(Cause::ProviderAnswers(HResult::E_FAIL)),
        a_disk_is_held(),
        a_copy_does_not_arrive(),
        the_destination_goes_away(),
        two_resyncs_at_a_time(),
        a_set_in_the_context_of_all(),
        a_late_resync_is_cancelled(),
        two_copies_for_one_lun(),
        a_host_is_released(),
        a_revert_loses_its_volume(),
        reverts_are_refused(),
        a_volume_is_asked_about(),
        a_client_is_asked_for_blocking_writers(),
        one_node_copies_at_a_time(),
        a_copy_is_gone_when_its_set_arrives(),
    ];
    runs.extend(a_set_cannot_be_broken());
    runs.extend(a_set_cannot_be_imported());
    runs.extend(answers::runs());
    runs.extend(crate::exposed::runs());
    runs.extend(what_no_page_has_a_code_for());
    runs.iter_mut().for_each(Rig::finish);
    runs
}
