//! LUNs that are copied from or onto twice: in two resyncs at a time, or in one.

use vss_sim::api::{Action, Call, HResult, HardwareOptions, Object, RecoveryOptions, Text};

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
    case!("IVssBackupComponentsEx3::AddSnapshotToRecoverySet/S_OK/success", broken_copy_as_source),
    case!("IVssBackupComponentsEx3::AddSnapshotToRecoverySet/S_OK/success", broken_copy_as_destination),
];

/// An object of that host whose recovery set has that copy.
fn recovery_on(bench: &mut Bench<'_>, host: Object, set: &flow::Set, copy: usize) -> Result<Object, Stop> {
    let restore = flow::create_on(bench, host)?;
    bench.ok(restore, Call::InitializeForRestore { bstr_xml: Some(set.document.clone()) })?;
    bench.ok(restore, Call::add_snapshot_to_recovery_set(set.copies[copy], None))?;
    Ok(restore)
}

/// D: and E: were copied; the first host copies D: back, and its provider is at it: until it is done, the LUNs are as
/// they were.
fn one_copies_back(bench: &mut Bench<'_>) -> Result<(flow::Set, Object), Stop> {
    bench.load(&flow::two_hosts(bench.lab()))?;
    let set = flow::copied(bench, flow::PERSISTENT, &[r"D:\", r"E:\"])?;
    let first = recovery_on(bench, Object::HOST, &set, 0)?;
    let before = flow::luns(bench)?;
    let begun = bench.object(first, Call::recover_set(RecoveryOptions::empty()))?;
    bench.act(Action::Elapse { ms: 1 })?;
    if bench.status(begun)? == HResult::VSS_S_ASYNC_FINISHED {
        flow::holds(bench, r"D:\", "then")?;
        return Err(Stop::skipped("the array copies back at once, so that no two resyncs meet"));
    }
    let now = flow::luns(bench)?;
    bench.same("the LUNs while the array copies", &before, &now)?;
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

/// D: and E: were copied, and the set is broken: its LUNs are disks like any other, but can still be copied back. Answers
/// also the volume on D:'s copy.
fn broken(bench: &mut Bench<'_>) -> Result<(flow::Set, Text), Stop> {
    bench.inferred("a LUN cannot be copied from and onto in one resync, whatever comes first");
    bench.load_default()?;
    flow::write(bench, r"D:\", "of D")?;
    flow::write(bench, r"E:\", "of E")?;
    let set = flow::backup_with(bench, flow::PERSISTENT, &[r"D:\", r"E:\"])?;
    bench.done(set.session, Call::break_snapshot_set_ex(set.id, HardwareOptions::MAKE_READ_WRITE))?;
    let copy = flow::only_copy_of_lun(bench, "data-d")?.name;
    let volume = flow::volume_names_on(bench, &copy)?.pop();
    Ok((set, volume.ok_or_else(|| Stop::failed(format!("LUN {copy} has no volume")))?))
}

/// Adds two copies; the second is refused, and the resync copies the first alone.
fn only_the_first(bench: &mut Bench<'_>, set: &flow::Set, entries: [(usize, &str); 2]) -> Checked {
    let restore = flow::restore_object(bench, &set.document)?;
    let code = bench.outcome_code()?;
    let [first, second] =
        entries.map(|(copy, onto)| Call::add_snapshot_to_recovery_set(set.copies[copy], Some(onto)));
    bench.expect(restore, first, code)?;
    bench.expect(restore, second, HResult::E_INVALIDARG)?;
    bench.done(restore, Call::recover_set(RecoveryOptions::empty())).map(drop)
}

/// D:'s copy goes to the spare LUN, so that nothing can go to D:'s copy, nor that to itself.
fn broken_copy_as_source(bench: &mut Bench<'_>) -> Checked {
    let (set, volume) = broken(bench)?;
    only_the_first(bench, &set, [(0, r"S:\"), (1, &volume)])?;
    flow::holds(bench, r"S:\", "of D")?;
    flow::holds(bench, &volume, "of D")?;
    let restore = flow::restore_object(bench, &set.document)?;
    let onto_itself = Call::add_snapshot_to_recovery_set(set.copies[0], Some(&volume));
    bench.expect(restore, onto_itself, HResult::E_INVALIDARG).map(drop)
}

/// E:'s copy goes to D:'s copy, so that nothing can come from there.
fn broken_copy_as_destination(bench: &mut Bench<'_>) -> Checked {
    let (set, volume) = broken(bench)?;
    flow::write(bench, r"S:\", "kept")?;
    only_the_first(bench, &set, [(1, &volume), (0, r"S:\")])?;
    flow::holds(bench, r"S:\", "kept")?;
    let copies = [flow::only_copy_of_lun(bench, "data-d")?, flow::only_copy_of_lun(bench, "data-e")?];
    copies.iter().try_for_each(|copy| flow::lun_holds(bench, &copy.name, "of E"))
}
