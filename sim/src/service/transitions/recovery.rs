//! LUN resync: AddSnapshotToRecoverySet and RecoverSet: rules Y1 to Y7.

use super::change::{Change, Operation, Verdict};
use crate::api::VolumeGuid;
use crate::api::{HResult, RecoveryOptions, SnapshotId};
use crate::document::SnapshotDescription;
use crate::lab::{BootMode, EmptyRecoverySet, RepeatedSnapshot};
use crate::service::objects::session::{Recovery, Session};
use crate::service::resync::plan::keep_apart;
use crate::service::world::World;
use crate::service::world::volumes::signature_from_guid;
use crate::service::{Refusal, State};
use crate::storage::{DiskSignature, LunId};

/// The flags of `VSS_RECOVERY_OPTIONS`.
const KNOWN_FLAGS: RecoveryOptions =
    RecoveryOptions::REVERT_IDENTITY_ALL.union(RecoveryOptions::NO_VOLUME_CHECK);

pub(super) fn add(
    session: &Session,
    world: &World,
    snapshot: SnapshotId,
    flags: u32,
    destination: Option<&str>,
) -> Verdict {
    if snapshot.is_null() {
        return Err(Refusal::inferred(
            HResult::E_INVALIDARG,
            "snapshotId GUID_NULL is not allowed; the page names no code",
        ));
    }
    if flags != 0 {
        return Err(Refusal::inferred(HResult::E_INVALIDARG, "dwFlags must be 0; the page names no code"));
    }
    may_add(session, world)?;
    let description = session
        .document
        .snapshot(snapshot)
        .ok_or(Refusal::documented(HResult::VSS_E_SNAPSHOT_NOT_IN_SET, "not-in-bcd"))?;
    if world.hosts[session.host].slots.resync.is_some() {
        return Err(Refusal::documented(HResult::VSS_E_RESYNC_IN_PROGRESS, "other-resync-running"));
    }
    provider_resyncs(session, world, description)?;
    let destination = resolve(session, world, description, destination)?;
    let recovery = Recovery { snapshot, provider: description.provider_id, destination };
    keeps_its_place(session, world, description, destination)?;
    fits_the_set(session, world, &recovery)?;
    Ok(Change::AddToRecoverySet(recovery))
}

/// The object's state lets it gather a recovery set (Y1, Y5, Y6).
fn may_add(session: &Session, world: &World) -> Result<(), Refusal> {
    use State as S;
    match session.state {
        S::Created => {
            return Err(Refusal::inferred(HResult::VSS_E_BAD_STATE, "the object is not initialised (G10)"));
        }
        S::RestoreInit | S::RestoreGathered | S::Selected | S::PreRestored | S::RecoverySet => {} // Y1
        state if !state.is_restore() => {
            return Err(Refusal::inferred(
                HResult::VSS_E_BAD_STATE,
                "InitializeForRestore was not called (Y5)",
            ));
        }
        state if state.is_pending() => return Err(Refusal::PENDING),
        _ => return Err(Refusal::inferred(HResult::VSS_E_BAD_STATE, "the restore is over (Y6)")),
    }
    let literal = world.readings.empty_recovery_set == EmptyRecoverySet::AddSnapshotToRecoverySet;
    if literal && session.recovery_set.is_empty() {
        return Err(Refusal::documented(HResult::VSS_E_BAD_STATE, "empty-recovery-set"));
    }
    Ok(())
}

/// The provider that made the copy is there and knows resync at all.
fn provider_resyncs(session: &Session, world: &World, copy: &SnapshotDescription) -> Result<(), Refusal> {
    if !world.has_hardware_provider(session.host) {
        return Err(Refusal::documented(HResult::VSS_E_BAD_STATE, "no-hardware-provider"));
    }
    if world.hardware_provider(session.host, copy.provider_id).is_none() {
        return Err(Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, "not-owned-by-hardware-provider"));
    }
    if !world.knows_ex_of(session.host, copy.provider_id) {
        return Err(Refusal::documented(HResult::VSS_E_LEGACY_PROVIDER, "provider-version-too-old"));
    }
    Ok(())
}

/// The destination volume: the named one, or the original by its LUN information. Refuses what cannot be overwritten.
fn resolve(
    session: &Session,
    world: &World,
    copy: &SnapshotDescription,
    destination: Option<&str>,
) -> Result<VolumeGuid, Refusal> {
    let not_supported = |reason| Refusal::documented(HResult::VSS_E_VOLUME_NOT_SUPPORTED, reason);
    let volume = match destination {
        Some(name) => world.volume(session.host, name).ok_or(Refusal::inferred(
            HResult::VSS_E_OBJECT_NOT_FOUND,
            "the destination names no volume; the page names no code",
        ))?,
        None => world.original_volume(session.host, copy)?,
    };
    let disks = world.disks_of(session.host, volume);
    if disks.iter().any(|disk| disk.dynamic) {
        return Err(not_supported("dynamic-volume"));
    }
    if disks.iter().any(|disk| disk.quorum) {
        return Err(not_supported("cluster-quorum-disk"));
    }
    if disks.iter().any(|disk| !disk.managed) {
        return Err(not_supported("not-on-hardware-provider-lun"));
    }
    if disks.iter().any(|disk| !disk.unique_page83) {
        return Err(not_supported("no-unique-page83-id"));
    }
    Ok(volume)
}

