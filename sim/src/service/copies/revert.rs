//! Reverts of volumes: how VSS asks the software provider for one, and the `IVssAsync` that tells of it.
//!
//! A revert is the provider's own: it goes on whether its requester lives, or its host restarts. The object of
//! QueryRevertStatus asks the provider's object whenever it is asked itself, and cannot stop anything.

use crate::api::{
    HResult, Object, Out, ProviderCall, ProviderId, ProviderOut, Ptr, Reply, SnapshotId, VolumeGuid,
};
use crate::lab::{NewerCopies, ProviderKind};
use crate::provider::SystemProvider;
use crate::storage::LunId;

use super::removal;
use crate::service::due::Due;
use crate::service::objects::async_object::{self, Work};
use crate::service::objects::operations::Step;
use crate::service::simulator::Simulator;
use crate::service::transitions::change::Operation;
use crate::service::world::World;
use crate::service::world::volumes::host_id;
use crate::service::{Refusal, reasons};

/// How often an object looks whether the volume is still there, in milliseconds.
const LOOK_MS: u64 = 1_000;

/// What an `IVssAsync` of QueryRevertStatus stands for.
#[derive(Debug)]
pub(in crate::service) struct RevertWork {
    /// The host that reverts. Others see the volume too if they share its LUNs.
    host: usize,
    volume: VolumeGuid,
    provider: ProviderId,
    /// The provider's own object.
    number: u32,
}

impl RevertWork {
    /// Asks the provider how the revert stands.
    pub(in crate::service) fn look(&mut self, world: &mut World) -> Step {
        let host = self.host;
        let query = ProviderCall::QueryStatus { p_hr_result: Ptr::Valid, p_reserved: Ptr::Null };
        let reply = world.call_provider_async(host, self.provider, self.number, &query);
        let status = match reply.out {
            Some(ProviderOut::QueryStatus { p_hr_result, .. }) => p_hr_result,
            // The provider's process has ended since; the revert goes on all the same.
            _ => match world.ask_for_revert(host, self.provider, self.volume) {
                Ok(number) => {
                    self.number = number;
                    HResult::VSS_S_ASYNC_PENDING
                }
                Err(refusal) if refusal.code == HResult::VSS_E_OBJECT_NOT_FOUND => return Step::Done(Ok(())),
                Err(refusal) => return Step::Done(Err(refusal)),
            },
        };
        if status == HResult::VSS_S_ASYNC_PENDING {
            let wait = ProviderCall::Wait { dw_milliseconds: crate::api::INFINITE };
            let left_ms = world.call_provider_async(host, self.provider, self.number, &wait).took_ms;
            return Step::Again(world.clock.after(left_ms.min(LOOK_MS)));
        }
        self.let_go(world);
        Step::Done(match status {
            HResult::VSS_S_ASYNC_FINISHED => Ok(()),
            HResult::VSS_E_REVERT_VOLUME_LOST => {
                Err(Refusal::inferred(status, "the volume went away during the revert; no page has the code"))
            }
            code => Err(world.convert(host, self.provider, Operation::QueryRevert.method().name, code)),
        })
    }

    /// The provider's object is not needed any more.
    pub(in crate::service) fn let_go(&self, world: &mut World) {
        world.call_provider_async(self.host, self.provider, self.number, &ProviderCall::Release {});
    }
}

impl World {
    /// Whether providers of that kind can revert at all: hardware and file share providers have no such method.
    pub(in crate::service) fn can_revert(&self, provider: ProviderId) -> bool {
        let reverts = ProviderKind::Software;
        self.software.iter().any(|registered| registered.id == provider && registered.kind == reverts)
    }

