//! The methods that both interfaces have, as calls on the one or the other.

use vss_sim::api::{
    Guid, ObjectType, ProviderCall, Ptr, SnapshotContext, SnapshotId, SnapshotPropertyId, SnapshotSetId,
    Text, Variant,
};

use super::copier::Copier;

impl Copier {
    /// BeginPrepareSnapshot
    pub(super) fn begin(
        &self,
        snapshot_set_id: SnapshotSetId,
        snapshot_id: SnapshotId,
        source: Option<&str>,
        l_new_context: SnapshotContext,
    ) -> ProviderCall {
        let source = source.map(Text::from);
        if self.shares {
            return ProviderCall::FileShareBeginPrepareSnapshot {
                snapshot_set_id,
                snapshot_id,
                pwsz_share_path: source,
                l_new_context,
                provider_id: self.id,
            };
        }
        let pwsz_volume_name = source;
        ProviderCall::SoftwareBeginPrepareSnapshot {
            snapshot_set_id,
            snapshot_id,
            pwsz_volume_name,
            l_new_context,
        }
    }

    /// DeleteSnapshots
    pub(super) fn delete(&self, source_object_id: Guid, e_source_object_type: ObjectType) -> ProviderCall {
        let delete = if self.shares {
            ProviderCall::delete_share_snapshots
        } else {
            ProviderCall::delete_volume_snapshots
        };
        delete(source_object_id, e_source_object_type, false)
    }

    /// GetSnapshotProperties
    pub(super) fn properties(&self, snapshot_id: SnapshotId) -> ProviderCall {
        let p_prop = Ptr::Valid;
        if self.shares {
            return ProviderCall::FileShareGetSnapshotProperties { snapshot_id, p_prop };
        }
        ProviderCall::SoftwareGetSnapshotProperties { snapshot_id, p_prop }
    }

    /// IsVolumeSnapshotted, IsPathSnapshotted
    pub(super) fn is_snapshotted(&self, source: Option<&str>) -> ProviderCall {
        let (pb_snapshots_present, pl_snapshot_compatibility) = (Ptr::Valid, Ptr::Valid);
        let source = source.map(Text::from);
        if self.shares {
            let pwsz_share_path = source;
            return ProviderCall::FileShareIsPathSnapshotted {
                pwsz_share_path,
                pb_snapshots_present,
                pl_snapshot_compatibility,
            };
        }
        let pwsz_volume_name = source;
        ProviderCall::SoftwareIsVolumeSnapshotted {
            pwsz_volume_name,
            pb_snapshots_present,
            pl_snapshot_compatibility,
        }
    }

    /// IsVolumeSupported, IsPathSupported
    pub(super) fn is_supported(&self, source: Option<&str>) -> ProviderCall {
        let (source, pb_supported_by_this_provider) = (source.map(Text::from), Ptr::Valid);
        if self.shares {
            return ProviderCall::FileShareIsPathSupported {
                pwsz_share_path: source,
                pb_supported_by_this_provider,
            };
        }
        ProviderCall::SoftwareIsVolumeSupported { pwsz_volume_name: source, pb_supported_by_this_provider }
    }

    /// Query, as it has to be
    pub(super) fn query(&self) -> ProviderCall {
        self.query_of(Guid::nil(), ObjectType::NONE, ObjectType::SNAPSHOT)
    }

    /// Query
    pub(super) fn query_of(
        &self,
        queried_object_id: Guid,
        e_queried_object_type: ObjectType,
        e_returned_objects_type: ObjectType,
    ) -> ProviderCall {
        let pp_enum = Ptr::Valid;
        if self.shares {
            return ProviderCall::FileShareQuery {
                queried_object_id,
                e_queried_object_type,
                e_returned_objects_type,
                pp_enum,
            };
        }
        ProviderCall::SoftwareQuery {
            queried_object_id,
            e_queried_object_type,
            e_returned_objects_type,
            pp_enum,
        }
    }

    /// SetContext
    pub(super) fn set_context(&self, l_context: SnapshotContext) -> ProviderCall {
        if self.shares {
            return ProviderCall::FileShareSetContext { l_context };
        }
        ProviderCall::SoftwareSetContext { l_context }
    }

    /// SetSnapshotProperty
    pub(super) fn set_property(
        &self,
        snapshot_id: SnapshotId,
        e_snapshot_property_id: SnapshotPropertyId,
        v_property: Variant,
    ) -> ProviderCall {
        if self.shares {
            return ProviderCall::FileShareSetSnapshotProperty {
                snapshot_id,
                e_snapshot_property_id,
                v_property,
            };
        }
        ProviderCall::SoftwareSetSnapshotProperty { snapshot_id, e_snapshot_property_id, v_property }
    }
}

/// The call with NULL where its first out-pointer goes; `None`: it has none.
pub(super) fn with_null(mut call: ProviderCall) -> Option<ProviderCall> {
    use ProviderCall as P;
    let pointer = match &mut call {
        P::SoftwareGetSnapshotProperties { p_prop, .. }
        | P::FileShareGetSnapshotProperties { p_prop, .. } => p_prop,
        P::SoftwareIsVolumeSnapshotted { pb_snapshots_present, .. }
        | P::FileShareIsPathSnapshotted { pb_snapshots_present, .. } => pb_snapshots_present,
        P::SoftwareIsVolumeSupported { pb_supported_by_this_provider, .. }
        | P::FileShareIsPathSupported { pb_supported_by_this_provider, .. } => pb_supported_by_this_provider,
        P::SoftwareQuery { pp_enum, .. } | P::FileShareQuery { pp_enum, .. } => pp_enum,
        P::SoftwareDeleteSnapshots { pl_deleted_snapshots, .. }
        | P::FileShareDeleteSnapshots { pl_deleted_snapshots, .. } => pl_deleted_snapshots,
        P::SoftwareQueryRevertStatus { pp_async, .. } => pp_async,
        _ => return None,
    };
    *pointer = Ptr::Null;
    Some(call)
}
