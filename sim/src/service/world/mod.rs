//! Everything on the machines but the requesters' objects.

pub(in crate::service) mod cluster;
pub(in crate::service) mod identity;
pub(in crate::service) mod originals;
pub(in crate::service) mod setup;
pub(in crate::service) mod volumes;

use std::collections::{BTreeMap, BTreeSet};

use crate::api::{ProviderCallSeen, ProviderId, SnapshotId, Text, VolumeGuid};
use crate::lab::{BootMode, CallerRole, Clock, Events, IdStream, LunIds, Os, ProviderKind, Readings};
use crate::provider::{HardwareProvider, Share, SoftwareProvider, VirtualDisks};
use crate::storage::{ArrayId, Storage};
use crate::writer::Writer;

use super::copies::snapshots::Snapshots;
use super::machine::Slots;
use super::providers::faults::Faults;
use cluster::SharedInSet;

/// The machine room.
#[derive(Debug)]
pub(super) struct World {
    pub(super) hosts: Vec<HostState>,
    pub(super) caller: CallerRole,
    pub(super) readings: Readings,
    pub(super) storage: Storage,
    /// Registered hardware providers, in the order of the lab.
    pub(super) providers: Vec<Registered>,
    /// Registered software providers in the order of the lab, the system provider, and the file share provider.
    pub(super) software: Vec<RegisteredSoftware>,
    /// Whose rights a provider sees: those of VSS, but for calls past the service.
    pub(super) provider_caller: CallerRole,
    pub(super) shares: Vec<Share>,
    pub(super) virtual_disks: VirtualDisks,
    /// Cluster shared volumes. They have one name on all hosts.
    pub(super) cluster_shared: BTreeSet<VolumeGuid>,
    /// What of these, and of scale-out shares, is in sets that are being created.
    pub(super) shared_in_sets: Vec<SharedInSet>,
    /// Volumes that Windows runs from.
    pub(super) boot: BTreeSet<VolumeGuid>,
    /// Which software provider was last asked to revert a volume of a host; it may have refused.
    pub(super) reverted_by: BTreeMap<(usize, VolumeGuid), ProviderId>,
    pub(super) snapshots: Snapshots,
    pub(super) clock: Clock,
    /// For how long providers have worked in the call or step of an operation that is carried out, in milliseconds.
    pub(super) took_ms: u64,
    pub(super) ids: Ids,
    pub(super) events: Events,
    pub(super) faults: Faults,
    /// What providers were called, while somebody watches.
    pub(super) provider_calls: Option<Vec<ProviderCallSeen>>,
}

/// A host: its settings, and what is going on there.
#[derive(Clone, Debug)]
pub(super) struct HostState {
    pub(super) name: Text,
    pub(super) os: Os,
    pub(super) mode: BootMode,
    /// Its writers: what the process of one does, those of other hosts do not.
    pub(super) writers: Vec<Writer>,
    /// How many client-accessible copies of a volume it keeps.
    pub(super) max_shadow_copies: u32,
    /// What only one session at a time can have there. Of creations that includes sessions of other hosts that have shares
    /// of this one in their sets.
    pub(super) slots: Slots,
    /// The providers whose drivers are stuck until the host is restarted.
    pub(super) stuck: BTreeSet<ProviderId>,
    /// The cluster that it is a node of.
    pub(super) cluster: Option<Text>,
    /// How many requesters' objects live there.
    pub(super) requesters: u32,
    /// When the service will have idled long enough for its providers to go.
    pub(super) idle_at_ms: Option<u64>,
}

/// A registered hardware provider.
#[derive(Debug)]
pub(super) struct Registered {
    pub(super) id: ProviderId,
    pub(super) name: Text,
    /// The arrays that it manages.
    pub(super) arrays: Vec<ArrayId>,
    /// What the lab says that it can do.
    pub(super) abilities: crate::lab::Provider,
    /// The hosts that have it loaded.
    pub(super) loaded_on: BTreeSet<usize>,
    /// Its process on each host: what one has in hand, another does not know of.
    pub(super) on_host: Vec<Box<dyn HardwareProvider>>,
}

/// A registered provider of volumes or shares.
#[derive(Debug)]
pub(super) struct RegisteredSoftware {
    pub(super) id: ProviderId,
    pub(super) name: Text,
    pub(super) kind: ProviderKind,
    /// Its process on each host, with the copies of that host.
    pub(super) on_host: Vec<Box<dyn SoftwareProvider>>,
}

/// A provider of any kind, as it is registered on a host.
#[derive(Clone, Copy, Debug)]
pub(super) struct RegisteredHere<'a> {
    pub(super) id: ProviderId,
    pub(super) name: &'a Text,
    pub(super) kind: ProviderKind,
    /// The rest of a hardware provider.
    pub(super) hardware: Option<&'a Registered>,
}

