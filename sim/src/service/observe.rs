//! What can be seen of the machine room from outside.

use crate::api::{
    Answer, CopySeen, DeviceSeen, DiskSeen, LunSeen, ProviderSeen, Question, Signature, SnapshotProp,
    SnapshotSeen, Unavailable, VolumeMarks, VolumeSeen,
};
use crate::storage::{CopyKind, DiskSignature, Extents, LunId, Volume, gpt};

use super::State;
use super::copies::devices;
use super::copies::devices::{Device, OnLuns};
use super::objects::session::Session;
use super::simulator::Simulator;
use super::world::volumes::host_id;
use super::world::{RegisteredHere, World};

/// The most bytes that one question may ask for.
const READ_MAX: u64 = 64 << 20;

impl Simulator {
    /// The bytes of a LUN, by its name in the lab or the one that its array gave it: whole sectors that are not all
    /// zero, in order. `None`: there is no such LUN.
    pub fn export(&self, lun: &str) -> Option<impl Iterator<Item = crate::storage::Chunk> + '_> {
        let id = self.world.storage.lun_by_name(lun)?;
        self.world.storage.lun(id).ok().map(crate::storage::Lun::export)
    }

    /// The shadow copies that a requester on the host at hand can see, with their properties as Query lists them.
    pub fn catalogue(&self) -> impl Iterator<Item = SnapshotProp> + '_ {
        self.world.snapshots.visible_on(self.at).map(super::copies::snapshots::Snapshot::properties)
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
            Question::Volumes => Answer::Volumes(self.volumes()),
            Question::Snapshots => Answer::Snapshots(self.snapshots(|host| host == self.at)),
            Question::AllSnapshots => Answer::Snapshots(self.all_snapshots()),
            Question::Events => Answer::Events(self.world.events.entries().to_vec()),
            Question::Now => Answer::Ms(self.world.clock.now_ms()),
            Question::LiveObjects => {
                let asyncs = self.asyncs.values().filter(|object| !object.released).count();
                let live = self.sessions.len() + asyncs + self.enumerators.len();
                Answer::Objects(u32::try_from(live).unwrap_or(u32::MAX))
            }
            Question::WhyRefused => Answer::Reason(self.last_refusal().map(Into::into)),
            Question::FaultsLeft => Answer::Faults(self.world.faults.left().cloned().collect()),
            Question::Providers => Answer::Providers(self.providers()),
            Question::ProviderCalls => {
                Answer::ProviderCalls(self.world.provider_calls.clone().unwrap_or_default())
            }
            Question::LunsUnder { volume } => Answer::Devices(self.devices_under(volume)?),
        })
    }

    fn providers(&self) -> Vec<ProviderSeen> {
        let seen = |registered: RegisteredHere<'_>| ProviderSeen {
            id: registered.id,
            name: registered.name.clone(),
            kind: registered.kind,
            ex: registered.hardware.is_some_and(|hardware| hardware.on_host[self.at].implements_ex()),
            own_storage: registered.hardware.is_some_and(|hardware| {
                hardware.abilities.com.as_ref().is_some_and(|class| class.own_storage)
            }),
        };
        self.world.registered_on(self.at).map(seen).collect()
    }

    fn devices_under(&self, volume: &str) -> Result<Vec<DeviceSeen>, Unavailable> {
        let luns = devices::find(&self.world, self.at, volume)?.luns(&self.world, self.at);
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
        match devices::find(&self.world, self.at, name)? {
            Device::Volume(volume) => {
                let read = self.world.storage.read_volume(host_id(self.at), volume, offset, &mut bytes);
                read.map_err(|error| Unavailable::because(error.to_string()))?;
            }
            Device::Copy(place) | Device::Link(place) => self.read_copy(place, offset, &mut bytes)?,
            Device::Kept(frozen) => {
                let read = frozen.read(offset, &mut bytes);
                read.map_err(|error| Unavailable::because(error.to_string()))?;
            }
        }
        Ok(bytes)
    }

    /// Reads a shadow copy where its volume lay on its LUNs.
    fn read_copy(&self, place: OnLuns<'_>, offset: u64, bytes: &mut [u8]) -> Result<(), Unavailable> {
        let luns = place.luns.iter().filter_map(|lun| self.world.storage.lun(*lun).ok());
        let stores = luns.map(crate::storage::Lun::contents);
        let (mut skip, mut rest) = (offset, bytes);
        for (extent, store) in place.extents.iter().zip(stores) {
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
        let luns = devices::find(&self.world, self.at, name)?.luns(&self.world, self.at);
        Ok(luns.first().and_then(|lun| signature_on(&self.world, *lun)))
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

    fn volumes(&self) -> Vec<VolumeSeen> {
        let host = self.world.host(self.at);
        let has = |volume: &Volume, mark: u64| volume.attributes() & mark != 0;
        let seen = |volume: &Volume| VolumeSeen {
            name: World::volume_name(volume.name()),
            luns: host.luns_of(volume.name()).into_iter().map(|lun| self.world.lun_name(lun)).collect(),
            mount_points: volume.mount_points().to_vec(),
            marks: VolumeMarks {
                read_only: has(volume, gpt::attribute::READ_ONLY),
                hidden: has(volume, gpt::attribute::HIDDEN),
                no_drive_letter: has(volume, gpt::attribute::NO_DRIVE_LETTER),
                shadow_copy: has(volume, gpt::attribute::SHADOW_COPY),
            },
        };
        let names = host.disks().flat_map(|(_, disk)| disk.volumes().to_vec());
        let names: std::collections::BTreeSet<_> = names.collect();
        names.into_iter().filter_map(|name| host.mounts().volume(name)).map(seen).collect()
    }

    /// The shadow copies of those hosts, and those in the making.
    fn snapshots(&self, of: impl Fn(usize) -> bool) -> Vec<SnapshotSeen> {
        let made = self.world.snapshots.iter().filter(|snapshot| of(snapshot.host));
        let made = made.map(|snapshot| SnapshotSeen {
            snapshot_id: snapshot.description.snapshot_id,
            original_volume_name: snapshot.description.original_volume_name.clone(),
            device_object: snapshot.device_object(),
            complete: snapshot.complete,
            broken: false,
        });
        let makes = |session: &&Session| of(session.host) && session.state == State::Snapshotting;
        let sets = self.sessions.values().filter(makes).filter_map(|session| session.set.as_ref());
        let planned = sets.flat_map(|set| &set.copies).map(|copy| SnapshotSeen {
            snapshot_id: copy.snapshot,
            original_volume_name: copy.original.name(),
            device_object: None,
            complete: false,
            broken: false,
        });
        sorted(made.chain(planned).collect())
    }

    fn all_snapshots(&self) -> Vec<SnapshotSeen> {
        let broken = self.world.snapshots.links().iter().map(|link| SnapshotSeen {
            snapshot_id: link.snapshot_id,
            original_volume_name: link.original_volume_name.clone(),
            device_object: Some(link.device_object()),
            complete: true,
            broken: true,
        });
        sorted(self.snapshots(|_| true).into_iter().chain(broken).collect())
    }
}

fn sorted(mut seen: Vec<SnapshotSeen>) -> Vec<SnapshotSeen> {
    seen.sort_unstable_by_key(|snapshot| snapshot.snapshot_id);
    seen
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