/// The contents can become the destination volume's. A GPT partition is known by its own id wherever it lies; a volume of
/// an MBR disk is known by its place, so it has to lie where the copy's does. A copy of one style cannot have the
/// signature of the other.
fn keeps_its_place(
    session: &Session,
    world: &World,
    copy: &SnapshotDescription,
    destination: VolumeGuid,
) -> Result<(), Refusal> {
    let extents = world.extents_of(session.host, destination);
    let luns = world.luns_of(session.host, destination);
    for ((lun, mapping), extent) in luns.into_iter().zip(&copy.lun_mappings).zip(&extents) {
        let from = signature_from_guid(mapping.source.information.disk_signature);
        let onto = world.signature(session.host, lun);
        let fits = match (from, onto) {
            (Some(DiskSignature::Mbr(_)), Some(DiskSignature::Mbr(_))) => {
                mapping.extents.first().is_some_and(|source| source.offset == extent.start)
            }
            (Some(DiskSignature::Gpt(_)), Some(DiskSignature::Gpt(_))) => true,
            _ => false,
        };
        if !fits {
            return Err(Refusal::inferred(
                HResult::VSS_E_VOLUME_NOT_SUPPORTED,
                "the destination's disk is of another partition style, or its volume lies elsewhere on an MBR disk",
            ));
        }
    }
    Ok(())
}

/// One copy has one destination, and one destination one copy. A broken copy is a disk like any other, and may be a
/// destination: but not while the set copies from it, whichever of the two was asked for first.
fn fits_the_set(session: &Session, world: &World, new: &Recovery) -> Result<(), Refusal> {
    let new_pairs = pairs(session, world, new);
    keep_apart(&new_pairs)?;
    for other in &session.recovery_set {
        if other.snapshot == new.snapshot {
            if world.readings.repeated_snapshot == RepeatedSnapshot::AlreadyExists {
                return Err(Refusal::inferred(
                    HResult::VSS_E_OBJECT_ALREADY_EXISTS,
                    "the copy is in the recovery set",
                ));
            }
        } else if other.destination == new.destination {
            return Err(Refusal::inferred(HResult::E_INVALIDARG, "another copy already goes to that volume"));
        } else if collide(session, world, other, new) {
            return Err(Refusal::inferred(
                HResult::E_INVALIDARG,
                "another LUN's copy already goes to a LUN of that volume",
            ));
        } else {
            keep_apart(&[new_pairs.as_slice(), &pairs(session, world, other)].concat())?;
        }
    }
    Ok(())
}

/// The LUN that each LUN of a destination is overwritten with; `None`: it is away.
fn pairs(session: &Session, world: &World, recovery: &Recovery) -> Vec<(Option<LunId>, LunId)> {
    let copy = session.document.snapshot(recovery.snapshot);
    let mappings = copy.map_or(&[][..], |copy| &copy.lun_mappings);
    let sources = mappings.iter().map(|mapping| world.lun_by_page83(&mapping.destination.information));
    sources.zip(world.luns_of(session.host, recovery.destination)).collect()
}

/// Whether two copies would overwrite one LUN with the contents of different LUNs.
fn collide(session: &Session, world: &World, one: &Recovery, other: &Recovery) -> bool {
    let pairs = |recovery: &Recovery| {
        let mappings =
            session.document.snapshot(recovery.snapshot).map_or(&[][..], |copy| &copy.lun_mappings);
        let copies = mappings.iter().map(|mapping| &mapping.destination.information);
        world.luns_of(session.host, recovery.destination).into_iter().zip(copies).collect::<Vec<_>>()
    };
    let others = pairs(other);
    pairs(one)
        .iter()
        .any(|(lun, copy)| others.iter().any(|(same, another)| lun == same && !copy.same_lun(another)))
}

pub(super) fn recover(session: &Session, world: &World, flags: RecoveryOptions) -> Verdict {
    if !KNOWN_FLAGS.contains(flags) {
        return Err(Refusal::inferred(
            HResult::E_INVALIDARG,
            "dwFlags has unknown bits; the page names no code",
        ));
    }
    let state = session.state;
    if !state.is_restore() {
        return Err(Refusal::documented(HResult::VSS_E_BAD_STATE, "no-initialize-for-restore")); // G11, Y4
    }
    if state.is_pending() {
        return Err(Refusal::PENDING);
    }
    match world.mode(session.host) {
        BootMode::WinPe => return Err(Refusal::documented(HResult::VSS_E_BAD_STATE, "winpe")),
        BootMode::SafeMode => return Err(Refusal::documented(HResult::VSS_E_BAD_STATE, "safe-mode")),
        BootMode::Normal => {}
    }
    if state == State::Resynced {
        return Err(Refusal::inferred(HResult::VSS_E_BAD_STATE, "the recovery set is done with (Y3)"));
    }
    if session.recovery_set.is_empty() {
        return Err(Refusal::documented(HResult::VSS_E_BAD_STATE, "empty-recovery-set")); // Y3
    }
    if world.hosts[session.host].slots.resync.is_some() {
        return Err(Refusal::inferred(
            HResult::VSS_E_RESYNC_IN_PROGRESS,
            "one resync at a time; listed only on AddSnapshotToRecoverySet",
        ));
    }
    for recovery in &session.recovery_set {
        let Some(copy) = session.document.snapshot(recovery.snapshot) else { continue };
        match provider_resyncs(session, world, copy) {
            // A provider that is gone since leaves nobody who could do it.
            Err(Refusal { code: HResult::VSS_E_OBJECT_NOT_FOUND, .. }) => {
                return Err(Refusal::documented(HResult::VSS_E_BAD_STATE, "no-hardware-provider"));
            }
            verdict => verdict?,
        }
    }
    Ok(Change::Begin(Operation::Recover(flags))) // Y2
}