    /// Whose business reverts of that volume are: of who was last asked for one on this host, else of one who was asked on
    /// another host that shares its LUNs, else of a software provider that has copies of it, else of the system provider.
    /// `None`: only providers that cannot revert have copies of it.
    pub(in crate::service) fn reverter(&self, host: usize, volume: VolumeGuid) -> Option<ProviderId> {
        let able = |by: &&ProviderId| self.can_revert(**by);
        let place = self.place(host, volume);
        let shared = self.reverted_by.iter().filter(|((on, of), _)| self.place(*on, *of) == place);
        let own = self.reverted_by.get(&(host, volume)).filter(able);
        let last = own.or_else(|| shared.map(|(_, by)| by).find(able)).copied();
        if last.is_some() {
            return last;
        }
        let name = Self::volume_name(volume);
        let copies = self.snapshots.of_volume(host, &name);
        let makers: Vec<ProviderId> = copies.map(|copy| copy.description.provider_id).collect();
        let able = makers.iter().find(|maker| self.can_revert(**maker)).copied();
        able.or_else(|| makers.is_empty().then_some(SystemProvider::ID))
    }

    /// Whether any volume of these LUNs is being reverted, on whichever host: its provider writes to it. While a provider
    /// cannot say, it may be.
    pub(in crate::service) fn are_reverted(&mut self, luns: &[LunId]) -> bool {
        let on_them =
            |world: &Self, host, volume, _| world.luns_of(host, volume).iter().any(|lun| luns.contains(lun));
        let running = self.running(on_them);
        running.iter().flatten().for_each(|revert| revert.let_go(self));
        !matches!(running, Ok(None))
    }

    /// The number of the provider's object for the revert of that volume.
    fn ask_for_revert(
        &mut self,
        host: usize,
        provider: ProviderId,
        volume: VolumeGuid,
    ) -> Result<u32, Refusal> {
        let pwsz_volume = Some(Self::volume_name(volume));
        let call = ProviderCall::SoftwareQueryRevertStatus { pwsz_volume, pp_async: Ptr::Valid };
        let answer = self.ask_provider(host, provider, &call);
        let method = Operation::QueryRevert.method().name;
        let as_listed = |refusal| reasons::of_provider(method, refusal, provider);
        match answer.map_err(as_listed)?.out {
            Some(ProviderOut::SoftwareQueryRevertStatus { pp_async: Object::Async(number) }) => Ok(number),
            _ => Err(self.convert(host, provider, method, HResult::E_UNEXPECTED)),
        }
    }

    /// The revert of the volume by another provider than that one, or by another host that shares its LUNs, while it runs.
    /// The page knows one revert of a volume at a time, and the volume is the same (inferred).
    fn reverted_by_another(
        &mut self,
        host: usize,
        provider: ProviderId,
        volume: VolumeGuid,
    ) -> Result<Option<RevertWork>, Refusal> {
        let place = self.place(host, volume);
        self.running(|world, other, reverted, by| {
            (other, by) != (host, provider) && world.place(other, reverted) == place
        })
    }

    /// The first of the reverts that were asked for that concerns somebody, and still runs. Only the provider knows that:
    /// its failure to answer is not taken for a no.
    fn running(
        &mut self,
        concerns: impl Fn(&Self, usize, VolumeGuid, ProviderId) -> bool,
    ) -> Result<Option<RevertWork>, Refusal> {
        let begun = self.reverted_by.iter().map(|((host, volume), by)| (*host, *volume, *by));
        let begun: Vec<_> = begun
            .filter(|(host, volume, by)| self.can_revert(*by) && concerns(self, *host, *volume, *by))
            .collect();
        let mut unknown = Ok(None);
        for (host, volume, provider) in begun {
            match self.ask_for_revert(host, provider, volume) {
                Ok(number) => return Ok(Some(RevertWork { host, volume, provider, number })),
                Err(refusal) if is_no(refusal.code) => (),
                Err(refusal) => unknown = Err(refusal),
            }
        }
        unknown
    }

    /// Where a volume lies: on which LUNs, and where it begins on each.
    fn place(&self, host: usize, volume: VolumeGuid) -> Vec<(Option<LunId>, u64)> {
        let lun = |disk| self.host(host).disk(disk).map(|disk| disk.lun);
        self.extents_of(host, volume).into_iter().map(|extent| (lun(extent.disk), extent.start)).collect()
    }

