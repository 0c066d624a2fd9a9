//! What makes any method fail: who calls, what goes wrong inside, and arguments.

use vss_sim::api::{
    Action, Guid, ObjectType, ProviderCall, SnapshotContext, SnapshotId, SnapshotPropertyId, SnapshotSetId,
    Variant,
};
use vss_sim::lab::{CallerRole, Cause, Os};

use super::calls::with_null;
use super::copier::on;
use super::scene::{Scene, method, scene};
use crate::bench::Bench;
use crate::case::{Checked, Stop};

pub(super) fn insufficient_privilege(bench: &mut Bench<'_>) -> Checked {
    let mut scene = scene(bench, |_| ())?;
    let (good, code) = (scene.good(bench)?, bench.outcome_code()?);
    bench.act(Action::BecomeCaller { role: CallerRole::User })?;
    scene.copier.expect(bench, good.clone(), code)?;
    bench.act(Action::BecomeCaller { role: CallerRole::BackupOperator })?;
    scene.copier.ok(bench, good).map(drop)
}

pub(super) fn out_of_memory(bench: &mut Bench<'_>) -> Checked {
    scene(bench, |_| ())?.fails_once(bench, Cause::OutOfMemory)
}

/// The store has no memory for what it is asked.
pub(super) fn out_of_resources(bench: &mut Bench<'_>) -> Checked {
    scene(bench, |_| ())?.fails_once(bench, Cause::ArrayOutOfResources)
}

pub(super) fn store_fails(bench: &mut Bench<'_>) -> Checked {
    scene(bench, |_| ())?.fails_and_logs(bench, Cause::ArrayFails)
}

pub(super) fn breaks(bench: &mut Bench<'_>) -> Checked {
    scene(bench, |_| ())?.fails_and_logs(bench, Cause::ProviderBreaks)
}

pub(super) fn breaks_on_old_windows(bench: &mut Bench<'_>) -> Checked {
    for os in [Os::WindowsServer2003, Os::WindowsServer2008] {
        let mut scene = scene(bench, on(os))?;
        scene.fails_and_logs(bench, Cause::ProviderBreaks)?;
    }
    Ok(())
}

/// NULL, GUID_NULL, and what no argument of the method can be.
pub(super) fn bad_parameter(bench: &mut Bench<'_>) -> Checked {
    let mut scene = scene(bench, |_| ())?;
    let spoiled = spoiled(bench, &mut scene)?;
    if spoiled.is_empty() {
        return Err(Stop::error(format!("no argument of {} can be spoiled", method(bench))));
    }
    scene.refuses(bench, spoiled)
}

fn spoiled(bench: &Bench<'_>, scene: &mut Scene) -> Result<Vec<ProviderCall>, Stop> {
    let good = scene.good(bench)?;
    let (copy, copier) = (scene.copy, &mut scene.copier);
    let mut calls: Vec<ProviderCall> = with_null(good).into_iter().collect();
    match method(bench) {
        "BeginPrepareSnapshot" => {
            let (set, new, source) =
                (SnapshotSetId(copier.fresh()), SnapshotId(copier.fresh()), copier.sources[0].clone());
            let context = SnapshotContext::APP_ROLLBACK;
            calls.push(copier.begin(SnapshotSetId::NULL, new, Some(&source), context));
            calls.push(copier.begin(set, SnapshotId::NULL, Some(&source), context));
            calls.push(copier.begin(set, new, None, context));
        }
        "DeleteSnapshots" => calls.push(copier.delete(Guid::nil(), ObjectType::SNAPSHOT)),
        "GetSnapshotProperties" => calls.push(copier.properties(SnapshotId::NULL)),
        "Query" => {}
        "RevertToSnapshot" => {
            calls.push(ProviderCall::SoftwareRevertToSnapshot { snapshot_id: SnapshotId::NULL });
        }
        "SetContext" => {
            calls.push(copier.set_context(SnapshotContext::from_bits_retain(0x0800_0000)));
        }
        "SetSnapshotProperty" => {
            let name = SnapshotPropertyId::EXPOSED_NAME;
            calls.push(copier.set_property(copy, name, Variant::I4(7)));
            calls.push(copier.set_property(copy, SnapshotPropertyId::UNKNOWN, Variant::Empty));
        }
        _ => calls.push(scene.naming(bench, None)?),
    }
    Ok(calls)
}

