//! The library as vsslab loads it: the reference provider against itself without COM, and what wrong ones do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use vss_com::provider::client::ComProvider;
use vss_com::provider::make_provider;
use vss_conformance::provider::Suite;
use vss_sim::api::face::Vss;
use vss_sim::api::{
    Action, Answer, Guid, HResult, ProviderCallSeen, Question, RecoveryOptions, SnapshotContext,
};
use vss_sim::lab::{ComClass, Lab, Provider};
use vss_sim::provider::ArrayProvider;
use vss_sim::service::Simulator;
use vssprovider::{CRASHES, DESCRIBES_SOURCE, HANGS, REFERENCE};

/// Where cargo puts the library that these tests are of.
fn library() -> PathBuf {
    let test = std::env::current_exe().expect("the test knows where it is");
    let name = format!("{}vssprovider{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let beside = test.parent().expect("a directory").join(&name);
    assert!(beside.exists(), "{} is not built", beside.display());
    beside
}

fn lab(clsid: Guid) -> Lab {
    let class = ComClass { dll: Some(library().display().to_string()), clsid, own_storage: false };
    let mut lab = Lab::default_lab();
    lab.providers[0].com = Some(class);
    lab
}

fn simulator(lab: &Lab) -> Simulator {
    Simulator::with_providers(lab, make_provider()).expect("the library has the class")
}

/// A backup of D:, a mistake, and the way back; answers what VSS said to the provider and heard of it.
fn backup_and_resync(simulator: Simulator) -> Result<Vec<ProviderCallSeen>, HResult> {
    let vss = Vss::new(simulator);
    let write = |text: &[u8]| {
        let action = Action::WriteVolume { volume: r"D:\".into(), offset: 1 << 20, bytes: text.into() };
        vss.act(&action).expect("D: is there");
    };
    let read = || vss.ask(&Question::ReadVolume { volume: r"D:\".into(), offset: 1 << 20, length: 4 });
    vss.act(&Action::WatchProviders).expect("the simulator can");
    write(b"good");
    let backup = vss.create_vss_backup_components()?;
    backup.initialize_for_backup(None)?;
    backup.set_context(SnapshotContext::NAS_ROLLBACK)?;
    backup.start_snapshot_set()?;
    let snapshot = backup.add_to_snapshot_set(r"D:\", None)?;
    backup.do_snapshot_set()?.finish()?;
    let document = backup.save_as_xml()?;
    write(b"lost");
    let restore = vss.create_vss_backup_components()?;
    restore.initialize_for_restore(&document)?;
    restore.add_snapshot_to_recovery_set(snapshot, None)?;
    restore.recover_set(RecoveryOptions::empty())?.finish()?;
    assert_eq!(read(), Ok(Answer::Bytes(b"good".to_vec())));
    match vss.ask(&Question::ProviderCalls) {
        Ok(Answer::ProviderCalls(seen)) => Ok(seen),
        other => panic!("{other:?}"),
    }
}

/// What both have to agree in: all but the time that the machine took.
fn comparable(seen: Vec<ProviderCallSeen>) -> Vec<ProviderCallSeen> {
    let without_time = |mut seen: ProviderCallSeen| {
        seen.at_ms = 0;
        seen.reply.took_ms = 0;
        seen
    };
    seen.into_iter().map(without_time).collect()
}

#[test]
fn a_backup_and_a_resync_go_through_the_library() {
    let through = backup_and_resync(simulator(&lab(REFERENCE))).expect("it works");
    let direct = backup_and_resync(simulator(&Lab::default_lab())).expect("it works");
    assert!(through.iter().any(|seen| seen.call.method().name == "ResyncLuns"));
    assert_eq!(comparable(through), comparable(direct));
}

/// Each case's verdict.
fn verdicts(suite: &Suite) -> BTreeMap<String, Result<bool, String>> {
    suite.tests().map(|test| (test.name.clone(), test.run())).collect()
}

fn suite(clsid: Guid) -> Suite {
    let library = library();
    Suite::new(move || ComProvider::open(Some(&library), clsid).expect("the library has the class"))
}

#[test]
fn every_case_of_the_suite_says_the_same_of_the_library() {
    let direct = verdicts(&Suite::new(|| ArrayProvider::new(Provider::new("reference"))));
    let through = verdicts(&suite(REFERENCE));
    assert!(direct.len() > 20, "{} cases", direct.len());
    for (name, verdict) in direct {
        assert_eq!(through[&name], verdict, "{name}");
    }
}

#[test]
fn who_describes_the_source_is_caught() {
    let caught: Vec<String> =
        verdicts(&suite(DESCRIBES_SOURCE)).into_values().filter_map(Result::err).collect();
    assert!(caught.iter().any(|why| why.contains("GetTargetLuns")), "{caught:?}");
}

/// The variable that tells this test that it is the child.
const CLASS: &str = "VSSPROVIDER_TEST_CLASS";

/// Not a test by itself: what the next ones run in a process of its own.
#[test]
fn child() {
    let Some(class) = std::env::var_os(CLASS) else { return };
    let class = class.to_str().and_then(|class| class.parse().ok()).expect("a class");
    let _ = backup_and_resync(simulator(&lab(class)));
}

fn run(class: Guid) -> Child {
    Command::new(std::env::current_exe().expect("it runs"))
        .args(["--exact", "child"])
        .env(CLASS, class.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the test can be run again")
}

#[test]
fn who_crashes_ends_its_process() {
    let status = run(CRASHES).wait().expect("it ends");
    assert!(!status.success());
    assert_ne!(status.code(), Some(101), "that is a test that failed");
    assert!(run(REFERENCE).wait().expect("it ends").success());
}

#[test]
fn who_hangs_is_still_there_after_a_while() {
    let mut child = run(HANGS);
    let until = Instant::now() + Duration::from_secs(3);
    while Instant::now() < until {
        assert_eq!(child.try_wait().expect("a child"), None);
        std::thread::sleep(Duration::from_millis(100));
    }
    child.kill().expect("it is there");
    child.wait().expect("it ends");
}

#[test]
fn what_the_library_lacks_is_told() {
    let told =
        |dll: &Path, clsid| ComProvider::open(Some(dll), clsid).expect_err("there is none").to_string();
    let none = told(&library(), Guid::nil());
    assert!(none.contains("has no class {00000000-0000-0000-0000-000000000000}"), "{none}");
    let error = Simulator::new(&lab(REFERENCE)).expect_err("the simulator alone loads nothing").to_string();
    assert!(error.contains("COM class {7673736c-0c1a-4550-8000-000000000001}"), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_library_that_is_no_com_server_is_told() {
    // The C library, which every process has loaded.
    let maps = std::fs::read_to_string("/proc/self/maps").expect("Linux says so");
    let other = maps.split_whitespace().find(|word| word.starts_with('/') && word.contains("libc.so"));
    let told = ComProvider::open(other.map(Path::new), REFERENCE).expect_err("it is none").to_string();
    assert!(told.contains("exports no `DllGetClassObject`: it is no COM server"), "{told}");
}
