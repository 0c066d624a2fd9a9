//! The enumerations of VSS and VDS (`fixtures/spec/vss/types.json`; those of vswriter.h from the SDK header).
//!
//! A value outside the enumeration is kept as it is: callers must be able to pass illegal ones.

use super::open_enum::open_enum;

open_enum! {
    /// `VSS_PROVIDER_TYPE`.
    pub struct ProviderType {
        /// unknown: application or service error, or no provider available
        UNKNOWN = 0, "VSS_PROV_UNKNOWN";
        /// default provider shipped with Windows
        SYSTEM = 1, "VSS_PROV_SYSTEM";
        /// software provider
        SOFTWARE = 2, "VSS_PROV_SOFTWARE";
        /// hardware provider
        HARDWARE = 3, "VSS_PROV_HARDWARE";
        /// file share provider, from Windows 8 / Server 2012 on
        FILESHARE = 4, "VSS_PROV_FILESHARE";
    }
}

open_enum! {
    /// `VSS_RESTORE_TYPE`.
    pub struct RestoreType {
        /// default; writers should treat it as BY_COPY
        UNDEFINED = 0, "VSS_RTYPE_UNDEFINED";
        /// data copied from backup medium to the original volume
        BY_COPY = 1, "VSS_RTYPE_BY_COPY";
        /// no copy: an imported transportable shadow copy is used, e.g. for data mining
        IMPORT = 2, "VSS_RTYPE_IMPORT";
        /// not enumerated; application error
        OTHER = 3, "VSS_RTYPE_OTHER";
    }
}

open_enum! {
    /// `VSS_ROLLFORWARD_TYPE`.
    pub struct RollForwardType {
        /// none defined; requester error
        UNDEFINED = 0, "VSS_RF_UNDEFINED";
        /// no logs are rolled forward
        NONE = 1, "VSS_RF_NONE";
        /// all logs are rolled forward
        ALL = 2, "VSS_RF_ALL";
        /// logs rolled forward up to a given restore point
        PARTIAL = 3, "VSS_RF_PARTIAL";
    }
}

open_enum! {
    /// `VSS_SNAPSHOT_PROPERTY_ID`.
    pub struct SnapshotPropertyId {
        /// application error
        UNKNOWN = 0, "VSS_SPROPID_UNKNOWN";
        /// selects VSS_SNAPSHOT_PROP.m_SnapshotId
        SNAPSHOT_ID = 1, "VSS_SPROPID_SNAPSHOT_ID";
        /// selects VSS_SNAPSHOT_PROP.m_SnapshotSetId
        SNAPSHOT_SET_ID = 2, "VSS_SPROPID_SNAPSHOT_SET_ID";
        /// selects VSS_SNAPSHOT_PROP.m_lSnapshotsCount
        SNAPSHOTS_COUNT = 3, "VSS_SPROPID_SNAPSHOTS_COUNT";
        /// selects VSS_SNAPSHOT_PROP.m_pwszSnapshotDeviceObject
        SNAPSHOT_DEVICE = 4, "VSS_SPROPID_SNAPSHOT_DEVICE";
        /// selects VSS_SNAPSHOT_PROP.m_pwszOriginalVolumeName
        ORIGINAL_VOLUME = 5, "VSS_SPROPID_ORIGINAL_VOLUME";
        /// selects VSS_SNAPSHOT_PROP.m_pwszOriginatingMachine
        ORIGINATING_MACHINE = 6, "VSS_SPROPID_ORIGINATING_MACHINE";
        /// selects VSS_SNAPSHOT_PROP.m_pwszServiceMachine
        SERVICE_MACHINE = 7, "VSS_SPROPID_SERVICE_MACHINE";
        /// selects VSS_SNAPSHOT_PROP.m_pwszExposedName
        EXPOSED_NAME = 8, "VSS_SPROPID_EXPOSED_NAME";
        /// selects VSS_SNAPSHOT_PROP.m_pwszExposedPath
        EXPOSED_PATH = 9, "VSS_SPROPID_EXPOSED_PATH";
        /// selects VSS_SNAPSHOT_PROP.m_ProviderId
        PROVIDER_ID = 10, "VSS_SPROPID_PROVIDER_ID";
        /// selects VSS_SNAPSHOT_PROP.m_lSnapshotAttributes
        SNAPSHOT_ATTRIBUTES = 11, "VSS_SPROPID_SNAPSHOT_ATTRIBUTES";
        /// selects VSS_SNAPSHOT_PROP.m_tsCreationTimestamp
        CREATION_TIMESTAMP = 12, "VSS_SPROPID_CREATION_TIMESTAMP";
        /// selects VSS_SNAPSHOT_PROP.m_eStatus
        STATUS = 13, "VSS_SPROPID_STATUS";
    }
}

