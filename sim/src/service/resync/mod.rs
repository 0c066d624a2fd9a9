//! LUN resync: what RecoverSet does behind its `IVssAsync`, step by step on the virtual clock.
//!
//! Locking (an exclusive handle on each target disk, for at most five seconds) → copying (the providers' own `IVssAsync`)
//! → settling, provider by provider as each is done (LUNs come back, signatures are set). A LUN is overwritten at one
//! instant, when its provider's copy is complete: before that a failure or `Cancel` leaves it untouched, after it the LUN
//! holds the snapshot's contents, whatever happens to its signature or to the other LUNs. The event log tells which is which.

mod known;
pub(in crate::service) mod plan;
pub(in crate::service) mod recovery;
mod settle;
#[cfg(test)]
mod tests;

use crate::api::{
    HResult, Object, ProviderCall, ProviderId, ProviderObject, ProviderOut, Ptr, RecoveryOptions,
};
use crate::lab::{Cause, HeldDisk, ResyncProviderError};

use super::Refusal;
use super::objects::operations::Step;
use super::objects::session::Session;
use super::providers::distinct;
use super::world::World;
use super::world::volumes::host_id;
use crate::storage::LunId;
use plan::Target;

/// For how long VSS tries to get its exclusive handles, and how often (O48).
const LOCK_MS: u64 = 5_000;
const LOCK_RETRY_MS: u64 = 500;

/// Who holds the target disks during a resync.
const OWNER: &str = "VSS";

/// A resync under way.
#[derive(Debug)]
pub(super) struct ResyncWork {
    flags: RecoveryOptions,
    targets: Vec<Target>,
    phase: Phase,
    /// The first failure.
    outcome: Result<(), Refusal>,
}

#[derive(Debug)]
enum Phase {
    /// - represents: waiting for the handles since that time
    Locking { since_ms: u64 },
    /// - represents: the arrays copy
    Copying { parts: Vec<Part> },
}

/// One provider's part of a resync.
#[derive(Clone, Debug)]
struct Part {
    provider: ProviderId,
    /// The provider's async object.
    number: u32,
    /// What its array does wrong.
    trouble: Option<Cause>,
    progress: Progress,
}

/// How far a provider is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// - represents: its LUNs are as they were
    Copying,
    /// - represents: its LUNs hold the snapshots' contents
    Overwritten,
    /// - represents: it failed; its LUNs are as they were
    Failed,
}

impl ResyncWork {
    pub(super) fn new(flags: RecoveryOptions, now_ms: u64) -> Self {
        Self { flags, targets: Vec::new(), phase: Phase::Locking { since_ms: now_ms }, outcome: Ok(()) }
    }

    /// Goes on with the work as far as it goes at this moment.
    pub(super) fn step(&mut self, world: &mut World, session: &Session) -> Step {
        let host = session.host;
        if let Phase::Locking { since_ms } = self.phase {
            return match self.lock_and_begin(world, session, since_ms) {
                Ok(at_ms) => Step::Again(at_ms),
                Err(refusal) => {
                    self.cancel(world, host);
                    self.outcome = Err(refusal);
                    self.finish(world, host)
                }
            };
        }
        match self.settle_what_is_done(world, host) {
            Some(left_ms) => Step::Again(world.clock.after(left_ms)),
            None => self.finish(world, host),
        }
    }

    /// Stops the work: providers that still copy are told, handles are closed. Their LUNs stay as they are.
    pub(super) fn cancel(&mut self, world: &mut World, host: usize) {
        for part in self.parts().iter().filter(|part| part.progress == Progress::Copying) {
            world.call_provider_async(host, part.provider, part.number, &ProviderCall::Cancel {});
            release(world, host, part);
        }
        self.unlock(world, host);
        if self.parts().iter().any(|part| part.progress == Progress::Overwritten) {
            self.tell_what_is_done(world, HResult::VSS_S_ASYNC_CANCELLED);
        }
    }

    fn finish(&mut self, world: &mut World, host: usize) -> Step {
        self.unlock(world, host);
        if let Err(refusal) = self.outcome {
            self.tell_what_is_done(world, refusal.code);
        }
        Step::Done(self.outcome)
    }

