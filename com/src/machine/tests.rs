//! The manners, on the simulator in place of a real service.

use super::*;
use rstest::rstest;
use vss_sim::api::{Guid, HResult, Out, ProviderId, RecoveryOptions, SnapshotId, SnapshotSetId};
use vss_sim::lab::{Cause, Fault, Os};
use vss_sim::service::Simulator;

/// The default lab's machine: D: lies on the LUN with the serial number `D-1`.
struct Server;

impl Facts for Server {
    fn os(&self) -> String {
        "windows-server-2022".to_owned()
    }

    fn has_volume(&self, name: &str) -> bool {
        name != r"H:\"
    }

    fn lun_serials(&self, volume: &str) -> Result<Vec<String>, String> {
        match volume {
            r"D:\" => Ok(vec!["D-1".to_owned()]),
            r"E:\" => Ok(Vec::new()),
            other => Err(format!("{other} is not ready")),
        }
    }
}

fn machine(destructive: bool, serials: &[&str]) -> RealMachine<Simulator, Server> {
    let lab = Lab::default_lab();
    let simulator = Simulator::new(&lab).expect("the default lab is sound");
    let luns = serials.iter().map(|serial| (*serial).to_owned()).collect();
    RealMachine::new(simulator, Server, lab, Permission { destructive, luns })
}

fn reason(answer: Result<(), Unavailable>) -> String {
    answer.expect_err("refused").reason
}

#[rstest]
#[case::fault(Lab::default_lab().with_fault(Fault::new("RecoverSet", Cause::OutOfMemory)), "a fault in RecoverSet: out-of-memory")]
#[case::system(Lab::default_lab().with_host(|host| host.os = Os::WindowsServer2003), "windows-server-2003; this machine runs windows-server-2022")]
fn a_lab_that_the_machine_is_not_is_told_apart(#[case] lab: Lab, #[case] needs: &str) {
    assert_eq!(reason(machine(false, &[]).load(&lab)), format!("the case needs {needs}"));
}

#[test]
fn the_lab_that_the_machine_is_said_to_be_is_taken() {
    assert_eq!(machine(false, &[]).load(&Lab::default_lab()), Ok(()));
    let mut other = Lab::default_lab();
    other.luns.pop();
    assert!(reason(machine(false, &[]).load(&other)).contains("other than this machine is said to have"));
}

