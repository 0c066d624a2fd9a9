//! Where copies show: `LocateLuns`, `FillInLunInfo`, `OnLunStateChange`.

use vss_sim::api::{Guid, HardwareOptions, Interconnect, LunInformation};

use super::support::CONTEXT;
use super::vss::{Under, Vss, fill_in_lun_info, on_lun_state_change};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

const LOCATED: &str = "IVssHardwareSnapshotProvider::LocateLuns/S_OK/success";
const FILLED_IN: &str = "IVssHardwareSnapshotProvider::FillInLunInfo/S_OK/success";
const CHANGED: &str = "IVssHardwareSnapshotProviderEx::OnLunStateChange/S_OK/success";

pub(super) const CASES: &[Case] = &[
    case!(LOCATED, presented_when_located_and_not_before),
    case!(LOCATED, nothing_but_the_named),
    case!(FILLED_IN, round_trip),
    case!(FILLED_IN, interconnects_and_signature),
    case!("IVssHardwareSnapshotProvider::FillInLunInfo/S_OK/unknown-lun", unknown_lun),
    case!(CHANGED, masks_and_keeps),
    case!(CHANGED, notices_ask_for_nothing),
];

/// A complete set of one volume.
fn one_copy(vss: &mut Vss<'_, '_>) -> Result<(Under, LunInformation), Stop> {
    let volume = vss.volumes.single[0].clone();
    let (under, copies) = vss.created(&[&volume], CONTEXT)?.remove(0);
    let copy = copies.into_iter().next().ok_or_else(|| Stop::failed("GetTargetLuns described no LUN"))?;
    Ok((under, copy))
}

/// No host sees a copy before LocateLuns.
fn presented_when_located_and_not_before(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let (_, copy) = one_copy(&mut vss)?;
    let before = vss.lun(&copy)?;
    vss.bench.check(!before.presented, || {
        format!("LUN {} is presented to the host before LocateLuns", before.name)
    })?;
    vss.locate(std::slice::from_ref(&copy))?;
    let after = vss.lun(&copy)?;
    vss.bench.check(after.presented, || {
        format!("LUN {} is not presented to the host after LocateLuns", after.name)
    })
}

/// The other copies of the set stay where they are, and no LUN comes or goes.
fn nothing_but_the_named(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let (first, second) = (vss.volumes.single[0].clone(), vss.volumes.single[1].clone());
    let created = vss.created(&[&first, &second], CONTEXT)?;
    let before = vss.luns()?;
    vss.locate(&created[0].1)?;
    let serial = created[0].1[0].serial_number.clone().unwrap_or_default();
    let mut expected = before;
    for lun in expected.iter_mut().filter(|lun| lun.serial == serial) {
        lun.presented = true;
    }
    let shown = |luns: &[vss_sim::api::LunSeen]| -> Vec<_> {
        luns.iter().map(|lun| (lun.name.clone(), lun.presented)).collect()
    };
    let after = shown(&vss.luns()?);
    vss.bench.same("the LUNs, and which of them are presented", &shown(&expected), &after)
}

/// What VSS finds on an arrived disk becomes what GetTargetLuns said of it.
fn round_trip(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let (_, copy) = one_copy(&mut vss)?;
    vss.locate(std::slice::from_ref(&copy))?;
    let filled = vss.fill_in(&copy)?;
    let filled = filled
        .ok_or_else(|| Stop::failed("FillInLunInfo does not know the copy: *pbIsSupported is FALSE"))?;
    vss.bench.check(filled.same_lun(&copy), || {
        format!("FillInLunInfo and GetTargetLuns describe one copy in two ways: {filled:?} and {copy:?}")
    })
}

/// The ports are VSS's, and the signature stays zero.
fn interconnects_and_signature(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let (_, mut copy) = one_copy(&mut vss)?;
    let port = Interconnect { port: [7].into(), address: [8, 9].into(), ..Interconnect::default() };
    copy.interconnects = vec![port];
    let filled = vss.fill_in(&copy)?.unwrap_or_default();
    vss.bench.same("m_rgInterconnects", &copy.interconnects, &filled.interconnects)?;
    vss.bench.same("m_diskSignature", &Guid::nil(), &filled.disk_signature)
}

/// A disk of somebody else is no error.
fn unknown_lun(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let foreign = vss.volumes.foreign.clone();
    let foreign = vss.under(&foreign)?.luns.into_iter().next().unwrap_or_default();
    vss.ok(fill_in_lun_info(&foreign))?;
    let known = vss.fill_in(&foreign)?;
    vss.bench
        .check(known.is_none(), || "the provider says that it knows a LUN that is not its own".to_owned())
}

/// DO_MASK_LUNS hides the copies from this computer without deleting them.
fn masks_and_keeps(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let (under, copy) = one_copy(&mut vss)?;
    vss.locate(std::slice::from_ref(&copy))?;
    vss.ok(on_lun_state_change(std::slice::from_ref(&copy), &under.luns, HardwareOptions::DO_MASK_LUNS))?;
    let seen = vss.lun(&copy)?;
    vss.bench
        .check(!seen.presented, || format!("LUN {} is still presented after DO_MASK_LUNS", seen.name))?;
    let original = vss.lun(&under.luns[0])?;
    vss.bench.check(original.presented, || format!("DO_MASK_LUNS hid the original LUN {}", original.name))
}

/// The three notices tell what VSS does; the provider has nothing to do.
fn notices_ask_for_nothing(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let (under, copy) = one_copy(&mut vss)?;
    vss.locate(std::slice::from_ref(&copy))?;
    for notice in [
        HardwareOptions::NOTIFY_LUN_PRE_RECOVERY,
        HardwareOptions::NOTIFY_LUN_POST_RECOVERY,
        HardwareOptions::NOTIFY_READ_WRITE,
    ] {
        let before = vss.luns()?;
        vss.ok(on_lun_state_change(std::slice::from_ref(&copy), &under.luns, notice))?;
        let after = vss.luns()?;
        vss.bench.check(before == after, || {
            format!("the notice {:#x} changed LUNs: it asks for nothing", notice.bits())
        })?;
    }
    Ok(())
}
