//! The creation of shadow copy sets: from the requester's object to BackupComplete, and every way in which it stops
//! before.

pub(super) mod context;
pub(super) mod creating;
pub(super) mod ending;
pub(super) mod limits;
pub(super) mod names;
pub(super) mod objects;
pub(super) mod providers;
pub(super) mod sets;
pub(super) mod shares;
pub(super) mod stalls;
pub(super) mod support;
pub(super) mod virtual_disks;

use vss_sim::api::{
    Answer, Call, Object, Out, ProviderId, Question, SnapshotContext, SnapshotId, SnapshotProp,
};
use vss_sim::lab::{Host, Lab, Os};

use super::flow;
use crate::bench::Bench;
use crate::case::{Checked, Stop};

pub(super) use virtual_disks::with_virtual_disks;

/// The context of sets that need no writers and go with their object.
const PLAIN: SnapshotContext = SnapshotContext::FILE_SHARE_BACKUP;

/// A set of those volumes, in a context without writers, that only waits for DoSnapshotSet.
fn plain_set(
    bench: &mut Bench<'_>,
    context: SnapshotContext,
    volumes: &[&str],
) -> Result<(Object, Vec<SnapshotId>), Stop> {
    let session = flow::backup_object(bench, context)?;
    let snapshots = flow::start_set(bench, session, volumes)?;
    Ok((session, snapshots))
}

/// The same, created.
fn plain_copy(
    bench: &mut Bench<'_>,
    context: SnapshotContext,
    volumes: &[&str],
) -> Result<(Object, Vec<SnapshotId>), Stop> {
    let (session, snapshots) = plain_set(bench, context, volumes)?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    Ok((session, snapshots))
}

/// Everything that can be seen of a copy.
fn properties(bench: &mut Bench<'_>, session: Object, snapshot: SnapshotId) -> Result<SnapshotProp, Stop> {
    let call = Call::get_snapshot_properties(snapshot);
    match bench.ok(session, call)?.out {
        Some(Out::GetSnapshotProperties { p_prop }) => Ok(*p_prop),
        _ => Err(Stop::failed("GetSnapshotProperties returned S_OK but wrote nothing")),
    }
}

/// The id of a provider by its name.
fn provider_named(bench: &mut Bench<'_>, name: &str) -> Result<ProviderId, Stop> {
    let Answer::Providers(providers) = bench.ask(Question::Providers)? else {
        return Err(Stop::error("no providers were answered"));
    };
    let found = providers.iter().find(|provider| &*provider.name == name);
    found.map(|provider| provider.id).ok_or_else(|| Stop::error(format!("there is no provider {name}")))
}

/// The host has that many shadow copies, those in the making included.
fn has_copies(bench: &mut Bench<'_>, count: usize) -> Checked {
    match bench.ask(Question::Snapshots)? {
        Answer::Snapshots(seen) => bench.same("how many shadow copies there are", &count, &seen.len()),
        _ => Err(Stop::error("no shadow copies were answered")),
    }
}

/// Another requester of the host can create a set; the object is let go of again.
fn slot_is_free(bench: &mut Bench<'_>) -> Checked {
    let (other, _) = plain_set(bench, PLAIN, &[])?;
    bench.release(other);
    Ok(())
}

/// A failed creation leaves no set, no copy, no LUN and no lock behind: `luns` is what was there before.
fn nothing_is_left(bench: &mut Bench<'_>, luns: &Answer) -> Checked {
    has_copies(bench, 0)?;
    let now = flow::luns(bench)?;
    bench.check(now == *luns, || "the LUNs have to be as they were before".to_owned())?;
    slot_is_free(bench)
}

/// The lab on that system.
fn on(bench: &Bench<'_>, os: Os) -> Lab {
    bench.lab().clone().with_host(|host| host.os = os)
}

/// The lab with a second host, which sees the LUNs of the arrays too.
fn with_second_host(bench: &Bench<'_>) -> Lab {
    bench.lab().clone().with(|lab| {
        let os = lab.hosts.first().map_or(Os::WindowsServer2022, |host| host.os);
        lab.hosts.push(Host::new("TWO", os));
    })
}

/// The second host.
const SECOND: Object = Object::Host(2);

/// A set that is begun, with those volumes, by a requester on that host.
fn set_on(bench: &mut Bench<'_>, host: Object, volumes: &[&str]) -> Result<Object, Stop> {
    let session = bench.object(host, Call::CREATE_VSS_BACKUP_COMPONENTS)?;
    bench.ok(session, Call::InitializeForBackup { bstr_xml: None })?;
    bench.ok(session, Call::SetContext { l_context: PLAIN })?;
    flow::start_set(bench, session, volumes)?;
    Ok(session)
}