/// A share's path is none: the provider cannot work with the argument.
pub(super) fn bad_path(bench: &mut Bench<'_>) -> Checked {
    bench.inferred(
        "what has not the form of a UNC path is an invalid argument; AddToSnapshotSet bars addresses",
    );
    names(bench, &["", r"C:\", r"\\", r"\\SRV", r"\\192.168.0.1\data", r"\\.\C:"])
}

pub(super) fn bad_volume_name(bench: &mut Bench<'_>) -> Checked {
    names(bench, &["", "C", r"data\", r"\\SRV\data\", r"\\?\Volume{7673736c}\", r"C:\a?\", r"C:\\"])
}

fn names(bench: &mut Bench<'_>, names: &[&str]) -> Checked {
    let mut scene = scene(bench, |_| ())?;
    let calls: Result<_, Stop> = names.iter().map(|name| scene.naming(bench, Some(name))).collect();
    scene.refuses(bench, calls?)
}

pub(super) fn no_trailing_backslash(bench: &mut Bench<'_>) -> Checked {
    let mut scene = scene(bench, |_| ())?;
    let told = scene.copier.told(bench, scene.copy)?;
    let guid_path = told.original_volume_name.trim_end_matches('\\').to_owned();
    let letter = scene.copier.sources[0].trim_end_matches('\\').to_owned();
    let calls = vec![scene.naming(bench, Some(&guid_path))?, scene.naming(bench, Some(&letter))?];
    scene.refuses(bench, calls)?;
    let whole = scene.naming(bench, Some(&format!(r"{guid_path}\")))?;
    if method(bench) == "BeginPrepareSnapshot" {
        return Ok(());
    }
    scene.copier.ok(bench, whole).map(drop)
}

pub(super) fn source_not_found(bench: &mut Bench<'_>) -> Checked {
    let mut scene = scene(bench, |_| ())?;
    let volumes = [r"Z:\", r"C:\nowhere\", r"\\?\Volume{7673736c-0000-4000-8000-000000000bad}\"];
    let beside = format!("{}-gone", scene.copier.sources[0]);
    let shares = [beside.as_str(), r"\\NOWHERE\data"];
    let names: &[&str] = if scene.copier.shares { &shares } else { &volumes };
    let calls: Result<_, Stop> = names.iter().map(|name| scene.naming(bench, Some(name))).collect();
    scene.refuses(bench, calls?)
}

/// No copy has the id: it is a new one, or that of a set where a copy is meant.
pub(super) fn copy_not_found(bench: &mut Bench<'_>) -> Checked {
    let mut scene = scene(bench, |_| ())?;
    let set = scene.copier.told(bench, scene.copy)?.snapshot_set_id;
    let ids = [scene.copier.fresh(), set.0];
    let calls = ids.into_iter().flat_map(|id| match method(bench) {
        "DeleteSnapshots" => {
            let other_kind = if id == set.0 { ObjectType::SNAPSHOT } else { ObjectType::SNAPSHOT_SET };
            vec![scene.copier.delete(id, other_kind)]
        }
        "SetSnapshotProperty" => {
            let name = SnapshotPropertyId::EXPOSED_NAME;
            vec![scene.copier.set_property(SnapshotId(id), name, Variant::Bstr("X:".into()))]
        }
        _ => vec![scene.copier.properties(SnapshotId(id))],
    });
    let calls = calls.collect();
    scene.refuses(bench, calls)
}

pub(super) fn bad_object_type(bench: &mut Bench<'_>) -> Checked {
    let mut scene = scene(bench, |_| ())?;
    let kinds = [ObjectType::UNKNOWN, ObjectType::NONE, ObjectType::PROVIDER, ObjectType(77)];
    let calls = kinds.map(|kind| scene.copier.delete(scene.copy.0, kind));
    scene.refuses(bench, calls.into())
}

pub(super) fn bad_queried_id(bench: &mut Bench<'_>) -> Checked {
    let mut scene = scene(bench, |_| ())?;
    let call = scene.copier.query_of(scene.copy.0, ObjectType::NONE, ObjectType::SNAPSHOT);
    scene.refuses(bench, vec![call])
}

pub(super) fn bad_queried_type(bench: &mut Bench<'_>) -> Checked {
    let mut scene = scene(bench, |_| ())?;
    let kinds = [ObjectType::UNKNOWN, ObjectType::SNAPSHOT_SET, ObjectType::SNAPSHOT];
    let calls = kinds.map(|kind| scene.copier.query_of(Guid::nil(), kind, ObjectType::SNAPSHOT));
    scene.refuses(bench, calls.into())
}

pub(super) fn bad_returned_type(bench: &mut Bench<'_>) -> Checked {
    let mut scene = scene(bench, |_| ())?;
    let kinds = [ObjectType::NONE, ObjectType::SNAPSHOT_SET, ObjectType::PROVIDER];
    let calls = kinds.map(|kind| scene.copier.query_of(Guid::nil(), ObjectType::NONE, kind));
    scene.refuses(bench, calls.into())
}

pub(super) fn null_enumerator(bench: &mut Bench<'_>) -> Checked {
    let mut scene = scene(bench, |_| ())?;
    let call = with_null(scene.copier.query()).ok_or_else(|| Stop::error("Query has an out-pointer"))?;
    scene.refuses(bench, vec![call])
}

pub(super) fn null_copy(bench: &mut Bench<'_>) -> Checked {
    let mut scene = scene(bench, |_| ())?;
    let name = SnapshotPropertyId::EXPOSED_NAME;
    let call = scene.copier.set_property(SnapshotId::NULL, name, Variant::Bstr("X:".into()));
    scene.refuses(bench, vec![call])
}
