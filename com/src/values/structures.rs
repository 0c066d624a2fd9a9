//! Structures: their strings are freed one by one with `CoTaskMemFree`.

use super::{FromRaw, IntoRaw, Raw};
use crate::abi::{
    VSS_COMPONENTINFO, VSS_OBJECT_PROP, VSS_OBJECT_UNION, VSS_PROVIDER_PROP, VSS_SNAPSHOT_PROP,
};
use crate::memory::free_task_memory;
use vss_sim::api::{
    ComponentInfo, ComponentType, ObjectProp, ObjectType, ProviderProp, ProviderType, SnapshotProp,
    SnapshotState, VolumeSnapshotAttributes,
};

impl Raw for VSS_SNAPSHOT_PROP {
    unsafe fn free(self) {
        let strings = [
            self.snapshot_device_object,
            self.original_volume_name,
            self.originating_machine,
            self.service_machine,
            self.exposed_name,
            self.exposed_path,
        ];
        // Safety: the caller says so.
        strings.into_iter().for_each(|string| unsafe { free_task_memory(string) });
    }
}

impl<Side> IntoRaw<Side, VSS_SNAPSHOT_PROP> for Box<SnapshotProp> {
    fn into_raw(self, side: &Side) -> VSS_SNAPSHOT_PROP {
        VSS_SNAPSHOT_PROP {
            snapshot_id: self.snapshot_id.into_raw(side),
            snapshot_set_id: self.snapshot_set_id.into_raw(side),
            snapshots_count: self.snapshots_count,
            snapshot_device_object: self.snapshot_device_object.into_raw(side),
            original_volume_name: self.original_volume_name.into_raw(side),
            originating_machine: self.originating_machine.into_raw(side),
            service_machine: self.service_machine.into_raw(side),
            exposed_name: self.exposed_name.into_raw(side),
            exposed_path: self.exposed_path.into_raw(side),
            provider_id: self.provider_id.into_raw(side),
            snapshot_attributes: self.snapshot_attributes.into_raw(side),
            creation_timestamp: self.creation_timestamp,
            status: self.status.0,
        }
    }
}

impl<Side> FromRaw<Side, VSS_SNAPSHOT_PROP> for Box<SnapshotProp> {
    unsafe fn from_raw(raw: VSS_SNAPSHOT_PROP, side: &Side) -> Self {
        // Safety: the strings are null or end with a zero, as the caller says.
        Box::new(unsafe {
            SnapshotProp {
                snapshot_id: FromRaw::from_raw(raw.snapshot_id, side),
                snapshot_set_id: FromRaw::from_raw(raw.snapshot_set_id, side),
                snapshots_count: raw.snapshots_count,
                snapshot_device_object: FromRaw::from_raw(raw.snapshot_device_object, side),
                original_volume_name: FromRaw::from_raw(raw.original_volume_name, side),
                originating_machine: FromRaw::from_raw(raw.originating_machine, side),
                service_machine: FromRaw::from_raw(raw.service_machine, side),
                exposed_name: FromRaw::from_raw(raw.exposed_name, side),
                exposed_path: FromRaw::from_raw(raw.exposed_path, side),
                provider_id: FromRaw::from_raw(raw.provider_id, side),
                snapshot_attributes: VolumeSnapshotAttributes::from_raw(raw.snapshot_attributes, side),
                creation_timestamp: raw.creation_timestamp,
                status: SnapshotState(raw.status),
            }
        })
    }
}

impl Raw for VSS_PROVIDER_PROP {
    unsafe fn free(self) {
        // Safety: the caller says so.
        [self.provider_name, self.provider_version]
            .into_iter()
            .for_each(|string| unsafe { free_task_memory(string) });
    }
}

