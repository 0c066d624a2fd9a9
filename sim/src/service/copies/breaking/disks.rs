//! The disks of a set that is broken, and what is written on them.

use crate::api::{HardwareOptions, LunInformation, Method, ProviderId, SnapshotSetId};
use crate::lab::Cause;
use crate::service::creation::lun_flags;
use crate::service::world::World;
use crate::service::world::identity::{self, Known};
use crate::service::world::volumes::signature_from_guid;
use crate::service::{Refusal, reasons};
use crate::storage::LunId;

use super::identities;

/// A LUN that holds copies of the set.
#[derive(Clone, Debug)]
pub(super) struct CopiedDisk {
    pub(super) lun: LunId,
    pub(super) provider: ProviderId,
    /// The LUN that it was copied from.
    pub(super) source: LunInformation,
    /// What the original was known by at the commit; `None`: it carried no signature.
    pub(super) original: Option<Known>,
}

/// The LUNs of a set, each once, in the order in which they were made.
pub(super) fn of_set(world: &World, host: usize, set: SnapshotSetId) -> Vec<CopiedDisk> {
    let mut disks: Vec<CopiedDisk> = Vec::new();
    for copy in world.snapshots.arrived_of_set(set, host) {
        for (lun, mapping) in copy.luns.iter().zip(&copy.description.lun_mappings) {
            if disks.iter().any(|disk| disk.lun == *lun) {
                continue;
            }
            // The document has the signature, and of partitions only those of the set; the copied bytes had the ids of all.
            let source = mapping.source.information.clone();
            let partitions = world.snapshots.original_partitions(*lun).iter().copied().collect();
            let original =
                signature_from_guid(source.disk_signature).map(|signature| Known { signature, partitions });
            let provider = copy.description.provider_id;
            disks.push(CopiedDisk { lun: *lun, provider, source, original });
        }
    }
    disks.sort_by_key(|disk| disk.lun);
    disks
}

/// What was written, and what was there before.
#[must_use]
pub(super) struct Written(Vec<(LunId, Known)>);

impl Written {
    /// Writes back what was there: the identities, and all marks, since every partition of a copied LUN has them.
    pub(super) fn take_back(self, world: &mut World) {
        for (lun, before) in self.0.into_iter().rev() {
            let marked = |attributes| attributes | lun_flags::COPY_ATTRIBUTES;
            // The disk took the same kind of write a moment ago.
            let _ = write_one(world, lun, &before, marked);
        }
    }
}

/// Writes the identities and, where the LUNs turn read-write, clears the marks of shadow copies: on all disks or on none.
pub(super) fn write(
    world: &mut World,
    host: usize,
    disks: &[CopiedDisk],
    reverted: &[Option<&Known>],
    flags: HardwareOptions,
    method: Method,
    trouble: Option<&Cause>,
) -> Result<Written, Refusal> {
    let turns_writable = flags.contains(HardwareOptions::MAKE_READ_WRITE);
    let cleared = if turns_writable { lun_flags::COPY_ATTRIBUTES } else { 0 };
    let to_write =
        disks.iter().zip(reverted.iter().copied()).filter(|(_, known)| known.is_some() || turns_writable);
    let to_write: Vec<_> = to_write.collect();
    let mut written = Written(Vec::new());
    for (place, &(disk, known)) in to_write.iter().enumerate() {
        let Some(before) = identity::now(world, disk.lun) else { continue };
        // Where one disk is in trouble it is the last: those before it have been written by then.
        let in_trouble = trouble == Some(&Cause::DiskRefusesWrite) && place + 1 == to_write.len();
        let refuses = in_trouble || world.disk_of(host, disk.lun).is_none();
        let wanted = known.unwrap_or(&before);
        if refuses || !write_one(world, disk.lun, wanted, |attributes| attributes & !cleared) {
            written.take_back(world);
            return Err(refused(world, host, disk, known, method));
        }
        written.0.push((disk.lun, before));
    }
    Ok(written)
}

/// Whether the disk has taken it.
fn write_one(world: &mut World, lun: LunId, known: &Known, attributes: impl Fn(u64) -> u64) -> bool {
    let (storage, ids) = (&mut world.storage, &mut world.ids.disks);
    let mut id = |start| known.partitions.get(&start).copied().unwrap_or_else(|| ids.next_guid());
    storage.rewrite(lun, known.signature, &mut id, attributes).is_ok()
}

/// A disk refuses the write of its identity or, where that stays, of its marks.
fn refused(
    world: &mut World,
    host: usize,
    disk: &CopiedDisk,
    identity: Option<&Known>,
    method: Method,
) -> Refusal {
    let name = world.lun_name(disk.lun);
    let refusal = match identity {
        Some(known) => identities::not_reverted(known.signature),
        None => reasons::unexpected(method, world.os(host).has_vss_e_unexpected()),
    };
    let message = format!(
        "LUN {name} could not be written: the set is not broken, nothing has changed; see to the disk"
    );
    world.log(refusal.code, &message);
    refusal
}
