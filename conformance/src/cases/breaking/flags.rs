//! `BreakSnapshotSetEx`: LUNs that turn read-write or are masked.

use vss_sim::api::{Action, Call, HResult, HardwareOptions as Flags, ProviderCall, Text, VolumeSeen};
use vss_sim::lab::{Cause, Fault, Lab};

use super::{BROKEN_EX, breaks, still_known};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};
use crate::cases::flow::{self, PERSISTENT, Set, copied, transportable, turn_to};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!(BROKEN_EX, nothing_but_broken),
    case!(BROKEN_EX, read_write),
    case!(BROKEN_EX, the_cached_name_leads_to_the_writable_volume),
    case!(BROKEN_EX, read_write_on_another_host),
    case!(BROKEN_EX, masked),
    case!(BROKEN_EX, read_write_and_masked),
    case!(BROKEN_EX, a_legacy_provider_hears_nothing),
    case!(BROKEN_EX, a_refused_notice_leaves_all),
    case!(BROKEN_EX, a_refused_mask_leaves_all),
    case!(BROKEN_EX, what_another_has_masked_is_presented_again),
    case!(BROKEN_EX, cancelled),
];

const NONE: Flags = Flags::REVERT_IDENTITY_NONE;

/// A set of D: and the LUN of its copy.
fn copy_in(bench: &mut Bench<'_>, lab: &Lab) -> Result<(Set, Text), Stop> {
    bench.load(lab)?;
    let set = copied(bench, PERSISTENT, &[r"D:\"])?;
    let lun = flow::only_copy_of_lun(bench, "data-d")?.name;
    bench.act(Action::WatchProviders)?;
    Ok((set, lun))
}

/// What providers were told by OnLunStateChange since they are watched.
fn flags_told(bench: &mut Bench<'_>) -> Result<Vec<Flags>, Stop> {
    let flags = flow::provider_calls(bench)?.into_iter().filter_map(|seen| match seen.call {
        ProviderCall::OnLunStateChange { dw_flags, .. } => Some(dw_flags),
        _ => None,
    });
    Ok(flags.collect())
}

/// The LUN's only volume on the host, which has a name and can be written.
fn writable(bench: &mut Bench<'_>, lun: &str) -> Result<VolumeSeen, Stop> {
    let mut volumes = flow::volumes_on(bench, lun)?;
    let volume = volumes.pop().ok_or_else(|| Stop::failed(format!("LUN {lun} has no volume")))?;
    bench.same("the marks of a volume that is made read-write", &Default::default(), &volume.marks)?;
    flow::holds(bench, &volume.name, "then")?;
    flow::write(bench, &volume.name, "mine")?;
    flow::holds(bench, &volume.name, "mine")?;
    Ok(volume)
}

/// As BreakSnapshotSet does it: the LUN stays as it is.
fn nothing_but_broken(bench: &mut Bench<'_>) -> Checked {
    let (set, lun) = copy_in(bench, bench.lab())?;
    let before = flow::lun(bench, &lun)?;
    let device = flow::device(bench, set.session, set.copies[0])?;
    breaks(bench, set.session, &set, NONE)?;
    let after = flow::lun(bench, &lun)?;
    bench.same("the copy's LUN", &before, &after)?;
    flow::held_back(bench, &lun)?;
    let called = flow::called(bench)?;
    bench.check(called.is_empty(), || format!("no provider is told of it, but {called:?} were called"))?;
    flow::holds(bench, &device, "then")?;
    let again = bench.finish(set.session, Call::break_snapshot_set_ex(set.id, NONE))?.code;
    bench.same("what a second break comes to", &HResult::VSS_E_OBJECT_NOT_FOUND, &again)
}

/// The volume appears by its name and can be written.
fn read_write(bench: &mut Bench<'_>) -> Checked {
    let (set, lun) = copy_in(bench, bench.lab())?;
    let before = flow::lun(bench, &lun)?.signature;
    breaks(bench, set.session, &set, NONE | Flags::MAKE_READ_WRITE)?;
    let notices = flags_told(bench)?;
    bench.same("what the provider is told", &vec![Flags::NOTIFY_READ_WRITE], &notices)?;
    writable(bench, &lun)?;
    flow::holds(bench, r"D:\", "now!")?;
    let after = flow::lun(bench, &lun)?.signature;
    bench.same("the signature of the copy's disk", &before, &after)
}

/// The device object that was asked for before the break, and the volume's name, are two ways to one volume.
fn the_cached_name_leads_to_the_writable_volume(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("told by a comment in vshadow's source (O53)");
    let (set, lun) = copy_in(bench, bench.lab())?;
    let device = flow::device(bench, set.session, set.copies[0])?;
    breaks(bench, set.session, &set, NONE | Flags::MAKE_READ_WRITE)?;
    let volume = writable(bench, &lun)?;
    flow::holds(bench, &device, "mine")?;
    flow::write(bench, &device, "ours")?;
    flow::holds(bench, &volume.name, "ours")
}

fn read_write_on_another_host(bench: &mut Bench<'_>) -> Checked {
    bench.load(&flow::originals_apart(bench.lab()))?;
    let set = copied(bench, transportable(), &[r"F:\"])?;
    let importer = flow::imported(bench, 2, &set)?;
    turn_to(bench, 2)?;
    breaks(bench, importer, &set, NONE | Flags::MAKE_READ_WRITE)?;
    let lun = flow::only_copy_of_lun(bench, "data-f")?.name;
    let volume = writable(bench, &lun)?;
    // It outlives the object and the host's restart, as any volume.
    bench.release(importer);
    bench.act(Action::Restart { host: 2 })?;
    flow::holds(bench, &volume.name, "mine")
}

/// The provider masks the LUN and keeps it.
fn masked(bench: &mut Bench<'_>) -> Checked {
    let (set, lun) = copy_in(bench, bench.lab())?;
    let device = flow::device(bench, set.session, set.copies[0])?;
    breaks(bench, set.session, &set, NONE | Flags::MASK_LUNS)?;
    let commands = flags_told(bench)?;
    bench.same("what the provider is told", &vec![Flags::DO_MASK_LUNS], &commands)?;
    let after = flow::lun(bench, &lun)?;
    bench.same("whether the LUN is presented", &false, &after.presented)?;
    let disk = flow::disk_of(bench, &lun)?;
    bench.check(disk.is_none(), || "the host still has the disk".to_owned())?;
    let readable = flow::is_readable(bench, &device);
    bench.same("whether its device object leads anywhere", &false, &readable)?;
    flow::lun_holds(bench, &lun, "then")
}

/// It is made read-write first: so it appears wherever it is presented next.
fn read_write_and_masked(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("vshadow does not let these be combined, the page does");
    let lab = flow::two_hosts(bench.lab());
    let (set, lun) = copy_in(bench, &lab)?;
    breaks(bench, set.session, &set, NONE | Flags::MAKE_READ_WRITE | Flags::MASK_LUNS)?;
    let flags = flags_told(bench)?;
    bench.same("what the provider is told", &vec![Flags::NOTIFY_READ_WRITE, Flags::DO_MASK_LUNS], &flags)?;
    let after = flow::lun(bench, &lun)?;
    bench.same("whether the LUN is presented", &false, &after.presented)?;
    bench.act(Action::PresentLun { lun: lun.clone(), host: 2 })?;
    turn_to(bench, 2)?;
    writable(bench, &lun).map(drop)
}

/// A provider without IVssHardwareSnapshotProviderEx gets no notice, and cannot be told to mask.
fn a_legacy_provider_hears_nothing(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("such a provider has no OnLunStateChange; what becomes of a mask is on no page");
    let lab =
        bench.lab().clone().with(|lab| lab.providers.iter_mut().for_each(|provider| provider.ex = false));
    let (set, lun) = copy_in(bench, &lab)?;
    let mask = bench.finish(set.session, Call::break_snapshot_set_ex(set.id, NONE | Flags::MASK_LUNS))?.code;
    bench.same("a break that masks", &HResult::VSS_E_LEGACY_PROVIDER, &mask)?;
    still_known(bench, set.session, &set)?;
    breaks(bench, set.session, &set, NONE | Flags::MAKE_READ_WRITE)?;
    let told = flags_told(bench)?;
    bench.check(told.is_empty(), || format!("a legacy provider is told {told:?}"))?;
    writable(bench, &lun).map(drop)
}

/// A provider refuses what OnLunStateChange asks of it: the set is there as before, and the break can be repeated.
fn refused(bench: &mut Bench<'_>, flags: Flags) -> Checked {
    let refusals = [
        (HResult::VSS_E_PROVIDER_VETO, HResult::VSS_E_PROVIDER_VETO),
        (HResult::E_FAIL, HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR),
    ];
    let (set, lun) = copy_in(bench, bench.lab())?;
    bench.act(Action::MaskLun { lun: "data-d".into() })?;
    let before = flow::lun(bench, &lun)?;
    for (answered, came) in refusals {
        bench.act(Action::Fault(Fault::new("OnLunStateChange", Cause::ProviderAnswers(answered))))?;
        let entries = flow::events(bench)?.len();
        let code = bench.finish(set.session, Call::break_snapshot_set_ex(set.id, flags))?.code;
        bench.same("a break that the provider refuses", &came, &code)?;
        flow::logged_since(bench, entries, came)?;
        still_known(bench, set.session, &set)?;
        let after = flow::lun(bench, &lun)?;
        bench.same("the copy's LUN", &before, &after)?;
        flow::held_back(bench, &lun)?;
    }
    breaks(bench, set.session, &set, flags)
}

fn a_refused_notice_leaves_all(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("error-handling-in-shadow-copy-providers; what is left behind is on no page");
    refused(bench, Flags::MAKE_READ_WRITE | Flags::REVERT_IDENTITY_ALL)
}

fn a_refused_mask_leaves_all(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("error-handling-in-shadow-copy-providers; what is left behind is on no page");
    refused(bench, Flags::MASK_LUNS | Flags::REVERT_IDENTITY_ALL)
}

/// One of two providers has masked its LUN by the time the other refuses. Which of them hears of it first is on no page, so
/// each refuses once.
fn what_another_has_masked_is_presented_again(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("error-handling-in-shadow-copy-providers; what is left behind is on no page");
    let lab = flow::two_providers(bench.lab())?;
    for refusing in lab.providers.iter().map(|provider| &provider.name) {
        let veto = Cause::ProviderAnswers(HResult::VSS_E_PROVIDER_VETO);
        bench.load(&lab.clone().with_fault(Fault::new("OnLunStateChange", veto).of(refusing)))?;
        let set = copied(bench, PERSISTENT, &[r"D:\", r"E:\"])?;
        let flags = NONE | Flags::MASK_LUNS;
        let code = bench.finish(set.session, Call::break_snapshot_set_ex(set.id, flags))?.code;
        bench.same("a break that one provider refuses", &HResult::VSS_E_PROVIDER_VETO, &code)?;
        still_known(bench, set.session, &set)?;
        for source in ["data-d", "data-e"] {
            let copy = flow::only_copy_of_lun(bench, source)?;
            bench.same(&format!("whether the copy of {source} is presented"), &true, &copy.presented)?;
            flow::held_back(bench, &copy.name)?;
        }
        breaks(bench, set.session, &set, flags)?;
    }
    Ok(())
}

/// A break that is cancelled has changed nothing.
fn cancelled(bench: &mut Bench<'_>) -> Checked {
    let late = Fault::new("OnLunStateChange", Cause::Late(60_000));
    let (set, lun) = copy_in(bench, &bench.lab().clone().with_fault(late))?;
    let before = flow::lun(bench, &lun)?;
    let flags = NONE | Flags::MAKE_READ_WRITE;
    let operation = bench.object(set.session, Call::break_snapshot_set_ex(set.id, flags))?;
    bench.act(Action::Elapse { ms: 30_000 })?;
    bench.ok(operation, Call::Cancel {})?;
    bench.act(Action::Elapse { ms: 60_000 })?;
    let status = bench.status(operation)?;
    bench.same("pHrResult", &HResult::VSS_S_ASYNC_CANCELLED, &status)?;
    still_known(bench, set.session, &set)?;
    let after = flow::lun(bench, &lun)?;
    bench.same("the copy's LUN", &before, &after)?;
    breaks(bench, set.session, &set, flags)?;
    writable(bench, &lun)?;
    let gone = bench.call(set.session, Call::break_snapshot_set(set.id)).hresult;
    bench.same("what BreakSnapshotSet answers then", &HResult::VSS_E_OBJECT_NOT_FOUND, &gone)
}
