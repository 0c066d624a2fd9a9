//! A LUN in the document.
//!
//! XML names: `LUN_INFORMATION` and `diskSignature` are those of `documents.md`; every other one is chosen here in the
//! same style, after the members of `VDS_LUN_INFORMATION`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::node::{Node, Result, XmlNode, xml_struct};
use super::write::Writer;
use super::{Text, Unknown};
use crate::api::{
    DeviceIdDescriptor, Guid, Interconnect, InterconnectAddressType, LunInformation, StorageBusType,
    StorageIdentifier, StorageIdentifierCodeSet, StorageIdentifierType,
};

/// A LUN: an element that holds one `LUN_INFORMATION` (`documents.md`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LunDescription {
    /// What VSS knows of it.
    pub information: LunInformation,
    /// Attributes and elements that are not known.
    pub unknown: UnknownOfLun,
}

/// What is not known in the elements that describe a LUN.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnknownOfLun {
    /// Of `SOURCE_LUN` or `DESTINATION_LUN`.
    pub lun: Unknown,
    /// Of `LUN_INFORMATION`.
    pub information: Unknown,
    /// Of each `STORAGE_IDENTIFIER` that has something unknown, by its place.
    pub identifiers: BTreeMap<usize, Unknown>,
    /// Of each `INTERCONNECT` that has something unknown, by its place.
    pub interconnects: BTreeMap<usize, Unknown>,
}

impl From<LunInformation> for LunDescription {
    fn from(information: LunInformation) -> Self {
        Self { information, unknown: UnknownOfLun::default() }
    }
}

xml_struct! {
    /// `SOURCE_LUN` or `DESTINATION_LUN`.
    struct LunElement {
        elements {
            /// `LUN_INFORMATION` (`documents.md`).
            information: InformationElement = "LUN_INFORMATION";
        }
    }
}

xml_struct! {
    /// `LUN_INFORMATION`.
    struct InformationElement {
        attributes {
            /// First, for readers that look for it. `diskSignature` (`documents.md`).
            disk_signature: Guid = "diskSignature", required;
            /// `version` (chosen here).
            version: u32 = "version", optional;
            /// `deviceType` (chosen here).
            device_type: u8 = "deviceType", optional;
            /// `deviceTypeModifier` (chosen here).
            device_type_modifier: u8 = "deviceTypeModifier", optional;
            /// `commandQueueing` (chosen here).
            command_queueing: bool = "commandQueueing", optional;
            /// `busType` (chosen here).
            bus_type: StorageBusType = "busType", optional;
            /// `vendorId` (chosen here).
            vendor_id: Option<Text> = "vendorId", optional;
            /// `productId` (chosen here).
            product_id: Option<Text> = "productId", optional;
            /// `productRevision` (chosen here).
            product_revision: Option<Text> = "productRevision", optional;
            /// `serialNumber` (chosen here).
            serial_number: Option<Text> = "serialNumber", optional;
            /// Version of the page 0x83 descriptor. `deviceIdVersion` (chosen here).
            device_id_version: u32 = "deviceIdVersion", optional;
        }
        elements {
            /// `STORAGE_IDENTIFIER` (chosen here).
            identifiers: Vec<IdentifierElement> = "STORAGE_IDENTIFIER";
            /// `INTERCONNECT` (chosen here).
            interconnects: Vec<InterconnectElement> = "INTERCONNECT";
        }
    }
}

xml_struct! {
    /// `STORAGE_IDENTIFIER`.
    struct IdentifierElement {
        attributes {
            /// `codeSet` (chosen here).
            code_set: StorageIdentifierCodeSet = "codeSet", optional;
            /// `identifierType` (chosen here).
            identifier_type: StorageIdentifierType = "identifierType", optional;
            /// `identifier` (chosen here).
            identifier: Arc<[u8]> = "identifier", optional;
        }
    }
}

xml_struct! {
    /// `INTERCONNECT`.
    struct InterconnectElement {
        attributes {
            /// `addressType` (chosen here).
            address_type: InterconnectAddressType = "addressType", optional;
            /// `port` (chosen here).
            port: Arc<[u8]> = "port", optional;
            /// `address` (chosen here).
            address: Arc<[u8]> = "address", optional;
        }
    }
}

impl Node for LunDescription {
    fn read(node: XmlNode<'_, '_>) -> Result<Self> {
        LunElement::read(node).map(Self::from_element)
    }

    fn write(&self, tag: &'static str, writer: &mut Writer) {
        self.to_element().write(tag, writer);
    }
}

impl LunDescription {
    fn from_element(lun: LunElement) -> Self {
        let element = lun.information;
        let mut unknown =
            UnknownOfLun { lun: lun.unknown, information: element.unknown, ..Default::default() };
        let mut identifiers = Vec::with_capacity(element.identifiers.len());
        for (place, IdentifierElement { code_set, identifier_type, identifier, unknown: rest }) in
            element.identifiers.into_iter().enumerate()
        {
            identifiers.push(StorageIdentifier { code_set, identifier_type, identifier });
            if !rest.is_empty() {
                unknown.identifiers.insert(place, rest);
            }
        }
        let mut interconnects = Vec::with_capacity(element.interconnects.len());
        for (place, InterconnectElement { address_type, port, address, unknown: rest }) in
            element.interconnects.into_iter().enumerate()
        {
            interconnects.push(Interconnect { address_type, port, address });
            if !rest.is_empty() {
                unknown.interconnects.insert(place, rest);
            }
        }
        let information = LunInformation {
            version: element.version,
            device_type: element.device_type,
            device_type_modifier: element.device_type_modifier,
            command_queueing: element.command_queueing,
            bus_type: element.bus_type,
            vendor_id: element.vendor_id,
            product_id: element.product_id,
            product_revision: element.product_revision,
            serial_number: element.serial_number,
            disk_signature: element.disk_signature,
            device_id_descriptor: DeviceIdDescriptor {
                version: element.device_id_version,
                identifiers: identifiers.into(),
            },
            interconnects,
        };
        Self { information, unknown }
    }

    /// Cheap: texts and bytes are shared.
    fn to_element(&self) -> LunElement {
        let information = self.information.clone();
        let of = |unknown: &BTreeMap<usize, Unknown>, place| unknown.get(&place).cloned().unwrap_or_default();
        let identifiers = information.device_id_descriptor.identifiers.iter().cloned().enumerate();
        let interconnects = information.interconnects.into_iter().enumerate();
        let element = InformationElement {
            disk_signature: information.disk_signature,
            version: information.version,
            device_type: information.device_type,
            device_type_modifier: information.device_type_modifier,
            command_queueing: information.command_queueing,
            bus_type: information.bus_type,
            vendor_id: information.vendor_id,
            product_id: information.product_id,
            product_revision: information.product_revision,
            serial_number: information.serial_number,
            device_id_version: information.device_id_descriptor.version,
            identifiers: identifiers
                .map(|(place, StorageIdentifier { code_set, identifier_type, identifier })| {
                    let unknown = of(&self.unknown.identifiers, place);
                    IdentifierElement { code_set, identifier_type, identifier, unknown }
                })
                .collect(),
            interconnects: interconnects
                .map(|(place, Interconnect { address_type, port, address })| {
                    let unknown = of(&self.unknown.interconnects, place);
                    InterconnectElement { address_type, port, address, unknown }
                })
                .collect(),
            unknown: self.unknown.information.clone(),
        };
        LunElement { information: element, unknown: self.unknown.lun.clone() }
    }
}
