//! What stalls while `DoSnapshotSet` makes copies: writes that are not flushed or held, and transaction managers.

use vss_sim::api::{
    Action, Call, HResult, SnapshotContext, VolumeSnapshotAttributes as Attributes, WriterState,
};
use vss_sim::lab::{
    Cause, Fault, Lab, Os, SYSTEM_PROVIDER, TransactionManager as Manager, TransactionMoment as Moment,
};

use super::ending::writer_state;
use super::{flow, nothing_is_left};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssBackupComponents::DoSnapshotSet/VSS_E_FLUSH_WRITES_TIMEOUT/flush-timeout", not_flushed),
    case!("IVssBackupComponents::DoSnapshotSet/VSS_E_HOLD_WRITES_TIMEOUT/hold-timeout", not_held),
    case!("IVssBackupComponents::DoSnapshotSet/VSS_E_TRANSACTION_FREEZE_TIMEOUT/dtc-freeze", dtc_freeze),
    case!("IVssBackupComponents::DoSnapshotSet/VSS_E_TRANSACTION_FREEZE_TIMEOUT/ktm-freeze", ktm_freeze),
    case!("IVssBackupComponents::DoSnapshotSet/VSS_E_TRANSACTION_THAW_TIMEOUT/dtc-thaw", dtc_thaw),
    case!("IVssBackupComponents::DoSnapshotSet/VSS_E_TRANSACTION_THAW_TIMEOUT/ktm-thaw", ktm_thaw),
];

/// The creation fails and leaves nothing; the writers are told; the next attempt succeeds.
fn stalls(bench: &mut Bench<'_>, lab: &Lab, fault: Fault) -> Checked {
    let code = bench.outcome_code()?;
    for context in [SnapshotContext::BACKUP, SnapshotContext::APP_ROLLBACK] {
        bench.load(lab)?;
        let luns = flow::luns(bench)?;
        let (session, _) = flow::prepared_set(bench, context, &[r"D:\", r"C:\"])?;
        bench.act(Action::Fault(fault.clone()))?;
        bench.expect_settled(session, Call::DO_SNAPSHOT_SET, code)?;
        flow::logged(bench, code)?;
        nothing_is_left(bench, &luns)?;
        let state = writer_state(bench, session)?;
        bench.same("the writer's state after the abort", &WriterState::STABLE, &state)?;
        bench.expect_settled(session, Call::DO_SNAPSHOT_SET, HResult::VSS_E_BAD_STATE)?;
        bench.release(session);
        flow::backup_with(bench, context, &[r"D:\", r"C:\"])?;
    }
    Ok(())
}

fn not_flushed(bench: &mut Bench<'_>) -> Checked {
    stalls(bench, bench.lab(), Fault::new("DoSnapshotSet", Cause::FlushStalls))?;
    // Where there is no volume there is nothing to be flushed.
    bench.load_default()?;
    bench.act(Action::Fault(Fault::new("DoSnapshotSet", Cause::FlushStalls)))?;
    flow::created_set(bench, flow::AUTO_RELEASE, &[]).map(drop)
}

/// The kernel holds writes for ten seconds and then lets them go. Providers together must not take longer.
fn not_held(bench: &mut Bench<'_>) -> Checked {
    let code = bench.outcome_code()?;
    stalls(bench, bench.lab(), Fault::new("CommitSnapshots", Cause::Late(10_000)).of(SYSTEM_PROVIDER))?;
    bench.load_default()?;
    bench.act(Action::Fault(Fault::new("CommitSnapshots", Cause::Late(9_000)).of(SYSTEM_PROVIDER)))?;
    flow::created_set(bench, flow::AUTO_RELEASE, &[r"D:\", r"C:\"])?;
    bench.load_default()?;
    let luns = flow::luns(bench)?;
    let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[r"D:\", r"C:\"])?;
    for nth in [1, 2] {
        bench.act(Action::Fault(Fault::new("CommitSnapshots", Cause::Late(6_000)).nth(nth)))?;
    }
    bench.expect_settled(session, Call::DO_SNAPSHOT_SET, code)?;
    nothing_is_left(bench, &luns)
}

/// Only where transactions are kept out, or where there are no such managers yet, does nobody notice.
fn manager_stalls(bench: &mut Bench<'_>, manager: Manager, at: Moment) -> Checked {
    let fault = Fault::new("DoSnapshotSet", Cause::TransactionManagerStalls { manager, at });
    stalls(bench, bench.lab(), fault.clone())?;
    stalls(bench, &flow::with_os(bench.lab(), Os::WindowsServer2008), fault.clone())?;
    bench.load_default()?;
    bench.act(Action::Fault(fault.clone()))?;
    flow::created_set(bench, flow::AUTO_RELEASE.with(Attributes::NOT_TRANSACTED), &[r"D:\"])?;
    bench.load(&flow::with_os(bench.lab(), Os::WindowsServer2003))?;
    bench.act(Action::Fault(fault))?;
    flow::created_set(bench, flow::AUTO_RELEASE, &[r"D:\"]).map(drop)
}

fn dtc_freeze(bench: &mut Bench<'_>) -> Checked {
    manager_stalls(bench, Manager::Dtc, Moment::Freeze)
}

fn ktm_freeze(bench: &mut Bench<'_>) -> Checked {
    manager_stalls(bench, Manager::Ktm, Moment::Freeze)
}

fn dtc_thaw(bench: &mut Bench<'_>) -> Checked {
    manager_stalls(bench, Manager::Dtc, Moment::Thaw)
}

fn ktm_thaw(bench: &mut Bench<'_>) -> Checked {
    manager_stalls(bench, Manager::Ktm, Moment::Thaw)
}
