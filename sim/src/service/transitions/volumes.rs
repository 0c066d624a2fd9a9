//! What goes into a set, and whether it could: IsVolumeSupported and AddToSnapshotSet: rules V1, V2, V6 to V10.

use super::change::{Change, Verdict};
use crate::api::{HResult, ProviderId};
use crate::lab::MissingBackslash;
use crate::service::objects::session::{Session, SnapshotSet};
use crate::service::world::World;
use crate::service::world::cluster;
use crate::service::world::originals::{self, Original, Unnamed};
use crate::service::{Refusal, State};

/// The most volumes in one set (`contexts.json`, limits).
const VOLUMES_MAX: usize = 64;

pub(super) fn is_supported(
    session: &Session,
    world: &World,
    name: Option<&str>,
    provider: ProviderId,
) -> Verdict {
    let not_found = |reason| Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, reason);
    let Some(name) = name else {
        return Err(Refusal::inferred(HResult::E_INVALIDARG, "the name is NULL; the page names no code"));
    };
    let found = originals::find(world, session.host, name);
    if found == Err(Unnamed::NoBackslash) && is_argument_error(world) {
        return Err(Refusal::inferred(
            HResult::E_INVALIDARG,
            "the trailing backslash is missing; the page names no code",
        ));
    }
    super::backup_only(session.state)?; // V2, G12
    if session.state.is_pending() {
        return Err(Refusal::OUT_OF_SEQUENCE.detail("an operation is pending: wait for it")); // F1
    }
    super::service::reach(world, session.host)?;
    // V1
    let original = found.map_err(|unnamed| match unnamed {
        Unnamed::Malformed | Unnamed::NoBackslash | Unnamed::Missing => not_found("not-found"),
        Unnamed::Away => not_found("unavailable"),
    })?;
    if !provider.is_null() && !world.is_registered(session.host, provider) {
        return Err(Refusal::inferred(
            HResult::VSS_E_PROVIDER_NOT_REGISTERED,
            "ProviderId is not registered; the page names no code (V1)",
        ));
    }
    if original.volume().is_some_and(|volume| world.is_too_deep(session.host, volume)) {
        return Err(Refusal::documented(HResult::VSS_E_NESTED_VOLUME_LIMIT, "nested-too-deep"));
    }
    Ok(Change::TellSupport { original, provider })
}

/// How the lab reads a name without its trailing backslash.
fn is_argument_error(world: &World) -> bool {
    world.readings.missing_backslash == MissingBackslash::InvalidArgument
}

pub(super) fn add(session: &Session, world: &World, name: Option<&str>, provider: ProviderId) -> Verdict {
    let name = well_formed(session, world, name)?;
    super::idle_backup_only(session.state)?; // V10
    let (State::SetStarted | State::Volumes | State::Prepared, Some(set)) = (session.state, &session.set)
    else {
        let early = session.state < State::SetStarted; // V8, V9
        return Err(Refusal::OUT_OF_SEQUENCE.detail(if early { super::NO_SET } else { super::ONE_BACKUP }));
    };
    let original = originals::find(world, session.host, name).map_err(|unnamed| match unnamed {
        // The page implies E_INVALIDARG; the service was seen to answer otherwise.
        Unnamed::NoBackslash => {
            Refusal::observed(HResult::VSS_E_OBJECT_NOT_FOUND, "O4: the trailing backslash is missing")
        }
        _ => Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, "no-such-volume"),
    })?;
    if set.copies.iter().any(|copy| copy.original == original) {
        return Err(Refusal::observed(
            HResult::VSS_E_OBJECT_ALREADY_EXISTS,
            "O7: the volume is in the set already, by this name or another",
        ));
    }
    if set.copies.len() >= VOLUMES_MAX {
        return Err(Refusal::documented(HResult::VSS_E_MAXIMUM_NUMBER_OF_VOLUMES_REACHED, "set-full"));
    }
    if !provider.is_null() && !world.is_registered(session.host, provider) {
        return Err(Refusal::documented(HResult::VSS_E_PROVIDER_NOT_REGISTERED, "unknown-provider"));
    }
    lies_right(session, world, set, &original)?;
    cluster::is_free(world, session.host, &original)?;
    Ok(Change::AddVolume { original, provider })
}

/// The name, if it is one. Arguments are looked at before the state.
fn well_formed<'n>(session: &Session, world: &World, name: Option<&'n str>) -> Result<&'n str, Refusal> {
    let invalid = |reason| Err(Refusal::documented(HResult::E_INVALIDARG, reason));
    let name = name.ok_or(Refusal::bad_parameter("pwszVolumeName is NULL"))?;
    match originals::check_form(world, session.host, name) {
        Err(Unnamed::Malformed) => invalid("bad-volume-name"),
        Err(Unnamed::NoBackslash) if is_argument_error(world) => invalid("no-trailing-backslash"),
        _ => Ok(name),
    }
}

/// VSS does not go into virtual disks of virtual disks, nor copies a disk beside what it is a file of.
fn lies_right(
    session: &Session,
    world: &World,
    set: &SnapshotSet,
    original: &Original,
) -> Result<(), Refusal> {
    let Some(volume) = original.volume() else { return Ok(()) };
    let too_deep = |reason| Err(Refusal::documented(HResult::VSS_E_NESTED_VOLUME_LIMIT, reason));
    if world.is_too_deep(session.host, volume) {
        return too_deep("vhd-in-vhd");
    }
    let mut others = set.copies.iter().filter_map(|copy| copy.original.volume());
    if others.any(|other| world.are_disk_and_holder(session.host, volume, other)) {
        return too_deep("vhd-and-host-in-set");
    }
    Ok(())
}
