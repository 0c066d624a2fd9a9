//! What goes through the interfaces: the headers' types under the headers' names, on x64.

#![expect(non_camel_case_types, reason = "types are named as in the headers")]

use std::ffi::c_void;

/// `S_OK` or another code.
pub type HRESULT = i32;
/// A `long`: 32 bits.
pub type LONG = i32;
/// An `int`.
pub type INT = i32;
/// An `unsigned int`.
pub type UINT = u32;
/// An `unsigned long`: 32 bits.
pub type ULONG = u32;
/// An `unsigned long`: 32 bits.
pub type DWORD = u32;
/// 64 bits.
pub type ULONGLONG = u64;
/// 64 bits.
pub type LONGLONG = i64;
/// Eight bits.
pub type BYTE = u8;
/// `FALSE` or anything else, in four bytes.
pub type BOOL = i32;
/// C++ `bool` in one byte; a caller may leave anything in the rest of the register.
pub type boolean = u8;
/// One character of the C runtime.
pub type CHAR = i8;
/// One unit of UTF-16.
pub type WCHAR = u16;
/// Units of UTF-16, the count of bytes before the first; `SysAllocString` makes it. A type of its own, as it is freed
/// otherwise than a [`VSS_PWSZ`].
#[repr(transparent)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BSTR(pub *mut WCHAR);
/// Units of UTF-16 up to a zero.
pub type LPCWSTR = *const WCHAR;
/// Units of UTF-16 up to a zero; one that a method hands out is freed by `CoTaskMemFree`.
pub type VSS_PWSZ = *mut WCHAR;
/// 100 ns since 1601.
pub type VSS_TIMESTAMP = LONGLONG;
/// The class of a writer, a provider or any COM object.
pub type CLSID = GUID;
/// The id of an interface.
pub type IID = GUID;
/// The id of anything that VSS knows.
pub type VSS_ID = GUID;

/// An enumeration, which is an `int` in C.
macro_rules! enumerations {
    ($($name:ident),* $(,)?) => {$(
        #[doc = concat!("One of the values of `", stringify!($name), "`.")]
        pub type $name = i32;
    )*};
}

enumerations!(
    VSS_BACKUP_TYPE,
    VSS_COMPONENT_TYPE,
    VSS_FILE_RESTORE_STATUS,
    VSS_OBJECT_TYPE,
    VSS_PROVIDER_TYPE,
    VSS_RESTOREMETHOD_ENUM,
    VSS_RESTORE_TARGET,
    VSS_RESTORE_TYPE,
    VSS_ROLLFORWARD_TYPE,
    VSS_SNAPSHOT_PROPERTY_ID,
    VSS_SNAPSHOT_STATE,
    VSS_SOURCE_TYPE,
    VSS_USAGE_TYPE,
    VSS_WRITERRESTORE_ENUM,
    VSS_WRITER_STATE,
    VDS_INTERCONNECT_ADDRESS_TYPE,
    VDS_STORAGE_BUS_TYPE,
    VDS_STORAGE_IDENTIFIER_CODE_SET,
    VDS_STORAGE_IDENTIFIER_TYPE,
);

/// A structure of the headers, described field by field.
pub trait Structure: Sized {
    /// Its name in the headers.
    const NAME: &'static str;
    /// Each field's name in the headers and the field's first byte.
    const FIELDS: &'static [(&'static str, usize)];
}

/// Declares structures: each field under its name here and, where that differs, in the headers.
macro_rules! structures {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty = $c_name:literal;)* })*) => {$(
        $(#[$doc])*
        #[repr(C)]
        #[derive(Clone, Copy, Debug)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }

        impl Structure for $name {
            const NAME: &'static str = stringify!($name);
            const FIELDS: &'static [(&'static str, usize)] =
                &[$(($c_name, std::mem::offset_of!($name, $field))),*];
        }
    )*};
}

