//! What Windows knows a disk and its volumes by.

use std::collections::BTreeMap;

use crate::api::Guid;
use crate::storage::{DiskSignature, LunId};

use super::world::World;

/// A disk's signature and the id of each GPT partition, by the place of its first byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) signature: DiskSignature,
    pub(super) partitions: BTreeMap<u64, Guid>,
}

/// What a LUN's disk is known by now; `None`: it carries no table.
pub(super) fn now(world: &World, lun: LunId) -> Option<Known> {
    let table = world.storage.lun(lun).ok()?.table().ok()?;
    let ids = table.partitions.iter().filter_map(|partition| Some((partition.start, partition.unique_id?)));
    Some(Known { signature: table.signature, partitions: ids.collect() })
}
