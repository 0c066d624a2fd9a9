//! How a LUN comes back after its array has copied: without a shadow copy's marks, under the intended identity.

use std::collections::BTreeMap;

use crate::api::HResult;
use crate::lab::Cause;
use crate::service::volumes::host_id;
use crate::service::world::World;
use crate::service::{Refusal, arrival};
use crate::storage::{DiskSignature, LunId};

use super::known::Known;
use super::plan::Target;

/// LUNs have their copies' bytes: clears the marks of a shadow copy, sets the identities and presents the disks anew. They
/// are away together meanwhile, so that one can get the signature that another had.
pub(super) fn settle(
    world: &mut World,
    host: usize,
    targets: &[&Target],
    trouble: Option<&Cause>,
) -> Result<(), Refusal> {
    let mut outcome = Ok(());
    let mut present = Vec::new();
    for target in targets {
        let presented = world.storage.lun(target.lun).is_ok_and(|lun| lun.hosts().contains(&host_id(host)));
        let _ = world.storage.mask(target.lun, host_id(host));
        if presented && trouble != Some(&Cause::LosesLun) {
            present.push(*target);
        } else {
            outcome = outcome.and(Err(lost(world)));
        }
    }
    // The disks leave and come back, so that the host's SAN policy decides anew (O49).
    world.rescan();
    let mut settled = Vec::new();
    for target in &present {
        // The LUN has taken over the copy's size too, so both halves of its table lie where they must.
        let intended = set_identity(world, host, target, &settled, trouble);
        if trouble == Some(&Cause::WrongSignature) {
            world.make_known_anew(target.lun);
        }
        settled.push((target.lun, intended));
    }
    for target in &present {
        let _ = world.storage.unmask(target.lun, host_id(host));
    }
    world.rescan();
    for (target, (_, intended)) in present.into_iter().zip(settled) {
        outcome = outcome.and(check(world, host, target, intended));
    }
    outcome
}

fn lost(world: &mut World) -> Refusal {
    world.log(
        HResult::VSS_E_MISSING_DISK,
        "a LUN did not come back after the resync: present it to this host again",
    );
    Refusal::inferred(HResult::VSS_E_MISSING_DISK, "the target LUN did not come back; the page names no code")
}

/// Whether a disk has come back under the identity that it was to get.
fn check(world: &mut World, host: usize, target: &Target, intended: bool) -> Result<(), Refusal> {
    let now = world.signature(host, target.lun);
    if intended && now == target.intended.as_ref().map(|intended| intended.signature) {
        return Ok(());
    }
    let shown = now.map_or_else(|| "none".to_owned(), |signature| signature.to_string());
    let wanted =
        target.intended.as_ref().map_or_else(|| "none".to_owned(), |intended| intended.signature.to_string());
    world.log(
        HResult::VSS_E_CANNOT_REVERT_DISKID,
        &format!("a disk has the signature {shown} instead of {wanted}: its contents are resynchronised; set the signature by hand"),
    );
    Err(Refusal::documented(HResult::VSS_E_CANNOT_REVERT_DISKID, "disk-id-not-set"))
}

/// Sets the identity that the flags ask for; where that cannot be, the one that the disk had, and else a new one. Answers
/// whether the first was possible.
fn set_identity(
    world: &mut World,
    host: usize,
    target: &Target,
    settled: &[(LunId, bool)],
    trouble: Option<&Cause>,
) -> bool {
    if trouble == Some(&Cause::DiskRefusesWrite) {
        return false;
    }
    let Some(intended) = &target.intended else { return true };
    // The targets are away: any other disk that is online has its signature to itself. Disks without one may be many.
    let is_free = |world: &World, known: &Known| {
        let has = |lun: &LunId| world.signature(host, *lun) == Some(known.signature);
        let is_none = known.signature == DiskSignature::Mbr(0);
        let taken = || settled.iter().any(|(lun, _)| has(lun));
        is_none || world.host(host).online_disk(known.signature).is_none() && !taken()
    };
    if is_free(world, intended) && world.make_known(target.lun, Some(intended)) {
        return true;
    }
    let before = target.before.as_ref().filter(|before| is_free(world, before));
    if !world.make_known(target.lun, before) {
        world.make_known_anew(target.lun);
    }
    false
}

impl World {
    /// Writes what a LUN's disk is to be known by and clears the marks of a shadow copy; `false`: it does not suit the disk.
    fn make_known(&mut self, lun: LunId, known: Option<&Known>) -> bool {
        let (storage, ids) = (&mut self.storage, &mut self.ids.disks);
        let unmarked = |attributes| attributes & !arrival::COPY_ATTRIBUTES;
        known.is_some_and(|known| {
            let mut id = |start| known.partitions.get(&start).copied().unwrap_or_else(|| ids.next_guid());
            storage.rewrite(lun, known.signature, &mut id, unmarked).is_ok()
        })
    }

    /// Gives a LUN's disk, whatever its style, a signature and partition ids that no disk has.
    fn make_known_anew(&mut self, lun: LunId) {
        let Some(old) = self.storage.lun(lun).ok().and_then(|lun| lun.identity().ok()) else { return };
        let signature = self.new_signature(old.signature);
        self.make_known(lun, Some(&Known { signature, partitions: BTreeMap::new() }));
    }

    /// A signature of the same style that no online disk has.
    pub(in crate::service) fn new_signature(&mut self, style: DiskSignature) -> DiskSignature {
        loop {
            let drawn = match style {
                DiskSignature::Mbr(_) => DiskSignature::Mbr(self.ids.disks.next_u32()),
                DiskSignature::Gpt(_) => DiskSignature::Gpt(self.ids.disks.next_guid()),
            };
            // A lab may give a disk a signature that was seen in a run.
            if (0..self.hosts.len()).all(|host| self.host(host).online_disk(drawn).is_none()) {
                return drawn;
            }
        }
    }
}
