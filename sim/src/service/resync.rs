//! LUN resync: what RecoverSet does behind its `IVssAsync`, step by step on the virtual clock.
//!
//! Locking (an exclusive handle on each target disk, for at most five seconds) → copying (the providers' own `IVssAsync`)
//! → settling (LUNs come back, signatures are set). A failure before the copy is complete leaves every LUN untouched;
//! after it the LUNs hold the snapshots' contents, whatever happens to their signatures.

use std::collections::BTreeMap;

use crate::api::{
    Guid, HResult, LunInformation, Object, ProviderCall, ProviderId, ProviderOut, Ptr, RecoveryOptions,
    VolumeGuid,
};
use crate::document::LunMapping;
use crate::lab::{Cause, HeldDisk, ResyncProviderError};
use crate::storage::{DiskIdentity, DiskSignature, LunId};

use super::operations::Step;
use super::session::Session;
use super::volumes::{host_id, signature_from_guid};
use super::world::World;
use super::{Refusal, arrival};

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
}

#[derive(Debug)]
enum Phase {
    /// - represents: waiting for the handles since that time
    Locking { since_ms: u64 },
    /// - represents: the arrays copy; each provider's own async object
    Copying { asyncs: Vec<Copy> },
}

/// One provider's part of a resync.
#[derive(Clone, Debug)]
struct Copy {
    provider: ProviderId,
    /// Its async object.
    number: u32,
    /// What its array does wrong.
    trouble: Option<Cause>,
}

/// A LUN that is overwritten.
#[derive(Clone, Debug)]
struct Target {
    provider: ProviderId,
    lun: LunId,
    source: LunInformation,
    target: LunInformation,
    /// What the disk is to be known by afterwards; `None`: there is nothing to be set.
    identity: Option<DiskIdentity>,
    /// What it is known by now.
    before: Option<DiskIdentity>,
}

impl ResyncWork {
    pub(super) fn new(flags: RecoveryOptions, now_ms: u64) -> Self {
        Self { flags, targets: Vec::new(), phase: Phase::Locking { since_ms: now_ms } }
    }

    /// Goes on with the work as far as it goes at this moment.
    pub(super) fn step(&mut self, world: &mut World, session: &Session) -> Step {
        match &self.phase {
            Phase::Locking { since_ms } => {
                let since_ms = *since_ms;
                match self.lock_and_begin(world, session, since_ms) {
                    Ok(at_ms) => Step::Again(at_ms),
                    Err(refusal) => self.fail(world, session.host, refusal),
                }
            }
            Phase::Copying { asyncs } => {
                let asyncs = asyncs.clone();
                let now_ms = world.clock.now_ms();
                let left_ms = asyncs.iter().map(|copy| left_ms(world, session.host, copy));
                match left_ms.max().unwrap_or(0) {
                    0 => self.settle(world, session.host, &asyncs),
                    left_ms => Step::Again(now_ms + left_ms),
                }
            }
        }
    }

    /// Stops the work: providers that copy are told, handles are closed. Nothing is overwritten.
    pub(super) fn cancel(&mut self, world: &mut World, host: usize) {
        if let Phase::Copying { asyncs } = &self.phase {
            for copy in asyncs {
                world.call_provider_async(host, copy.provider, copy.number, &ProviderCall::Cancel {});
            }
        }
        self.unlock(world, host);
    }

    fn fail(&mut self, world: &mut World, host: usize, refusal: Refusal) -> Step {
        world.log(
            refusal.code,
            "the LUN resync failed before anything was overwritten: see the entries before this one",
        );
        self.cancel(world, host);
        Step::Done(Err(refusal))
    }

