//! How a LUN comes back after its array has copied: without a shadow copy's marks, under the intended identity.

use crate::api::HResult;
use crate::lab::Cause;
use crate::service::Refusal;
use crate::service::creation::lun_flags;
use crate::service::world::World;
use crate::service::world::identity::Known;
use crate::service::world::volumes::host_id;
use crate::storage::{DiskSignature, LunId};

use super::plan::Target;

/// LUNs have their copies' bytes: clears the marks of a shadow copy, sets the identities and presents the disks anew. No host
/// looks before all identities are set, so that one disk can get the signature that another had.
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
        if presented && trouble != Some(&Cause::LosesLun) {
            present.push(*target);
        } else {
            let _ = world.storage.mask(target.lun, host_id(host));
            outcome = outcome.and(Err(lost(world, target)));
        }
    }
    let able = able(world, &present);
    for (target, able) in present.iter().zip(&able) {
        set_identity(world, target, *able, trouble);
    }
    // The disks leave and come back, so that the host's SAN policy decides anew (O49).
    for target in &present {
        let _ = world.storage.mask(target.lun, host_id(host));
    }
    world.rescan();
    for target in &present {
        let _ = world.storage.unmask(target.lun, host_id(host));
    }
    world.rescan();
    for (target, able) in present.into_iter().zip(able) {
        let intended = able && trouble != Some(&Cause::DiskRefusesWrite);
        outcome = outcome.and(check(world, host, target, intended));
    }
    outcome
}

fn lost(world: &mut World, target: &Target) -> Refusal {
    let name = world.lun_name(target.lun);
    let message = format!("LUN {name} did not come back after the resync: present it to this host again");
    world.log(HResult::VSS_E_MISSING_DISK, &message);
    Refusal::inferred(HResult::VSS_E_MISSING_DISK, "the target LUN did not come back; the page names no code")
}

/// Which targets can get the signature that they are to get. One that cannot keeps its own, which nobody else can get then;
/// of two that are to get the same it is the first.
fn able(world: &World, targets: &[&Target]) -> Vec<bool> {
    let intended = |target: &Target| target.intended.as_ref().map(|known| known.signature).filter(is_one);
    let mut able = vec![true; targets.len()];
    loop {
        let taken = |place: usize| {
            let signature = intended(targets[place]);
            let by_other = |(other, target): (usize, &&Target)| match able[other] {
                true => other < place && intended(target) == signature,
                false => other != place && target.before.as_ref().map(|known| known.signature) == signature,
            };
            signature.is_some_and(|signature| is_elsewhere(world, signature, targets[place], targets))
                || signature.is_some() && targets.iter().enumerate().any(by_other)
        };
        match (0..targets.len()).find(|place| able[*place] && taken(*place)) {
            Some(place) => able[place] = false,
            None => return able,
        }
    }
}

/// Whether a disk that is no target has the signature online, on a host that sees the target.
fn is_elsewhere(world: &World, signature: DiskSignature, target: &Target, targets: &[&Target]) -> bool {
    let hosts = world.storage.lun(target.lun).map(|lun| lun.hosts().to_vec()).unwrap_or_default();
    hosts.into_iter().filter_map(|host| world.storage.host(host).ok()).any(|host| {
        let disk = host.online_disk(signature).and_then(|number| host.disk(number));
        disk.is_some_and(|disk| targets.iter().all(|target| target.lun != disk.lun))
    })
}

/// Disks without a signature do not take it from each other.
fn is_one(signature: &DiskSignature) -> bool {
    *signature != DiskSignature::Mbr(0)
}

/// Whether a disk has come back under the identity that it was to get.
fn check(world: &mut World, host: usize, target: &Target, intended: bool) -> Result<(), Refusal> {
    let (now, name) = (world.signature(host, target.lun), world.lun_name(target.lun));
    let wanted = target.intended.as_ref().map(|intended| intended.signature);
    if intended && now == wanted {
        return Ok(());
    }
    let shown = |signature: Option<DiskSignature>| {
        signature.map_or_else(|| "none".to_owned(), |signature| signature.to_string())
    };
    let message = if now == wanted {
        format!(
            "LUN {name} refused the write of its disk's identity: its contents are resynchronised; see to the disk"
        )
    } else {
        format!(
            "LUN {name} has the disk signature {} instead of {}: its contents are resynchronised; set the signature by hand",
            shown(now),
            shown(wanted)
        )
    };
    world.log(HResult::VSS_E_CANNOT_REVERT_DISKID, &message);
    Err(Refusal::documented(HResult::VSS_E_CANNOT_REVERT_DISKID, "disk-id-not-set"))
}

/// Sets the identity that the flags ask for or, where that cannot be, the one that the disk had; if that does not suit it
/// either, the signature is a new one.
fn set_identity(world: &mut World, target: &Target, able: bool, trouble: Option<&Cause>) {
    let wanted = if able { target.intended.as_ref() } else { target.before.as_ref() };
    match trouble {
        Some(Cause::DiskRefusesWrite) => {}
        Some(Cause::WrongSignature) => world.make_known_anew(target.lun, wanted),
        _ => {
            // The LUN has taken over the copy's size too, so both halves of its table lie where they must.
            let done = target.intended.is_none() || world.make_known(target.lun, wanted);
            if !done {
                world.make_known_anew(target.lun, target.before.as_ref());
            }
        }
    }
}

impl World {
    /// Writes what a LUN's disk is to be known by and clears the marks of a shadow copy; `false`: it does not suit the disk.
    fn make_known(&mut self, lun: LunId, known: Option<&Known>) -> bool {
        let (storage, ids) = (&mut self.storage, &mut self.ids.disks);
        let unmarked = |attributes| attributes & !lun_flags::COPY_ATTRIBUTES;
        known.is_some_and(|known| {
            let mut id = |start| known.partitions.get(&start).copied().unwrap_or_else(|| ids.next_guid());
            storage.rewrite(lun, known.signature, &mut id, unmarked).is_ok()
        })
    }

    /// Gives a LUN's disk, whatever its style, a signature that no online disk has; its partitions go by what is known of
    /// them, and else by new ids.
    fn make_known_anew(&mut self, lun: LunId, known: Option<&Known>) {
        let Some(old) = self.storage.lun(lun).ok().and_then(|lun| lun.identity().ok()) else { return };
        let signature = self.new_signature(old.signature);
        let partitions = known.map(|known| known.partitions.clone()).unwrap_or_default();
        self.make_known(lun, Some(&Known { signature, partitions }));
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
