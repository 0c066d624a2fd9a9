//! A case that shows its outcome fails on every deviant; one that does not is found out.

use rstest::rstest;
use vss_conformance::bench::Bench;
use vss_conformance::case;
use vss_conformance::case::{Case, Checked};
use vss_conformance::deviants::{
    Deviation, NotCaught, WrongEffect, caught, caught_by, deviations, not_caught,
};
use vss_conformance::spec::Spec;
use vss_sim::api::*;
use vss_sim::lab::Lab;

use crate::cases::CASES;
use crate::stand_in::make;

#[rstest]
#[case("IVssBackupComponentsEx3::GetSessionId/S_OK/success")]
#[case("IVssBackupComponentsEx3::RecoverSet/VSS_E_BAD_STATE/winpe")]
#[case("IVssBackupComponentsEx3::RecoverSet/VSS_E_BAD_STATE/no-initialize-for-restore")]
fn a_case_that_shows_its_outcome_is_sound(#[case] outcome: &str) {
    let case = CASES.iter().find(|case| case.outcome == outcome).expect("registered");
    assert_eq!(caught(case, &make, &Lab::default_lab()), Ok(()));
}

fn looks_at_nothing(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()
}

fn ignores_the_code(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let recover_set = Call::recover_set(RecoveryOptions::empty());
    bench.call(Object::Session(1), recover_set);
    Ok(())
}

const WINPE: &str = "IVssBackupComponentsEx3::RecoverSet/VSS_E_BAD_STATE/winpe";

#[test]
fn a_case_that_never_gets_to_the_point_is_found_out() {
    let not_caught = caught(&case!(WINPE, looks_at_nothing), &make, &Lab::default_lab());
    assert!(matches!(not_caught, Err(NotCaught::NeverShown(_))), "{not_caught:?}");
}

#[test]
fn a_case_that_ignores_the_code_is_found_out() {
    let not_caught = caught(&case!(WINPE, ignores_the_code), &make, &Lab::default_lab());
    assert!(matches!(not_caught, Err(NotCaught::Passes(_))), "{not_caught:?}");
}

#[test]
fn a_case_that_fails_anyway_is_found_out() {
    let failing: Vec<Case> =
        CASES.iter().filter(|case| case.name.ends_with("unknown_snapshot")).copied().collect();
    let all = not_caught(&failing, &make, &Lab::default_lab());
    assert!(matches!(all.as_slice(), [(_, NotCaught::NotHonest(_))]), "{all:?}");
}

#[test]
fn a_wrong_effect_by_hand() {
    let case = CASES.iter().find(|case| case.outcome.contains("GetSessionId/S_OK")).expect("registered");
    let same_id = WrongEffect {
        name: "gives every session the same id",
        instead: |_, _, call| {
            let id_session = SessionId(Guid::from_u128(1));
            matches!(call, Call::GetSessionId { .. }).then(|| Reply::ok(Out::GetSessionId { id_session }))
        },
    };
    assert_eq!(caught_by(case, Deviation::WrongEffect(same_id), &make, &Lab::default_lab()), Ok(()));
}

#[test]
fn every_outcome_of_a_requester_or_provider_has_deviations() {
    let missing: Vec<&str> = Spec::get()
        .outcomes()
        .filter(|outcome| {
            outcome.interface.starts_with("IVssBackupComponents") || outcome.interface == "IVssAsync"
        })
        .filter(|outcome| deviations(outcome).is_empty())
        .map(|outcome| outcome.id.as_str())
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}
