//! Arbitrary documents, with odd names and unknown parts everywhere.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use vss_sim::api::{
    BackupType, ComponentType, DeviceIdDescriptor, FileRestoreStatus, Guid, Interconnect,
    InterconnectAddressType, LunInformation, ProviderId, RestoreType, RollForwardType, SnapshotContext,
    SnapshotId, SnapshotSetId, StorageBusType, StorageIdentifier, StorageIdentifierCodeSet,
    StorageIdentifierType, Text, VolumeSnapshotAttributes, WriterId, WriterInstanceId,
};
use vss_sim::document::{
    AlternateMapping, BackupComponentsDocument, BackupState, Component, Extent, LunDescription, LunMapping,
    NewTarget, PartialFile, RestoreState, RestoreSubcomponent, SnapshotDescription, SnapshotSetDescription,
    Unknown, UnknownOfLun, WriterComponents,
};

/// Any text, with the characters that matter often.
pub(super) fn text() -> impl Strategy<Value = Text> {
    let odd = prop::sample::select(vec![
        "\0",
        "\u{1}",
        "\u{1F}",
        "\u{B}",
        "\t",
        "\n",
        "\r",
        "\r\n",
        "\u{7F}",
        "\u{85}",
        "\u{2028}",
        "\u{FFFE}",
        "\u{FFFF}",
        "\u{FEFF}",
        "\u{FFFD}",
        "\u{10FFFF}",
        "ï",
        "<",
        ">",
        "&",
        "\"",
        "'",
        "&amp;",
        "]]>",
        "<!--",
        " ",
        "_",
        "x",
        "_x",
        "_x0001",
        "_x0001_",
        "_x005F_",
        "_x005f_",
        "x0001_",
        "005F_",
        "_x0041_",
        "_xFFFE_",
        "_xD800_",
    ]);
    let piece = prop_oneof![3 => odd.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from), 1 => "[a-z]{0,8}"];
    vec(piece, 0..6).prop_map(|pieces| pieces.concat().into())
}

fn guid() -> impl Strategy<Value = Guid> {
    any::<u128>().prop_map(Guid::from_u128)
}

fn bytes() -> impl Strategy<Value = Arc<[u8]>> {
    vec(any::<u8>(), 0..20).prop_map(Arc::from)
}

/// Numbers of an enumeration, with and without a name.
fn number() -> impl Strategy<Value = i32> {
    prop_oneof![4 => -1..20, 1 => any::<i32>()]
}

/// What a document's reader leaves of an element's unknown parts. Namespaces are never the same twice.
fn unknown() -> impl Strategy<Value = Unknown> {
    let fragment = (any::<u64>(), vec(element(), 0..3), option::of("[a-z ]{0,5}")).prop_map(|(id, inside, plain)| {
        let plain = plain.map(|value| format!(" unknown='{value}'")).unwrap_or_default();
        format!(
            "<BACKUP_COMPONENTS xmlns='x-schema:#VssComponentMetadata' xmlns:v='urn:{id}'{plain} v:a='&#10;{id}&quot;'>{}</BACKUP_COMPONENTS>",
            inside.concat()
        )
    });
    let read =
        fragment.prop_map(|text| BackupComponentsDocument::from_xml(&text).expect("a document").unknown);
    prop_oneof![3 => Just(Unknown::default()), 1 => read]
}

fn element() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("<NEW/>".to_owned()),
        Just("<v:NEW v:x='1' x='2'/>".to_owned()),
        Just(" text\n".to_owned()),
        Just("<w:n xmlns:w='urn:w' xmlns='urn:d' w:x='&lt;'>a<n/>b</w:n>".to_owned()),
        Just("<n xmlns=''>&#13;&#xE9;<![CDATA[<]]></n>".to_owned()),
        any::<u64>().prop_map(|id| format!("<v:n xmlns:v='urn:inner:{id}' xml:space='preserve'/>")),
    ];
    let inner = leaf.prop_recursive(3, 10, 4, |inner| {
        vec(inner, 0..4).prop_map(|inside| format!("<n a='\t'>{}</n>", inside.concat()))
    });
    inner.prop_map(|inside| format!("<OUTER>{inside}</OUTER>"))
}

