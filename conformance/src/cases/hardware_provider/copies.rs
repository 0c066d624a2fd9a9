//! The kinds of copies that a requester can ask for.

use vss_sim::api::{SnapshotContext, VolumeSnapshotAttributes as Attributes};

use super::support::CONTEXT;
use super::vss::Vss;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

const COMMITTED: &str = "IVssProviderCreateSnapshotSet::CommitSnapshots/S_OK/success";

pub(super) const PLEX: &[Case] = &[case!(COMMITTED, plex_is_a_full_copy)];
pub(super) const DIFFERENTIAL: &[Case] = &[case!(COMMITTED, differential_copy)];
pub(super) const TRANSPORTABLE: &[Case] =
    &[case!("IVssHardwareSnapshotProvider::LocateLuns/S_OK/success", transportable_copy)];

/// Whether the copy of the first volume needs its source.
fn is_differential(vss: &mut Vss<'_, '_>, context: SnapshotContext) -> Result<bool, Stop> {
    let volume = vss.volumes.single[0].clone();
    let (_, copies) = vss.created(&[&volume], context)?.remove(0);
    let seen = vss.lun(&copies[0])?;
    let copy = seen.copy.ok_or_else(|| Stop::failed(format!("LUN {} is no copy", seen.name)))?;
    Ok(copy.differential)
}

/// PLEX asks for a copy that lives without its source.
fn plex_is_a_full_copy(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let differential = is_differential(&mut vss, CONTEXT.with(Attributes::PLEX))?;
    vss.bench
        .check(!differential, || "PLEX was asked for, but the copy shares data with its source".to_owned())
}

fn differential_copy(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let differential = is_differential(&mut vss, CONTEXT.with(Attributes::DIFFERENTIAL))?;
    vss.bench.check(differential, || "DIFFERENTIAL was asked for, but the copy is a full one".to_owned())
}

/// A transportable copy stays masked on the host that made it, and any host that names it can have it.
fn transportable_copy(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let volume = vss.volumes.single[0].clone();
    let (_, copies) = vss.created(&[&volume], CONTEXT.with(Attributes::TRANSPORTABLE))?.remove(0);
    let before = vss.lun(&copies[0])?;
    vss.bench.check(!before.presented, || {
        format!("LUN {} of a transportable set is presented to the host that made it", before.name)
    })?;
    vss.locate(&copies)?;
    let known = vss.fill_in(&copies[0])?;
    vss.bench.check(known.is_some_and(|lun| lun.same_lun(&copies[0])), || {
        "the arrived disk is not the LUN that GetTargetLuns described".to_owned()
    })
}
