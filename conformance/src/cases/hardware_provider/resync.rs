//! `ResyncLuns` and the `IVssAsync` that it hands out.

use vss_sim::api::{
    Action, HResult, INFINITE, LunInformation, ProviderCall, VolumeSnapshotAttributes as Attributes,
};

use super::support::CONTEXT;
use super::volumes::add_large;
use super::vss::{Under, Vss, resync_luns};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

const RESYNCED: &str = "IVssHardwareSnapshotProviderEx::ResyncLuns/S_OK/success";

pub(super) const CASES: &[Case] = &[
    case!(RESYNCED, every_lun_gets_the_copys_bytes),
    case!(RESYNCED, larger_target_takes_the_size_of_its_source),
    case!(RESYNCED, pending_then_finished),
    case!(RESYNCED, wait_waits),
    case!(RESYNCED, cancel_comes_too_late),
    case!(
        "IVssHardwareSnapshotProviderEx::ResyncLuns/VSS_E_PROVIDER_VETO/unexpected-provider-error",
        foreign_lun
    ),
];

/// A resync that is done at once cannot be cancelled.
pub(super) const OPTIONAL: &[Case] = &[case!(RESYNCED, cancel_stops_it)];

const FULL_COPY: Attributes = Attributes::PLEX;

/// A copy of a volume, to copy back. A full one if the provider makes any.
fn copy_of(vss: &mut Vss<'_, '_>, volume: &str) -> Result<(Under, Vec<LunInformation>), Stop> {
    let under = vss.under(volume)?;
    let (full, _) = vss.support(&under, CONTEXT.with(FULL_COPY))?;
    let context = if full { CONTEXT.with(FULL_COPY) } else { CONTEXT };
    Ok(vss.created(&[volume], context)?.remove(0))
}

/// Waits for the end of a resync.
fn wait(vss: &mut Vss<'_, '_>, resync: u32) -> Checked {
    let reply = vss.call_async(resync, ProviderCall::Wait { dw_milliseconds: INFINITE })?;
    let code = reply.hresult;
    vss.bench
        .check(code == HResult::S_OK, || format!("IVssAsync::Wait has to return S_OK, but returned {code}"))
}

/// Waits, and expects that it has finished.
fn finish(vss: &mut Vss<'_, '_>, resync: u32) -> Checked {
    wait(vss, resync)?;
    let status = vss.status(resync)?;
    vss.bench.same("the status after Wait", &HResult::VSS_S_ASYNC_FINISHED, &status)?;
    vss.call_async(resync, ProviderCall::Release {}).map(drop)
}

/// A volume over one LUN and one over two: all of their LUNs are copied back.
fn every_lun_gets_the_copys_bytes(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let (single, spanned) = (vss.volumes.single[0].clone(), vss.volumes.spanned.clone());
    for volume in [&single, &spanned] {
        let (under, copies) = copy_of(&mut vss, volume)?;
        vss.write_each_lun(volume, under.luns.len(), "written since")?;
        let mut backed_up = Vec::with_capacity(copies.len());
        for copy in &copies {
            backed_up.push(vss.lun(copy)?.digest);
        }
        let resync = vss.resync(&copies, &under.luns)?;
        finish(&mut vss, resync)?;
        for (before, original) in backed_up.iter().zip(&under.luns) {
            let original = vss.lun(original)?;
            let what = format!("the checksum of LUN {}, copied back", original.name);
            vss.bench.same(&what, before, &original.digest)?;
        }
    }
    Ok(())
}

fn larger_target_takes_the_size_of_its_source(bench: &mut Bench<'_>) -> Checked {
    let mut large = "";
    let mut vss = Vss::start_with(bench, |lab| large = add_large(lab))?;
    let volume = vss.volumes.single[0].clone();
    let (_, copies) = copy_of(&mut vss, &volume)?;
    let target = vss.under(large)?;
    let resync = vss.resync(&copies, &target.luns)?;
    finish(&mut vss, resync)?;
    let (copy, target) = (vss.lun(&copies[0])?, vss.lun(&target.luns[0])?);
    vss.bench.same(&format!("the size of LUN {} after the resync", target.name), &copy.size, &target.size)
}