pub(super) fn document() -> impl Strategy<Value = BackupComponentsDocument> {
    (
        option::of(backup_state()),
        option::of((number(), unknown())),
        vec(writer(), 0..3),
        option::of(set()),
        unknown(),
    )
        .prop_map(|(backup_state, restore_state, writers, snapshot_set, unknown)| {
            BackupComponentsDocument {
                backup_state,
                restore_state: restore_state
                    .map(|(number, unknown)| RestoreState { restore_type: RestoreType(number), unknown }),
                writers,
                snapshot_set,
                unknown,
            }
        })
}

fn backup_state() -> impl Strategy<Value = BackupState> {
    (any::<[bool; 3]>(), number(), unknown()).prop_map(|(yes, number, unknown)| BackupState {
        select_components: yes[0],
        bootable_system_state: yes[1],
        backup_type: BackupType(number),
        partial_file_support: yes[2],
        unknown,
    })
}

fn writer() -> impl Strategy<Value = WriterComponents> {
    (guid(), guid(), vec(component(), 0..3), unknown()).prop_map(|(writer, instance, components, unknown)| {
        WriterComponents {
            writer_id: WriterId(writer),
            instance_id: WriterInstanceId(instance),
            components,
            unknown,
        }
    })
}

prop_compose! {
    fn component()(
        yes in any::<[bool; 4]>(),
        numbers in [number(), number(), number()],
        name in text(),
        texts in vec(option::of(text()), 12),
        instance in option::of(guid()),
        lists in lists(),
        unknown in unknown(),
    ) -> Component {
        let mut texts = texts.into_iter();
        let mut next = || texts.next().flatten();
        let (restore_subcomponents, alternate_mappings, new_targets, partial_files) = lists.clone();
        Component {
            component_type: ComponentType(numbers[0]),
            logical_path: next(),
            name: name.clone(),
            selected_for_restore: yes[0],
            restore_instance_id: instance.map(WriterInstanceId),
            backup_succeeded: yes[1],
            additional_restores: yes[2],
            authoritative_restore: yes[3],
            file_restore_status: FileRestoreStatus(numbers[1]),
            roll_forward_type: RollForwardType(numbers[2]),
            roll_forward_point: next(),
            restore_name: next(),
            backup_options: next(),
            restore_options: next(),
            backup_metadata: next(),
            restore_metadata: next(),
            backup_stamp: next(),
            previous_backup_stamp: next(),
            pre_restore_failure: next(),
            post_restore_failure: next(),
            restore_subcomponents,
            alternate_mappings,
            new_targets,
            partial_files,
            unknown: unknown.clone(),
        }
    }
}

type Lists = (Vec<RestoreSubcomponent>, Vec<AlternateMapping>, Vec<NewTarget>, Vec<PartialFile>);

fn lists() -> impl Strategy<Value = Lists> {
    let subcomponent = (option::of(text()), text(), any::<bool>(), unknown()).prop_map(
        |(logical_path, name, repair, unknown)| RestoreSubcomponent { logical_path, name, repair, unknown },
    );
    let mapping = (text(), text(), any::<bool>(), text(), unknown()).prop_map(
        |(path, filespec, recursive, destination, unknown)| AlternateMapping {
            path,
            filespec,
            recursive,
            destination,
            unknown,
        },
    );
    let target = (text(), text(), any::<bool>(), text(), unknown()).prop_map(
        |(path, file_name, recursive, alternate_path, unknown)| NewTarget {
            path,
            file_name,
            recursive,
            alternate_path,
            unknown,
        },
    );
    let partial = (text(), text(), text(), option::of(text()), unknown()).prop_map(
        |(path, file_name, ranges, metadata, unknown)| PartialFile {
            path,
            file_name,
            ranges,
            metadata,
            unknown,
        },
    );
    (vec(subcomponent, 0..2), vec(mapping, 0..2), vec(target, 0..2), vec(partial, 0..2))
}

