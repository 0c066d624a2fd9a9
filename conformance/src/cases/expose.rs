//! `IVssBackupComponents::ExposeSnapshot`; [`unexpose`](super::unexpose) undoes it.

use vss_sim::api::{
    Action, Call, HResult, Object, Ptr, SnapshotContext as Context, SnapshotId, SnapshotProp,
    VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::{Cause, ExposedAgain, Fault, SYSTEM_PROVIDER};

use super::flow;
use crate::bench::Bench;
use crate::case::{Case, Checked, Stop};
use crate::{case, out};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", as_drive_letter),
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", as_folder),
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", as_share),
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", as_share_of_a_folder),
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", as_share_that_vss_names),
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", stays_over_a_restart),
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", not_persistent_as_share),
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", imported),
    case!("IVssBackupComponents::ExposeSnapshot/S_OK/exposed", under_another_name),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/bad-parameter", no_local_names),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/bad-parameter", no_share_names),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/bad-parameter", taken),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/bad-parameter", wrong_context),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/bad-parameter", twice),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/local-with-path", local_with_path),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/path-env-variable", path_env_variable),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/path-wildcards", path_wildcards),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/bad-attributes", bad_attributes),
    case!("IVssBackupComponents::ExposeSnapshot/VSS_E_BAD_STATE/out-of-sequence", gathering),
    case!("IVssBackupComponents::ExposeSnapshot/VSS_E_BAD_STATE/out-of-sequence", before_its_import),
    case!("IVssBackupComponents::ExposeSnapshot/VSS_E_OBJECT_NOT_FOUND/no-such-snapshot", unknown),
    case!("IVssBackupComponents::ExposeSnapshot/VSS_E_PROVIDER_VETO/provider-error", provider_veto),
    case!(
        "IVssBackupComponents::ExposeSnapshot/VSS_E_UNEXPECTED_PROVIDER_ERROR/provider-unexpected",
        provider_unexpected
    ),
];

fn call(copy: SnapshotId, path: Option<&str>, attributes: Attributes, name: Option<&str>) -> Call {
    Call::ExposeSnapshot {
        snapshot_id: copy,
        wsz_path_from_root: path.map(Into::into),
        l_attributes: attributes,
        wsz_expose: name.map(Into::into),
        pwsz_exposed: Ptr::Valid,
    }
}

/// The call that exposes a copy under a drive letter or as a folder.
pub(super) fn locally(copy: SnapshotId, name: &str) -> Call {
    call(copy, None, Attributes::EXPOSED_LOCALLY, Some(name))
}

/// The call that shares a copy; without a name VSS chooses one.
pub(super) fn remotely(copy: SnapshotId, path: Option<&str>, name: Option<&str>) -> Call {
    call(copy, path, Attributes::EXPOSED_REMOTELY, name)
}

/// A copy of the volume that holds "then", while the volume holds "now!".
pub(super) fn a_copy(
    bench: &mut Bench<'_>,
    context: Context,
    volume: &str,
) -> Result<(Object, SnapshotId), Stop> {
    flow::write(bench, volume, "then")?;
    let (session, copies) = flow::copies(bench, context, &[volume])?;
    flow::write(bench, volume, "now!")?;
    Ok((session, flow::only(&copies)?))
}

/// Exposes the copy, as the outcome says; answers the name that came.
fn exposes(bench: &mut Bench<'_>, on: Object, call: Call) -> Result<String, Stop> {
    let code = bench.outcome_code()?;
    let reply = bench.expect(on, call, if code.is_failure() { HResult::S_OK } else { code })?;
    out!(reply, ExposeSnapshot { pwsz_exposed }).map(ToString::to_string)
}

