//! BreakSnapshotSet and BreakSnapshotSetEx: rules X10, X11, X14, G9.

use super::change::{Change, Operation, Verdict};
use crate::api::{HResult, HardwareOptions, SnapshotSetId};
use crate::service::Refusal;
use crate::service::objects::session::Session;
use crate::service::world::World;

/// The flags that are a requester's; the others of `VSS_HARDWARE_OPTIONS` are what VSS says to providers.
const KNOWN_FLAGS: HardwareOptions = HardwareOptions::MASK_LUNS
    .union(HardwareOptions::MAKE_READ_WRITE)
    .union(HardwareOptions::REVERT_IDENTITY_ALL)
    .union(HardwareOptions::REVERT_IDENTITY_NONE);

const CONTRADICTORY: HardwareOptions =
    HardwareOptions::REVERT_IDENTITY_ALL.union(HardwareOptions::REVERT_IDENTITY_NONE);

const NO_ID: Refusal = Refusal::bad_parameter("SnapshotSetId is GUID_NULL");

pub(super) fn break_set(session: &Session, world: &World, set: SnapshotSetId) -> Verdict {
    if set.is_null() {
        return Err(NO_ID);
    }
    super::unlisted_backup_only(session.state)?; // X10, X11
    super::service::reach(world, session.host)?;
    can_be_broken(session, world, set)?;
    Ok(Change::BreakSet(set))
}

pub(super) fn break_set_ex(
    session: &Session,
    world: &World,
    set: SnapshotSetId,
    flags: HardwareOptions,
) -> Verdict {
    if set.is_null() {
        return Err(NO_ID);
    }
    if !KNOWN_FLAGS.contains(flags) {
        return Err(Refusal::bad_parameter("dwBreakFlags has a flag that requesters do not give"));
    }
    if flags.contains(CONTRADICTORY) {
        return Err(Refusal::bad_parameter("dwBreakFlags asks to revert all identities and none"));
    }
    super::unlisted_backup_only(session.state)?; // X10, X11
    super::service::reach(world, session.host)?;
    can_be_broken(session, world, set)?;
    if flags.contains(HardwareOptions::MASK_LUNS) {
        can_mask(session, world, set)?;
    }
    Ok(Change::Begin(Operation::Break(set, flags)))
}

/// The host has the set, a hardware provider made it, and at least one of its copies has been imported, as DoSnapshotSet does
/// unless the set is to be transported.
fn can_be_broken(session: &Session, world: &World, set: SnapshotSetId) -> Result<(), Refusal> {
    let mut copies = world.snapshots.of_set(set, session.host).peekable();
    if copies.peek().is_none() {
        return Err(Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, "no-such-set"));
    }
    if copies.any(|copy| copy.luns.is_empty() || world.is_software(copy.description.provider_id)) {
        return Err(Refusal::documented(HResult::VSS_E_PROVIDER_VETO, "software-provider"));
    }
    if world.snapshots.arrived_of_set(set, session.host).next().is_none() {
        return Err(Refusal::inferred(
            HResult::VSS_E_OBJECT_NOT_FOUND,
            "a set for transport is to be imported first; of the codes on the page this one fits",
        ));
    }
    Ok(())
}

/// Whoever made the copies has to mask their LUNs.
fn can_mask(session: &Session, world: &World, set: SnapshotSetId) -> Result<(), Refusal> {
    for copy in world.snapshots.arrived_of_set(set, session.host) {
        let provider = copy.description.provider_id;
        if world.hardware_provider(session.host, provider).is_none() {
            return Err(Refusal::inferred(
                HResult::VSS_E_PROVIDER_NOT_REGISTERED,
                "nobody is left to mask the LUNs",
            ));
        }
        if !world.knows_ex_of(session.host, provider) {
            return Err(Refusal::inferred(
                HResult::VSS_E_LEGACY_PROVIDER,
                "without IVssHardwareSnapshotProviderEx it cannot be told to mask LUNs",
            ));
        }
    }
    Ok(())
}
