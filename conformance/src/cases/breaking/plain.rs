//! `IVssBackupComponents::BreakSnapshotSet`: VSS forgets a set, and nothing else happens.

use vss_sim::api::{Action, Call, HResult, Object, SnapshotContext};

use super::forgotten;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked};
use crate::cases::flow::{self, PERSISTENT, Set, copied, transportable, turn_to};

const BROKEN: &str = "IVssBackupComponents::BreakSnapshotSet/S_OK/broken";

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!(BROKEN, on_its_own_host),
    case!(BROKEN, on_the_host_that_imported_it),
    case!(BROKEN, by_another_object),
    case!(BROKEN, auto_release_leaves_it),
    case!(BROKEN, one_of_two_sets),
    case!(BROKEN, cached_names_work_until_a_restart),
];

/// Breaks the set of D: and looks at what is left: hidden, read-only, presented, with a disk of its own.
fn breaks_and_leaves_the_lun(bench: &mut Bench<'_>, on: Object, set: &Set) -> Checked {
    let before = flow::only_copy_of_lun(bench, "data-d")?;
    let device = flow::device(bench, on, set.copies[0])?;
    bench.act(Action::WatchProviders)?;
    let code = bench.outcome_code()?;
    bench.expect(on, Call::break_snapshot_set(set.id), code)?;
    forgotten(bench, on, set)?;
    let after = flow::only_copy_of_lun(bench, "data-d")?;
    bench.same("the copy's LUN", &before, &after)?;
    bench.same("whether it is presented", &true, &after.presented)?;
    flow::held_back(bench, &after.name)?;
    let called = flow::called(bench)?;
    bench.check(called.is_empty(), || format!("no provider is told of it, but {called:?} were called"))?;
    flow::holds(bench, &device, "then")?;
    let again = bench.call(on, Call::break_snapshot_set(set.id)).hresult;
    bench.same("what a second break answers", &HResult::VSS_E_OBJECT_NOT_FOUND, &again)
}

/// DoSnapshotSet has imported it.
fn on_its_own_host(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = copied(bench, PERSISTENT, &[r"D:\"])?;
    breaks_and_leaves_the_lun(bench, set.session, &set)?;
    flow::holds(bench, r"D:\", "now!")
}

fn on_the_host_that_imported_it(bench: &mut Bench<'_>) -> Checked {
    bench.load(&flow::two_hosts(bench.lab()))?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    let importer = flow::imported(bench, 2, &set)?;
    turn_to(bench, 2)?;
    breaks_and_leaves_the_lun(bench, importer, &set)
}

fn by_another_object(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = copied(bench, PERSISTENT, &[r"D:\"])?;
    bench.release(set.session);
    let other = flow::backup_object(bench, SnapshotContext::ALL)?;
    breaks_and_leaves_the_lun(bench, other, &set)
}

/// The copies of that context go with their object; what is broken does not, and its LUN is never given back.
fn auto_release_leaves_it(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = copied(bench, SnapshotContext::FILE_SHARE_BACKUP, &[r"D:\"])?;
    let device = flow::device(bench, set.session, set.copies[0])?;
    breaks_and_leaves_the_lun(bench, set.session, &set)?;
    bench.release(set.session);
    let called = flow::called(bench)?;
    bench.check(!called.contains(&"OnLunEmpty"), || "a broken copy's LUN is given back".to_owned())?;
    flow::only_copy_of_lun(bench, "data-d")?;
    flow::holds(bench, &device, "then")
}

/// The other is as it was.
fn one_of_two_sets(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let one = copied(bench, PERSISTENT, &[r"D:\", r"G:\"])?;
    let other = copied(bench, PERSISTENT, &[r"D:\"])?;
    let code = bench.outcome_code()?;
    bench.expect(one.session, Call::break_snapshot_set(one.id), code)?;
    forgotten(bench, one.session, &one)?;
    super::still_known(bench, one.session, &other)?;
    let presented: Vec<bool> =
        flow::copies_of_lun(bench, "data-d")?.into_iter().map(|lun| lun.presented).collect();
    bench.same("whether the LUNs of both sets are presented", &vec![true, true], &presented)?;
    let device = flow::device(bench, other.session, other.copies[0])?;
    flow::holds(bench, &device, "then")?;
    bench.expect(other.session, Call::break_snapshot_set(other.id), code).map(drop)
}

/// The name that was cached leads to the volume until the host restarts; the volume stays.
fn cached_names_work_until_a_restart(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("told by a comment in vshadow's source (O53)");
    bench.load_default()?;
    let set = copied(bench, PERSISTENT, &[r"D:\"])?;
    let device = flow::device(bench, set.session, set.copies[0])?;
    let code = bench.outcome_code()?;
    bench.expect(set.session, Call::break_snapshot_set(set.id), code)?;
    flow::holds(bench, &device, "then")?;
    bench.act(Action::Restart { host: 1 })?;
    let readable = flow::is_readable(bench, &device);
    bench.same("whether the old name leads anywhere after a restart", &false, &readable)?;
    let copy = flow::only_copy_of_lun(bench, "data-d")?;
    flow::held_back(bench, &copy.name)?;
    flow::lun_holds(bench, &copy.name, "then")
}