impl<Side> IntoRaw<Side, VSS_PROVIDER_PROP> for Box<ProviderProp> {
    fn into_raw(self, side: &Side) -> VSS_PROVIDER_PROP {
        VSS_PROVIDER_PROP {
            provider_id: self.provider_id.into_raw(side),
            provider_name: self.provider_name.into_raw(side),
            provider_type: self.provider_type.0,
            provider_version: self.provider_version.into_raw(side),
            provider_version_id: self.provider_version_id.into_raw(side),
            class_id: self.class_id.into_raw(side),
        }
    }
}

impl<Side> FromRaw<Side, VSS_PROVIDER_PROP> for Box<ProviderProp> {
    unsafe fn from_raw(raw: VSS_PROVIDER_PROP, side: &Side) -> Self {
        // Safety: the strings are null or end with a zero, as the caller says.
        Box::new(unsafe {
            ProviderProp {
                provider_id: FromRaw::from_raw(raw.provider_id, side),
                provider_name: FromRaw::from_raw(raw.provider_name, side),
                provider_type: ProviderType(raw.provider_type),
                provider_version: FromRaw::from_raw(raw.provider_version, side),
                provider_version_id: FromRaw::from_raw(raw.provider_version_id, side),
                class_id: FromRaw::from_raw(raw.class_id, side),
            }
        })
    }
}

impl Raw for VSS_OBJECT_PROP {
    unsafe fn free(self) {
        // Safety: the type says which of the two it is; the rest the caller says.
        unsafe {
            match ObjectType(self.object_type) {
                ObjectType::SNAPSHOT => self.object.snapshot.free(),
                ObjectType::PROVIDER => self.object.provider.free(),
                _ => {}
            }
        }
    }
}

impl<Side> IntoRaw<Side, VSS_OBJECT_PROP> for ObjectProp {
    fn into_raw(self, side: &Side) -> VSS_OBJECT_PROP {
        let object_type = self.object_type().0;
        let object = match self {
            Self::Snapshot(snapshot) => VSS_OBJECT_UNION { snapshot: snapshot.into_raw(side) },
            Self::Provider(provider) => VSS_OBJECT_UNION { provider: provider.into_raw(side) },
        };
        VSS_OBJECT_PROP { object_type, object }
    }
}

/// `None`: what it is about is neither a shadow copy nor a provider.
impl<Side> FromRaw<Side, VSS_OBJECT_PROP> for Option<ObjectProp> {
    unsafe fn from_raw(raw: VSS_OBJECT_PROP, side: &Side) -> Self {
        // Safety: the type says which of the two it is; the rest the caller says.
        unsafe {
            match ObjectType(raw.object_type) {
                ObjectType::SNAPSHOT => {
                    Some(ObjectProp::Snapshot(FromRaw::from_raw(raw.object.snapshot, side)))
                }
                ObjectType::PROVIDER => {
                    Some(ObjectProp::Provider(FromRaw::from_raw(raw.object.provider, side)))
                }
                _ => None,
            }
        }
    }
}

impl<Side> FromRaw<Side, VSS_COMPONENTINFO> for ComponentInfo {
    unsafe fn from_raw(raw: VSS_COMPONENTINFO, side: &Side) -> Self {
        let icon = if raw.icon.is_null() {
            Vec::new()
        } else {
            // Safety: the picture is as long as the structure says.
            unsafe { std::slice::from_raw_parts(raw.icon, raw.icon_bytes as usize) }.to_vec()
        };
        // Safety: the strings are null or end with a zero, as the caller says.
        unsafe {
            Self {
                component_type: ComponentType(raw.component_type),
                logical_path: FromRaw::from_raw(raw.logical_path, side),
                component_name: FromRaw::from_raw(raw.component_name, side),
                caption: FromRaw::from_raw(raw.caption, side),
                icon,
                restore_metadata: raw.restore_metadata != 0,
                notify_on_backup_complete: raw.notify_on_backup_complete != 0,
                selectable: raw.selectable != 0,
                selectable_for_restore: raw.selectable_for_restore != 0,
                component_flags: raw.component_flags,
                file_count: raw.file_count,
                databases: raw.databases,
                log_files: raw.log_files,
                dependencies: raw.dependencies,
            }
        }
    }
}
