//! What cannot be: directories that are not there, and files that cannot be copied.

use std::fs;
use std::path::Path;

use vss_files::Files;
use vss_sim::api::*;
use vss_sim::lab::Lab;
use vss_sim::service::Simulator;

use crate::rig::*;

fn refusal(lab: &Lab) -> String {
    let simulator = Simulator::new(lab).expect("the lab is right");
    Files::new(simulator, lab).map(drop).expect_err("the directory is of no use").reason
}

#[test]
fn a_directory_that_is_missing_or_none_is_named() {
    let rig = Rig::new();
    fs::write(rig.outside("file"), "").unwrap();
    for name in ["missing", "file"] {
        let path = text(&rig.outside(name));
        let reason = refusal(&with_directory(rig.lab(), r"E:\", Path::new(&path)));
        for part in
            [r"volume `E:\`", &path, "make the directory, or correct or remove `directory` in the lab"]
        {
            assert!(reason.contains(part), "{part:?} is not in {reason:?}");
        }
    }
}

#[test]
fn a_refused_lab_leaves_the_loaded_one_as_it_is() {
    let rig = Rig::new();
    let lab = rig.lab();
    let mut files = Files::new_in(Simulator::new(&lab).unwrap(), &lab, rig.scratch()).unwrap();
    files.act(&Action::Elapse { ms: 7 }).unwrap();
    let missing = with_directory(rig.lab(), r"E:\", &rig.outside("missing"));
    files.load(&missing).expect_err("the directory is missing");
    assert_eq!(files.ask(&Question::Now), Ok(Answer::Ms(7)));
    assert_eq!(entries(&rig.scratch()).len(), 1);
    files.load(&Lab::default_lab()).unwrap();
    assert!(entries(&rig.scratch()).is_empty(), "the new lab has no files");
}

#[test]
fn scratch_needs_a_place() {
    let rig = Rig::new();
    let (lab, missing) = (rig.lab(), rig.outside("missing"));
    let refused = Files::new_in(Simulator::new(&lab).unwrap(), &lab, &missing).map(drop);
    let reason = refused.expect_err("there is no such directory").reason;
    assert!(reason.contains(&text(&missing)) && reason.contains("name another directory"), "{reason}");
    assert!(!missing.exists(), "it is not made either");
}

#[test]
fn a_directory_that_is_gone_fails_the_set() {
    let rig = Rig::new();
    let room = rig.room();
    fs::remove_dir(rig.e()).unwrap();
    let (requester, _) = begin(&room, SnapshotContext::FILE_SHARE_BACKUP, &[r"D:\", r"E:\"]);
    let operation = create(&requester);
    assert_eq!(operation.query_status(), Ok(HResult::VSS_E_PROVIDER_VETO));
    assert_eq!(operation.cancel(), Err(HResult::VSS_E_PROVIDER_VETO), "it has failed already");
    assert_eq!(operation.finish(), Err(HResult::VSS_E_PROVIDER_VETO));
    assert!(rig.copies().is_empty() && seen(&room).is_empty(), "of D: neither");
    let message = &logged(&room, HResult::VSS_E_PROVIDER_VETO)[0];
    assert!(message.starts_with(r"volume `E:\`: `") && message.contains("repeat the backup"), "{message}");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_copied_fails_the_set_and_can_be_mended() {
    let rig = Rig::new();
    let socket = rig.d().join("a.sock");
    fs::write(rig.d().join("f"), "then").unwrap();
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let room = rig.room();
    let (requester, snapshots) = begin(&room, SnapshotContext::FILE_SHARE_BACKUP, &[r"D:\"]);
    assert_eq!(create(&requester).finish(), Err(HResult::VSS_E_PROVIDER_VETO));
    assert_eq!(requester.get_snapshot_properties(snapshots[0]), Err(HResult::VSS_E_OBJECT_NOT_FOUND));
    requester.abort_backup().unwrap();
    assert!(rig.copies().is_empty());
    let message = &logged(&room, HResult::VSS_E_PROVIDER_VETO)[0];
    assert!(message.contains("a.sock` cannot be copied: it is neither a file nor"), "{message}");
    assert!(rig.d().join("a.sock").exists() && rig.d().join("f").exists(), "the source is as it was");

    fs::remove_file(socket).unwrap();
    let (_requester, device) = copy_of_d(&room);
    assert_eq!(read(&device, "f").unwrap(), "then");
}
