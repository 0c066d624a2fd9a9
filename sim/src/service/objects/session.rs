//! One requester's object: what it knows and what it has begun.

use crate::api::{
    ProviderId, SessionId, SnapshotContext, SnapshotId, SnapshotSetId, VolumeGuid, VolumeSnapshotAttributes,
};
use crate::document::BackupComponentsDocument;
use crate::storage::LunId;
use crate::writer::{Participant, Status};

use crate::service::State;
use crate::service::machine::{DocumentFacts, Pending, Requester};
use crate::service::world::originals::Original;

/// An `IVssBackupComponents` object.
#[derive(Clone, Debug)]
pub(in crate::service) struct Session {
    /// The host that it runs on.
    pub(in crate::service) host: usize,
    /// Constant for the object's life.
    pub(in crate::service) id: SessionId,
    pub(in crate::service) state: State,
    pub(in crate::service) context: SnapshotContext,
    /// The writers that identified themselves; `None` until metadata is gathered.
    pub(in crate::service) participants: Option<Vec<Participant>>,
    /// What the last `GatherWriterStatus` found.
    pub(in crate::service) status: Option<Vec<Status>>,
    /// The Backup Components Document.
    pub(in crate::service) document: BackupComponentsDocument,
    /// The set between `StartSnapshotSet` and the end of `DoSnapshotSet`.
    pub(in crate::service) set: Option<SnapshotSet>,
    /// What `AddSnapshotToRecoverySet` gathered.
    pub(in crate::service) recovery_set: Vec<Recovery>,
    /// The operation that bars other calls, with the number of its async object.
    pub(in crate::service) pending: Option<(u32, Pending)>,
    /// The document was overwritten in memory. Nothing repairs it: that lasts as long as the object.
    pub(in crate::service) document_damaged: bool,
}

/// A set that is being created.
#[derive(Clone, Debug)]
pub(in crate::service) struct SnapshotSet {
    pub(in crate::service) id: SnapshotSetId,
    pub(in crate::service) copies: Vec<PlannedCopy>,
}

/// A volume or share of a set that is being created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::service) struct PlannedCopy {
    pub(in crate::service) snapshot: SnapshotId,
    pub(in crate::service) original: Original,
    pub(in crate::service) provider: ProviderId,
    /// The LUNs under the volume when it joined the set; none under a share.
    pub(in crate::service) luns: Vec<LunId>,
}

/// A shadow copy that is to be copied back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::service) struct Recovery {
    pub(in crate::service) snapshot: SnapshotId,
    pub(in crate::service) provider: ProviderId,
    /// The volume whose LUNs are overwritten.
    pub(in crate::service) destination: VolumeGuid,
}

impl Session {
    pub(in crate::service) fn new(host: usize, id: SessionId) -> Self {
        Self {
            host,
            id,
            state: State::Created,
            context: SnapshotContext::BACKUP,
            participants: None,
            status: None,
            document: BackupComponentsDocument::default(),
            set: None,
            recovery_set: Vec::new(),
            pending: None,
            document_damaged: false,
        }
    }

    /// What decides of it.
    pub(in crate::service) fn requester(&self) -> Requester {
        Requester {
            state: self.state,
            context: self.context,
            has_metadata: self.participants.is_some(),
            has_status: self.status.is_some(),
            document: DocumentFacts::of(&self.document),
            set: self.set.as_ref().map(|set| u8::try_from(set.copies.len()).unwrap_or(u8::MAX)),
            has_recovery_set: !self.recovery_set.is_empty(),
            pending: self.pending.map(|(_, pending)| pending),
        }
    }

    /// Whether that operation, by the number of its async object, bars other calls.
    pub(in crate::service) fn is_barred_by(&self, number: u32) -> bool {
        self.pending.is_some_and(|(pending, _)| pending == number)
    }

    /// Whether the context keeps writers out.
    pub(in crate::service) fn without_writers(&self) -> bool {
        self.context.attributes().contains(VolumeSnapshotAttributes::NO_WRITERS)
    }
}