    fn parts(&self) -> &[Part] {
        match &self.phase {
            Phase::Copying { parts } => parts,
            Phase::Locking { .. } => &[],
        }
    }

    /// Says in the event log which LUNs were overwritten and which were not.
    fn tell_what_is_done(&self, world: &mut World, code: HResult) {
        let overwritten = |target: &&Target| {
            let done =
                |part: &Part| part.provider == target.provider && part.progress == Progress::Overwritten;
            self.parts().iter().any(done)
        };
        let names = |targets: Vec<&Target>| match targets.as_slice() {
            [] => "none".to_owned(),
            targets => targets.iter().map(|target| world.lun_name(target.lun)).collect::<Vec<_>>().join(", "),
        };
        let (done, untouched): (Vec<&Target>, Vec<&Target>) = self.targets.iter().partition(overwritten);
        let message = format!(
            "the LUN resync is not complete; overwritten: {}; as before: {}; see the entries before this one, then repeat it",
            names(done),
            names(untouched)
        );
        world.log(code, &message);
    }

    /// Hands the LUNs of each provider that is done back to the host. Answers when to look at the others, in
    /// milliseconds from now; `None`: there are no others.
    fn settle_what_is_done(&mut self, world: &mut World, host: usize) -> Option<u64> {
        let Self { targets, phase: Phase::Copying { parts }, outcome, .. } = self else { return None };
        let mut next_ms: Option<u64> = None;
        for part in parts.iter_mut().filter(|part| part.progress == Progress::Copying) {
            let left_ms = left_ms(world, host, part);
            if left_ms > 0 {
                next_ms = Some(next_ms.map_or(left_ms, |next_ms| next_ms.min(left_ms)));
                continue;
            }
            let status = status(world, host, part);
            release(world, host, part);
            match status {
                HResult::VSS_S_ASYNC_FINISHED => {
                    part.progress = Progress::Overwritten;
                    let of_part = targets.iter().filter(|target| target.provider == part.provider);
                    let of_part: Vec<&Target> = of_part.collect();
                    *outcome = outcome.and(settle::settle(world, host, &of_part, part.trouble.as_ref()));
                }
                code => {
                    part.progress = Progress::Failed;
                    *outcome = outcome.and(Err(provider_error(world, host, part.provider, code)));
                }
            }
        }
        next_ms
    }

    /// Checks and locks the targets and, once they are locked, calls the providers. Answers when to go on.
    fn lock_and_begin(
        &mut self,
        world: &mut World,
        session: &Session,
        since_ms: u64,
    ) -> Result<u64, Refusal> {
        if self.targets.is_empty() {
            self.targets = plan::plan(world, session, self.flags)?;
        }
        if self.targets.iter().any(|target| world.disk_of(session.host, target.lun).is_none()) {
            return Err(Refusal::inferred(
                HResult::VSS_E_MISSING_DISK,
                "a target LUN is gone; the page names no code",
            ));
        }
        if !self.lock(world, session.host) {
            if world.clock.now_ms().saturating_sub(since_ms) >= LOCK_MS {
                return Err(held_disk(world.readings.held_disk));
            }
            return Ok(world.clock.after(LOCK_RETRY_MS).min(since_ms.saturating_add(LOCK_MS)));
        }
        let mut parts = Vec::new();
        for provider in distinct(self.targets.iter().map(|target| target.provider)) {
            let begun = self.begin(world, session.host, provider);
            match begun {
                Ok(part) => parts.push(part),
                Err(refusal) => {
                    self.phase = Phase::Copying { parts };
                    return Err(refusal);
                }
            }
        }
        self.phase = Phase::Copying { parts };
        let late_ms = world.take_time();
        Ok(world.clock.after(late_ms))
    }