open_enum! {
    /// `VSS_SNAPSHOT_STATE`.
    pub struct SnapshotState {
        /// unknown
        UNKNOWN = 0, "VSS_SS_UNKNOWN";
        /// being prepared
        PREPARING = 1, "VSS_SS_PREPARING";
        /// preparation running
        PROCESSING_PREPARE = 2, "VSS_SS_PROCESSING_PREPARE";
        /// prepared
        PREPARED = 3, "VSS_SS_PREPARED";
        /// pre-commit running
        PROCESSING_PRECOMMIT = 4, "VSS_SS_PROCESSING_PRECOMMIT";
        /// pre-committed
        PRECOMMITTED = 5, "VSS_SS_PRECOMMITTED";
        /// commit running
        PROCESSING_COMMIT = 6, "VSS_SS_PROCESSING_COMMIT";
        /// committed
        COMMITTED = 7, "VSS_SS_COMMITTED";
        /// post-commit running
        PROCESSING_POSTCOMMIT = 8, "VSS_SS_PROCESSING_POSTCOMMIT";
        /// pre-final-commit running (page: file commit)
        PROCESSING_PREFINALCOMMIT = 9, "VSS_SS_PROCESSING_PREFINALCOMMIT";
        /// pre-final-commit done (page: file commit)
        PREFINALCOMMITTED = 10, "VSS_SS_PREFINALCOMMITTED";
        /// after final commit, before created
        PROCESSING_POSTFINALCOMMIT = 11, "VSS_SS_PROCESSING_POSTFINALCOMMIT";
        /// created
        CREATED = 12, "VSS_SS_CREATED";
        /// creation aborted
        ABORTED = 13, "VSS_SS_ABORTED";
        /// deleted
        DELETED = 14, "VSS_SS_DELETED";
        /// named without a description
        POSTCOMMITTED = 15, "VSS_SS_POSTCOMMITTED";
        /// reserved
        COUNT = 16, "VSS_SS_COUNT";
    }
}

open_enum! {
    /// `VSS_WRITER_STATE`.
    pub struct WriterState {
        /// unknown; writer error
        UNKNOWN = 0, "VSS_WS_UNKNOWN";
        /// done with current events, or OnPrepareSnapshot not called yet
        STABLE = 1, "VSS_WS_STABLE";
        /// waits for freeze
        WAITING_FOR_FREEZE = 2, "VSS_WS_WAITING_FOR_FREEZE";
        /// waits for thaw
        WAITING_FOR_THAW = 3, "VSS_WS_WAITING_FOR_THAW";
        /// waits for PostSnapshot
        WAITING_FOR_POST_SNAPSHOT = 4, "VSS_WS_WAITING_FOR_POST_SNAPSHOT";
        /// waits for the requester to finish the backup
        WAITING_FOR_BACKUP_COMPLETE = 5, "VSS_WS_WAITING_FOR_BACKUP_COMPLETE";
        /// vetoed at identification
        FAILED_AT_IDENTIFY = 6, "VSS_WS_FAILED_AT_IDENTIFY";
        /// vetoed at backup preparation
        FAILED_AT_PREPARE_BACKUP = 7, "VSS_WS_FAILED_AT_PREPARE_BACKUP";
        /// vetoed at PrepareForSnapshot
        FAILED_AT_PREPARE_SNAPSHOT = 8, "VSS_WS_FAILED_AT_PREPARE_SNAPSHOT";
        /// vetoed at freeze
        FAILED_AT_FREEZE = 9, "VSS_WS_FAILED_AT_FREEZE";
        /// vetoed at thaw
        FAILED_AT_THAW = 10, "VSS_WS_FAILED_AT_THAW";
        /// vetoed at PostSnapshot
        FAILED_AT_POST_SNAPSHOT = 11, "VSS_WS_FAILED_AT_POST_SNAPSHOT";
        /// copy exists, writer failed at BackupComplete; should be logged
        FAILED_AT_BACKUP_COMPLETE = 12, "VSS_WS_FAILED_AT_BACKUP_COMPLETE";
        /// failed at PreRestore
        FAILED_AT_PRE_RESTORE = 13, "VSS_WS_FAILED_AT_PRE_RESTORE";
        /// failed at PostRestore
        FAILED_AT_POST_RESTORE = 14, "VSS_WS_FAILED_AT_POST_RESTORE";
        /// failed when the backup application shut down
        FAILED_AT_BACKUPSHUTDOWN = 15, "VSS_WS_FAILED_AT_BACKUPSHUTDOWN";
        /// reserved
        COUNT = 16, "VSS_WS_COUNT";
    }
}

