//! One small document with an MBR and a GPT disk: its files, its names, its encodings.

use std::path::Path;

use roxmltree::Node;
use rstest::rstest;
use vss_sim::api::{
    BackupType, ComponentType, DeviceIdDescriptor, Guid, Interconnect, InterconnectAddressType,
    LunInformation, ProviderId, SnapshotContext, SnapshotId, SnapshotSetId, StorageBusType,
    StorageIdentifier, StorageIdentifierCodeSet, StorageIdentifierType, VolumeSnapshotAttributes, WriterId,
    WriterInstanceId,
};
use vss_sim::document::{
    BackupComponentsDocument, BackupState, Component, Extent, LunMapping, SnapshotDescription,
    SnapshotSetDescription, WriterComponents,
};

const XML: &str = include_str!("../../../fixtures/documents/two-snapshots.xml");
const UTF16: &[u8] = include_bytes!("../../../fixtures/documents/two-snapshots-utf16.xml");

fn guid(number: u128) -> Guid {
    Guid::from_u128(0x5153_0000_0000_4000_8000_0000_0000_0000 | number)
}

/// An MBR signature as VSS keeps it: the first 32 bits of a GUID.
fn mbr(signature: u32) -> Guid {
    Guid::from_fields(signature, 0, 0, &[0; 8])
}

fn lun(serial: &str, disk_signature: Guid) -> LunInformation {
    LunInformation {
        version: 1,
        command_queueing: true,
        bus_type: StorageBusType::FIBRE,
        vendor_id: Some("VSSLAB".into()),
        product_id: Some("Array <1> & \"co\"".into()),
        serial_number: Some(serial.into()),
        disk_signature,
        device_id_descriptor: DeviceIdDescriptor {
            version: 1,
            identifiers: [StorageIdentifier {
                code_set: StorageIdentifierCodeSet::BINARY,
                identifier_type: StorageIdentifierType::FCPH_NAME,
                identifier: serial.as_bytes().into(),
            }]
            .into(),
        },
        interconnects: vec![Interconnect {
            address_type: InterconnectAddressType::FCPH,
            port: [0x51, 0, 0xAB].as_slice().into(),
            address: [].as_slice().into(),
        }],
        ..LunInformation::default()
    }
}

fn snapshot(number: u128, signature: Guid, partition: Option<Guid>) -> SnapshotDescription {
    SnapshotDescription {
        snapshot_id: SnapshotId(guid(0x10 + number)),
        provider_id: ProviderId(guid(4)),
        snapshot_attributes: VolumeSnapshotAttributes::TRANSPORTABLE
            | VolumeSnapshotAttributes::HARDWARE_ASSISTED,
        original_volume_name: format!(r"\\?\Volume{}\", guid(0x20 + number).braced()).into(),
        originating_machine: "host-1".into(),
        service_machine: "host-1".into(),
        creation_timestamp: 133_000_000_000_000_000,
        lun_mappings: vec![LunMapping {
            source: lun(&format!("source-{number}"), signature).into(),
            destination: lun(&format!("copy-{number}"), Guid::nil()).into(),
            extents: vec![Extent { offset: 1 << 20, length: 64 << 20, partition, ..Extent::default() }],
            ..LunMapping::default()
        }],
        ..SnapshotDescription::default()
    }
}

fn document() -> BackupComponentsDocument {
    BackupComponentsDocument {
        backup_state: Some(BackupState {
            select_components: true,
            backup_type: BackupType::FULL,
            ..BackupState::default()
        }),
        writers: vec![WriterComponents {
            writer_id: WriterId(guid(1)),
            instance_id: WriterInstanceId(guid(2)),
            components: vec![Component {
                component_type: ComponentType::DATABASE,
                logical_path: Some(r"server\instance".into()),
                name: "orders".into(),
                backup_succeeded: true,
                ..Component::default()
            }],
            ..WriterComponents::default()
        }],
        snapshot_set: Some(SnapshotSetDescription {
            snapshot_set_id: SnapshotSetId(guid(3)),
            context: SnapshotContext::BACKUP.with(VolumeSnapshotAttributes::TRANSPORTABLE),
            snapshots: vec![snapshot(0, mbr(0x1234_ABCD), None), snapshot(1, guid(0x30), Some(guid(0x31)))],
            ..SnapshotSetDescription::default()
        }),
        ..BackupComponentsDocument::default()
    }
}

/// The files are what the document writes. `VSSLAB_BLESS=1` writes them anew.
#[test]
fn the_files_are_what_is_written() {
    let document = document();
    if std::env::var_os("VSSLAB_BLESS").is_some() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/documents");
        std::fs::write(folder.join("two-snapshots.xml"), document.to_xml_indented()).expect("written");
        std::fs::write(folder.join("two-snapshots-utf16.xml"), document.to_utf16_bytes()).expect("written");
        return;
    }
    assert_eq!(document.to_xml_indented(), XML);
    assert_eq!(document.to_utf16_bytes(), UTF16);
    let one_line: String = XML.lines().map(str::trim_start).collect();
    assert_eq!(document.to_xml(), one_line);
}

