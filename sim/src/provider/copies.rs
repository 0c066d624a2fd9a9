//! The life of a set inside the reference providers: which call may follow which.

use std::collections::BTreeMap;

use crate::api::SnapshotSetId;
use crate::lab::CopyKind;
use crate::storage::LunId;

/// The copies of one set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CopySet {
    pub(super) id: SnapshotSetId,
    /// Source LUN to its kind of copy and, once committed, the copy. A LUN with several volumes is in it once.
    pub(super) luns: BTreeMap<LunId, (CopyKind, Option<LunId>)>,
}

/// Where the provider is with its set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// No set.
    /// - allows: BeginPrepareSnapshot
    #[default]
    Idle,
    /// Volumes are being added.
    /// - allows: BeginPrepareSnapshot, EndPrepareSnapshots
    Preparing,
    /// All volumes are known.
    /// - allows: PreCommitSnapshots
    Prepared,
    /// The writers are frozen.
    /// - allows: CommitSnapshots
    PreCommitted,
    /// The copies exist.
    /// - allows: PostCommitSnapshots
    Committed,
    /// All providers committed.
    /// - allows: PreFinalCommitSnapshots, GetTargetLuns
    PostCommitted,
    /// Auto-recovery may write.
    /// - allows: PostFinalCommitSnapshots
    PreFinalCommitted,
    /// The set is complete.
    /// - allows: GetTargetLuns, BeginPrepareSnapshot of the next set
    Created,
}

impl Phase {
    /// The phase in which the named call is due, and the one that it leads to.
    pub(super) fn step(method: &str) -> Option<(Self, Self)> {
        match method {
            "EndPrepareSnapshots" => Some((Self::Preparing, Self::Prepared)),
            "PreCommitSnapshots" => Some((Self::Prepared, Self::PreCommitted)),
            "CommitSnapshots" => Some((Self::PreCommitted, Self::Committed)),
            "PostCommitSnapshots" => Some((Self::Committed, Self::PostCommitted)),
            "PreFinalCommitSnapshots" => Some((Self::PostCommitted, Self::PreFinalCommitted)),
            "PostFinalCommitSnapshots" => Some((Self::PreFinalCommitted, Self::Created)),
            _ => None,
        }
    }
}
