//! The suite for hardware providers over the reference provider, each case a test of its own: what a vendor does with
//! their own.

use libtest_mimic::{Arguments, Completion, Trial};
use vss_conformance::provider::Suite;
use vss_sim::provider::reference;

fn main() {
    let suite = Suite::of(reference());
    let trials = suite
        .tests()
        .map(|test| {
            Trial::ignorable_test(test.name.clone(), move || {
                // A case that does not apply to the provider counts as ignored.
                Ok(if test.run()? { Completion::Completed } else { Completion::Ignored { reason: None } })
            })
        })
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
