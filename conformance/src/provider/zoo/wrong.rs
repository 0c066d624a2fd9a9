//! A provider with one mistake.

use std::fmt;
use std::sync::Arc;

use vss_sim::api::{
    HResult, LunInformation, ProviderCall, ProviderObject, ProviderOut, ProviderReply, SnapshotSetId,
};
use vss_sim::provider::{ArrayPort, ArrayProvider, HardwareProvider, MakeProvider};
use vss_sim::storage::LunId;

/// A mistake that a vendor could make.
#[derive(Clone, Copy)]
pub struct Mutant {
    /// Its name: `forgets-abort`.
    pub name: &'static str,
    /// What is wrong with it.
    pub mistake: &'static str,
    /// The case that is meant for it, by its name.
    pub caught_by: &'static str,
    /// What it does instead.
    pub(super) instead: Instead,
}

/// Answers a call in the place of the provider.
pub(super) type Instead = fn(&mut Wrong, ProviderObject, &ProviderCall, &mut dyn ArrayPort) -> ProviderReply;

impl Mutant {
    /// What makes it.
    pub fn make(&self) -> MakeProvider {
        let instead = self.instead;
        Arc::new(move |described| {
            Ok(Box::new(Wrong {
                right: ArrayProvider::new(described.clone()),
                instead,
                luns: Vec::new(),
                described: Vec::new(),
                set: SnapshotSetId::NULL,
            }))
        })
    }
}

impl fmt::Debug for Mutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mutant").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The reference provider with a mistake, and what mistakes remember.
pub(super) struct Wrong {
    pub(super) right: ArrayProvider,
    instead: Instead,
    /// LUNs of the set in preparation.
    pub(super) luns: Vec<LunId>,
    /// Descriptions that were handed out.
    pub(super) described: Vec<LunInformation>,
    /// The set in preparation.
    pub(super) set: SnapshotSetId,
}

impl Wrong {
    /// What the reference provider answers.
    pub(super) fn rightly(
        &mut self,
        on: ProviderObject,
        call: &ProviderCall,
        array: &mut dyn ArrayPort,
    ) -> ProviderReply {
        self.right.call(on, call, array)
    }

    /// What the reference provider answers, with another code where it succeeds.
    pub(super) fn with_code(
        &mut self,
        on: ProviderObject,
        call: &ProviderCall,
        array: &mut dyn ArrayPort,
        code: HResult,
    ) -> ProviderReply {
        let reply = self.rightly(on, call, array);
        if reply.hresult == HResult::S_OK { ProviderReply { hresult: code, ..reply } } else { reply }
    }

    /// What the reference provider answers, with other descriptions of LUNs in it.
    pub(super) fn redescribed(
        &mut self,
        on: ProviderObject,
        call: &ProviderCall,
        array: &mut dyn ArrayPort,
        change: impl Fn(&mut LunInformation),
    ) -> ProviderReply {
        let mut reply = self.rightly(on, call, array);
        match &mut reply.out {
            Some(ProviderOut::GetTargetLuns { rg_destination_luns: luns })
            | Some(ProviderOut::AreLunsSupported { p_lun_information: luns, .. }) => {
                luns.iter_mut().for_each(change);
            }
            Some(ProviderOut::FillInLunInfo { p_lun_info, .. }) => change(p_lun_info),
            _ => {}
        }
        reply
    }
}

/// The LUNs that the array knows of these.
pub(super) fn known(luns: &[LunInformation], array: &mut dyn ArrayPort) -> Vec<LunId> {
    luns.iter().filter_map(|lun| array.find(lun).ok().flatten()).collect()
}

impl fmt::Debug for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wrong").field("right", &self.right).finish_non_exhaustive()
    }
}

impl HardwareProvider for Wrong {
    fn implements_ex(&self) -> bool {
        self.right.implements_ex()
    }

    fn call(&mut self, on: ProviderObject, call: &ProviderCall, array: &mut dyn ArrayPort) -> ProviderReply {
        (self.instead)(self, on, call, array)
    }
}
