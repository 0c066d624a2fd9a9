//! What the pages say of method after method in the same words: who may call, NULL pointers, memory, the service, an
//! object that is not initialised or serves a restore.
//!
//! A [`Scene`] leads to where a method would succeed; each check takes one thing away. To add a method, give it a scene
//! in [`scene`] and rows in [`CASES`].

mod list;
mod scene;

use vss_sim::api::{Action, Call, HResult, Object, Ptr};
use vss_sim::lab::{CallerRole, Cause, DuringRestore, Fault, Lab, Os};

use super::flow;
use crate::bench::Bench;
use crate::case::{Checked, Stop};

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

/// Backup operators may do what administrators may.
fn insufficient_privilege(bench: &mut Bench<'_>) -> Checked {
    let Scene { on, call } = lead(bench, bench.lab())?;
    bench.act(Action::BecomeCaller { role: CallerRole::User })?;
    let code = bench.outcome_code()?;
    bench.expect(on, call(Ptr::Valid), code)?;
    bench.act(Action::BecomeCaller { role: CallerRole::BackupOperator })?;
    succeeds(bench, on, call(Ptr::Valid))
}

fn null_pointer(bench: &mut Bench<'_>) -> Checked {
    let Scene { on, call } = lead(bench, bench.lab())?;
    let code = bench.outcome_code()?;
    bench.expect(on, call(Ptr::Null), code)?;
    succeeds(bench, on, call(Ptr::Valid))
}

/// Something goes wrong in the call; the same call succeeds after it.
fn fails_once(bench: &mut Bench<'_>, lab: &Lab, cause: Cause) -> Result<HResult, Stop> {
    let Scene { on, call } = lead(bench, lab)?;
    bench.act(Action::Fault(Fault::new(bench.outcome().method_name(), cause)))?;
    let code = bench.outcome_code()?;
    bench.expect(on, call(Ptr::Valid), code)?;
    succeeds(bench, on, call(Ptr::Valid))?;
    Ok(code)
}

fn out_of_memory(bench: &mut Bench<'_>) -> Checked {
    fails_once(bench, bench.lab(), Cause::OutOfMemory).map(drop)
}

fn service_breaks(bench: &mut Bench<'_>, os: Os) -> Checked {
    let lab = bench.lab().clone().with_host(|host| host.os = os);
    let code = fails_once(bench, &lab, Cause::ServiceBreaks)?;
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

fn not_initialized(bench: &mut Bench<'_>) -> Checked {
    let Scene { call, .. } = lead(bench, bench.lab())?;
    let other = flow::create(bench)?;
    let code = bench.outcome_code()?;
    bench.expect(other, call(Ptr::Valid), code).map(drop)
}

fn during_restore(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab();
    let Scene { call, .. } = lead(bench, lab)?;
    let document = flow::backup(bench, &[r"E:\"]);
    // The scene may have begun a set of its own, which bars others: then the world is set up anew.
    let document = match document {
        Ok(backup) => backup.document,
        Err(_) => {
            bench.load(lab)?;
            flow::backup(bench, &[r"E:\"])?.document
        }
    };
    let restore = flow::restore_object(bench, &document)?;
    let code = bench.outcome_code()?;
    bench.expect(restore, call(Ptr::Valid), code).map(drop)
}

/// Samples call SetBackupState on a restore object; its page forbids that.
fn during_restore_literally(bench: &mut Bench<'_>) -> Checked {
    bench.reading(r#"during-restore = "literal""#);
    let lab = bench.lab().clone().with_readings(|readings| readings.during_restore = DuringRestore::Literal);
    bench.load(&lab)?;
    let document = flow::backup(bench, &[r"E:\"])?.document;
    let restore = flow::restore_object(bench, &document)?;
    let code = bench.outcome_code()?;
    bench.expect(restore, flow::backup_state(), code).map(drop)
}
