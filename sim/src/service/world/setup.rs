//! From a lab to a world: what runs on the machines when the requesters come.

use crate::lab::{CallerRole, Clock, Events, Instance, Lab, LabError, ProviderKind, Seed};
use crate::provider::{
    CopyOnWriteProvider, FileShareProvider, MakeProvider, Share, SoftwareProvider, SystemProvider,
    VirtualDisks, visible_volume,
};
use crate::writer::{Component, Writer};

use super::{HostState, Ids, Registered, RegisteredSoftware, World};
use crate::service::copies::snapshots::Snapshots;
use crate::service::machine::Slots;
use crate::service::providers::faults::Faults;

/// `MaxShadowCopies` where the registry says nothing (registry-keys-for-backup-and-restore).
const MAX_SHADOW_COPIES: u32 = 64;

impl World {
    /// Checks the lab and sets up what it describes.
    pub(in crate::service) fn new(lab: &Lab, make: &MakeProvider) -> Result<Self, SetUpError> {
        let instance = lab.instantiate()?;
        let providers = hardware_providers(lab, &instance, make)?;
        let software = software_providers(lab, &instance);
        let writers = writers(lab, &instance);
        let shares = shares(lab, &instance);
        let virtual_disks = virtual_disks(lab, &instance);
        let described = lab.volumes.iter().zip(&instance.volumes);
        let cluster_shared = described.filter(|(described, _)| described.cluster_shared);
        let boot = lab.volumes.iter().zip(&instance.volumes).filter(|(described, _)| described.boot);
        let seed = Seed::new(lab.seed);
        let mut world = Self {
            hosts: hosts(lab, &writers),
            caller: lab.caller,
            readings: lab.readings,
            storage: instance.storage,
            providers,
            software,
            provider_caller: CallerRole::Administrator,
            shares,
            virtual_disks,
            cluster_shared: cluster_shared.map(|(_, volume)| volume.id).collect(),
            shared_in_sets: Vec::new(),
            boot: boot.map(|(_, volume)| volume.id).collect(),
            reverted_by: Default::default(),
            snapshots: Snapshots::default(),
            clock: Clock::new(),
            took_ms: 0,
            ids: Ids {
                sessions: seed.child("session"),
                sets: seed.child("snapshot set"),
                snapshots: seed.child("snapshot"),
                disks: seed.child("arriving disk"),
                luns: instance.lun_ids,
            },
            events: Events::new(),
            faults: Faults::new(&lab.faults),
            provider_calls: None,
        };
        world.offer_shares();
        Ok(world)
    }
}

/// Why a lab cannot be set up.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SetUpError {
    /// Something is wrong with it.
    #[error(transparent)]
    Lab(#[from] LabError),
    /// A hardware provider cannot be had.
    #[error("provider `{name}`: {why}")]
    Provider {
        /// Its name in the lab.
        name: String,
        /// What is wrong, and what to do.
        why: String,
    },
}

fn hosts(lab: &Lab, writers: &[Writer]) -> Vec<HostState> {
    let hosts = lab.hosts.iter().map(|host| HostState {
        name: host.name.as_str().into(),
        os: host.os,
        mode: host.mode,
        writers: writers.to_vec(),
        max_shadow_copies: host.max_shadow_copies.unwrap_or(MAX_SHADOW_COPIES),
        slots: Slots::default(),
        stuck: std::collections::BTreeSet::new(),
        cluster: host.cluster.as_deref().map(Into::into),
        requesters: 0,
        idle_at_ms: None,
    });
    hosts.collect()
}

fn hardware_providers(
    lab: &Lab,
    instance: &Instance,
    make: &MakeProvider,
) -> Result<Vec<Registered>, SetUpError> {
    let register = |(abilities, resolved): (&crate::lab::Provider, &crate::lab::ResolvedProvider)| {
        let managed = lab.arrays.iter().zip(&instance.arrays);
        let managed = managed.filter(|(array, _)| array.provider.as_deref() == Some(&*abilities.name));
        let cannot = |why| SetUpError::Provider { name: abilities.name.clone(), why };
        Ok(Registered {
            id: resolved.id,
            name: resolved.name.clone(),
            arrays: managed.map(|(_, id)| *id).collect(),
            abilities: abilities.clone(),
            loaded_on: std::collections::BTreeSet::new(),
            on_host: lab.hosts.iter().map(|_| make(abilities)).collect::<Result<_, _>>().map_err(cannot)?,
        })
    };
    let described = lab.providers.iter().zip(&instance.providers);
    described.filter(|(described, _)| described.kind == ProviderKind::Hardware).map(register).collect()
}

