//! Sets that cannot be broken, and arguments that are not valid.

use vss_sim::api::{Call, HResult, HardwareOptions as Flags, Object, SnapshotSetId};

use super::still_known;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked};
use crate::cases::flow::{self, PERSISTENT, copied, transportable};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssBackupComponents::BreakSnapshotSet/E_INVALIDARG/bad-parameter", null_id),
    case!("IVssBackupComponents::BreakSnapshotSet/VSS_E_OBJECT_NOT_FOUND/no-such-set", unknown_set),
    case!("IVssBackupComponents::BreakSnapshotSet/VSS_E_OBJECT_NOT_FOUND/no-such-set", id_of_a_copy),
    case!("IVssBackupComponents::BreakSnapshotSet/VSS_E_OBJECT_NOT_FOUND/no-such-set", not_imported),
    case!("IVssBackupComponents::BreakSnapshotSet/VSS_E_OBJECT_NOT_FOUND/no-such-set", on_another_host),
    case!("IVssBackupComponents::BreakSnapshotSet/VSS_E_PROVIDER_VETO/software-provider", software_copy),
    case!("IVssBackupComponents::BreakSnapshotSet/VSS_E_PROVIDER_VETO/software-provider", mixed_set),
    case!("IVssBackupComponentsEx2::BreakSnapshotSetEx/E_INVALIDARG/bad-parameter", null_id),
    case!("IVssBackupComponentsEx2::BreakSnapshotSetEx/E_INVALIDARG/bad-parameter", bad_flags),
    case!("IVssBackupComponentsEx2::BreakSnapshotSetEx/VSS_E_OBJECT_NOT_FOUND/no-such-set", unknown_set),
    case!("IVssBackupComponentsEx2::BreakSnapshotSetEx/VSS_E_OBJECT_NOT_FOUND/no-such-set", id_of_a_copy),
    case!("IVssBackupComponentsEx2::BreakSnapshotSetEx/VSS_E_OBJECT_NOT_FOUND/no-such-set", not_imported),
    case!("IVssBackupComponentsEx2::BreakSnapshotSetEx/VSS_E_OBJECT_NOT_FOUND/no-such-set", on_another_host),
    case!("IVssBackupComponentsEx2::BreakSnapshotSetEx/VSS_E_OBJECT_NOT_FOUND/no-such-set", broken_meanwhile),
    case!("IVssBackupComponentsEx2::BreakSnapshotSetEx/VSS_E_PROVIDER_VETO/software-provider", software_copy),
    case!("IVssBackupComponentsEx2::BreakSnapshotSetEx/VSS_E_PROVIDER_VETO/software-provider", mixed_set),
];

/// The break that the outcome is about.
fn call(bench: &Bench<'_>, set: SnapshotSetId) -> Call {
    match bench.outcome().method_name() {
        "BreakSnapshotSet" => Call::break_snapshot_set(set),
        _ => Call::break_snapshot_set_ex(set, Flags::REVERT_IDENTITY_NONE),
    }
}

/// It fails with the outcome's code.
fn fails(bench: &mut Bench<'_>, on: Object, set: SnapshotSetId) -> Checked {
    let (code, call) = (bench.outcome_code()?, call(bench, set));
    bench.expect_settled(on, call, code).map(drop)
}

fn null_id(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("which values are not valid is on no page: GUID_NULL identifies no set");
    bench.load_default()?;
    let set = copied(bench, PERSISTENT, &[r"D:\"])?;
    fails(bench, set.session, SnapshotSetId::NULL)?;
    still_known(bench, set.session, &set)
}

/// Both identity flags, a bit without a name, and what VSS itself says to providers.
fn bad_flags(bench: &mut Bench<'_>) -> Checked {
    bench.inferred(
        "which values are not valid is on no page: flags that contradict each other, or are no requester's",
    );
    bench.load_default()?;
    let set = copied(bench, PERSISTENT, &[r"D:\"])?;
    let both = Flags::REVERT_IDENTITY_ALL | Flags::REVERT_IDENTITY_NONE;
    let unknown = [0x10, 0x80, 0x1000, 0x8000_0000].map(Flags::from_bits_retain);
    let of_providers = [
        Flags::NOTIFY_READ_WRITE,
        Flags::NOTIFY_LUN_PRE_RECOVERY,
        Flags::NOTIFY_LUN_POST_RECOVERY,
        Flags::DO_MASK_LUNS,
    ];
    let code = bench.outcome_code()?;
    for flags in [both].into_iter().chain(unknown).chain(of_providers) {
        for flags in [flags, flags | Flags::MAKE_READ_WRITE] {
            bench.expect(set.session, Call::break_snapshot_set_ex(set.id, flags), code)?;
        }
    }
    still_known(bench, set.session, &set)
}

fn unknown_set(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = copied(bench, PERSISTENT, &[r"D:\"])?;
    // One bit beside a set that exists.
    fails(bench, set.session, SnapshotSetId(flow::beside(set.id.0)))?;
    still_known(bench, set.session, &set)
}

/// The argument is the id of a set.
fn id_of_a_copy(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = copied(bench, PERSISTENT, &[r"D:\"])?;
    fails(bench, set.session, SnapshotSetId(set.copies[0].0))?;
    still_known(bench, set.session, &set)
}

/// A set for transport is to be imported first.
fn not_imported(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("breaking-shadow-copies: it must be imported before; the code is on no page");
    bench.load_default()?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    fails(bench, set.session, set.id)?;
    still_known(bench, set.session, &set)?;
    let importer = flow::imported(bench, 1, &set)?;
    let call = call(bench, set.id);
    let code = bench.finish(importer, call)?.code;
    bench.same("the break of the imported set", &HResult::S_OK, &code)
}

/// Only the host that has imported a set can break it.
fn on_another_host(bench: &mut Bench<'_>) -> Checked {
    bench.load(&flow::two_hosts(bench.lab()))?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    let importer = flow::imported(bench, 2, &set)?;
    fails(bench, set.session, set.id)?;
    still_known(bench, importer, &set)
}

/// Of two breaks that run at a time one has a set to break.
fn broken_meanwhile(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = copied(bench, PERSISTENT, &[r"D:\"])?;
    let first = bench.object(set.session, Call::break_snapshot_set_ex(set.id, Flags::MAKE_READ_WRITE))?;
    fails(bench, set.session, set.id)?;
    let first = bench.settle(first)?;
    bench.same("what the first break comes to", &HResult::S_OK, &first)
}

/// C: lies on a local disk: the system provider makes its copies.
fn software_copy(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = copied(bench, PERSISTENT, &[r"C:\"])?;
    fails(bench, set.session, set.id)?;
    still_known(bench, set.session, &set)?;
    let device = flow::device(bench, set.session, set.copies[0])?;
    flow::holds(bench, &device, "then")
}

/// One copy that cannot be broken keeps the whole set together.
fn mixed_set(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the page speaks of the copy, but its argument is a set");
    bench.load_default()?;
    let set = copied(bench, PERSISTENT, &[r"D:\", r"C:\"])?;
    fails(bench, set.session, set.id)?;
    still_known(bench, set.session, &set)
}
