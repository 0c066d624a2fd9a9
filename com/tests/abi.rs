//! The declarations against the headers of mingw-w64: a C compiler for Windows checks them where they were not written.

#[path = "abi/headers.rs"]
mod headers;

use headers::{Declared, guids, refusals};
use uuid::Uuid;
use vss_com::abi::*;

/// Every interface of both sides that has one vtable.
const INTERFACES: &[Declared] = &[
    Declared::of::<IClassFactory>(),
    Declared::of::<IVssAsync>(),
    Declared::of::<IVssBackupComponents>(),
    Declared::of::<IVssBackupComponentsEx>(),
    Declared::of::<IVssBackupComponentsEx2>(),
    Declared::of::<IVssBackupComponentsEx3>(),
    Declared::of::<IVssBackupComponentsEx4>(),
    Declared::of::<IVssComponent>(),
    Declared::of::<IVssComponentEx>(),
    Declared::of::<IVssComponentEx2>(),
    Declared::of::<IVssEnumObject>(),
    Declared::of::<IVssExamineWriterMetadata>(),
    Declared::of::<IVssExamineWriterMetadataEx>(),
    Declared::of::<IVssExamineWriterMetadataEx2>(),
    Declared::of::<IVssFileShareSnapshotProvider>(),
    Declared::of::<IVssHardwareSnapshotProvider>(),
    Declared::of::<IVssHardwareSnapshotProviderEx>(),
    Declared::of::<IVssProviderCreateSnapshotSet>(),
    Declared::of::<IVssProviderNotifications>(),
    Declared::of::<IVssSoftwareSnapshotProvider>(),
    Declared::of::<IVssWMComponent>(),
    Declared::of::<IVssWMDependency>(),
    Declared::of::<IVssWMFiledesc>(),
    Declared::of::<IVssWriterComponents>(),
    Declared::of::<IVsslabArray>(),
];

#[test]
fn every_method_has_the_slot_and_the_signature_of_the_headers() {
    let claims: Vec<String> = INTERFACES.iter().flat_map(Declared::claims).collect();
    assert!(claims.len() > 2 * 150, "{} claims", claims.len());
    assert_eq!(refusals(&claims), "");
}

#[test]
fn every_structure_is_laid_out_as_in_the_headers() {
    let claims = [
        layout::<FILETIME>(),
        layout::<GUID>(),
        layout::<VARIANT>(),
        layout::<VDS_INTERCONNECT>(),
        layout::<VDS_LUN_INFORMATION>(),
        layout::<VDS_STORAGE_DEVICE_ID_DESCRIPTOR>(),
        layout::<VDS_STORAGE_IDENTIFIER>(),
        layout::<VSS_COMPONENTINFO>(),
        layout::<VSS_OBJECT_PROP>(),
        layout::<VSS_PROVIDER_PROP>(),
        layout::<VSS_SNAPSHOT_PROP>(),
    ]
    .concat();
    assert_eq!(refusals(&claims), "");
}

fn layout<S: Structure>() -> Vec<String> {
    let (name, size, alignment) = (S::NAME, size_of::<S>(), align_of::<S>());
    let fields =
        S::FIELDS.iter().map(|(field, offset)| format!("__builtin_offsetof({name}, {field}) == {offset}"));
    let whole = [format!("sizeof({name}) == {size}"), format!("_Alignof({name}) == {alignment}")];
    whole.into_iter().chain(fields).collect()
}

/// The sizes of what is passed by value, or behind a pointer by itself.
#[test]
fn every_scalar_has_the_size_of_the_headers() {
    macro_rules! sizes {
        ($($name:ident)*) => { [$(format!("sizeof({}) == {}", stringify!($name), size_of::<$name>())),*] };
    }
    let claims = sizes!(
        BOOL BSTR BYTE CHAR DWORD HRESULT INT LONG LONGLONG LPCWSTR PVSSCOMPONENTINFO UINT ULONG ULONGLONG
        VDS_INTERCONNECT_ADDRESS_TYPE VDS_STORAGE_BUS_TYPE VDS_STORAGE_IDENTIFIER_CODE_SET VDS_STORAGE_IDENTIFIER_TYPE
        VSS_BACKUP_TYPE VSS_COMPONENT_TYPE VSS_FILE_RESTORE_STATUS VSS_OBJECT_TYPE VSS_OBJECT_UNION
        VSS_PROVIDER_TYPE VSS_PWSZ VSS_RESTOREMETHOD_ENUM VSS_RESTORE_TARGET VSS_RESTORE_TYPE
        VSS_ROLLFORWARD_TYPE VSS_SNAPSHOT_PROPERTY_ID VSS_SNAPSHOT_STATE VSS_SOURCE_TYPE VSS_TIMESTAMP
        VSS_USAGE_TYPE VSS_WRITERRESTORE_ENUM VSS_WRITER_STATE WCHAR boolean
    );
    assert_eq!(refusals(&claims), "");
}

#[test]
fn every_iid_is_that_of_the_headers() {
    let printed = guids();
    for Declared { name, iid, .. } in INTERFACES {
        // Where the headers have none they print zeros.
        assert_eq!(Some(&iid.unwrap_or(Uuid::nil())), printed.get(&format!("IID_{name}")), "{name}");
    }
}

/// The headers leave out the second base.
#[test]
fn an_object_with_two_bases_has_two_vtables() {
    assert_eq!(std::mem::offset_of!(IVssWriterComponentsExt, components), 0);
    assert_eq!(std::mem::offset_of!(IVssWriterComponentsExt, unknown), 8);
    assert_eq!(IVssWriterComponents::METHODS[0].slot, 0, "the first base is no IUnknown");
    assert_eq!(IVssComponent::METHODS[0].slot, 3);
}

/// The compiler does look: it refuses two exchanged slots, another signature, another size.
#[test]
fn a_wrong_claim_is_refused() {
    let swapped = ["__builtin_offsetof(IVssBackupComponentsEx3Vtbl, RecoverSet) == 8 * 61".to_owned()];
    assert!(refusals(&swapped).contains("RecoverSet"));
    let mut wrong = Declared::of::<IVssAsync>();
    wrong.name = "IVssEnumObject";
    assert!(refusals(&wrong.claims()).contains("no member named"));
    assert!(refusals(&["sizeof(VSS_SNAPSHOT_PROP) == 120".to_owned()]).contains("VSS_SNAPSHOT_PROP"));
}
