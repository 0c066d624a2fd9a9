//! LUNs that are copied from or onto twice: in two resyncs at a time, or in one.

use vss_sim::api::{Action, Call, HResult, Object, RecoveryOptions};

use super::flow::{self, SECOND};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    case!(
        "IVssBackupComponentsEx3::RecoverSet/VSS_E_PROVIDER_VETO/provider-error",
        lun_of_another_hosts_resync
    ),
    case!("IVssBackupComponentsEx3::RecoverSet/S_OK/completed", other_lun_than_another_hosts_resync),
    case!("IVssBackupComponentsEx3::RecoverSet/S_OK/completed", after_another_host_has_cancelled),
];

/// An object of that host whose recovery set has that copy.
fn recovery_on(bench: &mut Bench<'_>, host: Object, set: &flow::Set, copy: usize) -> Result<Object, Stop> {
    let restore = flow::create_on(bench, host)?;
    bench.ok(restore, Call::InitializeForRestore { bstr_xml: Some(set.document.clone()) })?;
    bench.ok(restore, Call::add_snapshot_to_recovery_set(set.copies[copy], None))?;
    Ok(restore)
}

/// D: and E: were copied; the first host copies D: back, and its provider is at it.
fn one_copies_back(bench: &mut Bench<'_>) -> Result<(flow::Set, Object), Stop> {
    bench.load(&flow::two_hosts(bench.lab()))?;
    let set = flow::copied(bench, flow::PERSISTENT, &[r"D:\", r"E:\"])?;
    let first = recovery_on(bench, Object::HOST, &set, 0)?;
    let begun = bench.object(first, Call::recover_set(RecoveryOptions::empty()))?;
    bench.act(Action::Elapse { ms: 1 })?;
    Ok((set, begun))
}

/// VSS of one host knows nothing of the other's, but the array copies onto a LUN once at a time: its provider vetoes.
fn lun_of_another_hosts_resync(bench: &mut Bench<'_>) -> Checked {
    bench.inferred(
        "one array does not copy onto a LUN twice at a time, and its provider has this code for that",
    );
    let (set, begun) = one_copies_back(bench)?;
    let second = recovery_on(bench, SECOND, &set, 0)?;
    let before = flow::luns(bench)?;
    let code = bench.outcome_code()?;
    bench.expect_settled(second, Call::recover_set(RecoveryOptions::empty()), code)?;
    let after = flow::luns(bench)?;
    bench.same("the LUNs, which a vetoed resync leaves as they were", &before, &after)?;
    flow::logged(bench, code)?;
    // The first goes on as if nothing had been.
    let status = bench.settle(begun)?;
    bench.same("how the first resync ends", &HResult::S_OK, &status)?;
    flow::holds(bench, r"D:\", "then")?;
    // Then the LUN is free.
    flow::write(bench, r"D:\", "anew")?;
    let second = recovery_on(bench, SECOND, &set, 0)?;
    bench.done(second, Call::recover_set(RecoveryOptions::empty()))?;
    flow::holds(bench, r"D:\", "then")
}

/// Each host copies back a LUN of its own.
fn other_lun_than_another_hosts_resync(bench: &mut Bench<'_>) -> Checked {
    let (set, begun) = one_copies_back(bench)?;
    let second = recovery_on(bench, SECOND, &set, 1)?;
    let code = bench.outcome_code()?;
    bench.expect_settled(second, Call::recover_set(RecoveryOptions::empty()), code)?;
    bench.settle(begun)?;
    flow::holds(bench, r"D:\", "then")?;
    flow::holds(bench, r"E:\", "then")
}

/// A resync that is cancelled keeps nobody out.
fn after_another_host_has_cancelled(bench: &mut Bench<'_>) -> Checked {
    let (set, begun) = one_copies_back(bench)?;
    bench.call(begun, Call::Cancel {});
    flow::holds(bench, r"D:\", "now!")?;
    let second = recovery_on(bench, SECOND, &set, 0)?;
    let code = bench.outcome_code()?;
    bench.expect_settled(second, Call::recover_set(RecoveryOptions::empty()), code)?;
    flow::holds(bench, r"D:\", "then")
}
