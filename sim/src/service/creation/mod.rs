//! Creating a shadow copy set behind DoSnapshotSet: the documented sequence of calls on writers and providers
//! (`provider-state-machine.json`, coordinator_sequence).
//!
//! Preparing (PrepareForSnapshot, EndPrepareSnapshots, which may take long) → committing (Freeze ... PostFinalCommit, then
//! the arrival of the copies) → all copies or, after any failure, none. Providers are called one after the other, so their
//! times add up (the pages leave it open).

pub(in crate::service) mod lun_flags;
pub(in crate::service) mod stalls;
pub(in crate::service) mod virtual_disks;

use crate::api::{HResult, ProviderCall, ProviderId, SnapshotSetId};
use crate::document::{SnapshotDescription, SnapshotSetDescription};
use crate::lab::{Cause, TargetLuns, TransactionMoment};
use crate::provider::FLUSH_AND_HOLD_MS;
use crate::writer::WriterEvent;

use super::copies::arrival;
use super::objects::operations::Step;
use super::objects::session::{PlannedCopy, Session, SnapshotSet};
use super::providers::distinct;
use super::providers::notices;
use super::transitions::change::Operation;
use super::world::World;
use super::world::originals::Original;
use super::{Refusal, gather, reasons};

/// A creation under way.
#[derive(Debug)]
pub(super) struct CreationWork {
    /// The number of the session that creates the set.
    number: u32,
    phase: Phase,
    /// The providers that got EndPrepareSnapshots: they have to be told of an abort.
    told: Vec<ProviderId>,
    /// What goes wrong on the host in this creation.
    trouble: Option<Cause>,
}

/// How far a creation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// - represents: nobody has been told yet
    Beginning,
    /// - represents: providers work on EndPrepareSnapshots
    Preparing,
    /// - represents: the set is created; whoever was late has yet to answer
    Created,
}

impl CreationWork {
    pub(super) fn new(number: u32, trouble: Option<Cause>) -> Self {
        Self { number, phase: Phase::Beginning, told: Vec::new(), trouble }
    }

    /// Whether the copies exist.
    pub(super) fn is_created(&self) -> bool {
        self.phase == Phase::Created
    }

    /// Goes on with the work as far as it goes at this moment.
    pub(super) fn step(&mut self, world: &mut World, session: &mut Session) -> Step {
        let late_ms = match self.phase {
            Phase::Beginning => self.prepare(world, session).map(|late_ms| late_ms + world.take_time()),
            Phase::Preparing => Ok(0),
            Phase::Created => return Step::Done(Ok(())),
        };
        let late_ms = match late_ms {
            Ok(0) => self.create(world, session).map(|late_ms| late_ms + world.take_time()),
            late => late,
        };
        match late_ms {
            Ok(0) => Step::Done(Ok(())),
            Ok(late_ms) => Step::Again(world.clock.after(late_ms)),
            Err(refusal) => Step::Done(Err(self.fail(world, session, refusal))),
        }
    }

    /// The set is given up: the providers that were told of it drop what they have. Their codes are never converted.
    pub(super) fn abort(&mut self, world: &mut World, host: usize, set: SnapshotSetId) {
        for provider in std::mem::take(&mut self.told) {
            let call = ProviderCall::AbortSnapshots { snapshot_set_id: set };
            world.call_provider(host, provider, &call);
        }
    }

    /// PrepareForSnapshot and EndPrepareSnapshots. Answers by how many milliseconds writers were late.
    fn prepare(&mut self, world: &mut World, session: &mut Session) -> Result<u64, Refusal> {
        self.phase = Phase::Preparing;
        let (host, Some(set)) = (session.host, session.set.as_ref()) else { return Ok(0) };
        let (set, providers) = (set.id, distinct(set.copies.iter().map(|copy| copy.provider)));
        still_there(world, session, self.number)?;
        let late_ms = gather::send(world, session, WriterEvent::PrepareForSnapshot);
        for provider in providers {
            self.told.push(provider);
            let call = ProviderCall::EndPrepareSnapshots { snapshot_set_id: set };
            ask(world, host, provider, &call)?;
        }
        Ok(late_ms)
    }

    /// Everything after the preparation. Answers by how many milliseconds writers were late.
    fn create(&mut self, world: &mut World, session: &mut Session) -> Result<u64, Refusal> {
        let Some(set) = session.set.clone() else { return Ok(0) };
        still_there(world, session, self.number)?;
        let (late_ms, described) = commit(world, session, &set, &self.told, self.trouble.as_ref())?;
        let snapshots = arrival::surface(world, session, set.id, &set.copies, described)?;
        // Legal (rules.md), but rarely what was meant.
        if set.copies.is_empty() {
            world.log(HResult::S_OK, "the shadow copy set is empty: no volume was added to it");
        }
        session.set = None;
        session.document.snapshot_set = Some(SnapshotSetDescription {
            snapshot_set_id: set.id,
            context: session.context,
            snapshots,
            ..Default::default()
        });
        self.phase = Phase::Created;
        Ok(late_ms)
    }

    fn fail(&mut self, world: &mut World, session: &mut Session, refusal: Refusal) -> Refusal {
        if let Some(set) = session.set.take() {
            self.abort(world, session.host, set.id);
        }
        // Copies that have arrived already are gone again.
        world.rescan();
        gather::send(world, session, WriterEvent::Abort);
        world.log(refusal.code, "the shadow copy set could not be created: see the entries before this one");
        refusal
    }
}

