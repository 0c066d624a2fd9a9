//! Mistakes about copies: when they are made, shown and deleted.

use vss_sim::api::{
    HResult, HardwareOptions, ProviderCall as Call, ProviderOut, ProviderReply, SnapshotContext,
    SnapshotSetId, VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::CopyKind;
use vss_sim::provider::ArrayPort;

use super::port::Without;
use super::wrong::{Mutant, Wrong, known};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "forgets-abort",
        mistake: "does nothing in AbortSnapshots",
        caught_by: "hardware_provider::reclaim::abort_leaves_nothing",
        instead: |wrong, on, call, array| match call {
            Call::AbortSnapshots { .. } => ProviderReply::OK,
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "dies-of-an-abort",
        mistake: "prepares nothing any more once a set was aborted",
        caught_by: "hardware_provider::reclaim::next_set_works_after_an_abort",
        instead: |wrong, on, call, array| {
            match call {
                Call::AbortSnapshots { snapshot_set_id } => wrong.set = *snapshot_set_id,
                Call::BeginPrepareSnapshot { .. } if wrong.set != SnapshotSetId::NULL => {
                    return HResult::VSS_E_BAD_STATE.into();
                }
                _ => {}
            }
            wrong.rightly(on, call, array)
        },
    },
    Mutant {
        name: "copies-a-lun-for-each-volume",
        mistake: "copies a LUN once more for each further volume on it",
        caught_by: "hardware_provider::sets::lun_of_two_volumes_is_copied_once",
        instead: |wrong, on, call, array| {
            if let Call::BeginPrepareSnapshot { rg_lun_information, .. } = call {
                for lun in known(rg_lun_information, array) {
                    if wrong.luns.contains(&lun) {
                        let _ = array.copy(lun, CopyKind::Clone);
                    }
                    wrong.luns.push(lun);
                }
            }
            wrong.rightly(on, call, array)
        },
    },
    Mutant {
        name: "keeps-the-dead-set",
        mistake: "keeps the copies of a set that died silently",
        caught_by: "hardware_provider::sets::new_set_drops_the_old",
        instead: |wrong, on, call, array| match call {
            Call::BeginPrepareSnapshot { .. } => wrong.rightly(on, call, &mut Without::deletion(array)),
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "unloads-and-leaves",
        mistake: "leaves the copies of an unfinished set behind when it is unloaded",
        caught_by: "hardware_provider::reclaim::forced_unload_drops_the_set",
        instead: |wrong, on, call, array| match call {
            Call::OnUnload { .. } => wrong.rightly(on, call, &mut Without::deletion(array)),
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "copies-too-early",
        mistake: "copies in EndPrepareSnapshots what it should copy in CommitSnapshots",
        caught_by: "hardware_provider::commit::holds_the_moment",
        instead: |wrong, on, call, array| {
            if let Call::BeginPrepareSnapshot { rg_lun_information, .. } = call {
                wrong.luns = known(rg_lun_information, array);
            }
            if let (Call::EndPrepareSnapshots { .. }, Some(lun)) = (call, wrong.luns.first().copied()) {
                wrong.luns.extend(array.copy(lun, CopyKind::Clone).ok());
            }
            let mut reply = wrong.rightly(on, call, array);
            if let (Some(ProviderOut::GetTargetLuns { rg_destination_luns }), Some(early)) =
                (&mut reply.out, wrong.luns.get(1))
            {
                rg_destination_luns.truncate(0);
                rg_destination_luns.extend(array.information(*early).ok());
            }
            reply
        },
    },
    Mutant {
        name: "copies-too-late",
        mistake: "still copies in PostCommitSnapshots, when writes go on",
        caught_by: "hardware_provider::commit::holds_the_moment",
        instead: |wrong, on, call, array| {
            if let Call::BeginPrepareSnapshot { rg_lun_information, .. } = call {
                wrong.luns = known(rg_lun_information, array);
            }
            let mut reply = wrong.rightly(on, call, array);
            if let (Call::PostCommitSnapshots { .. }, Some(lun)) = (call, wrong.luns.first().copied()) {
                wrong.luns.extend(array.copy(lun, CopyKind::Clone).ok());
            }
            if let (Some(ProviderOut::GetTargetLuns { rg_destination_luns }), Some(late)) =
                (&mut reply.out, wrong.luns.get(1))
            {
                rg_destination_luns.truncate(0);
                rg_destination_luns.extend(array.information(*late).ok());
            }
            reply
        },
    },
    Mutant {
        name: "copies-one-lun-late",
        mistake: "copies the second LUN of a volume when writes go on",
        caught_by: "hardware_provider::commit::holds_the_moment",
        instead: |wrong, on, call, array| {
            if let Call::BeginPrepareSnapshot { rg_lun_information, .. } = call {
                wrong.luns = known(rg_lun_information, array);
            }
            let mut reply = wrong.rightly(on, call, array);
            if let (Call::PostCommitSnapshots { .. }, [_, second]) = (call, wrong.luns.as_slice()) {
                let late = array.copy(*second, CopyKind::Clone).ok();
                wrong.luns.extend(late);
            }
            if let (Some(ProviderOut::GetTargetLuns { rg_destination_luns }), [_, _, late]) =
                (&mut reply.out, wrong.luns.as_slice())
            {
                rg_destination_luns.truncate(1);
                rg_destination_luns.extend(array.information(*late).ok());
            }
            reply
        },
    },
    Mutant {
        name: "ignores-plex",
        mistake: "makes a differential copy when a full one is asked for",
        caught_by: "hardware_provider::copies::plex_is_a_full_copy",
        instead: |wrong, on, call, array| {
            wrong.rightly(on, &in_context(call, Attributes::PLEX, Attributes::DIFFERENTIAL), array)
        },
    },
    Mutant {
        name: "ignores-differential",
        mistake: "makes a full copy when a differential one is asked for",
        caught_by: "hardware_provider::copies::differential_copy",
        instead: |wrong, on, call, array| {
            wrong.rightly(on, &in_context(call, Attributes::DIFFERENTIAL, Attributes::PLEX), array)
        },
    },
    Mutant {
        name: "presents-too-early",
        mistake: "presents the copies in GetTargetLuns already",
        caught_by: "hardware_provider::presence::presented_when_located_and_not_before",
        instead: |wrong, on, call, array| {
            let reply = wrong.rightly(on, call, array);
            if let Some(ProviderOut::GetTargetLuns { rg_destination_luns }) = &reply.out {
                for lun in known(rg_destination_luns, array) {
                    let _ = array.unmask(lun);
                }
            }
            reply
        },
    },
    Mutant {
        name: "does-not-locate",
        mistake: "returns S_OK from LocateLuns and presents nothing",
        caught_by: "hardware_provider::presence::presented_when_located_and_not_before",
        instead: |wrong, on, call, array| match call {
            Call::LocateLuns { .. } => ProviderReply::OK,
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "leaks-on-import",
        mistake: "makes a further copy in LocateLuns",
        caught_by: "hardware_provider::presence::nothing_but_the_named",
        instead: |wrong, on, call, array| {
            if let Call::LocateLuns { rg_source_luns, .. } = call {
                for lun in known(rg_source_luns, array) {
                    let _ = array.copy(lun, CopyKind::Clone);
                }
            }
            wrong.rightly(on, call, array)
        },
    },
    Mutant {
        name: "does-not-mask",
        mistake: "returns S_OK to DO_MASK_LUNS and masks nothing",
        caught_by: "hardware_provider::presence::masks_and_keeps",
        instead: |wrong, on, call, array| match call {
            Call::OnLunStateChange { .. } => ProviderReply::OK,
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "acts-on-notices",
        mistake: "masks the copies when VSS only tells what it does itself",
        caught_by: "hardware_provider::presence::notices_ask_for_nothing",
        instead: |wrong, on, call, array| match call {
            Call::OnLunStateChange { p_snapshot_luns, p_original_luns, dw_count, .. } => {
                let mask = Call::OnLunStateChange {
                    p_snapshot_luns: p_snapshot_luns.clone(),
                    p_original_luns: p_original_luns.clone(),
                    dw_count: *dw_count,
                    dw_flags: HardwareOptions::DO_MASK_LUNS,
                };
                wrong.rightly(on, &mask, array)
            }
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "keeps-empty-luns",
        mistake: "returns S_OK from OnLunEmpty and keeps the LUN",
        caught_by: "hardware_provider::reclaim::reclaims_the_named_copy",
        instead: |wrong, on, call, array| match call {
            Call::OnLunEmpty { .. } => ProviderReply::OK,
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "reclaims-on-its-own",
        mistake: "deletes complete copies when it is unloaded",
        caught_by: "hardware_provider::reclaim::nothing_else_reclaims",
        instead: |wrong, on, call, array| {
            if let Call::OnUnload { .. } = call {
                delete_copies(wrong, array);
            }
            let reply = wrong.rightly(on, call, array);
            remember(wrong, &reply);
            reply
        },
    },
];

/// Keeps what was described.
fn remember(wrong: &mut Wrong, reply: &ProviderReply) {
    if let Some(ProviderOut::GetTargetLuns { rg_destination_luns }) = &reply.out {
        wrong.described.extend(rg_destination_luns.iter().cloned());
    }
}

fn delete_copies(wrong: &mut Wrong, array: &mut dyn ArrayPort) {
    for lun in std::mem::take(&mut wrong.described) {
        if let Ok(Some(lun)) = array.find(&lun) {
            let _ = array.delete_copy(lun);
        }
    }
}

/// The call with an attribute of its context exchanged.
fn in_context(call: &Call, asked: Attributes, done: Attributes) -> Call {
    let mut call = call.clone();
    if let Call::BeginPrepareSnapshot { l_context, .. } = &mut call
        && l_context.attributes().contains(asked)
    {
        *l_context = SnapshotContext::from_bits_retain(l_context.bits() & !asked.bits() | done.bits());
    }
    call
}
