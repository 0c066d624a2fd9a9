//! Enumerations and flags have the documented names and values.

use std::collections::BTreeMap;

use rstest::rstest;
use serde::Deserialize;
use vss_conformance::spec::files;
use vss_sim::api::*;

#[derive(Deserialize)]
struct Types {
    enums: Vec<Enum>,
}

#[derive(Deserialize)]
struct Enum {
    name: String,
    flags: bool,
    values: Vec<Value>,
}

#[derive(Deserialize)]
struct Value {
    name: String,
    value: i64,
}

fn documented(name: &str) -> Enum {
    let types: Types = serde_json::from_str(files::TYPES).expect("types.json parses");
    types
        .enums
        .into_iter()
        .find(|known| known.name == name)
        .unwrap_or_else(|| panic!("{name} is not documented"))
}

macro_rules! values {
    ($type:ident) => {
        $type::VALUES.iter().map(|(value, name)| ((*name).to_owned(), i64::from(value.0))).collect()
    };
}

#[rstest]
#[case("VSS_PROVIDER_TYPE", values!(ProviderType))]
#[case("VSS_RESTORE_TYPE", values!(RestoreType))]
#[case("VSS_ROLLFORWARD_TYPE", values!(RollForwardType))]
#[case("VSS_SNAPSHOT_PROPERTY_ID", values!(SnapshotPropertyId))]
#[case("VSS_SNAPSHOT_STATE", values!(SnapshotState))]
#[case("VSS_WRITER_STATE", values!(WriterState))]
#[case("VSS_OBJECT_TYPE", values!(ObjectType))]
#[case("VSS_BACKUP_TYPE", values!(BackupType))]
#[case("VSS_APPLICATION_LEVEL", values!(ApplicationLevel))]
#[case("VDS_STORAGE_IDENTIFIER_CODE_SET", values!(StorageIdentifierCodeSet))]
#[case("VDS_STORAGE_IDENTIFIER_TYPE", values!(StorageIdentifierType))]
#[case("VDS_STORAGE_BUS_TYPE", values!(StorageBusType))]
#[case("VDS_INTERCONNECT_ADDRESS_TYPE", values!(InterconnectAddressType))]
fn an_enumeration_has_the_documented_values(#[case] name: &str, #[case] ours: Vec<(String, i64)>) {
    let documented = documented(name);
    assert!(!documented.flags);
    let documented: Vec<(String, i64)> =
        documented.values.into_iter().map(|value| (value.name, value.value)).collect();
    assert_eq!(ours, documented);
}

macro_rules! flags {
    ($type:ident) => {
        // The last constant stands for the bits without a name.
        $type::all().iter_names().map(|(name, flag)| (name.to_owned(), flag.bits())).collect()
    };
}

#[rstest]
#[case("VSS_HARDWARE_OPTIONS", &["VSS_BREAKEX_FLAG_", "VSS_ONLUNSTATECHANGE_"], flags!(HardwareOptions))]
#[case("VSS_PROVIDER_CAPABILITIES", &["VSS_PRV_CAPABILITY_"], flags!(ProviderCapabilities))]
#[case("VSS_RECOVERY_OPTIONS", &["VSS_RECOVERY_"], flags!(RecoveryOptions))]
#[case("VSS_SNAPSHOT_COMPATIBILITY", &["VSS_SC_"], flags!(SnapshotCompatibility))]
#[case("VSS_VOLUME_SNAPSHOT_ATTRIBUTES", &["VSS_VOLSNAP_ATTR_"], flags!(VolumeSnapshotAttributes))]
#[case("VSS_BACKUP_SCHEMA", &["VSS_BS_"], flags!(BackupSchema))]
fn a_flag_type_has_the_documented_bits(
    #[case] name: &str,
    #[case] prefixes: &[&str],
    #[case] ours: BTreeMap<String, u32>,
) {
    let documented = documented(name);
    assert!(documented.flags);
    // No bits, no constant: `VSS_CTX_BACKUP` and `VSS_BS_UNDEFINED` are the empty set.
    let bits = documented.values.iter().filter(|value| value.value != 0);
    let documented: BTreeMap<String, u32> = bits
        .map(|value| {
            let short = prefixes.iter().find_map(|prefix| value.name.strip_prefix(prefix));
            let bits = u32::try_from(value.value).unwrap_or_else(|_| panic!("{} has 32 bits", value.name));
            (short.unwrap_or(&value.name).to_owned(), bits)
        })
        .collect();
    assert_eq!(ours, documented);
}

/// Contexts overlap, so walking the bits does not find them all.
#[test]
fn a_context_has_the_documented_bits() {
    for value in documented("VSS_SNAPSHOT_CONTEXT").values {
        let short = value.name.strip_prefix("VSS_CTX_").expect("its prefix");
        let ours =
            if short == "BACKUP" { Some(SnapshotContext::BACKUP) } else { SnapshotContext::from_name(short) };
        assert_eq!(ours.map(|context| i64::from(context.bits())), Some(value.value), "{short}");
    }
}

#[test]
fn every_documented_type_is_compared() {
    let types: Types = serde_json::from_str(files::TYPES).expect("types.json parses");
    assert_eq!(types.enums.len(), 20, "a new type needs a line above");
}
