//! Imports to which something does not come, and what is left behind.

use vss_sim::api::{
    Action, Call, Capabilities, HResult, SnapshotContext, VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::{Cause, Fault, Lab};

use super::{BEGUN, imports};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};
use crate::cases::flow::{self, OTHER, Set, copied, transportable, turn_to};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!(BEGUN, some_luns_lost),
    case!(BEGUN, no_lun_arrives),
    case!(BEGUN, deleted_on_its_array),
    case!(BEGUN, second_provider_refuses),
    case!(BEGUN, volume_elsewhere),
    case!(BEGUN, document_of_another_room),
];

/// Which copies of the set are there on the second host, after an import that came to that code. It has cleaned up no LUN.
fn there_after(bench: &mut Bench<'_>, set: &Set, code: HResult) -> Result<Vec<bool>, Stop> {
    let (luns, entries) = (flow::luns(bench)?.len(), flow::events(bench)?.len());
    let importer = flow::importer(bench, 2, &set.document)?;
    bench.expect_status(importer, Call::IMPORT_SNAPSHOTS, code)?;
    if code != HResult::S_OK {
        flow::logged_since(bench, entries, HResult::VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED)?;
    }
    let now = flow::luns(bench)?.len();
    bench.same("the number of LUNs: an import cleans up none", &luns, &now)?;
    let mut there = Vec::new();
    for copy in &set.copies {
        let known = flow::properties_if_known(bench, importer, *copy)?;
        there.push(known.is_some());
        if let Some(known) = known {
            let of_set = i32::try_from(set.copies.len()).unwrap_or_default();
            bench.same("of how many copies the set was made", &of_set, &known.snapshots_count)?;
        }
    }
    bench.release(importer);
    Ok(there)
}

/// The LUNs of one of two providers get lost between the array and the host.
fn some_luns_lost(bench: &mut Bench<'_>) -> Checked {
    bench.need(Capabilities::FAULTS)?;
    let lab = flow::two_providers(&flow::two_hosts(bench.lab()))?;
    bench.load(&lab.with_fault(Fault::new("LocateLuns", Cause::LosesLun).of(OTHER)))?;
    let set = copied(bench, transportable(), &[r"D:\", r"E:\"])?;
    let there = there_after(bench, &set, HResult::VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED)?;
    bench.same("which copies are there", &vec![true, false], &there)
}

/// It has failed, so it can be repeated.
fn no_lun_arrives(bench: &mut Bench<'_>) -> Checked {
    bench.need(Capabilities::FAULTS)?;
    bench.inferred("the code is vss.h's, on no page");
    let lab = flow::two_hosts(bench.lab()).with_fault(Fault::new("LocateLuns", Cause::LosesLun));
    bench.load(&lab)?;
    let set = copied(bench, transportable(), &[r"D:\", r"E:\"])?;
    let there = there_after(bench, &set, HResult::VSS_E_NO_SNAPSHOTS_IMPORTED)?;
    bench.same("which copies are there", &vec![false, false], &there)?;
    let code = bench.outcome_code()?;
    let there = there_after(bench, &set, code)?;
    bench.same("which copies are there after another try", &vec![true, true], &there)
}

/// The creator deletes its set before anybody imports it: the provider does not know what it is to unmask, and nothing
/// arrives. A copy that it has deleted does not keep the others from arriving.
fn deleted_on_its_array(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("a provider that does not know the LUNs is no failure of the import; the code is vss.h's");
    bench.load(&flow::two_hosts(bench.lab()))?;
    let context = SnapshotContext::FILE_SHARE_BACKUP.with(Attributes::TRANSPORTABLE);
    let set = copied(bench, context, &[r"D:\"])?;
    bench.release(set.session);
    let there = there_after(bench, &set, HResult::VSS_E_NO_SNAPSHOTS_IMPORTED)?;
    bench.same("which copies are there", &vec![false], &there)?;
    let set = copied(bench, transportable(), &[r"D:\", r"E:\"])?;
    bench.ok(set.session, flow::delete_copy(set.copies[0]))?;
    let entries = flow::events(bench)?.len();
    let there = there_after(bench, &set, HResult::VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED)?;
    bench.same("which copies are there", &vec![false, true], &there)?;
    flow::logged_since(bench, entries, HResult::E_INVALIDARG)?;
    // The same set, made anew, arrives.
    let set = copied(bench, context, &[r"D:\"])?;
    imports(bench, 2, &set).map(drop)
}

/// What the first provider has unmasked stays presented, and the log says so.
fn second_provider_refuses(bench: &mut Bench<'_>) -> Checked {
    bench.need(Capabilities::FAULTS)?;
    bench.inferred(
        "a provider's code is passed on; the page leaves the LUNs of a failed import to the requester",
    );
    let lab = flow::two_providers(&flow::two_hosts(bench.lab()))?;
    let veto = Cause::ProviderAnswers(HResult::VSS_E_PROVIDER_VETO);
    bench.load(&lab.with_fault(Fault::new("LocateLuns", veto).of(OTHER)))?;
    let set = copied(bench, transportable(), &[r"D:\", r"E:\"])?;
    let lun = flow::only_copy_of_lun(bench, "data-d")?.name;
    let importer = flow::importer(bench, 2, &set.document)?;
    bench.expect_status(importer, Call::IMPORT_SNAPSHOTS, HResult::VSS_E_PROVIDER_VETO)?;
    for copy in &set.copies {
        let told = flow::properties_if_known(bench, importer, *copy)?;
        bench.check(told.is_none(), || format!("shadow copy {copy} is there, though the import failed"))?;
    }
    turn_to(bench, 2)?;
    let there = flow::disk_of(bench, &lun)?;
    bench.check(there.is_some(), || format!("LUN {lun} has been cleaned up"))?;
    let told = flow::events(bench)?.iter().any(|event| event.message.contains("stays presented"));
    bench.check(told, || "the log has to tell of LUNs that stay presented".to_owned())?;
    // The next try finds them.
    bench.expect_status(importer, Call::IMPORT_SNAPSHOTS, HResult::S_OK).map(drop)
}

/// The LUNs arrive, but one volume does not lie where the document says.
fn volume_elsewhere(bench: &mut Bench<'_>) -> Checked {
    bench.load(&flow::two_hosts(bench.lab()))?;
    let mut set = copied(bench, transportable(), &[r"D:\", r"E:\"])?;
    // Partitions begin at one mebibyte; the first volume of the document is D:.
    let moved = set.document.replacen(r#"offset="1048576""#, r#"offset="2097152""#, 1);
    bench.check(*moved != *set.document, || "the document does not say where volumes lie".to_owned())?;
    set.document = moved.into();
    let there = there_after(bench, &set, HResult::VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED)?;
    bench.same("which copies are there", &vec![false, true], &there)
}

/// Nobody here has made the set, and nobody has its LUNs.
fn document_of_another_room(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the code is vss.h's, on no page");
    let elsewhere: Lab = flow::two_hosts(bench.lab()).with(|lab| lab.seed ^= 0x5eed);
    bench.load(&elsewhere)?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    bench.load(&flow::two_hosts(bench.lab()))?;
    flow::write(bench, r"D:\", "mine")?;
    let before = flow::luns(bench)?;
    let there = there_after(bench, &set, HResult::VSS_E_NO_SNAPSHOTS_IMPORTED)?;
    bench.same("which copies are there", &vec![false], &there)?;
    turn_to(bench, 1)?;
    bench.act(Action::Rescan)?;
    let after = flow::luns(bench)?;
    bench.same("the LUNs of this room", &before, &after)
}
