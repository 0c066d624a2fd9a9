//! A trace that is kept: one backup and resync, as other programs may read it.

use std::fs;
use std::path::Path;

use vss_conformance::trace::Traced;
use vss_sim::api::face::Vss;
use vss_sim::api::{Action, Backend, RecoveryOptions, SnapshotContext};
use vss_sim::lab::Lab;
use vss_sim::service::Simulator;

use crate::{differences, replayed, sections};

fn backup_and_resync() -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let lab = Lab::default_lab();
    let mut bytes = Vec::new();
    let mut traced = Traced::new(Simulator::new(&lab)?, &mut bytes);
    traced.load(&lab)?;
    let vss = Vss::new(traced);
    vss.act(&Action::WriteVolume { volume: r"D:\".into(), offset: 1 << 20, bytes: b"good".to_vec() })?;
    let backup = vss.create_vss_backup_components()?;
    backup.initialize_for_backup(None)?;
    backup.set_context(SnapshotContext::NAS_ROLLBACK)?;
    backup.start_snapshot_set()?;
    let snapshot = backup.add_to_snapshot_set(r"D:\", None)?;
    backup.do_snapshot_set()?.finish()?;
    let document = backup.save_as_xml()?;
    drop(backup);
    vss.act(&Action::WriteVolume { volume: r"D:\".into(), offset: 1 << 20, bytes: b"lost".to_vec() })?;
    let restore = vss.create_vss_backup_components()?;
    restore.initialize_for_restore(&document)?;
    restore.add_snapshot_to_recovery_set(snapshot, None)?;
    restore.recover_set(RecoveryOptions::empty())?.finish()?;
    drop((restore, vss));
    Ok(bytes)
}

#[test]
fn it_is_up_to_date_and_replays() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/traces/backup-and-resync.jsonl");
    let text = String::from_utf8(backup_and_resync().expect("the simulator does that")).expect("JSON lines");
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(&path, &text).expect("it can be written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "run the tests with UPDATE_FIXTURES=1 to rewrite {}", path.display());
    let sections = sections(&kept);
    let replayed = replayed(&sections, None);
    assert_eq!(differences(&replayed), []);
    assert!(replayed[0].calls() > 10, "{}", replayed[0].calls());
}
