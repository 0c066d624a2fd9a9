//! Saves and loads a document with ten snapshots. `--check`: fails above the budget.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use vss_sim::api::{
    DeviceIdDescriptor, Guid, Interconnect, InterconnectAddressType, LunInformation, ProviderId, SnapshotId,
    SnapshotSetId, StorageBusType, StorageIdentifier, StorageIdentifierCodeSet, StorageIdentifierType,
    VolumeSnapshotAttributes, WriterId, WriterInstanceId,
};
use vss_sim::document::{
    BackupComponentsDocument, BackupState, Component, Extent, LunMapping, SnapshotDescription,
    SnapshotSetDescription, WriterComponents,
};

const SNAPSHOTS: u128 = 10;
const BUDGET: Duration = Duration::from_micros(200);
const ROUNDS: usize = 40;
const RUNS_PER_ROUND: usize = 101;

fn main() -> ExitCode {
    let document = document();
    let xml = document.to_xml();
    let save = median(|| {
        black_box(black_box(&document).to_xml());
    });
    let load = median(|| {
        black_box(BackupComponentsDocument::from_xml(black_box(&xml)).is_ok());
    });
    let both = median(|| {
        let saved = black_box(&document).to_xml();
        black_box(BackupComponentsDocument::from_xml(&saved).is_ok());
    });
    let bytes = xml.len();
    println!("{SNAPSHOTS} snapshots, {bytes} bytes: save {save:?}, load {load:?}, save and load {both:?}");
    if BackupComponentsDocument::from_xml(&xml).as_ref() != Ok(&document) {
        println!("the document did not come back");
        return ExitCode::FAILURE;
    }
    if std::env::args().any(|argument| argument == "--check") && both > BUDGET {
        println!("over the budget of {BUDGET:?}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// The median of the quietest round: other programs make the machine slower, never faster.
fn median(mut run: impl FnMut()) -> Duration {
    let mut round = || {
        let mut times: Vec<Duration> = (0..RUNS_PER_ROUND)
            .map(|_| {
                let start = Instant::now();
                run();
                start.elapsed()
            })
            .collect();
        times.sort_unstable();
        times[RUNS_PER_ROUND / 2]
    };
    (0..ROUNDS).map(|_| round()).min().unwrap_or_default()
}

fn guid(number: u128) -> Guid {
    Guid::from_u128(0x5100_0000_0000_0000_0000_0000_0000_0000 | number)
}

fn document() -> BackupComponentsDocument {
    BackupComponentsDocument {
        backup_state: Some(BackupState { select_components: true, ..BackupState::default() }),
        writers: vec![WriterComponents {
            writer_id: WriterId(guid(1)),
            instance_id: WriterInstanceId(guid(2)),
            components: vec![Component { name: "database".into(), ..Component::default() }; 10],
            ..WriterComponents::default()
        }],
        snapshot_set: Some(SnapshotSetDescription {
            snapshot_set_id: SnapshotSetId(guid(3)),
            snapshots: (0..SNAPSHOTS).map(|number| snapshot(0x100 * (number + 1))).collect(),
            ..SnapshotSetDescription::default()
        }),
        ..BackupComponentsDocument::default()
    }
}

fn snapshot(base: u128) -> SnapshotDescription {
    SnapshotDescription {
        snapshot_id: SnapshotId(guid(base)),
        provider_id: ProviderId(guid(4)),
        snapshot_attributes: VolumeSnapshotAttributes::TRANSPORTABLE,
        original_volume_name: format!(r"\\?\Volume{}\", guid(base + 1).braced()).into(),
        originating_machine: "host-1.example".into(),
        service_machine: "host-1.example".into(),
        creation_timestamp: 133_000_000_000_000_000,
        lun_mappings: vec![LunMapping {
            source: lun(base + 2).into(),
            destination: lun(base + 3).into(),
            extents: vec![Extent {
                offset: 1 << 20,
                length: 10 << 30,
                partition: Some(guid(base + 4)),
                ..Extent::default()
            }],
            ..LunMapping::default()
        }],
        ..SnapshotDescription::default()
    }
}

fn lun(number: u128) -> LunInformation {
    LunInformation {
        version: 1,
        command_queueing: true,
        bus_type: StorageBusType::FIBRE,
        vendor_id: Some("VSSLAB".into()),
        product_id: Some("Array".into()),
        product_revision: Some("1.0".into()),
        serial_number: Some(format!("S{number:010}").into()),
        disk_signature: guid(number),
        device_id_descriptor: DeviceIdDescriptor {
            version: 1,
            identifiers: vec![
                StorageIdentifier {
                    code_set: StorageIdentifierCodeSet::BINARY,
                    identifier_type: StorageIdentifierType::FCPH_NAME,
                    identifier: guid(number).as_bytes().as_slice().into(),
                };
                2
            ]
            .into(),
        },
        interconnects: vec![Interconnect {
            address_type: InterconnectAddressType::FCPH,
            port: [0x50, 1, 2, 3, 4, 5, 6, 7].as_slice().into(),
            address: [0; 8].as_slice().into(),
        }],
        ..LunInformation::default()
    }
}