    /// Tries to get all handles; gets all or keeps none.
    fn lock(&self, world: &mut World, host: usize) -> bool {
        // Who reverts a volume of theirs writes to it (inferred: no page tells of both at once).
        let luns: Vec<LunId> = self.targets.iter().map(|target| target.lun).collect();
        if world.are_reverted(&luns) {
            return false;
        }
        let now_ms = world.clock.now_ms();
        let locked = self.targets.iter().all(|target| {
            let disk = world.disk_of(host, target.lun);
            let host = world.storage.host_mut(host_id(host)).ok();
            disk.zip(host)
                .and_then(|(disk, host)| host.disk_mut(disk))
                .is_some_and(|disk| disk.lock(OWNER, now_ms).is_ok())
        });
        if !locked {
            self.unlock(world, host);
        }
        locked
    }

    fn unlock(&self, world: &mut World, host: usize) {
        for target in &self.targets {
            let disk = world.disk_of(host, target.lun);
            let host = world.storage.host_mut(host_id(host)).ok();
            if let Some(disk) = disk.zip(host).and_then(|(disk, host)| host.disk_mut(disk)) {
                disk.unlock(OWNER);
            }
        }
    }

    /// ResyncLuns on one provider.
    fn begin(&self, world: &mut World, host: usize, provider: ProviderId) -> Result<Part, Refusal> {
        let of_provider = || self.targets.iter().filter(|target| target.provider == provider);
        let call = ProviderCall::ResyncLuns {
            p_source_luns: of_provider().map(|target| target.source.clone()).collect(),
            p_target_luns: of_provider().map(|target| target.target.clone()).collect(),
            dw_count: u32::try_from(of_provider().count()).unwrap_or(u32::MAX),
            pp_async: Ptr::Valid,
        };
        world.load_provider(host, provider)?;
        let (reply, trouble) = world.call_troubled_provider(host, provider, ProviderObject::Provider, &call);
        match (reply.hresult, reply.out) {
            (HResult::S_OK, Some(ProviderOut::ResyncLuns { pp_async: Object::Async(number) })) => {
                Ok(Part { provider, number, trouble, progress: Progress::Copying })
            }
            (code, _) => Err(provider_error(world, host, provider, code)),
        }
    }
}

fn left_ms(world: &mut World, host: usize, part: &Part) -> u64 {
    let wait = ProviderCall::Wait { dw_milliseconds: crate::api::INFINITE };
    world.call_provider_async(host, part.provider, part.number, &wait).took_ms
}

fn status(world: &mut World, host: usize, part: &Part) -> HResult {
    let query = ProviderCall::QueryStatus { p_hr_result: Ptr::Valid, p_reserved: Ptr::Null };
    let reply = world.call_provider_async(host, part.provider, part.number, &query);
    match reply.out {
        Some(ProviderOut::QueryStatus { p_hr_result, .. }) => p_hr_result,
        _ => reply.hresult,
    }
}

/// VSS lets go of a provider's async object once it has ended.
fn release(world: &mut World, host: usize, part: &Part) {
    world.call_provider_async(host, part.provider, part.number, &ProviderCall::Release {});
}

/// What RecoverSet makes of a provider's failing code.
fn provider_error(world: &mut World, host: usize, provider: ProviderId, code: HResult) -> Refusal {
    match code {
        HResult::E_NOTIMPL => Refusal::documented(HResult::E_NOTIMPL, "provider-no-resync"),
        HResult::VSS_E_PROVIDER_VETO => Refusal::documented(HResult::VSS_E_PROVIDER_VETO, "provider-error"),
        code => {
            let refusal = world.convert(host, provider, "ResyncLuns", code);
            let converted = refusal.code == HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR;
            if converted && world.readings.resync_provider_error == ResyncProviderError::ProviderVeto {
                Refusal::documented(HResult::VSS_E_PROVIDER_VETO, "provider-error")
            } else {
                refusal
            }
        }
    }
}

fn held_disk(reading: HeldDisk) -> Refusal {
    let code = match reading {
        HeldDisk::VolumeInUse => HResult::VSS_E_VOLUME_IN_USE,
        HeldDisk::BadState => HResult::VSS_E_BAD_STATE,
    };
    Refusal::inferred(
        code,
        "an exclusive handle on a target disk could not be had within 5 s (O48); no page names the code",
    )
}
