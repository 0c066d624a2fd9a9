//! Wrong effects made by hand.

use vss_conformance::bench::object_of;
use vss_conformance::case::Case;
use vss_conformance::cases;
use vss_conformance::deviants::WrongEffect;
use vss_sim::api::{
    Action, Answer, Backend, Call, INFINITE, Object, ObjectType, Out, ProviderId, Question, Reply,
    SnapshotContext, SnapshotId,
};
use vss_sim::lab::CallerRole;

use super::{not_caught_beside, not_caught_by};

/// Something writes to the volumes that cases look at.
fn scribble(backend: &mut dyn Backend) {
    for volume in [r"D:\", r"F:\", r"G:\", r"H:\", r"S:\"] {
        let write =
            Action::WriteVolume { volume: volume.into(), offset: 1 << 20, bytes: b"scribbled".to_vec() };
        // A volume that is away, or locked, cannot be spoiled.
        let _ = backend.act(&write);
    }
}

/// The call is made, and waited for if it hands out an `IVssAsync`.
fn finished(backend: &mut dyn Backend, on: Object, call: &Call) -> Reply {
    let reply = backend.call(on, call);
    if let Some(operation @ Object::Async(_)) = reply.out.as_ref().and_then(object_of) {
        backend.call(operation, &Call::Wait { dw_milliseconds: INFINITE });
    }
    reply
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
        matches!(call, Call::RecoverSet { .. }).then(|| {
            let reply = finished(backend, on, call);
            scribble(backend);
            reply
        })
    },
};

