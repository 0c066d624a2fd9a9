//! LocateLuns and what follows it: the rescan, FillInLunInfo, and which arrived disk is which copy.

use crate::api::{HResult, LunInformation, ProviderCall, ProviderId, ProviderOut, Ptr, Text};
use crate::document::SnapshotDescription;
use crate::lab::{Cause, Os};
use crate::storage::LunId;

use crate::service::Refusal;
use crate::service::world::World;

/// A wanted LUN with the one that arrived as it.
pub(in crate::service) type Match = (LunInformation, Option<LunId>);

/// Lets a provider unmask the LUNs of its copies, looks for them and matches what came: each wanted LUN with the one that
/// arrived as it.
pub(in crate::service) fn locate(
    world: &mut World,
    host: usize,
    provider: ProviderId,
    copies: &[SnapshotDescription],
) -> Result<Vec<Match>, Refusal> {
    let unmasked = unmask(world, host, provider, copies);
    world.tell_failed(provider, "LocateLuns", unmasked.as_ref().err());
    unmasked?;
    find(world, host, provider, copies)
}

/// LocateLuns: a provider unmasks the LUNs of its copies.
pub(in crate::service) fn unmask(
    world: &mut World,
    host: usize,
    provider: ProviderId,
    copies: &[SnapshotDescription],
) -> Result<(), Refusal> {
    let wanted = wanted(provider, copies);
    let l_lun_count = i32::try_from(wanted.len()).unwrap_or(i32::MAX);
    let call = ProviderCall::LocateLuns { l_lun_count, rg_source_luns: wanted.clone() };
    let answer = world.ask_provider(host, provider, &call)?;
    if answer.trouble == Some(Cause::LosesLun) {
        world.mask(host, &wanted);
    }
    Ok(())
}

/// Looks for the LUNs of a provider's copies and matches what has come.
pub(in crate::service) fn find(
    world: &mut World,
    host: usize,
    provider: ProviderId,
    copies: &[SnapshotDescription],
) -> Result<Vec<Match>, Refusal> {
    let wanted = wanted(provider, copies);
    let mut disks = world.rescan_on(host);
    // A LUN may have been presented before: then no disk arrives, but it is there.
    for lun in wanted.iter().filter_map(|lun| world.lun_by_page83(lun)) {
        if world.disk_of(host, lun).is_some() && !disks.contains(&lun) {
            disks.push(lun);
        }
    }
    let mut known = Vec::with_capacity(disks.len());
    for lun in disks {
        let (device, information) = (world.device_name(host, lun), world.information(host, lun));
        if let Some(information) = recognise(world, host, provider, Some(device), information)? {
            known.push((lun, information));
        }
    }
    let mut matched = Vec::with_capacity(wanted.len());
    for lun in wanted {
        // What GetTargetLuns told and what FillInLunInfo makes of it have to be equal.
        let own = recognise(world, host, provider, None, lun.clone())?;
        let equal = own.is_some_and(|own| own.same_lun(&lun));
        let arrived = known.iter().find(|(_, information)| equal && information.same_lun(&lun));
        matched.push((lun, arrived.map(|(arrived, _)| *arrived)));
    }
    Ok(matched)
}

/// The LUNs of the provider's copies, each once.
fn wanted(provider: ProviderId, copies: &[SnapshotDescription]) -> Vec<LunInformation> {
    let mut wanted: Vec<LunInformation> = Vec::new();
    let of_provider = copies.iter().filter(|copy| copy.provider_id == provider);
    for mapping in of_provider.flat_map(|copy| &copy.lun_mappings) {
        if !wanted.contains(&mapping.destination.information) {
            wanted.push(mapping.destination.information.clone());
        }
    }
    wanted
}

/// FillInLunInfo: what the provider knows of a LUN; `None`: it is not its own. VSS does not heed the code, but for Windows
/// Server 2003; without an answer it goes by what it has read from the disk itself.
pub(in crate::service) fn recognise(
    world: &mut World,
    host: usize,
    provider: ProviderId,
    device: Option<Text>,
    lun: LunInformation,
) -> Result<Option<LunInformation>, Refusal> {
    let call = ProviderCall::FillInLunInfo {
        wsz_device_name: device,
        p_lun_info: lun.clone(),
        pb_is_supported: Ptr::Valid,
    };
    let reply = world.call_provider(host, provider, &call);
    if world.os(host) == Os::WindowsServer2003 && reply.hresult != HResult::S_OK {
        let method = call.method().name;
        let refusal = world.convert(host, provider, method, reply.hresult);
        world.tell_failed(provider, method, Some(&refusal));
        return Err(refusal);
    }
    Ok(match reply.out {
        Some(ProviderOut::FillInLunInfo { p_lun_info, pb_is_supported }) => {
            pb_is_supported.then_some(p_lun_info)
        }
        _ => Some(lun),
    })
}
