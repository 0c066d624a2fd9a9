//! When providers are unloaded, and what their answer to that counts.

use vss_sim::api::{Action, Call, Capabilities, HResult, ProviderCall, ProviderId, SnapshotContext};
use vss_sim::lab::{Cause, Fault};

use super::{answered, flow, method, seen, set_of};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssProviderNotifications::OnUnload/S_OK/ready", idle),
    case!("IVssProviderNotifications::OnUnload/S_FALSE/keep-loaded", stays),
    case!("IVssProviderNotifications::OnUnload/S_OK/forced-unload", unregistered),
];

/// What the service waits without a requester, in milliseconds (IdleTimeout).
const IDLE_MS: u64 = 180_000;

/// A requester creates a set and goes.
fn come_and_go(bench: &mut Bench<'_>) -> Checked {
    let Ok(session) = set_of(bench, SnapshotContext::NAS_ROLLBACK, r"D:\")? else {
        return Err(Stop::failed("AddToSnapshotSet fails although nothing is wrong"));
    };
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    bench.release(session);
    Ok(())
}

/// A requester comes and goes, the service idles, another requester comes and goes. Answers how often OnLoad was called.
fn idled(bench: &mut Bench<'_>) -> Result<usize, Stop> {
    bench.need(Capabilities::FAULTS | Capabilities::CLOCK)?;
    bench.act(Action::WatchProviders)?;
    come_and_go(bench)?;
    bench.act(Action::Elapse { ms: IDLE_MS - 1 })?;
    let early = seen(bench, "OnUnload")?.len();
    bench.same("how often OnUnload is called before the time is up", &0, &early)?;
    bench.act(Action::Elapse { ms: 1 })?;
    answered(bench, "OnUnload", bench.outcome_code()?)?;
    let forced = seen(bench, "OnUnload")?
        .iter()
        .any(|seen| matches!(seen.call, ProviderCall::OnUnload { b_force_unload: true }));
    bench.check(!forced, || "an idle service may not force a provider to go, but does".to_owned())?;
    come_and_go(bench)?;
    Ok(seen(bench, "OnLoad")?.len())
}

/// The provider goes, and is loaded anew when it is needed again.
fn idle(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    bench.inferred("that IdleTimeout unloads providers is on no page");
    let loaded = idled(bench)?;
    bench.same("how often OnLoad is called", &2, &loaded)
}

/// The provider asks not to go, so it is not loaded anew. It is told in no log.
fn stays(bench: &mut Bench<'_>) -> Checked {
    let fault = Fault::new(method(bench), Cause::ProviderAnswers(bench.outcome_code()?));
    bench.load(&bench.lab().clone().with_fault(fault))?;
    bench.inferred("that IdleTimeout unloads providers is on no page");
    let loaded = idled(bench)?;
    bench.same("how often OnLoad is called", &1, &loaded)
}

/// An unregistered provider has to go at once, and cannot be named any more.
fn unregistered(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    bench.act(Action::WatchProviders)?;
    come_and_go(bench)?;
    let provider = only_provider(bench)?;
    bench.act(Action::UnregisterProvider { provider })?;
    answered(bench, "OnUnload", bench.outcome_code()?)?;
    let forced = seen(bench, "OnUnload")?
        .iter()
        .all(|seen| matches!(seen.call, ProviderCall::OnUnload { b_force_unload: true }));
    bench.check(forced, || "an unregistered provider has to be forced to go, but is not".to_owned())?;
    let session = flow::backup_object(bench, SnapshotContext::NAS_ROLLBACK)?;
    flow::start_set(bench, session, &[])?;
    let add = Call::add_to_snapshot_set(r"D:\", provider);
    let code = bench.call(session, add).hresult;
    bench.same("what naming it comes to", &HResult::VSS_E_PROVIDER_NOT_REGISTERED, &code)
}

fn only_provider(bench: &mut Bench<'_>) -> Result<ProviderId, Stop> {
    let first = flow::providers(bench)?.first().map(|seen| seen.id);
    first.ok_or_else(|| Stop::error("the lab has no hardware provider"))
}
