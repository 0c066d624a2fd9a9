//! `VDS_LUN_INFORMATION`: all that it leads to is task memory of its own.

use super::{FromRaw, IntoRaw, Raw};
use crate::abi::{
    CHAR, VDS_INTERCONNECT, VDS_LUN_INFORMATION, VDS_STORAGE_DEVICE_ID_DESCRIPTOR, VDS_STORAGE_IDENTIFIER,
};
use crate::memory::{free_task_memory, task_array};
use std::ptr::null_mut;
use std::sync::Arc;
use vss_sim::api::{
    DeviceIdDescriptor, Interconnect, InterconnectAddressType, LunInformation, StorageBusType,
    StorageIdentifier, StorageIdentifierCodeSet, StorageIdentifierType, Text,
};

impl Raw for VDS_LUN_INFORMATION {
    unsafe fn free(self) {
        // Safety: the caller says so; the arrays are as long as the structure says.
        unsafe {
            for string in [self.vendor_id, self.product_id, self.product_revision, self.serial_number] {
                free_task_memory(string);
            }
            let descriptor = self.device_id_descriptor;
            for identifier in elements(descriptor.identifiers, descriptor.count) {
                free_task_memory(identifier.identifier);
            }
            free_task_memory(descriptor.identifiers);
            for interconnect in elements(self.interconnects, self.interconnect_count) {
                free_task_memory(interconnect.port);
                free_task_memory(interconnect.address);
            }
            free_task_memory(self.interconnects);
        }
    }
}

