//! For each method an object on which it would succeed, and the call.

use vss_sim::api::{Call, Object, ProviderId, Ptr, SnapshotContext, VolumeSnapshotAttributes as Attributes};
use vss_sim::lab::Lab;

use super::super::{blocked_revert, revert, revert_status};
use super::{backup_state, flow};
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
        "SetContext" | "SetBackupState" => initialized(bench, method),
        "ImportSnapshots" => import(bench),
        "RevertToSnapshot" | "QueryRevertStatus" => reverting(bench, lab, method),
        "ShouldBlockRevert" => scene(Object::HOST, |pb_block| blocked_revert::should_block(r"D:\", pb_block)),
        _ => creation(bench, method),
    }
}

fn initialized(bench: &mut Bench<'_>, method: &str) -> Result<Scene, Stop> {
    let session = flow::create(bench)?;
    bench.ok(session, Call::InitializeForBackup { bstr_xml: None })?;
    match method {
        "SetContext" => scene(session, |_| Call::SetContext { l_context: SnapshotContext::APP_ROLLBACK }),
        _ => scene(session, |_| backup_state()),
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
    bench.ok(session, flow::add_volume_call(r"D:\"))?;
    if method == "PrepareForBackup" {
        return scene(session, |pp_async| Call::PrepareForBackup { pp_async });
    }
    bench.done(session, Call::PrepareForBackup { pp_async: Ptr::Valid })?;
    match method {
        "AbortBackup" => return scene(session, |_| Call::AbortBackup {}),
        "DoSnapshotSet" => return scene(session, |pp_async| Call::DoSnapshotSet { pp_async }),
        _ => {}
    }
    bench.done(session, Call::DoSnapshotSet { pp_async: Ptr::Valid })?;
    match method {
        "BackupComplete" => scene(session, |pp_async| Call::BackupComplete { pp_async }),
        _ => Err(Stop::error(format!("no scene is known for {method}"))),
    }
}

fn import(bench: &mut Bench<'_>) -> Result<Scene, Stop> {
    let context = SnapshotContext::APP_ROLLBACK.with(Attributes::TRANSPORTABLE);
    let backup = flow::backup_with(bench, context, &[r"D:\"])?;
    let session = flow::create(bench)?;
    bench.ok(session, Call::InitializeForBackup { bstr_xml: Some(backup.document) })?;
    scene(session, |pp_async| Call::ImportSnapshots { pp_async })
}

fn reverting(bench: &mut Bench<'_>, lab: &Lab, method: &str) -> Result<Scene, Stop> {
    if method == "RevertToSnapshot" {
        let copied = revert::changed_since(bench, r"D:\")?;
        return scene(copied.session, move |_| revert::revert(copied.snapshot));
    }
    let copied = revert_status::reverting(bench, lab)?;
    scene(copied.session, |pp_async| Call::QueryRevertStatus { pwsz_volume: Some(r"D:\".into()), pp_async })
}