fn software_providers(lab: &Lab, instance: &Instance) -> Vec<RegisteredSoftware> {
    let described = lab.providers.iter().zip(&instance.providers);
    let own = described.filter(|(described, _)| described.kind == ProviderKind::Software).map(
        |(described, resolved)| RegisteredSoftware {
            id: resolved.id,
            name: resolved.name.clone(),
            kind: ProviderKind::Software,
            on_host: on_each(lab, || CopyOnWriteProvider::software(described)),
        },
    );
    let system = RegisteredSoftware {
        id: SystemProvider::ID,
        name: SystemProvider::NAME.into(),
        kind: ProviderKind::Software,
        on_host: on_each(lab, CopyOnWriteProvider::system),
    };
    let shares = RegisteredSoftware {
        id: FileShareProvider::ID,
        name: FileShareProvider::NAME.into(),
        kind: ProviderKind::FileShare,
        on_host: on_each(lab, CopyOnWriteProvider::file_share),
    };
    own.chain([system, shares]).collect()
}

/// One process for each host.
fn on_each(lab: &Lab, make: impl Fn() -> CopyOnWriteProvider) -> Vec<Box<dyn SoftwareProvider>> {
    lab.hosts.iter().map(|_| Box::new(make()) as Box<dyn SoftwareProvider>).collect()
}

/// Each volume on a virtual disk with the volume that holds its file, on the first host that has both.
fn virtual_disks(lab: &Lab, instance: &Instance) -> VirtualDisks {
    let mut disks = VirtualDisks::default();
    for (described, volume) in lab.volumes.iter().zip(&instance.volumes) {
        let Some(holder) = &described.vhd_on else { continue };
        let hosts = instance.hosts.iter().filter_map(|host| instance.storage.host(*host).ok());
        let mut on_them = hosts.filter(|host| host.mounts().volume(volume.id).is_some());
        if let Some(holder) = on_them.find_map(|host| visible_volume(host, holder)) {
            disks.put(volume.id, holder.name());
        }
    }
    disks
}

fn shares(lab: &Lab, instance: &Instance) -> Vec<Share> {
    let share = |described: &crate::lab::Share| {
        let (host, _) = described.parts()?;
        let host = lab.hosts.iter().position(|known| known.name.eq_ignore_ascii_case(host))?;
        Some(Share {
            path: described.path.as_str().into(),
            host: *instance.hosts.get(host)?,
            machine: lab.hosts[host].name.as_str().into(),
            volume: described.volume.as_str().into(),
            scale_out: described.scale_out,
            offered: true,
        })
    };
    lab.shares.iter().filter_map(share).collect()
}

fn writers(lab: &Lab, instance: &Instance) -> Vec<Writer> {
    let run = |(described, resolved): (&crate::lab::Writer, &crate::lab::ResolvedWriter)| {
        let components = described.components.iter().zip(&resolved.component_volumes);
        let components = components.map(|(component, volumes)| Component {
            name: component.name.as_str().into(),
            logical_path: component.logical_path.as_deref().map(Into::into),
            kind: component.kind.into(),
            volumes: volumes
                .iter()
                .filter_map(|place| instance.volumes.get(*place))
                .map(|volume| volume.id)
                .collect(),
        });
        Writer {
            name: resolved.name.clone(),
            id: resolved.id,
            instance: resolved.instance,
            freeze_limit_ms: described.freeze_limit_ms,
            max_sessions: described.max_sessions,
            components: components.collect(),
            blocks_revert: described.blocks_revert,
            sessions: 0,
            running: true,
        }
    };
    lab.writers.iter().zip(&instance.writers).map(run).collect()
}
