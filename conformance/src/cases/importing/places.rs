//! Where a set can be imported: on servers with its provider, outside of the cluster that sees its originals, and dynamic
//! disks of old systems on other computers only.

use vss_sim::api::{Action, Call, HResult, LunSeen, Object, Text};
use vss_sim::lab::Os;

use super::{BEGUN, imports};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};
use crate::cases::flow::{self, PERSISTENT, copied, transportable, turn_to};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!(BEGUN, only_where_the_provider_is),
    case!(BEGUN, only_on_servers),
    case!(BEGUN, dynamic_disks_before_server_2008),
    case!(BEGUN, dynamic_disks_since_server_2008),
    case!(BEGUN, outside_of_the_cluster),
    case!(BEGUN, in_a_cluster_without_the_originals),
];

/// What an import on that host comes to, at once or through its `IVssAsync`.
fn import_on(bench: &mut Bench<'_>, host: u32, document: &Text) -> Result<HResult, Stop> {
    let importer = flow::importer(bench, host, document)?;
    let settled = bench.finish(importer, Call::IMPORT_SNAPSHOTS)?;
    bench.release(importer);
    Ok(settled.code)
}

/// It arrives on that host, as the outcome has it.
fn arrives_on(bench: &mut Bench<'_>, host: u32, set: &flow::Set) -> Checked {
    let importer = imports(bench, host, set)?;
    turn_to(bench, host)?;
    let device = flow::device(bench, importer, set.copies[0])?;
    flow::holds(bench, &device, "then")
}

fn only_where_the_provider_is(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("without the provider nothing arrives; the page names no code");
    let lab = flow::two_hosts(bench.lab()).with(|lab| {
        let first = lab.hosts[0].name.clone();
        lab.providers.iter_mut().for_each(|provider| provider.hosts = Some(vec![first.clone()]));
    });
    bench.load(&lab)?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    let code = import_on(bench, 2, &set.document)?;
    bench.same("the import without a provider", &HResult::VSS_E_NO_SNAPSHOTS_IMPORTED, &code)?;
    arrives_on(bench, 1, &set)
}

fn only_on_servers(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("only servers import; the page names no code for others");
    let lab = flow::two_hosts(bench.lab()).with(|lab| lab.hosts[1].os = Os::Windows11);
    bench.load(&lab)?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    let code = import_on(bench, 2, &set.document)?;
    bench.same("the import on a client", &HResult::E_NOTIMPL, &code)?;
    // Whatever the object's state: the system does not have the method.
    let fresh = bench.object(Object::Host(2), Call::CREATE_VSS_BACKUP_COMPONENTS)?;
    bench.expect(fresh, Call::IMPORT_SNAPSHOTS, HResult::E_NOTIMPL)?;
    arrives_on(bench, 1, &set)
}

/// What AddToSnapshotSet answers for D: and the hardware provider in a set that is to come up where it is made.
fn at_home(bench: &mut Bench<'_>) -> Result<HResult, Stop> {
    let provider_id = flow::hardware_provider(bench)?;
    let session = flow::backup_object(bench, PERSISTENT)?;
    bench.ok(session, Call::START_SNAPSHOT_SET)?;
    let add = Call::add_to_snapshot_set(r"D:\", provider_id);
    let code = bench.call(session, add).hresult;
    bench.release(session);
    Ok(code)
}

/// The LUNs and what is on them: the originals, and the copies.
fn originals_and_copies(bench: &mut Bench<'_>) -> Result<(Vec<LunSeen>, Vec<LunSeen>), Stop> {
    Ok(flow::luns(bench)?.into_iter().partition(|lun| lun.copy.is_none()))
}

/// The import has failed, and all is as before, but that the provider has presented the copies before VSS turned them down.
fn turned_down(bench: &mut Bench<'_>, originals: &[LunSeen], copies: &[LunSeen]) -> Checked {
    let (now, copies_now) = originals_and_copies(bench)?;
    bench.same("the originals after the failed import", &originals, &&*now)?;
    let presented: Vec<_> = copies.iter().map(|lun| LunSeen { presented: true, ..lun.clone() }).collect();
    bench.same("the copies after the failed import", &presented, &copies_now)
}

fn dynamic_disks_before_server_2008(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("barred on the same host before Server 2008 (O57); the page names no code");
    bench.load(&flow::dynamic(bench.lab(), Os::WindowsServer2003)?)?;
    let code = at_home(bench)?;
    bench.same("a set for this host", &HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER, &code)?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    let (originals, copies) = originals_and_copies(bench)?;
    let absent = copies.iter().all(|lun| !lun.presented);
    bench.check(absent, || "copies for another host are presented to the one that made them".to_owned())?;
    let code = import_on(bench, 1, &set.document)?;
    bench.same("the import on the same host", &HResult::VSS_E_NO_SNAPSHOTS_IMPORTED, &code)?;
    turned_down(bench, &originals, &copies)?;
    arrives_on(bench, 2, &set)
}

fn dynamic_disks_since_server_2008(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("another page: allowed on the same host since Server 2008 (O57)");
    bench.load(&flow::dynamic(bench.lab(), Os::WindowsServer2008)?)?;
    let code = at_home(bench)?;
    bench.same("a set for this host", &HResult::S_OK, &code)?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    arrives_on(bench, 1, &set)
}

/// A node would see two disks of one signature.
fn outside_of_the_cluster(bench: &mut Bench<'_>) -> Checked {
    bench
        .inferred("other pages keep a set out of the cluster of its originals (O54, O56); none names a code");
    bench.load(&flow::cluster(bench.lab()))?;
    let code = at_home(bench)?;
    bench.same("a set for the node", &HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER, &code)?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    for node in [1, 2] {
        let code = import_on(bench, node, &set.document)?;
        bench.same("the import on a node", &HResult::VSS_E_NO_SNAPSHOTS_IMPORTED, &code)?;
    }
    arrives_on(bench, 3, &set)
}

/// Once the originals are masked from all nodes, as for fast recovery, a node can bring the copies up.
fn in_a_cluster_without_the_originals(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("another page: transport out of the cluster, or dismount the originals first (O56)");
    bench.load(&flow::cluster(bench.lab()))?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    bench.act(Action::MaskLun { lun: "data-d".into() })?;
    arrives_on(bench, 2, &set)
}
