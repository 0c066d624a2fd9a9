//! The flags of the original LUNs while a set is committed: read-only, hidden, shadow copy, no drive letter.
//!
//! VSS sets them after EndPrepareSnapshots and clears them once the writes are released; a copy is made in between, so its
//! bytes carry them (the-shadow-copy-creation-process). The page clears them twice, after CommitSnapshots and again after
//! PostCommitSnapshots: here once, at the first of the two. On the originals they are uncommitted, so hosts do not look.

use crate::storage::{LunId, gpt};

use crate::service::objects::session::PlannedCopy;
use crate::service::world::World;

/// A shadow copy's volume is read-only, hidden and without a drive letter; only VSS sets these bits.
pub(in crate::service) const COPY_ATTRIBUTES: u64 = gpt::attribute::READ_ONLY
    | gpt::attribute::SHADOW_COPY
    | gpt::attribute::HIDDEN
    | gpt::attribute::NO_DRIVE_LETTER;

/// Flagged LUNs, each with the attributes that its partitions had, by the place of their first byte.
#[derive(Debug)]
#[must_use]
pub(in crate::service) struct Flagged(Vec<(LunId, Vec<(u64, u64)>)>);

/// Flags the LUNs under the volumes of a set of which a hardware provider makes copies.
pub(in crate::service) fn set(world: &mut World, copies: &[PlannedCopy]) -> Flagged {
    let mut flagged: Vec<(LunId, Vec<(u64, u64)>)> = Vec::new();
    let on_luns = copies.iter().filter(|copy| !world.is_software(copy.provider));
    let luns: Vec<LunId> = on_luns.flat_map(|copy| copy.luns.iter().copied()).collect();
    for lun in luns {
        if flagged.iter().any(|(other, _)| *other == lun) {
            continue;
        }
        let mut before = Vec::new();
        let done = world.storage.change_attributes(lun, &mut |start, attributes| {
            before.push((start, attributes));
            attributes | COPY_ATTRIBUTES
        });
        // A disk without a table has no partitions to be flagged.
        if done.is_ok() {
            flagged.push((lun, before));
        }
    }
    Flagged(flagged)
}

/// Takes the flags back.
pub(in crate::service) fn clear(world: &mut World, Flagged(flagged): Flagged) {
    for (lun, before) in flagged {
        // The table was written a moment ago. If a provider has destroyed it since, there is nothing to be cleared.
        let _ = world.storage.change_attributes(lun, &mut |start, attributes| {
            let found = before.iter().find(|(place, _)| *place == start);
            found.map_or(attributes, |(_, before)| *before)
        });
    }
}
