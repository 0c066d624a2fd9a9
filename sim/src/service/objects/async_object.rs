//! `IVssAsync`: the life of an operation on the virtual clock.

use crate::api::HResult;
use crate::lab::{Cause, Os, WaitAfterFailure};

use super::operations::Step;
use crate::service::Refusal;
use crate::service::copies::breaking::BreakWork;
use crate::service::copies::import::ImportWork;
use crate::service::copies::revert::RevertWork;
use crate::service::creation::CreationWork;
use crate::service::machine::End;
use crate::service::resync::ResyncWork;
use crate::service::transitions::change::Operation;
use crate::writer::WriterEvent;

/// An operation and the object that stands for it.
#[derive(Debug)]
pub(in crate::service) struct AsyncObject {
    /// The session that began it.
    pub(in crate::service) session: u32,
    pub(in crate::service) host: usize,
    pub(in crate::service) operation: Operation,
    pub(in crate::service) status: Status,
    /// The work is done; that shows once the late ones have answered.
    pub(in crate::service) late: bool,
    /// What it has done so far, where it goes step by step.
    pub(in crate::service) work: Work,
    /// The requester has let go of it; it lives on while it is pending.
    pub(in crate::service) released: bool,
}

impl AsyncObject {
    /// Whether what it tells of is nobody's to stop, and goes on without its requester.
    pub(in crate::service) fn only_tells(&self) -> bool {
        self.operation == Operation::QueryRevert
    }

    /// Whether its work is done, even if that does not show yet, given how its last step went.
    pub(in crate::service) fn has_worked(&self, step: &Step) -> bool {
        match (step, &self.work) {
            (Step::Done(result), _) => !matches!(ended(*result), Status::Failed(_)),
            (Step::Again(_), Work::Creation(creation)) => creation.is_created(),
            (Step::Again(_), _) => self.late,
        }
    }
}

/// The work of an operation, as far as it is still to be done.
#[derive(Debug)]
pub(in crate::service) enum Work {
    /// `DoSnapshotSet`
    Creation(CreationWork),
    /// `ImportSnapshots`
    Import(ImportWork),
    /// `BreakSnapshotSetEx`
    Break(BreakWork),
    /// `RecoverSet`
    Resync(ResyncWork),
    /// `QueryRevertStatus`
    Revert(RevertWork),
    /// `BackupComplete` when VSS cannot talk to the writers.
    Unheard,
    /// `GatherWriterMetadata`
    GatherMetadata,
    /// `GatherWriterStatus`
    GatherStatus,
    /// An event of a backup, to the writers.
    Send(WriterEvent),
    /// It has failed, which shows once the providers that have worked in it are done.
    Failed(Refusal),
    /// There is nothing (more) to do.
    Over,
}

impl Work {
    /// Of an operation of that session; `trouble`: what goes wrong in it.
    pub(in crate::service) fn new(
        operation: Operation,
        session: u32,
        now_ms: u64,
        trouble: Option<Cause>,
    ) -> Self {
        match operation {
            Operation::CreateSet => Self::Creation(CreationWork::new(session, trouble)),
            Operation::Import => Self::Import(ImportWork::new()),
            Operation::Break(set, flags) => Self::Break(BreakWork::new(set, flags, trouble)),
            Operation::BackupComplete if trouble == Some(Cause::WritersUnreachable) => Self::Unheard,
            Operation::Recover(flags) => Self::Resync(ResyncWork::new(flags, now_ms)),
            Operation::GatherMetadata => Self::GatherMetadata,
            Operation::GatherStatus => Self::GatherStatus,
            Operation::PrepareForBackup => Self::Send(WriterEvent::PrepareForBackup),
            Operation::BackupComplete => Self::Send(WriterEvent::BackupComplete),
            // Its work is made of the provider's object.
            Operation::QueryRevert => Self::Over,
        }
    }
}

/// How an operation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::service) enum Status {
    /// - represents: work goes on
    /// - left by: the end of the work, `Cancel`
    Pending,
    /// - represents: success
    Finished,
    /// - represents: success of a kind, as its code says
    Qualified(Refusal),
    /// - represents: `Cancel` came before the end
    Cancelled,
    /// - represents: the operation's own error
    Failed(Refusal),
}

