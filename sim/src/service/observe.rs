//! What can be seen of the machine room from outside.

use crate::api::{
    Answer, CopySeen, DeviceSeen, DiskSeen, LunSeen, ProviderSeen, Question, Signature, SnapshotSeen,
    Unavailable,
};
use crate::lab::ProviderKind;
use crate::storage::{CopyKind, DiskSignature, Extents, FrozenVolume, LunId};

use super::State;
use super::session::Session;
use super::simulator::Simulator;
use super::snapshots::Snapshot;
use super::volumes::host_id;
use super::world::{Registered, RegisteredSoftware, World};

/// The most bytes that one question may ask for.
const READ_MAX: u64 = 64 << 20;

impl Simulator {
    /// The bytes of a LUN, by its name in the lab or the one that its array gave it: whole sectors that are not all
    /// zero, in order. `None`: there is no such LUN.
    pub fn export(&self, lun: &str) -> Option<impl Iterator<Item = crate::storage::Chunk> + '_> {
        let id = self.world.storage.lun_by_name(lun)?;
        self.world.storage.lun(id).ok().map(crate::storage::Lun::export)
    }

    pub(super) fn answer(&self, question: &Question) -> Result<Answer, Unavailable> {
        Ok(match question {
            Question::ReadVolume { volume, offset, length } => {
                Answer::Bytes(self.read(volume, *offset, *length)?)
            }
            Question::ReadLun { lun, offset, length } => Answer::Bytes(self.read_lun(lun, *offset, *length)?),
            Question::VolumeSignature { volume } => Answer::Signature(self.volume_signature(volume)?),
            Question::LunSignature { lun } => {
                Answer::Signature(signature_on(&self.world, self.lun_named(lun)?))
            }
            Question::Luns => Answer::Luns(self.luns()),
            Question::Disks => Answer::Disks(self.disks()),
            Question::Snapshots => Answer::Snapshots(self.snapshots()),
            Question::Events => Answer::Events(self.world.events.entries().to_vec()),
            Question::Now => Answer::Ms(self.world.clock.now_ms()),
            Question::LiveObjects => {
                let asyncs = self.asyncs.values().filter(|object| !object.released).count();
                Answer::Objects(u32::try_from(self.sessions.len() + asyncs).unwrap_or(u32::MAX))
            }
            Question::WhyRefused => Answer::Reason(self.last_refusal().map(Into::into)),
            Question::Providers => Answer::Providers(self.providers()),
            Question::ProviderCalls => {
                Answer::ProviderCalls(self.world.provider_calls.clone().unwrap_or_default())
            }
            Question::LunsUnder { volume } => Answer::Devices(self.devices_under(volume)?),
        })
    }

    fn providers(&self) -> Vec<ProviderSeen> {
        let hardware = |registered: &Registered| ProviderSeen {
            id: registered.id,
            name: registered.name.clone(),
            kind: ProviderKind::Hardware,
            ex: registered.on_hosts.first().is_some_and(|provider| provider.implements_ex()),
            own_storage: registered.abilities.com.as_ref().is_some_and(|class| class.own_storage),
        };
        let software = |registered: &RegisteredSoftware| ProviderSeen {
            id: registered.id,
            name: registered.name.clone(),
            kind: registered.kind,
            ex: false,
            own_storage: false,
        };
        let world = &self.world;
        world.providers.iter().map(hardware).chain(world.software_of(self.at).map(software)).collect()
    }

    fn devices_under(&self, volume: &str) -> Result<Vec<DeviceSeen>, Unavailable> {
        let luns = match self.world.snapshots.by_device(volume) {
            Some(snapshot) => snapshot.luns.clone(),
            None => self.world.luns_of(self.at, self.named_volume(volume)?),
        };
        let device = |lun| DeviceSeen {
            name: self.world.device_name(self.at, lun),
            lun: self.world.information(self.at, lun),
        };
        Ok(luns.into_iter().map(device).collect())
    }

    fn read_lun(&self, name: &str, offset: u64, length: u64) -> Result<Vec<u8>, Unavailable> {
        let mut bytes = buffer(length)?;
        let lun = self.lun_named(name)?;
        let read = self.world.storage.lun(lun).map_err(|error| Unavailable::because(error.to_string()))?;
        read.read(offset, &mut bytes).map_err(|error| Unavailable::because(error.to_string()))?;
        Ok(bytes)
    }

    pub(super) fn lun_named(&self, name: &str) -> Result<LunId, Unavailable> {
        let id = self.world.storage.lun_by_name(name);
        id.ok_or_else(|| Unavailable::because(format!("there is no LUN `{name}`")))
    }

    fn read(&self, name: &str, offset: u64, length: u64) -> Result<Vec<u8>, Unavailable> {
        let mut bytes = buffer(length)?;
        if let Some(frozen) = self.kept_by_provider(name) {
            frozen.read(offset, &mut bytes).map_err(|error| Unavailable::because(error.to_string()))?;
            return Ok(bytes);
        }
        match self.world.snapshots.by_device(name) {
            Some(snapshot) => self.read_copy(snapshot, offset, &mut bytes)?,
            None => {
                let volume = self.named_volume(name)?;
                let read = self.world.storage.read_volume(host_id(self.at), volume, offset, &mut bytes);
                read.map_err(|error| Unavailable::because(error.to_string()))?;
            }
        }
        Ok(bytes)
    }

    /// What a software provider shows under a device object or UNC path.
    fn kept_by_provider(&self, name: &str) -> Option<&FrozenVolume> {
        let name = name.trim_end_matches('\\');
        let mut processes = self.world.software.iter().flat_map(|registered| &registered.on_hosts);
        processes.find_map(|provider| provider.shows(name))
    }

    /// Reads a shadow copy where its volume lay on its LUNs.
    fn read_copy(&self, snapshot: &Snapshot, offset: u64, bytes: &mut [u8]) -> Result<(), Unavailable> {
        let luns = snapshot.luns.iter().filter_map(|lun| self.world.storage.lun(*lun).ok());
        let stores = luns.map(crate::storage::Lun::contents);
        let (mut skip, mut rest) = (offset, bytes);
        for (extent, store) in snapshot.extents.iter().zip(stores) {
            let within = skip.min(extent.length);
            let room = usize::try_from(extent.length - within).unwrap_or(usize::MAX).min(rest.len());
            let (now, later) = std::mem::take(&mut rest).split_at_mut(room);
            store
                .read(extent.start + within, now)
                .map_err(|error| Unavailable::because(error.to_string()))?;
            (skip, rest) = (skip - within, later);
        }
        if rest.is_empty() {
            Ok(())
        } else {
            Err(Unavailable::because("the range lies outside of the shadow copy"))
        }
    }

    fn volume_signature(&self, name: &str) -> Result<Option<Signature>, Unavailable> {
        let lun = match self.world.snapshots.by_device(name) {
            Some(snapshot) => snapshot.luns.first().copied(),
            None => self.world.luns_of(self.at, self.named_volume(name)?).first().copied(),
        };
        Ok(lun.and_then(|lun| signature_on(&self.world, lun)))
    }

    fn luns(&self) -> Vec<LunSeen> {
        let seen = |(id, lun): (LunId, &crate::storage::Lun)| LunSeen {
            name: lun.name().clone(),
            size: lun.size(),
            digest: digest(lun.contents()),
            signature: signature_on(&self.world, id),
            serial: lun.serial().clone(),
            copy: lun.copy_of().map(|copy| CopySeen {
                of: self.world.storage.lun(copy.source).ok().map(|source| source.name().clone()),
                differential: copy.kind == CopyKind::Differential,
            }),
            presented: lun.hosts().contains(&host_id(self.at)),
        };
        self.world.storage.luns().map(seen).collect()
    }

    fn disks(&self) -> Vec<DiskSeen> {
        let seen = |disk: &crate::storage::Disk| DiskSeen {
            lun: self.world.storage.lun(disk.lun).map_or_else(|_| "".into(), |lun| lun.name().clone()),
            online: disk.is_online(),
            signature: signature_on(&self.world, disk.lun),
            volumes: disk.volumes().iter().map(|volume| World::volume_name(*volume)).collect(),
        };
        self.world.host(self.at).disks().map(|(_, disk)| seen(disk)).collect()
    }

    fn snapshots(&self) -> Vec<SnapshotSeen> {
        let made = self.world.snapshots.iter().filter(|snapshot| snapshot.host == self.at);
        let made = made.map(|snapshot| SnapshotSeen {
            snapshot_id: snapshot.description.snapshot_id,
            original_volume_name: snapshot.description.original_volume_name.clone(),
            device_object: snapshot.device_object(),
            complete: snapshot.complete,
        });
        let makes = |session: &&Session| session.host == self.at && session.state == State::Snapshotting;
        let sets = self.sessions.values().filter(makes).filter_map(|session| session.set.as_ref());
        let planned = sets.flat_map(|set| &set.copies).map(|copy| SnapshotSeen {
            snapshot_id: copy.snapshot,
            original_volume_name: copy.original.name(),
            device_object: None,
            complete: false,
        });
        let mut seen: Vec<SnapshotSeen> = made.chain(planned).collect();
        seen.sort_unstable_by_key(|snapshot| snapshot.snapshot_id);
        seen
    }
}

/// Room for that many bytes.
fn buffer(length: u64) -> Result<Vec<u8>, Unavailable> {
    if length > READ_MAX {
        let message = format!("{length} bytes are too many for one question: ask for {READ_MAX} at most");
        return Err(Unavailable::because(message));
    }
    Ok(vec![0; usize::try_from(length).unwrap_or(0)])
}

fn signature_on(world: &World, lun: LunId) -> Option<Signature> {
    let identity = world.storage.lun(lun).ok()?.identity().ok()?;
    Some(match identity.signature {
        DiskSignature::Mbr(signature) => Signature::Mbr(signature),
        DiskSignature::Gpt(guid) => Signature::Gpt(guid),
    })
}

/// A CRC over what is written and where: equal contents, equal digest, whatever was written and zeroed before.
fn digest(store: &Extents) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    for chunk in crate::storage::chunks(store) {
        hasher.update(&chunk.offset.to_le_bytes());
        hasher.update(&chunk.bytes);
    }
    hasher.finalize()
}
