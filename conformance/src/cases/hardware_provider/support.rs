//! `AreLunsSupported` and `BeginPrepareSnapshot`: what a provider promises, and that it keeps it.

use vss_sim::api::{
    HResult, Interconnect, ProviderOut, SnapshotContext, VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::CopyKind;

use super::vss::{Under, Vss, are_luns_supported};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

const SUPPORTED: &str = "IVssHardwareSnapshotProvider::AreLunsSupported/S_OK/success";
const BEGUN: &str = "IVssHardwareSnapshotProvider::BeginPrepareSnapshot/S_OK/success";

pub(super) const CASES: &[Case] = &[
    case!(SUPPORTED, foreign_lun_is_no_error),
    case!(SUPPORTED, all_luns_or_none),
    case!(SUPPORTED, interconnects_are_left),
    case!(BEGUN, promise_is_kept),
    case!(
        "IVssHardwareSnapshotProvider::BeginPrepareSnapshot/VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER/volume-unsupported",
        foreign_lun
    ),
];

/// Only a provider that is told to can do less.
pub(super) const LESS: &[Case] = &[case!(
    "IVssHardwareSnapshotProvider::BeginPrepareSnapshot/VSS_E_UNSUPPORTED_CONTEXT/context-unsupported",
    unsupported_context
)];

/// What a hardware provider gets when the requester chose nothing in particular.
pub(super) const CONTEXT: SnapshotContext = SnapshotContext::NAS_ROLLBACK;

/// Not supporting a LUN is an answer, not an error.
fn foreign_lun_is_no_error(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let foreign = vss.volumes.foreign.clone();
    let under = vss.under(&foreign)?;
    let (supported, _) = vss.support(&under, CONTEXT)?;
    vss.bench.check(!supported, || format!("no LUN under {foreign} is the provider's, but it supports them"))
}

/// One LUN that is not the provider's is enough for FALSE.
fn all_luns_or_none(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let (own, foreign) = (vss.volumes.single[0].clone(), vss.volumes.foreign.clone());
    let (own, foreign) = (vss.supported(&own, CONTEXT)?, vss.under(&foreign)?);
    for (first, second) in [(&own, &foreign), (&foreign, &own)] {
        let both = Under {
            devices: [first.devices.clone(), second.devices.clone()].concat(),
            luns: [first.luns.clone(), second.luns.clone()].concat(),
        };
        let (supported, _) = vss.support(&both, CONTEXT)?;
        vss.bench.check(!supported, || {
            "one of two LUNs is not the provider's, but it says that it supports all of them".to_owned()
        })?;
    }
    Ok(())
}

/// The ports through which VSS reaches a LUN are no business of the provider's.
fn interconnects_are_left(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let own = vss.volumes.single[0].clone();
    let mut under = vss.supported(&own, CONTEXT)?;
    let port = Interconnect { port: [1, 2, 3].into(), address: [4, 5].into(), ..Interconnect::default() };
    under.luns[0].interconnects = vec![port];
    let Some(ProviderOut::AreLunsSupported { p_lun_information, .. }) =
        vss.ok(are_luns_supported(&under, CONTEXT))?.out
    else {
        return Err(Stop::failed("AreLunsSupported returned S_OK but no LUN information"));
    };
    let after = p_lun_information.first().map(|lun| &lun.interconnects);
    vss.bench.same("m_rgInterconnects", &Some(&under.luns[0].interconnects), &after)
}

/// Whatever AreLunsSupported says TRUE to, BeginPrepareSnapshot takes.
fn promise_is_kept(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let (mut volumes, shared) = (vss.volumes.single.clone(), vss.volumes.shared.clone());
    volumes.extend(shared.into_iter().chain([vss.volumes.spanned.clone(), vss.volumes.foreign.clone()]));
    let mut promised = 0;
    for asked in [
        Attributes::empty(),
        Attributes::DIFFERENTIAL,
        Attributes::PLEX,
        Attributes::TRANSPORTABLE,
        Attributes::DIFFERENTIAL | Attributes::TRANSPORTABLE,
        Attributes::PLEX | Attributes::TRANSPORTABLE,
    ] {
        let (context, set) = (CONTEXT.with(asked), vss.new_set());
        for volume in &volumes {
            let under = vss.under(volume)?;
            let (supported, luns) = vss.support(&under, context)?;
            if supported {
                let begin = vss.begin_prepare(set, &Under { luns, ..under }, context);
                vss.ok(begin)?;
                promised += 1;
            }
        }
    }
    if promised == 0 {
        return Err(Stop::failed("the provider supports no volume of the lab in any context"));
    }
    Ok(())
}

/// VSS does not ask a provider that has said FALSE; if it did, this is the code.
fn foreign_lun(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let foreign = vss.volumes.foreign.clone();
    let (under, set) = (vss.under(&foreign)?, vss.new_set());
    let begin = vss.begin_prepare(set, &under, CONTEXT);
    vss.expect(begin, HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER).map(drop)
}

/// A provider that makes full copies only refuses differential ones, in AreLunsSupported already.
fn unsupported_context(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start_with(bench, |lab| {
        if let Some(provider) = lab.providers.first_mut() {
            provider.copies = vec![CopyKind::Clone];
        }
    })?;
    let volume = vss.volumes.single[0].clone();
    let (under, set) = (vss.under(&volume)?, vss.new_set());
    let context = CONTEXT.with(Attributes::DIFFERENTIAL);
    let (supported, _) = vss.support(&under, context)?;
    if supported {
        return Err(Stop::skipped("the provider makes differential copies: there is no context to refuse"));
    }
    let begin = vss.begin_prepare(set, &under, context);
    vss.expect(begin, HResult::VSS_E_UNSUPPORTED_CONTEXT).map(drop)
}
