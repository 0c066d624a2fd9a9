//! Mistakes about support and about how LUNs are described.

use vss_sim::api::{Guid, ProviderCall as Call, ProviderOut, StorageIdentifier};

use super::wrong::Mutant;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "supports-anything",
        mistake: "says TRUE to LUNs that are not its own",
        caught_by: "hardware_provider::support::promise_is_kept",
        instead: |wrong, on, call, array| {
            let mut reply = wrong.rightly(on, call, array);
            if let Some(ProviderOut::AreLunsSupported { pb_is_supported, .. }) = &mut reply.out {
                *pb_is_supported = true;
            }
            reply
        },
    },
    Mutant {
        name: "supports-some",
        mistake: "says TRUE when one of the LUNs is its own",
        caught_by: "hardware_provider::support::all_luns_or_none",
        instead: |wrong, on, call, array| {
            let mut reply = wrong.rightly(on, call, array);
            if let Some(ProviderOut::AreLunsSupported { p_lun_information, pb_is_supported }) = &mut reply.out
            {
                *pb_is_supported |=
                    p_lun_information.iter().any(|lun| matches!(array.find(lun), Ok(Some(_))));
            }
            reply
        },
    },
    Mutant {
        name: "supports-nothing",
        mistake: "says FALSE to every LUN",
        caught_by: "hardware_provider::support::promise_is_kept",
        instead: |wrong, on, call, array| {
            let mut reply = wrong.rightly(on, call, array);
            if let Some(ProviderOut::AreLunsSupported { pb_is_supported, .. }) = &mut reply.out {
                *pb_is_supported = false;
            }
            reply
        },
    },
    Mutant {
        name: "changes-interconnects-when-asked",
        mistake: "clears m_rgInterconnects in AreLunsSupported",
        caught_by: "hardware_provider::support::interconnects_are_left",
        instead: |wrong, on, call, array| match call {
            Call::AreLunsSupported { .. } => {
                wrong.redescribed(on, call, array, |lun| lun.interconnects.clear())
            }
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "changes-interconnects-on-arrival",
        mistake: "clears m_rgInterconnects in FillInLunInfo",
        caught_by: "hardware_provider::presence::interconnects_and_signature",
        instead: |wrong, on, call, array| match call {
            Call::FillInLunInfo { .. } => wrong.redescribed(on, call, array, |lun| lun.interconnects.clear()),
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "swaps-source-and-destination",
        mistake: "describes the originals in GetTargetLuns",
        caught_by: "hardware_provider::target_luns::copies_in_the_order_of_their_sources",
        instead: |wrong, on, call, array| {
            let mut reply = wrong.rightly(on, call, array);
            if let (
                Call::GetTargetLuns { rg_source_luns, .. },
                Some(ProviderOut::GetTargetLuns { rg_destination_luns }),
            ) = (call, &mut reply.out)
            {
                rg_destination_luns.clone_from(rg_source_luns);
            }
            reply
        },
    },
    Mutant {
        name: "reverses-luns",
        mistake: "describes the copies in the wrong order",
        caught_by: "hardware_provider::target_luns::copies_in_the_order_of_their_sources",
        instead: |wrong, on, call, array| {
            let mut reply = wrong.rightly(on, call, array);
            if let Some(ProviderOut::GetTargetLuns { rg_destination_luns }) = &mut reply.out {
                rg_destination_luns.reverse();
            }
            reply
        },
    },
    Mutant {
        name: "reuses-page83",
        mistake: "gives every copy the same page-0x83 identifier",
        caught_by: "hardware_provider::target_luns::fresh_identifiers",
        instead: |wrong, on, call, array| match call {
            Call::GetTargetLuns { .. } => wrong.redescribed(on, call, array, |lun| {
                let same = |id: &StorageIdentifier| StorageIdentifier {
                    identifier: [1, 2, 3, 4].into(),
                    ..id.clone()
                };
                lun.device_id_descriptor.identifiers =
                    lun.device_id_descriptor.identifiers.iter().map(same).collect();
            }),
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "keeps-the-disk-signature",
        mistake: "leaves a disk signature in the description of a copy",
        caught_by: "hardware_provider::target_luns::disk_signature_is_zero",
        instead: |wrong, on, call, array| match call {
            Call::GetTargetLuns { .. } => {
                wrong.redescribed(on, call, array, |lun| lun.disk_signature = Guid::from_u128(0x76))
            }
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "leaves-out-the-version",
        mistake: "leaves m_version zero",
        caught_by: "hardware_provider::target_luns::version_is_set",
        instead: |wrong, on, call, array| match call {
            Call::GetTargetLuns { .. } => wrong.redescribed(on, call, array, |lun| lun.version = 0),
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "changes-its-mind",
        mistake: "describes a copy otherwise the second time",
        caught_by: "hardware_provider::target_luns::same_whenever_asked",
        instead: |wrong, on, call, array| {
            let mut reply = wrong.rightly(on, call, array);
            if let Some(ProviderOut::GetTargetLuns { rg_destination_luns }) = &mut reply.out {
                for lun in rg_destination_luns {
                    if wrong.described.contains(lun) {
                        lun.product_revision = Some("2".into());
                    }
                    wrong.described.push(lun.clone());
                }
            }
            reply
        },
    },
    Mutant {
        name: "spells-serials-otherwise",
        mistake: "writes a serial number in lower case on arrival and in upper case before",
        caught_by: "hardware_provider::presence::round_trip",
        instead: |wrong, on, call, array| match call {
            Call::FillInLunInfo { .. } => wrong.redescribed(on, call, array, |lun| {
                lun.serial_number = lun.serial_number.as_ref().map(|serial| serial.to_lowercase().into());
            }),
            _ => wrong.rightly(on, call, array),
        },
    },
    Mutant {
        name: "knows-every-disk",
        mistake: "says TRUE in FillInLunInfo to LUNs that are not its own",
        caught_by: "hardware_provider::presence::unknown_lun",
        instead: |wrong, on, call, array| {
            let mut reply = wrong.rightly(on, call, array);
            if let Some(ProviderOut::FillInLunInfo { pb_is_supported, .. }) = &mut reply.out {
                *pb_is_supported = true;
            }
            reply
        },
    },
];