impl Status {
    /// What `QueryStatus` writes to `pHrResult`.
    pub(in crate::service) fn code(self) -> HResult {
        match self {
            Self::Pending => HResult::VSS_S_ASYNC_PENDING,
            Self::Finished => HResult::VSS_S_ASYNC_FINISHED,
            Self::Cancelled => HResult::VSS_S_ASYNC_CANCELLED,
            Self::Qualified(refusal) | Self::Failed(refusal) => refusal.code,
        }
    }
}

/// How an operation has ended that stands so; `None`: it has not.
pub(in crate::service) fn end_of(status: Status) -> Option<End> {
    match status {
        Status::Pending => None,
        Status::Finished | Status::Qualified(_) => Some(End::Finished),
        Status::Cancelled => Some(End::Cancelled),
        Status::Failed(_) => Some(End::Failed),
    }
}

/// How an operation stands that has come to that result.
pub(in crate::service) fn ended(result: Result<(), Refusal>) -> Status {
    match result {
        Ok(()) => Status::Finished,
        Err(refusal) if refusal.code.is_success() => Status::Qualified(refusal),
        Err(refusal) => Status::Failed(refusal),
    }
}

/// What `Cancel` returns, and whether it has to stop the work.
pub(in crate::service) fn cancel(status: Status) -> (HResult, bool) {
    match status {
        Status::Pending => (HResult::S_OK, true),
        ended => (ended.code(), false),
    }
}

/// `Cancel` of a revert that runs.
pub(in crate::service) const NO_CANCEL: Refusal =
    Refusal::inferred(HResult::E_NOTIMPL, "a revert cannot be cancelled; the page of Cancel prints no code");

/// Whether that system takes that time-out.
pub(in crate::service) fn check_wait(os: Os, milliseconds: u32) -> Result<(), Refusal> {
    if os == Os::WindowsServer2003 && milliseconds != crate::api::INFINITE {
        return Err(Refusal::documented(HResult::E_INVALIDARG, "finite-timeout-server-2003"));
    }
    Ok(())
}

/// What `Wait` returns, given how the operation stood before and stands after it. Only a failure that happens during
/// the wait can be returned; a wait that runs out of time succeeds (seen, O21).
pub(in crate::service) fn waited(before: Status, after: Status, reading: WaitAfterFailure) -> HResult {
    match (before, after, reading) {
        (Status::Pending, Status::Failed(refusal), WaitAfterFailure::OperationError) => refusal.code,
        _ => HResult::S_OK,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const FAILED: Status =
        Status::Failed(Refusal::documented(HResult::VSS_E_PROVIDER_VETO, "provider-error"));

    const PARTLY: Status =
        Status::Qualified(Refusal::rule(HResult::VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED, "LocateLuns"));

    #[rstest]
    #[case(Status::Pending, HResult::S_OK, true)]
    #[case(Status::Finished, HResult::VSS_S_ASYNC_FINISHED, false)]
    #[case(Status::Cancelled, HResult::VSS_S_ASYNC_CANCELLED, false)]
    #[case(FAILED, HResult::VSS_E_PROVIDER_VETO, false)]
    #[case(PARTLY, HResult::VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED, false)]
    fn cancel_stops_only_what_is_pending(#[case] status: Status, #[case] code: HResult, #[case] stops: bool) {
        assert_eq!(cancel(status), (code, stops));
    }

    #[rstest]
    #[case(Status::Pending, FAILED, HResult::VSS_E_PROVIDER_VETO)]
    #[case(FAILED, FAILED, HResult::S_OK)]
    #[case(Status::Pending, PARTLY, HResult::S_OK)]
    #[case(Status::Pending, Status::Pending, HResult::S_OK)]
    fn wait_returns_a_failure_only_when_it_happens_meanwhile(
        #[case] before: Status,
        #[case] after: Status,
        #[case] code: HResult,
    ) {
        assert_eq!(waited(before, after, WaitAfterFailure::OperationError), code);
        assert_eq!(waited(before, after, WaitAfterFailure::SOk), HResult::S_OK);
    }
}