structures! {
    /// A GUID as Windows lays it out.
    GUID {
        /// The first four bytes as a number.
        data1: u32 = "Data1";
        /// Two more.
        data2: u16 = "Data2";
        /// Two more.
        data3: u16 = "Data3";
        /// The rest.
        data4: [u8; 8] = "Data4";
    }
    /// 100 ns since 1601, in two halves.
    FILETIME {
        /// The low 32 bits.
        low: DWORD = "dwLowDateTime";
        /// The high 32 bits.
        high: DWORD = "dwHighDateTime";
    }
    /// A value of many types.
    VARIANT {
        /// The type, `VT_...`.
        vt: u16 = "vt";
        /// Nothing.
        reserved: [u16; 3] = "wReserved1";
        /// The value; what it means depends on the type.
        value: [u64; 2] = "llVal";
    }
    /// A shadow copy's properties.
    VSS_SNAPSHOT_PROP {
        /// The shadow copy.
        snapshot_id: VSS_ID = "m_SnapshotId";
        /// Its set.
        snapshot_set_id: VSS_ID = "m_SnapshotSetId";
        /// How many the set had at its creation.
        snapshots_count: LONG = "m_lSnapshotsCount";
        /// The root of the copy, without a trailing backslash.
        snapshot_device_object: VSS_PWSZ = "m_pwszSnapshotDeviceObject";
        /// The volume that was copied.
        original_volume_name: VSS_PWSZ = "m_pwszOriginalVolumeName";
        /// The machine that has that volume.
        originating_machine: VSS_PWSZ = "m_pwszOriginatingMachine";
        /// The machine whose VSS made the copy.
        service_machine: VSS_PWSZ = "m_pwszServiceMachine";
        /// The share, drive letter or folder under which it is exposed.
        exposed_name: VSS_PWSZ = "m_pwszExposedName";
        /// The part of the volume that is shared.
        exposed_path: VSS_PWSZ = "m_pwszExposedPath";
        /// The provider that made it.
        provider_id: VSS_ID = "m_ProviderId";
        /// `VSS_VOLUME_SNAPSHOT_ATTRIBUTES`.
        snapshot_attributes: LONG = "m_lSnapshotAttributes";
        /// When it was made.
        creation_timestamp: VSS_TIMESTAMP = "m_tsCreationTimestamp";
        /// How far its creation is.
        status: VSS_SNAPSHOT_STATE = "m_eStatus";
    }
    /// A provider's properties.
    VSS_PROVIDER_PROP {
        /// The provider.
        provider_id: VSS_ID = "m_ProviderId";
        /// Its name.
        provider_name: VSS_PWSZ = "m_pwszProviderName";
        /// System, software, hardware or file share.
        provider_type: VSS_PROVIDER_TYPE = "m_eProviderType";
        /// Its version as a text.
        provider_version: VSS_PWSZ = "m_pwszProviderVersion";
        /// Its version.
        provider_version_id: VSS_ID = "m_ProviderVersionId";
        /// Its COM class.
        class_id: CLSID = "m_ClassId";
    }
    /// One of what an enumerator hands out.
    VSS_OBJECT_PROP {
        /// Which of the two it is.
        object_type: VSS_OBJECT_TYPE = "Type";
        /// Its properties.
        object: VSS_OBJECT_UNION = "Obj";
    }
    /// What a writer says of a component.
    VSS_COMPONENTINFO {
        /// Database or file group.
        component_type: VSS_COMPONENT_TYPE = "type";
        /// The path to it among the writer's components.
        logical_path: BSTR = "bstrLogicalPath";
        /// Its name.
        component_name: BSTR = "bstrComponentName";
        /// Its name for people.
        caption: BSTR = "bstrCaption";
        /// A picture's bytes.
        icon: *mut BYTE = "pbIcon";
        /// How many bytes the picture has.
        icon_bytes: UINT = "cbIcon";
        /// Whether it has metadata of its own at a restore.
        restore_metadata: boolean = "bRestoreMetadata";
        /// Whether the writer wants to be told of the end of the backup.
        notify_on_backup_complete: boolean = "bNotifyOnBackupComplete";
        /// Whether it can be left out of a backup.
        selectable: boolean = "bSelectable";
        /// Whether it can be restored by itself.
        selectable_for_restore: boolean = "bSelectableForRestore";
        /// `VSS_COMPONENT_FLAGS`.
        component_flags: DWORD = "dwComponentFlags";
        /// How many file descriptions it has.
        file_count: UINT = "cFileCount";
        /// How many database files.
        databases: UINT = "cDatabases";
        /// How many log files.
        log_files: UINT = "cLogFiles";
        /// How many other components it needs.
        dependencies: UINT = "cDependencies";
    }
    /// One identifier of page 0x83.
    VDS_STORAGE_IDENTIFIER {
        /// Binary, ASCII or UTF-8.
        code_set: VDS_STORAGE_IDENTIFIER_CODE_SET = "m_CodeSet";
        /// The kind of identifier.
        identifier_type: VDS_STORAGE_IDENTIFIER_TYPE = "m_Type";
        /// Its length in bytes.
        identifier_bytes: ULONG = "m_cbIdentifier";
        /// Its bytes.
        identifier: *mut BYTE = "m_rgbIdentifier";
    }
    /// All identifiers of page 0x83.
    VDS_STORAGE_DEVICE_ID_DESCRIPTOR {
        /// The version of the structure.
        version: ULONG = "m_version";
        /// How many there are.
        count: ULONG = "m_cIdentifiers";
        /// The identifiers.
        identifiers: *mut VDS_STORAGE_IDENTIFIER = "m_rgIdentifiers";
    }
    /// A port through which a LUN is reachable.
    VDS_INTERCONNECT {
        /// The kind of address.
        address_type: VDS_INTERCONNECT_ADDRESS_TYPE = "m_addressType";
        /// The length of the port's address in bytes.
        port_bytes: ULONG = "m_cbPort";
        /// The port's address.
        port: *mut BYTE = "m_pbPort";
        /// The length of the LUN's address in bytes.
        address_bytes: ULONG = "m_cbAddress";
        /// The LUN's address.
        address: *mut BYTE = "m_pbAddress";
    }
    /// What VSS and its providers tell each other of a LUN.
    VDS_LUN_INFORMATION {
        /// The version of the structure.
        version: ULONG = "m_version";
        /// The SCSI device type.
        device_type: BYTE = "m_DeviceType";
        /// Its modifier.
        device_type_modifier: BYTE = "m_DeviceTypeModifier";
        /// Whether the LUN takes several commands at once.
        command_queueing: BOOL = "m_bCommandQueueing";
        /// How it is attached.
        bus_type: VDS_STORAGE_BUS_TYPE = "m_BusType";
        /// The vendor, in ASCII up to a zero.
        vendor_id: *mut CHAR = "m_szVendorId";
        /// The product.
        product_id: *mut CHAR = "m_szProductId";
        /// The product's revision.
        product_revision: *mut CHAR = "m_szProductRevision";
        /// The unit serial number.
        serial_number: *mut CHAR = "m_szSerialNumber";
        /// The MBR signature in its first 32 bits, or the GPT disk's GUID.
        disk_signature: GUID = "m_diskSignature";
        /// The identifiers of page 0x83.
        device_id_descriptor: VDS_STORAGE_DEVICE_ID_DESCRIPTOR = "m_deviceIdDescriptor";
        /// How many ports there are.
        interconnect_count: ULONG = "m_cInterconnects";
        /// The ports.
        interconnects: *mut VDS_INTERCONNECT = "m_rgInterconnects";
    }
}

/// The properties of a shadow copy or of a provider.
#[repr(C)]
#[derive(Clone, Copy)]
pub union VSS_OBJECT_UNION {
    /// Of a shadow copy.
    pub snapshot: VSS_SNAPSHOT_PROP,
    /// Of a provider.
    pub provider: VSS_PROVIDER_PROP,
}

impl std::fmt::Debug for VSS_OBJECT_UNION {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VSS_OBJECT_UNION")
    }
}

/// What a writer says of a component; `FreeComponentInfo` frees it.
pub type PVSSCOMPONENTINFO = *const VSS_COMPONENTINFO;
/// The object of an XML library.
pub type IXMLDOMDocument = c_void;
