//! Copies that are exposed when their set is broken: "device objects and mount points stay valid".

use vss_sim::api::{Action, Call, HResult, HardwareOptions as Flags, Text};
use vss_sim::lab::Os;

use super::{BROKEN_EX, breaks};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};
use crate::cases::flow::{self, PERSISTENT, Set, copied, transportable, turn_to};

const BROKEN: &str = "IVssBackupComponents::BreakSnapshotSet/S_OK/broken";

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!(BROKEN, keeps_its_letter),
    case!(BROKEN, keeps_its_folder_on_the_importer),
    case!(BROKEN, keeps_its_share),
    case!(BROKEN_EX, keeps_its_letter_read_write),
    case!(BROKEN_EX, keeps_its_letter_over_two_disks),
    case!(BROKEN_EX, keeps_its_letter_with_another_identity),
    case!(BROKEN_EX, keeps_its_letter_while_masked),
    case!(BROKEN_EX, keeps_its_letter_while_masked_with_another_identity),
];

/// A set of that volume on the first host, exposed as X:, and the LUN of its copy.
fn exposed(bench: &mut Bench<'_>, volume: &str, source: &str) -> Result<(Set, Text), Stop> {
    let set = copied(bench, PERSISTENT, &[volume])?;
    bench.ok(set.session, flow::expose_locally(set.copies[0], "X:"))?;
    let lun = flow::only_copy_of_lun(bench, source)?.name;
    Ok((set, lun))
}

/// The LUN's volume has that mount point and no other, and shows there what it holds.
fn is_mounted(bench: &mut Bench<'_>, lun: &str, at: &str, holds: &str) -> Checked {
    let volumes = flow::volumes_on(bench, lun)?;
    let points: Vec<Text> = volumes.into_iter().flat_map(|volume| volume.mount_points).collect();
    bench.same("the mount points of a volume that was exposed", &vec![Text::from(at)], &points)?;
    shows(bench, at, holds)
}

/// The name leads to a volume that holds that.
fn shows(bench: &mut Bench<'_>, name: &str, text: &str) -> Checked {
    let readable = flow::is_readable(bench, &name.into());
    bench.same(&format!("whether {name} leads anywhere"), &true, &readable)?;
    flow::holds(bench, name, text)
}

