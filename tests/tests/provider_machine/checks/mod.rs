//! What holds entries of the file that are about the coordinator: each check is one function.

mod arrival;
mod selection;
mod sequence;
mod timing;

use vss_sim::api::*;
use vss_sim::lab::{Cause, Fault};

use crate::room::{Room, Set};

pub(crate) use arrival::*;
pub(crate) use selection::*;
pub(crate) use sequence::*;
pub(crate) use timing::*;

/// Persistent, without writers.
pub(crate) const PLAIN: SnapshotContext = SnapshotContext::NAS_ROLLBACK;

pub(crate) fn transportable() -> SnapshotContext {
    PLAIN.with(VolumeSnapshotAttributes::TRANSPORTABLE)
}

pub(crate) fn answers(method: &str, code: HResult) -> Fault {
    Fault::new(method, Cause::ProviderAnswers(code))
}

pub(crate) fn fails(method: &str) -> Fault {
    answers(method, HResult::E_OUTOFMEMORY)
}

/// A set of those volumes that has to succeed.
pub(crate) fn created(room: &mut Room, context: SnapshotContext, volumes: &[&str]) -> Set {
    let (set, code) = room.set_of(context, volumes);
    assert_eq!(code, HResult::S_OK, "{:?}", room.sim.last_refusal());
    set
}
