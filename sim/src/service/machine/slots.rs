//! What only one session at a time can have on a host.

use crate::service::transitions::change::{Change, Operation};

use super::End;

/// Who has it, by the number of the session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::service) struct Slots {
    /// The session that is creating a set.
    pub(in crate::service) creation: Option<u32>,
    /// The session whose resync runs.
    pub(in crate::service) resync: Option<u32>,
    /// The session whose import runs.
    pub(in crate::service) import: Option<u32>,
}

impl Slots {
    /// After a change of that session.
    pub(in crate::service) fn changed(self, session: u32, change: &Change) -> Self {
        match change {
            Change::StartSet => Self { creation: Some(session), ..self },
            Change::Begin(Operation::Recover(_)) => Self { resync: Some(session), ..self },
            Change::Begin(Operation::Import) => Self { import: Some(session), ..self },
            Change::Abort => self.without_creation_of(session),
            _ => self,
        }
    }

    /// After an operation of that session has ended.
    pub(in crate::service) fn ended(self, session: u32, operation: Operation, end: End) -> Self {
        match operation {
            Operation::CreateSet => self.without_creation_of(session),
            // A backup that is completed without its set creates it no more (inferred: the pages name DoSnapshotSet).
            Operation::BackupComplete if end == End::Finished => self.without_creation_of(session),
            Operation::Recover(_) => Self { resync: self.resync.filter(|owner| *owner != session), ..self },
            Operation::Import => Self { import: self.import.filter(|owner| *owner != session), ..self },
            _ => self,
        }
    }

    /// After that session has left.
    pub(in crate::service) fn left(self, session: u32) -> Self {
        let others = |owner: &u32| *owner != session;
        Self {
            creation: self.creation.filter(others),
            resync: self.resync.filter(others),
            import: self.import.filter(others),
        }
    }

    /// After shares of this file server have joined a set of that session, which may run elsewhere.
    pub(in crate::service) fn serves(self, session: u32) -> Self {
        Self { creation: self.creation.or(Some(session)), ..self }
    }

    /// After the host has restarted: its own sessions are gone, and it forgets what it was to copy for others.
    pub(in crate::service) fn restarted(self) -> Self {
        Self::default()
    }

    /// After that session creates no set any more.
    pub(in crate::service) fn without_creation_of(self, session: u32) -> Self {
        Self { creation: self.creation.filter(|owner| *owner != session), ..self }
    }
}
