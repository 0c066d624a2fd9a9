//! What decides of a requester's object.

use crate::api::{SnapshotContext, VolumeSnapshotAttributes};
use crate::document::{BackupComponentsDocument, SnapshotSetDescription};
use crate::service::State;
use crate::service::transitions::change::{Change, Operation};

/// What decides what may be done with a requester's object, and what comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::service) struct Requester {
    pub(in crate::service) state: State,
    pub(in crate::service) context: SnapshotContext,
    /// Whether the writers' metadata was gathered.
    pub(in crate::service) has_metadata: bool,
    /// Whether the writers' status was gathered.
    pub(in crate::service) has_status: bool,
    /// What its document holds.
    pub(in crate::service) document: DocumentFacts,
    /// The set that is being created, by the number of its volumes.
    pub(in crate::service) set: Option<u8>,
    /// Whether the recovery set has a shadow copy.
    pub(in crate::service) has_recovery_set: bool,
    /// The operation that bars other calls.
    pub(in crate::service) pending: Option<Pending>,
}

/// An operation that is pending and bars other calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::service) struct Pending {
    pub(in crate::service) operation: Operation,
    /// The object's state when it began.
    pub(in crate::service) before: State,
    /// Its work is done; that shows once the late ones have answered.
    pub(in crate::service) worked: bool,
}

/// How an operation has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::service) enum End {
    /// It has succeeded, perhaps in part.
    Finished,
    /// It has failed.
    Failed,
    /// It was cancelled.
    Cancelled,
}

/// What a document holds that decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::service) struct DocumentFacts {
    /// Whether it says what kind of backup it is.
    pub(in crate::service) backup_state: bool,
    /// Its shadow copies.
    pub(in crate::service) set: Option<DocumentSet>,
}

/// What a document's set is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::service) struct DocumentSet {
    /// There are shadow copies, and all can be imported.
    pub(in crate::service) transportable: bool,
}

impl DocumentFacts {
    pub(in crate::service) fn of(document: &BackupComponentsDocument) -> Self {
        Self {
            backup_state: document.backup_state.is_some(),
            set: document.snapshot_set.as_ref().map(DocumentSet::of),
        }
    }
}

impl DocumentSet {
    fn of(set: &SnapshotSetDescription) -> Self {
        let transportable = VolumeSnapshotAttributes::TRANSPORTABLE;
        let mut copies = set.snapshots.iter();
        Self {
            transportable: !set.snapshots.is_empty()
                && copies.all(|copy| copy.snapshot_attributes.contains(transportable)),
        }
    }
}

impl Requester {
    /// An object that was just made.
    pub(in crate::service) const NEW: Self = Self {
        state: State::Created,
        context: SnapshotContext::BACKUP,
        has_metadata: false,
        has_status: false,
        document: DocumentFacts { backup_state: false, set: None },
        set: None,
        has_recovery_set: false,
        pending: None,
    };

    /// An object whose last reference is gone.
    pub(in crate::service) const RELEASED: Self = Self { state: State::Released, ..Self::NEW };

    /// After a change. Of a loaded document, [`loaded`](Self::loaded) tells.
    pub(in crate::service) fn changed(self, change: &Change) -> Self {
        match change {
            Change::Nothing
            | Change::Tell(_)
            | Change::SaveDocument
            | Change::TellSnapshot(_)
            | Change::TellSupport { .. }
            | Change::BreakSet(_)
            | Change::Query { .. }
            | Change::Delete { .. }
            | Change::Expose { .. }
            | Change::Revert { .. }
            | Change::QueryRevert { .. }
            | Change::Load { .. } => self,
            Change::Initialize => Self { state: State::BackupInit, ..self },
            Change::SetContext(context) => Self { context: *context, state: State::BackupContext, ..self },
            Change::SetBackupState(_) => {
                Self { document: DocumentFacts { backup_state: true, ..self.document }, ..self }
            }
            Change::FreeWriterStatus => Self { has_status: false, ..self },
            Change::StartSet => Self { set: Some(0), state: State::SetStarted, ..self },
            Change::AddVolume { .. } => Self {
                set: self.set.map(|volumes| volumes.saturating_add(1)),
                state: if self.state == State::SetStarted { State::Volumes } else { self.state },
                ..self
            },
            Change::AddToRecoverySet(_) => Self { has_recovery_set: true, state: State::RecoverySet, ..self },
            Change::Begin(operation) => self.begun(*operation),
            Change::Abort => self.aborted(),
        }
    }

    /// After a document with those contents was read.
    pub(in crate::service) fn loaded(self, next: State, document: DocumentFacts) -> Self {
        Self { state: next, document, ..self }
    }

    fn begun(self, operation: Operation) -> Self {
        let Some(state) = operation.state_while_pending(self.state) else { return self };
        let pending = Pending { operation, before: self.state, worked: false };
        Self { state, pending: Some(pending), ..self }
    }

    /// After the work of an operation, whether the operation bars other calls or not.
    pub(in crate::service) fn worked(self, operation: Operation) -> Self {
        let bars = self.pending.filter(|pending| pending.operation == operation);
        if bars.is_some_and(|pending| pending.worked) {
            return self;
        }
        let pending = bars.map(|pending| Pending { worked: true, ..pending }).or(self.pending);
        let done = match operation {
            Operation::GatherMetadata => Self { has_metadata: true, ..self },
            Operation::GatherStatus => Self { has_status: true, ..self },
            Operation::CreateSet => self.created(),
            Operation::PrepareForBackup
            | Operation::BackupComplete
            | Operation::Import
            | Operation::Recover(_)
            | Operation::Break(..)
            | Operation::QueryRevert => self,
        };
        Self { pending, ..done }
    }

    /// The set has become shadow copies.
    fn created(self) -> Self {
        let any = self.set.is_some_and(|volumes| volumes > 0);
        let transportable = self.context.attributes().contains(VolumeSnapshotAttributes::TRANSPORTABLE);
        let set = DocumentSet { transportable: any && transportable };
        Self { set: None, document: DocumentFacts { set: Some(set), ..self.document }, ..self }
    }

    /// After the end of the operation that barred other calls. An end that is no success takes back what a creation has
    /// done.
    pub(in crate::service) fn ended(self, end: End) -> Self {
        let Some(Pending { operation, before, worked }) = self.pending else { return self };
        let after = Self { pending: None, ..self };
        if end == End::Finished {
            return Self { state: operation.state_after(before), ..after };
        }
        let state = operation.state_after_failure(before, end == End::Cancelled);
        match operation {
            Operation::CreateSet if worked => {
                let document = DocumentFacts { set: None, ..self.document };
                Self { state, document, ..after }
            }
            Operation::CreateSet => Self { state, set: None, ..after },
            _ => Self { state, ..after },
        }
    }

    /// After AbortBackup: what is pending is cancelled, the set is given up (A3).
    fn aborted(self) -> Self {
        match self.ended(End::Cancelled) {
            aborted @ Self { state: State::Aborted, .. } => aborted,
            stopped => Self { state: State::Aborted, set: None, ..stopped },
        }
    }

    /// Whether it stands between StartSnapshotSet and the end of DoSnapshotSet.
    pub(in crate::service) fn is_creating(self) -> bool {
        let under_way = self.pending.is_some_and(|pending| pending.operation == Operation::CreateSet);
        under_way || (self.set.is_some() && self.state != State::Completed)
    }
}
