//! The shadow copies of a transportable set, and the LUNs that they came from and went to.
//!
//! XML names: `SNAPSHOT_SET_DESCRIPTION`, `snapshotSetId`, `SNAPSHOT_DESCRIPTION`, `snapshotId`, `LUN_MAPPING`,
//! `SOURCE_LUN` and `DESTINATION_LUN` are those of `documents.md`; every other one is chosen here in the same style.

use super::node::xml_struct;
use super::{LunDescription, Text};
use crate::api::{Guid, ProviderId, SnapshotContext, SnapshotId, SnapshotSetId, VolumeSnapshotAttributes};

xml_struct! {
    /// A shadow copy set.
    pub struct SnapshotSetDescription {
        attributes {
            /// `snapshotSetId` (`documents.md`).
            snapshot_set_id: SnapshotSetId = "snapshotSetId", required;
            /// `context` (chosen here).
            context: SnapshotContext = "context", optional;
        }
        elements {
            /// In the order of `AddToSnapshotSet`. `SNAPSHOT_DESCRIPTION` (`documents.md`).
            snapshots: Vec<SnapshotDescription> = "SNAPSHOT_DESCRIPTION";
        }
    }
}

xml_struct! {
    /// A shadow copy of one volume.
    pub struct SnapshotDescription {
        attributes {
            /// `snapshotId` (`documents.md`).
            snapshot_id: SnapshotId = "snapshotId", required;
            /// `providerId` (chosen here).
            provider_id: ProviderId = "providerId", optional;
            /// `snapshotAttributes` (chosen here).
            snapshot_attributes: VolumeSnapshotAttributes = "snapshotAttributes", optional;
            /// `originalVolumeName` (chosen here).
            original_volume_name: Text = "originalVolumeName", optional;
            /// `originatingMachine` (chosen here).
            originating_machine: Text = "originatingMachine", optional;
            /// `serviceMachine` (chosen here).
            service_machine: Text = "serviceMachine", optional;
            /// In 100 ns since 1601. `creationTimestamp` (chosen here).
            creation_timestamp: i64 = "creationTimestamp", optional;
        }
        elements {
            /// One for each LUN under the volume. `LUN_MAPPING` (`documents.md`).
            lun_mappings: Vec<LunMapping> = "LUN_MAPPING";
        }
    }
}

xml_struct! {
    /// A LUN of the original volume and the LUN that holds its copy.
    pub struct LunMapping {
        elements {
            /// The original, with the signature of the original disk. `SOURCE_LUN` (`documents.md`).
            source: LunDescription = "SOURCE_LUN";
            /// The copy. `DESTINATION_LUN` (`documents.md`).
            destination: LunDescription = "DESTINATION_LUN";
            /// The parts of the volume on this LUN, in the volume's order. `EXTENT` (chosen here).
            extents: Vec<Extent> = "EXTENT";
        }
    }
}

xml_struct! {
    /// A part of a volume on a LUN.
    pub struct Extent {
        attributes {
            /// First byte on the LUN. `offset` (chosen here).
            offset: u64 = "offset", required;
            /// Bytes. `length` (chosen here).
            length: u64 = "length", required;
            /// The partition's GUID on a GPT disk. `partitionGuid` (chosen here).
            partition: Option<Guid> = "partitionGuid", optional;
        }
    }
}
