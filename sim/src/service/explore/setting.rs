//! The lab that is explored, and the shadow copies that are in it from the beginning.

use crate::api::{
    Call, INFINITE, Object, Out, ProviderId, Reply, SnapshotContext, SnapshotId, SnapshotSetId, Text,
    VolumeSnapshotAttributes,
};
use crate::lab::{Lab, Os, Size};
use crate::service::simulator::Simulator;

/// What calls of the explored lab name.
pub(super) struct Names {
    /// A backup of the first volume, and its document.
    pub(super) backup: OnlyCopy,
    pub(super) backup_document: Text,
    /// A set that can be transported, and its document.
    pub(super) transport: OnlyCopy,
    pub(super) transport_document: Text,
    /// A copy that is exposed.
    pub(super) exposed: OnlyCopy,
    /// A copy of the local volume.
    pub(super) revertible: OnlyCopy,
    /// A copy of the local volume that goes with its requester's object, which is there all the time.
    pub(super) fleeting: OnlyCopy,
    /// A copy of the local volume for the clients of its shares.
    pub(super) client_accessible: OnlyCopy,
    /// The volumes on an array, by their mount points.
    pub(super) volumes: [&'static str; 2],
    /// The volume whose copies are the system provider's.
    pub(super) local: &'static str,
}

/// A shadow copy, the only one of its set.
#[derive(Clone, Copy, Debug)]
pub(super) struct OnlyCopy {
    pub(super) copy: SnapshotId,
    pub(super) set: SnapshotSetId,
}

/// The volumes on an array.
pub(super) const VOLUMES: [&str; 2] = [r"D:\", r"E:\"];
const LOCAL: &str = r"F:\";
/// The lab, and what is in it.
pub(super) fn setting(writers: bool) -> (Simulator, Names) {
    let mut simulator = simulator(writers);
    let [first, second] = VOLUMES;
    let persistent = SnapshotContext::NAS_ROLLBACK;
    let transportable = persistent.with(VolumeSnapshotAttributes::TRANSPORTABLE);
    let (backup, backup_document) = copied(&mut simulator, persistent, first);
    let (transport, transport_document) = copied(&mut simulator, transportable, second);
    let (exposed, _) = copied(&mut simulator, persistent, second);
    expose(&mut simulator, exposed);
    let (revertible, _) = copied(&mut simulator, persistent, LOCAL);
    let (fleeting, _) = copied(&mut simulator, SnapshotContext::FILE_SHARE_BACKUP, LOCAL);
    let (client_accessible, _) = copied(&mut simulator, SnapshotContext::CLIENT_ACCESSIBLE, LOCAL);
    let names = Names {
        backup,
        backup_document,
        transport,
        transport_document,
        exposed,
        revertible,
        fleeting,
        client_accessible,
        volumes: VOLUMES,
        local: LOCAL,
    };
    (simulator, names)
}

fn simulator(writers: bool) -> Simulator {
    let [first, second] = VOLUMES;
    let mut lab = Lab::builder("explored")
        .host("ONE", Os::WindowsServer2022)
        .provider("Array Provider")
        .array("san", "Array Provider")
        .lun("one", Size::mib(16))
        .lun("two", Size::mib(16))
        .disk("three", Size::mib(16))
        .volume(first, "one")
        .volume(second, "two")
        .volume(LOCAL, "three");
    if writers {
        lab = lab.writer("Database Writer", [("sales", first)]);
    }
    match lab.build().map(|lab| Simulator::new(&lab)) {
        Ok(Ok(simulator)) => simulator,
        refused => unreachable!("the lab is sound: {refused:?}"),
    }
}

/// An object for a backup.
fn initialized(simulator: &mut Simulator) -> Object {
    let create = simulator.dispatch(Object::HOST, &Call::CREATE_VSS_BACKUP_COMPONENTS);
    let session = match create.out {
        Some(Out::CreateVssBackupComponents { pp_backup }) => pp_backup,
        out => unreachable!("no object in {out:?}"),
    };
    simulator.dispatch(session, &Call::InitializeForBackup { bstr_xml: None });
    session
}

/// Makes a shadow copy; answers also its document.
fn copied(simulator: &mut Simulator, context: SnapshotContext, volume: &str) -> (OnlyCopy, Text) {
    let session = initialized(simulator);
    let mut call = |on, call: Call| simulator.dispatch(on, &call);
    call(session, Call::SetContext { l_context: context });
    let started = call(session, Call::START_SNAPSHOT_SET);
    let added = call(session, Call::add_to_snapshot_set(volume, ProviderId::NULL));
    let created = call(session, Call::DO_SNAPSHOT_SET);
    let Reply { out: Some(Out::DoSnapshotSet { pp_async: operation }), .. } = created else {
        unreachable!("no set is created: {created:?}")
    };
    call(operation, Call::Wait { dw_milliseconds: INFINITE });
    let document = call(session, Call::SAVE_AS_XML);
    let (
        Some(Out::StartSnapshotSet { p_snapshot_set_id: set }),
        Some(Out::AddToSnapshotSet { pid_snapshot: copy }),
        Some(Out::SaveAsXML { pbstr_xml }),
    ) = (started.out, added.out, document.out)
    else {
        unreachable!("no copy or no document")
    };
    (OnlyCopy { copy, set }, pbstr_xml)
}

fn expose(simulator: &mut Simulator, copy: OnlyCopy) {
    let session = initialized(simulator);
    let expose =
        Call::expose_snapshot(copy.copy, None, VolumeSnapshotAttributes::EXPOSED_LOCALLY, Some("Y:"));
    let exposed = simulator.dispatch(session, &expose);
    debug_assert!(exposed.hresult.is_success(), "{exposed:?}");
}
