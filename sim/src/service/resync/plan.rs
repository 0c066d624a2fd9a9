//! Which LUNs a resync overwrites, and what their disks are to be known by afterwards.

use crate::api::{HResult, LunInformation, ProviderId, RecoveryOptions, VolumeGuid};
use crate::service::Refusal;
use crate::service::objects::session::Session;
use crate::service::world::World;
use crate::service::world::identity::{self, Known};
use crate::storage::LunId;

use super::known;

/// A LUN that is overwritten.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) provider: ProviderId,
    pub(super) lun: LunId,
    pub(super) source: LunInformation,
    pub(super) target: LunInformation,
    /// What the disk is to be known by afterwards; `None`: there is nothing to be set.
    pub(super) intended: Option<Known>,
    /// What it is known by now.
    pub(super) before: Option<Known>,
}

/// No LUN may be copied from and onto in one resync. Of each pair: the LUN that is copied, which may be away, and the one that
/// is overwritten.
pub(in crate::service) fn keep_apart(pairs: &[(Option<LunId>, LunId)]) -> Result<(), Refusal> {
    let is_source = |lun: LunId| pairs.iter().any(|(source, _)| *source == Some(lun));
    if pairs.iter().any(|(_, target)| is_source(*target)) {
        return Err(Refusal::inferred(
            HResult::E_INVALIDARG,
            "a LUN would be copied from and onto in one resync; the page names no code",
        ));
    }
    Ok(())
}

/// The LUNs to be overwritten, each once, and what their disks are to be known by afterwards.
pub(super) fn plan(
    world: &mut World,
    session: &Session,
    flags: RecoveryOptions,
) -> Result<Vec<Target>, Refusal> {
    let host = session.host;
    let mut targets: Vec<Target> = Vec::new();
    for recovery in &session.recovery_set {
        let Some(copy) = session.document.snapshot(recovery.snapshot) else { continue };
        let luns = world.luns_of(host, recovery.destination);
        if luns.is_empty() || luns.len() != copy.lun_mappings.len() {
            return Err(Refusal::inferred(
                HResult::VSS_E_MISSING_VOLUME,
                "the destination volume is gone, or lies on another number of LUNs than the copy; the page names no code",
            ));
        }
        for (lun, mapping) in luns.into_iter().zip(&copy.lun_mappings) {
            if targets.iter().any(|target| target.lun == lun) {
                continue;
            }
            let before = identity::now(world, lun);
            let intended = if flags.contains(RecoveryOptions::REVERT_IDENTITY_ALL) {
                known::original(session, mapping, before.as_ref())
            } else {
                before.as_ref().map(|before| known::own(world, session, lun, before))
            };
            let target = world.information(host, lun);
            let source = mapping.destination.information.clone();
            targets.push(Target { provider: recovery.provider, lun, source, target, intended, before });
        }
    }
    // A broken copy may have become the destination since it was added.
    let pairs: Vec<(Option<LunId>, LunId)> =
        targets.iter().map(|target| (world.lun_by_page83(&target.source), target.lun)).collect();
    keep_apart(&pairs)?;
    if !flags.contains(RecoveryOptions::NO_VOLUME_CHECK) {
        let selected: Vec<VolumeGuid> =
            session.recovery_set.iter().map(|recovery| recovery.destination).collect();
        refuse_unselected(world, host, &targets, &selected)?;
    }
    Ok(targets)
}

/// All volumes of a LUN move together: those that nobody asked for must not be overwritten by accident.
fn refuse_unselected(
    world: &mut World,
    host: usize,
    targets: &[Target],
    selected: &[VolumeGuid],
) -> Result<(), Refusal> {
    let on_targets = targets.iter().flat_map(|target| world.host(host).volumes_of(target.lun).to_vec());
    let unselected = on_targets.collect::<Vec<_>>().into_iter().find(|volume| !selected.contains(volume));
    match unselected {
        None => Ok(()),
        Some(volume) => {
            let name = World::volume_name(volume);
            world.log(
                HResult::VSS_E_UNSELECTED_VOLUME,
                &format!("volume {name} would be overwritten too: add it to the recovery set, or set VSS_RECOVERY_NO_VOLUME_CHECK"),
            );
            Err(Refusal::documented(HResult::VSS_E_UNSELECTED_VOLUME, "destination-has-unselected-volume"))
        }
    }
}
