//! What is refused is not done: backends that refuse as they should, and do it all the same.

use vss_conformance::case::Case;
use vss_conformance::cases;
use vss_conformance::deviants::WrongEffect;
use vss_sim::api::{Action, HResult};
use vss_sim::lab::CallerRole;

use super::missed_by;

/// Whatever stood in the way once is out of the way when the call is made again.
const DOES_WHAT_IT_REFUSES: WrongEffect = WrongEffect {
    name: "refuses as it should, and does it all the same",
    instead: |backend, on, call| {
        let reply = backend.call(on, call);
        if reply.hresult == HResult::E_ACCESSDENIED {
            let become_caller = |role| Action::BecomeCaller { role };
            // Every host knows these roles.
            let _ = backend.act(&become_caller(CallerRole::Administrator));
            backend.call(on, call);
            let _ = backend.act(&become_caller(CallerRole::User));
        } else if reply.hresult.is_failure() {
            backend.call(on, call);
        }
        Some(reply)
    },
};

/// Something goes wrong once, or the caller may not: the same call would succeed otherwise, and at once.
fn would_succeed(case: &&Case) -> bool {
    let of_every_method = case.name.starts_with("every_method::")
        && ["insufficient_privilege", "out_of_memory", "unexpected", "unexpected_legacy", "internal_error"]
            .iter()
            .any(|check| case.name.ends_with(check));
    let of_provider = ["/VSS_E_PROVIDER_VETO/", "/VSS_E_UNEXPECTED_PROVIDER_ERROR/"]
        .iter()
        .any(|code| case.outcome.contains(code))
        && case.outcome.starts_with("IVssBackupComponents");
    of_every_method || of_provider && !case.name.starts_with("provider_answers::")
}

/// Methods that leave nothing behind which a second call would show.
const SAME_AGAIN: &[&str] = &[
    "AbortBackup",
    "GetSnapshotProperties",
    "IsVolumeSnapshotted",
    "IsVolumeSnapshottedInternal",
    "IsVolumeSupported",
    "Reset",
    "SetBackupState",
    "ShouldBlockRevert",
];

/// Methods that a provider makes fail through their `IVssAsync`, after the call itself has succeeded.
const THROUGH_ASYNC: &[&str] = &["DoSnapshotSet", "RecoverSet"];

/// What stands in the way stays there: a software copy, a copy that is held or reverted to.
const STAYS_IN_THE_WAY: &[&str] = &[
    "breaking::refusals::mixed_set",
    "breaking::refusals::software_copy",
    "delete::being_reverted_to",
    "delete::held",
];

/// Whether no deviant of this kind can differ.
fn is_beyond_this(case: &Case) -> bool {
    let method = case.outcome.split('/').next().unwrap_or_default();
    let method = method.rsplit("::").next().unwrap_or_default();
    let through_async = THROUGH_ASYNC.contains(&method) && case.outcome.contains("PROVIDER");
    SAME_AGAIN.contains(&method) || through_async || STAYS_IN_THE_WAY.contains(&case.name)
}

#[test]
fn a_refused_call_that_is_carried_out_is_caught() {
    let cases: Vec<&Case> = cases::of_requesters().filter(would_succeed).collect();
    let missed = missed_by(DOES_WHAT_IT_REFUSES, cases.iter().copied());
    let (named, missed): (Vec<_>, Vec<_>) = missed.into_iter().partition(|(case, _)| is_beyond_this(case));
    let missed: Vec<String> =
        missed.into_iter().map(|(case, why)| format!("{} {}: {why}", case.outcome, case.name)).collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    // What is named above and caught all the same is to be named no longer.
    assert_eq!(named.len(), cases.iter().filter(|case| is_beyond_this(case)).count());
}
