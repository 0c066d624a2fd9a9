//! For each method an object on which it would succeed, and the call.

use vss_sim::api::{
    Call, Guid, HardwareOptions, Object, ObjectType, ProviderId, Ptr, SnapshotContext,
    VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::Lab;

use super::flow;
use crate::bench::Bench;
use crate::case::Stop;

/// Where a method would succeed.
pub(super) struct Scene {
    /// The object.
    pub(super) on: Object,
    /// The call, given what its out-pointer is.
    pub(super) call: Box<dyn Fn(Ptr) -> Call>,
}

fn scene(on: Object, call: impl Fn(Ptr) -> Call + 'static) -> Result<Scene, Stop> {
    Ok(Scene { on, call: Box::new(call) })
}

/// Loads the lab and leads to where the method of the outcome would succeed.
pub(super) fn lead(bench: &mut Bench<'_>, lab: &Lab) -> Result<Scene, Stop> {
    bench.load(lab)?;
    lead_in(bench)
}

/// [`lead`] where a lab is loaded, in which something may have happened already.
pub(super) fn lead_in(bench: &mut Bench<'_>) -> Result<Scene, Stop> {
    let method = bench.outcome().method_name();
    match method {
        "CreateVssBackupComponents" => {
            scene(Object::HOST, |pp_backup| Call::CreateVssBackupComponents { pp_backup })
        }
        "CreateVssBackupComponentsInternal" => {
            scene(Object::HOST, |pp_backup| Call::CreateVssBackupComponentsInternal { pp_backup })
        }
        "InitializeForBackup" => {
            scene(flow::create(bench)?, |_| Call::InitializeForBackup { bstr_xml: None })
        }
        "SetContext" | "SetBackupState" | "IsVolumeSupported" => initialized(bench, method),
        "ImportSnapshots" => import(bench),
        "GetSnapshotProperties" | "DeleteSnapshots" | "ExposeSnapshot" | "UnexposeSnapshot" | "Query" => {
            about_a_copy(bench, method)
        }
        "Next" | "Skip" | "Reset" | "Clone" => enumerator(bench, method),
        "IsVolumeSnapshotted" => scene(Object::HOST, |pb_snapshots_present| Call::IsVolumeSnapshotted {
            pwsz_volume_name: Some(r"D:\".into()),
            pb_snapshots_present,
            pl_snapshot_capability: Ptr::Valid,
        }),
        "IsVolumeSnapshottedInternal" => {
            scene(Object::HOST, |pb_snapshots_present| Call::IsVolumeSnapshottedInternal {
                pwsz_volume_name: Some(r"D:\".into()),
                pb_snapshots_present,
                pl_snapshot_capability: Ptr::Valid,
            })
        }
        "RevertToSnapshot" | "QueryRevertStatus" => revert(bench, method),
        "ShouldBlockRevert" => scene(Object::HOST, |pb_block| flow::should_block(r"D:\", pb_block)),
        "BreakSnapshotSet" | "BreakSnapshotSetEx" => breaking(bench, method),
        _ => creation(bench, method),
    }
}

fn initialized(bench: &mut Bench<'_>, method: &str) -> Result<Scene, Stop> {
    let session = flow::initialized(bench)?;
    match method {
        "SetContext" => scene(session, |_| Call::SetContext { l_context: SnapshotContext::APP_ROLLBACK }),
        "IsVolumeSupported" => scene(session, |pb_supported_by_this_provider| Call::IsVolumeSupported {
            provider_id: ProviderId::NULL,
            pwsz_volume_name: Some(r"D:\".into()),
            pb_supported_by_this_provider,
        }),
        _ => scene(session, |_| Call::SET_BACKUP_STATE),
    }
}

/// The methods of a backup, in the order in which it calls them.
fn creation(bench: &mut Bench<'_>, method: &str) -> Result<Scene, Stop> {
    let session = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    flow::gather_metadata(bench, session)?;
    if method == "StartSnapshotSet" {
        return scene(session, |p_snapshot_set_id| Call::StartSnapshotSet { p_snapshot_set_id });
    }
    flow::start_set(bench, session, &[])?;
    if method == "AddToSnapshotSet" {
        return scene(session, |pid_snapshot| Call::AddToSnapshotSet {
            pwsz_volume_name: Some(r"D:\".into()),
            provider_id: ProviderId::NULL,
            pid_snapshot,
        });
    }
    bench.ok(session, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL))?;
    if method == "PrepareForBackup" {
        return scene(session, |pp_async| Call::PrepareForBackup { pp_async });
    }
    bench.done(session, Call::PREPARE_FOR_BACKUP)?;
    match method {
        "AbortBackup" => return scene(session, |_| Call::AbortBackup {}),
        "DoSnapshotSet" => return scene(session, |pp_async| Call::DoSnapshotSet { pp_async }),
        _ => {}
    }
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    match method {
        "BackupComplete" => scene(session, |pp_async| Call::BackupComplete { pp_async }),
        _ => Err(Stop::error(format!("no scene is known for {method}"))),
    }
}

fn import(bench: &mut Bench<'_>) -> Result<Scene, Stop> {
    let context = SnapshotContext::APP_ROLLBACK.with(Attributes::TRANSPORTABLE);
    let backup = flow::backup_with(bench, context, &[r"D:\"])?;
    let session = flow::importer(bench, 1, &backup.document)?;
    scene(session, |pp_async| Call::ImportSnapshots { pp_async })
}

/// A persistent copy of D: and the object that made it.
fn about_a_copy(bench: &mut Bench<'_>, method: &str) -> Result<Scene, Stop> {
    let (session, snapshot_id) = flow::copied_volume(bench, SnapshotContext::APP_ROLLBACK, r"D:\")?;
    let expose = move |pwsz_exposed| Call::ExposeSnapshot {
        snapshot_id,
        wsz_path_from_root: None,
        l_attributes: Attributes::EXPOSED_LOCALLY,
        wsz_expose: Some("X:".into()),
        pwsz_exposed,
    };
    match method {
        "DeleteSnapshots" => scene(session, move |pl_deleted_snapshots| Call::DeleteSnapshots {
            source_object_id: snapshot_id.0,
            e_source_object_type: ObjectType::SNAPSHOT,
            b_force_delete: false,
            pl_deleted_snapshots,
            p_nondeleted_snapshot_id: Ptr::Valid,
        }),
        "GetSnapshotProperties" => {
            scene(session, move |p_prop| Call::GetSnapshotProperties { snapshot_id, p_prop })
        }
        "ExposeSnapshot" => scene(session, expose),
        "UnexposeSnapshot" => {
            bench.ok(session, expose(Ptr::Valid))?;
            scene(session, move |_| Call::UnexposeSnapshot { snapshot_id })
        }
        _ => scene(session, |pp_enum| Call::Query {
            queried_object_id: Guid::nil(),
            e_queried_object_type: ObjectType::NONE,
            e_returned_objects_type: ObjectType::SNAPSHOT,
            pp_enum,
        }),
    }
}

/// A list with one copy.
fn enumerator(bench: &mut Bench<'_>, method: &str) -> Result<Scene, Stop> {
    let Scene { on: session, call } = about_a_copy(bench, "Query")?;
    let list = bench.object(session, call(Ptr::Valid))?;
    match method {
        "Next" => scene(list, |rgelt| Call::Next { celt: 1, rgelt, pcelt_fetched: Ptr::Valid }),
        "Skip" => scene(list, |_| Call::Skip { celt: 1 }),
        "Reset" => scene(list, |_| Call::Reset {}),
        _ => scene(list, |ppenum| Call::Clone { ppenum }),
    }
}

fn revert(bench: &mut Bench<'_>, method: &str) -> Result<Scene, Stop> {
    if method == "RevertToSnapshot" {
        let set = flow::copied_by_the_system(bench, r"D:\")?;
        let copy = flow::only(&set.copies)?;
        return scene(set.session, move |_| Call::revert_to_snapshot(copy));
    }
    let set = flow::reverting(bench)?;
    scene(set.session, |pp_async| Call::QueryRevertStatus { pwsz_volume: Some(r"D:\".into()), pp_async })
}

fn breaking(bench: &mut Bench<'_>, method: &str) -> Result<Scene, Stop> {
    let set = flow::copied(bench, flow::PERSISTENT, &[r"D:\"])?;
    let snapshot_set_id = set.id;
    match method {
        "BreakSnapshotSet" => scene(set.session, move |_| Call::BreakSnapshotSet { snapshot_set_id }),
        _ => scene(set.session, move |pp_async| Call::BreakSnapshotSetEx {
            snapshot_set_id,
            dw_break_flags: HardwareOptions::MAKE_READ_WRITE,
            pp_async,
        }),
    }
}
