//! What can happen to an object, and what comes of it.

use crate::api::HResult;
use crate::document::BackupComponentsDocument;
use crate::service::machine::{DocumentFacts, End, Pending, Requester};
use crate::service::transitions::change::{Change, Operation};
use crate::service::{Refusal, State};

use super::calls::Labelled;
use super::object::{Actor, GONE};
use super::view::{ME, View};

/// Something that can happen to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// `CreateVssBackupComponents`
    Create,
    /// A call, by its place in the list.
    Call(usize),
    /// The work of the operation that bars calls is done, but somebody is late.
    Work,
    /// That operation ends.
    End(End),
    /// An operation that bars no calls ends.
    EndBeside(Operation, End),
    /// The object is let go of, or its process ends.
    Leave,
}

impl Move {
    /// Every move, with so many calls.
    pub(super) fn all(calls: usize) -> Vec<Self> {
        let mut moves = vec![Self::Create];
        moves.extend((0..calls).map(Self::Call));
        moves.push(Self::Work);
        moves.extend([End::Finished, End::Failed, End::Cancelled].map(Self::End));
        // One that fails leaves nothing, like one that is cancelled.
        for operation in [Operation::GatherMetadata, Operation::GatherStatus] {
            moves.extend([End::Finished, End::Cancelled].map(|end| Self::EndBeside(operation, end)));
        }
        moves.push(Self::Leave);
        moves
    }

    /// How it is written, if it is made in that state.
    pub(super) fn describe(self, calls: &[Labelled], state: State) -> String {
        let ended = |end| match end {
            End::Finished => "is done",
            End::Failed => "fails",
            End::Cancelled => "is cancelled",
        };
        match self {
            Self::Create => "CreateVssBackupComponents()".to_owned(),
            Self::Call(call) => calls[call].label.clone(),
            Self::Work => format!("what makes it {state} is done, but somebody is late"),
            Self::End(end) => format!("what makes it {state} {}", ended(end)),
            Self::EndBeside(operation, end) => format!("{} {}", operation.method().name, ended(end)),
            Self::Leave => "Release()".to_owned(),
        }
    }
}

/// After a call that was let through.
pub(super) fn called(actor: Actor, view: View, change: &Change) -> Result<(Actor, View), Refusal> {
    let before = actor.requester;
    let requester = match change {
        Change::Load { xml, next, reason } => {
            let document = BackupComponentsDocument::from_xml(xml)
                .map_err(|_| Refusal::documented(HResult::VSS_E_INVALID_XML_DOCUMENT, reason))?;
            before.loaded(*next, DocumentFacts::of(&document))
        }
        change => before.changed(change),
    };
    let mut actor = Actor { requester, ..actor };
    if let Change::Begin(operation) = change
        && requester.pending == before.pending
    {
        actor.gathers_metadata |= *operation == Operation::GatherMetadata;
        actor.gathers_status |= *operation == Operation::GatherStatus;
    }
    Ok((actor, view.with(view.slots().changed(ME, change))))
}

/// After what is no call; `None`: it cannot happen. `arrives` says whether an import that does its work now takes the set in.
pub(super) fn happened(actor: Actor, view: View, by: Move, arrives: bool) -> Option<(Actor, View)> {
    let requester = actor.requester;
    if requester.state == State::Released {
        return (by == Move::Create).then_some((Actor { requester: Requester::NEW, ..GONE }, view));
    }
    match by {
        Move::Create | Move::Call(_) => None,
        Move::Work => {
            let pending = requester.pending.filter(|pending| !pending.worked && can_be_late(pending))?;
            Some((Actor { requester: requester.worked(pending.operation), ..actor }, view))
        }
        Move::End(end) => {
            let pending = requester.pending?;
            if !can_end(pending, end, arrives) {
                return None;
            }
            let Pending { operation, .. } = pending;
            let done = if end == End::Finished { requester.worked(operation) } else { requester };
            let after = view.with(view.slots().ended(ME, operation, end));
            let imports = operation == Operation::Import && end == End::Finished;
            let after = if imports { after.imported() } else { after };
            Some((Actor { requester: done.ended(end), ..actor }, after))
        }
        Move::EndBeside(operation, end) => {
            let (goes_on, ended) = match operation {
                Operation::GatherMetadata => {
                    (actor.gathers_metadata, Actor { gathers_metadata: false, ..actor })
                }
                _ => (actor.gathers_status, Actor { gathers_status: false, ..actor }),
            };
            let done = if end == End::Finished { requester.worked(operation) } else { requester };
            goes_on.then_some((Actor { requester: done, ..ended }, view))
        }
        Move::Leave => Some((GONE, view.left())),
    }
}

/// What is done does not fail any more. An import looks again when it does its work: another may have come first since the
/// call, and then nothing arrives.
fn can_end(pending: Pending, end: End, arrives: bool) -> bool {
    match end {
        End::Finished => pending.operation != Operation::Import || arrives,
        End::Failed => !pending.worked,
        End::Cancelled => true,
    }
}

/// Writers and providers can answer late; an import and a resync end with their work.
fn can_be_late(pending: &Pending) -> bool {
    !matches!(pending.operation, Operation::Import | Operation::Recover(_))
}
