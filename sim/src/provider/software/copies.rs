//! What a software provider has: the copies that it keeps and the set that it is making.

use crate::api::{SnapshotContext, SnapshotId, SnapshotProp, SnapshotSetId, SnapshotState};
use crate::provider::copies::Phase;
use crate::storage::FrozenVolume;

use super::{Place, Source};

/// A copy.
#[derive(Clone, Debug)]
pub(super) struct Copy {
    pub(super) properties: SnapshotProp,
    pub(super) place: Place,
    pub(super) context: SnapshotContext,
    pub(super) content: FrozenVolume,
}

impl Copy {
    /// Whether the creation of its set has ended.
    pub(super) fn is_complete(&self) -> bool {
        self.properties.status == SnapshotState::CREATED
    }
}

/// A copy that is asked for.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) id: SnapshotId,
    pub(super) source: Source,
    pub(super) context: SnapshotContext,
}

/// The set in preparation, or the one that was completed last: it can still be aborted.
#[derive(Clone, Debug, Default)]
pub(super) struct Set {
    pub(super) id: SnapshotSetId,
    pub(super) phase: Phase,
    pub(super) planned: Vec<Planned>,
}

/// How VSS names what has been done to the copies of a set.
pub(super) fn status(phase: Phase) -> SnapshotState {
    match phase {
        Phase::Idle => SnapshotState::UNKNOWN,
        Phase::Preparing => SnapshotState::PREPARING,
        Phase::Prepared => SnapshotState::PREPARED,
        Phase::PreCommitted => SnapshotState::PRECOMMITTED,
        Phase::Committed => SnapshotState::COMMITTED,
        Phase::PostCommitted => SnapshotState::POSTCOMMITTED,
        Phase::PreFinalCommitted => SnapshotState::PREFINALCOMMITTED,
        Phase::Created => SnapshotState::CREATED,
    }
}
