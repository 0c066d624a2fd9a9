//! The description of a lab: what a TOML file or the builder says. Its tables and keys are the fields here, in kebab-case.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use super::{Fault, Lun, Os, Readings, Volume, Writer};
use crate::api::{Guid, ProviderId};

/// A described machine room: hosts, arrays with LUNs, volumes, providers, writers, and what goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Lab {
    /// A name for reports.
    #[serde(default = "default_name")]
    pub name: String,
    /// Every id and signature that the lab does not give is drawn from this seed.
    #[serde(default)]
    pub seed: u64,
    /// Under whose account the requester runs.
    #[serde(default)]
    pub caller: CallerRole,
    /// The hosts; requesters run on the first. A lab without one is refused by [`Lab::check`].
    #[serde(default, rename = "host")]
    pub hosts: Vec<Host>,
    /// Registered hardware and software providers. The system provider is always there, and so is the file share provider
    /// from Windows 8 and Windows Server 2012 on.
    #[serde(
        default,
        rename = "provider",
        skip_serializing_if = "Vec::is_empty",
        serialize_with = "with_their_own_keys"
    )]
    pub providers: Vec<Provider>,
    /// Disk arrays.
    #[serde(default, rename = "array", skip_serializing_if = "Vec::is_empty")]
    pub arrays: Vec<Array>,
    /// LUNs of arrays, and local disks.
    #[serde(default, rename = "lun", skip_serializing_if = "Vec::is_empty")]
    pub luns: Vec<Lun>,
    /// Volumes on them.
    #[serde(default, rename = "volume", skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<Volume>,
    /// File shares.
    #[serde(default, rename = "share", skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Share>,
    /// Writers.
    #[serde(default, rename = "writer", skip_serializing_if = "Vec::is_empty")]
    pub writers: Vec<Writer>,
    /// What goes wrong.
    #[serde(default, rename = "fault", skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
    /// How to read the documentation where it contradicts itself or is silent.
    #[serde(default)]
    pub readings: Readings,
}

fn default_name() -> String {
    "unnamed".to_owned()
}

/// Whose rights the requester has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CallerRole {
    /// A member of Administrators, or Local System.
    #[default]
    Administrator,
    /// A member of Backup Operators.
    BackupOperator,
    /// Anybody else: COM rejects the calls.
    User,
}

impl CallerRole {
    /// Whether VSS lets the caller in as a requester.
    pub fn may_request(self) -> bool {
        !matches!(self, Self::User)
    }

    /// Whether the caller is an administrator.
    pub fn administers(self) -> bool {
        matches!(self, Self::Administrator)
    }
}

/// A computer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Host {
    /// Its machine name.
    pub name: String,
    /// Its operating system.
    pub os: Os,
    /// How it was started.
    #[serde(default)]
    pub mode: BootMode,
    /// Which arriving disks go online.
    #[serde(default)]
    pub san_policy: SanPolicy,
    /// The cluster that it is a node of, by a name that its nodes share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// How many client-accessible shadow copies of each volume it keeps, from 1 to 512: the registry's `MaxShadowCopies`.
    /// 64 when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_shadow_copies: Option<u32>,
}

impl Host {
    /// A host that was started as usual.
    pub fn new(name: impl Into<String>, os: Os) -> Self {
        Self {
            name: name.into(),
            os,
            mode: BootMode::default(),
            san_policy: SanPolicy::default(),
            cluster: None,
            max_shadow_copies: None,
        }
    }
}

/// How a host was started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BootMode {
    /// As usual.
    #[default]
    Normal,
    /// Safe mode.
    SafeMode,
    /// The Windows Preinstallation Environment.
    #[serde(rename = "winpe")]
    WinPe,
}

/// Which arriving disks go online.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SanPolicy {
    /// All of them.
    #[default]
    OnlineAll,
    /// All but those on a shared bus (the LUNs of arrays).
    OfflineShared,
    /// All but local disks.
    OfflineInternal,
    /// None.
    OfflineAll,
}

impl SanPolicy {
    /// Whether a disk that arrives goes online; `shared`: it is a LUN of an array.
    pub fn brings_online(self, shared: bool) -> bool {
        match self {
            Self::OnlineAll => true,
            Self::OfflineShared => !shared,
            Self::OfflineInternal => shared,
            Self::OfflineAll => false,
        }
    }
}

