//! What Windows knows a disk and its volumes by.

use std::collections::BTreeMap;

use crate::api::Guid;
use crate::storage::{DiskSignature, LunId, PartitionTable};

use super::World;

/// A GPT partition's first byte and its id.
pub(in crate::service) type PlacedId = (u64, Guid);

/// A disk's signature and the id of each GPT partition, by the place of its first byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::service) struct Known {
    pub(in crate::service) signature: DiskSignature,
    pub(in crate::service) partitions: BTreeMap<u64, Guid>,
}

/// What a LUN's disk is known by now; `None`: it carries no table.
pub(in crate::service) fn now(world: &World, lun: LunId) -> Option<Known> {
    let table = world.storage.lun(lun).ok()?.table().ok()?;
    Some(Known { signature: table.signature, partitions: ids_in(&table).collect() })
}

/// What the GPT partitions of a LUN's disk are known by now.
pub(in crate::service) fn partitions_now(world: &World, lun: LunId) -> Box<[PlacedId]> {
    let table = world.storage.lun(lun).ok().and_then(|lun| lun.table().ok());
    table.iter().flat_map(ids_in).collect()
}

fn ids_in(table: &PartitionTable) -> impl Iterator<Item = PlacedId> + '_ {
    table.partitions.iter().filter_map(|partition| Some((partition.start, partition.unique_id?)))
}
