//! The reference hardware provider: snapshots, resync and masking on the arrays that it manages.

use std::collections::BTreeMap;

use super::copies::{CopySet, Phase};
use super::resync::Resync;
use super::{ArrayPort, HardwareProvider, ProviderObject};
use crate::api::{
    HResult, HardwareOptions, LunInformation, Object, ProviderCall, ProviderOut, ProviderReply,
    SnapshotContext, SnapshotSetId, VolumeSnapshotAttributes,
};
use crate::lab::{CopyKind, Provider};
use crate::storage::LunId;

/// A provider as a vendor would write it, for the arrays that the lab gives it.
#[derive(Clone, Debug)]
pub struct ArrayProvider {
    abilities: Provider,
    phase: Phase,
    set: CopySet,
    resyncs: BTreeMap<u32, Resync>,
    resyncs_begun: u32,
}

impl ArrayProvider {
    /// With the abilities that the lab describes.
    pub fn new(abilities: Provider) -> Self {
        Self {
            abilities,
            phase: Phase::Idle,
            set: CopySet::default(),
            resyncs: BTreeMap::new(),
            resyncs_begun: 0,
        }
    }

    /// The kind of copy that the context asks for; `None`: the array cannot do it.
    fn copy_kind(&self, context: SnapshotContext) -> Option<CopyKind> {
        let attributes = context.attributes();
        if attributes.contains(VolumeSnapshotAttributes::TRANSPORTABLE) && !self.abilities.transportable {
            return None;
        }
        let asked = if attributes.contains(VolumeSnapshotAttributes::PLEX) {
            Some(CopyKind::Clone)
        } else if attributes.contains(VolumeSnapshotAttributes::DIFFERENTIAL) {
            Some(CopyKind::Differential)
        } else {
            None
        };
        match asked {
            None => self.abilities.copies.first().copied(),
            Some(kind) => self.abilities.copies.contains(&kind).then_some(kind),
        }
    }

    fn are_luns_supported(
        &self,
        context: SnapshotContext,
        luns: &[LunInformation],
        array: &ArrayPort<'_>,
    ) -> bool {
        self.copy_kind(context).is_some()
            && !luns.is_empty()
            && luns.iter().all(|lun| array.find(lun).is_some())
    }

    fn begin_prepare(
        &mut self,
        set: SnapshotSetId,
        context: SnapshotContext,
        luns: &[LunInformation],
        array: &mut ArrayPort<'_>,
    ) -> ProviderReply {
        let Some(kind) = self.copy_kind(context) else {
            return HResult::VSS_E_UNSUPPORTED_CONTEXT.into();
        };
        let Some(sources) = luns.iter().map(|lun| array.find(lun)).collect::<Option<Vec<_>>>() else {
            return HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER.into();
        };
        if self.phase != Phase::Preparing || self.set.id != set {
            // A new set id in mid-creation: the old set died silently.
            self.drop_unfinished(array);
            self.set = CopySet { id: set, luns: BTreeMap::new() };
            self.phase = Phase::Preparing;
        }
        self.set.luns.extend(sources.into_iter().map(|lun| (lun, (kind, None))));
        ProviderReply::ok(ProviderOut::BeginPrepareSnapshot { rg_lun_information: luns.to_vec() })
    }

    /// One of the calls that carry a set on, from EndPrepareSnapshots to PostFinalCommitSnapshots.
    fn carry_on(&mut self, method: &str, set: SnapshotSetId, array: &mut ArrayPort<'_>) -> ProviderReply {
        let Some((due_in, next)) = Phase::step(method) else { return HResult::E_NOTIMPL.into() };
        if self.phase != due_in || self.set.id != set {
            self.drop_unfinished(array);
            array.log(
                HResult::VSS_E_PROVIDER_VETO,
                &format!("{method} came out of order: create the shadow copy set anew"),
            );
            return HResult::VSS_E_PROVIDER_VETO.into();
        }
        self.phase = next;
        if next == Phase::Committed && !self.make_copies(array) {
            self.drop_unfinished(array);
            array.log(
                HResult::VSS_E_PROVIDER_VETO,
                "a LUN of the set is gone: create the shadow copy set anew",
            );
            return HResult::VSS_E_PROVIDER_VETO.into();
        }
        ProviderReply::OK
    }

