//! `GetTargetLuns`: the copies as any host on the SAN will find them.

use std::collections::BTreeSet;

use vss_sim::api::{Guid, LunInformation, Text, VER_VDS_LUN_INFORMATION};

use super::support::CONTEXT;
use super::vss::{Under, Vss};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

const DESCRIBED: &str = "IVssHardwareSnapshotProvider::GetTargetLuns/S_OK/success";

pub(super) const CASES: &[Case] = &[
    case!(DESCRIBED, copies_in_the_order_of_their_sources),
    case!(DESCRIBED, fresh_identifiers),
    case!(DESCRIBED, disk_signature_is_zero),
    case!(DESCRIBED, version_is_set),
    case!(DESCRIBED, same_whenever_asked),
];

/// The copies of a volume over one LUN and of one over two.
fn copies(vss: &mut Vss<'_, '_>) -> Result<Vec<(Under, Vec<LunInformation>)>, Stop> {
    let (single, spanned) = (vss.volumes.single[0].clone(), vss.volumes.spanned.clone());
    let under = vss.under(&spanned)?;
    let (supported, _) = vss.support(&under, CONTEXT)?;
    let volumes: &[&str] = if supported { &[&single, &spanned] } else { &[&single] };
    vss.created(volumes, CONTEXT)
}

/// The i-th structure describes the copy of the i-th source.
fn copies_in_the_order_of_their_sources(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    for (under, copies) in copies(&mut vss)? {
        vss.bench.same("the number of LUNs that are described", &under.luns.len(), &copies.len())?;
        for (source, copy) in under.luns.iter().zip(&copies) {
            let (source, copy) = (vss.lun(source)?, vss.lun(copy)?);
            let of = copy.copy.as_ref().and_then(|copy| copy.of.as_ref());
            vss.bench.same(&format!("what LUN {} is a copy of", copy.name), &Some(&source.name), &of)?;
        }
    }
    Ok(())
}

/// Serial number and page-0x83 identifiers that no LUN has had before, whether it still lives or not.
fn fresh_identifiers(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let (mut serials, mut identifiers): (BTreeSet<Text>, BTreeSet<Vec<u8>>) = Default::default();
    for _ in 0..2 {
        for (under, copies) in copies(&mut vss)? {
            for source in under.luns {
                serials.extend(source.serial_number.clone());
                identifiers.extend(unique(&source).map(<[u8]>::to_vec));
            }
            for copy in &copies {
                let serial = copy.serial_number.clone().unwrap_or_default();
                vss.bench.check(serials.insert(serial.clone()), || {
                    format!("the copy has the serial number \"{serial}\", which another LUN has or had")
                })?;
                let fresh = unique(copy).any(|identifier| !identifiers.contains(identifier));
                vss.bench.check(fresh, || {
                    "the copy has no page-0x83 identifier of type 1, 2, 3 or 8 that is new".to_owned()
                })?;
                identifiers.extend(unique(copy).map(<[u8]>::to_vec));
                vss.ok(super::vss::on_lun_empty(copy))?;
            }
        }
    }
    Ok(())
}

/// The identifiers that can tell a LUN from all others.
fn unique(lun: &LunInformation) -> impl Iterator<Item = &[u8]> {
    let identifiers = lun.device_id_descriptor.identifiers.iter();
    identifiers.filter(|id| matches!(id.identifier_type.0, 1 | 2 | 3 | 8)).map(|id| &*id.identifier)
}

/// m_diskSignature is VSS's own matter.
fn disk_signature_is_zero(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    for (_, copies) in copies(&mut vss)? {
        for copy in copies {
            vss.bench.same("m_diskSignature", &Guid::nil(), &copy.disk_signature)?;
        }
    }
    Ok(())
}

fn version_is_set(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    for (_, copies) in copies(&mut vss)? {
        for copy in copies {
            vss.bench.same("m_version", &VER_VDS_LUN_INFORMATION, &copy.version)?;
        }
    }
    Ok(())
}

/// VSS may ask right after PostCommitSnapshots and again when the set is complete.
fn same_whenever_asked(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let volume = vss.volumes.single[0].clone();
    let (set, under) = vss.set_through(&[&volume], CONTEXT, "PostCommitSnapshots")?;
    let early = vss.target_luns(&under[0])?;
    for method in ["PreFinalCommitSnapshots", "PostFinalCommitSnapshots"] {
        vss.ok(vss.of_set(method, set))?;
    }
    let late = vss.target_luns(&under[0])?;
    vss.bench.check(early == late, || {
        "GetTargetLuns describes a copy otherwise after PostFinalCommitSnapshots than before".to_owned()
    })
}