    /// Checks and locks the targets and, once they are locked, calls the providers. Answers when to go on.
    fn lock_and_begin(
        &mut self,
        world: &mut World,
        session: &Session,
        since_ms: u64,
    ) -> Result<u64, Refusal> {
        let now_ms = world.clock.now_ms();
        if self.targets.is_empty() {
            self.targets = plan(world, session, self.flags)?;
        }
        if !self.lock(world, session.host) {
            if now_ms >= since_ms + LOCK_MS {
                return Err(held_disk(world.readings.held_disk));
            }
            return Ok((now_ms + LOCK_RETRY_MS).min(since_ms + LOCK_MS));
        }
        let mut providers: Vec<ProviderId> = Vec::new();
        for target in &self.targets {
            if !providers.contains(&target.provider) {
                providers.push(target.provider);
            }
        }
        let mut asyncs = Vec::with_capacity(providers.len());
        let mut late_ms = 0;
        for provider in providers {
            match self.begin(world, session.host, provider) {
                Ok((copy, took_ms)) => {
                    asyncs.push(copy);
                    late_ms += took_ms;
                }
                Err(refusal) => {
                    self.phase = Phase::Copying { asyncs };
                    return Err(refusal);
                }
            }
        }
        self.phase = Phase::Copying { asyncs };
        Ok(now_ms + late_ms)
    }