/// Every way in which the same document arrives.
#[rstest]
#[case::file(XML.as_bytes().to_vec())]
#[case::utf16_file(UTF16.to_vec())]
#[case::utf16_without_mark(UTF16[2..].to_vec())]
#[case::utf16_big_endian(UTF16.as_chunks::<2>().0.iter().flat_map(|[low, high]| [*high, *low]).collect())]
#[case::utf16_big_endian_without_mark(UTF16.as_chunks::<2>().0[1..].iter().flat_map(|[low, high]| [*high, *low]).collect())]
#[case::utf16_trailing_nul([UTF16, &[0, 0]].concat())]
#[case::utf8_mark(format!("\u{FEFF}{XML}").into_bytes())]
#[case::trailing_nuls(format!("{XML}\0\0\0").into_bytes())]
#[case::claims_utf16(XML.replace("\"1.0\"", "\"1.0\" encoding=\"UTF-16\" standalone=\"yes\"").into_bytes())]
#[case::no_declaration(XML.lines().skip(1).collect::<String>().into_bytes())]
#[case::windows_lines(XML.replace('\n', "\r\n").into_bytes())]
#[case::single_quotes(XML.replace("&quot;", "&#x22;").replace('"', "'").into_bytes())]
#[case::braces(XML.replace("snapshotSetId=\"51530000-0000-4000-8000-000000000003\"", "snapshotSetId=\"{51530000-0000-4000-8000-000000000003}\"").into_bytes())]
#[case::own_prefix(XML.replace('<', "<v:").replace("<v:/", "</v:").replace("<v:?", "<?").replace("xmlns=", "xmlns:v=").into_bytes())]
fn the_document_is_read(#[case] bytes: Vec<u8>) {
    let mut read = BackupComponentsDocument::from_bytes(&bytes).expect("a document");
    // The declaration of a prefix is kept.
    read.unknown = Default::default();
    assert_eq!(read, document());
}

#[rstest]
#[case::plain(XML.to_owned())]
#[case::mark_and_nul(format!("\u{FEFF}{XML}\0"))]
fn a_bstr_is_read(#[case] text: String) {
    let units: Vec<u16> = text.encode_utf16().collect();
    assert_eq!(BackupComponentsDocument::from_bstr(&units), Ok(document()));
    assert_eq!(BackupComponentsDocument::from_xml(&text), Ok(document()));
}

/// What public tools rely on (`fixtures/spec/rules/documents.md`), looked up without this crate's reader.
#[test]
fn public_readers_find_what_they_look_for() {
    let xml = document().to_xml();
    let parsed = roxmltree::Document::parse(&xml).expect("XML");
    let root = parsed.root_element();
    assert_eq!(root.tag_name().name(), "BACKUP_COMPONENTS");
    let namespace = Some("x-schema:#VssComponentMetadata");
    assert!(root.descendants().filter(Node::is_element).all(|node| node.tag_name().namespace() == namespace));

    let writer = only(root, "WRITER_COMPONENTS");
    assert_eq!(writer.attribute("writerId"), Some("51530000-0000-4000-8000-000000000001"));
    assert_eq!(writer.attribute("instanceId"), Some("51530000-0000-4000-8000-000000000002"));
    let set = only(root, "SNAPSHOT_SET_DESCRIPTION");
    assert_eq!(set.attribute("snapshotSetId"), Some("51530000-0000-4000-8000-000000000003"));
    let snapshots = children(set, "SNAPSHOT_DESCRIPTION");
    let ids: Vec<_> = snapshots.iter().map(|snapshot| snapshot.attribute("snapshotId")).collect();
    let expected = ["51530000-0000-4000-8000-000000000010", "51530000-0000-4000-8000-000000000011"];
    assert_eq!(ids, expected.map(Some));

    let signatures = |side| -> Vec<_> {
        let luns = snapshots.iter().map(|snapshot| only(only(*snapshot, "LUN_MAPPING"), side));
        luns.map(|lun| only(lun, "LUN_INFORMATION").attribute("diskSignature")).collect()
    };
    let source = ["1234abcd-0000-0000-0000-000000000000", "51530000-0000-4000-8000-000000000030"];
    assert_eq!(signatures("SOURCE_LUN"), source.map(Some));
    assert_eq!(signatures("DESTINATION_LUN"), ["00000000-0000-0000-0000-000000000000"; 2].map(Some));
}

fn children<'a, 'i>(parent: Node<'a, 'i>, name: &str) -> Vec<Node<'a, 'i>> {
    parent.children().filter(|child| child.tag_name().name() == name).collect()
}

fn only<'a, 'i>(parent: Node<'a, 'i>, name: &str) -> Node<'a, 'i> {
    let found = children(parent, name);
    assert_eq!(found.len(), 1, "{name}");
    found[0]
}
