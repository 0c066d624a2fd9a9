//! The structures that describe shadow copies, providers and components.

use serde::{Deserialize, Serialize};

use super::{
    ComponentType, Guid, ObjectType, ProviderId, ProviderType, SnapshotId, SnapshotSetId, SnapshotState,
    Text, VolumeSnapshotAttributes,
};

/// `VSS_SNAPSHOT_PROP`: one shadow copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotProp {
    /// The shadow copy.
    pub snapshot_id: SnapshotId,
    /// Its set.
    pub snapshot_set_id: SnapshotSetId,
    /// Volumes in the set when it was created; some copies may have been deleted since.
    pub snapshots_count: i32,
    /// Root of the copy, without a trailing backslash; `None` while it is not surfaced on this host.
    pub snapshot_device_object: Option<Text>,
    /// Source volume as a volume GUID path.
    pub original_volume_name: Text,
    /// Machine of the source volume.
    pub originating_machine: Text,
    /// Machine whose VSS made the copy.
    pub service_machine: Text,
    /// Share name, drive letter or mounted folder under which the copy is exposed.
    pub exposed_name: Option<Text>,
    /// The shared part of the volume; `None` when exposed locally.
    pub exposed_path: Option<Text>,
    /// The provider that made it.
    pub provider_id: ProviderId,
    /// What kind of copy it is.
    pub snapshot_attributes: VolumeSnapshotAttributes,
    /// Creation time in 100 ns since 1601, as the virtual clock says.
    pub creation_timestamp: i64,
    /// Always created, as far as a requester can see.
    pub status: SnapshotState,
}

/// `VSS_PROVIDER_PROP`: one registered provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderProp {
    /// The provider.
    pub provider_id: ProviderId,
    /// Its name.
    pub provider_name: Text,
    /// Hardware, software, system or file share.
    pub provider_type: ProviderType,
    /// Its version, for people.
    pub provider_version: Text,
    /// Its version, for programs.
    pub provider_version_id: Guid,
    /// Its class in the local COM catalogue.
    pub class_id: Guid,
}

/// `VSS_OBJECT_PROP`: what an enumerator hands out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectProp {
    /// A shadow copy.
    Snapshot(Box<SnapshotProp>),
    /// A provider.
    Provider(Box<ProviderProp>),
}

impl ObjectProp {
    /// The discriminant of the structure.
    pub fn object_type(&self) -> ObjectType {
        match self {
            Self::Snapshot(_) => ObjectType::SNAPSHOT,
            Self::Provider(_) => ObjectType::PROVIDER,
        }
    }
}

/// `VSS_COMPONENTINFO`: one component of a writer's metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentInfo {
    /// Database or file group.
    pub component_type: ComponentType,
    /// Path in the writer's hierarchy of components, without the name.
    pub logical_path: Option<Text>,
    /// Name of the component.
    pub component_name: Text,
    /// Name for people.
    pub caption: Option<Text>,
    /// A picture's bytes, in the writer's format.
    pub icon: Vec<u8>,
    /// Whether it has metadata of its own at a restore.
    pub restore_metadata: bool,
    /// Whether its writer wants to be told of the end of the backup.
    pub notify_on_backup_complete: bool,
    /// Whether a requester may choose it for a backup.
    pub selectable: bool,
    /// Whether a requester may choose it for a restore.
    pub selectable_for_restore: bool,
    /// `VSS_COMPONENT_FLAGS`.
    pub component_flags: u32,
    /// How many files of a file group it has.
    pub file_count: u32,
    /// How many database files.
    pub databases: u32,
    /// How many log files of a database.
    pub log_files: u32,
    /// How many dependencies on other writers' components.
    pub dependencies: u32,
}

/// `VARIANT`, as far as a snapshot property needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Variant {
    /// `VT_EMPTY`
    Empty,
    /// `VT_I4`
    I4(i32),
    /// `VT_BSTR`
    Bstr(Text),
}
