//! File shares in sets, and what several hosts work with at the same time.

use vss_sim::api::{
    Action, Call, Object, ProviderId, Ptr, SnapshotContext, SnapshotId,
    VolumeSnapshotAttributes as Attributes,
};
use vss_sim::document::BackupComponentsDocument;
use vss_sim::lab::{BootMode, FILE_SHARE_PROVIDER, Host, Lab, Os, SYSTEM_PROVIDER};

use super::{flow, has_copies, set_on};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssBackupComponents::AddToSnapshotSet/S_OK/volume-added", of_another_host),
    case!("IVssBackupComponents::AddToSnapshotSet/S_OK/volume-added", with_volumes),
    case!("IVssBackupComponents::AddToSnapshotSet/E_INVALIDARG/bad-volume-name", of_older_systems),
    case!("IVssBackupComponents::AddToSnapshotSet/VSS_E_OBJECT_NOT_FOUND/no-such-volume", server_is_down),
    case!("IVssBackupComponents::AddToSnapshotSet/S_OK/volume-added", other_node_serves),
    case!("IVssBackupComponents::IsVolumeSupported/VSS_E_OBJECT_NOT_FOUND/unavailable", server_is_away),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_VOLUME_NOT_SUPPORTED/no-provider-supports",
        in_contexts_of_volumes_only
    ),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER/chosen-provider-refuses",
        provider_of_the_other_kind
    ),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_SNAPSHOT_SET_IN_PROGRESS/creation-in-progress",
        server_is_busy
    ),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_SNAPSHOT_SET_IN_PROGRESS/csv-multi-node",
        cluster_shared
    ),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_SNAPSHOT_SET_IN_PROGRESS/scale-out-share-multi-client",
        scale_out
    ),
    case!(
        "IVssBackupComponents::StartSnapshotSet/VSS_E_SNAPSHOT_SET_IN_PROGRESS/creation-in-progress",
        server_copies_its_share
    ),
    case!(
        "IVssBackupComponents::StartSnapshotSet/VSS_E_SNAPSHOT_SET_IN_PROGRESS/creation-in-progress",
        server_restarts
    ),
];

/// A share of the first host's `D:\`.
const SHARE: &str = r"\\SRV\data\";

fn with_share(lab: &mut Lab) {
    lab.hosts.first_mut().into_iter().for_each(|host| "SRV".clone_into(&mut host.name));
    flow::with_share("data")(lab);
}

/// Two hosts; the first shares its `D:\`.
fn lab(bench: &Bench<'_>) -> Lab {
    flow::two_hosts(bench.lab()).with(with_share)
}

/// What holds for every copy of the share.
fn is_copy_of_share(
    bench: &mut Bench<'_>,
    session: Object,
    snapshot: SnapshotId,
    service_machine: &str,
) -> Checked {
    let came = flow::properties(bench, session, snapshot)?;
    let attributes = came.snapshot_attributes;
    bench.check(attributes.contains(Attributes::FILE_SHARE), || {
        format!("m_lSnapshotAttributes has to hold FILE_SHARE, but is {attributes:?}")
    })?;
    let share = SHARE.trim_end_matches('\\');
    bench.same("m_pwszOriginalVolumeName", &share, &&*came.original_volume_name)?;
    bench.same("m_pwszOriginatingMachine", &"SRV", &&*came.originating_machine)?;
    bench.same("m_pwszServiceMachine", &service_machine, &&*came.service_machine)?;
    let provider = flow::provider_named(bench, FILE_SHARE_PROVIDER)?;
    bench.same("the provider", &provider, &came.provider_id)?;
    let device = came.snapshot_device_object.unwrap_or_default();
    bench.check(device.starts_with(r"\\SRV\data@"), || {
        format!("m_pwszSnapshotDeviceObject has to be a UNC path on the file server, but is {device}")
    })?;
    flow::holds(bench, &device, "then")
}

fn add(bench: &mut Bench<'_>, session: Object, name: &str) -> Result<SnapshotId, Stop> {
    flow::expect_added(bench, session, name, ProviderId::NULL)
}

