//! The world outside the requester: what others do to it, and what can be seen of it.

use serde::{Deserialize, Serialize};

use super::{
    Guid, HResult, LunInformation, Object, ProviderCall, ProviderId, ProviderObject, ProviderReply,
    SnapshotId, Text,
};
use crate::lab::{BootMode, CallerRole, Fault, ProviderKind};

/// Something that happens beside the requester's calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Time passes, in milliseconds.
    Elapse {
        /// How much.
        ms: u64,
    },
    /// The process that calls goes on under another account.
    BecomeCaller {
        /// Whose rights it has from now on.
        role: CallerRole,
    },
    /// Something writes to a volume.
    WriteVolume {
        /// Any name of the volume.
        volume: Text,
        /// First byte, counted from the start of the volume.
        offset: u64,
        /// What to write.
        bytes: Vec<u8>,
    },
    /// Another program opens a handle on a volume and keeps it, so that nobody has the disk for himself either.
    HoldDisk {
        /// Any name of the volume.
        volume: Text,
        /// For how long, in milliseconds; `None`: for good.
        for_ms: Option<u64>,
    },
    /// An administrator unregisters a provider.
    UnregisterProvider {
        /// Which one.
        provider: ProviderId,
    },
    /// An administrator replaces a hardware provider by a version without `IVssHardwareSnapshotProviderEx`.
    DowngradeProvider {
        /// Which one.
        provider: ProviderId,
    },
    /// Something goes wrong from now on, counting calls from here.
    Fault(Fault),
    /// The array stops presenting a LUN to every host.
    MaskLun {
        /// Its name in the lab.
        lun: Text,
    },
    /// The array presents a LUN to a host.
    PresentLun {
        /// Its name in the lab, or the one that its array gave it.
        lun: Text,
        /// The host's number in the lab, counted from 1.
        host: u32,
    },
    /// The file of the virtual disk under a volume is moved to another volume of the host.
    MoveVirtualDisk {
        /// Any name of the volume on the virtual disk.
        volume: Text,
        /// Any name of the volume that holds its file from now on.
        onto: Text,
    },
    /// Every host looks for disks that have come or gone.
    Rescan,
    /// Actions and questions are about that host from here on; at first they are about the first one.
    TurnTo {
        /// Its number in the lab, counted from 1.
        host: u32,
    },
    /// The requester's process ends without a word: what it holds is let go of, and its writers hear of it no more.
    EndProcess {
        /// The requester's object.
        session: Object,
    },
    /// A host is restarted: every process there ends, and what does not outlive a restart is gone.
    Restart {
        /// Its number in the lab, counted from 1.
        host: u32,
    },
    /// A host is restarted in another mode, and from here on always in that one.
    RestartInto {
        /// Its number in the lab, counted from 1.
        host: u32,
        /// How it is started.
        mode: BootMode,
    },
    /// From here on the calls on providers are kept, for [`Question::ProviderCalls`].
    WatchProviders,
}

/// Something that can be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Bytes of a volume: answered by [`Answer::Bytes`].
    ReadVolume {
        /// Any name of the volume, or the device object of a surfaced shadow copy.
        volume: Text,
        /// First byte, counted from the start of the volume.
        offset: u64,
        /// How many.
        length: u64,
    },
    /// Bytes of a LUN: answered by [`Answer::Bytes`].
    ReadLun {
        /// Its name in the lab.
        lun: Text,
        /// First byte, counted from the start of the LUN.
        offset: u64,
        /// How many.
        length: u64,
    },
    /// The signature in the bytes of the disk under a volume: answered by [`Answer::Signature`].
    VolumeSignature {
        /// Any name of the volume, or the device object of a surfaced shadow copy.
        volume: Text,
    },
    /// The signature in the bytes of a LUN: answered by [`Answer::Signature`].
    LunSignature {
        /// Its name in the lab.
        lun: Text,
    },
    /// Every LUN with a digest of its bytes: answered by [`Answer::Luns`].
    Luns,
    /// The disks of the host: answered by [`Answer::Disks`].
    Disks,
    /// The volumes that the host sees, hidden ones included: answered by [`Answer::Volumes`].
    Volumes,
    /// The shadow copies of the host, those that a pending `DoSnapshotSet` makes included: answered by
    /// [`Answer::Snapshots`].
    Snapshots,
    /// The same of every host, with the broken ones whose device objects lead somewhere until their host restarts: answered
    /// by [`Answer::Snapshots`].
    AllSnapshots,
    /// The event logs: answered by [`Answer::Events`].
    Events,
    /// The virtual clock: answered by [`Answer::Ms`].
    Now,
    /// Objects that were handed out and not released: answered by [`Answer::Objects`].
    LiveObjects,
    /// What the last failing call was refused for: answered by [`Answer::Reason`].
    WhyRefused,
    /// The faults, the lab's and those of [`Action::Fault`], that have not struck yet: answered by [`Answer::Faults`].
    FaultsLeft,
    /// The providers that are registered on the host: answered by [`Answer::Providers`].
    Providers,
    /// The calls on providers since [`Action::WatchProviders`]: answered by [`Answer::ProviderCalls`].
    ProviderCalls,
    /// The LUNs under a volume as VSS describes them to a provider: answered by [`Answer::Devices`].
    LunsUnder {
        /// Any name of the volume, or the device object of a surfaced shadow copy.
        volume: Text,
    },
}

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Contents.
    Bytes(Vec<u8>),
    /// A disk's identity; `None`: the disk carries none.
    Signature(Option<Signature>),
    /// All LUNs, in the order of their creation.
    Luns(Vec<LunSeen>),
    /// Disks of one host, in the order of their arrival.
    Disks(Vec<DiskSeen>),
    /// Volumes of one host, in the order of their names.
    Volumes(Vec<VolumeSeen>),
    /// Shadow copies, in the order of their ids.
    Snapshots(Vec<SnapshotSeen>),
    /// Log entries, oldest first.
    Events(Vec<Event>),
    /// Milliseconds since the lab was loaded.
    Ms(u64),
    /// How many objects live.
    Objects(u32),
    /// An outcome id, a rule, an observation or a conclusion, with what would help in brackets; `None`: nothing was refused.
    Reason(Option<Text>),
    /// Faults, in the order in which they were set.
    Faults(Vec<Fault>),
    /// Providers: the hardware ones in the order of the lab, the software ones in that order, the system provider, and the
    /// file share provider if there is one.
    Providers(Vec<ProviderSeen>),
    /// Calls and answers, oldest first.
    ProviderCalls(Vec<ProviderCallSeen>),
    /// Devices with what is known of their LUNs, in the order of the volume's extents.
    Devices(Vec<DeviceSeen>),
}