    /// Copies every LUN of the set; `false`: one of them is not there any more.
    fn make_copies(&mut self, array: &mut ArrayPort<'_>) -> bool {
        self.set.luns.iter_mut().all(|(source, (kind, copy))| {
            *copy = array.copy(*source, *kind);
            copy.is_some()
        })
    }

    fn get_target_luns(&self, sources: &[LunInformation], array: &ArrayPort<'_>) -> ProviderReply {
        let copy_of = |lun: &LunInformation| {
            let source = array.find(lun)?;
            let (_, copy) = self.set.luns.get(&source)?;
            array.information((*copy)?)
        };
        match sources.iter().map(copy_of).collect::<Option<Vec<_>>>() {
            Some(rg_destination_luns) if self.phase >= Phase::PostCommitted => {
                ProviderReply::ok(ProviderOut::GetTargetLuns { rg_destination_luns })
            }
            _ => HResult::E_INVALIDARG.into(),
        }
    }

    fn locate_luns(luns: &[LunInformation], array: &mut ArrayPort<'_>) -> ProviderReply {
        let Some(found) = luns.iter().map(|lun| array.find(lun)).collect::<Option<Vec<_>>>() else {
            return HResult::E_INVALIDARG.into();
        };
        for lun in found {
            array.unmask(lun);
        }
        ProviderReply::OK
    }

    fn on_lun_empty(&mut self, lun: &LunInformation, array: &mut ArrayPort<'_>) -> ProviderReply {
        let Some(lun) = array.find(lun) else { return HResult::E_INVALIDARG.into() };
        if !array.delete_copy(lun) {
            array.log(
                HResult::VSS_E_PROVIDER_VETO,
                "the LUN is no copy of this array: delete it by hand if it is not needed",
            );
            return HResult::VSS_E_PROVIDER_VETO.into();
        }
        ProviderReply::OK
    }

    fn on_lun_state_change(
        luns: &[LunInformation],
        flags: HardwareOptions,
        array: &mut ArrayPort<'_>,
    ) -> ProviderReply {
        if flags.contains(HardwareOptions::DO_MASK_LUNS) {
            let found: Vec<LunId> = luns.iter().filter_map(|lun| array.find(lun)).collect();
            for lun in found {
                array.mask(lun);
            }
        }
        ProviderReply::OK
    }

    fn resync_luns(
        &mut self,
        sources: &[LunInformation],
        targets: &[LunInformation],
        array: &mut ArrayPort<'_>,
    ) -> ProviderReply {
        if !self.abilities.resync {
            return HResult::E_NOTIMPL.into();
        }
        let pairs = sources
            .iter()
            .zip(targets)
            .map(|(source, target)| Some((array.find(source)?, array.find(target)?)));
        match pairs.collect::<Option<Vec<_>>>() {
            Some(pairs) if sources.len() == targets.len() && !pairs.is_empty() => {
                self.resyncs_begun += 1;
                self.resyncs.insert(self.resyncs_begun, Resync::begin(pairs, array));
                ProviderReply::ok(ProviderOut::ResyncLuns { pp_async: Object::Async(self.resyncs_begun) })
            }
            _ => {
                array.log(
                    HResult::VSS_E_PROVIDER_VETO,
                    "a LUN of the resync is not on this array: name others",
                );
                HResult::VSS_E_PROVIDER_VETO.into()
            }
        }
    }

    /// Gives up the set unless it is complete. Copies that exist already are deleted: there is no partial commit.
    fn drop_unfinished(&mut self, array: &mut ArrayPort<'_>) {
        if self.phase != Phase::Created {
            self.drop_set(array);
        }
    }

