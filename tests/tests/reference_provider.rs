//! The suite for hardware providers over the reference provider, each case a test of its own: what a vendor does with
//! their own.

use libtest_mimic::{Arguments, Failed, Trial};
use vss_conformance::provider::Suite;
use vss_sim::provider::reference;

fn main() {
    let suite = Suite::of(reference());
    let trials = suite
        .tests()
        .map(|test| Trial::test(test.name.clone(), move || test.run().map(drop).map_err(Failed::from)))
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