/// Now it is a mount point like any other: it outlives a restart, and nobody else gets it.
fn keeps_its_letter(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (set, lun) = exposed(bench, r"D:\", "data-d")?;
    let code = bench.outcome_code()?;
    bench.expect(set.session, Call::break_snapshot_set(set.id), code)?;
    is_mounted(bench, &lun, r"X:\", "then")?;
    flow::held_back(bench, &lun)?;
    let written = flow::write(bench, r"X:\", "spoiled");
    bench.check(written.is_err(), || "the volume is still read-only, but could be written".to_owned())?;
    let other = copied(bench, PERSISTENT, &[r"E:\"])?;
    let taken = bench.call(other.session, flow::expose_locally(other.copies[0], "X:")).hresult;
    bench.same("whether another copy can be exposed as X:", &HResult::E_INVALIDARG, &taken)?;
    let below = bench.call(other.session, flow::expose_locally(other.copies[0], r"X:\below")).hresult;
    bench.same("whether a folder can be made on a read-only volume", &HResult::E_INVALIDARG, &below)?;
    bench.act(Action::Restart { host: 1 })?;
    is_mounted(bench, &lun, r"X:\", "then")
}

fn keeps_its_folder_on_the_importer(bench: &mut Bench<'_>) -> Checked {
    bench.load(&flow::originals_apart(bench.lab()).with(|lab| {
        let second = lab.hosts[1].name.clone();
        lab.lun_mut("data-e").into_iter().for_each(|lun| lun.hosts = Some(vec![second.clone()]));
    }))?;
    let set = copied(bench, transportable(), &[r"F:\"])?;
    let importer = flow::imported(bench, 2, &set)?;
    turn_to(bench, 2)?;
    bench.ok(importer, flow::expose_locally(set.copies[0], r"E:\then"))?;
    let code = bench.outcome_code()?;
    bench.expect(importer, Call::break_snapshot_set(set.id), code)?;
    let lun = flow::only_copy_of_lun(bench, "data-f")?.name;
    is_mounted(bench, &lun, r"E:\then\", "then")?;
    turn_to(bench, 1)?;
    let here = flow::is_readable(bench, &r"E:\then\".into());
    bench.same("whether the first host knows the folder", &false, &here)
}

/// A share is of the copy's device object, which leads to the volume until the host restarts. It stays read-only.
fn keeps_its_share(bench: &mut Bench<'_>) -> Checked {
    bench.inferred(
        "the page tells of mount points; a share lasts as long as the device object behind it (O53)",
    );
    bench.load_default()?;
    let set = copied(bench, PERSISTENT, &[r"D:\", r"E:\"])?;
    bench.ok(set.session, flow::expose_remotely(set.copies[0], None, Some("then")))?;
    let path: Text = flow::share(bench.lab(), "then").trim_end_matches('\\').into();
    let code = bench.outcome_code()?;
    bench.expect(set.session, Call::break_snapshot_set(set.id), code)?;
    shows(bench, &path, "then")?;
    let written = flow::write(bench, &path, "spoiled");
    bench.check(written.is_err(), || "copies are shared for reading, but it could be written".to_owned())?;
    let other = copied(bench, PERSISTENT, &[r"F:\"])?;
    let again = flow::expose_remotely(other.copies[0], None, Some("THEN"));
    let taken = bench.call(other.session, again.clone()).hresult;
    bench.same("whether another copy can be shared as then", &HResult::E_INVALIDARG, &taken)?;
    bench.act(Action::Restart { host: 1 })?;
    let readable = flow::is_readable(bench, &path);
    bench.same("whether the share leads anywhere after a restart", &false, &readable)?;
    let later = flow::backup_object(bench, PERSISTENT)?;
    bench.ok(later, again).map(drop)
}

const READ_WRITE: Flags = Flags::MAKE_READ_WRITE;

/// Breaks the set; then its volume can be written under the letter.
fn is_writable(bench: &mut Bench<'_>, set: &Set, lun: &str, flags: Flags) -> Checked {
    breaks(bench, set.session, set, flags | READ_WRITE)?;
    is_mounted(bench, lun, r"X:\", "then")?;
    flow::write(bench, r"X:\", "mine")?;
    is_mounted(bench, lun, r"X:\", "mine")
}

fn keeps_its_letter_read_write(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (set, lun) = exposed(bench, r"D:\", "data-d")?;
    is_writable(bench, &set, &lun, Flags::REVERT_IDENTITY_NONE)?;
    flow::holds(bench, r"D:\", "now!")?;
    let other = copied(bench, PERSISTENT, &[r"E:\"])?;
    bench.ok(other.session, flow::expose_locally(other.copies[0], r"X:\below"))?;
    flow::holds(bench, r"X:\below\", "then")
}

fn keeps_its_letter_over_two_disks(bench: &mut Bench<'_>) -> Checked {
    bench.load(&flow::dynamic(bench.lab(), Os::WindowsServer2022)?)?;
    let set = copied(bench, transportable(), &[r"D:\"])?;
    let importer = flow::imported(bench, 2, &set)?;
    turn_to(bench, 2)?;
    bench.ok(importer, flow::expose_locally(set.copies[0], "X:"))?;
    breaks(bench, importer, &set, Flags::REVERT_IDENTITY_NONE)?;
    shows(bench, r"X:\", "then")
}

/// With its identity the volume takes over the mount points of its original, which is away. Its own stay.
fn keeps_its_letter_with_another_identity(bench: &mut Bench<'_>) -> Checked {
    for (volume, source) in [(r"D:\", "data-d"), (r"F:\", "data-f")] {
        bench.load_default()?;
        let (set, _) = exposed(bench, volume, source)?;
        bench.act(Action::MaskLun { lun: source.into() })?;
        breaks(bench, set.session, &set, Flags::REVERT_IDENTITY_ALL | READ_WRITE)?;
        shows(bench, r"X:\", "then")?;
        flow::write(bench, r"X:\", "mine")?;
        flow::holds(bench, volume, "mine")?;
        bench.act(Action::Restart { host: 1 })?;
        shows(bench, r"X:\", "mine")?;
    }
    Ok(())
}

/// A masked volume takes its letter along, as any other does.
fn keeps_its_letter_while_masked(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (set, lun) = exposed(bench, r"D:\", "data-d")?;
    breaks(bench, set.session, &set, Flags::REVERT_IDENTITY_NONE | Flags::MASK_LUNS)?;
    let readable = flow::is_readable(bench, &r"X:\".into());
    bench.same("whether X: leads anywhere while the LUN is masked", &false, &readable)?;
    bench.act(Action::PresentLun { lun: lun.clone(), host: 1 })?;
    is_mounted(bench, &lun, r"X:\", "then")
}

/// So does one that goes with the identity of its original, by which it will be known when it comes back.
fn keeps_its_letter_while_masked_with_another_identity(bench: &mut Bench<'_>) -> Checked {
    for (volume, source) in [(r"D:\", "data-d"), (r"F:\", "data-f")] {
        bench.load_default()?;
        let (set, lun) = exposed(bench, volume, source)?;
        bench.act(Action::MaskLun { lun: source.into() })?;
        breaks(bench, set.session, &set, Flags::REVERT_IDENTITY_ALL | Flags::MASK_LUNS)?;
        bench.act(Action::Restart { host: 1 })?;
        let readable = flow::is_readable(bench, &r"X:\".into());
        bench.same("whether X: leads anywhere while the LUN is masked", &false, &readable)?;
        let other = copied(bench, PERSISTENT, &[r"E:\"])?;
        let taken = bench.call(other.session, flow::expose_locally(other.copies[0], "X:")).hresult;
        bench.same("whether another copy can be exposed as X:", &HResult::E_INVALIDARG, &taken)?;
        bench.act(Action::PresentLun { lun: lun.clone(), host: 1 })?;
        let volumes = flow::volumes_on(bench, &lun)?;
        let points: Vec<Text> = volumes.into_iter().flat_map(|volume| volume.mount_points).collect();
        bench.same("the names of the volume", &vec![Text::from(volume), Text::from(r"X:\")], &points)?;
        shows(bench, r"X:\", "then")?;
    }
    Ok(())
}
