//! Sets that arrive whole.

use vss_sim::api::{
    Action, Object, Question, SnapshotId, SnapshotProp, VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::Lab;

use super::{BEGUN, imports};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};
use crate::cases::flow::{self, Set, copied, transportable, turn_to};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!(BEGUN, on_another_host),
    case!(BEGUN, where_originals_are_out_of_sight),
    case!(BEGUN, beside_the_originals),
    case!(BEGUN, while_the_originals_are_masked),
    case!(BEGUN, two_volumes_of_one_lun),
];

/// Both copies are there, as they were at the commit.
fn has_arrived(bench: &mut Bench<'_>, host: u32, importer: Object, set: &Set, lab: &Lab) -> Checked {
    turn_to(bench, host)?;
    for copy in &set.copies {
        let told = properties_of(bench, importer, *copy)?;
        let attributes = told.snapshot_attributes;
        bench.check(attributes.contains(Attributes::IMPORTED | Attributes::TRANSPORTABLE), || {
            format!("m_lSnapshotAttributes has to hold IMPORTED and TRANSPORTABLE, but is {attributes:?}")
        })?;
        bench.same("m_SnapshotSetId", &set.id, &told.snapshot_set_id)?;
        let machine = |host: u32| lab.hosts[host as usize - 1].name.clone();
        bench.same("m_pwszOriginatingMachine", &machine(1), &told.originating_machine.to_string())?;
        bench.same("m_pwszServiceMachine", &machine(host), &told.service_machine.to_string())?;
        let device = flow::device(bench, importer, *copy)?;
        flow::holds(bench, &device, "then")?;
    }
    Ok(())
}

fn properties_of(bench: &mut Bench<'_>, on: Object, copy: SnapshotId) -> Result<SnapshotProp, Stop> {
    let told = flow::properties_if_known(bench, on, copy)?;
    told.ok_or_else(|| Stop::failed(format!("shadow copy {copy} is not there after the import")))
}

/// A copied disk is online beside all others, known by something of its own, and its volume is held back.
fn has_its_own_identity(bench: &mut Bench<'_>, source: &str) -> Checked {
    let (original, copy) = (flow::lun(bench, source)?, flow::only_copy_of_lun(bench, source)?);
    bench.check(copy.signature.is_some() && copy.signature != original.signature, || {
        format!("LUN {} has to have a signature of its own, but has {:?}", copy.name, copy.signature)
    })?;
    let online = flow::disk_of(bench, &copy.name)?.is_some_and(|disk| disk.online);
    bench.same(&format!("whether LUN {} is online", copy.name), &true, &online)?;
    flow::held_back(bench, &copy.name)
}

fn goes_to(bench: &mut Bench<'_>, lab: &Lab, host: u32) -> Checked {
    bench.load(lab)?;
    let set = copied(bench, transportable(), &[r"D:\", r"F:\"])?;
    let originals = [flow::lun(bench, "data-d")?, flow::lun(bench, "data-f")?];
    let importer = imports(bench, host, &set)?;
    has_arrived(bench, host, importer, &set, lab)?;
    for original in originals {
        has_its_own_identity(bench, &original.name)?;
        turn_to(bench, 1)?;
        let now = flow::lun(bench, &original.name)?;
        bench.same("an original after the import", &original, &now)?;
        turn_to(bench, host)?;
    }
    Ok(())
}

/// On the second host; the first knows nothing of the copies any more, and does not see them.
fn on_another_host(bench: &mut Bench<'_>) -> Checked {
    let lab = flow::two_hosts(bench.lab());
    bench.load(&lab)?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    let importer = imports(bench, 2, &set)?;
    has_arrived(bench, 2, importer, &set, &lab)?;
    let device = flow::device(bench, importer, set.copies[0])?;
    turn_to(bench, 1)?;
    let elsewhere = flow::properties_if_known(bench, set.session, set.copies[0])?;
    bench.check(elsewhere.is_none(), || "the copy is known on the first host, too".to_owned())?;
    let copy = flow::only_copy_of_lun(bench, "data-d")?;
    bench.same("whether the copy's LUN is presented to the first host", &false, &copy.presented)?;
    let question = Question::ReadVolume { volume: device, offset: flow::DATA, length: 4 };
    let Err(_) = bench.ask(question) else {
        return Err(Stop::failed("the first host reads the copy that the second imported"));
    };
    goes_to(bench, &lab, 2)
}

/// The second host has never seen the originals.
fn where_originals_are_out_of_sight(bench: &mut Bench<'_>) -> Checked {
    let lab = flow::originals_apart(bench.lab());
    goes_to(bench, &lab, 2)
}

/// On the host that made the set: a disk of the same signature arrives beside each original.
fn beside_the_originals(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("a blog of Microsoft's: of two disks with one signature the second gets a new one (O54)");
    let lab = bench.lab();
    goes_to(bench, lab, 1)
}

/// As fast recovery does it.
fn while_the_originals_are_masked(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    bench.load(lab)?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    bench.act(Action::MaskLun { lun: "data-d".into() })?;
    let importer = imports(bench, 1, &set)?;
    has_arrived(bench, 1, importer, &set, lab)?;
    has_its_own_identity(bench, "data-d")
}

/// One LUN arrives, with both volumes of the set on it.
fn two_volumes_of_one_lun(bench: &mut Bench<'_>) -> Checked {
    let lab = flow::two_hosts(bench.lab());
    bench.load(&lab)?;
    let set = copied(bench, transportable(), &[r"G:\", r"H:\"])?;
    let importer = imports(bench, 2, &set)?;
    has_arrived(bench, 2, importer, &set, &lab)?;
    has_its_own_identity(bench, "data-gh")
}
