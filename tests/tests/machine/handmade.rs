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

/// What a provider answers to the question about a volume goes on to the requester.
fn a_volume_is_asked_about() -> Rig {
    let answers = |nth, code| Fault::new("AreLunsSupported", Cause::ProviderAnswers(code)).nth(nth);
    let lab = lab().fault(answers(1, HResult::VSS_E_PROVIDER_VETO)).fault(answers(2, HResult::E_FAIL));
    let mut rig = Rig::new(&lab.build().expect("a lab"));
    rig.call(Object::HOST, Call::CreateVssBackupComponents { pp_backup: Ptr::Valid });
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
        a_volume_is_asked_about(),
    ];
    runs.iter_mut().for_each(Rig::finish);
    runs
}