/// What an array holds; nothing where there is none.
///
/// # Safety
/// The array is null or as long as is said.
unsafe fn elements<T: Copy>(array: *const T, count: u32) -> Vec<T> {
    if super::kind_of_pointer(array) != vss_sim::api::Ptr::Valid {
        return Vec::new();
    }
    // Safety: the caller says so. A structure in C may lie anywhere.
    (0..count as usize).map(|at| unsafe { array.add(at).read_unaligned() }).collect()
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

/// The bytes of UTF-8 with a zero: ASCII, as SCSI has it, goes over as it is.
fn raw_text(text: Option<&Text>) -> *mut CHAR {
    let with_zero = |text: &Text| text.bytes().chain([0]).collect::<Vec<u8>>();
    text.map_or(null_mut(), |text| task_array(&with_zero(text)).cast())
}

unsafe fn text(raw: *const CHAR) -> Option<Text> {
    if super::kind_of_pointer(raw) != vss_sim::api::Ptr::Valid {
        return None;
    }
    // Safety: the caller says that it ends with a zero.
    Some(unsafe { std::ffi::CStr::from_ptr(raw.cast()) }.to_string_lossy().into())
}

impl<Side> IntoRaw<Side, VDS_LUN_INFORMATION> for &LunInformation {
    fn into_raw(self, _: &Side) -> VDS_LUN_INFORMATION {
        let identifiers: Vec<_> = self.device_id_descriptor.identifiers.iter().map(raw_identifier).collect();
        let interconnects: Vec<_> = self.interconnects.iter().map(raw_interconnect).collect();
        VDS_LUN_INFORMATION {
            version: self.version,
            device_type: self.device_type,
            device_type_modifier: self.device_type_modifier,
            command_queueing: self.command_queueing.into(),
            bus_type: self.bus_type.0,
            vendor_id: raw_text(self.vendor_id.as_ref()),
            product_id: raw_text(self.product_id.as_ref()),
            product_revision: raw_text(self.product_revision.as_ref()),
            serial_number: raw_text(self.serial_number.as_ref()),
            disk_signature: self.disk_signature.into(),
            device_id_descriptor: VDS_STORAGE_DEVICE_ID_DESCRIPTOR {
                version: self.device_id_descriptor.version,
                count: identifiers.len() as u32,
                identifiers: task_array(&identifiers),
            },
            interconnect_count: interconnects.len() as u32,
            interconnects: task_array(&interconnects),
        }
    }
}

fn raw_identifier(identifier: &StorageIdentifier) -> VDS_STORAGE_IDENTIFIER {
    VDS_STORAGE_IDENTIFIER {
        code_set: identifier.code_set.0,
        identifier_type: identifier.identifier_type.0,
        identifier_bytes: length(&identifier.identifier),
        identifier: task_array(&identifier.identifier),
    }
}

fn raw_interconnect(interconnect: &Interconnect) -> VDS_INTERCONNECT {
    VDS_INTERCONNECT {
        address_type: interconnect.address_type.0,
        port_bytes: length(&interconnect.port),
        port: task_array(&interconnect.port),
        address_bytes: length(&interconnect.address),
        address: task_array(&interconnect.address),
    }
}

/// Where the memory behind a structure is read.
pub(crate) trait ReadLun {
    fn text(&mut self, member: &str, raw: *mut CHAR) -> Option<Text>;

    fn array<T: Copy>(&mut self, member: &str, raw: *mut T, count: u32) -> Vec<T>;
}

/// What a structure says, read by `reader`. Members are named as in the headers.
pub(crate) fn read_lun(raw: &VDS_LUN_INFORMATION, reader: &mut impl ReadLun) -> LunInformation {
    let descriptor = raw.device_id_descriptor;
    LunInformation {
        version: raw.version,
        device_type: raw.device_type,
        device_type_modifier: raw.device_type_modifier,
        command_queueing: raw.command_queueing != 0,
        bus_type: StorageBusType(raw.bus_type),
        vendor_id: reader.text("m_szVendorId", raw.vendor_id),
        product_id: reader.text("m_szProductId", raw.product_id),
        product_revision: reader.text("m_szProductRevision", raw.product_revision),
        serial_number: reader.text("m_szSerialNumber", raw.serial_number),
        disk_signature: raw.disk_signature.into(),
        device_id_descriptor: DeviceIdDescriptor {
            version: descriptor.version,
            identifiers: read_identifiers(&descriptor, reader),
        },
        interconnects: read_interconnects(raw, reader),
    }
}

fn read_identifiers(
    raw: &VDS_STORAGE_DEVICE_ID_DESCRIPTOR,
    reader: &mut impl ReadLun,
) -> Arc<[StorageIdentifier]> {
    const ARRAY: &str = "m_deviceIdDescriptor.m_rgIdentifiers";
    let identifiers = reader.array(ARRAY, raw.identifiers, raw.count);
    let read = identifiers.into_iter().enumerate().map(|(at, raw)| {
        let member = format!("{ARRAY}[{at}].m_rgbIdentifier");
        StorageIdentifier {
            code_set: StorageIdentifierCodeSet(raw.code_set),
            identifier_type: StorageIdentifierType(raw.identifier_type),
            identifier: reader.array(&member, raw.identifier, raw.identifier_bytes).into(),
        }
    });
    read.collect()
}

fn read_interconnects(raw: &VDS_LUN_INFORMATION, reader: &mut impl ReadLun) -> Vec<Interconnect> {
    const ARRAY: &str = "m_rgInterconnects";
    let interconnects = reader.array(ARRAY, raw.interconnects, raw.interconnect_count);
    let read = interconnects.into_iter().enumerate().map(|(at, raw)| Interconnect {
        address_type: InterconnectAddressType(raw.address_type),
        port: reader.array(&format!("{ARRAY}[{at}].m_pbPort"), raw.port, raw.port_bytes).into(),
        address: reader.array(&format!("{ARRAY}[{at}].m_pbAddress"), raw.address, raw.address_bytes).into(),
    });
    read.collect()
}

/// Reads whatever a structure leads to, as it says.
struct Trusting;

impl ReadLun for Trusting {
    fn text(&mut self, _: &str, raw: *mut CHAR) -> Option<Text> {
        // Safety: who reads so says that texts end with a zero.
        unsafe { text(raw) }
    }

    fn array<T: Copy>(&mut self, _: &str, raw: *mut T, count: u32) -> Vec<T> {
        // Safety: who reads so says that arrays are as long as is said.
        unsafe { elements(raw, count) }
    }
}

impl<Side> FromRaw<Side, VDS_LUN_INFORMATION> for LunInformation {
    unsafe fn from_raw(raw: VDS_LUN_INFORMATION, _: &Side) -> Self {
        read_lun(&raw, &mut Trusting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lun_comes_back_as_it_went() {
        let lun = LunInformation {
            version: 1,
            device_type_modifier: 7,
            command_queueing: true,
            bus_type: StorageBusType::FIBRE,
            vendor_id: Some("ACME".into()),
            serial_number: Some("".into()),
            disk_signature: uuid::Uuid::from_u128(7),
            device_id_descriptor: DeviceIdDescriptor {
                version: 1,
                identifiers: [StorageIdentifier { identifier: [1, 0, 2].into(), ..Default::default() }]
                    .into(),
            },
            interconnects: vec![Interconnect { port: [5].into(), ..Default::default() }],
            ..LunInformation::default()
        };
        let raw: VDS_LUN_INFORMATION = (&lun).into_raw(&());
        // Safety: it was made here, and is freed once.
        unsafe {
            assert_eq!(LunInformation::from_raw(raw, &()), lun);
            raw.free();
        }
    }
}
