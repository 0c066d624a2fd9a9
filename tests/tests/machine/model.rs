//! What the test knows of contents without asking: which value was written to which slot of which volume, and where
//! copies of that went.

use std::collections::{BTreeMap, BTreeSet};

use vss_sim::api::{Signature, SnapshotId, SnapshotSetId};
use vss_sim::lab::Share;
use vss_sim::service::Simulator;

use crate::rig::Place;

const MIB: u64 = 1 << 20;

/// Places in a volume that are written to.
pub(crate) const SLOTS: usize = 3;

/// The values in the slots of each volume of a LUN, in the order of the partition table.
pub(crate) type Disk = Vec<[u64; SLOTS]>;

/// Every LUN's contents, by name.
pub(crate) type World = BTreeMap<String, Disk>;

/// Where a slot lies in its volume.
pub(crate) fn slot_offset(slot: usize) -> u64 {
    (slot as u64 + 1) << 16
}

/// What a LUN really holds, read from its bytes and not through any host.
pub(crate) fn read(sim: &Simulator, lun: &str, volumes: usize) -> Option<Disk> {
    let chunks: Vec<_> = sim.export(lun)?.collect();
    let value = |at: u64| {
        let holder =
            chunks.iter().find(|chunk| chunk.offset <= at && at < chunk.offset + chunk.bytes.len() as u64);
        holder.map_or(0, |chunk| {
            let bytes = &chunk.bytes[(at - chunk.offset) as usize..][..8];
            u64::from_le_bytes(bytes.try_into().expect("eight bytes"))
        })
    };
    // Volumes of 2 MiB, one behind the other from 1 MiB on: the lab is built that way.
    let volume = |index: u64| std::array::from_fn(|slot| value(MIB + index * 2 * MIB + slot_offset(slot)));
    Some((0..volumes as u64).map(volume).collect())
}

/// A volume that is to be copied.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) snapshot: SnapshotId,
    pub(crate) lun: String,
    /// Which of the LUN's volumes.
    pub(crate) volume: usize,
    /// The share by which it is copied.
    pub(crate) share: Option<Share>,
}

/// While a set is being created, its point in time can be any moment.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    pub(crate) worlds: Vec<World>,
    pub(crate) luns_before: BTreeSet<String>,
    pub(crate) signatures: Vec<BTreeMap<String, Option<Signature>>>,
}

/// How long a shadow copy stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// It is to be there: as long as that session, or until somebody deletes or breaks it.
    Lives { with: Option<usize> },
    /// VSS has forgotten it, and what lies on its LUN stays.
    Broken,
    /// It is gone with its LUN.
    Deleted,
    /// Nobody can say: its provider failed while it was deleted, or its document was damaged.
    Unsure,
}

/// A shadow copy that was created.
#[derive(Clone, Debug)]
pub(crate) struct Copy {
    /// How many were made before it.
    pub(crate) nth: usize,
    pub(crate) set: SnapshotSetId,
    /// The LUN that was copied, for one of its volumes.
    pub(crate) source: String,
    pub(crate) volume: usize,
    /// The share by which it was copied.
    pub(crate) share: Option<Share>,
    /// What that volume held at some moment while the copy was made; the one that the copy shows, once it was read.
    pub(crate) held: Vec<[u64; SLOTS]>,
    /// The LUN with the copy; none for a copy of the system provider, or of a share.
    pub(crate) lun: Option<String>,
    /// By what the source was known at some moment while the copy was made.
    pub(crate) signatures: Vec<Option<Signature>>,
    /// Its context does not keep it beyond its session.
    pub(crate) auto_release: bool,
    pub(crate) life: Life,
    pub(crate) at: Place,
    /// A resync went onto its LUN.
    pub(crate) overwritten: bool,
    /// It was seen to differ from its source.
    pub(crate) told_apart: bool,
}

impl Copy {
    pub(crate) fn lives(&self) -> bool {
        matches!(self.life, Life::Lives { .. })
    }
}

/// One LUN of a resync that is under way.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) lun: String,
    pub(crate) copy: String,
    /// What the disk may be known by after success.
    pub(crate) wanted: Vec<Option<Signature>>,
}

/// A resync that is under way.
#[derive(Clone, Debug)]
pub(crate) struct Resync {
    /// `None`: the document was damaged, so anything may be copied anywhere.
    pub(crate) targets: Option<Vec<Target>>,
}