/// Where new identities come from: a stream for each kind, so that one kind does not shift another.
#[derive(Clone, Debug)]
pub(super) struct Ids {
    pub(super) sessions: IdStream,
    pub(super) sets: IdStream,
    pub(super) snapshots: IdStream,
    /// Signatures and partition GUIDs of copies that arrive.
    pub(super) disks: IdStream,
    /// Serial numbers and page-0x83 identifiers of new LUNs.
    pub(super) luns: LunIds,
}

impl World {
    pub(super) fn os(&self, host: usize) -> Os {
        self.hosts[host].os
    }

    pub(super) fn mode(&self, host: usize) -> BootMode {
        self.hosts[host].mode
    }

    /// Whether writers take part on a host. `CVssWriter::Initialize` lets none in Safe mode, and WinPE has none but the one
    /// of automated system recovery.
    pub(super) fn has_writers(&self, host: usize) -> bool {
        self.mode(host) == BootMode::Normal
    }

    /// The slots of a host change.
    pub(super) fn occupy(&mut self, host: usize, slots: Slots) {
        self.hosts[host].slots = slots;
    }

    /// Whether any hardware provider is registered on a host that loads them: only servers do.
    pub(super) fn has_hardware_provider(&self, host: usize) -> bool {
        self.hardware_providers(host).next().is_some()
    }

    /// The hardware providers that are registered on a host that loads them.
    pub(super) fn hardware_providers(&self, host: usize) -> impl Iterator<Item = &Registered> {
        let (loads, name) = (self.os(host).is_server(), &self.hosts[host].name);
        self.providers.iter().filter(move |registered| loads && registered.abilities.is_on(name))
    }

    /// The nodes of a host's cluster, with the host itself.
    pub(super) fn nodes_with(&self, host: usize) -> impl Iterator<Item = usize> {
        let cluster = self.hosts[host].cluster.as_deref();
        let together = move |(other, machine): (usize, &HostState)| {
            (other == host || cluster.is_some() && machine.cluster.as_deref() == cluster).then_some(other)
        };
        self.hosts.iter().enumerate().filter_map(together)
    }

    /// The hardware provider of that id, if the host loads it.
    pub(super) fn hardware_provider(&self, host: usize, id: ProviderId) -> Option<&dyn HardwareProvider> {
        let mut registered = self.hardware_providers(host);
        let registered = registered.find(|registered| registered.id == id)?;
        registered.on_host.get(host).map(|provider| &**provider)
    }

    /// Whether VSS on the host calls what only `IVssHardwareSnapshotProviderEx` has of that provider: it implements the
    /// interface, and the system has it.
    pub(super) fn knows_ex_of(&self, host: usize, id: ProviderId) -> bool {
        let provider = self.hardware_provider(host, id).filter(|provider| provider.implements_ex());
        self.os(host).has_hardware_provider_ex() && provider.is_some()
    }

    /// The providers of volumes and shares that are registered on the host; only later systems have one for shares.
    pub(super) fn software_of(&self, host: usize) -> impl Iterator<Item = &RegisteredSoftware> {
        let shares = self.os(host).copies_shares();
        self.software.iter().filter(move |registered| shares || registered.kind != ProviderKind::FileShare)
    }

    /// All providers that are registered on the host, whether it loads them or not.
    pub(super) fn registered_on(&self, host: usize) -> impl Iterator<Item = RegisteredHere<'_>> {
        let name = &self.hosts[host].name;
        let hardware = self.providers.iter().filter(move |registered| registered.abilities.is_on(name));
        let hardware = hardware.map(|registered| RegisteredHere {
            id: registered.id,
            name: &registered.name,
            kind: ProviderKind::Hardware,
            hardware: Some(registered),
        });
        let software = self.software_of(host).map(|registered| RegisteredHere {
            id: registered.id,
            name: &registered.name,
            kind: registered.kind,
            hardware: None,
        });
        hardware.chain(software)
    }

    /// Whether a provider of that id copies volumes or shares and not LUNs.
    pub(super) fn is_software(&self, id: ProviderId) -> bool {
        self.software.iter().any(|registered| registered.id == id)
    }

    /// Whether any provider of that id is registered on the host, whether that loads it or not.
    pub(super) fn is_registered(&self, host: usize, id: ProviderId) -> bool {
        self.registered_on(host).any(|registered| registered.id == id)
    }
}

/// What the catalogue of snapshots is keyed by.
pub(super) type BySnapshot<T> = BTreeMap<SnapshotId, T>;
