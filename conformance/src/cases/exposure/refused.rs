//! What ExposeSnapshot refuses.

use std::collections::BTreeMap;

use vss_sim::api::{
    Action, Answer, Call, HResult, Object, ProviderCall, Question, SnapshotContext as Context, SnapshotId,
    SnapshotProp, SnapshotPropertyId, Variant, VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::{Cause, Fault, SYSTEM_PROVIDER};

use super::{exposes, flow, transportable_set, unchanged};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/bad-parameter", no_local_names),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/bad-parameter", no_share_names),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/bad-parameter", taken),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/bad-parameter", wrong_context),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/bad-parameter", copy_of_a_share),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/bad-parameter", twice),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/local-with-path", local_with_path),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/path-env-variable", path_env_variable),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/path-wildcards", path_wildcards),
    case!("IVssBackupComponents::ExposeSnapshot/E_INVALIDARG/bad-attributes", bad_attributes),
    case!("IVssBackupComponents::ExposeSnapshot/VSS_E_BAD_STATE/out-of-sequence", before_its_import),
    case!("IVssBackupComponents::ExposeSnapshot/VSS_E_OBJECT_NOT_FOUND/no-such-snapshot", unknown),
    case!("IVssBackupComponents::ExposeSnapshot/VSS_E_OBJECT_NOT_FOUND/no-such-snapshot", its_disk_is_away),
    case!("IVssBackupComponents::ExposeSnapshot/VSS_E_PROVIDER_VETO/provider-error", provider_veto),
    case!(
        "IVssBackupComponents::ExposeSnapshot/VSS_E_UNEXPECTED_PROVIDER_ERROR/provider-unexpected",
        provider_unexpected
    ),
];

/// Each of these calls is refused, *pwszExposed stays NULL, and the copy can be exposed after them as before.
fn refused(bench: &mut Bench<'_>, session: Object, copy: SnapshotId, calls: &[Call]) -> Checked {
    let before = flow::properties(bench, session, copy)?;
    unchanged(bench, session, copy, calls)?;
    if before.exposed_name.is_none() {
        exposes(bench, session, flow::expose_remotely(copy, None, Some("last")))?;
    }
    Ok(())
}

