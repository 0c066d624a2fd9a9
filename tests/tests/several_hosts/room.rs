//! Three hosts that see one array, and requesters on them.

use vss_sim::api::face::{BackupComponents, Vss};
use vss_sim::api::*;
use vss_sim::lab::{Host, Lab, Os, Share};
use vss_sim::service::Simulator;

pub(crate) const DATA: u64 = 1 << 20;

/// The default lab with two more servers, which see its array, and a share on each of two.
pub(crate) fn lab() -> Lab {
    Lab::default_lab().with(|lab| {
        for name in ["TWO", "THREE"] {
            lab.hosts.push(Host::new(name, Os::WindowsServer2022));
        }
        for path in [r"\\TWO\a", r"\\TWO\b"] {
            lab.shares.push(Share::new(path, r"E:\"));
        }
    })
}

pub(crate) fn room(lab: &Lab) -> Vss<Simulator> {
    Vss::new(Simulator::new(lab).expect("a lab"))
}

pub(crate) type Requester = BackupComponents<Simulator>;

pub(crate) fn requester(room: &Vss<Simulator>, host: u32, context: SnapshotContext) -> Requester {
    let requester = room.create_vss_backup_components_on(host).expect("an object");
    requester.initialize_for_backup(None).expect("a backup");
    requester.set_context(context).expect("a context");
    requester
}

/// A set of that requester.
pub(crate) fn made(requester: &Requester, volumes: &[&str]) -> (SnapshotSetId, Vec<SnapshotId>) {
    let set = requester.start_snapshot_set().expect("a set");
    let copies = volumes.iter().map(|volume| requester.add_to_snapshot_set(volume, None).expect("a copy"));
    let copies = copies.collect();
    requester.do_snapshot_set().expect("an operation").finish().expect("a creation");
    (set, copies)
}

pub(crate) fn transport() -> SnapshotContext {
    SnapshotContext::NAS_ROLLBACK.with(VolumeSnapshotAttributes::TRANSPORTABLE)
}

/// A set of D: for transport, saved.
pub(crate) fn for_transport(room: &Vss<Simulator>) -> (SnapshotSetId, SnapshotId, Text) {
    let maker = requester(room, 1, transport());
    let (set, copies) = made(&maker, &[r"D:\"]);
    (set, copies[0], maker.save_as_xml().expect("a document"))
}

pub(crate) fn importer(room: &Vss<Simulator>, host: u32, document: &str) -> Requester {
    let requester = room.create_vss_backup_components_on(host).expect("an object");
    requester.initialize_for_backup(Some(document)).expect("a document");
    requester
}

pub(crate) fn write(room: &Vss<Simulator>, volume: &str, byte: u8) {
    let (volume, bytes) = (volume.into(), vec![byte]);
    room.act(&Action::WriteVolume { volume, offset: DATA, bytes }).expect("a volume");
}

pub(crate) fn shown(room: &Vss<Simulator>, host: u32, device: &str) -> Option<u8> {
    room.act(&Action::TurnTo { host }).expect("a host");
    let read = Question::ReadVolume { volume: device.into(), offset: DATA, length: 1 };
    let byte = match room.ask(&read) {
        Ok(Answer::Bytes(bytes)) => bytes.first().copied(),
        _ => None,
    };
    room.act(&Action::TurnTo { host: 1 }).expect("a host");
    byte
}

pub(crate) fn device(requester: &Requester, copy: SnapshotId) -> Text {
    requester.get_snapshot_properties(copy).expect("a copy").snapshot_device_object.expect("a device object")
}
