//! What a requester sees of a hardware provider's answers, and what VSS does about them: `IVssHardwareSnapshotProvider`,
//! `IVssHardwareSnapshotProviderEx`, `IVssProviderCreateSnapshotSet`, `IVssProviderNotifications`.

pub(super) mod aside;
pub(super) mod creation;
pub(super) mod import;
pub(super) mod loading;

use vss_sim::api::{Call, Event, EventLog, HResult, Object, ProviderCallSeen, ProviderId, SnapshotContext};
use vss_sim::lab::{Cause, Fault};

use super::flow;
use crate::bench::Bench;
use crate::case::{Checked, Stop};

/// The bare name of the outcome's method.
fn method(bench: &Bench<'_>) -> &'static str {
    bench.outcome().method_name()
}

/// What makes a provider answer the outcome's code: what befalls its array, where the reason says so, or the bare answer.
fn cause(bench: &Bench<'_>) -> Result<Cause, Stop> {
    Ok(match (bench.outcome().reason(), bench.outcome_code()?) {
        ("no-memory-or-resources", _) => Cause::ArrayOutOfResources,
        ("not-enough-disk-space", _) => Cause::ArrayOutOfSpace,
        ("unexpected-provider-error", _) => Cause::ArrayFails,
        (_, code) => Cause::ProviderAnswers(code),
    })
}

/// The outcome's code comes of the first such call.
fn fault(bench: &Bench<'_>) -> Result<Fault, Stop> {
    Ok(Fault::new(method(bench), cause(bench)?))
}

/// A set of one volume without writers, ready for DoSnapshotSet; or the code with which AddToSnapshotSet refuses it.
fn set_of(
    bench: &mut Bench<'_>,
    context: SnapshotContext,
    volume: &str,
) -> Result<Result<Object, HResult>, Stop> {
    let session = flow::backup_object(bench, context)?;
    flow::start_set(bench, session, &[])?;
    let reply = bench.call(session, Call::add_to_snapshot_set(volume, ProviderId::NULL));
    if reply.hresult == HResult::S_OK {
        return Ok(Ok(session));
    }
    bench.release(session);
    Ok(Err(reply.hresult))
}

/// How many LUNs there are.
fn lun_count(bench: &mut Bench<'_>) -> Result<usize, Stop> {
    Ok(flow::luns(bench)?.len())
}

/// Nothing is in the way of the next set: it is created, and leaves so many LUNs.
fn next_creation_works(bench: &mut Bench<'_>, luns: usize) -> Checked {
    match set_of(bench, SnapshotContext::NAS_ROLLBACK, r"D:\")? {
        Ok(session) => bench.done(session, Call::DO_SNAPSHOT_SET)?,
        Err(code) => return Err(Stop::failed(format!("the next set is refused with {code}"))),
    };
    let now = lun_count(bench)?;
    bench.same("the number of LUNs after the next creation", &luns, &now)
}

/// The entries of the application log.
fn entries(bench: &mut Bench<'_>) -> Result<Vec<Event>, Stop> {
    Ok(flow::events(bench)?.into_iter().filter(|event| event.log == EventLog::Application).collect())
}

/// Who writes to the event log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// VSS itself.
    Vss,
    /// A provider.
    Provider,
}

/// The application log has an entry of that code, by that source, about that.
fn tells(bench: &mut Bench<'_>, source: Source, code: HResult, about: &str) -> Checked {
    let is_it = |event: &Event| {
        event.code == code
            && (event.source == "VSS".into()) == (source == Source::Vss)
            && event.message.contains(about)
    };
    let told = entries(bench)?.iter().any(is_it);
    bench.check(told, || {
        format!(
            "the application log has to tell of {code} and `{about}`, written by {source:?}, but does not"
        )
    })
}

/// VSS has one entry that names the method: what fails once is told once.
fn told_once(bench: &mut Bench<'_>, method: &str) -> Checked {
    let entries = entries(bench)?;
    let told = |event: &&Event| event.source == "VSS".into() && event.message.contains(method);
    let told: Vec<_> = entries.iter().filter(told).map(|event| &event.message).collect();
    bench.check(told.len() == 1, || format!("VSS has to tell of {method} once, but tells {told:#?}"))
}

/// The calls on hardware providers since they are watched, by their bare name.
fn seen(bench: &mut Bench<'_>, method: &str) -> Result<Vec<ProviderCallSeen>, Stop> {
    Ok(flow::provider_calls(bench)?.into_iter().filter(|seen| seen.call.method().name == method).collect())
}

/// The first such call was made and got that answer.
fn answered(bench: &mut Bench<'_>, method: &str, code: HResult) -> Checked {
    let first = seen(bench, method)?.first().map(|seen| seen.reply.hresult);
    bench.same(&format!("what {method} was seen to answer"), &Some(code), &first)
}
