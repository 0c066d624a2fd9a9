//! Breaking: shadow copies become ordinary volumes, of which VSS knows nothing any more. What lies on their LUNs stays, and
//! no provider is ever told that these are empty. Of a set for transport it is about the copies that have arrived.
//!
//! BreakSnapshotSetEx: checks (whose identity can be reverted) → the notice that LUNs turn read-write, where they do →
//! writing (identities and marks of all disks, or of none) → a rescan, since volumes may have got other names → masking,
//! where it is asked for → VSS forgets the set. A failure anywhere takes back what was written, and the set is still there.

mod disks;
mod identities;
mod mount_points;

use crate::api::{HResult, HardwareOptions, SnapshotSetId};
use crate::document::SnapshotDescription;
use crate::lab::Cause;

use super::locate;
use crate::service::Refusal;
use crate::service::objects::operations::Step;
use crate::service::providers::distinct;
use crate::service::providers::notices;
use crate::service::transitions::change::Operation;
use crate::service::world::World;
use crate::service::world::volumes::host_id;
use disks::CopiedDisk;

/// A break under way.
#[derive(Debug)]
pub(in crate::service) struct BreakWork {
    set: SnapshotSetId,
    flags: HardwareOptions,
    /// What the disks do wrong.
    trouble: Option<Cause>,
    /// Providers have had the notice that their LUNs turn read-write.
    noticed: bool,
}

impl BreakWork {
    pub(in crate::service) fn new(
        set: SnapshotSetId,
        flags: HardwareOptions,
        trouble: Option<Cause>,
    ) -> Self {
        Self { set, flags, trouble, noticed: false }
    }

    /// Goes on with the work as far as it goes at this moment. Until its last step nothing has changed, so that there is
    /// nothing to be taken back when it is cancelled.
    pub(in crate::service) fn step(&mut self, world: &mut World, host: usize) -> Step {
        match self.go_on(world, host) {
            Ok(0) => Step::Done(Ok(())),
            Ok(late_ms) => Step::Again(world.clock.after(late_ms)),
            Err(refusal) => Step::Done(Err(refusal)),
        }
    }

    fn go_on(&mut self, world: &mut World, host: usize) -> Result<u64, Refusal> {
        let copies = descriptions(world, host, self.set);
        if copies.is_empty() {
            return Err(Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, "no-such-set"));
        }
        let disks = disks::of_set(world, host, self.set);
        let reverted = identities::reverted(world, host, &disks, self.flags)?;
        if self.flags.contains(HardwareOptions::MAKE_READ_WRITE) && !self.noticed {
            self.noticed = true;
            notices::send(world, host, &copies, HardwareOptions::NOTIFY_READ_WRITE)?;
            let late_ms = world.take_time();
            if late_ms > 0 {
                return Ok(late_ms);
            }
        }
        let method = Operation::Break(self.set, self.flags).method();
        let trouble = self.trouble.as_ref();
        let written = disks::write(world, host, &disks, &reverted, self.flags, method, trouble)?;
        // With its identity a volume gets another name: by that one it is known when its LUN is presented again.
        drop(world.rescan_host(host));
        if self.flags.contains(HardwareOptions::MASK_LUNS)
            && let Err(refusal) = notices::send(world, host, &copies, HardwareOptions::DO_MASK_LUNS)
        {
            present_again(world, host, &copies, &disks);
            written.take_back(world);
            world.rescan();
            return Err(refusal);
        }
        // The host has not noticed yet that LUNs are masked.
        forget(world, host, self.set);
        world.rescan();
        Ok(0)
    }
}

/// One provider has refused to mask its LUNs: those that others have masked by then are presented again, as far as these
/// go along.
fn present_again(world: &mut World, host: usize, copies: &[SnapshotDescription], disks: &[CopiedDisk]) {
    let is_masked = |world: &World, disk: &CopiedDisk| {
        world.storage.lun(disk.lun).is_ok_and(|lun| !lun.hosts().contains(&host_id(host)))
    };
    let masked = disks.iter().filter(|disk| is_masked(world, disk)).map(|disk| disk.provider);
    for provider in distinct(masked) {
        if let Err(refusal) = locate::locate(world, host, provider, copies) {
            let name = world.provider_name(provider);
            let message = format!("LUNs of provider {name} stay masked although their set is not broken");
            world.log(refusal.code, &message);
        }
    }
}

fn descriptions(world: &World, host: usize, set: SnapshotSetId) -> Vec<SnapshotDescription> {
    world.snapshots.arrived_of_set(set, host).map(|copy| copy.description.clone()).collect()
}

/// VSS forgets the set, whose names stay: that is all that BreakSnapshotSet does. The host knows the volumes by now as they
/// will be known from now on.
pub(in crate::service) fn forget(world: &mut World, host: usize, set: SnapshotSetId) {
    mount_points::hand_over(world, host, set);
    let ids = world.snapshots.arrived_of_set(set, host).map(|copy| copy.description.snapshot_id);
    for id in ids.collect::<Vec<_>>() {
        world.snapshots.break_off(id);
    }
}
