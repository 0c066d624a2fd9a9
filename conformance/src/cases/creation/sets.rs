//! `IVssBackupComponents::StartSnapshotSet`: one creation at a time on a host.

use vss_sim::api::{Action, Call, Guid, HResult, Object, Out, ProviderId};
use vss_sim::lab::{Cause, Fault, SYSTEM_PROVIDER};

use super::{flow, has_copies, set_on};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssBackupComponents::StartSnapshotSet/S_OK/started", started),
    case!("IVssBackupComponents::StartSnapshotSet/S_OK/started", on_each_host),
    case!("IVssBackupComponents::StartSnapshotSet/VSS_E_BAD_STATE/out-of-sequence", second_set),
    case!(
        "IVssBackupComponents::StartSnapshotSet/VSS_E_SNAPSHOT_SET_IN_PROGRESS/creation-in-progress",
        freed_by_the_end
    ),
    case!(
        "IVssBackupComponents::StartSnapshotSet/VSS_E_SNAPSHOT_SET_IN_PROGRESS/creation-in-progress",
        freed_by_a_failure
    ),
    case!(
        "IVssBackupComponents::StartSnapshotSet/VSS_E_SNAPSHOT_SET_IN_PROGRESS/creation-in-progress",
        freed_by_cancelling
    ),
    case!(
        "IVssBackupComponents::StartSnapshotSet/VSS_E_SNAPSHOT_SET_IN_PROGRESS/creation-in-progress",
        freed_by_aborting
    ),
    case!(
        "IVssBackupComponents::StartSnapshotSet/VSS_E_SNAPSHOT_SET_IN_PROGRESS/creation-in-progress",
        freed_by_releasing
    ),
    case!(
        "IVssBackupComponents::StartSnapshotSet/VSS_E_SNAPSHOT_SET_IN_PROGRESS/creation-in-progress",
        freed_by_a_restart
    ),
];

fn start(bench: &mut Bench<'_>, session: Object) -> Result<Guid, Stop> {
    let code = bench.outcome_code()?;
    match bench.expect(session, Call::START_SNAPSHOT_SET, code)?.out {
        Some(Out::StartSnapshotSet { p_snapshot_set_id }) if !p_snapshot_set_id.is_null() => {
            Ok(p_snapshot_set_id.0)
        }
        _ => Err(Stop::failed("StartSnapshotSet returned S_OK but wrote no id of a set")),
    }
}

/// Each set has an id of its own, by which its copies know it.
fn started(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let mut sets = Vec::new();
    for _ in 0..2 {
        let session = flow::backup_object(bench, flow::AUTO_RELEASE)?;
        let set = start(bench, session)?;
        let snapshot = flow::add_volume(bench, session, r"D:\", ProviderId::NULL)?;
        bench.done(session, Call::DO_SNAPSHOT_SET)?;
        let came = flow::properties(bench, session, snapshot)?.snapshot_set_id.0;
        bench.same("m_SnapshotSetId", &set, &came)?;
        sets.push(set);
    }
    bench.check(sets[0] != sets[1], || "two sets must not have one id".to_owned())
}

/// Hosts do not keep each other waiting: the same providers make two sets at a time, one on each.
fn on_each_host(bench: &mut Bench<'_>) -> Checked {
    bench.load(&flow::two_hosts(bench.lab()))?;
    let first = set_on(bench, Object::HOST, &[r"D:\", r"C:\"])?;
    let session = flow::backup_object_on(bench, flow::SECOND, flow::AUTO_RELEASE)?;
    start(bench, session)?;
    bench.ok(session, Call::add_to_snapshot_set(r"E:\", ProviderId::NULL))?;
    let system = flow::provider_named(bench, SYSTEM_PROVIDER)?;
    bench.ok(session, Call::add_to_snapshot_set(r"F:\", system))?;
    for session in [first, session] {
        bench.done(session, Call::DO_SNAPSHOT_SET)?;
    }
    has_copies(bench, 2)?;
    flow::turn_to(bench, 2)?;
    has_copies(bench, 2)
}

/// One object creates one set.
fn second_set(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, snapshots) = flow::created_set(bench, flow::AUTO_RELEASE, &[r"D:\"])?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::START_SNAPSHOT_SET, code)?;
    flow::properties(bench, session, snapshots[0])?;
    super::slot_is_free(bench)
}

/// While one object creates a set, another has to wait, from StartSnapshotSet on; `leave` is how the first is done.
fn freed_by(bench: &mut Bench<'_>, leave: impl FnOnce(&mut Bench<'_>, Object) -> Checked) -> Checked {
    bench.load_default()?;
    let other = flow::backup_object(bench, flow::AUTO_RELEASE)?;
    let (first, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[])?;
    let code = bench.outcome_code()?;
    bench.expect(other, Call::START_SNAPSHOT_SET, code)?;
    bench.ok(first, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL))?;
    bench.expect(other, Call::START_SNAPSHOT_SET, code)?;
    leave(bench, first)?;
    // A refused call has changed nothing: the object can still begin a set, of the same volume too.
    bench.ok(other, Call::START_SNAPSHOT_SET)?;
    bench.ok(other, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL))?;
    bench.done(other, Call::DO_SNAPSHOT_SET).map(drop)
}

/// It takes to the end of DoSnapshotSet.
fn freed_by_the_end(bench: &mut Bench<'_>) -> Checked {
    freed_by(bench, |bench, first| {
        let operation = bench.object(first, Call::DO_SNAPSHOT_SET)?;
        let third = flow::backup_object(bench, flow::AUTO_RELEASE)?;
        let code = bench.outcome_code()?;
        bench.expect(third, Call::START_SNAPSHOT_SET, code)?;
        let ended = bench.settle(operation)?;
        bench.same("how DoSnapshotSet ended", &HResult::S_OK, &ended)
    })
}

fn freed_by_a_failure(bench: &mut Bench<'_>) -> Checked {
    freed_by(bench, |bench, first| {
        let veto = Cause::ProviderAnswers(HResult::VSS_E_PROVIDER_VETO);
        bench.act(Action::Fault(Fault::new("CommitSnapshots", veto)))?;
        let settled = bench.finish(first, Call::DO_SNAPSHOT_SET)?;
        bench.same("how DoSnapshotSet ended", &HResult::VSS_E_PROVIDER_VETO, &settled.code)
    })
}

fn freed_by_cancelling(bench: &mut Bench<'_>) -> Checked {
    freed_by(bench, |bench, first| {
        let operation = bench.object(first, Call::DO_SNAPSHOT_SET)?;
        let cancelled = bench.call(operation, Call::Cancel {}).hresult;
        bench.check(cancelled.is_success(), || format!("Cancel has to succeed, but returned {cancelled}"))
    })
}

fn freed_by_aborting(bench: &mut Bench<'_>) -> Checked {
    freed_by(bench, |bench, first| bench.ok(first, Call::AbortBackup {}).map(drop))
}

fn freed_by_releasing(bench: &mut Bench<'_>) -> Checked {
    freed_by(bench, |bench, first| {
        bench.release(first);
        Ok(())
    })
}

/// The host restarts: whoever waited is gone as well, and a new requester begins at once.
fn freed_by_a_restart(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (_, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[r"D:\"])?;
    let other = flow::backup_object(bench, flow::AUTO_RELEASE)?;
    let code = bench.outcome_code()?;
    bench.expect(other, Call::START_SNAPSHOT_SET, code)?;
    bench.act(Action::Restart { host: 1 })?;
    let (after, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[r"D:\"])?;
    bench.done(after, Call::DO_SNAPSHOT_SET).map(drop)
}