/// From the name to the release: the copy, what the document says of it, and that it goes with its object.
fn of_another_host(bench: &mut Bench<'_>) -> Checked {
    bench.load(&lab(bench))?;
    flow::write(bench, r"D:\", "then")?;
    let session = set_on(bench, flow::SECOND, &[])?;
    let snapshot = add(bench, session, SHARE)?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    flow::write(bench, r"D:\", "now!")?;
    flow::turn_to(bench, 2)?;
    is_copy_of_share(bench, session, snapshot, flow::SECOND_NAME)?;
    let document = flow::save(bench, session)?;
    let document = BackupComponentsDocument::from_xml(&document)
        .map_err(|error| Stop::failed(format!("the saved document cannot be read: {error}")))?;
    let Some(described) = document.snapshot(snapshot) else {
        return Err(Stop::failed("the document has to describe the copy of the share"));
    };
    bench.check(described.snapshot_attributes.contains(Attributes::FILE_SHARE), || {
        "the document has to say that it is the copy of a share".to_owned()
    })?;
    has_copies(bench, 1)?;
    bench.release(session);
    has_copies(bench, 0)
}

/// Windows Server 2012 was the first; volumes and shares go into one set.
fn with_volumes(bench: &mut Bench<'_>) -> Checked {
    for os in [Os::WindowsServer2012, Os::WindowsServer2022] {
        bench.load(&flow::with_os(bench.lab(), os).with(with_share))?;
        flow::write(bench, r"D:\", "then")?;
        let (session, volumes) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[r"C:\", r"E:\"])?;
        let snapshot = add(bench, session, SHARE)?;
        bench.done(session, Call::DO_SNAPSHOT_SET)?;
        has_copies(bench, 3)?;
        let of_volume = flow::properties(bench, session, volumes[0])?.snapshot_attributes;
        bench.check(!of_volume.contains(Attributes::FILE_SHARE), || {
            "the copy of a volume is not one of a share".to_owned()
        })?;
        if os == Os::WindowsServer2022 {
            is_copy_of_share(bench, session, snapshot, "SRV")?;
        }
        bench.release(session);
        has_copies(bench, 0)?;
    }
    Ok(())
}

/// What was refused is not in the set, which goes on with a volume.
fn goes_on(bench: &mut Bench<'_>, session: Object) -> Checked {
    bench.ok(session, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL))?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    has_copies(bench, 1)
}

/// Before Windows 8 and Windows Server 2012 a UNC path is no form of a name.
fn of_older_systems(bench: &mut Bench<'_>) -> Checked {
    let code = bench.outcome_code()?;
    for os in [Os::WindowsServer2003, Os::WindowsServer2008R2] {
        bench.load(&flow::with_os(bench.lab(), os).with(with_share))?;
        let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[])?;
        bench.expect(session, Call::add_to_snapshot_set(SHARE, ProviderId::NULL), code)?;
        goes_on(bench, session)?;
    }
    Ok(())
}

/// Nobody moves or splits off a copy of a share, nor makes it accessible to clients.
fn in_contexts_of_volumes_only(bench: &mut Bench<'_>) -> Checked {
    let contexts = [
        SnapshotContext::NAS_ROLLBACK.with(Attributes::TRANSPORTABLE),
        SnapshotContext::NAS_ROLLBACK.with(Attributes::PLEX),
        SnapshotContext::CLIENT_ACCESSIBLE,
    ];
    let code = bench.outcome_code()?;
    for context in contexts {
        bench.load(&bench.lab().clone().with(with_share))?;
        let (session, _) = flow::prepared_set(bench, context, &[])?;
        bench.expect(session, Call::add_to_snapshot_set(SHARE, ProviderId::NULL), code)?;
        goes_on(bench, session)?;
    }
    Ok(())
}

/// The provider of shares copies no volumes, and the system provider no shares.
fn provider_of_the_other_kind(bench: &mut Bench<'_>) -> Checked {
    bench.load(&bench.lab().clone().with(with_share))?;
    let (shares, system) =
        (flow::provider_named(bench, FILE_SHARE_PROVIDER)?, flow::provider_named(bench, SYSTEM_PROVIDER)?);
    let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[])?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::add_to_snapshot_set(r"D:\", shares), code)?;
    bench.expect(session, Call::add_to_snapshot_set(SHARE, system), code)?;
    bench.ok(session, Call::add_to_snapshot_set(SHARE, shares))?;
    bench.done(session, Call::DO_SNAPSHOT_SET).map(drop)
}

/// The file server creates one set at a time as well.
fn server_is_busy(bench: &mut Bench<'_>) -> Checked {
    bench.load(&lab(bench))?;
    let local = set_on(bench, Object::HOST, &[r"C:\"])?;
    let session = set_on(bench, flow::SECOND, &[])?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::add_to_snapshot_set(SHARE, ProviderId::NULL), code)?;
    bench.done(local, Call::DO_SNAPSHOT_SET)?;
    bench.ok(session, Call::add_to_snapshot_set(SHARE, ProviderId::NULL))?;
    bench.done(session, Call::DO_SNAPSHOT_SET).map(drop)
}

/// And it is busy while it copies a share for another host, until that one's set is done with.
fn server_copies_its_share(bench: &mut Bench<'_>) -> Checked {
    bench.load(&lab(bench))?;
    let session = set_on(bench, flow::SECOND, &[SHARE])?;
    let local = flow::backup_object(bench, flow::AUTO_RELEASE)?;
    let code = bench.outcome_code()?;
    bench.expect(local, Call::START_SNAPSHOT_SET, code)?;
    bench.ok(session, Call::AbortBackup {})?;
    bench.ok(local, Call::START_SNAPSHOT_SET).map(drop)
}

/// A file server that restarts has forgotten the set, which cannot be created any more.
fn server_restarts(bench: &mut Bench<'_>) -> Checked {
    bench.load(&lab(bench))?;
    let session = set_on(bench, flow::SECOND, &[SHARE])?;
    let waiting = flow::backup_object(bench, flow::AUTO_RELEASE)?;
    let code = bench.outcome_code()?;
    bench.expect(waiting, Call::START_SNAPSHOT_SET, code)?;
    bench.act(Action::Restart { host: 1 })?;
    let local = flow::backup_object(bench, flow::AUTO_RELEASE)?;
    bench.ok(local, Call::START_SNAPSHOT_SET)?;
    bench.expect_failure(session, Call::DO_SNAPSHOT_SET)?;
    flow::turn_to(bench, 2)?;
    has_copies(bench, 0)?;
    // The local set is no matter of the other host's.
    bench.done(local, Call::DO_SNAPSHOT_SET).map(drop)
}

/// The first node keeps the second out until its set is done with; other volumes are not concerned.
fn shared_by_hosts(bench: &mut Bench<'_>, lab: &Lab, clients: [Object; 2], name: &str) -> Checked {
    let code = bench.outcome_code()?;
    let ends: [fn(&mut Bench<'_>, Object) -> Checked; 3] = [
        |bench, session| bench.done(session, Call::DO_SNAPSHOT_SET).map(drop),
        |bench, session| bench.ok(session, Call::AbortBackup {}).map(drop),
        |bench, session| {
            bench.release(session);
            Ok(())
        },
    ];
    for end in ends {
        bench.load(lab)?;
        let first = set_on(bench, clients[0], &[name])?;
        let second = set_on(bench, clients[1], &[])?;
        bench.expect(second, Call::add_to_snapshot_set(name, ProviderId::NULL), code)?;
        end(bench, first)?;
        bench.ok(second, Call::add_to_snapshot_set(name, ProviderId::NULL))?;
        bench.done(second, Call::DO_SNAPSHOT_SET)?;
    }
    Ok(())
}

fn cluster_shared(bench: &mut Bench<'_>) -> Checked {
    let lab = flow::changed(&flow::two_hosts(bench.lab()), |lab| {
        lab.hosts.iter_mut().for_each(|host| host.cluster = Some("CLUSTER".into()));
        flow::volume_in(lab, r"D:\")?.cluster_shared = true;
        Ok(())
    })?;
    shared_by_hosts(bench, &lab, [Object::HOST, flow::SECOND], r"D:\")?;
    // A volume that is none is copied on each of the hosts that see it.
    bench.load(&flow::two_hosts(bench.lab()))?;
    set_on(bench, Object::HOST, &[r"E:\"])?;
    set_on(bench, flow::SECOND, &[r"E:\"]).map(drop)
}

/// The clients are nodes beside the file server.
fn scale_out(bench: &mut Bench<'_>) -> Checked {
    let lab = lab(bench).with(|lab| {
        lab.hosts.push(Host::new("THREE", Os::WindowsServer2022));
        lab.hosts.iter_mut().for_each(|host| host.cluster = Some("CLUSTER".into()));
        lab.shares.iter_mut().for_each(|share| share.scale_out = true);
    });
    shared_by_hosts(bench, &lab, [flow::SECOND, Object::Host(3)], SHARE)
}

const NOT_SERVED: &str =
    "no page says who serves files: WinPE does not, nor Safe mode, which lists what it starts";

fn support() -> Call {
    Call::IsVolumeSupported {
        provider_id: ProviderId::NULL,
        pwsz_volume_name: Some(SHARE.into()),
        pb_supported_by_this_provider: Ptr::Valid,
    }
}

/// The share is there again once its server is started as usual.
fn server_is_away(bench: &mut Bench<'_>) -> Checked {
    bench.inferred(NOT_SERVED);
    let code = bench.outcome_code()?;
    for mode in [BootMode::WinPe, BootMode::SafeMode] {
        // Started so from the first, or later.
        let down = lab(bench).with_host(|host| host.mode = mode);
        bench.load(&down)?;
        let session = set_on(bench, flow::SECOND, &[])?;
        bench.expect(session, support(), code)?;
        bench.load(&lab(bench))?;
        let session = set_on(bench, flow::SECOND, &[])?;
        bench.ok(session, support())?;
        bench.act(Action::RestartInto { host: 1, mode })?;
        bench.expect(session, support(), code)?;
        bench.act(Action::RestartInto { host: 1, mode: BootMode::Normal })?;
        bench.ok(session, support())?;
    }
    Ok(())
}

/// Nothing joins the set, and nobody reaches a copy that was made before; it is kept.
fn server_is_down(bench: &mut Bench<'_>) -> Checked {
    bench.inferred(NOT_SERVED);
    let code = bench.outcome_code()?;
    for mode in [BootMode::WinPe, BootMode::SafeMode] {
        bench.load(&lab(bench))?;
        flow::write(bench, r"D:\", "then")?;
        let made = flow::backup_object_on(bench, flow::SECOND, flow::PERSISTENT)?;
        let copies = flow::start_set(bench, made, &[SHARE])?;
        bench.done(made, Call::DO_SNAPSHOT_SET)?;
        let device = flow::device(bench, made, flow::only(&copies)?)?;
        let session = set_on(bench, flow::SECOND, &[])?;
        bench.act(Action::RestartInto { host: 1, mode })?;
        bench.act(Action::TurnTo { host: 2 })?;
        bench.expect(session, Call::add_to_snapshot_set(SHARE, ProviderId::NULL), code)?;
        let readable = flow::is_readable(bench, &device);
        bench.same("whether a copy on a server that is down can be read", &false, &readable)?;
        bench.done(session, Call::DO_SNAPSHOT_SET)?;
        has_copies(bench, 1)?;
        bench.act(Action::RestartInto { host: 1, mode: BootMode::Normal })?;
        flow::holds(bench, &device, "then")?;
        let session = set_on(bench, flow::SECOND, &[SHARE])?;
        bench.done(session, Call::DO_SNAPSHOT_SET)?;
    }
    Ok(())
}

/// Every node of the cluster offers a scale-out share.
fn other_node_serves(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("a scale-out share is offered by every node of its cluster");
    let lab = lab(bench).with(|lab| {
        lab.hosts.iter_mut().for_each(|host| host.cluster = Some("CLUSTER".into()));
        lab.shares.iter_mut().for_each(|share| share.scale_out = true);
    });
    bench.load(&lab)?;
    let session = set_on(bench, flow::SECOND, &[])?;
    bench.act(Action::RestartInto { host: 1, mode: BootMode::WinPe })?;
    add(bench, session, SHARE)?;
    bench.done(session, Call::DO_SNAPSHOT_SET).map(drop)
}