open_enum! {
    /// `VSS_OBJECT_TYPE`.
    pub struct ObjectType {
        /// application error
        UNKNOWN = 0, "VSS_OBJECT_UNKNOWN";
        /// as input: wildcard for all types; as output: application error
        NONE = 1, "VSS_OBJECT_NONE";
        /// shadow copy set
        SNAPSHOT_SET = 2, "VSS_OBJECT_SNAPSHOT_SET";
        /// shadow copy
        SNAPSHOT = 3, "VSS_OBJECT_SNAPSHOT";
        /// provider
        PROVIDER = 4, "VSS_OBJECT_PROVIDER";
        /// reserved
        TYPE_COUNT = 5, "VSS_OBJECT_TYPE_COUNT";
    }
}

open_enum! {
    /// `VSS_BACKUP_TYPE`.
    pub struct BackupType {
        /// unknown; application error
        UNDEFINED = 0, "VSS_BT_UNDEFINED";
        /// all files, history updated; default, all writers support it
        FULL = 1, "VSS_BT_FULL";
        /// changed since last full or incremental; marked as backed up
        INCREMENTAL = 2, "VSS_BT_INCREMENTAL";
        /// changed since last full; not marked
        DIFFERENTIAL = 3, "VSS_BT_DIFFERENTIAL";
        /// only the log files take part
        LOG = 4, "VSS_BT_LOG";
        /// all files, history not touched
        COPY = 5, "VSS_BT_COPY";
        /// none of the named types
        OTHER = 6, "VSS_BT_OTHER";
    }
}

open_enum! {
    /// `VSS_APPLICATION_LEVEL`.
    pub struct ApplicationLevel {
        /// application error
        UNKNOWN = 0, "VSS_APP_UNKNOWN";
        /// system level, frozen last
        SYSTEM = 1, "VSS_APP_SYSTEM";
        /// back-end level, frozen second
        BACK_END = 2, "VSS_APP_BACK_END";
        /// front-end level, frozen first
        FRONT_END = 3, "VSS_APP_FRONT_END";
        /// named without a description
        SYSTEM_RM = 4, "VSS_APP_SYSTEM_RM";
        /// automatic; reserved for future use
        AUTO = -1, "VSS_APP_AUTO";
    }
}

open_enum! {
    /// `VDS_STORAGE_IDENTIFIER_CODE_SET`.
    pub struct StorageIdentifierCodeSet {
        /// reserved
        RESERVED = 0, "VDSStorageIdCodeSetReserved";
        /// binary bytes
        BINARY = 1, "VDSStorageIdCodeSetBinary";
        /// ASCII
        ASCII = 2, "VDSStorageIdCodeSetAscii";
        /// UTF-8; from Vista SP1 / Server 2008
        UTF8 = 3, "VDSStorageIdCodeSetUtf8";
    }
}

open_enum! {
    /// `VDS_STORAGE_IDENTIFIER_TYPE`.
    pub struct StorageIdentifierType {
        /// vendor-specific byte string
        VENDOR_SPECIFIC = 0, "VDSStorageIdTypeVendorSpecific";
        /// same as the vendor identifier
        VENDOR_ID = 1, "VDSStorageIdTypeVendorId";
        /// IEEE EUI-64
        EUI64 = 2, "VDSStorageIdTypeEUI64";
        /// Fibre Channel FC-PH name
        FCPH_NAME = 3, "VDSStorageIdTypeFCPHName";
        /// depends on the port (page marks it VDS 1.1)
        PORT_RELATIVE = 4, "VDSStorageIdTypePortRelative";
        /// named without a description
        TARGET_PORT_GROUP = 5, "VDSStorageIdTypeTargetPortGroup";
        /// named without a description
        LOGICAL_UNIT_GROUP = 6, "VDSStorageIdTypeLogicalUnitGroup";
        /// named without a description
        MD5_LOGICAL_UNIT_IDENTIFIER = 7, "VDSStorageIdTypeMD5LogicalUnitIdentifier";
        /// SCSI naming convention, SPC-3 (page marks it VDS 1.1)
        SCSI_NAME_STRING = 8, "VDSStorageIdTypeScsiNameString";
    }
}