/// A break that answers as it should, but takes the copies' LUNs from every host.
const TAKES_THE_LUNS: WrongEffect = WrongEffect {
    name: "takes the copies' LUNs away",
    instead: |backend, on, call| {
        matches!(call, Call::BreakSnapshotSet { .. } | Call::BreakSnapshotSetEx { .. }).then(|| {
            let reply = finished(backend, on, call);
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

/// The disk stays offline, and no deviant can write on it.
const ON_A_DISK_THAT_IS_OFFLINE: &[&str] = &["recover_set::disk_refuses_the_write"];

#[test]
fn a_resync_whose_contents_are_wrong_is_caught() {
    let copies = |case: &&Case| {
        case.outcome.ends_with("RecoverSet/S_OK/completed")
            || case.outcome.ends_with("AddSnapshotToRecoverySet/S_OK/success")
            || case.outcome.contains("/VSS_E_CANNOT_REVERT_DISKID/")
    };
    let missed =
        not_caught_beside(SPOILS_WHAT_IT_COPIED, cases::all().filter(copies), ON_A_DISK_THAT_IS_OFFLINE);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// The copy's LUN is masked to begin with, or is to be in the end.
const MASKED_ANYWAY: &[&str] = &[
    "breaking::flags::masked",
    "breaking::exposed::keeps_its_letter_while_masked",
    "breaking::exposed::keeps_its_letter_while_masked_with_another_identity",
    "breaking::flags::read_write_and_masked",
    "breaking::identities::mbr_copy_is_masked",
    "breaking::identities::gpt_copy_is_masked",
];

#[test]
fn a_break_that_takes_the_luns_away_is_caught() {
    let keeps = |case: &&Case| {
        case.outcome.ends_with("/S_OK/broken") || case.outcome.contains("/VSS_E_BREAK_REVERT_ID_FAILED/")
    };
    let missed = not_caught_beside(TAKES_THE_LUNS, cases::all().filter(keeps), MASKED_ANYWAY);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// A break that answers as it should, but takes away the names under which copies are exposed.
const TAKES_THE_NAMES: WrongEffect = WrongEffect {
    name: "takes the names of exposed copies away",
    instead: |backend, on, call| {
        matches!(call, Call::BreakSnapshotSet { .. } | Call::BreakSnapshotSetEx { .. }).then(|| {
            let copies = backend.ask(&Question::Snapshots);
            let copies = if let Ok(Answer::Snapshots(copies)) = copies { copies } else { Vec::new() };
            for copy in copies {
                backend.call(on, &Call::UnexposeSnapshot { snapshot_id: copy.snapshot_id });
            }
            finished(backend, on, call)
        })
    },
};

#[test]
fn a_break_that_takes_the_names_away_is_caught() {
    let exposed = |case: &&Case| case.name.contains("exposed::") && case.outcome.ends_with("/S_OK/broken");
    let cases: Vec<Case> = cases::all().filter(exposed).copied().collect();
    assert!(!cases.is_empty(), "no case breaks exposed copies");
    let missed = not_caught_by(TAKES_THE_NAMES, cases.iter());
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// A DeleteSnapshots that says it has deleted one copy, and has not.
const KEEPS_WHAT_IT_DELETES: WrongEffect = WrongEffect {
    name: "keeps what it says it has deleted",
    instead: |_, _, call| {
        matches!(call, Call::DeleteSnapshots { .. }).then(|| {
            Reply::ok(Out::DeleteSnapshots {
                pl_deleted_snapshots: 1,
                p_nondeleted_snapshot_id: SnapshotId::NULL,
            })
        })
    },
};

#[test]
fn a_deletion_that_deletes_nothing_is_caught() {
    let deletes = |case: &&Case| case.outcome.ends_with("DeleteSnapshots/S_OK/deleted");
    let missed = not_caught_by(KEEPS_WHAT_IT_DELETES, cases::of_requesters().filter(deletes));
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// A DeleteSnapshots that refuses as it should, and deletes all the same.
const DELETES_WHAT_IT_REFUSES: WrongEffect = WrongEffect {
    name: "deletes what it refuses to delete",
    instead: |backend, on, call| {
        let Call::DeleteSnapshots { source_object_id, e_source_object_type, .. } = call else { return None };
        let reply = backend.call(on, call);
        if reply.hresult.is_failure() {
            let set = *e_source_object_type == ObjectType::SNAPSHOT_SET;
            let kind = if set { ObjectType::SNAPSHOT_SET } else { ObjectType::SNAPSHOT };
            let again = Call::delete_snapshots(*source_object_id, kind, true);
            // A stranger's call does as little as before.
            let _ = backend.act(&Action::BecomeCaller { role: CallerRole::Administrator });
            backend.call(on, &again);
        }
        Some(reply)
    },
};

/// There is nothing to delete, or no deviant could delete it either.
const NOTHING_TO_DELETE: &[&str] = &[
    "delete::being_reverted_to",
    "delete::in_the_making",
    "delete::null_id",
    "delete::unknown",
    "every_method::not_started::not_started",
    "every_method::not_started::not_started_legacy",
];

#[test]
fn a_refused_deletion_that_deletes_is_caught() {
    let refused =
        |case: &&Case| case.outcome.contains("::DeleteSnapshots/") && !case.outcome.contains("/S_OK/");
    let missed =
        not_caught_beside(DELETES_WHAT_IT_REFUSES, cases::of_requesters().filter(refused), NOTHING_TO_DELETE);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// An ExposeSnapshot that hands out the name, under which nothing is to be seen.
const NAMES_NOTHING: WrongEffect = WrongEffect {
    name: "hands out a name and exposes nothing",
    instead: |_, _, call| {
        let Call::ExposeSnapshot { wsz_expose, .. } = call else { return None };
        let pwsz_exposed = wsz_expose.clone().unwrap_or_else(|| "share".into());
        Some(Reply::ok(Out::ExposeSnapshot { pwsz_exposed }))
    },
};

#[test]
fn an_exposure_that_shows_nothing_is_caught() {
    let exposes = |case: &&Case| case.outcome.ends_with("ExposeSnapshot/S_OK/exposed");
    let missed = not_caught_by(NAMES_NOTHING, cases::of_requesters().filter(exposes));
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// A Next that refuses as it should, and passes over an object.
const PASSES_ON_AS_IT_REFUSES: WrongEffect = WrongEffect {
    name: "passes over an object as it refuses",
    instead: |backend, on, call| {
        matches!(call, Call::Next { .. }).then(|| {
            let reply = backend.call(on, call);
            if reply.hresult.is_failure() {
                backend.call(on, &Call::Skip { celt: 1 });
            }
            reply
        })
    },
};

#[test]
fn a_refused_next_that_loses_an_object_is_caught() {
    let refused =
        |case: &&Case| ["Next/E_FAIL/", "Next/E_POINTER/"].iter().any(|code| case.outcome.contains(code));
    let missed = not_caught_by(PASSES_ON_AS_IT_REFUSES, cases::of_requesters().filter(refused));
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// A release that lets go of the object, and keeps its copies.
const KEEPS_COPIES: WrongEffect = WrongEffect {
    name: "keeps the copies of an object that is released",
    instead: |_, on, call| (matches!(on, Object::Session(_)) && *call == Call::RELEASE).then_some(Reply::OK),
};

#[test]
fn copies_that_outlive_their_requester_are_caught() {
    let released = |case: &&Case| {
        ["gone_with_its_requester", "gone_some_time_later"].iter().any(|name| case.name.ends_with(name))
    };
    let missed = not_caught_by(KEEPS_COPIES, cases::of_requesters().filter(released));
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// A DoSnapshotSet that fails as it should, but leaves a LUN with a copy that nobody knows of.
const LEAVES_A_LUN: WrongEffect = WrongEffect {
    name: "leaves a LUN behind when it fails",
    instead: |backend, on, call| {
        matches!(call, Call::DoSnapshotSet { .. }).then(|| {
            let reply = finished(backend, on, call);
            if has_failed(backend, &reply) {
                leave_a_lun(backend);
            }
            reply
        })
    },
};

/// Whether what has ended has failed.
fn has_failed(backend: &mut dyn Backend, reply: &Reply) -> bool {
    let Some(operation) = reply.out.as_ref().and_then(object_of) else { return reply.hresult.is_failure() };
    match backend.call(operation, &Call::QUERY_STATUS).out {
        Some(Out::QueryStatus { p_hr_result, .. }) => p_hr_result.is_failure(),
        _ => false,
    }
}

/// VSS forgets a set that is broken, whose LUNs stay.
fn leave_a_lun(backend: &mut dyn Backend) {
    let created = backend.call(Object::HOST, &Call::CREATE_VSS_BACKUP_COMPONENTS);
    let Some(session) = created.out.as_ref().and_then(object_of) else { return };
    backend.call(session, &Call::InitializeForBackup { bstr_xml: None });
    backend.call(session, &Call::SetContext { l_context: SnapshotContext::NAS_ROLLBACK });
    let started = backend.call(session, &Call::START_SNAPSHOT_SET);
    backend.call(session, &Call::add_to_snapshot_set(r"D:\", ProviderId::NULL));
    finished(backend, session, &Call::DO_SNAPSHOT_SET);
    if let Some(Out::StartSnapshotSet { p_snapshot_set_id }) = started.out {
        backend.call(session, &Call::break_snapshot_set(p_snapshot_set_id));
    }
    backend.call(session, &Call::RELEASE);
}

#[test]
fn a_failed_creation_that_leaves_a_lun_is_caught() {
    let fails = |case: &&Case| {
        let creates = case.outcome.contains("::DoSnapshotSet/")
            || case.outcome.starts_with("IVssProviderCreateSnapshotSet::")
                && case.name.contains("::creation::");
        // Refused at once: another deviant's. Where the array's driver is stuck, no deviant can make a LUN either.
        let at_once = case.outcome.contains("/VSS_E_BAD_STATE/") || case.name.starts_with("every_method::");
        let stuck =
            ["::driver_is_stuck", "::driver_of_old_is_stuck"].iter().any(|name| case.name.ends_with(name));
        creates && !case.outcome.contains("/S_OK/") && !at_once && !stuck
    };
    let missed = not_caught_by(LEAVES_A_LUN, cases::all().filter(fails));
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
