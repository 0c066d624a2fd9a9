//! `BreakSnapshotSetEx`: disks that get back what their originals were known by, and what keeps them from it.

use vss_sim::api::{Action, Call, Guid, HardwareOptions as Flags, LunSeen, Object};
use vss_sim::lab::{BreakIdentity, Cause, Fault, Lab, Lun, Volume};

use super::{BROKEN_EX, breaks, forgotten, still_known};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked};
use crate::cases::flow::{self, PERSISTENT, Set, copied, transportable, turn_to};

const ORIGINAL_VISIBLE: &str =
    "IVssBackupComponentsEx2::BreakSnapshotSetEx/VSS_E_BREAK_REVERT_ID_FAILED/original-lun-visible";
const MBR_SIGNATURE: &str =
    "IVssBackupComponentsEx2::BreakSnapshotSetEx/VSS_E_BREAK_REVERT_ID_FAILED/mbr-signature";
const GPT_DISK_ID: &str =
    "IVssBackupComponentsEx2::BreakSnapshotSetEx/VSS_E_BREAK_REVERT_ID_FAILED/gpt-disk-id";
const GPT_PARTITION_ID: &str =
    "IVssBackupComponentsEx2::BreakSnapshotSetEx/VSS_E_BREAK_REVERT_ID_FAILED/gpt-partition-id";

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!(BROKEN_EX, gpt_disk),
    case!(BROKEN_EX, mbr_disk),
    case!(BROKEN_EX, a_volume_outside_of_the_set),
    case!(BROKEN_EX, where_the_originals_are_absent),
    case!(BROKEN_EX, kept_unless_asked_for),
    case!(ORIGINAL_VISIBLE, original_is_visible),
    case!(ORIGINAL_VISIBLE, one_original_is_visible),
    case!(MBR_SIGNATURE, another_mbr_disk),
    case!(MBR_SIGNATURE, mbr_disk_refuses),
    case!(MBR_SIGNATURE, mbr_copy_is_masked),
    case!(GPT_DISK_ID, another_gpt_disk),
    case!(GPT_DISK_ID, gpt_disk_refuses),
    case!(GPT_DISK_ID, gpt_copy_is_masked),
    case!(GPT_PARTITION_ID, another_partition),
];

const ALL: Flags = Flags::REVERT_IDENTITY_ALL;

fn mask(bench: &mut Bench<'_>, luns: &[&str]) -> Checked {
    luns.iter().try_for_each(|lun| bench.act(Action::MaskLun { lun: (*lun).into() }))
}

/// A copied LUN is known by what its original is known by.
fn is_known_as(bench: &mut Bench<'_>, source: &str, expected: bool) -> Checked {
    let (original, copy) = (flow::lun(bench, source)?, flow::only_copy_of_lun(bench, source)?);
    let same = original.signature == copy.signature;
    bench.same(&format!("whether the copy of {source} has its signature"), &expected, &same)
}

/// A set of that volume, whose original is masked, is broken; then disk and volume are known as the original's were.
fn takes_over(bench: &mut Bench<'_>, volume: &str, source: &str) -> Checked {
    bench.load_default()?;
    let names = flow::volume_names_on(bench, source)?;
    let set = copied(bench, PERSISTENT, &[volume])?;
    is_known_as(bench, source, false)?;
    mask(bench, &[source])?;
    breaks(bench, set.session, &set, ALL)?;
    is_known_as(bench, source, true)?;
    let copy = flow::only_copy_of_lun(bench, source)?.name;
    flow::held_back(bench, &copy)?;
    let now = flow::volume_names_on(bench, &copy)?;
    bench.same("the names of the copy's volumes", &names, &now)
}

