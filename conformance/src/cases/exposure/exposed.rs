//! Under which names copies are exposed, and what is seen there.

use vss_sim::api::{
    Action, SnapshotContext as Context, SnapshotProp, VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::ExposedAgain;

use super::{exposes, flow, tells_where, transportable_set};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", as_drive_letter),
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", as_folder),
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", as_share),
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", as_share_of_a_folder),
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", as_share_that_vss_names),
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", stays_over_a_restart),
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", not_persistent_as_share),
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", imported),
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", under_another_name),
];

/// Volumes of a hardware provider and of the system provider.
const VOLUMES: [&str; 2] = [r"D:\", r"C:\"];

fn locally_as(bench: &mut Bench<'_>, name: &str, seen_as: &str) -> Checked {
    for volume in VOLUMES {
        bench.load_default()?;
        let (session, copy) = flow::copied_volume(bench, Context::APP_ROLLBACK, volume)?;
        let before = flow::properties(bench, session, copy)?;
        let came = exposes(bench, session, flow::expose_locally(copy, name))?;
        bench.same("*pwszExposed", &seen_as, &&*came)?;
        tells_where(bench, session, &before, (seen_as, None, Attributes::EXPOSED_LOCALLY))?;
        flow::holds(bench, &format!(r"{seen_as}\"), "then")?;
        is_read_only(bench, &format!(r"{seen_as}\"))?;
        flow::holds(bench, volume, "now!")?;
    }
    Ok(())
}

fn is_read_only(bench: &mut Bench<'_>, name: &str) -> Checked {
    let written = flow::write(bench, name, "spoiled");
    bench.check(written.is_err(), || format!("{name} shows a shadow copy, but could be written"))?;
    flow::holds(bench, name, "then")
}

fn as_drive_letter(bench: &mut Bench<'_>) -> Checked {
    locally_as(bench, "x:", "X:")
}

/// Below a letter, and below a mounted folder.
fn as_folder(bench: &mut Bench<'_>) -> Checked {
    locally_as(bench, r"C:\MountX", r"C:\MountX")?;
    bench.load(&flow::also_mounted(bench.lab(), r"E:\", r"C:\mnt\data\")?)?;
    let (session, copy) = flow::copied_volume(bench, Context::APP_ROLLBACK, r"D:\")?;
    exposes(bench, session, flow::expose_locally(copy, r"C:\mnt\data\then"))?;
    flow::holds(bench, r"C:\mnt\data\then\", "then")
}

/// The UNC path of a share of the host that answers.
fn unc(before: &SnapshotProp, share: &str) -> String {
    format!(r"\\{}\{share}", before.service_machine)
}

fn remotely_as(bench: &mut Bench<'_>, path: Option<&str>, tells: Option<&str>) -> Checked {
    for volume in VOLUMES {
        bench.load_default()?;
        let (session, copy) = flow::copied_volume(bench, Context::NAS_ROLLBACK, volume)?;
        let before = flow::properties(bench, session, copy)?;
        let came = exposes(bench, session, flow::expose_remotely(copy, path, Some("then$")))?;
        bench.same("*pwszExposed", &"then$", &&*came)?;
        tells_where(bench, session, &before, ("then$", tells, Attributes::EXPOSED_REMOTELY))?;
        flow::holds(bench, &unc(&before, "then$"), "then")?;
        is_read_only(bench, &unc(&before, "then$"))?;
    }
    Ok(())
}

fn as_share(bench: &mut Bench<'_>) -> Checked {
    remotely_as(bench, None, None)
}

/// A backslash at the end makes no difference.
fn as_share_of_a_folder(bench: &mut Bench<'_>) -> Checked {
    remotely_as(bench, Some(r"\data\sales"), Some(r"\data\sales"))?;
    remotely_as(bench, Some(r"\data\"), Some(r"\data"))
}

/// Each copy gets a name of its own.
fn as_share_that_vss_names(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let mut names = Vec::new();
    for volume in VOLUMES {
        let (session, copy) = flow::copied_volume(bench, Context::APP_ROLLBACK, volume)?;
        let before = flow::properties(bench, session, copy)?;
        let name = exposes(bench, session, flow::expose_remotely(copy, None, None))?;
        tells_where(bench, session, &before, (&name, None, Attributes::EXPOSED_REMOTELY))?;
        flow::holds(bench, &unc(&before, &name), "then")?;
        bench.check(!name.is_empty() && !names.contains(&name), || {
            format!("VSS has to choose a name that is not in use, but chose {name}")
        })?;
        names.push(name);
    }
    Ok(())
}

/// As long as the copy itself.
fn stays_over_a_restart(bench: &mut Bench<'_>) -> Checked {
    for volume in VOLUMES {
        bench.load_default()?;
        let (session, copy) = flow::copied_volume(bench, Context::APP_ROLLBACK, volume)?;
        let before = flow::properties(bench, session, copy)?;
        exposes(bench, session, flow::expose_locally(copy, "X:"))?;
        bench.act(Action::Restart { host: 1 })?;
        flow::holds(bench, r"X:\", "then")?;
        let later = flow::backup_object(bench, Context::ALL)?;
        tells_where(bench, later, &before, ("X:", None, Attributes::EXPOSED_LOCALLY))?;
    }
    Ok(())
}

/// A share of it ends with the copy.
fn not_persistent_as_share(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, copy) = flow::copied_volume(bench, Context::BACKUP, r"D:\")?;
    let before = flow::properties(bench, session, copy)?;
    exposes(bench, session, flow::expose_remotely(copy, None, Some("then")))?;
    flow::holds(bench, &unc(&before, "then"), "then")?;
    bench.release(session);
    let (other, copy) = flow::copied_volume(bench, Context::BACKUP, r"E:\")?;
    exposes(bench, other, flow::expose_remotely(copy, None, Some("then")))?;
    flow::holds(bench, &unc(&before, "then"), "then")
}

fn imported(bench: &mut Bench<'_>) -> Checked {
    let backup = transportable_set(bench)?;
    let session = flow::imported(bench, 1, &backup)?;
    exposes(bench, session, flow::expose_locally(flow::only(&backup.copies)?, "X:"))?;
    flow::holds(bench, r"X:\", "then")
}

fn under_another_name(bench: &mut Bench<'_>) -> Checked {
    bench.reading(r#"exposed-again = "replaces""#);
    let replaces =
        bench.lab().clone().with_readings(|readings| readings.exposed_again = ExposedAgain::Replaces);
    bench.load(&replaces)?;
    let (session, copy) = flow::copied_volume(bench, Context::APP_ROLLBACK, r"C:\")?;
    let before = flow::properties(bench, session, copy)?;
    exposes(bench, session, flow::expose_locally(copy, "X:"))?;
    exposes(bench, session, flow::expose_remotely(copy, None, Some("then")))?;
    tells_where(bench, session, &before, ("then", None, Attributes::EXPOSED_REMOTELY))?;
    let other = flow::backup(bench, &[r"D:\"])?;
    exposes(bench, other.session, flow::expose_locally(flow::only(&other.copies)?, "X:")).map(drop)
}
