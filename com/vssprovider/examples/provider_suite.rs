//! The suite for hardware providers on a class of a library, in one process: `provider_suite DLL CLSID [FAILS]`.
//!
//! It prints what failed, and why. With `FAILS` given it succeeds if something fails and says so.

use std::path::PathBuf;
use std::process::ExitCode;
use vss_com::provider::client::ComProvider;
use vss_conformance::provider::Suite;
use vss_sim::api::Guid;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [dll, clsid, fails @ ..] = arguments.as_slice() else {
        return Err("usage: provider_suite DLL CLSID [FAILS]".into());
    };
    let (dll, clsid) = (PathBuf::from(dll), Guid::parse_str(clsid)?);
    // What cannot be loaded is told before the first case.
    drop(ComProvider::open(Some(&dll), clsid)?);
    let suite = Suite::new(move || match ComProvider::open(Some(&dll), clsid) {
        Ok(provider) => provider,
        Err(error) => panic!("it was there before: {error}"),
    });
    let (mut passed, mut skipped, mut failed) = (0, 0, Vec::new());
    for test in suite.tests() {
        match test.run() {
            Ok(true) => passed += 1,
            Ok(false) => skipped += 1,
            Err(why) => failed.push(format!("FAIL {}\n{why}\n", test.name)),
        }
    }
    failed.iter().for_each(|why| println!("{why}"));
    println!("{passed} pass, {skipped} do not apply, {} fail", failed.len());
    let as_wanted = match fails {
        [] => failed.is_empty() && passed > 0,
        [wanted, ..] => failed.iter().any(|why| why.contains(wanted.as_str())),
    };
    Ok(if as_wanted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