open_enum! {
    /// `VDS_STORAGE_BUS_TYPE`.
    pub struct StorageBusType {
        /// reserved
        UNKNOWN = 0, "VDSBusTypeUnknown";
        /// Scsi
        SCSI = 1, "VDSBusTypeScsi";
        /// Atapi
        ATAPI = 2, "VDSBusTypeAtapi";
        /// Ata
        ATA = 3, "VDSBusTypeAta";
        /// IEEE 1394
        IEEE_1394 = 4, "VDSBusType1394";
        /// Ssa
        SSA = 5, "VDSBusTypeSsa";
        /// Fibre Channel
        FIBRE = 6, "VDSBusTypeFibre";
        /// Usb
        USB = 7, "VDSBusTypeUsb";
        /// RAID
        RAID = 8, "VDSBusTypeRAID";
        /// iScsi
        ISCSI = 9, "VDSBusTypeiScsi";
        /// Sas
        SAS = 10, "VDSBusTypeSas";
        /// Sata
        SATA = 11, "VDSBusTypeSata";
        /// Secure Digital; not on Server 2008/Vista/Server 2003
        SD = 12, "VDSBusTypeSd";
        /// MultiMedia Card; not on Server 2008/Vista/Server 2003
        MMC = 13, "VDSBusTypeMmc";
        /// reserved for the system; not before Server 2008 R2 / Windows 7
        MAX = 14, "VDSBusTypeMax";
        /// named without a description
        VIRTUAL = 14, "VDSBusTypeVirtual";
        /// file-backed virtual; not on Server 2008/Vista/Server 2003
        FILE_BACKED_VIRTUAL = 15, "VDSBusTypeFileBackedVirtual";
        /// named without a description
        SPACES = 16, "VDSBusTypeSpaces";
        /// named without a description
        NVME = 17, "VDSBusTypeNVMe";
        /// named without a description
        SCM = 18, "VDSBusTypeScm";
        /// named without a description
        UFS = 19, "VDSBusTypeUfs";
        /// upper end of the range
        MAX_RESERVED = 127, "VDSBusTypeMaxReserved";
    }
}

open_enum! {
    /// `VDS_INTERCONNECT_ADDRESS_TYPE`.
    pub struct InterconnectAddressType {
        /// reserved
        UNKNOWN = 0, "VDS_IA_UNKNOWN";
        /// FCFS address
        FCFS = 1, "VDS_IA_FCFS";
        /// FCPH address
        FCPH = 2, "VDS_IA_FCPH";
        /// FCPH3 address
        FCPH3 = 3, "VDS_IA_FCPH3";
        /// MAC address
        MAC = 4, "VDS_IA_MAC";
        /// SCSI address
        SCSI = 5, "VDS_IA_SCSI";
    }
}

open_enum! {
    /// `VSS_COMPONENT_TYPE` of vswriter.h.
    pub struct ComponentType {
        /// `VSS_CT_UNDEFINED`
        UNDEFINED = 0, "VSS_CT_UNDEFINED";
        /// `VSS_CT_DATABASE`
        DATABASE = 1, "VSS_CT_DATABASE";
        /// `VSS_CT_FILEGROUP`
        FILEGROUP = 2, "VSS_CT_FILEGROUP";
    }
}

open_enum! {
    /// `VSS_FILE_RESTORE_STATUS` of vswriter.h.
    pub struct FileRestoreStatus {
        /// `VSS_RS_UNDEFINED`
        UNDEFINED = 0, "VSS_RS_UNDEFINED";
        /// `VSS_RS_NONE`
        NONE = 1, "VSS_RS_NONE";
        /// `VSS_RS_ALL`
        ALL = 2, "VSS_RS_ALL";
        /// `VSS_RS_FAILED`
        FAILED = 3, "VSS_RS_FAILED";
    }
}

