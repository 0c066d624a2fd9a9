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

/// A set that could be broken, and objects and providers that are in the way.
fn a_set_cannot_be_broken() -> Vec<Rig> {
    let break_ex = |flags| Call::BreakSnapshotSetEx {
        snapshot_set_id: SnapshotSetId(Guid::from_u128(1)),
        dw_break_flags: flags,
        pp_async: Ptr::Valid,
    };
    let mut uninitialised = after_a_backup(lab());
    uninitialised.call(Object::HOST, Call::CreateVssBackupComponents { pp_backup: Ptr::Valid });
    let session = uninitialised.sessions.last().expect("a session").object;
    let snapshot_set_id = SnapshotSetId(Guid::from_u128(1));
    uninitialised.call(session, Call::BreakSnapshotSet { snapshot_set_id });
    uninitialised.call(session, break_ex(HardwareOptions::empty()));
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
        let told = rig.call(session, Call::GetSnapshotProperties { snapshot_id, p_prop: Ptr::Valid });
        let Some(Out::GetSnapshotProperties { p_prop }) = told.out else { panic!("no properties") };
        before.iter().for_each(|op| rig.run(op));
        let broken = Call::BreakSnapshotSetEx {
            snapshot_set_id: p_prop.snapshot_set_id,
            dw_break_flags: flags,
            pp_async: Ptr::Valid,
        };
        if let Some(Out::BreakSnapshotSetEx { pp_async }) = rig.call(session, broken).out {
            rig.call(pp_async, Call::Wait { dw_milliseconds: INFINITE });
            rig.call(pp_async, Call::QueryStatus { p_hr_result: Ptr::Valid, p_reserved: Ptr::Null });
            rig.call(pp_async, Call::Cancel {});
        }
        rigs.push(rig);
    }
    rigs
}

/// Documents of sets that came up where they were made, on a server and on a client, and one whose LUNs get lost.
fn a_set_cannot_be_imported() -> Vec<Rig> {
    let lost = Fault::new("LocateLuns", Cause::LosesLun);
    let labs = [
        (lab(), VolumeSnapshotAttributes::empty(), 1),
        (lab().host("CLIENT", Os::Windows11), VolumeSnapshotAttributes::empty(), 2),
        (lab().fault(lost), VolumeSnapshotAttributes::TRANSPORTABLE, 1),
    ];
    labs.into_iter().map(|(lab, more, host)| import_fails(lab, more, host)).collect()
}

fn import_fails(lab: LabBuilder, more: VolumeSnapshotAttributes, host: u32) -> Rig {
    let mut rig = Rig::new(&lab.build().expect("a lab"));
    let object = |rig: &mut Rig, host, bstr_xml| {
        rig.call(Object::Host(host), Call::CreateVssBackupComponents { pp_backup: Ptr::Valid });
        let session = rig.sessions.last().expect("a session").object;
        assert_eq!(rig.call(session, Call::InitializeForBackup { bstr_xml }).hresult, HResult::S_OK);
        session
    };
    let maker = object(&mut rig, 1, None);
    rig.call(maker, Call::SetContext { l_context: SnapshotContext::NAS_ROLLBACK.with(more) });
    rig.call(maker, Call::StartSnapshotSet { p_snapshot_set_id: Ptr::Valid });
    let add = Call::AddToSnapshotSet {
        pwsz_volume_name: Some("D:\\".into()),
        provider_id: ProviderId::NULL,
        pid_snapshot: Ptr::Valid,
    };
    rig.call(maker, add);
    let wait = Call::Wait { dw_milliseconds: INFINITE };
    if let Some(Out::DoSnapshotSet { pp_async }) =
        rig.call(maker, Call::DoSnapshotSet { pp_async: Ptr::Valid }).out
    {
        rig.call(pp_async, wait.clone());
    }
    rig.call(maker, Call::SaveAsXML { pbstr_xml: Ptr::Valid });
    let document = rig.documents.last().cloned();
    let importer = object(&mut rig, host, document);
    if let Some(Out::ImportSnapshots { pp_async }) =
        rig.call(importer, Call::ImportSnapshots { pp_async: Ptr::Valid }).out
    {
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
    ];
    runs.extend(a_set_cannot_be_broken());
    runs.extend(a_set_cannot_be_imported());
    runs.iter_mut().for_each(Rig::finish);
    runs
}
