//! ImportSnapshots: a transportable set arrives on a host.
//!
//! Locating (the providers unmask the LUNs, the host looks for them) → taking over (what has arrived gets an identity of its
//! own and becomes known as a shadow copy here). What arrives counts, even if it is not all of the set. What a failed or
//! cancelled import leaves presented is the requester's to clean up.

use std::collections::BTreeSet;

use crate::api::{HResult, ProviderId, VolumeSnapshotAttributes};
use crate::document::{SnapshotDescription, SnapshotSetDescription};
use crate::storage::{LunId, VolumeExtent};

use super::importable::{why_not_brought_up, why_not_imported};
use super::snapshots::Snapshot;
use super::{arrival, locate};
use crate::service::Refusal;
use crate::service::contexts;
use crate::service::objects::operations::Step;
use crate::service::objects::session::Session;
use crate::service::providers::providers_of_luns;
use crate::service::world::World;

/// For each copy its LUNs on the host; `None`: not all of them have arrived.
type Arrived = Vec<Option<Vec<LunId>>>;

/// An import under way.
#[derive(Debug)]
pub(in crate::service) struct ImportWork {
    /// What has arrived, once the providers have been asked.
    arrived: Option<Arrived>,
}

impl ImportWork {
    pub(in crate::service) fn new() -> Self {
        Self { arrived: None }
    }

    /// Goes on with the work as far as it goes at this moment.
    pub(in crate::service) fn step(&mut self, world: &mut World, session: &mut Session) -> Step {
        let Some(set) = session.document.snapshot_set.take() else {
            unreachable!("the call was let through because of the set")
        };
        let (set, step) = self.go_on(world, session, set);
        session.document.snapshot_set = Some(set);
        step
    }

    /// The requester stops the work. No call of a provider takes LocateLuns back, and the page of ImportSnapshots leaves the
    /// LUNs of a failed import to the requester.
    pub(in crate::service) fn cancel(&self, world: &mut World) {
        if self.arrived.is_some() {
            tell_left(world, HResult::VSS_S_ASYNC_CANCELLED);
        }
    }

    fn go_on(
        &mut self,
        world: &mut World,
        session: &mut Session,
        mut set: SnapshotSetDescription,
    ) -> (SnapshotSetDescription, Step) {
        let arrived = match self.arrived.take() {
            Some(arrived) => arrived,
            None => match arrived(world, session.host, &set.snapshots) {
                Err(refusal) => {
                    tell_left(world, refusal.code);
                    return (set, Step::Done(Err(refusal)));
                }
                Ok(arrived) => match world.take_time() {
                    0 => arrived,
                    late_ms => {
                        self.arrived = Some(arrived);
                        return (set, Step::Again(world.clock.after(late_ms)));
                    }
                },
            },
        };
        let outcome = match enter_arrived(world, session, &mut set, &arrived) {
            0 => {
                Err(Refusal::rule(HResult::VSS_E_NO_SNAPSHOTS_IMPORTED, "the header's code: nothing arrived"))
            }
            all if all == set.snapshots.len() => Ok(()),
            _ => Err(Refusal::rule(
                HResult::VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED,
                "LocateLuns: some disk did not arrive in time, or is not what GetTargetLuns told",
            )),
        };
        (set, Step::Done(outcome))
    }
}

/// Asks the providers for the LUNs of the copies. A provider that does not know all that it is to unmask (the maker of the
/// copies may have deleted them) ends nothing: what it has unmasked all the same arrives, what does not is a disk that has
/// not appeared (LocateLuns), and for an import without arrivals vss.h has a code (inferred).
fn arrived(world: &mut World, host: usize, copies: &[SnapshotDescription]) -> Result<Arrived, Refusal> {
    let mut located = Vec::new();
    for provider in providers_of_luns(copies) {
        if world.hardware_provider(host, provider).is_some() {
            match locate::unmask(world, host, provider, copies) {
                Err(Refusal { code: HResult::E_INVALIDARG, .. }) => tell_unknown(world, provider),
                unmasked => {
                    world.tell_failed(provider, "LocateLuns", unmasked.as_ref().err());
                    unmasked?;
                }
            }
            let found = locate::find(world, host, provider, copies)?;
            located.extend(found.into_iter().map(|(wanted, arrived)| (provider, wanted, arrived)));
        }
    }
    let luns_of = |copy: &SnapshotDescription| {
        let mappings = copy.lun_mappings.iter().map(|mapping| &mapping.destination.information);
        let arrived = mappings.map(|lun| {
            let found = located.iter().find(|(by, wanted, _)| *by == copy.provider_id && wanted == lun)?;
            found.2
        });
        arrived.collect::<Option<Vec<LunId>>>().filter(|luns| !luns.is_empty())
    };
    Ok(copies.iter().map(luns_of).collect())
}

