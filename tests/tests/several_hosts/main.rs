//! Several hosts at the same time: imports, shares on file servers, reverts of a volume that two of them share.

mod imports;
mod room;

use room::*;
use vss_sim::api::face::{Async, Vss};
use vss_sim::api::*;
use vss_sim::lab::{Cause, Fault, Lab, SYSTEM_PROVIDER};
use vss_sim::provider::SystemProvider;
use vss_sim::service::Simulator;

#[test]
fn copies_of_shares_are_deleted() {
    let room = room(&lab());
    let owner = requester(&room, 1, SnapshotContext::NAS_ROLLBACK);
    let (set, copies) = made(&owner, &[r"D:\", r"\\TWO\a\"]);
    assert_eq!(owner.delete_snapshot(copies[1], false), Ok(1));
    assert_eq!(owner.get_snapshot_properties(copies[1]).err(), Some(HResult::VSS_E_OBJECT_NOT_FOUND));
    assert_eq!(owner.delete_snapshot_set(set, true), Ok(1));
}

/// A file server that restarts forgets its part in a set, and may then create one of its own, in which nobody takes part.
#[test]
fn a_file_server_creates_one_set_at_a_time() {
    let room = room(&lab());
    let guest = requester(&room, 1, SnapshotContext::NAS_ROLLBACK);
    guest.start_snapshot_set().expect("a set");
    guest.add_to_snapshot_set(r"\\TWO\a\", None).expect("a share");
    room.act(&Action::Restart { host: 2 }).expect("a host");
    let local = requester(&room, 2, SnapshotContext::NAS_ROLLBACK);
    local.start_snapshot_set().expect("the server has forgotten the other set");
    let added = guest.add_to_snapshot_set(r"\\TWO\b\", None);
    assert_eq!(added, Err(HResult::VSS_E_SNAPSHOT_SET_IN_PROGRESS));
}

/// The file server takes part in the set already, and that is no other one.
#[test]
fn two_shares_of_a_file_server_are_in_one_set() {
    let room = room(&lab());
    let (_, copies) = made(&requester(&room, 1, SnapshotContext::NAS_ROLLBACK), &[r"\\TWO\a\", r"\\TWO\b\"]);
    assert_eq!(copies.len(), 2);
}

/// What the registry of a host says of client-accessible copies, it says of its own.
#[test]
fn each_host_keeps_as_many_client_accessible_copies_as_its_registry_says() {
    let room = room(&lab().with(|lab| lab.hosts[1].max_shadow_copies = Some(1)));
    let full = Err(HResult::VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED);
    for (host, second) in [(1, Ok(())), (2, full), (3, Ok(()))] {
        made(&requester(&room, host, SnapshotContext::CLIENT_ACCESSIBLE), &[r"D:\"]);
        let next = requester(&room, host, SnapshotContext::CLIENT_ACCESSIBLE);
        next.start_snapshot_set().expect("a set");
        assert_eq!(next.add_to_snapshot_set(r"D:\", None).map(drop), second, "on host {host}");
    }
}

/// Copies of a share lie on the file server: its restart ends those that are not persistent.
#[test]
fn a_restart_of_the_file_server_ends_nonpersistent_copies_of_its_shares() {
    let room = room(&lab());
    for (context, stays) in
        [(SnapshotContext::FILE_SHARE_BACKUP, false), (SnapshotContext::NAS_ROLLBACK, true)]
    {
        let owner = requester(&room, 1, context);
        let (_, copies) = made(&owner, &[r"\\TWO\a\"]);
        room.act(&Action::Restart { host: 2 }).expect("a host");
        assert_eq!(owner.get_snapshot_properties(copies[0]).is_ok(), stays, "{context:?}");
    }
}

/// The README's cluster shared volume: both nodes reach it under the same folder, and copy it for transport.
#[test]
fn the_readmes_cluster_shared_volume_can_be_copied_by_both_nodes() {
    let readme = include_str!("../../../README.md");
    let mut blocks = readme.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let text = blocks.find(|text| text.contains("cluster-shared")).expect("the README shows one");
    let room = room(&Lab::from_toml(text, "README.md").expect("it is sound"));
    for host in [1, 2] {
        let (_, copies) = made(&requester(&room, host, transport()), &[r"C:\ClusterStorage\Volume1\"]);
        assert_eq!(copies.len(), 1, "on host {host}");
    }
}

/// Two hosts that share the LUN of D:, each with a copy of D: by the system provider. D: held 1 then, and holds 2.
fn two_reverters<const N: usize>(faults: [Fault; N]) -> (Vss<Simulator>, [(Requester, SnapshotId); 2]) {
    let room = room(&lab().with(|lab| lab.faults.extend(faults.map(|it| it.of(SYSTEM_PROVIDER)))));
    write(&room, r"D:\", 1);
    let reverters = [1, 2].map(|host| {
        let requester = requester(&room, host, SnapshotContext::NAS_ROLLBACK);
        requester.start_snapshot_set().expect("a set");
        let copy = requester.add_to_snapshot_set(r"D:\", Some(SystemProvider::ID)).expect("a copy");
        requester.do_snapshot_set().and_then(Async::finish).expect("a creation");
        (requester, copy)
    });
    write(&room, r"D:\", 2);
    (room, reverters)
}

fn held(room: &Vss<Simulator>) -> u8 {
    match room.ask(&Question::ReadVolume { volume: r"D:\".into(), offset: DATA, length: 1 }) {
        Ok(Answer::Bytes(bytes)) => bytes[0],
        other => panic!("D: cannot be read: {other:?}"),
    }
}

/// A provider that crashes once it has begun a revert has begun it all the same: the other host waits for its end.
#[test]
fn a_revert_runs_on_though_its_provider_has_crashed() {
    let crash = Fault::new("RevertToSnapshot", Cause::CrashAfter);
    let (room, [(one, of_one), (two, of_two)]) = two_reverters([crash]);
    assert_eq!(one.revert_to_snapshot(of_one, false), Err(HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR));
    assert_eq!(held(&room), 1, "it has crashed after its work");
    write(&room, r"D:\", 3);
    assert_eq!(two.revert_to_snapshot(of_two, false), Err(HResult::VSS_E_REVERT_IN_PROGRESS));
    assert_eq!(held(&room), 3);
    room.act(&Action::Elapse { ms: 3_600_000 }).expect("time passes");
    assert_eq!(two.revert_to_snapshot(of_two, false), Ok(()));
}

/// A provider that cannot tell of its revert has not said that none runs.
#[test]
fn a_revert_that_cannot_be_asked_for_is_not_over() {
    let veto = Cause::ProviderAnswers(HResult::VSS_E_PROVIDER_VETO);
    let (room, [(one, of_one), (two, of_two)]) = two_reverters([Fault::new("QueryRevertStatus", veto)]);
    one.revert_to_snapshot(of_one, false).expect("a revert");
    write(&room, r"D:\", 3);
    assert_eq!(two.revert_to_snapshot(of_two, false), Err(HResult::VSS_E_PROVIDER_VETO));
    assert_eq!(held(&room), 3, "a refused call changes nothing");
    assert_eq!(two.revert_to_snapshot(of_two, false), Err(HResult::VSS_E_REVERT_IN_PROGRESS));
}

/// Each host runs all writers; whoever names none of them is told of each once.
#[test]
fn a_fault_of_nobody_is_answered_with_each_writer_once() {
    let room = room(&lab());
    let nobody = Fault::new("OnFreeze", Cause::OutOfMemory).of("Nobody");
    let why = room.act(&Action::Fault(nobody)).expect_err("nobody has that name").to_string();
    assert_eq!(why.matches("`Database Writer`").count(), 1, "{why}");
}

/// Nor does RecoverSet write to a volume of which nobody can say whether it is being reverted.
#[test]
fn a_revert_that_cannot_be_asked_for_keeps_its_volume() {
    let veto = || Cause::ProviderAnswers(HResult::VSS_E_PROVIDER_VETO);
    let vetoes: [Fault; 500] =
        std::array::from_fn(|before| Fault::new("QueryRevertStatus", veto()).nth(before as u32 + 1));
    let (room, [(one, of_one), _]) = two_reverters(vetoes);
    let backup = requester(&room, 1, SnapshotContext::NAS_ROLLBACK);
    let (_, copies) = made(&backup, &[r"D:\"]);
    let restore = room.create_vss_backup_components().expect("an object");
    restore.initialize_for_restore(&backup.save_as_xml().expect("a document")).expect("a restore");
    restore.add_snapshot_to_recovery_set(copies[0], None).expect("a copy on the array");
    one.revert_to_snapshot(of_one, false).expect("a revert");
    write(&room, r"D:\", 3);
    let end = restore.recover_set(RecoveryOptions::empty()).and_then(Async::finish);
    assert_eq!(end, Err(HResult::VSS_E_VOLUME_IN_USE));
    assert_eq!(held(&room), 3);
}
