//! `VDS_LUN_INFORMATION`: what VSS and its providers tell each other about a LUN.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    Guid, InterconnectAddressType, StorageBusType, StorageIdentifierCodeSet, StorageIdentifierType, Text,
};

/// `VER_VDS_LUN_INFORMATION`, the only version there is.
pub const VER_VDS_LUN_INFORMATION: u32 = 1;

/// `VDS_LUN_INFORMATION`: SCSI inquiry data and the vital product data pages 0x80 and 0x83 of one LUN.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LunInformation {
    /// [`VER_VDS_LUN_INFORMATION`].
    pub version: u32,
    /// SCSI-2 device type.
    pub device_type: u8,
    /// SCSI-2 device type modifier, or 0.
    pub device_type_modifier: u8,
    /// Whether the LUN takes several outstanding commands.
    pub command_queueing: bool,
    /// Left out when VSS compares LUNs at import.
    pub bus_type: StorageBusType,
    /// Vendor string of the inquiry data.
    pub vendor_id: Option<Text>,
    /// Product string of the inquiry data.
    pub product_id: Option<Text>,
    /// Revision string of the inquiry data.
    pub product_revision: Option<Text>,
    /// Page 0x80.
    pub serial_number: Option<Text>,
    /// MBR: the signature in the first 32 bits, the rest zero. GPT: the disk GUID. Zero: uninitialised or
    /// unreadable; a provider hands it out as zero. Left out when VSS compares LUNs at import.
    pub disk_signature: Guid,
    /// Page 0x83.
    pub device_id_descriptor: DeviceIdDescriptor,
    /// The ports through which the LUN is reachable. A provider must not change them.
    pub interconnects: Vec<Interconnect>,
}

impl LunInformation {
    /// Whether both describe one LUN, as VSS compares them at import: without bus type, disk signature and
    /// interconnects.
    pub fn same_lun(&self, other: &Self) -> bool {
        self.version == other.version
            && self.device_type == other.device_type
            && self.device_type_modifier == other.device_type_modifier
            && self.vendor_id == other.vendor_id
            && self.product_id == other.product_id
            && self.product_revision == other.product_revision
            && self.serial_number == other.serial_number
            && self.device_id_descriptor == other.device_id_descriptor
    }
}

/// `VDS_STORAGE_DEVICE_ID_DESCRIPTOR`: the identifiers of page 0x83.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceIdDescriptor {
    /// Version of the structure.
    pub version: u32,
    /// Those with association 0 (the device itself).
    pub identifiers: Arc<[StorageIdentifier]>,
}

/// `VDS_STORAGE_IDENTIFIER`: one identifier of page 0x83, association 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StorageIdentifier {
    /// Encoding of the bytes.
    pub code_set: StorageIdentifierCodeSet,
    /// Kind of identifier; of types 1, 2, 3 and 8 one has to be unique for resync and import.
    pub identifier_type: StorageIdentifierType,
    /// The identifier.
    pub identifier: Arc<[u8]>,
}

/// `VDS_INTERCONNECT`: one port through which a LUN is reachable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interconnect {
    /// Kind of address.
    pub address_type: InterconnectAddressType,
    /// Address of the LUN's port.
    pub port: Arc<[u8]>,
    /// Address of the LUN.
    pub address: Arc<[u8]>,
}
