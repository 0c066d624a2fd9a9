//! Fast recovery (fast-recovery-using-transportable-shadow-copied-volumes): a volume that is lost lives on in its copy.

use vss_sim::api::{Action, HardwareOptions as Flags};
use vss_sim::lab::Os;

use super::{BROKEN_EX, breaks};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked};
use crate::cases::flow::{self, copied, transportable, turn_to};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!(BROKEN_EX, on_the_same_host),
    case!(BROKEN_EX, on_another_host),
    case!(BROKEN_EX, in_a_cluster),
    case!(BROKEN_EX, of_dynamic_disks),
];

/// As the break has them that ends a fast recovery.
const FLAGS: Flags = Flags::REVERT_IDENTITY_ALL.union(Flags::MAKE_READ_WRITE);

/// Create, mask the originals, import, break: then D: and F: are there under the names that they had, with the content of
/// the commit, and can be written. After a restart too.
fn on_the_same_host(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let volumes = [(r"D:\", "data-d"), (r"F:\", "data-f")];
    let set = copied(bench, transportable(), &volumes.map(|(volume, _)| volume))?;
    let mut before = Vec::new();
    for (volume, source) in volumes {
        before.push(flow::signature(bench, volume)?);
        bench.act(Action::MaskLun { lun: source.into() })?;
    }
    let importer = flow::imported(bench, 1, &set)?;
    breaks(bench, importer, &set, FLAGS)?;
    bench.release(importer);
    bench.act(Action::Restart { host: 1 })?;
    for ((volume, _), before) in volumes.into_iter().zip(before) {
        flow::holds(bench, volume, "then")?;
        flow::write(bench, volume, "on we go")?;
        flow::holds(bench, volume, "on we go")?;
        let now = flow::signature(bench, volume)?;
        bench.same(&format!("the signature of the disk under {volume}"), &before, &now)?;
    }
    // It is a volume like any other: the next set can have it.
    let next = copied(bench, transportable(), &[r"D:\"])?;
    bench.check(next.id != set.id, || "a new set has the id of the broken one".to_owned())
}

/// The same on a host that has never seen the originals.
fn on_another_host(bench: &mut Bench<'_>) -> Checked {
    bench.load(&flow::originals_apart(bench.lab()))?;
    let before = flow::signature(bench, r"D:\")?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    bench.act(Action::MaskLun { lun: "data-d".into() })?;
    let importer = flow::imported(bench, 2, &set)?;
    turn_to(bench, 2)?;
    breaks(bench, importer, &set, FLAGS)?;
    let lun = flow::only_copy_of_lun(bench, "data-d")?;
    bench.same("the signature of the copy's disk", &before, &lun.signature)?;
    for volume in flow::volumes_on(bench, &lun.name)? {
        bench.same("the marks of the volume", &Default::default(), &volume.marks)?;
        flow::holds(bench, &volume.name, "then")?;
        flow::write(bench, &volume.name, "on we go")?;
    }
    flow::lun_holds(bench, &lun.name, "on we go")
}

/// As the page has it: the originals are masked from all nodes, one node imports and breaks, and the others get the LUN then.
fn in_a_cluster(bench: &mut Bench<'_>) -> Checked {
    bench.load(&flow::cluster(bench.lab()))?;
    let set = copied(bench, transportable(), &[r"F:\"])?;
    bench.act(Action::MaskLun { lun: "data-f".into() })?;
    let importer = flow::imported(bench, 2, &set)?;
    breaks(bench, importer, &set, FLAGS)?;
    let lun = flow::only_copy_of_lun(bench, "data-f")?.name;
    bench.act(Action::PresentLun { lun, host: 1 })?;
    for node in [1, 2] {
        turn_to(bench, node)?;
        flow::holds(bench, r"F:\", "then")?;
    }
    Ok(())
}

/// Every disk of a spanned volume gets its original's identity, so that the volume is whole again.
fn of_dynamic_disks(bench: &mut Bench<'_>) -> Checked {
    bench.load(&flow::dynamic(bench.lab(), Os::WindowsServer2022)?)?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    for lun in ["data-d", "data-d-2"] {
        bench.act(Action::MaskLun { lun: lun.into() })?;
    }
    let importer = flow::imported(bench, 1, &set)?;
    breaks(bench, importer, &set, FLAGS)?;
    flow::holds(bench, r"D:\", "then")?;
    flow::write(bench, r"D:\", "on we go")?;
    flow::holds(bench, r"D:\", "on we go")
}
