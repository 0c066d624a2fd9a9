//! By which names AddToSnapshotSet takes a volume, and when it takes any.

use vss_sim::api::{Action, Call, HResult, Object, ProviderId, Ptr, SnapshotContext};
use vss_sim::lab::{Lab, MissingBackslash};

use super::{flow, has_copies};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssBackupComponents::AddToSnapshotSet/S_OK/volume-added", every_name),
    case!("IVssBackupComponents::AddToSnapshotSet/S_OK/volume-added", one_volume_once),
    case!("IVssBackupComponents::AddToSnapshotSet/S_OK/volume-added", in_the_document),
    case!("IVssBackupComponents::AddToSnapshotSet/E_INVALIDARG/bad-parameter", no_name),
    case!("IVssBackupComponents::AddToSnapshotSet/E_INVALIDARG/bad-volume-name", no_such_form),
    case!("IVssBackupComponents::AddToSnapshotSet/E_INVALIDARG/no-trailing-backslash", no_backslash),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_OBJECT_NOT_FOUND/no-such-volume",
        no_backslash_as_observed
    ),
    case!("IVssBackupComponents::AddToSnapshotSet/VSS_E_OBJECT_NOT_FOUND/no-such-volume", no_such_volume),
    case!("IVssBackupComponents::AddToSnapshotSet/VSS_E_OBJECT_NOT_FOUND/no-such-volume", copy_of_volume),
    case!("IVssBackupComponents::AddToSnapshotSet/VSS_E_BAD_STATE/out-of-sequence", before_a_set),
    case!("IVssBackupComponents::AddToSnapshotSet/VSS_E_BAD_STATE/out-of-sequence", after_the_set),
];

/// D: in a folder, too.
fn lab(bench: &Bench<'_>) -> Result<Lab, Stop> {
    let lab = flow::also_mounted(bench.lab(), r"D:\", r"C:\mnt\data\")?;
    Ok(lab.with(flow::with_share("data")))
}

/// Whatever the name, the copy is of the volume, and holds what it held.
fn every_name(bench: &mut Bench<'_>) -> Checked {
    bench.load(&lab(bench)?)?;
    let path = flow::volume_names_on(bench, "data-d")?
        .pop()
        .ok_or_else(|| Stop::skipped("no LUN data-d with a volume is there"))?;
    for name in [r"D:\", r"d:\", r"C:\mnt\data\", r"C:\MNT\Data\", &path, &path.to_uppercase()] {
        flow::write(bench, r"D:\", "then")?;
        let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[])?;
        let snapshot = flow::expect_added(bench, session, name, ProviderId::NULL)?;
        bench.done(session, Call::DO_SNAPSHOT_SET)?;
        flow::write(bench, r"D:\", "now!")?;
        let came = flow::properties(bench, session, snapshot)?;
        bench.same("the volume that was copied", &&*path, &&*came.original_volume_name)?;
        let device = came.snapshot_device_object.unwrap_or_default();
        flow::holds(bench, &device, "then")?;
        bench.release(session);
    }
    Ok(())
}

/// Another name of a volume that is in the set is no other volume.
fn one_volume_once(bench: &mut Bench<'_>) -> Checked {
    bench.observed("O7");
    bench.load(&lab(bench)?)?;
    let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[])?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::add_to_snapshot_set(r"C:\mnt\data\", ProviderId::NULL), code)?;
    let again = bench.call(session, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL)).hresult;
    bench.same("the code for a volume that is in the set", &HResult::VSS_E_OBJECT_ALREADY_EXISTS, &again)?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    has_copies(bench, 1)
}

/// What is refused is not in the set, and the set goes on.
fn refused(bench: &mut Bench<'_>, lab: &Lab, names: &[&str]) -> Checked {
    bench.load(lab)?;
    let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[])?;
    let code = bench.outcome_code()?;
    for name in names {
        bench.expect(session, Call::add_to_snapshot_set(name, ProviderId::NULL), code)?;
    }
    goes_on(bench, session)
}

