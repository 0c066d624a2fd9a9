//! What the pages say of method after method in the same words: who may call, NULL pointers, memory, the service, an
//! object that is not initialised, serves a restore, or has an operation running.
//!
//! A [`Scene`] leads to where a method would succeed; each check takes one thing away. To add a method, give it a scene
//! in [`scene`] and rows in [`CASES`].

mod list;
pub(super) mod not_started;
mod scene;

use vss_sim::api::{Action, Call, Capabilities, HResult, Object, Ptr, SnapshotContext};
use vss_sim::lab::{CallerRole, Cause, DuringRestore, Fault, Lab, Os};

use super::flow;
use crate::bench::Bench;
use crate::case::Checked;

pub(super) use list::CASES;
use scene::{Scene, lead};

/// The call succeeds, at once or through its `IVssAsync`.
fn succeeds(bench: &mut Bench<'_>, on: Object, call: Call) -> Checked {
    let settled = bench.finish(on, call)?;
    if let Some(operation) = settled.operation {
        bench.release(operation);
    }
    bench.same("what the call comes to with nothing in its way", &HResult::S_OK, &settled.code)
}

/// The outcome's code comes at once, and no object with it.
fn refused(bench: &mut Bench<'_>, on: Object, call: Call) -> Checked {
    let can_see = bench.need(Capabilities::OBSERVATION).is_ok();
    let before = can_see.then(|| flow::live_objects(bench)).transpose()?;
    let code = bench.outcome_code()?;
    bench.expect(on, call, code)?;
    let after = can_see.then(|| flow::live_objects(bench)).transpose()?;
    bench.same("the objects after the refused call", &before, &after)
}

/// Backup operators may do what administrators may.
fn insufficient_privilege(bench: &mut Bench<'_>) -> Checked {
    let Scene { on, call } = lead(bench, bench.lab())?;
    bench.act(Action::BecomeCaller { role: CallerRole::User })?;
    refused(bench, on, call(Ptr::Valid))?;
    bench.act(Action::BecomeCaller { role: CallerRole::BackupOperator })?;
    succeeds(bench, on, call(Ptr::Valid))
}

fn null_pointer(bench: &mut Bench<'_>) -> Checked {
    let Scene { on, call } = lead(bench, bench.lab())?;
    refused(bench, on, call(Ptr::Null))?;
    succeeds(bench, on, call(Ptr::Valid))
}

/// Something goes wrong in the call; the same call succeeds after it.
fn fails_once(bench: &mut Bench<'_>, lab: &Lab, cause: Cause) -> Checked {
    let Scene { on, call } = lead(bench, lab)?;
    bench.act(Action::Fault(Fault::new(bench.outcome().method_name(), cause)))?;
    refused(bench, on, call(Ptr::Valid))?;
    succeeds(bench, on, call(Ptr::Valid))
}

fn out_of_memory(bench: &mut Bench<'_>) -> Checked {
    fails_once(bench, bench.lab(), Cause::OutOfMemory)
}

fn service_breaks(bench: &mut Bench<'_>, os: Os) -> Checked {
    let lab = flow::with_os(bench.lab(), os);
    fails_once(bench, &lab, Cause::ServiceBreaks)?;
    let code = bench.outcome_code()?;
    flow::logged(bench, code)
}

fn unexpected(bench: &mut Bench<'_>) -> Checked {
    service_breaks(bench, Os::WindowsServer2022)
}

fn unexpected_legacy(bench: &mut Bench<'_>) -> Checked {
    service_breaks(bench, Os::WindowsServer2008)
}

/// `E_FAIL` on every system.
fn internal_error(bench: &mut Bench<'_>) -> Checked {
    service_breaks(bench, Os::WindowsServer2022)?;
    service_breaks(bench, Os::WindowsServer2008)
}

/// An object that gathers its writers' metadata does nothing else until that has ended.
fn gathering(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the pages say to wait for a pending operation, so another call breaks the order");
    let Scene { call, .. } = lead(bench, bench.lab())?;
    let other = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    let operation = bench.object(other, Call::GATHER_WRITER_METADATA)?;
    refused(bench, other, call(Ptr::Valid))?;
    bench.settle(operation)?;
    succeeds(bench, other, call(Ptr::Valid))
}

/// Another object, which is not initialised, is in nobody's way.
fn not_initialized(bench: &mut Bench<'_>) -> Checked {
    let Scene { on, call } = lead(bench, bench.lab())?;
    let other = flow::create(bench)?;
    refused(bench, other, call(Ptr::Valid))?;
    bench.release(other);
    succeeds(bench, on, call(Ptr::Valid))
}

/// An object that serves a restore cannot do it; the one of the scene still can.
fn during_restore(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let backup = flow::backup(bench, &[r"E:\"])?;
    bench.release(backup.session);
    let Scene { on, call } = scene::lead_in(bench)?;
    let restore = flow::restore_object(bench, &backup.document)?;
    refused(bench, restore, call(Ptr::Valid))?;
    bench.release(restore);
    succeeds(bench, on, call(Ptr::Valid))
}

/// Samples call SetBackupState on a restore object; its page forbids that.
fn during_restore_literally(bench: &mut Bench<'_>) -> Checked {
    bench.reading(r#"during-restore = "literal""#);
    let lab = bench.lab().clone().with_readings(|readings| readings.during_restore = DuringRestore::Literal);
    bench.load(&lab)?;
    let document = flow::backup(bench, &[r"E:\"])?.document;
    let restore = flow::restore_object(bench, &document)?;
    refused(bench, restore, Call::SET_BACKUP_STATE)
}