/// A registered provider as seen from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderSeen {
    /// Its id.
    pub id: ProviderId,
    /// Its name in the lab, or the one that the simulation gives it.
    pub name: Text,
    /// What it makes copies of; the system provider is a software provider.
    #[serde(default)]
    pub kind: ProviderKind,
    /// Whether it implements `IVssHardwareSnapshotProviderEx`.
    pub ex: bool,
    /// Whether it works on storage of its own, which nobody sees.
    #[serde(default)]
    pub own_storage: bool,
}

/// A call on a provider as seen from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderCallSeen {
    /// When, in milliseconds of virtual time.
    pub at_ms: u64,
    /// Whose.
    pub provider: ProviderId,
    /// On what of it.
    pub on: ProviderObject,
    /// The call.
    pub call: ProviderCall,
    /// Its answer.
    pub reply: ProviderReply,
    /// Whether the lab made something go wrong in it.
    pub troubled: bool,
    /// How often the provider did I/O through its host in the meantime.
    pub host_io: u32,
    /// How many event-log entries the provider wrote in the meantime.
    pub logged: u32,
}

/// A device of a host with what VSS knows of its LUN.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceSeen {
    /// `\\.\PHYSICALDRIVE3`.
    pub name: Text,
    /// What VSS hands to a provider.
    pub lun: LunInformation,
}

/// What identifies a disk in its own bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signature {
    /// The 32-bit signature at offset 0x1B8.
    Mbr(u32),
    /// The disk GUID of the GPT header.
    Gpt(Guid),
}

/// One LUN as seen from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LunSeen {
    /// Its name in the lab, or the one its array gave it.
    pub name: Text,
    /// Size in bytes.
    pub size: u64,
    /// CRC-32 over its bytes.
    pub digest: u32,
    /// The signature in its bytes.
    pub signature: Option<Signature>,
    /// Page 0x80.
    pub serial: Text,
    /// What it was copied from, if it is a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<CopySeen>,
    /// Whether the array presents it to the host.
    pub presented: bool,
}

/// What a copied LUN is a copy of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopySeen {
    /// The name of its source; `None`: that is gone.
    pub of: Option<Text>,
    /// Whether it is lost with its source.
    pub differential: bool,
}

/// One disk as its host sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiskSeen {
    /// The LUN behind it.
    pub lun: Text,
    /// Whether its volumes can be mounted.
    pub online: bool,
    /// The signature in its bytes.
    pub signature: Option<Signature>,
    /// Its volumes' names.
    pub volumes: Vec<Text>,
}

/// One volume as its host sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumeSeen {
    /// `\\?\Volume{...}\`
    pub name: Text,
    /// The LUNs that it lies on.
    pub luns: Vec<Text>,
    /// Its drive letters and mounted folders.
    pub mount_points: Vec<Text>,
    /// What its partition is marked with.
    pub marks: VolumeMarks,
}

/// The marks of a partition that hold a shadow copy's volume back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumeMarks {
    /// Nothing can be written.
    pub read_only: bool,
    /// It is not to be shown.
    pub hidden: bool,
    /// It gets no drive letter of its own accord.
    pub no_drive_letter: bool,
    /// It holds a shadow copy.
    pub shadow_copy: bool,
}

/// One shadow copy, or what is left of it, as its host sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotSeen {
    /// Which one.
    pub snapshot_id: SnapshotId,
    /// The volume that it was made of: `\\?\Volume{...}\`.
    pub original_volume_name: Text,
    /// Its root, without a trailing backslash; `None` while it is not surfaced.
    pub device_object: Option<Text>,
    /// Whether the creation of its set has ended.
    pub complete: bool,
    /// Whether it is none any more: its set was broken, and only its device object leads somewhere yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub broken: bool,
}

/// One entry of an event log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When, in milliseconds of virtual time.
    pub at_ms: u64,
    /// Which log.
    pub log: EventLog,
    /// Who wrote it: `VSS` or the name of a provider.
    pub source: Text,
    /// The code it is about.
    pub code: HResult,
    /// What happened and what to do.
    pub message: Text,
}

/// The logs that VSS and its providers write to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventLog {
    /// Requester, writer, provider and coordination errors.
    Application,
    /// Drivers.
    System,
}