fn goes_on(bench: &mut Bench<'_>, session: Object) -> Checked {
    bench.ok(session, Call::add_to_snapshot_set(r"E:\", ProviderId::NULL))?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    has_copies(bench, 1)
}

/// The document has the copy's id at once (V6), and no more once the set was given up.
fn in_the_document(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let session = flow::backup_object(bench, flow::AUTO_RELEASE)?;
    bench.ok(session, Call::START_SNAPSHOT_SET)?;
    let snapshot = flow::expect_added(bench, session, r"D:\", ProviderId::NULL)?;
    let id = snapshot.0.to_string();
    let document = flow::save(bench, session)?;
    bench.check(document.contains(&id), || format!("the document does not have {id}: {document}"))?;
    bench.ok(session, Call::AbortBackup {})?;
    let document = flow::save(bench, session)?;
    bench.check(!document.contains(&id), || format!("the document has {id} after AbortBackup: {document}"))
}

fn no_name(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[])?;
    let call = Call::AddToSnapshotSet {
        pwsz_volume_name: None,
        provider_id: ProviderId::NULL,
        pid_snapshot: Ptr::Valid,
    };
    let code = bench.outcome_code()?;
    bench.expect(session, call, code)?;
    goes_on(bench, session)
}

/// A server by its address has to be made a name of first (IVssBackupComponentsEx4::GetRootAndLogicalPrefixPaths).
fn no_such_form(bench: &mut Bench<'_>) -> Checked {
    let server = format!(r"\\{}\", bench.lab().hosts.first().map_or("SRV", |host| &host.name));
    let names = [
        "",
        "D",
        "no name at all",
        r"D:/",
        r"\D:\",
        r"\\192.168.0.1\data\",
        &server,
        r"\\?\Volume{data}\",
        r"\\?\GLOBALROOT\Device\HarddiskVolume1\",
    ];
    refused(bench, bench.lab(), &names)
}

/// Names of D: that lack only their backslash.
fn without_backslash(share: &str) -> [&str; 3] {
    ["D:", r"C:\mnt\data", share.trim_end_matches('\\')]
}

fn no_backslash(bench: &mut Bench<'_>) -> Checked {
    bench.reading("missing-backslash = \"invalid-argument\"");
    let lab =
        lab(bench)?.with_readings(|readings| readings.missing_backslash = MissingBackslash::InvalidArgument);
    let share = flow::share(bench.lab(), "data");
    refused(bench, &lab, &without_backslash(&share))
}

fn no_backslash_as_observed(bench: &mut Bench<'_>) -> Checked {
    bench.observed("O4");
    bench.reading("missing-backslash = \"object-not-found\"");
    let share = flow::share(bench.lab(), "data");
    refused(bench, &lab(bench)?, &without_backslash(&share))
}

fn no_such_volume(bench: &mut Bench<'_>) -> Checked {
    let nothing = flow::share(bench.lab(), "nothing");
    let names = [
        r"X:\",
        r"C:\mnt\other\",
        r"\\?\Volume{7673736c-0000-0000-0000-00000000dead}\",
        &nothing,
        r"\\NOBODY\data\",
    ];
    refused(bench, &lab(bench)?, &names)?;
    // One whose disk is away is none, either.
    bench.load_default()?;
    bench.act(Action::MaskLun { lun: "data-d".into() })?;
    let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[])?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL), code)?;
    goes_on(bench, session)
}

/// The volume of a shadow copy is hidden, and cannot be copied again by the device that shows it.
fn copy_of_volume(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (maker, _) = flow::created_set(bench, SnapshotContext::NAS_ROLLBACK, &[r"D:\"])?;
    bench.release(maker);
    let lun = flow::only_copy_of_lun(bench, "data-d")?.name;
    let hidden = flow::volume_names_on(bench, &lun)?.pop();
    let hidden = hidden.ok_or_else(|| Stop::failed("the copy's disk has no volume"))?;
    let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[])?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::add_to_snapshot_set(&hidden, ProviderId::NULL), code)?;
    bench.ok(session, Call::add_to_snapshot_set(r"E:\", ProviderId::NULL))?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    // The first copy, and that of E:.
    has_copies(bench, 2)
}

fn before_a_set(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let session = flow::backup_object(bench, flow::AUTO_RELEASE)?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL), code)?;
    bench.ok(session, Call::START_SNAPSHOT_SET)?;
    goes_on(bench, session)
}

fn after_the_set(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[])?;
    goes_on(bench, session)?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL), code)?;
    has_copies(bench, 1)
}
