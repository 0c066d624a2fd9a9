//! The files of `fixtures/spec`, embedded, in the order of `index.json`.

/// Codes with their SDK values.
pub const HRESULTS: &str = include_str!("../../../fixtures/spec/hresults.json");

/// Enumerations and structures.
pub const TYPES: &str = include_str!("../../../fixtures/spec/vss/types.json");

/// Codes that the simulator answers although no page lists them.
pub const UNDOCUMENTED: &str = include_str!("../../../fixtures/undocumented-codes.toml");

/// The rules of requesters' objects.
pub const REQUESTER_STATE_MACHINE: &str =
    include_str!("../../../fixtures/spec/rules/requester-state-machine.json");

/// What real VSS was seen to do.
pub const OBSERVED: &str = include_str!("../../../fixtures/spec/rules/observed.md");

/// How many methods and outcomes there are.
pub const INDEX: &str = include_str!("../../../fixtures/spec/index.json");

/// One file for each interface: its path in `fixtures/spec` and its text.
pub const INTERFACES: &[(&str, &str)] = &[
    ("vsadmin/IVssAdmin.json", include_str!("../../../fixtures/spec/vsadmin/IVssAdmin.json")),
    ("vsadmin/IVssAdminEx.json", include_str!("../../../fixtures/spec/vsadmin/IVssAdminEx.json")),
    (
        "vsbackup/IVssBackupComponents.json",
        include_str!("../../../fixtures/spec/vsbackup/IVssBackupComponents.json"),
    ),
    (
        "vsbackup/IVssBackupComponentsEx.json",
        include_str!("../../../fixtures/spec/vsbackup/IVssBackupComponentsEx.json"),
    ),
    (
        "vsbackup/IVssBackupComponentsEx2.json",
        include_str!("../../../fixtures/spec/vsbackup/IVssBackupComponentsEx2.json"),
    ),
    (
        "vsbackup/IVssBackupComponentsEx3.json",
        include_str!("../../../fixtures/spec/vsbackup/IVssBackupComponentsEx3.json"),
    ),
    (
        "vsbackup/IVssBackupComponentsEx4.json",
        include_str!("../../../fixtures/spec/vsbackup/IVssBackupComponentsEx4.json"),
    ),
    (
        "vsbackup/IVssExamineWriterMetadata.json",
        include_str!("../../../fixtures/spec/vsbackup/IVssExamineWriterMetadata.json"),
    ),
    (
        "vsbackup/IVssExamineWriterMetadataEx.json",
        include_str!("../../../fixtures/spec/vsbackup/IVssExamineWriterMetadataEx.json"),
    ),
    (
        "vsbackup/IVssExamineWriterMetadataEx2.json",
        include_str!("../../../fixtures/spec/vsbackup/IVssExamineWriterMetadataEx2.json"),
    ),
    ("vsbackup/IVssWMComponent.json", include_str!("../../../fixtures/spec/vsbackup/IVssWMComponent.json")),
    ("vsbackup/functions.json", include_str!("../../../fixtures/spec/vsbackup/functions.json")),
    (
        "vsmgmt/IVssDifferentialSoftwareSnapshotMgmt.json",
        include_str!("../../../fixtures/spec/vsmgmt/IVssDifferentialSoftwareSnapshotMgmt.json"),
    ),
    (
        "vsmgmt/IVssDifferentialSoftwareSnapshotMgmt2.json",
        include_str!("../../../fixtures/spec/vsmgmt/IVssDifferentialSoftwareSnapshotMgmt2.json"),
    ),
    (
        "vsmgmt/IVssDifferentialSoftwareSnapshotMgmt3.json",
        include_str!("../../../fixtures/spec/vsmgmt/IVssDifferentialSoftwareSnapshotMgmt3.json"),
    ),
    ("vsmgmt/IVssEnumMgmtObject.json", include_str!("../../../fixtures/spec/vsmgmt/IVssEnumMgmtObject.json")),
    ("vsmgmt/IVssSnapshotMgmt.json", include_str!("../../../fixtures/spec/vsmgmt/IVssSnapshotMgmt.json")),
    ("vsmgmt/IVssSnapshotMgmt2.json", include_str!("../../../fixtures/spec/vsmgmt/IVssSnapshotMgmt2.json")),
    (
        "vsprov/IVssFileShareSnapshotProvider.json",
        include_str!("../../../fixtures/spec/vsprov/IVssFileShareSnapshotProvider.json"),
    ),
    (
        "vsprov/IVssHardwareSnapshotProvider.json",
        include_str!("../../../fixtures/spec/vsprov/IVssHardwareSnapshotProvider.json"),
    ),
    (
        "vsprov/IVssHardwareSnapshotProviderEx.json",
        include_str!("../../../fixtures/spec/vsprov/IVssHardwareSnapshotProviderEx.json"),
    ),
    (
        "vsprov/IVssProviderCreateSnapshotSet.json",
        include_str!("../../../fixtures/spec/vsprov/IVssProviderCreateSnapshotSet.json"),
    ),
    (
        "vsprov/IVssProviderNotifications.json",
        include_str!("../../../fixtures/spec/vsprov/IVssProviderNotifications.json"),
    ),
    (
        "vsprov/IVssSoftwareSnapshotProvider.json",
        include_str!("../../../fixtures/spec/vsprov/IVssSoftwareSnapshotProvider.json"),
    ),
    ("vss/IVssAsync.json", include_str!("../../../fixtures/spec/vss/IVssAsync.json")),
    ("vss/IVssEnumObject.json", include_str!("../../../fixtures/spec/vss/IVssEnumObject.json")),
    ("vswriter/CVssWriter.json", include_str!("../../../fixtures/spec/vswriter/CVssWriter.json")),
    ("vswriter/CVssWriterEx.json", include_str!("../../../fixtures/spec/vswriter/CVssWriterEx.json")),
    ("vswriter/CVssWriterEx2.json", include_str!("../../../fixtures/spec/vswriter/CVssWriterEx2.json")),
    ("vswriter/IVssComponent.json", include_str!("../../../fixtures/spec/vswriter/IVssComponent.json")),
    ("vswriter/IVssComponentEx.json", include_str!("../../../fixtures/spec/vswriter/IVssComponentEx.json")),
    ("vswriter/IVssComponentEx2.json", include_str!("../../../fixtures/spec/vswriter/IVssComponentEx2.json")),
    (
        "vswriter/IVssCreateExpressWriterMetadata.json",
        include_str!("../../../fixtures/spec/vswriter/IVssCreateExpressWriterMetadata.json"),
    ),
    (
        "vswriter/IVssCreateWriterMetadata.json",
        include_str!("../../../fixtures/spec/vswriter/IVssCreateWriterMetadata.json"),
    ),
    (
        "vswriter/IVssCreateWriterMetadataEx.json",
        include_str!("../../../fixtures/spec/vswriter/IVssCreateWriterMetadataEx.json"),
    ),
    (
        "vswriter/IVssExpressWriter.json",
        include_str!("../../../fixtures/spec/vswriter/IVssExpressWriter.json"),
    ),
    ("vswriter/IVssWMDependency.json", include_str!("../../../fixtures/spec/vswriter/IVssWMDependency.json")),
    ("vswriter/IVssWMFiledesc.json", include_str!("../../../fixtures/spec/vswriter/IVssWMFiledesc.json")),
    (
        "vswriter/IVssWriterComponents.json",
        include_str!("../../../fixtures/spec/vswriter/IVssWriterComponents.json"),
    ),
    ("vswriter/functions.json", include_str!("../../../fixtures/spec/vswriter/functions.json")),
];