/// The volumes of the set lie where they lay when they joined it, and no deeper in virtual disks than VSS goes; file servers
/// have not forgotten their part in it.
fn still_there(world: &World, session: &Session, number: u32) -> Result<(), Refusal> {
    let planned = session.set.as_ref().map_or(&[][..], |set| &set.copies);
    let lost = |copy: &PlannedCopy| match &copy.original {
        Original::Volume(volume) => world.luns_of(session.host, *volume) != copy.luns,
        Original::Share(share) => {
            let serves = |server: usize| world.hosts[server].slots.creation == Some(number);
            world.shared_volume(share).is_none() || !copy.original.file_server().is_some_and(serves)
        }
    };
    if planned.iter().any(lost) {
        return Err(Refusal::inferred(
            HResult::VSS_E_OBJECT_NOT_FOUND,
            "a volume of the set has lost its disk since it joined; seen for a copy that does not exist (O16)",
        ));
    }
    if world.goes_too_deep(session.host, planned) {
        return Err(Refusal::documented(HResult::VSS_E_NESTED_VOLUME_LIMIT, "nested-too-deep"));
    }
    Ok(())
}

/// One call to one provider.
fn ask(world: &mut World, host: usize, provider: ProviderId, call: &ProviderCall) -> Result<(), Refusal> {
    let as_listed = |refusal| reasons::of_provider(Operation::CreateSet.method().name, refusal, provider);
    world.ask_in_operation(host, provider, call).map(drop).map_err(as_listed)
}

/// From Freeze to the final commit. Answers by how many milliseconds writers were late, and what is known of the copies.
fn commit(
    world: &mut World,
    session: &mut Session,
    SnapshotSet { id: set, copies }: &SnapshotSet,
    providers: &[ProviderId],
    trouble: Option<&Cause>,
) -> Result<(u64, Vec<SnapshotDescription>), Refusal> {
    let (host, set) = (session.host, *set);
    let begun_ms = world.took_ms;
    let flagged = lun_flags::set(world, copies);
    let held = freeze_and_hold(world, session, set, providers, trouble);
    lun_flags::clear(world, flagged);
    let mut late_ms = held?;
    let post_commit = ProviderCall::PostCommitSnapshots {
        snapshot_set_id: set,
        l_snapshots_count: i32::try_from(copies.len()).unwrap_or(i32::MAX),
    };
    ask_all(world, host, providers, &post_commit)?;
    gather::frozen_for(world, session, late_ms + (world.took_ms - begun_ms));
    late_ms += gather::send(world, session, WriterEvent::Thaw);

    let early = world.readings.target_luns == TargetLuns::AfterPostCommit
        || notices::is_auto_recovered(session.context);
    let mut described = if early { arrival::describe(world, session, copies)? } else { Vec::new() };
    ask_all(world, host, providers, &ProviderCall::PreFinalCommitSnapshots { snapshot_set_id: set })?;
    notices::before_recovery(world, session, &described)?;
    late_ms += gather::send(world, session, WriterEvent::PostSnapshot);
    notices::after_recovery(world, session, &described)?;
    ask_all(world, host, providers, &ProviderCall::PostFinalCommitSnapshots { snapshot_set_id: set })?;
    if !early {
        described = arrival::describe(world, session, copies)?;
    }
    Ok((late_ms, described))
}

/// Freeze, PreCommitSnapshots, and CommitSnapshots while the writes are held. Answers by how many milliseconds writers were
/// late.
fn freeze_and_hold(
    world: &mut World,
    session: &mut Session,
    set: SnapshotSetId,
    providers: &[ProviderId],
    trouble: Option<&Cause>,
) -> Result<u64, Refusal> {
    let host = session.host;
    let late_ms = gather::send(world, session, WriterEvent::Freeze);
    stalls::transactions(world, session, trouble, TransactionMoment::Freeze)?;
    ask_all(world, host, providers, &ProviderCall::PreCommitSnapshots { snapshot_set_id: set })?;
    stalls::flush(session, trouble)?;
    let begun_ms = world.took_ms;
    for provider in providers {
        ask(world, host, *provider, &ProviderCall::CommitSnapshots { snapshot_set_id: set })?;
        let held_ms = world.took_ms - begun_ms;
        // The kernel has let the writes go before the last provider was done: the copies are of different moments. Those
        // that were not called yet are not called any more (inferred).
        if held_ms >= FLUSH_AND_HOLD_MS {
            let message = format!(
                "the commit took {held_ms} ms, and writes are held for {FLUSH_AND_HOLD_MS} ms: make providers faster, or \
                 sets smaller"
            );
            world.log(HResult::VSS_E_HOLD_WRITES_TIMEOUT, &message);
            return Err(Refusal::documented(HResult::VSS_E_HOLD_WRITES_TIMEOUT, "hold-timeout"));
        }
    }
    stalls::transactions(world, session, trouble, TransactionMoment::Thaw)?;
    Ok(late_ms)
}

/// One call to each provider.
fn ask_all(
    world: &mut World,
    host: usize,
    providers: &[ProviderId],
    call: &ProviderCall,
) -> Result<(), Refusal> {
    providers.iter().try_for_each(|provider| ask(world, host, *provider, call))
}
