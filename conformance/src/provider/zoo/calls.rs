//! Mistakes about codes, the order of calls, and time.

use vss_sim::api::{HResult, ProviderCall as Call, ProviderOut, ProviderReply, SnapshotSetId};
use vss_sim::provider::ArrayError;

use super::port::Without;
use super::wrong::{Mutant, known};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "answers-s-false",
        mistake: "returns S_FALSE where it succeeds",
        caught_by: "hardware_provider::codes::succeeds",
        instead: |wrong, on, call, array| wrong.with_code(on, call, array, HResult::S_FALSE),
    },
    Mutant {
        name: "takes-any-parameter",
        mistake: "returns S_OK to parameters that nobody can work with",
        caught_by: "hardware_provider::codes::bad_parameter",
        instead: |wrong, on, call, array| {
            let reply = wrong.rightly(on, call, array);
            if reply.hresult == HResult::E_INVALIDARG { ProviderReply::OK } else { reply }
        },
    },
    Mutant {
        name: "returns-e-fail",
        mistake: "returns E_FAIL when the array is out of resources",
        caught_by: "hardware_provider::codes::out_of_resources",
        instead: |wrong, on, call, array| {
            let reply = wrong.rightly(on, call, array);
            if reply.hresult == HResult::E_OUTOFMEMORY { HResult::E_FAIL.into() } else { reply }
        },
    },
    Mutant {
        name: "vetoes-silently",
        mistake: "returns VSS_E_PROVIDER_VETO without an event-log entry",
        caught_by: "hardware_provider::codes::array_fails",
        instead: |wrong, on, call, array| wrong.rightly(on, call, &mut Without::log(array)),
    },
    Mutant {
        name: "calls-a-full-array-broken",
        mistake: "returns VSS_E_PROVIDER_VETO when there is no room left",
        caught_by: "hardware_provider::codes::out_of_space",
        instead: |wrong, on, call, array| {
            let reply = wrong.rightly(on, call, array);
            let full = reply.hresult == HResult::VSS_E_INSUFFICIENT_STORAGE;
            if full { HResult::VSS_E_PROVIDER_VETO.into() } else { reply }
        },
    },
    Mutant {
        name: "heeds-no-order",
        mistake: "returns S_OK to calls that are not due",
        caught_by: "hardware_provider::sets::out_of_order",
        instead: |wrong, on, call, array| {
            let reply = wrong.rightly(on, call, array);
            let refused = reply.hresult == HResult::VSS_E_PROVIDER_VETO;
            if refused && is_of_a_set(call) { ProviderReply::OK } else { reply }
        },
    },
    Mutant {
        name: "knows-every-set",
        mistake: "returns S_OK to sets that it never prepared",
        caught_by: "hardware_provider::sets::unknown_set",
        instead: |wrong, on, call, array| {
            let reply = wrong.rightly(on, call, array);
            if reply.hresult == HResult::VSS_E_OBJECT_NOT_FOUND { ProviderReply::OK } else { reply }
        },
    },
    Mutant {
        name: "insists-on-its-set",
        mistake: "refuses a new set while it has another in hand",
        caught_by: "hardware_provider::sets::new_set_drops_the_old",
        instead: |wrong, on, call, array| {
            match call {
                Call::BeginPrepareSnapshot { snapshot_set_id, .. } => {
                    if wrong.set != SnapshotSetId::NULL && wrong.set != *snapshot_set_id {
                        return HResult::VSS_E_BAD_STATE.into();
                    }
                    wrong.set = *snapshot_set_id;
                }
                Call::PostFinalCommitSnapshots { .. }
                | Call::AbortSnapshots { .. }
                | Call::OnUnload { .. } => {
                    wrong.set = SnapshotSetId::NULL;
                }
                _ => {}
            }
            wrong.rightly(on, call, array)
        },
    },
    Mutant {
        name: "commits-late",
        mistake: "needs eleven seconds to commit",
        caught_by: "hardware_provider::commit::inside_the_window",
        instead: |wrong, on, call, array| {
            let reply = wrong.rightly(on, call, array);
            let late = matches!(call, Call::CommitSnapshots { .. });
            ProviderReply { took_ms: if late { 11_000 } else { reply.took_ms }, ..reply }
        },
    },
    Mutant {
        name: "dawdles-while-frozen",
        mistake: "needs a minute and more between Freeze and Thaw",
        caught_by: "hardware_provider::commit::inside_the_freeze",
        instead: |wrong, on, call, array| {
            let reply = wrong.rightly(on, call, array);
            let slow = matches!(call, Call::PreCommitSnapshots { .. } | Call::PostCommitSnapshots { .. });
            ProviderReply { took_ms: if slow { 31_000 } else { reply.took_ms }, ..reply }
        },
    },
    Mutant {
        name: "writes-while-committing",
        mistake: "does I/O during CommitSnapshots",
        caught_by: "hardware_provider::commit::no_io_of_its_own",
        instead: |wrong, on, call, array| {
            if let Call::BeginPrepareSnapshot { rg_lun_information, .. } = call {
                wrong.luns = known(rg_lun_information, array);
            }
            let reply = wrong.rightly(on, call, array);
            if let (Call::CommitSnapshots { .. }, Some(lun)) = (call, wrong.luns.first()) {
                let _: Result<(), ArrayError> = array.write_through_host(*lun, 131_072, b"trace");
            }
            reply
        },
    },
    Mutant {
        name: "logs-while-frozen",
        mistake: "writes to the event log between Freeze and Thaw",
        caught_by: "hardware_provider::commit::no_log_while_frozen",
        instead: |wrong, on, call, array| {
            if let Call::PreCommitSnapshots { .. } = call {
                array.log(HResult::S_OK, "ready to commit");
            }
            wrong.rightly(on, call, array)
        },
    },
    Mutant {
        name: "refuses-to-unload",
        mistake: "returns S_FALSE to OnUnload, forced or not",
        caught_by: "hardware_provider::reclaim::unloads_when_idle",
        instead: |wrong, on, call, array| match call {
            Call::OnUnload { .. } => {
                wrong.rightly(on, &Call::OnUnload { b_force_unload: true }, array);
                HResult::S_FALSE.into()
            }
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "fails-when-busy",
        mistake: "returns VSS_E_BAD_STATE to OnUnload(FALSE) while it has a set in hand",
        caught_by: "hardware_provider::reclaim::asks_to_stay_loaded",
        instead: |wrong, on, call, array| {
            let reply = wrong.rightly(on, call, array);
            let busy = reply.hresult == HResult::S_FALSE;
            if busy { HResult::VSS_E_BAD_STATE.into() } else { reply }
        },
    },
    Mutant {
        name: "errs-on-foreign-luns",
        mistake: "returns an error from AreLunsSupported for a LUN that is not its own",
        caught_by: "hardware_provider::support::foreign_lun_is_no_error",
        instead: |wrong, on, call, array| {
            let reply = wrong.rightly(on, call, array);
            match reply.out {
                Some(ProviderOut::AreLunsSupported { pb_is_supported: false, .. }) => HResult::E_FAIL.into(),
                _ => reply,
            }
        },
    },
    Mutant {
        name: "errs-on-unknown-disks",
        mistake: "returns an error from FillInLunInfo for a LUN that it does not know",
        caught_by: "hardware_provider::presence::unknown_lun",
        instead: |wrong, on, call, array| {
            let reply = wrong.rightly(on, call, array);
            match reply.out {
                Some(ProviderOut::FillInLunInfo { pb_is_supported: false, .. }) => {
                    HResult::E_INVALIDARG.into()
                }
                _ => reply,
            }
        },
    },
    Mutant {
        name: "vetoes-what-it-lacks",
        mistake: "returns VSS_E_PROVIDER_VETO from BeginPrepareSnapshot for LUNs and contexts that it does not support",
        caught_by: "hardware_provider::support::foreign_lun",
        instead: |wrong, on, call, array| {
            let reply = wrong.rightly(on, call, array);
            match reply.hresult {
                HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER | HResult::VSS_E_UNSUPPORTED_CONTEXT => {
                    HResult::VSS_E_PROVIDER_VETO.into()
                }
                _ => reply,
            }
        },
    },
];

fn is_of_a_set(call: &Call) -> bool {
    call.method().interface == "IVssProviderCreateSnapshotSet"
}
