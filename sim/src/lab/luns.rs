//! LUNs, the disks on them, and volumes: their part of a lab's description.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Size;
use crate::api::{Guid, Signature};

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
    /// What it tells of itself, where somebody's provider has to recognise it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<LunIdentity>,
}

/// What a LUN tells of itself; what is not given is drawn from the seed, or of the simulator's own make.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LunIdentity {
    /// The vendor in the inquiry data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// The product in the inquiry data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// The revision in the inquiry data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The unit serial number of page 0x80.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// The NAA identifier of page 0x83: 16 or 32 hex digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub naa: Option<String>,
}

impl LunIdentity {
    /// The bytes of the NAA identifier; `None`: none is given, or the text is none.
    pub fn naa_bytes(&self) -> Option<Vec<u8>> {
        let text = self.naa.as_deref()?;
        let is_one = [16, 32].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let bytes = (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok());
        is_one.then(|| bytes.collect()).flatten()
    }
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
            identity: None,
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
    /// The GUID in its volume name; on GPT also the partition's. Drawn from the seed when not given. Two volumes that no host
    /// sees both of may have the same one, as a disk and its copy at another place do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Guid>,
    /// A name of the volume that holds the file of the virtual disk under this one, on the same host; the LUN then stands
    /// for that virtual disk. VSS copies nothing on a virtual disk inside of another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vhd_on: Option<String>,
    /// Whether it is a cluster shared volume: every host that sees its LUN works with it at the same time, and is a node
    /// of one cluster.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cluster_shared: bool,
    /// Whether Windows runs from it: such a volume cannot be reverted to a shadow copy.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub boot: bool,
    /// The directory whose files the volume has, on the machine that the lab runs on; a relative one counts from the
    /// process' working directory. The simulator only carries it: `vss-files` copies the files for each shadow copy of
    /// the volume. The directory itself is never written: a resync changes the volume's bytes, not these files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory: Option<String>,
}

impl Volume {
    /// A volume on one LUN, as large as the disk has room.
    pub fn new(mount: impl Into<String>, lun: impl Into<String>) -> Self {
        Self {
            mount: vec![mount.into()],
            luns: vec![lun.into()],
            size: None,
            file_system: ntfs(),
            id: None,
            vhd_on: None,
            cluster_shared: false,
            boot: false,
            directory: None,
        }
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
