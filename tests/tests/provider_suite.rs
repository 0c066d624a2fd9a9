//! The suite for hardware providers: it passes the reference provider, catches every wrong one, and none of its cases is
//! there for nothing.

use rstest::rstest;
use vss_conformance::case::Case;
use vss_conformance::cases;
use vss_conformance::provider::zoo::{self, Matrix};
use vss_conformance::provider::{Profile, Suite};
use vss_sim::api::Guid;
use vss_sim::lab::{ComClass, CopyKind, Lab, Provider};
use vss_sim::provider::{ArrayProvider, MakeProvider};

fn reference(able: impl Fn(&mut Provider)) -> (Lab, Suite) {
    let mut lab = Lab::default_lab();
    able(&mut lab.providers[0]);
    let abilities = lab.providers[0].clone();
    (lab.clone(), Suite::new(move || ArrayProvider::new(abilities.clone())).in_lab(lab))
}

/// Names of the cases that fail or are skipped against the profile.
fn fails(suite: &Suite) -> Vec<String> {
    suite.tests().filter_map(|test| test.run().err().map(|why| format!("{}: {why}", test.name))).collect()
}

#[rstest]
fn the_reference_provider_is_conformant_with_every_profile(
    #[values(Profile::Basic, Profile::Transportable, Profile::Plex, Profile::Differential, Profile::Resync)]
    profile: Profile,
) {
    let (_, suite) = reference(|_| {});
    assert_eq!(fails(&suite.profile(profile)), [""; 0]);
}

/// A provider that can do less is conformant with what it claims, and with no more.
#[rstest]
#[case(|provider: &mut Provider| provider.resync = false, Profile::Resync)]
#[case(|provider: &mut Provider| provider.transportable = false, Profile::Transportable)]
#[case(|provider: &mut Provider| provider.copies = vec![CopyKind::Clone], Profile::Differential)]
#[case(|provider: &mut Provider| provider.copies = vec![CopyKind::Differential], Profile::Plex)]
fn what_a_provider_does_not_claim_it_may_lack(#[case] less: fn(&mut Provider), #[case] profile: Profile) {
    let (_, suite) = reference(less);
    assert_eq!(fails(&suite), [""; 0]);
    let missed = fails(&suite.profile(profile));
    assert!(
        !missed.is_empty()
            && missed.iter().all(|why| why.contains(&format!("the profile `{profile}` demands this case"))),
        "{missed:?}"
    );
}

#[test]
fn every_wrong_provider_is_caught_by_the_case_meant_for_it() {
    let matrix = Matrix::of(&Lab::default_lab());
    let escaped: Vec<&str> = matrix.escaped().iter().map(|mutant| mutant.name).collect();
    assert_eq!(escaped, [""; 0]);
    let useless: Vec<(&str, &str)> = matrix.useless().iter().map(|case| (case.name, case.outcome)).collect();
    assert_eq!(useless, []);
    assert!(zoo::mutants().count() >= 20);
    insta::assert_snapshot!("wrong_providers", matrix.to_string());
}

#[test]
fn each_wrong_provider_has_a_name_of_its_own_and_a_case_that_exists() {
    let mut names: Vec<&str> = zoo::mutants().map(|mutant| mutant.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), zoo::mutants().count());
    let known: Vec<&str> = cases::of_hardware_providers().map(|case: &Case| case.name).collect();
    for mutant in zoo::mutants() {
        assert!(known.contains(&mutant.caught_by), "{}: {}", mutant.name, mutant.caught_by);
    }
}

/// A failure tells what was documented, what came and how it came to that.
#[test]
fn a_failing_case_explains_itself() {
    let mutant = zoo::named("commits-late").expect("a mutant");
    let suite = Suite::of(mutant.make());
    let failing = suite.tests().find_map(|test| test.run().err()).expect("it is caught");
    insta::assert_snapshot!("a_failure", failing);
}

/// Of a provider with storage of its own only the reports are checked: what is wrong with them is still found.
#[test]
fn a_provider_with_storage_of_its_own_is_checked_by_what_it_reports() {
    let mut lab = Lab::default_lab();
    lab.providers[0].com = Some(ComClass { dll: None, clsid: Guid::from_u128(1), own_storage: true });
    let run = |make: MakeProvider| {
        let ran = Suite::of(make).in_lab(lab.clone()).profile(Profile::Resync);
        let count = |wanted: fn(&Result<bool, String>) -> bool| {
            ran.tests().filter(|test| wanted(&test.run())).count()
        };
        (count(|ran| *ran == Ok(true)), count(Result::is_err))
    };
    let able = |described: &Provider| Provider { com: None, ..described.clone() };
    let (passed, failed) =
        run(std::sync::Arc::new(move |described| Ok(Box::new(ArrayProvider::new(able(described))))));
    assert_eq!(failed, 0);
    assert!(passed > 50, "{passed} cases need no look at storage");
    for name in ["commits-late", "leaves-out-the-version", "ends-with-status-zero", "knows-every-set"] {
        let mutant = zoo::named(name).expect("a mutant").make();
        let (_, failed) = run(std::sync::Arc::new(move |described| mutant(&able(described))));
        assert!(failed > 0, "{name}");
    }
}