/// Enters what has arrived into the catalogue; answers how many copies these are.
fn enter_arrived(
    world: &mut World,
    session: &Session,
    set: &mut SnapshotSetDescription,
    arrived: &[Option<Vec<LunId>>],
) -> usize {
    let ids: BTreeSet<_> = set.snapshots.iter().map(|copy| copy.snapshot_id).collect();
    let (host, set_size) = (session.host, ids.len());
    let goes_with = contexts::is_auto_release(set.context).then_some(session.id);
    let mut identified: Vec<LunId> = Vec::new();
    let mut imported = 0;
    for (copy, luns) in set.snapshots.iter_mut().zip(arrived) {
        let luns = luns.as_deref().unwrap_or_default();
        let why = why_not_imported(world, set.snapshot_set_id, copy)
            .or_else(|| why_not_brought_up(world, host, copy, luns));
        if let Some(why) = why {
            tell_missing(world, copy, why);
            continue;
        }
        // The host that made the copy has known it without seeing it.
        world.snapshots.remove(copy.snapshot_id);
        for lun in luns {
            if !identified.contains(lun) {
                arrival::give_own_identity(world, host, *lun);
                identified.push(*lun);
            }
        }
        copy.snapshot_attributes |= VolumeSnapshotAttributes::IMPORTED;
        copy.service_machine = world.hosts[host].name.clone();
        world.snapshots.set_imported(copy.snapshot_id, true);
        let extents = extents(world, host, copy, luns);
        let device_number = Some(world.snapshots.device_number(copy.snapshot_id));
        world.snapshots.insert(Snapshot {
            set: set.snapshot_set_id,
            set_size,
            description: copy.clone(),
            luns: luns.to_vec(),
            extents,
            device_number,
            host,
            complete: true,
            exposure: None,
            goes_with,
        });
        imported += 1;
    }
    imported
}

/// Where the volume lies on the copy's LUNs, by the document: one part on each of them.
fn extents(world: &World, host: usize, copy: &SnapshotDescription, luns: &[LunId]) -> Vec<VolumeExtent> {
    let on_luns = copy.lun_mappings.iter().zip(luns);
    let extents = on_luns.filter_map(|(mapping, lun)| {
        let (disk, extent) = (world.disk_of(host, *lun)?, mapping.extents.first()?);
        Some(VolumeExtent { disk, start: extent.offset, length: extent.length })
    });
    extents.collect()
}

fn tell_unknown(world: &mut World, provider: ProviderId) {
    let name = world.provider_name(provider);
    let message = format!(
        "provider {name} does not know all of the LUNs that it is to unmask: see whether the set was deleted where it was made"
    );
    world.log(HResult::E_INVALIDARG, &message);
}

fn tell_left(world: &mut World, code: HResult) {
    let message = "the import is given up, and VSS cleans up no LUN: what providers have unmasked for it stays presented; \
                   repeat the import, or have the LUNs masked or deleted";
    world.log(code, message);
}

fn tell_missing(world: &mut World, copy: &SnapshotDescription, why: &str) {
    let (id, name) = (copy.snapshot_id, world.provider_name(copy.provider_id));
    let message = format!(
        "shadow copy {id} was not imported: {why}; see the log of provider {name}, and clean up its LUNs"
    );
    world.log(HResult::VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED, &message);
}