/// QueryStatus says VSS_S_ASYNC_PENDING, then VSS_S_ASYNC_FINISHED, however often it is asked: no other code.
fn pending_then_finished(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let volume = vss.volumes.single[0].clone();
    let (under, copies) = copy_of(&mut vss, &volume)?;
    let resync = vss.resync(&copies, &under.luns)?;
    let mut status = vss.status(resync)?;
    let (finished, pending) = (HResult::VSS_S_ASYNC_FINISHED, HResult::VSS_S_ASYNC_PENDING);
    vss.bench.check(status == pending || status == finished, || {
        format!("the status of a resync that runs has to be {pending}, but is {status}")
    })?;
    wait(&mut vss, resync)?;
    for _ in 0..2 {
        status = vss.status(resync)?;
        vss.bench.same("the status of a resync that is done", &finished, &status)?;
    }
    Ok(())
}

/// Wait with INFINITE does not come back before the end, and with a limit not after it.
fn wait_waits(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let volume = vss.volumes.single[0].clone();
    let (under, copies) = copy_of(&mut vss, &volume)?;
    let resync = vss.resync(&copies, &under.luns)?;
    let limit_ms = 1;
    let reply = vss.call_async(resync, ProviderCall::Wait { dw_milliseconds: limit_ms })?;
    // A provider's own clock may be coarse.
    vss.bench.check(reply.took_ms < 1_000, || {
        format!("IVssAsync::Wait({limit_ms}) took {} ms: it has to heed its limit", reply.took_ms)
    })?;
    finish(&mut vss, resync)
}

/// Cancelled while it runs: the status says so, and the targets stay as they were.
fn cancel_stops_it(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let volume = vss.volumes.single[0].clone();
    vss.write_each_lun(&volume, 1, "as backed up")?;
    let (under, copies) = copy_of(&mut vss, &volume)?;
    vss.write_each_lun(&volume, 1, "written since")?;
    let before = vss.lun(&under.luns[0])?.digest;
    let resync = vss.resync(&copies, &under.luns)?;
    let code = vss.call_async(resync, ProviderCall::Cancel {})?.hresult;
    if code == HResult::VSS_S_ASYNC_FINISHED {
        return Err(Stop::skipped("the resync was done before it could be cancelled"));
    }
    vss.bench.same("what IVssAsync::Cancel returns", &HResult::S_OK, &code)?;
    wait_or_fail(&mut vss, resync)?;
    let status = vss.status(resync)?;
    vss.bench.same("the status after Cancel", &HResult::VSS_S_ASYNC_CANCELLED, &status)?;
    vss.bench.act(Action::Elapse { ms: 3_600_000 })?;
    vss.status(resync)?;
    let after = vss.lun(&under.luns[0])?.digest;
    vss.bench.same("the checksum of the target of a cancelled resync", &before, &after)
}

/// What Wait returns after Cancel is not documented.
fn wait_or_fail(vss: &mut Vss<'_, '_>, resync: u32) -> Checked {
    vss.call_async(resync, ProviderCall::Wait { dw_milliseconds: INFINITE }).map(drop)
}

fn cancel_comes_too_late(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let volume = vss.volumes.single[0].clone();
    let (under, copies) = copy_of(&mut vss, &volume)?;
    let resync = vss.resync(&copies, &under.luns)?;
    wait(&mut vss, resync)?;
    vss.status(resync)?;
    let code = vss.call_async(resync, ProviderCall::Cancel {})?.hresult;
    vss.bench.same(
        "what IVssAsync::Cancel returns when it is done",
        &HResult::VSS_S_ASYNC_FINISHED,
        &code,
    )?;
    let (copy, original) = (vss.lun(&copies[0])?, vss.lun(&under.luns[0])?);
    vss.bench.same("the checksum of the target", &copy.digest, &original.digest)
}

/// A LUN that is not the provider's cannot be copied in its array.
fn foreign_lun(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let (volume, foreign) = (vss.volumes.single[0].clone(), vss.volumes.foreign.clone());
    let (_, copies) = copy_of(&mut vss, &volume)?;
    let foreign = vss.under(&foreign)?.luns;
    vss.expect(resync_luns(&copies, &foreign), HResult::VSS_E_PROVIDER_VETO)?;
    let seen = vss.last_call()?;
    vss.bench.check(seen.logged > 0, || "ResyncLuns vetoes without an event-log entry".to_owned())
}
