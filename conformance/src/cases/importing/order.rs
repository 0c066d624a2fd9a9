//! When a set can be imported: with its document, for transport, once, and one at a time.

use vss_sim::api::{Action, BackupType, Call, Capabilities, HResult, SnapshotContext};
use vss_sim::lab::{Cause, Fault};

use super::{BEGUN, imports};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked};
use crate::cases::flow::{self, PERSISTENT, copied, transportable};

const OUT_OF_SEQUENCE: &str = "IVssBackupComponents::ImportSnapshots/VSS_E_BAD_STATE/out-of-sequence";

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!(OUT_OF_SEQUENCE, without_a_document),
    case!(OUT_OF_SEQUENCE, in_a_set),
    case!(OUT_OF_SEQUENCE, again),
    case!(OUT_OF_SEQUENCE, again_after_a_break),
    case!(OUT_OF_SEQUENCE, one_at_a_time),
    case!(BEGUN, in_the_context_of_all),
    case!(BEGUN, not_for_transport),
];

fn without_a_document(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    let before = flow::luns(bench)?;
    let code = bench.outcome_code()?;
    let empty = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    bench.expect(empty, Call::IMPORT_SNAPSHOTS, code)?;
    let after = flow::luns(bench)?;
    bench.same("the LUNs after the refused import", &before, &after)?;
    // It was not imported, so it still can be.
    flow::imported(bench, 1, &set).map(drop)
}

/// An object that has begun a set of its own is no importer any more.
fn in_a_set(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    let object = flow::importer(bench, 1, &set.document)?;
    bench.ok(object, Call::START_SNAPSHOT_SET)?;
    let code = bench.outcome_code()?;
    bench.expect(object, Call::IMPORT_SNAPSHOTS, code)?;
    bench.ok(object, Call::AbortBackup {})?;
    flow::imported(bench, 1, &set).map(drop)
}

/// A set is imported once: not again by the same object, by another, or on another host, whether its copies are still
/// there or not.
fn again(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the-shadow-copy-creation-process: once after its creation; the code is on no page");
    bench.load(&flow::two_hosts(bench.lab()))?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    let importer = flow::imported(bench, 2, &set)?;
    let code = bench.outcome_code()?;
    bench.expect(importer, Call::IMPORT_SNAPSHOTS, code)?;
    for host in [2, 1] {
        let other = flow::importer(bench, host, &set.document)?;
        bench.expect(other, Call::IMPORT_SNAPSHOTS, code)?;
        bench.release(other);
    }
    let told = flow::properties_if_known(bench, importer, set.copies[0])?;
    bench.check(told.is_some(), || "the refused imports have taken the copy away".to_owned())
}

fn again_after_a_break(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the-shadow-copy-creation-process: once after its creation; the code is on no page");
    bench.load(&flow::two_hosts(bench.lab()))?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    let importer = flow::imported(bench, 2, &set)?;
    bench.ok(importer, Call::BreakSnapshotSet { snapshot_set_id: set.id })?;
    let other = flow::importer(bench, 2, &set.document)?;
    let code = bench.outcome_code()?;
    bench.expect(other, Call::IMPORT_SNAPSHOTS, code)?;
    let told = flow::properties_if_known(bench, other, set.copies[0])?;
    bench.check(told.is_none(), || "VSS manages the broken copy again".to_owned())
}

/// Requesters serialise imports: while one runs another has to wait, but not on another host.
fn one_at_a_time(bench: &mut Bench<'_>) -> Checked {
    bench.need(Capabilities::FAULTS)?;
    bench.inferred("one import at a time; the code of an overlapping one is on no page");
    let late = Fault::new("LocateLuns", Cause::Late(60_000));
    bench.load(&flow::two_hosts(bench.lab()).with_fault(late))?;
    let sets = [
        copied(bench, transportable(), &[r"D:\"])?,
        copied(bench, transportable(), &[r"E:\"])?,
        copied(bench, transportable(), &[r"F:\"])?,
    ];
    let first = flow::importer(bench, 2, &sets[0].document)?;
    let operation = bench.object(first, Call::IMPORT_SNAPSHOTS)?;
    bench.act(Action::Elapse { ms: 10_000 })?;
    let second = flow::importer(bench, 2, &sets[1].document)?;
    let code = bench.outcome_code()?;
    bench.expect(second, Call::IMPORT_SNAPSHOTS, code)?;
    flow::imported(bench, 1, &sets[2])?;
    let first = bench.settle(operation)?;
    bench.same("what the first import comes to", &HResult::S_OK, &first)?;
    bench.done(second, Call::IMPORT_SNAPSHOTS).map(drop)
}

/// As Microsoft's sample does it: SetContext and SetBackupState come before the import.
fn in_the_context_of_all(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the sample calls SetContext(VSS_CTX_ALL) and SetBackupState before (N2)");
    bench.load_default()?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    let importer = flow::importer(bench, 1, &set.document)?;
    bench.ok(importer, Call::SetContext { l_context: SnapshotContext::ALL })?;
    bench.ok(
        importer,
        Call::SetBackupState {
            b_select_components: true,
            b_backup_bootable_system_state: true,
            backup_type: BackupType::FULL,
            b_partial_file_support: false,
        },
    )?;
    let code = bench.outcome_code()?;
    bench.expect_status(importer, Call::IMPORT_SNAPSHOTS, code)?;
    let device = flow::device(bench, importer, set.copies[0])?;
    flow::holds(bench, &device, "then")
}

/// A document of a set that came up where it was made has nothing to be imported.
fn not_for_transport(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the code is vss.h's, by its name; it is on no page");
    bench.load_default()?;
    let set = copied(bench, PERSISTENT, &[r"D:\"])?;
    let importer = flow::importer(bench, 1, &set.document)?;
    let settled = bench.finish(importer, Call::IMPORT_SNAPSHOTS)?;
    bench.same("the import of such a set", &HResult::VSS_E_NONTRANSPORTABLE_BCD, &settled.code)?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    imports(bench, 1, &set).map(drop)
}
