//! Imports that are stopped, importers that leave, and how long imported copies stay.

use vss_sim::api::{
    Action, Call, Capabilities, HResult, Object, SnapshotContext, VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::{Cause, Fault};

use super::{BEGUN, imports};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};
use crate::cases::flow::{self, Set, copied, transportable, turn_to};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!(BEGUN, cancelled),
    case!(BEGUN, released_meanwhile),
    case!(BEGUN, process_ends_meanwhile),
    case!(BEGUN, host_restarts_meanwhile),
    case!(BEGUN, goes_with_its_importer),
    case!(BEGUN, goes_with_its_importer_at_home),
    case!(BEGUN, persistent_copies_stay),
];

/// A set whose import takes a minute, and that import on the second host, half a minute later.
fn half_way(bench: &mut Bench<'_>) -> Result<(Set, Object, Object), Stop> {
    bench.need(Capabilities::FAULTS)?;
    let late = Fault::new("LocateLuns", Cause::Late(60_000));
    bench.load(&flow::two_hosts(bench.lab()).with_fault(late))?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    let importer = flow::importer(bench, 2, &set.document)?;
    let code = bench.outcome_code()?;
    let operation = bench.expect_object(importer, Call::IMPORT_SNAPSHOTS, code)?;
    bench.act(Action::Elapse { ms: 30_000 })?;
    turn_to(bench, 2)?;
    Ok((set, importer, operation))
}

/// The LUNs stay as the stopped import has left them, nothing is imported, and another import can be.
fn nothing_came_of_it(bench: &mut Bench<'_>, set: &Set) -> Checked {
    let copy = flow::only_copy_of_lun(bench, "data-d")?;
    bench.same("whether the copy's LUN is presented: nobody cleans it up", &true, &copy.presented)?;
    let other = flow::importer(bench, 2, &set.document)?;
    let told = flow::properties_if_known(bench, other, set.copies[0])?;
    bench.check(told.is_none(), || "the copy is there although its import was stopped".to_owned())?;
    bench.act(Action::Elapse { ms: 60_000 })?;
    let told = flow::properties_if_known(bench, other, set.copies[0])?;
    bench.check(told.is_none(), || "the stopped import goes on".to_owned())?;
    bench.done(other, Call::IMPORT_SNAPSHOTS)?;
    let device = flow::device(bench, other, set.copies[0])?;
    flow::holds(bench, &device, "then")
}

fn cancelled(bench: &mut Bench<'_>) -> Checked {
    let (set, importer, operation) = half_way(bench)?;
    bench.ok(operation, Call::Cancel {})?;
    let status = bench.status(operation)?;
    bench.same("pHrResult", &HResult::VSS_S_ASYNC_CANCELLED, &status)?;
    bench.release(importer);
    nothing_came_of_it(bench, &set)
}

fn released_meanwhile(bench: &mut Bench<'_>) -> Checked {
    let (set, importer, _) = half_way(bench)?;
    bench.release(importer);
    nothing_came_of_it(bench, &set)
}

fn process_ends_meanwhile(bench: &mut Bench<'_>) -> Checked {
    let (set, importer, _) = half_way(bench)?;
    bench.act(Action::EndProcess { session: importer })?;
    nothing_came_of_it(bench, &set)
}

fn host_restarts_meanwhile(bench: &mut Bench<'_>) -> Checked {
    let (set, ..) = half_way(bench)?;
    bench.act(Action::Restart { host: 2 })?;
    nothing_came_of_it(bench, &set)
}

/// A copy that goes with its object goes with the one that imported it, from then on.
fn goes_with_importer(bench: &mut Bench<'_>, host: u32) -> Checked {
    bench.inferred(
        "importing-transportable-shadow-copied-volumes: the importer deletes the copies or lets go of them",
    );
    bench.load(&flow::two_hosts(bench.lab()))?;
    let context = SnapshotContext::FILE_SHARE_BACKUP.with(Attributes::TRANSPORTABLE);
    let set = copied(bench, context, &[r"D:\"])?;
    let importer = imports(bench, host, &set)?;
    bench.release(set.session);
    turn_to(bench, host)?;
    let device = flow::device(bench, importer, set.copies[0])?;
    flow::holds(bench, &device, "then")?;
    bench.release(importer);
    let left = flow::copies_of_lun(bench, "data-d")?.len();
    bench.same("the number of copied LUNs after the importer has gone", &0, &left)
}

fn goes_with_its_importer(bench: &mut Bench<'_>) -> Checked {
    goes_with_importer(bench, 2)
}

fn goes_with_its_importer_at_home(bench: &mut Bench<'_>) -> Checked {
    goes_with_importer(bench, 1)
}

/// Whoever leaves, and after a restart.
fn persistent_copies_stay(bench: &mut Bench<'_>) -> Checked {
    bench.load(&flow::two_hosts(bench.lab()))?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    let importer = imports(bench, 2, &set)?;
    bench.release(set.session);
    bench.release(importer);
    bench.act(Action::Restart { host: 1 })?;
    bench.act(Action::Restart { host: 2 })?;
    turn_to(bench, 2)?;
    let other = flow::importer(bench, 2, &set.document)?;
    let device = flow::device(bench, other, set.copies[0])?;
    flow::holds(bench, &device, "then")
}
