//! Which disks of a broken set get the identities of their originals.

use crate::api::{HResult, HardwareOptions};
use crate::lab::BreakIdentity;
use crate::service::Refusal;
use crate::service::world::World;
use crate::service::world::identity::{self, Known};
use crate::storage::{Disk, DiskSignature};

use super::disks::CopiedDisk;

const ORIGINAL_VISIBLE: Refusal =
    Refusal::documented(HResult::VSS_E_BREAK_REVERT_ID_FAILED, "original-lun-visible");

/// The identity that each disk goes back to; `None`: it keeps what it has.
pub(super) fn reverted<'d>(
    world: &mut World,
    host: usize,
    disks: &'d [CopiedDisk],
    flags: HardwareOptions,
) -> Result<Vec<Option<&'d Known>>, Refusal> {
    let all = flags.contains(HardwareOptions::REVERT_IDENTITY_ALL);
    let none = flags.contains(HardwareOptions::REVERT_IDENTITY_NONE)
        || !all && world.readings.break_identity == BreakIdentity::Kept;
    if none {
        return Ok(vec![None; disks.len()]);
    }
    let mut reverted = Vec::with_capacity(disks.len());
    for disk in disks {
        let in_the_way = disk.original.as_ref().and_then(|known| in_the_way(world, host, disk, known, disks));
        match in_the_way {
            None => reverted.push(disk.original.as_ref()),
            Some(_) if !all => reverted.push(None),
            Some(refusal) => {
                let name = world.lun_name(disk.lun);
                let message = format!(
                    "LUN {name} cannot get its original's identity, since it is not there or another disk of this \
                     computer has that identity: present it and mask the other, or break the set without \
                     VSS_BREAKEX_FLAG_REVERT_IDENTITY_ALL"
                );
                world.log(refusal.code, &message);
                return Err(refusal);
            }
        }
    }
    Ok(reverted)
}

/// What keeps a disk from its original's identity: that the host does not see it, the original itself, or another disk that
/// is known by some of it.
fn in_the_way(
    world: &World,
    host: usize,
    disk: &CopiedDisk,
    original: &Known,
    disks: &[CopiedDisk],
) -> Option<Refusal> {
    if world.disk_of(host, disk.lun).is_none() {
        return Some(not_reverted(original.signature));
    }
    let source = world.lun_by_page83(&disk.source);
    if source.is_some_and(|lun| world.disk_of(host, lun).is_some()) {
        return Some(ORIGINAL_VISIBLE);
    }
    let others = world.host(host).disks().map(|(_, other)| other);
    let others: Vec<&Disk> = others.filter(|other| disks.iter().all(|disk| disk.lun != other.lun)).collect();
    if others.iter().any(|other| other.signature() == Some(original.signature)) {
        return Some(not_reverted(original.signature));
    }
    let has_a_partition = |other: &&Disk| {
        let known = identity::now(world, other.lun);
        let mut ids = known.iter().flat_map(|known| known.partitions.values());
        ids.any(|id| original.partitions.values().any(|wanted| wanted == id))
    };
    let taken = others.iter().any(has_a_partition);
    taken.then_some(Refusal::documented(HResult::VSS_E_BREAK_REVERT_ID_FAILED, "gpt-partition-id"))
}

/// A disk cannot have that signature.
pub(super) fn not_reverted(signature: DiskSignature) -> Refusal {
    let reason = match signature {
        DiskSignature::Mbr(_) => "mbr-signature",
        DiskSignature::Gpt(_) => "gpt-disk-id",
    };
    Refusal::documented(HResult::VSS_E_BREAK_REVERT_ID_FAILED, reason)
}