open_enum! {
    /// `VSS_RESTORE_TARGET` of vswriter.h.
    pub struct RestoreTarget {
        /// `VSS_RT_UNDEFINED`
        UNDEFINED = 0, "VSS_RT_UNDEFINED";
        /// `VSS_RT_ORIGINAL`
        ORIGINAL = 1, "VSS_RT_ORIGINAL";
        /// `VSS_RT_ALTERNATE`
        ALTERNATE = 2, "VSS_RT_ALTERNATE";
        /// `VSS_RT_DIRECTED`
        DIRECTED = 3, "VSS_RT_DIRECTED";
        /// `VSS_RT_ORIGINAL_LOCATION`
        ORIGINAL_LOCATION = 4, "VSS_RT_ORIGINAL_LOCATION";
    }
}

open_enum! {
    /// `VSS_USAGE_TYPE` of vswriter.h.
    pub struct UsageType {
        /// `VSS_UT_UNDEFINED`
        UNDEFINED = 0, "VSS_UT_UNDEFINED";
        /// `VSS_UT_BOOTABLESYSTEMSTATE`
        BOOTABLESYSTEMSTATE = 1, "VSS_UT_BOOTABLESYSTEMSTATE";
        /// `VSS_UT_SYSTEMSERVICE`
        SYSTEMSERVICE = 2, "VSS_UT_SYSTEMSERVICE";
        /// `VSS_UT_USERDATA`
        USERDATA = 3, "VSS_UT_USERDATA";
        /// `VSS_UT_OTHER`
        OTHER = 4, "VSS_UT_OTHER";
    }
}

open_enum! {
    /// `VSS_SOURCE_TYPE` of vswriter.h.
    pub struct SourceType {
        /// `VSS_ST_UNDEFINED`
        UNDEFINED = 0, "VSS_ST_UNDEFINED";
        /// `VSS_ST_TRANSACTEDDB`
        TRANSACTEDDB = 1, "VSS_ST_TRANSACTEDDB";
        /// `VSS_ST_NONTRANSACTEDDB`
        NONTRANSACTEDDB = 2, "VSS_ST_NONTRANSACTEDDB";
        /// `VSS_ST_OTHER`
        OTHER = 3, "VSS_ST_OTHER";
    }
}

open_enum! {
    /// `VSS_RESTOREMETHOD_ENUM` of vswriter.h.
    pub struct RestoreMethod {
        /// `VSS_RME_UNDEFINED`
        UNDEFINED = 0, "VSS_RME_UNDEFINED";
        /// `VSS_RME_RESTORE_IF_NOT_THERE`
        RESTORE_IF_NOT_THERE = 1, "VSS_RME_RESTORE_IF_NOT_THERE";
        /// `VSS_RME_RESTORE_IF_CAN_REPLACE`
        RESTORE_IF_CAN_REPLACE = 2, "VSS_RME_RESTORE_IF_CAN_REPLACE";
        /// `VSS_RME_STOP_RESTORE_START`
        STOP_RESTORE_START = 3, "VSS_RME_STOP_RESTORE_START";
        /// `VSS_RME_RESTORE_TO_ALTERNATE_LOCATION`
        RESTORE_TO_ALTERNATE_LOCATION = 4, "VSS_RME_RESTORE_TO_ALTERNATE_LOCATION";
        /// `VSS_RME_RESTORE_AT_REBOOT`
        RESTORE_AT_REBOOT = 5, "VSS_RME_RESTORE_AT_REBOOT";
        /// `VSS_RME_RESTORE_AT_REBOOT_IF_CANNOT_REPLACE`
        RESTORE_AT_REBOOT_IF_CANNOT_REPLACE = 6, "VSS_RME_RESTORE_AT_REBOOT_IF_CANNOT_REPLACE";
        /// `VSS_RME_CUSTOM`
        CUSTOM = 7, "VSS_RME_CUSTOM";
        /// `VSS_RME_RESTORE_STOP_START`
        RESTORE_STOP_START = 8, "VSS_RME_RESTORE_STOP_START";
    }
}

open_enum! {
    /// `VSS_WRITERRESTORE_ENUM` of vswriter.h.
    pub struct WriterRestore {
        /// `VSS_WRE_UNDEFINED`
        UNDEFINED = 0, "VSS_WRE_UNDEFINED";
        /// `VSS_WRE_NEVER`
        NEVER = 1, "VSS_WRE_NEVER";
        /// `VSS_WRE_IF_REPLACE_FAILS`
        IF_REPLACE_FAILS = 2, "VSS_WRE_IF_REPLACE_FAILS";
        /// `VSS_WRE_ALWAYS`
        ALWAYS = 3, "VSS_WRE_ALWAYS";
    }
}