/// Signature of the disk and ids of its partitions.
fn gpt_disk(bench: &mut Bench<'_>) -> Checked {
    takes_over(bench, r"D:\", "data-d")
}

fn mbr_disk(bench: &mut Bench<'_>) -> Checked {
    takes_over(bench, r"F:\", "data-f")
}

/// The set has G: alone, but the LUN holds H: too: the copied bytes tell of both.
fn a_volume_outside_of_the_set(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the document tells of the set's volumes only");
    takes_over(bench, r"G:\", "data-gh")
}

/// A set of D: and F:, of which D:'s original is masked, broken without a word about identities.
fn half_absent(bench: &mut Bench<'_>, lab: &Lab) -> Checked {
    bench.load(lab)?;
    let set = copied(bench, PERSISTENT, &[r"D:\", r"F:\"])?;
    mask(bench, &["data-d"])?;
    breaks(bench, set.session, &set, Flags::empty())?;
    are_presented(bench)
}

/// The copies' LUNs are there for a host.
fn are_presented(bench: &mut Bench<'_>) -> Checked {
    let luns = flow::luns(bench)?;
    let mut copies = luns.iter().filter(|lun| lun.copy.is_some()).peekable();
    let presented = copies.peek().is_some() && copies.all(|lun| lun.presented);
    bench.same("whether there are copies, and their LUNs are presented", &true, &presented)
}

fn where_the_originals_are_absent(bench: &mut Bench<'_>) -> Checked {
    bench.reading(r#"break-identity = "reverted-where-absent""#);
    bench.inferred("the page says what ALL and NONE do, not what happens without either");
    let lab = bench.lab();
    half_absent(bench, lab)?;
    is_known_as(bench, "data-d", true)?;
    is_known_as(bench, "data-f", false)
}

fn kept_unless_asked_for(bench: &mut Bench<'_>) -> Checked {
    bench.reading(r#"break-identity = "kept""#);
    bench.inferred("the page says what ALL and NONE do, not what happens without either");
    let lab = bench.lab().clone().with_readings(|readings| readings.break_identity = BreakIdentity::Kept);
    half_absent(bench, &lab)?;
    is_known_as(bench, "data-d", false)?;
    is_known_as(bench, "data-f", false)
}

/// The break fails with the outcome's code, and nothing has changed: no LUN, and VSS knows the set as before.
fn fails(bench: &mut Bench<'_>, on: Object, set: &Set, flags: Flags) -> Checked {
    let before: Vec<LunSeen> = flow::luns(bench)?;
    let code = bench.outcome_code()?;
    bench.expect_settled(on, Call::break_snapshot_set_ex(set.id, flags), code)?;
    let after = flow::luns(bench)?;
    bench.same("the LUNs", &before, &after)?;
    are_presented(bench)?;
    flow::logged(bench, code)?;
    still_known(bench, on, set)?;
    for copy in &set.copies {
        let device = flow::device(bench, on, *copy)?;
        flow::holds(bench, &device, "then")?;
    }
    Ok(())
}

fn original_is_visible(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = copied(bench, PERSISTENT, &[r"D:\"])?;
    fails(bench, set.session, &set, ALL | Flags::MAKE_READ_WRITE)?;
    mask(bench, &["data-d"])?;
    bench.done(set.session, Call::break_snapshot_set_ex(set.id, ALL | Flags::MAKE_READ_WRITE)).map(drop)
}

/// All or nothing: D:'s original is masked, F:'s is not.
fn one_original_is_visible(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let set = copied(bench, PERSISTENT, &[r"D:\", r"F:\"])?;
    mask(bench, &["data-d"])?;
    fails(bench, set.session, &set, ALL)
}

/// An earlier break has given the identity to another copy's disk.
fn taken_by_another_copy(bench: &mut Bench<'_>, volume: &str, source: &str) -> Checked {
    bench.load_default()?;
    let earlier = copied(bench, PERSISTENT, &[volume])?;
    let later = copied(bench, PERSISTENT, &[volume, r"E:\"])?;
    mask(bench, &[source, "data-e"])?;
    bench.done(earlier.session, Call::break_snapshot_set_ex(earlier.id, ALL | Flags::MAKE_READ_WRITE))?;
    fails(bench, later.session, &later, ALL | Flags::MAKE_READ_WRITE)?;
    bench.done(later.session, Call::break_snapshot_set_ex(later.id, Flags::REVERT_IDENTITY_NONE)).map(drop)
}

fn another_mbr_disk(bench: &mut Bench<'_>) -> Checked {
    taken_by_another_copy(bench, r"F:\", "data-f")
}

fn another_gpt_disk(bench: &mut Bench<'_>) -> Checked {
    taken_by_another_copy(bench, r"D:\", "data-d")
}

/// The disk of the last copy refuses the write: what is written on the first is taken back.
fn disk_refuses(bench: &mut Bench<'_>, volumes: [&str; 2], sources: [&str; 2]) -> Checked {
    let refuses = Fault::new("BreakSnapshotSetEx", Cause::DiskRefusesWrite);
    bench.load(&bench.lab().clone().with_fault(refuses))?;
    let set = copied(bench, PERSISTENT, &volumes)?;
    mask(bench, &sources)?;
    fails(bench, set.session, &set, ALL | Flags::MAKE_READ_WRITE)?;
    for source in sources {
        let copy = flow::only_copy_of_lun(bench, source)?.name;
        flow::held_back(bench, &copy)?;
    }
    let second = flow::only_copy_of_lun(bench, sources[1])?.name;
    let told = flow::events(bench)?.iter().any(|event| event.message.contains(&*second));
    bench.check(told, || format!("the log has to name LUN {second}, whose disk refuses, but does not"))?;
    bench.done(set.session, Call::break_snapshot_set_ex(set.id, ALL | Flags::MAKE_READ_WRITE)).map(drop)
}

fn mbr_disk_refuses(bench: &mut Bench<'_>) -> Checked {
    disk_refuses(bench, [r"D:\", r"F:\"], ["data-d", "data-f"])
}

fn gpt_disk_refuses(bench: &mut Bench<'_>) -> Checked {
    disk_refuses(bench, [r"F:\", r"G:\"], ["data-f", "data-gh"])
}

/// Somebody has masked the copy too: nothing can be written on it. VSS can forget it all the same.
fn copy_is_masked(bench: &mut Bench<'_>, volume: &str, source: &str) -> Checked {
    bench.load_default()?;
    let set = copied(bench, PERSISTENT, &[volume])?;
    let copy = flow::only_copy_of_lun(bench, source)?;
    mask(bench, &[source, &copy.name])?;
    let code = bench.outcome_code()?;
    bench.expect_settled(set.session, Call::break_snapshot_set_ex(set.id, ALL), code)?;
    still_known(bench, set.session, &set)?;
    let after = flow::lun(bench, &copy.name)?;
    bench.same("the digest of the copy's LUN", &copy.digest, &after.digest)?;
    bench.done(set.session, Call::break_snapshot_set_ex(set.id, Flags::empty()))?;
    forgotten(bench, set.session, &set)?;
    is_known_as(bench, source, false)
}

fn mbr_copy_is_masked(bench: &mut Bench<'_>) -> Checked {
    copy_is_masked(bench, r"F:\", "data-f")
}

fn gpt_copy_is_masked(bench: &mut Bench<'_>) -> Checked {
    copy_is_masked(bench, r"D:\", "data-d")
}

/// The second host has a clone of D: whose disk was given another id, but whose partition was not.
fn another_partition(bench: &mut Bench<'_>) -> Checked {
    let lab = flow::changed(&flow::originals_apart(bench.lab()), |lab| {
        let id = Guid::from_u128(0x7673_736c_0000_0000_0000_0000_0000_c10e);
        let second = lab.hosts[1].name.clone();
        let original = flow::lun_under(lab, r"D:\")?.clone();
        lab.luns.push(Lun {
            name: "clone".into(),
            hosts: Some(vec![second]),
            signature: None,
            identity: None,
            ..original
        });
        flow::volume_in(lab, r"D:\")?.id = Some(id);
        lab.volumes.push(Volume { id: Some(id), ..Volume::new(r"K:\", "clone") });
        Ok(())
    })?;
    bench.load(&lab)?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    let importer = flow::imported(bench, 2, &set)?;
    turn_to(bench, 2)?;
    fails(bench, importer, &set, ALL)
}