fn refused_calls(bench: &mut Bench<'_>, calls: impl Fn(SnapshotId) -> Vec<Call>) -> Checked {
    bench.load_default()?;
    let (session, copy) = flow::copied_volume(bench, Context::APP_ROLLBACK, r"D:\")?;
    refused(bench, session, copy, &calls(copy))
}

/// Neither a letter with its colon nor a folder below one; NULL, for which VSS chooses only shares; GUID_NULL.
fn no_local_names(bench: &mut Bench<'_>) -> Checked {
    let names =
        ["", "X", r"X:\", "1:", "XY:", "X:Y", r"\\?\X:", r"\\SRV\then", r"C:\Mount*", r"Q:\MountX", "then"];
    let long = format!(r"C:\{}", "x".repeat(257));
    let names = names.into_iter().chain([r"C:\..", r"C:\mnt\.\x", &long]);
    refused_calls(bench, |copy| {
        let mut calls: Vec<Call> = names.clone().map(|name| flow::expose_locally(copy, name)).collect();
        calls.push(Call::expose_snapshot(copy, None, Attributes::EXPOSED_LOCALLY, None));
        calls.push(flow::expose_locally(SnapshotId::NULL, "X:"));
        calls
    })
}

fn no_share_names(bench: &mut Bench<'_>) -> Checked {
    let long = "x".repeat(81);
    let names = [
        "",
        " ",
        "X:",
        r"a\b",
        "a/b",
        "a*",
        "a?",
        "a|b",
        r"\\SRV\then",
        r"\\srv.example.org\then",
        "..",
        "PIPE",
        &long,
    ];
    refused_calls(bench, |copy| {
        let named = names.iter().map(|name| flow::expose_remotely(copy, None, Some(name)));
        let below = [r"\a\\b", r"..\b", r"C:\b", r"a/b"];
        named.chain(below.map(|path| flow::expose_remotely(copy, Some(path), Some("then")))).collect()
    })
}

/// Drive letters, folders and shares of others: of volumes, of the host's own shares, of exposed copies.
fn taken(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab().clone().with(flow::with_share("own"));
    let lab = flow::also_mounted(&lab, r"D:\", r"C:\mnt\data\")?;
    bench.load(&lab)?;
    let mut others = Vec::new();
    for volume in [r"D:\", r"E:\", r"F:\"] {
        others.push(flow::copied_volume(bench, Context::APP_ROLLBACK, volume)?);
    }
    bench.ok(others[0].0, flow::expose_locally(others[0].1, "X:"))?;
    bench.ok(others[1].0, flow::expose_locally(others[1].1, r"C:\MountX"))?;
    bench.ok(others[2].0, flow::expose_remotely(others[2].1, None, Some("then")))?;
    let (session, copy) = flow::copied_volume(bench, Context::APP_ROLLBACK, r"C:\")?;
    let locals = [
        "C:",
        "d:",
        "x:",
        r"C:\mnt\data",
        r"c:\mountx\",
        // No folder can be made in a shadow copy.
        r"X:\below",
        r"C:\MountX\below",
        r"C:\MountX\far\below",
    ];
    let mut calls: Vec<Call> = locals.into_iter().map(|name| flow::expose_locally(copy, name)).collect();
    calls.extend(
        ["own", "OWN", "Then", "C$", "d$", "ADMIN$", "ipc$"]
            .map(|name| flow::expose_remotely(copy, None, Some(name))),
    );
    refused(bench, session, copy, &calls)
}

/// Locally only persistent copies for rollback; those for clients are not exposed at all.
fn wrong_context(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the pages say which copies can be exposed, but print no code for others (X6)");
    bench.load_default()?;
    for context in [Context::BACKUP, Context::FILE_SHARE_BACKUP] {
        let (session, copy) = flow::copied_volume(bench, context, r"D:\")?;
        refused(
            bench,
            session,
            copy,
            &[flow::expose_locally(copy, "X:"), flow::expose_locally(copy, r"C:\MountX")],
        )?;
        bench.release(session);
    }
    for context in [Context::CLIENT_ACCESSIBLE, Context::CLIENT_ACCESSIBLE_WRITERS] {
        let (session, copy) = flow::copied_volume(bench, context, r"C:\")?;
        let calls = [
            flow::expose_locally(copy, "X:"),
            flow::expose_remotely(copy, None, Some("then")),
            flow::expose_remotely(copy, None, None),
        ];
        unchanged(bench, session, copy, &calls)?;
    }
    Ok(())
}

/// Its file server shows it already.
fn copy_of_a_share(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the pages tell of volumes, and print no code for copies of shares");
    bench.load(&bench.lab().clone().with(flow::with_share("own")))?;
    let share = flow::share(bench.lab(), "own");
    let (session, copies) = flow::created_set(bench, Context::APP_ROLLBACK, &[&share])?;
    let copy = flow::only(&copies)?;
    let calls = [
        flow::expose_locally(copy, "X:"),
        flow::expose_remotely(copy, None, Some("then")),
        flow::expose_remotely(copy, None, None),
    ];
    unchanged(bench, session, copy, &calls)
}

fn twice(bench: &mut Bench<'_>) -> Checked {
    bench.reading(r#"exposed-again = "refused""#);
    bench.inferred("a copy has one exposed name; the page does not tell of a second");
    bench.load_default()?;
    let (session, copy) = flow::copied_volume(bench, Context::APP_ROLLBACK, r"D:\")?;
    exposes(bench, session, flow::expose_locally(copy, "X:"))?;
    let calls = [
        flow::expose_locally(copy, "X:"),
        flow::expose_locally(copy, "Y:"),
        flow::expose_remotely(copy, None, Some("then")),
    ];
    refused(bench, session, copy, &calls)?;
    flow::holds(bench, r"X:\", "then")
}

fn local_with_path(bench: &mut Bench<'_>) -> Checked {
    refused_calls(bench, |copy| {
        let with =
            |path, name| Call::expose_snapshot(copy, Some(path), Attributes::EXPOSED_LOCALLY, Some(name));
        vec![with(r"\data", "X:"), with("", "X:"), with(r"\", r"C:\MountX")]
    })
}

fn path_env_variable(bench: &mut Bench<'_>) -> Checked {
    refused_calls(bench, |copy| {
        let paths = ["%TEMP%", r"\%SystemRoot%\data", r"data\%x%"];
        paths.into_iter().map(|path| flow::expose_remotely(copy, Some(path), Some("then"))).collect()
    })
}

fn path_wildcards(bench: &mut Bench<'_>) -> Checked {
    refused_calls(bench, |copy| {
        let paths = ["*", r"\data\*.*", r"\dat?"];
        paths.into_iter().map(|path| flow::expose_remotely(copy, Some(path), Some("then"))).collect()
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
        wrong
            .into_iter()
            .map(|attributes| Call::expose_snapshot(copy, None, attributes, Some("X:")))
            .collect()
    })
}

/// Nor is a copy there that is still being made.
fn unknown(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, copy) = flow::copied_volume(bench, Context::APP_ROLLBACK, r"D:\")?;
    let other = SnapshotId(flow::beside(copy.0));
    let making = flow::backup_object(bench, Context::NAS_ROLLBACK)?;
    let planned = flow::start_set(bench, making, &[r"E:\"])?;
    let planned = flow::only(&planned)?;
    let calls = [
        flow::expose_locally(other, "X:"),
        flow::expose_remotely(other, None, None),
        flow::expose_locally(planned, "X:"),
    ];
    refused(bench, session, copy, &calls)
}

/// Somebody has masked the copy's LUN. No name of the copy leads anywhere, and none can be given, until it is back.
fn its_disk_is_away(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the copy is known, but its volume is not there; the page names no code");
    bench.load(&flow::two_hosts(bench.lab()))?;
    let set = flow::copied(bench, flow::transportable(), &[r"D:\", r"F:\"])?;
    let session = flow::imported(bench, 2, &set)?;
    flow::turn_to(bench, 2)?;
    let [named, other] = [set.copies[0], set.copies[1]];
    exposes(bench, session, flow::expose_locally(named, "X:"))?;
    let names = [flow::device(bench, session, named)?, r"X:\".into()];
    let luns = ["data-d", "data-f"].map(|lun| flow::only_copy_of_lun(bench, lun).map(|lun| lun.name));
    let luns: Vec<_> = luns.into_iter().collect::<Result<_, _>>()?;
    for lun in &luns {
        bench.act(Action::MaskLun { lun: lun.clone() })?;
    }
    bench.act(Action::Rescan)?;
    for name in &names {
        let readable = flow::is_readable(bench, name);
        bench.same(&format!("whether {name} leads anywhere without its disk"), &false, &readable)?;
    }
    unchanged(
        bench,
        session,
        other,
        &[flow::expose_locally(other, "Y:"), flow::expose_remotely(other, None, Some("then"))],
    )?;
    for lun in luns {
        bench.act(Action::PresentLun { lun, host: 2 })?;
    }
    names.iter().try_for_each(|name| flow::holds(bench, name, "then"))?;
    exposes(bench, session, flow::expose_locally(other, "Y:"))?;
    flow::holds(bench, r"Y:\", "then")
}

/// The system provider is told under which name its copy is exposed. It refuses the last of what it is told, and what it
/// was told before holds no more.
fn provider_answers(bench: &mut Bench<'_>, answer: HResult) -> Checked {
    let refuses =
        |nth| Fault::new("SetSnapshotProperty", Cause::ProviderAnswers(answer)).of(SYSTEM_PROVIDER).nth(nth);
    bench.load(&bench.lab().clone().with_fault(refuses(1)).with_fault(refuses(4)))?;
    let (session, copy) = flow::copied_volume(bench, Context::APP_ROLLBACK, r"C:\")?;
    let code = bench.outcome_code()?;
    let before = flow::properties(bench, session, copy)?;
    bench.act(Action::WatchProviders)?;
    for _ in 0..2 {
        bench.expect(session, flow::expose_locally(copy, "X:"), code)?;
        provider_holds(bench, &before)?;
    }
    refused(bench, session, copy, &[])?;
    flow::logged(bench, code)
}

/// Whatever the provider has been told of its copy and has taken, the last of it is what held before.
fn provider_holds(bench: &mut Bench<'_>, before: &SnapshotProp) -> Checked {
    let Answer::ProviderCalls(calls) = bench.ask(Question::ProviderCalls)? else {
        return Err(Stop::error("no calls were answered"));
    };
    let taken = calls.into_iter().filter(|seen| seen.reply.hresult == HResult::S_OK);
    let told = taken.filter_map(|seen| match seen.call {
        ProviderCall::SoftwareSetSnapshotProperty { e_snapshot_property_id, v_property, .. } => {
            Some((e_snapshot_property_id, v_property))
        }
        _ => None,
    });
    let attributes = Variant::I4(before.snapshot_attributes.bits().cast_signed());
    for (property, value) in told.collect::<BTreeMap<_, _>>() {
        let held =
            if property == SnapshotPropertyId::SNAPSHOT_ATTRIBUTES { &attributes } else { &Variant::Empty };
        bench.same(&format!("what the provider is left with of {property:?}"), held, &value)?;
    }
    Ok(())
}

fn provider_veto(bench: &mut Bench<'_>) -> Checked {
    provider_answers(bench, HResult::VSS_E_PROVIDER_VETO)
}

fn provider_unexpected(bench: &mut Bench<'_>) -> Checked {
    provider_answers(bench, HResult::E_FAIL)
}

/// It is the import that brings the copy up.
fn before_its_import(bench: &mut Bench<'_>) -> Checked {
    bench
        .inferred("a transportable copy is not surfaced where it was made, and only its import changes that");
    let backup = transportable_set(bench)?;
    let copy = flow::only(&backup.copies)?;
    let code = bench.outcome_code()?;
    bench.expect(backup.session, flow::expose_locally(copy, "X:"), code)?;
    bench.expect(backup.session, flow::expose_remotely(copy, None, Some("then")), code)?;
    let session = flow::imported(bench, 1, &backup)?;
    exposes(bench, session, flow::expose_locally(copy, "X:")).map(drop)
}