    /// Tries to get all handles; gets all or keeps none.
    fn lock(&self, world: &mut World, host: usize) -> bool {
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

    /// ResyncLuns on one provider; answers also by how many milliseconds it was late.
    fn begin(&self, world: &mut World, host: usize, provider: ProviderId) -> Result<(Copy, u64), Refusal> {
        let of_provider = || self.targets.iter().filter(|target| target.provider == provider);
        let call = ProviderCall::ResyncLuns {
            p_source_luns: of_provider().map(|target| target.source.clone()).collect(),
            p_target_luns: of_provider().map(|target| target.target.clone()).collect(),
            dw_count: u32::try_from(of_provider().count()).unwrap_or(u32::MAX),
            pp_async: Ptr::Valid,
        };
        let (reply, trouble) = world.call_troubled_provider(host, provider, &call);
        match (reply.hresult, reply.out) {
            (HResult::S_OK, Some(ProviderOut::ResyncLuns { pp_async: Object::Async(number) })) => {
                Ok((Copy { provider, number, trouble }, reply.took_ms))
            }
            (code, _) => Err(provider_error(world, provider, code)),
        }
    }

    /// The arrays are done: hands the LUNs back to the host under their intended identities.
    fn settle(&mut self, world: &mut World, host: usize, asyncs: &[Copy]) -> Step {
        let mut outcome = Ok(());
        self.unlock(world, host);
        for copy in asyncs {
            match status(world, host, copy) {
                HResult::VSS_S_ASYNC_FINISHED => {
                    for target in self.targets.iter().filter(|target| target.provider == copy.provider) {
                        let settled = settle_lun(world, host, target, copy.trouble.as_ref());
                        outcome = outcome.and(settled);
                    }
                }
                code => outcome = Err(provider_error(world, copy.provider, code)),
            }
        }
        Step::Done(outcome)
    }
}

/// The LUNs to be overwritten, each once, and what their disks are to be known by afterwards.
fn plan(world: &mut World, session: &Session, flags: RecoveryOptions) -> Result<Vec<Target>, Refusal> {
    let host = session.host;
    let mut targets: Vec<Target> = Vec::new();
    for recovery in &session.recovery_set {
        let Some(copy) = session.document.snapshot(recovery.snapshot) else { continue };
        let luns = world.luns_of(host, recovery.destination);
        if luns.is_empty() || luns.len() != copy.lun_mappings.len() {
            return Err(Refusal::inferred(
                HResult::VSS_E_MISSING_VOLUME,
                "the destination volume is gone, or lies on another number of LUNs than the copy; the page names no code",
            ));
        }
        for (lun, mapping) in luns.into_iter().zip(&copy.lun_mappings) {
            if targets.iter().any(|target| target.lun == lun) {
                continue;
            }
            let before = world.storage.lun(lun).ok().and_then(|lun| lun.identity().ok());
            let identity = if flags.contains(RecoveryOptions::REVERT_IDENTITY_ALL) {
                original_identity(session, mapping, before.as_ref())
            } else {
                before.clone()
            };
            let target = world.information(host, lun);
            let source = mapping.destination.information.clone();
            targets.push(Target { provider: recovery.provider, lun, source, target, identity, before });
        }
    }
    if !flags.contains(RecoveryOptions::NO_VOLUME_CHECK) {
        let selected: Vec<VolumeGuid> =
            session.recovery_set.iter().map(|recovery| recovery.destination).collect();
        refuse_unselected(world, host, &targets, &selected)?;
    }
    Ok(targets)
}

/// What the disk was known by from which the copy was made, as the document has it. The document tells of the partitions
/// that were in the set; any other is known only if the disk is the original itself.
fn original_identity(
    session: &Session,
    mapping: &LunMapping,
    before: Option<&DiskIdentity>,
) -> Option<DiskIdentity> {
    let source = &mapping.source.information;
    let signature = signature_from_guid(source.disk_signature)?;
    if let Some(before) = before.filter(|before| before.signature == signature) {
        return Some(before.clone());
    }
    let mappings = session
        .document
        .snapshot_set
        .iter()
        .flat_map(|set| &set.snapshots)
        .flat_map(|copy| &copy.lun_mappings);
    let of_lun = mappings.filter(|other| other.source.information.same_lun(source));
    let partitions: BTreeMap<u64, Guid> = of_lun
        .flat_map(|other| &other.extents)
        .filter_map(|extent| Some((extent.offset, extent.partition?)))
        .collect();
    Some(DiskIdentity { signature, partitions: partitions.into_values().collect() })
}

/// All volumes of a LUN move together: those that nobody asked for must not be overwritten by accident.
fn refuse_unselected(
    world: &mut World,
    host: usize,
    targets: &[Target],
    selected: &[VolumeGuid],
) -> Result<(), Refusal> {
    let on_targets = targets.iter().flat_map(|target| world.host(host).volumes_of(target.lun).to_vec());
    let unselected = on_targets.collect::<Vec<_>>().into_iter().find(|volume| !selected.contains(volume));
    match unselected {
        None => Ok(()),
        Some(volume) => {
            let name = World::volume_name(volume);
            world.log(
                HResult::VSS_E_UNSELECTED_VOLUME,
                &format!("volume {name} would be overwritten too: add it to the recovery set, or set VSS_RECOVERY_NO_VOLUME_CHECK"),
            );
            Err(Refusal::documented(HResult::VSS_E_UNSELECTED_VOLUME, "destination-has-unselected-volume"))
        }
    }
}

fn left_ms(world: &mut World, host: usize, copy: &Copy) -> u64 {
    let wait = ProviderCall::Wait { dw_milliseconds: crate::api::INFINITE };
    world.call_provider_async(host, copy.provider, copy.number, &wait).took_ms
}

fn status(world: &mut World, host: usize, copy: &Copy) -> HResult {
    let query = ProviderCall::QueryStatus { p_hr_result: Ptr::Valid, p_reserved: Ptr::Null };
    let reply = world.call_provider_async(host, copy.provider, copy.number, &query);
    match reply.out {
        Some(ProviderOut::QueryStatus { p_hr_result, .. }) => p_hr_result,
        _ => reply.hresult,
    }
}

/// What RecoverSet makes of a provider's failing code.
fn provider_error(world: &mut World, provider: ProviderId, code: HResult) -> Refusal {
    match code {
        HResult::E_NOTIMPL => Refusal::documented(HResult::E_NOTIMPL, "provider-no-resync"),
        HResult::VSS_E_PROVIDER_VETO => Refusal::documented(HResult::VSS_E_PROVIDER_VETO, "provider-error"),
        code => {
            let refusal = world.convert(provider, "ResyncLuns", code);
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

/// A LUN has the copy's bytes: clears the marks of a shadow copy, sets the identity and presents the disk anew.
fn settle_lun(
    world: &mut World,
    host: usize,
    target: &Target,
    trouble: Option<&Cause>,
) -> Result<(), Refusal> {
    if trouble == Some(&Cause::LosesLun) {
        let _ = world.storage.mask(target.lun, host_id(host));
        world.rescan();
        world.log(
            HResult::VSS_E_MISSING_DISK,
            "a LUN did not come back after the resync: present it to this host again",
        );
        return Err(Refusal::inferred(
            HResult::VSS_E_MISSING_DISK,
            "the target LUN did not come back; the page names no code",
        ));
    }
    // The LUN has taken over the copy's size too, so both halves of its table lie where they must.
    clear_copy_attributes(world, target.lun);
    let intended = set_identity(world, host, target, trouble);
    if trouble == Some(&Cause::WrongSignature) {
        world.write_stray_identity(target.lun);
    }
    // The disk leaves and comes back, so that the host's SAN policy decides anew (O49).
    let _ = world.storage.mask(target.lun, host_id(host));
    world.rescan();
    let _ = world.storage.unmask(target.lun, host_id(host));
    world.rescan();
    let now = world.signature(host, target.lun);
    if intended && now == target.identity.as_ref().map(|identity| identity.signature) {
        return Ok(());
    }
    let shown = now.map_or_else(|| "none".to_owned(), |signature| signature.to_string());
    let wanted =
        target.identity.as_ref().map_or_else(|| "none".to_owned(), |identity| identity.signature.to_string());
    world.log(
        HResult::VSS_E_CANNOT_REVERT_DISKID,
        &format!("a disk has the signature {shown} instead of {wanted}: its contents are resynchronised; set the signature by hand"),
    );
    Err(Refusal::documented(HResult::VSS_E_CANNOT_REVERT_DISKID, "disk-id-not-set"))
}

/// Sets the identity that the flags ask for; where that cannot be, the one that the disk had. Answers whether the first
/// was possible.
fn set_identity(world: &mut World, host: usize, target: &Target, trouble: Option<&Cause>) -> bool {
    if trouble == Some(&Cause::DiskRefusesWrite) {
        return false;
    }
    let Some(identity) = &target.identity else { return true };
    let other =
        world.host(host).online_disk(identity.signature).and_then(|number| world.host(host).disk(number));
    let taken = other.is_some_and(|disk| disk.lun != target.lun);
    if !taken && world.write_identity(target.lun, Some(identity)) {
        return true;
    }
    if !world.write_identity(target.lun, target.before.as_ref()) {
        world.write_stray_identity(target.lun);
    }
    false
}

fn clear_copy_attributes(world: &mut World, lun: LunId) {
    let Ok(table) = world.storage.lun(lun).and_then(|lun| Ok(lun.table()?)) else { return };
    for partition in table.partitions {
        let attributes = partition.attributes & !arrival::COPY_ATTRIBUTES;
        if attributes != partition.attributes {
            let _ = world.storage.set_partition_attributes(lun, partition.index, attributes);
        }
    }
}

impl World {
    /// Writes an identity to a LUN's disk; `false`: it does not suit the disk.
    fn write_identity(&mut self, lun: LunId, identity: Option<&DiskIdentity>) -> bool {
        let (storage, ids) = (&mut self.storage, &mut self.ids.disks);
        identity
            .is_some_and(|identity| storage.write_identity(lun, identity, &mut || ids.next_guid()).is_ok())
    }

    /// Gives a LUN's disk, whatever its style, an identity that no disk has.
    fn write_stray_identity(&mut self, lun: LunId) {
        let Some(old) = self.storage.lun(lun).ok().and_then(|lun| lun.identity().ok()) else { return };
        let stray = self.stray_identity(old.signature);
        self.write_identity(lun, Some(&stray));
    }

    /// An identity of the same style that no disk has. It names no partitions: each gets an id when it is written.
    pub(super) fn stray_identity(&mut self, style: DiskSignature) -> DiskIdentity {
        match style {
            DiskSignature::Mbr(_) => DiskIdentity::mbr(self.ids.disks.next_u32()),
            DiskSignature::Gpt(_) => DiskIdentity::gpt(self.ids.disks.next_guid(), Vec::new()),
        }
    }
}
