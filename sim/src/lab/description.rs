//! The description of a lab: what a TOML file or the builder says. Its tables and keys are the fields here, in kebab-case.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fault, Os, Readings, Size};
use crate::api::{ComponentType, Guid, ProviderId, Signature, WriterId, WriterInstanceId};

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
    /// Registered hardware providers. The system provider is always there.
    #[serde(default, rename = "provider", skip_serializing_if = "Vec::is_empty")]
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
    "lab".to_owned()
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
}

impl Host {
    /// A host that was started as usual.
    pub fn new(name: impl Into<String>, os: Os) -> Self {
        Self { name: name.into(), os, mode: BootMode::default(), san_policy: SanPolicy::default() }
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

/// A hardware provider, registered on every host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Provider {
    /// Its name.
    pub name: String,
    /// Its id; drawn from the seed when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ProviderId>,
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
            ex: yes(),
            resync: yes(),
            transportable: yes(),
            copies: all_copies(),
        }
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

/// A LUN of an array, or a local disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Lun {
    /// Its name in the lab.
    pub name: String,
    /// The array that it lies on; without, it is a local disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub array: Option<String>,
    /// The hosts that see it: all of them unless given; for a local disk the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosts: Option<Vec<String>>,
    /// Its size.
    pub size: Size,
    /// What its page 0x83 says.
    #[serde(default)]
    pub page83: Page83,
    /// How the disk on it is partitioned.
    #[serde(default)]
    pub style: PartitionStyle,
    /// Whether the disk is a dynamic one.
    #[serde(default)]
    pub dynamic: bool,
    /// Whether the disk is a cluster's quorum disk.
    #[serde(default)]
    pub quorum: bool,
    /// The disk's signature: a GUID for GPT, `0x` and eight hex digits for MBR. Drawn from the seed when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

impl Lun {
    /// A LUN with the defaults of the file format: GPT, unique page 0x83, seen by every host.
    pub fn new(name: impl Into<String>, size: Size) -> Self {
        Self {
            name: name.into(),
            array: None,
            hosts: None,
            size,
            page83: Page83::default(),
            style: PartitionStyle::default(),
            dynamic: false,
            quorum: false,
            signature: None,
        }
    }

    /// Whether it lies on a shared bus, as the LUNs of arrays do.
    pub fn is_shared(&self) -> bool {
        self.array.is_some()
    }

    /// The signature that the lab gives it; `Err` says why the text is none for a disk of this style.
    pub fn given_signature(&self) -> Result<Option<Signature>, &'static str> {
        let Some(text) = &self.signature else { return Ok(None) };
        let signature = match self.style {
            PartitionStyle::Raw => return Err("a raw disk carries no signature"),
            PartitionStyle::Gpt => Guid::parse_str(text).ok().filter(|id| !id.is_nil()).map(Signature::Gpt),
            PartitionStyle::Mbr => mbr_signature(text).map(Signature::Mbr),
        };
        match (signature, self.style) {
            (Some(signature), _) => Ok(Some(signature)),
            (None, PartitionStyle::Mbr) => {
                Err("an MBR disk's signature is `0x` and eight hex digits, not all zero")
            }
            (None, _) => Err("a GPT disk's signature is a GUID, not all zero"),
        }
    }
}

fn mbr_signature(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("0x").filter(|digits| digits.len() == 8)?;
    let all_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|signature| all_hex && *signature != 0)
}

/// What a LUN tells of itself on page 0x83.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Page83 {
    /// An identifier that no other LUN has.
    #[default]
    Unique,
    /// An identifier that every such LUN of its array has.
    NonUnique,
    /// Nothing.
    None,
}

/// How a disk is partitioned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PartitionStyle {
    /// GUID partition table.
    #[default]
    Gpt,
    /// Master boot record.
    Mbr,
    /// No partition table at all.
    Raw,
}

/// A volume: one partition on one LUN, or on each of several when it is spanned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Volume {
    /// Drive letters (`D:\`) and mounted folders (`C:\mnt\data\`).
    #[serde(default)]
    pub mount: Vec<String>,
    /// The LUN, or the LUNs of a spanned volume (dynamic disks only).
    pub luns: Vec<String>,
    /// Size of its partition on each LUN; the rest of the disk shared evenly when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// Its file system: NTFS, ReFS, FAT, FAT32, exFAT or RAW.
    #[serde(default = "ntfs")]
    pub file_system: String,
    /// The GUID in its volume name; on GPT also the partition's. Drawn from the seed when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Guid>,
}

impl Volume {
    /// A volume on one LUN, as large as the disk has room.
    pub fn new(mount: impl Into<String>, lun: impl Into<String>) -> Self {
        Self { mount: vec![mount.into()], luns: vec![lun.into()], size: None, file_system: ntfs(), id: None }
    }

    /// What it is called: its mount points, and its volume name when the lab gives its id.
    pub fn names(&self) -> Vec<String> {
        let name = self.id.map(volume_name);
        self.mount.iter().cloned().chain(name).collect()
    }
}

/// `\\?\Volume{...}\`, the name that a volume has however it is mounted.
pub fn volume_name(id: Guid) -> String {
    format!("\\\\?\\Volume{{{id}}}\\")
}

fn ntfs() -> String {
    "NTFS".to_owned()
}

/// A writer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Writer {
    /// Its name.
    pub name: String,
    /// Its class; drawn from the seed when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<WriterId>,
    /// Its instance; drawn from the seed when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<WriterInstanceId>,
    /// How long it bears being frozen, in milliseconds.
    #[serde(default = "freeze_limit_ms")]
    pub freeze_limit_ms: u64,
    /// How many backup and restore sessions it takes part in at a time; no limit when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_sessions: Option<u32>,
    /// What it has to be backed up.
    #[serde(default, rename = "component", skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
}

impl Writer {
    /// A writer without components.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            id: None,
            instance: None,
            freeze_limit_ms: freeze_limit_ms(),
            max_sessions: None,
            components: Vec::new(),
        }
    }
}

/// Time between Freeze and Thaw that a writer bears by default (CVssWriter::Initialize).
fn freeze_limit_ms() -> u64 {
    60_000
}

/// A component of a writer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Its place in the writer's hierarchy, without the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logical_path: Option<String>,
    /// Database or file group.
    #[serde(default)]
    pub kind: ComponentKind,
    /// The volumes that its files lie on, each by any name.
    pub volumes: Vec<String>,
}

impl Component {
    /// A database on these volumes.
    pub fn new(name: impl Into<String>, volumes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            name: name.into(),
            logical_path: None,
            kind: ComponentKind::default(),
            volumes: volumes.into_iter().map(Into::into).collect(),
        }
    }
}

/// What a component is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ComponentKind {
    /// A database.
    #[default]
    Database,
    /// A group of files.
    FileGroup,
}

impl From<ComponentKind> for ComponentType {
    fn from(kind: ComponentKind) -> Self {
        match kind {
            ComponentKind::Database => Self::DATABASE,
            ComponentKind::FileGroup => Self::FILEGROUP,
        }
    }
}
