//! Whether a shadow copy of a document can become known on a host: by what the document says, which can be anything, and by
//! what has arrived there.

use crate::api::SnapshotSetId;
use crate::document::{LunMapping, SnapshotDescription};
use crate::storage::{LunId, Partition, PartitionTable, gpt};

use super::snapshots::Snapshot;
use crate::service::world::World;

const NOT_THERE: &str = "its volume is not where the document says";

/// Why a copy cannot become known by what the document says that it is; `None`: it can. Another import may have come first
/// since the call.
pub(in crate::service) fn why_not_imported(
    world: &World,
    set: SnapshotSetId,
    copy: &SnapshotDescription,
) -> Option<&'static str> {
    if world.snapshots.was_imported(copy.snapshot_id) {
        return Some("it has been imported already");
    }
    // The host that made it knows it without seeing it.
    let is_it = |known: &Snapshot| {
        known.device_number.is_none() && known.set == set && known.description.provider_id == copy.provider_id
    };
    let known = world.snapshots.get(copy.snapshot_id)?;
    (!is_it(known)).then_some("another shadow copy has its id")
}

/// Why the volume of a copy cannot be brought up from its LUNs; `None`: it can.
pub(super) fn why_not_brought_up(
    world: &World,
    host: usize,
    copy: &SnapshotDescription,
    luns: &[LunId],
) -> Option<&'static str> {
    // One may have left again while a provider was late with another.
    if luns.is_empty() || luns.iter().any(|lun| world.disk_of(host, *lun).is_none()) {
        return Some("not all of its LUNs have arrived");
    }
    if is_of_another_family(world, host, copy) {
        return Some(
            "copies of Windows Server 2003 cannot be used on Windows Server 2008 and 2008 R2, nor the reverse",
        );
    }
    let tables = luns.iter().map(|lun| world.storage.lun(*lun).ok()?.table().ok());
    let Some(tables) = tables.collect::<Option<Vec<PartitionTable>>>() else { return Some(NOT_THERE) };
    let dynamic = tables.iter().any(PartitionTable::is_dynamic);
    let comes_home = copy.originating_machine == world.hosts[host].name;
    if dynamic && comes_home && !world.os(host).imports_dynamic_disks_at_home() {
        return Some("this system imports copies of dynamic disks from other computers only");
    }
    if original_in_cluster(world, host, copy) {
        return Some(
            "the cluster sees its original, so that its disk is reserved: import it outside of the cluster",
        );
    }
    if !tables.iter().all(is_marked) {
        return Some("its LUNs have no marks of a shadow copy: the document may name an original");
    }
    let mut on_luns = copy.lun_mappings.iter().zip(luns).zip(&tables);
    let all_there = on_luns.all(|((mapping, lun), table)| lies_there(world, mapping, *lun, table));
    (!all_there).then_some(NOT_THERE)
}

/// Whether the systems of the two hosts have no shadow copies in common (VSS Application Compatibility; what an import says
/// is inferred). Of a machine that is not in the lab nobody can say what runs there.
fn is_of_another_family(world: &World, host: usize, copy: &SnapshotDescription) -> bool {
    let maker = world.hosts.iter().position(|host| host.name == copy.originating_machine);
    maker.is_some_and(|maker| !world.os(host).uses_copies_of(world.os(maker)))
}

/// Whether a node of the host's cluster sees the original: its disk and the copy's have one signature, and a cluster marks the
/// second as reserved (O54, O56).
fn original_in_cluster(world: &World, host: usize, copy: &SnapshotDescription) -> bool {
    if world.hosts[host].cluster.is_none() {
        return false;
    }
    let sources = copy.lun_mappings.iter().map(|mapping| &mapping.source.information);
    let originals: Vec<LunId> = sources.filter_map(|source| world.lun_by_page83(source)).collect();
    world.nodes_with(host).any(|node| originals.iter().any(|lun| world.disk_of(node, *lun).is_some()))
}

/// Whether a disk has the marks that VSS sets at the commit, and nobody else (the-shadow-copy-creation-process): they travel
/// with the copy's LUN, and an original has lost them by the end of the creation. That an import looks for them is inferred.
fn is_marked(table: &PartitionTable) -> bool {
    table.partitions.iter().any(|partition| partition.attributes & gpt::attribute::SHADOW_COPY != 0)
}

/// Whether a LUN has a part of the volume where the document says: a partition, or anywhere on a dynamic disk, whose
/// database nobody reads.
fn lies_there(world: &World, mapping: &LunMapping, lun: LunId, table: &PartitionTable) -> bool {
    let [extent] = &*mapping.extents else { return false };
    let is_it = |partition: &Partition| (partition.start, partition.length) == (extent.offset, extent.length);
    let size = world.storage.lun(lun).map_or(0, crate::storage::Lun::size);
    let fits = extent.offset.checked_add(extent.length).is_some_and(|end| end <= size);
    fits && (table.is_dynamic() || table.partitions.iter().any(is_it))
}
