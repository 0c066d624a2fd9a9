//! Runs by hand, with every answer that a provider may give.

use vss_sim::api::*;
use vss_sim::lab::*;
use vss_sim::provider::{permitted, permitted_to_software};
use vss_tests::methods::CREATION;

use crate::handmade::{RESTORE, backup, import_fails, lab, revert_status};
use crate::ops::Op;
use crate::rig::Rig;

/// Every failure that a hardware provider may answer, from each method that a creation, an import, a break and a resync
/// call, when it is called first and later.
fn a_provider_answers_what_it_may() -> Vec<Rig> {
    let others = &["OnLoad", "OnLunEmpty", "OnLunStateChange", "ResyncLuns"];
    let mut rigs = Vec::new();
    for &method in CREATION.iter().chain(others) {
        for code in permitted(method).expect("a list").iter().filter(|code| code.is_failure()) {
            for nth in [1, 2, 3] {
                let fault = Fault::new(method, Cause::ProviderAnswers(*code)).of("First").nth(nth);
                let mut rig = import_fails(lab().fault(fault), VolumeSnapshotAttributes::TRANSPORTABLE, 1);
                let flags = Some(HardwareOptions::MAKE_READ_WRITE.bits());
                for op in [backup(0), RESTORE, Op::Break { copy: 0, host: 0, flags }, Op::Elapse(60_000)] {
                    rig.run(&op);
                }
                rigs.push(rig);
            }
        }
    }
    rigs
}

/// Every failure that a software provider may answer, from each method of its own, when it is called first and later.
fn a_software_provider_answers_what_it_may() -> Vec<Rig> {
    let interface = "IVssSoftwareSnapshotProvider";
    let methods = [
        "IsVolumeSupported",
        "IsVolumeSnapshotted",
        "BeginPrepareSnapshot",
        "Query",
        "GetSnapshotProperties",
        "SetSnapshotProperty",
        "DeleteSnapshots",
        "RevertToSnapshot",
        "QueryRevertStatus",
    ];
    let mut rigs = Vec::new();
    for name in methods {
        let permitted = permitted_to_software(Method { interface, name }).expect("a list");
        for code in permitted.iter().filter(|code| code.is_failure()) {
            for nth in [1, 2, 3] {
                let fault = Fault::new(name, Cause::ProviderAnswers(*code)).of(SYSTEM_PROVIDER).nth(nth);
                rigs.push(life_of_a_software_copy(lab().fault(fault)));
            }
        }
    }
    rigs
}

/// It is made, told of, exposed, reverted to and deleted, as far as its provider lets it. Another one goes with its requester.
fn life_of_a_software_copy(lab: LabBuilder) -> Rig {
    let lab = lab.disk("local", Size::mib(16)).volume("F:\\", "local");
    let mut rig = Rig::new(&lab.build().expect("a lab"));
    let (session, copy) = software_copy(&mut rig, SnapshotContext::NAS_ROLLBACK);
    let Some(copy) = copy else { return rig };
    let snapshotted = Call::IsVolumeSnapshotted {
        pwsz_volume_name: Some("F:\\".into()),
        pb_snapshots_present: Ptr::Valid,
        pl_snapshot_capability: Ptr::Valid,
    };
    rig.call(Object::HOST, snapshotted);
    let query = Call::query(ObjectType::SNAPSHOT);
    let delete = Call::delete_snapshots(copy.0, ObjectType::SNAPSHOT, false);
    let told = Call::get_snapshot_properties(copy);
    let expose = crate::calls::expose(copy, 8, Ptr::Valid);
    for call in [query, told, expose, Call::revert_to_snapshot(copy), revert_status(), delete] {
        rig.call(session, call.clone());
        rig.call(session, call);
    }
    let (session, _) = software_copy(&mut rig, SnapshotContext::FILE_SHARE_BACKUP);
    rig.call(session, Call::Release {});
    rig.run(&Op::Restart(16));
    rig
}

/// A new requester's copy of F: in that context, unless it is refused.
fn software_copy(rig: &mut Rig, l_context: SnapshotContext) -> (Object, Option<SnapshotId>) {
    rig.call(Object::HOST, Call::CREATE_VSS_BACKUP_COMPONENTS);
    let session = rig.sessions.last().expect("it was created").object;
    let supported = Call::IsVolumeSupported {
        provider_id: ProviderId::NULL,
        pwsz_volume_name: Some("F:\\".into()),
        pb_supported_by_this_provider: Ptr::Valid,
    };
    for call in [
        Call::InitializeForBackup { bstr_xml: None },
        Call::SetContext { l_context },
        supported,
        Call::START_SNAPSHOT_SET,
    ] {
        rig.call(session, call);
    }
    let added = rig.call(session, Call::add_to_snapshot_set("F:\\", ProviderId::NULL)).out;
    rig.call(session, Call::DO_SNAPSHOT_SET);
    rig.run(&Op::Elapse(5_000));
    match added {
        Some(Out::AddToSnapshotSet { pid_snapshot }) => (session, Some(pid_snapshot)),
        _ => (session, None),
    }
}

/// All of them.
pub(crate) fn runs() -> Vec<Rig> {
    let mut runs = a_provider_answers_what_it_may();
    runs.extend(a_software_provider_answers_what_it_may());
    runs
}