/// A hardware or software provider, registered on every host unless `hosts` says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Provider {
    /// Its name.
    pub name: String,
    /// Its id; drawn from the seed when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ProviderId>,
    /// What it makes copies of. All keys below but `disables` are about hardware providers.
    #[serde(default, skip_serializing_if = "ProviderKind::is_default")]
    pub kind: ProviderKind,
    /// Whether it implements `IVssHardwareSnapshotProviderEx`; without, it is a legacy provider.
    #[serde(default = "yes")]
    pub ex: bool,
    /// Whether its array can copy a shadow copy back (`ResyncLuns`).
    #[serde(default = "yes")]
    pub resync: bool,
    /// Whether its shadow copies can be moved to another host.
    #[serde(default = "yes")]
    pub transportable: bool,
    /// The kinds of copies that it makes; the first is taken when a requester asks for none.
    #[serde(default = "all_copies")]
    pub copies: Vec<CopyKind>,
    /// The hosts on which it is registered: all of them unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosts: Option<Vec<String>>,
    /// What must not be done to a volume while a software provider has copies of it (`VSS_SNAPSHOT_COMPATIBILITY`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disables: Vec<Disabled>,
    /// The COM class that takes the place of the reference provider; what it can do is then its own matter, and not said
    /// by `ex`, `resync`, `transportable` and `copies`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub com: Option<ComClass>,
}

/// A provider with the keys that mean something for its kind.
#[derive(Serialize)]
#[serde(untagged)]
enum Written<'a> {
    Hardware(&'a Provider),
    #[serde(rename_all = "kebab-case")]
    Other {
        name: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<ProviderId>,
        kind: ProviderKind,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        disables: &'a [Disabled],
    },
}

fn with_their_own_keys<S: Serializer>(providers: &[Provider], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(providers.iter().map(|provider| match provider.kind {
        ProviderKind::Hardware => Written::Hardware(provider),
        kind => Written::Other { name: &provider.name, id: provider.id, kind, disables: &provider.disables },
    }))
}

/// The COM class of a hardware provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ComClass {
    /// The library that has the class. A relative path begins in the working directory. Without one, Windows finds the
    /// class in its registry; other systems find none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dll: Option<String>,
    /// The class, with or without braces.
    pub clsid: Guid,
    /// Whether it works on storage of its own instead of the simulated array: then only what it reports is checked.
    #[serde(default)]
    pub own_storage: bool,
}

/// What a provider makes copies of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderKind {
    /// LUNs of arrays (`IVssHardwareSnapshotProvider`).
    #[default]
    Hardware,
    /// Volumes of a host (`IVssSoftwareSnapshotProvider`).
    Software,
    /// File shares (`IVssFileShareSnapshotProvider`). There is one, which labs do not name.
    #[schemars(skip)]
    FileShare,
}

impl fmt::Display for ProviderKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hardware => "a hardware provider",
            Self::Software => "a software provider",
            Self::FileShare => "the file share provider",
        })
    }
}

impl ProviderKind {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What must not be done to a volume that has copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Disabled {
    /// Defragmentation (`VSS_SC_DISABLE_DEFRAG`).
    Defragmentation,
    /// Content indexing (`VSS_SC_DISABLE_CONTENTINDEX`).
    ContentIndexing,
}

/// A file share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Share {
    /// Its UNC path, such as `\\SRV\data`: the name of a host of the lab and a name of its own.
    pub path: String,
    /// A name of the volume that it shares, on that host.
    pub volume: String,
    /// Whether every node of its host's cluster offers it at the same time (a scale-out file share).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub scale_out: bool,
}

impl Share {
    /// An ordinary share of one host.
    pub fn new(path: impl Into<String>, volume: impl Into<String>) -> Self {
        Self { path: path.into(), volume: volume.into(), scale_out: false }
    }

    /// The host's name and the share's own; `None` if the path is none of a share.
    pub fn parts(&self) -> Option<(&str, &str)> {
        let (host, share) = self.path.strip_prefix(r"\\")?.split_once('\\')?;
        let is_name = |name: &str| {
            !name.trim().is_empty() && !name.contains(['\\', '/', '?', '*', ':', '"', '<', '>', '|'])
        };
        (is_name(host) && is_name(share)).then_some((host, share))
    }
}

fn yes() -> bool {
    true
}

fn all_copies() -> Vec<CopyKind> {
    vec![CopyKind::Clone, CopyKind::Differential]
}

impl Provider {
    /// A provider that can do everything.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            id: None,
            kind: ProviderKind::default(),
            ex: yes(),
            resync: yes(),
            transportable: yes(),
            copies: all_copies(),
            hosts: None,
            disables: Vec::new(),
            com: None,
        }
    }

    /// Whether it is registered on the host of that name.
    pub fn is_on(&self, host: &str) -> bool {
        self.hosts.as_ref().is_none_or(|hosts| hosts.iter().any(|name| name == host))
    }
}

/// How an array keeps a shadow copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CopyKind {
    /// A full copy that does not need its source (split mirror, plex).
    Clone,
    /// The differences to its source; lost with it.
    Differential,
}

/// A disk array.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Array {
    /// Its name.
    pub name: String,
    /// The hardware provider that manages it; without, the LUNs are just disks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
}
