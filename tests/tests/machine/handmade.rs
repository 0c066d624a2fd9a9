//! Short runs by hand, to places where chance seldom leads.

use vss_sim::api::*;
use vss_sim::lab::*;

use crate::ops::{Ending, Op};
use crate::rig::Rig;

/// Two LUNs that can be copied back, and one to copy onto.
fn lab() -> LabBuilder {
    let mut lab =
        Lab::builder("by hand").host("SRV", Os::WindowsServer2022).provider("First").array("san", "First");
    for (name, letter) in [("data-0", "D:\\"), ("data-1", "E:\\"), ("spare-2", "S:\\")] {
        lab =
            lab.lun(name, Size::mib(16)).volume_with(letter, name, |it| it.size = Some(crate::labs::VOLUME));
    }
    lab
}

fn backup(volume: u8) -> Op {
    Op::Backup { context: 6, volumes: vec![volume], stop: u8::MAX, host: 0 }
}

const RESTORE: Op = Op::Restore { document: 1, copies: Vec::new(), flags: 128, ending: Ending::Wait };

fn after_a_backup(lab: LabBuilder) -> Rig {
    let mut rig = Rig::new(&lab.build().expect("a lab"));
    rig.run(&backup(0));
    assert_eq!(rig.documents.len(), 1, "the backup is saved");
    rig
}

/// A restore object whose recovery set has the only copy, for its original.
fn recovery_set(rig: &mut Rig) -> Object {
    let create = Call::CreateVssBackupComponents { pp_backup: Ptr::Valid };
    rig.call(Object::HOST, create);
    let session = rig.sessions.last().expect("a session").object;
    let document = rig.documents.first().cloned();
    rig.call(session, Call::InitializeForRestore { bstr_xml: document });
    let snapshot_id = *rig.copies.keys().next().expect("a copy");
    let add = Call::AddSnapshotToRecoverySet { snapshot_id, dw_flags: 0, pwsz_destination_volume: None };
    assert_eq!(rig.call(session, add).hresult, HResult::S_OK);
    session
}

fn recover() -> Call {
    Call::RecoverSet { dw_flags: RecoveryOptions::empty(), pp_async: Ptr::Valid }
}

fn resync_goes_wrong(cause: Cause) -> Rig {
    let mut rig = after_a_backup(lab().fault(Fault::new("ResyncLuns", cause)));
    rig.run(&RESTORE);
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
    rig.call(Object::HOST, Call::CreateVssBackupComponents { pp_backup: Ptr::Valid });
    let session = rig.sessions[0].object;
    rig.call(session, Call::InitializeForBackup { bstr_xml: None });
    rig.call(session, Call::SetContext { l_context: SnapshotContext::ALL });
    rig.call(session, Call::StartSnapshotSet { p_snapshot_set_id: Ptr::Valid });
    rig
}

/// A provider that answers late is asked to stop when its copy is due.
fn a_late_resync_is_cancelled() -> Rig {
    let mut rig = after_a_backup(lab().fault(Fault::new("ResyncLuns", Cause::Late(30_000)).of("First")));
    rig.run(&Op::Write { volume: 0, slot: 1, value: 7 });
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

/// A host is no COM object, so nobody can release it.
fn a_host_is_released() -> Rig {
    let mut rig = after_a_backup(lab());
    assert_eq!(rig.call(Object::HOST, Call::RELEASE).hresult, HResult::RPC_E_DISCONNECTED);
    rig
}

/// A volume with a copy of the system provider, and the object that made it.
fn revertible(lab: LabBuilder) -> (Rig, Object, SnapshotId) {
    let lab = lab.disk("local", Size::mib(16)).volume("F:\\", "local");
    let mut rig = Rig::new(&lab.build().expect("a lab"));
    rig.call(Object::HOST, Call::CreateVssBackupComponents { pp_backup: Ptr::Valid });
    let session = rig.sessions[0].object;
    rig.call(session, Call::InitializeForBackup { bstr_xml: None });
    rig.call(session, Call::SetContext { l_context: SnapshotContext::NAS_ROLLBACK });
    rig.call(session, Call::StartSnapshotSet { p_snapshot_set_id: Ptr::Valid });
    let pwsz_volume_name = Some("F:\\".into());
    let (provider_id, pid_snapshot) = (ProviderId::NULL, Ptr::Valid);
    let added = rig.call(session, Call::AddToSnapshotSet { pwsz_volume_name, provider_id, pid_snapshot });
    let Some(Out::AddToSnapshotSet { pid_snapshot }) = added.out else { panic!("{added:?}") };
    rig.call(session, Call::DoSnapshotSet { pp_async: Ptr::Valid });
    rig.run(&Op::Elapse(5_000));
    (rig, session, pid_snapshot)
}

fn revert(snapshot_id: SnapshotId) -> Call {
    Call::RevertToSnapshot { snapshot_id, b_force_dismount: false }
}

fn revert_status() -> Call {
    Call::QueryRevertStatus { pwsz_volume: Some("F:\\".into()), pp_async: Ptr::Valid }
}

/// A revert that nobody can cancel, and that loses its volume.
fn a_revert_loses_its_volume() -> Rig {
    let (mut rig, session, copy) = revertible(lab());
    rig.call(session, revert(copy));
    rig.call(session, revert_status());
    let operation = rig.asyncs.last().expect("an async object").object;
    assert_eq!(rig.call(operation, Call::Cancel {}).hresult, HResult::E_NOTIMPL);
    rig.act(Action::MaskLun { lun: "local".into() });
    rig.look();
    rig.call(operation, Call::Wait { dw_milliseconds: INFINITE });
    let query = Call::QueryStatus { p_hr_result: Ptr::Valid, p_reserved: Ptr::Null };
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
    for call in [revert(copy), revert_status()] {
        rig.call(session, call.clone());
        rig.call(session, call.clone());
        rig.call(Object::HOST, Call::CreateVssBackupComponents { pp_backup: Ptr::Valid });
        let bare = rig.sessions.last().expect("a session").object;
        rig.call(bare, call);
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

/// All of them, finished.
pub(crate) fn runs() -> Vec<Rig> {
    let mut runs = vec![
        resync_goes_wrong(Cause::LosesLun),
        resync_goes_wrong(Cause::ProviderAnswers(HResult::VSS_E_INSUFFICIENT_STORAGE)),
        resync_goes_wrong(Cause::WrongSignature),
        resync_goes_wrong(Cause::ProviderAnswers(HResult::E_FAIL)),
        a_disk_is_held(),
        the_destination_goes_away(),
        two_resyncs_at_a_time(),
        a_set_in_the_context_of_all(),
        a_late_resync_is_cancelled(),
        two_copies_for_one_lun(),
        a_host_is_released(),
        a_revert_loses_its_volume(),
        reverts_are_refused(),
        a_client_is_asked_for_blocking_writers(),
    ];
    runs.iter_mut().for_each(Rig::finish);
    runs
}
