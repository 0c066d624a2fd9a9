//! Mistakes about resyncs and their `IVssAsync`.

use vss_sim::api::{
    HResult, INFINITE, Object, ProviderCall as Call, ProviderObject, ProviderOut, ProviderReply,
};

use super::wrong::Mutant;

/// The number of an `IVssAsync` that nothing stands behind.
const NOTHING: u32 = u32::MAX;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "resyncs-half",
        mistake: "copies the first LUN back and says that it is done",
        caught_by: "hardware_provider::resync::every_lun_gets_the_copys_bytes",
        instead: |wrong, on, call, array| match call {
            Call::ResyncLuns { p_source_luns, p_target_luns, pp_async, .. } => {
                let half = Call::ResyncLuns {
                    p_source_luns: p_source_luns.iter().take(1).cloned().collect(),
                    p_target_luns: p_target_luns.iter().take(1).cloned().collect(),
                    dw_count: 1,
                    pp_async: *pp_async,
                };
                wrong.rightly(on, &half, array)
            }
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "resyncs-backwards",
        mistake: "copies the original over the shadow copy",
        caught_by: "hardware_provider::resync::every_lun_gets_the_copys_bytes",
        instead: |wrong, on, call, array| match call {
            Call::ResyncLuns { p_source_luns, p_target_luns, dw_count, pp_async } => {
                let backwards = Call::ResyncLuns {
                    p_source_luns: p_target_luns.clone(),
                    p_target_luns: p_source_luns.clone(),
                    dw_count: *dw_count,
                    pp_async: *pp_async,
                };
                wrong.rightly(on, &backwards, array)
            }
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "refuses-larger-targets",
        mistake: "vetoes a target that is larger than its source",
        caught_by: "hardware_provider::resync::larger_target_takes_the_size_of_its_source",
        instead: |wrong, on, call, array| {
            if let Call::ResyncLuns { p_source_luns, p_target_luns, .. } = call {
                let mut size = |lun| array.find(lun).ok().flatten().and_then(|lun| array.size(lun).ok());
                let larger = p_source_luns.iter().zip(p_target_luns).any(|(from, to)| size(to) > size(from));
                if larger {
                    array.log(HResult::VSS_E_PROVIDER_VETO, "the target is larger: name a smaller one");
                    return HResult::VSS_E_PROVIDER_VETO.into();
                }
            }
            wrong.rightly(on, call, array)
        },
    },
    Mutant {
        name: "takes-foreign-targets",
        mistake: "says that it copies to a LUN that is not its own",
        caught_by: "hardware_provider::resync::foreign_lun",
        instead: |wrong, on, call, array| {
            let reply = wrong.rightly(on, call, array);
            match call {
                Call::ResyncLuns { .. } if reply.hresult == HResult::VSS_E_PROVIDER_VETO => {
                    ProviderReply::ok(ProviderOut::ResyncLuns { pp_async: Object::Async(NOTHING) })
                }
                _ => reply,
            }
        },
    },
    Mutant {
        name: "ends-with-status-zero",
        mistake: "sets the status to S_OK instead of VSS_S_ASYNC_FINISHED (as Microsoft's sample does)",
        caught_by: "hardware_provider::resync::pending_then_finished",
        instead: |wrong, on, call, array| {
            let mut reply = wrong.rightly(on, call, array);
            if let Some(ProviderOut::QueryStatus { p_hr_result, .. }) = &mut reply.out
                && *p_hr_result == HResult::VSS_S_ASYNC_FINISHED
            {
                *p_hr_result = HResult::S_OK;
            }
            reply
        },
    },
    Mutant {
        name: "does-not-wait",
        mistake: "returns from Wait at once",
        caught_by: "hardware_provider::resync::wait_waits",
        instead: |wrong, on, call, array| match (on, call) {
            (ProviderObject::Async(_), Call::Wait { .. }) => ProviderReply::OK,
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "heeds-no-limit",
        mistake: "waits for the end, whatever limit Wait is given (as Microsoft's sample does)",
        caught_by: "hardware_provider::resync::wait_waits",
        instead: |wrong, on, call, array| match call {
            Call::Wait { .. } => {
                // A real one takes longer than the simulated array.
                let reply = wrong.rightly(on, &Call::Wait { dw_milliseconds: INFINITE }, array);
                ProviderReply { took_ms: reply.took_ms.max(3_000), ..reply }
            }
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "does-not-cancel",
        mistake: "returns S_OK from Cancel and goes on (as Microsoft's sample does)",
        caught_by: "hardware_provider::resync::cancel_stops_it",
        instead: |wrong, on, call, array| match call {
            Call::Cancel {} => ProviderReply::OK,
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "cancels-what-is-done",
        mistake: "returns S_OK from Cancel when nothing is left to cancel",
        caught_by: "hardware_provider::resync::cancel_comes_too_late",
        instead: |wrong, on, call, array| {
            let reply = wrong.rightly(on, call, array);
            if let Call::Cancel {} = call { ProviderReply::OK } else { reply }
        },
    },
];