#[test]
fn a_volume_that_is_missing_skips_and_one_that_nobody_has_does_not() {
    let mut machine = machine(false, &[]);
    let session = create(&mut machine);
    let add = |name: &str| Call::AddToSnapshotSet {
        pwsz_volume_name: Some(name.into()),
        provider_id: ProviderId::NULL,
        pid_snapshot: Ptr::Valid,
    };
    assert_eq!(reason(machine.can_call(session, &add(r"H:\"))), r"this machine has no volume `H:\`");
    assert_eq!(machine.can_call(session, &add(r"D:\")), Ok(()));
    assert_eq!(
        machine.can_call(session, &add(r"Z:\")),
        Ok(()),
        "the case is about a volume that is not there"
    );
}

fn create<B: Backend>(backend: &mut B) -> Object {
    match backend.call(Object::HOST, &Call::CreateVssBackupComponents { pp_backup: Ptr::Valid }).out {
        Some(Out::CreateVssBackupComponents { pp_backup }) => pp_backup,
        other => panic!("no object: {other:?}"),
    }
}

/// A restore of a shadow copy of D:, one call before its resync.
fn about_to_recover(machine: &mut RealMachine<Simulator, Server>, to: Option<&str>) -> Object {
    let backup = create(machine);
    let mut ok = |on, call: Call| {
        let reply = machine.call(on, &call);
        assert_eq!(reply.hresult, HResult::S_OK, "{call:?}");
        reply.out
    };
    ok(backup, Call::InitializeForBackup { bstr_xml: None });
    ok(backup, Call::SetContext { l_context: vss_sim::api::SnapshotContext::NAS_ROLLBACK });
    ok(backup, Call::StartSnapshotSet { p_snapshot_set_id: Ptr::Valid });
    let add = Call::AddToSnapshotSet {
        pwsz_volume_name: Some(r"D:\".into()),
        provider_id: ProviderId::NULL,
        pid_snapshot: Ptr::Valid,
    };
    let Some(Out::AddToSnapshotSet { pid_snapshot }) = ok(backup, add) else { panic!("no id") };
    let made = ok(backup, Call::DoSnapshotSet { pp_async: Ptr::Valid });
    let Some(Out::DoSnapshotSet { pp_async }) = made else { panic!("no IVssAsync") };
    ok(pp_async, Call::Wait { dw_milliseconds: u32::MAX });
    let saved = ok(backup, Call::SaveAsXML { pbstr_xml: Ptr::Valid });
    let Some(Out::SaveAsXML { pbstr_xml }) = saved else { panic!("no document") };
    let restore = create(machine);
    let mut ok = |call: Call| assert_eq!(machine.call(restore, &call).hresult, HResult::S_OK, "{call:?}");
    ok(Call::InitializeForRestore { bstr_xml: Some(pbstr_xml) });
    ok(Call::AddSnapshotToRecoverySet {
        snapshot_id: pid_snapshot,
        dw_flags: 0,
        pwsz_destination_volume: to.map(Into::into),
    });
    restore
}

const RECOVER: Call = Call::RecoverSet { dw_flags: RecoveryOptions::NO_VOLUME_CHECK, pp_async: Ptr::Valid };

#[rstest]
#[case::not_allowed(false, &["D-1"], None, "needs --allow-destructive")]
#[case::none_listed(true, &[], None, "with the serial number `D-1`, which no --lun-serial names")]
#[case::another_listed(true, &["S-1"], None, "`D-1`")]
#[case::no_serial(true, &["D-1"], Some(r"E:\"), "have no serial numbers")]
#[case::unknown(true, &["D-1"], Some(r"S:\"), "cannot be told")]
fn nothing_is_overwritten_that_nobody_listed(
    #[case] destructive: bool,
    #[case] serials: &[&str],
    #[case] to: Option<&str>,
    #[case] why: &str,
) {
    let mut machine = machine(destructive, serials);
    let restore = about_to_recover(&mut machine, to);
    let reason = reason(machine.can_call(restore, &RECOVER));
    assert!(reason.contains(why), "{reason}");
    assert_eq!(
        machine.call(restore, &RECOVER).hresult,
        HResult::E_ACCESSDENIED,
        "whoever does not ask is refused"
    );
}

#[test]
fn what_is_listed_is_overwritten() {
    let mut machine = machine(true, &["D-1"]);
    let restore = about_to_recover(&mut machine, None);
    assert_eq!(machine.can_call(restore, &RECOVER), Ok(()));
    assert_eq!(machine.call(restore, &RECOVER).hresult, HResult::S_OK);
}

#[test]
fn only_what_this_run_made_is_taken_away() {
    let mut machine = machine(true, &[]);
    let session = create(&mut machine);
    machine.call(session, &Call::InitializeForBackup { bstr_xml: None });
    let started = machine.call(session, &Call::StartSnapshotSet { p_snapshot_set_id: Ptr::Valid });
    let Some(Out::StartSnapshotSet { p_snapshot_set_id: own }) = started.out else { panic!("no id") };
    for (call, of) in taking_away() {
        assert_eq!(machine.can_call(session, &call(own)), Ok(()), "{of}");
        let refused = machine.can_call(session, &call(SnapshotSetId(Guid::from_u128(7))));
        assert!(reason(refused).contains("shadow copies of this run"), "{of}");
    }
}

type OfSet = fn(SnapshotSetId) -> Call;

/// The calls that take shadow copies away.
fn taking_away() -> [(OfSet, &'static str); 3] {
    [
        (Call::break_snapshot_set, "BreakSnapshotSet"),
        (|id| Call::break_snapshot_set_ex(id, vss_sim::api::HardwareOptions::empty()), "BreakSnapshotSetEx"),
        (|id| Call::delete_snapshots(id.0, vss_sim::api::ObjectType::SNAPSHOT_SET, true), "DeleteSnapshots"),
    ]
}

#[test]
fn nothing_is_taken_away_without_permission() {
    let mut machine = machine(false, &[]);
    let session = create(&mut machine);
    for (call, of) in taking_away() {
        let refused = machine.can_call(session, &call(SnapshotSetId::NULL));
        assert!(reason(refused).contains("needs --allow-destructive"), "{of}");
    }
}

#[rstest]
#[case(Call::revert_to_snapshot(SnapshotId::NULL))]
#[case(Call::ImportSnapshots { pp_async: Ptr::Valid })]
#[case(Call::PreFastRecovery { snapshot_set_id: SnapshotSetId::NULL, dw_pre_fast_recovery_flags: 0, pp_async: Ptr::Valid })]
#[case(Call::FastRecovery { snapshot_set_id: SnapshotSetId::NULL, dw_fast_recovery_flags: 0, pp_async: Ptr::Valid })]
fn what_cannot_be_told_before_is_not_made(#[case] call: Call) {
    let mut machine = machine(true, &["D-1"]);
    let session = create(&mut machine);
    assert!(reason(machine.can_call(session, &call)).contains("not made on a real machine"));
    assert_eq!(machine.call(session, &call).hresult, HResult::E_ACCESSDENIED);
}

#[rstest]
#[case(Call::BackupComplete { pp_async: Ptr::Valid })]
#[case(Call::PreRestore { pp_async: Ptr::Valid })]
#[case(Call::PostRestore { pp_async: Ptr::Valid })]
fn the_machines_writers_are_told_nothing_without_permission(#[case] call: Call) {
    for (destructive, told) in [(false, false), (true, true)] {
        let mut machine = machine(destructive, &[]);
        let session = create(&mut machine);
        assert_eq!(machine.can_call(session, &call).is_ok(), told);
    }
}

#[test]
fn a_bad_address_is_not_passed_on() {
    let mut machine = machine(false, &[]);
    let session = create(&mut machine);
    let call = Call::StartSnapshotSet { p_snapshot_set_id: Ptr::Dangling };
    assert!(reason(machine.can_call(session, &call)).contains("bad address in `p_snapshot_set_id`"));
    assert_eq!(machine.call(session, &call).hresult, HResult::E_ACCESSDENIED);
}