    /// Gives up the set and deletes what there is of it. VSS aborts a set that this provider has completed only when
    /// its copies could not be taken over, and then nobody else knows of them (inferred: the sample leaves them).
    fn drop_set(&mut self, array: &mut ArrayPort<'_>) {
        if self.phase.has_copies() {
            for copy in self.set.luns.values().filter_map(|(_, copy)| *copy) {
                array.delete_copy(copy);
            }
        }
        self.set = CopySet::default();
        self.phase = Phase::Idle;
    }
}

impl HardwareProvider for ArrayProvider {
    fn implements_ex(&self) -> bool {
        self.abilities.ex
    }

    fn call(&mut self, on: ProviderObject, call: &ProviderCall, array: &mut ArrayPort<'_>) -> ProviderReply {
        if let ProviderObject::Async(number) = on {
            let Some(resync) = self.resyncs.get_mut(&number) else { return HResult::E_HANDLE.into() };
            if let ProviderCall::Release {} = call {
                self.resyncs.remove(&number);
                return ProviderReply::OK;
            }
            return resync.call(call, array);
        }
        match call {
            ProviderCall::OnLoad { .. } => ProviderReply::OK,
            ProviderCall::OnUnload { .. } => {
                self.drop_unfinished(array);
                self.resyncs.clear();
                ProviderReply::OK
            }
            ProviderCall::AreLunsSupported { l_context, p_lun_information, .. } => {
                let pb_is_supported = self.are_luns_supported(*l_context, p_lun_information, array);
                let p_lun_information = p_lun_information.clone();
                ProviderReply::ok(ProviderOut::AreLunsSupported { p_lun_information, pb_is_supported })
            }
            ProviderCall::FillInLunInfo { p_lun_info, .. } => {
                let known = array.find(p_lun_info).and_then(|lun| array.information(lun));
                let pb_is_supported = known.is_some();
                let p_lun_info = known.unwrap_or_else(|| p_lun_info.clone());
                ProviderReply::ok(ProviderOut::FillInLunInfo { p_lun_info, pb_is_supported })
            }
            ProviderCall::BeginPrepareSnapshot { snapshot_set_id, l_context, rg_lun_information, .. } => {
                self.begin_prepare(*snapshot_set_id, *l_context, rg_lun_information, array)
            }
            ProviderCall::EndPrepareSnapshots { snapshot_set_id }
            | ProviderCall::PreCommitSnapshots { snapshot_set_id }
            | ProviderCall::CommitSnapshots { snapshot_set_id }
            | ProviderCall::PostCommitSnapshots { snapshot_set_id, .. }
            | ProviderCall::PreFinalCommitSnapshots { snapshot_set_id }
            | ProviderCall::PostFinalCommitSnapshots { snapshot_set_id } => {
                self.carry_on(call.method().name, *snapshot_set_id, array)
            }
            ProviderCall::AbortSnapshots { snapshot_set_id } => {
                if self.set.id == *snapshot_set_id {
                    self.drop_set(array);
                }
                ProviderReply::OK
            }
            ProviderCall::GetTargetLuns { rg_source_luns, .. } => self.get_target_luns(rg_source_luns, array),
            ProviderCall::LocateLuns { rg_source_luns, .. } => Self::locate_luns(rg_source_luns, array),
            ProviderCall::OnLunEmpty { p_information, .. } => self.on_lun_empty(p_information, array),
            ProviderCall::OnLunStateChange { p_snapshot_luns, dw_flags, .. } => {
                Self::on_lun_state_change(p_snapshot_luns, *dw_flags, array)
            }
            ProviderCall::ResyncLuns { p_source_luns, p_target_luns, .. } => {
                self.resync_luns(p_source_luns, p_target_luns, array)
            }
            _ => HResult::E_NOTIMPL.into(),
        }
    }
}