fn set() -> impl Strategy<Value = SnapshotSetDescription> {
    (guid(), any::<u32>(), vec(snapshot(), 0..3), unknown()).prop_map(|(id, context, snapshots, unknown)| {
        SnapshotSetDescription {
            snapshot_set_id: SnapshotSetId(id),
            context: SnapshotContext::from_bits_retain(context),
            snapshots,
            unknown,
        }
    })
}

prop_compose! {
    fn snapshot()(
        ids in [guid(), guid()],
        attributes in any::<u32>(),
        names in [text(), text(), text()],
        creation_timestamp in any::<i64>(),
        lun_mappings in vec(mapping(), 0..2),
        unknown in unknown(),
    ) -> SnapshotDescription {
        let [original_volume_name, originating_machine, service_machine] = names.clone();
        SnapshotDescription {
            snapshot_id: SnapshotId(ids[0]),
            provider_id: ProviderId(ids[1]),
            snapshot_attributes: VolumeSnapshotAttributes::from_bits_retain(attributes),
            original_volume_name,
            originating_machine,
            service_machine,
            creation_timestamp,
            lun_mappings: lun_mappings.clone(),
            unknown: unknown.clone(),
        }
    }
}

fn mapping() -> impl Strategy<Value = LunMapping> {
    let extent = (any::<u64>(), any::<u64>(), option::of(guid()), unknown())
        .prop_map(|(offset, length, partition, unknown)| Extent { offset, length, partition, unknown });
    (lun(), lun(), vec(extent, 0..3), unknown()).prop_map(|(source, destination, extents, unknown)| {
        LunMapping { source, destination, extents, unknown }
    })
}

prop_compose! {
    fn lun()(
        versions in any::<[u32; 2]>(),
        types in any::<[u8; 2]>(),
        command_queueing in any::<bool>(),
        bus_type in number().prop_map(StorageBusType),
        strings in [option::of(text()), option::of(text()), option::of(text()), option::of(text())],
        disk_signature in guid(),
        identifiers in vec((number(), number(), bytes(), unknown()), 0..3),
        interconnects in vec((number(), bytes(), bytes(), unknown()), 0..3),
        unknowns in [unknown(), unknown()],
    ) -> LunDescription {
        let [vendor_id, product_id, product_revision, serial_number] = strings.clone();
        let [lun, information] = unknowns.clone();
        let said = |unknown: &Unknown| (!unknown.is_empty()).then(|| unknown.clone());
        LunDescription {
            unknown: UnknownOfLun {
                lun,
                information,
                identifiers: identifiers.iter().enumerate().filter_map(|(place, all)| Some((place, said(&all.3)?))).collect(),
                interconnects: interconnects.iter().enumerate().filter_map(|(place, all)| Some((place, said(&all.3)?))).collect(),
            },
            information: LunInformation {
                version: versions[0],
                device_type: types[0],
                device_type_modifier: types[1],
                command_queueing,
                bus_type,
                vendor_id,
                product_id,
                product_revision,
                serial_number,
                disk_signature,
                device_id_descriptor: DeviceIdDescriptor {
                    version: versions[1],
                    identifiers: identifiers.iter().map(|(code_set, kind, identifier, _)| StorageIdentifier {
                        code_set: StorageIdentifierCodeSet(*code_set),
                        identifier_type: StorageIdentifierType(*kind),
                        identifier: identifier.clone(),
                    }).collect(),
                },
                interconnects: interconnects.iter().map(|(kind, port, address, _)| Interconnect {
                    address_type: InterconnectAddressType(*kind),
                    port: port.clone(),
                    address: address.clone(),
                }).collect(),
            },
        }
    }
}