    /// The copies of the same volume that the same provider has made later.
    fn newer_copies(&self, id: SnapshotId) -> Vec<SnapshotId> {
        let Some(copy) = self.snapshots.get(id) else { return Vec::new() };
        let (host, of) = (copy.host, &copy.description);
        let others = self.snapshots.of_volume(host, &of.original_volume_name);
        let newer = others.map(|other| &other.description).filter(|other| {
            other.provider_id == of.provider_id && other.creation_timestamp > of.creation_timestamp
        });
        newer.map(|other| other.snapshot_id).collect()
    }

    fn dismount(&mut self, host: usize, volume: VolumeGuid) {
        for lun in self.luns_of(host, volume) {
            let (disk, host) = (self.disk_of(host, lun), self.storage.host_mut(host_id(host)).ok());
            if let Some(disk) = disk.zip(host).and_then(|(disk, host)| host.disk_mut(disk)) {
                disk.dismount(volume);
            }
        }
    }
}

/// Whether a provider has said that it reverts no such volume: none at the time, or none of that kind at all.
fn is_no(code: HResult) -> bool {
    matches!(code, HResult::VSS_E_OBJECT_NOT_FOUND | HResult::VSS_E_VOLUME_NOT_SUPPORTED)
}

impl Simulator {
    /// RevertToSnapshot, past its own checks. The volume is dismounted once the provider has agreed: a refused call
    /// changes nothing.
    pub(in crate::service) fn revert(
        &mut self,
        host: usize,
        snapshot_id: SnapshotId,
        volume: VolumeGuid,
        provider: ProviderId,
    ) -> Result<Reply, Refusal> {
        let world = &mut self.world;
        if let Some(running) = world.reverted_by_another(host, provider, volume)? {
            running.let_go(world);
            return Err(Refusal::documented(HResult::VSS_E_REVERT_IN_PROGRESS, "already-reverting"));
        }
        // Says only whom to ask. It comes first, as a provider that crashes may have begun before it went.
        world.reverted_by.insert((host, volume), provider);
        let call = ProviderCall::SoftwareRevertToSnapshot { snapshot_id };
        let as_listed = |refusal| reasons::of_provider(call.method().name, refusal, provider);
        world.ask_provider(host, provider, &call).map_err(as_listed)?;
        world.dismount(host, volume);
        if world.readings.newer_copies == NewerCopies::Lost {
            for newer in world.newer_copies(snapshot_id) {
                removal::delete(world, newer);
            }
        }
        Ok(Reply::OK)
    }

    /// QueryRevertStatus, past its own checks. Where RevertToSnapshot would be refused because of a revert, it tells of that.
    pub(in crate::service) fn query_revert(
        &mut self,
        session: u32,
        host: usize,
        volume: VolumeGuid,
        provider: ProviderId,
    ) -> Result<Reply, Refusal> {
        let elsewhere = self.world.reverted_by_another(host, provider, volume)?;
        let work = match elsewhere {
            Some(running) => running,
            None => {
                let number = self.world.ask_for_revert(host, provider, volume)?;
                RevertWork { host, volume, provider, number }
            }
        };
        let work = Work::Revert(work);
        let now_ms = self.world.clock.now_ms();
        let pp_async = self.hand_out(session, Operation::QueryRevert, work, now_ms)?;
        Ok(Reply::ok(Out::QueryRevertStatus { pp_async }))
    }

    /// An object of QueryRevertStatus tells what the provider's tells now.
    pub(in crate::service) fn look_at_revert(&mut self, number: u32) {
        let Some(object) = self.asyncs.get_mut(&number) else { return };
        let Work::Revert(work) = &mut object.work else { return };
        if let Step::Done(result) = work.look(&mut self.world) {
            self.due.retain(|(_, due)| *due != Due::Operation(number));
            self.end(number, async_object::ended(result));
        }
    }
}
