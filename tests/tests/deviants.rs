//! Every case can fail: each is caught by each deviation of its outcome, and all documented outcomes of this slice have one.

use vss_conformance::backends::{self, Choice};
use vss_conformance::case::Case;
use vss_conformance::cases;
use vss_conformance::coverage::dispositions;
use vss_conformance::deviants::{Deviation, WrongEffect, caught_by, not_caught};
use vss_conformance::spec::Spec;
use vss_sim::api::{Action, Answer, Backend, Call, Question};
use vss_sim::lab::Lab;

#[test]
fn every_case_fails_on_its_deviants() {
    let make = backends::make(&Choice::default()).unwrap();
    let missed = not_caught(cases::all(), &make, &Lab::default_lab());
    let lines: Vec<String> =
        missed.iter().map(|(case, why)| format!("{} {}: {why}", case.outcome, case.name)).collect();
    assert!(lines.is_empty(), "{} cases show nothing:\n{}", lines.len(), lines.join("\n"));
}

/// Methods of interfaces that have others without cases.
const COVERED: &[&str] = &[
    "IVssBackupComponents::GetSnapshotProperties",
    "IVssBackupComponents::ImportSnapshots",
    "IVssBackupComponents::BreakSnapshotSet",
    "IVssBackupComponentsEx2::BreakSnapshotSetEx",
];

#[test]
fn every_outcome_of_what_is_covered_in_full_has_a_case() {
    let missing: Vec<_> = Spec::get()
        .outcomes()
        .filter(|outcome| {
            [
                "IVssBackupComponentsEx3",
                "IVssAsync",
                "IVssSoftwareSnapshotProvider",
                "IVssFileShareSnapshotProvider",
            ]
            .contains(&outcome.interface.as_str())
                || COVERED.contains(&&*outcome.method)
        })
        .filter(|outcome| !cases::all().any(|case| case.outcome == outcome.id))
        .filter(|outcome| !dispositions().contains_key(&outcome.id))
        .map(|outcome| &outcome.id)
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Something writes to the volumes that cases look at.
fn scribble(backend: &mut dyn Backend) {
    for volume in [r"D:\", r"F:\", r"G:\", r"H:\", r"S:\"] {
        let write =
            Action::WriteVolume { volume: volume.into(), offset: 1 << 20, bytes: b"scribbled".to_vec() };
        // A volume that is away, or locked, cannot be spoiled.
        let _ = backend.act(&write);
    }
}

/// A RecoverSet or Cancel that answers as it should, but leaves a LUN changed.
const CHANGES_A_LUN: WrongEffect = WrongEffect {
    name: "leaves a LUN changed",
    instead: |backend, on, call| {
        matches!(call, Call::RecoverSet { .. } | Call::Cancel {}).then(|| {
            scribble(backend);
            let reply = backend.call(on, call);
            if let Call::Cancel {} = call {
                scribble(backend);
            }
            reply
        })
    },
};

/// An operation that ends as it should, but whose LUNs do not hold what they should.
const SPOILS_WHAT_IT_COPIED: WrongEffect = WrongEffect {
    name: "spoils what it copied",
    instead: |backend, on, call| {
        matches!(call, Call::Wait { .. }).then(|| {
            let reply = backend.call(on, call);
            scribble(backend);
            reply
        })
    },
};

/// A break that answers as it should, but takes the copies' LUNs from every host.
const TAKES_THE_LUNS: WrongEffect = WrongEffect {
    name: "takes the copies' LUNs away",
    instead: |backend, on, call| {
        matches!(call, Call::BreakSnapshotSet { .. } | Call::Wait { .. }).then(|| {
            let reply = backend.call(on, call);
            let luns = backend.ask(&Question::Luns);
            let luns = if let Ok(Answer::Luns(luns)) = luns { luns } else { Vec::new() };
            for copy in luns.into_iter().filter(|lun| lun.copy.is_some()) {
                // It exists, so it can be masked.
                let _ = backend.act(&Action::MaskLun { lun: copy.name });
            }
            reply
        })
    },
};

fn not_caught_by<'c>(effect: WrongEffect, cases: impl Iterator<Item = &'c Case>) -> Vec<String> {
    let make = backends::make(&Choice::default()).expect("the simulator is in every build");
    let caught = |case: &Case| caught_by(case, Deviation::WrongEffect(effect), &make, &Lab::default_lab());
    let checked: Vec<_> = cases.map(|case| (case, caught(case))).collect();
    assert!(checked.len() >= 2, "too few cases: {}", checked.len());
    let missed =
        checked.into_iter().filter_map(|(case, caught)| Some(format!("{}: {}", case.name, caught.err()?)));
    missed.collect()
}

#[test]
fn a_refused_or_cancelled_resync_that_changes_a_lun_is_caught() {
    let refused = |case: &&Case| {
        let recover_set = case.outcome.contains("::RecoverSet/");
        let overwrites =
            ["/S_OK/", "/VSS_E_CANNOT_REVERT_DISKID/"].iter().any(|code| case.outcome.contains(code));
        recover_set && !overwrites || case.outcome.ends_with("Cancel/S_OK/cancelled-now")
    };
    let missed = not_caught_by(CHANGES_A_LUN, cases::all().filter(refused));
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn a_resync_whose_contents_are_wrong_is_caught() {
    let copies = |case: &&Case| {
        case.outcome.ends_with("RecoverSet/S_OK/completed")
            || case.outcome.ends_with("AddSnapshotToRecoverySet/S_OK/success")
            || case.outcome.contains("/VSS_E_CANNOT_REVERT_DISKID/")
    };
    let missed = not_caught_by(SPOILS_WHAT_IT_COPIED, cases::all().filter(copies));
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn a_break_that_takes_the_luns_away_is_caught() {
    let keeps = |case: &&Case| {
        case.outcome.ends_with("BreakSnapshotSet/S_OK/broken")
            // In some the copy's LUN is masked to begin with.
            || case.outcome.contains("/VSS_E_BREAK_REVERT_ID_FAILED/") && !case.name.ends_with("copy_is_masked")
    };
    let missed = not_caught_by(TAKES_THE_LUNS, cases::all().filter(keeps));
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