/// The properties tell where the copy is exposed, and nothing else has changed in them.
fn told(
    bench: &mut Bench<'_>,
    on: Object,
    before: &SnapshotProp,
    exposure: (&str, Option<&str>, Attributes),
) -> Checked {
    let (name, path, attribute) = exposure;
    let wanted = SnapshotProp {
        exposed_name: Some(name.into()),
        exposed_path: path.map(Into::into),
        snapshot_attributes: before.snapshot_attributes - Attributes::NOT_SURFACED | attribute,
        ..before.clone()
    };
    let came = flow::properties(bench, on, before.snapshot_id)?;
    bench.same("what GetSnapshotProperties tells of an exposed copy", &wanted, &came)
}

/// Volumes of a hardware provider and of the system provider.
const VOLUMES: [&str; 2] = [r"D:\", r"C:\"];

fn locally_as(bench: &mut Bench<'_>, name: &str, seen_as: &str) -> Checked {
    for volume in VOLUMES {
        bench.load_default()?;
        let (session, copy) = a_copy(bench, Context::APP_ROLLBACK, volume)?;
        let before = flow::properties(bench, session, copy)?;
        let came = exposes(bench, session, locally(copy, name))?;
        bench.same("*pwszExposed", &seen_as, &&*came)?;
        told(bench, session, &before, (seen_as, None, Attributes::EXPOSED_LOCALLY))?;
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

fn as_folder(bench: &mut Bench<'_>) -> Checked {
    locally_as(bench, r"C:\MountX", r"C:\MountX")
}

/// The UNC path of a share of the host that answers.
fn unc(before: &SnapshotProp, share: &str) -> String {
    format!(r"\\{}\{share}", before.service_machine)
}

fn remotely_as(bench: &mut Bench<'_>, path: Option<&str>, tells: Option<&str>) -> Checked {
    for volume in VOLUMES {
        bench.load_default()?;
        let (session, copy) = a_copy(bench, Context::NAS_ROLLBACK, volume)?;
        let before = flow::properties(bench, session, copy)?;
        let came = exposes(bench, session, remotely(copy, path, Some("then$")))?;
        bench.same("*pwszExposed", &"then$", &&*came)?;
        told(bench, session, &before, ("then$", tells, Attributes::EXPOSED_REMOTELY))?;
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
        let (session, copy) = a_copy(bench, Context::APP_ROLLBACK, volume)?;
        let before = flow::properties(bench, session, copy)?;
        let name = exposes(bench, session, remotely(copy, None, None))?;
        told(bench, session, &before, (&name, None, Attributes::EXPOSED_REMOTELY))?;
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
        let (session, copy) = a_copy(bench, Context::APP_ROLLBACK, volume)?;
        let before = flow::properties(bench, session, copy)?;
        exposes(bench, session, locally(copy, "X:"))?;
        bench.act(Action::Restart { host: 1 })?;
        flow::holds(bench, r"X:\", "then")?;
        let later = flow::backup_object(bench, Context::ALL)?;
        told(bench, later, &before, ("X:", None, Attributes::EXPOSED_LOCALLY))?;
    }
    Ok(())
}

/// A share of it ends with the copy.
fn not_persistent_as_share(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, copy) = a_copy(bench, Context::BACKUP, r"D:\")?;
    let before = flow::properties(bench, session, copy)?;
    exposes(bench, session, remotely(copy, None, Some("then")))?;
    flow::holds(bench, &unc(&before, "then"), "then")?;
    bench.release(session);
    let (other, copy) = a_copy(bench, Context::BACKUP, r"E:\")?;
    exposes(bench, other, remotely(copy, None, Some("then")))?;
    flow::holds(bench, &unc(&before, "then"), "then")
}

fn transportable_set(bench: &mut Bench<'_>) -> Result<flow::Backup, Stop> {
    bench.load_default()?;
    flow::write(bench, r"D:\", "then")?;
    let context = Context::APP_ROLLBACK.with(Attributes::TRANSPORTABLE);
    let backup = flow::backup_with(bench, context, &[r"D:\"])?;
    flow::write(bench, r"D:\", "now!")?;
    Ok(backup)
}

fn import(bench: &mut Bench<'_>, backup: &flow::Backup) -> Result<Object, Stop> {
    let session = flow::create(bench)?;
    let bstr_xml = Some(backup.document.clone());
    bench.ok(session, Call::InitializeForBackup { bstr_xml })?;
    bench.done(session, Call::ImportSnapshots { pp_async: Ptr::Valid })?;
    Ok(session)
}

fn imported(bench: &mut Bench<'_>) -> Checked {
    let backup = transportable_set(bench)?;
    let session = import(bench, &backup)?;
    exposes(bench, session, locally(flow::only(&backup.snapshots)?, "X:"))?;
    flow::holds(bench, r"X:\", "then")
}

/// It is the import that brings the copy up.
fn before_its_import(bench: &mut Bench<'_>) -> Checked {
    bench
        .inferred("a transportable copy is not surfaced where it was made, and only its import changes that");
    let backup = transportable_set(bench)?;
    let copy = flow::only(&backup.snapshots)?;
    let code = bench.outcome_code()?;
    bench.expect(backup.session, locally(copy, "X:"), code)?;
    bench.expect(backup.session, remotely(copy, None, Some("then")), code)?;
    let session = import(bench, &backup)?;
    exposes(bench, session, locally(copy, "X:")).map(drop)
}

fn under_another_name(bench: &mut Bench<'_>) -> Checked {
    bench.reading(r#"exposed-again = "replaces""#);
    let replaces =
        bench.lab().clone().with_readings(|readings| readings.exposed_again = ExposedAgain::Replaces);
    bench.load(&replaces)?;
    let (session, copy) = a_copy(bench, Context::APP_ROLLBACK, r"C:\")?;
    let before = flow::properties(bench, session, copy)?;
    exposes(bench, session, locally(copy, "X:"))?;
    exposes(bench, session, remotely(copy, None, Some("then")))?;
    told(bench, session, &before, ("then", None, Attributes::EXPOSED_REMOTELY))?;
    let other = flow::backup(bench, &[r"D:\"])?;
    exposes(bench, other.session, locally(flow::only(&other.snapshots)?, "X:")).map(drop)
}

/// Each of these calls is refused, *pwszExposed stays NULL, and the copy can be exposed after them as before.
fn refused(bench: &mut Bench<'_>, session: Object, copy: SnapshotId, calls: &[Call]) -> Checked {
    let before = flow::properties(bench, session, copy)?;
    let code = bench.outcome_code()?;
    for call in calls {
        let reply = bench.expect(session, call.clone(), code)?;
        bench.same("what a refused call wrote", &None, &reply.out)?;
    }
    let came = flow::properties(bench, session, copy)?;
    bench.same("the copy's properties after that", &before, &came)?;
    if before.exposed_name.is_none() {
        exposes(bench, session, remotely(copy, None, Some("last")))?;
    }
    Ok(())
}

fn refused_calls(bench: &mut Bench<'_>, calls: impl Fn(SnapshotId) -> Vec<Call>) -> Checked {
    bench.load_default()?;
    let (session, copy) = a_copy(bench, Context::APP_ROLLBACK, r"D:\")?;
    refused(bench, session, copy, &calls(copy))
}

/// Neither a letter with its colon nor a folder below one; NULL, for which VSS chooses only shares; GUID_NULL.
fn no_local_names(bench: &mut Bench<'_>) -> Checked {
    let names =
        ["", "X", r"X:\", "1:", "XY:", "X:Y", r"\\?\X:", r"\\SRV\then", r"C:\Mount*", r"Q:\MountX", "then"];
    refused_calls(bench, |copy| {
        let mut calls: Vec<Call> = names.into_iter().map(|name| locally(copy, name)).collect();
        calls.push(call(copy, None, Attributes::EXPOSED_LOCALLY, None));
        calls.push(locally(SnapshotId::NULL, "X:"));
        calls
    })
}

fn no_share_names(bench: &mut Bench<'_>) -> Checked {
    let long = "x".repeat(81);
    let names = ["", " ", "X:", r"a\b", "a/b", "a*", "a?", "a|b", r"\\SRV\then", &long];
    refused_calls(bench, |copy| {
        let named = names.iter().map(|name| remotely(copy, None, Some(name)));
        let below = [r"\a\\b", r"..\b", r"C:\b", r"a/b"];
        named.chain(below.map(|path| remotely(copy, Some(path), Some("then")))).collect()
    })
}

/// Drive letters, folders and shares of others: of volumes, of the host's own shares, of exposed copies.
fn taken(bench: &mut Bench<'_>) -> Checked {
    let mut lab = bench.lab().clone();
    let host = lab.hosts[0].name.clone();
    let own = vss_sim::lab::Share::new(format!(r"\\{host}\own"), r"D:\");
    lab.shares.push(own);
    let at_d = |volume: &&mut vss_sim::lab::Volume| volume.mount.iter().any(|mount| mount == r"D:\");
    if let Some(volume) = lab.volumes.iter_mut().find(at_d) {
        volume.mount.push(r"C:\mnt\data\".to_owned());
    }
    bench.load(&lab)?;
    let mut others = Vec::new();
    for volume in [r"D:\", r"E:\", r"F:\"] {
        others.push(a_copy(bench, Context::APP_ROLLBACK, volume)?);
    }
    bench.ok(others[0].0, locally(others[0].1, "X:"))?;
    bench.ok(others[1].0, locally(others[1].1, r"C:\MountX"))?;
    bench.ok(others[2].0, remotely(others[2].1, None, Some("then")))?;
    let (session, copy) = a_copy(bench, Context::APP_ROLLBACK, r"C:\")?;
    let locals = ["C:", "d:", "x:", r"C:\mnt\data", r"c:\mountx\", r"X:\below"];
    let mut calls: Vec<Call> = locals.into_iter().map(|name| locally(copy, name)).collect();
    calls.extend(["own", "OWN", "Then"].map(|name| remotely(copy, None, Some(name))));
    refused(bench, session, copy, &calls)
}

/// Locally only persistent copies for rollback; those for clients are not exposed at all.
fn wrong_context(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the pages say which copies can be exposed, but print no code for others (X6)");
    bench.load_default()?;
    for context in [Context::BACKUP, Context::FILE_SHARE_BACKUP] {
        let (session, copy) = a_copy(bench, context, r"D:\")?;
        refused(bench, session, copy, &[locally(copy, "X:"), locally(copy, r"C:\MountX")])?;
        bench.release(session);
    }
    for context in [Context::CLIENT_ACCESSIBLE, Context::CLIENT_ACCESSIBLE_WRITERS] {
        let (session, copy) = a_copy(bench, context, r"C:\")?;
        let before = flow::properties(bench, session, copy)?;
        let code = bench.outcome_code()?;
        for call in [locally(copy, "X:"), remotely(copy, None, Some("then")), remotely(copy, None, None)] {
            bench.expect(session, call, code)?;
        }
        let came = flow::properties(bench, session, copy)?;
        bench.same("the copy's properties", &before, &came)?;
    }
    Ok(())
}

fn twice(bench: &mut Bench<'_>) -> Checked {
    bench.reading(r#"exposed-again = "refused""#);
    bench.inferred("a copy has one exposed name; the page does not tell of a second");
    bench.load_default()?;
    let (session, copy) = a_copy(bench, Context::APP_ROLLBACK, r"D:\")?;
    exposes(bench, session, locally(copy, "X:"))?;
    let calls = [locally(copy, "X:"), locally(copy, "Y:"), remotely(copy, None, Some("then"))];
    refused(bench, session, copy, &calls)?;
    flow::holds(bench, r"X:\", "then")
}

fn local_with_path(bench: &mut Bench<'_>) -> Checked {
    refused_calls(bench, |copy| {
        let with = |path, name| call(copy, Some(path), Attributes::EXPOSED_LOCALLY, Some(name));
        vec![with(r"\data", "X:"), with("", "X:"), with(r"\", r"C:\MountX")]
    })
}

fn path_env_variable(bench: &mut Bench<'_>) -> Checked {
    refused_calls(bench, |copy| {
        let paths = ["%TEMP%", r"\%SystemRoot%\data", r"data\%x%"];
        paths.into_iter().map(|path| remotely(copy, Some(path), Some("then"))).collect()
    })
}

fn path_wildcards(bench: &mut Bench<'_>) -> Checked {
    refused_calls(bench, |copy| {
        let paths = ["*", r"\data\*.*", r"\dat?"];
        paths.into_iter().map(|path| remotely(copy, Some(path), Some("then"))).collect()
    })
}

/// Neither, both, or more than one of them.
fn bad_attributes(bench: &mut Bench<'_>) -> Checked {
    let both = Attributes::EXPOSED_LOCALLY | Attributes::EXPOSED_REMOTELY;
    refused_calls(bench, |copy| {
        let wrong = [
            Attributes::empty(),
            both,
            Attributes::EXPOSED_LOCALLY | Attributes::PERSISTENT,
            Attributes::PERSISTENT,
            Attributes::all(),
        ];
        wrong.into_iter().map(|attributes| call(copy, None, attributes, Some("X:"))).collect()
    })
}

/// Only the pending operation is in the way.
fn gathering(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the pages say to wait for a pending operation, so another call breaks the order");
    bench.load_default()?;
    let (_, copy) = a_copy(bench, Context::APP_ROLLBACK, r"D:\")?;
    let other = flow::backup_object(bench, Context::APP_ROLLBACK)?;
    let operation = bench.object(other, Call::GatherWriterMetadata { p_async: Ptr::Valid })?;
    let code = bench.outcome_code()?;
    bench.expect(other, locally(copy, "X:"), code)?;
    bench.settle(operation)?;
    exposes(bench, other, locally(copy, "X:")).map(drop)
}

/// Nor is a copy there that is still being made.
fn unknown(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, copy) = a_copy(bench, Context::APP_ROLLBACK, r"D:\")?;
    let other = SnapshotId(vss_sim::api::Guid::from_u128(copy.0.as_u128() ^ 1));
    let making = flow::backup_object(bench, Context::NAS_ROLLBACK)?;
    let planned = flow::start_set(bench, making, &[r"E:\"])?;
    let planned = flow::only(&planned)?;
    let calls = [locally(other, "X:"), remotely(other, None, None), locally(planned, "X:")];
    refused(bench, session, copy, &calls)
}

/// The system provider is told under which name its copy is exposed. It refuses the last of what it is told, and what it
/// was told before holds no more.
fn provider_answers(bench: &mut Bench<'_>, answer: HResult) -> Checked {
    let refuses =
        |nth| Fault::new("SetSnapshotProperty", Cause::ProviderAnswers(answer)).of(SYSTEM_PROVIDER).nth(nth);
    bench.load(&bench.lab().clone().with_fault(refuses(1)).with_fault(refuses(4)))?;
    let (session, copy) = a_copy(bench, Context::APP_ROLLBACK, r"C:\")?;
    let code = bench.outcome_code()?;
    refused(bench, session, copy, &[locally(copy, "X:"), locally(copy, "X:")])?;
    flow::logged(bench, code)
}

fn provider_veto(bench: &mut Bench<'_>) -> Checked {
    provider_answers(bench, HResult::VSS_E_PROVIDER_VETO)
}

fn provider_unexpected(bench: &mut Bench<'_>) -> Checked {
    provider_answers(bench, HResult::E_FAIL)
}
