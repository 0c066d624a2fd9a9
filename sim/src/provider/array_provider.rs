//! The reference hardware provider: snapshots, resync and masking on the arrays that it manages.

use std::collections::BTreeMap;

use super::arguments;
use super::codes::is_permitted;
use super::copies::{CopySet, Phase};
use super::refusal::Refusal;
use super::resync::Resync;
use super::{ArrayError, ArrayPort, HardwareProvider};
use crate::api::{
    HResult, HardwareOptions, LunInformation, Object, ProviderCall, ProviderObject, ProviderOut,
    ProviderReply, SnapshotContext, SnapshotSetId, VolumeSnapshotAttributes,
};
use crate::lab::{CopyKind, Provider};
use crate::storage::LunId;

/// A provider as a vendor would write it, for the arrays that the lab gives it.
///
/// Whatever the array refuses becomes the code that the method documents for it, with an event-log entry where that is
/// `VSS_E_PROVIDER_VETO`; a call whose parameters contradict one another or name what there is not gets `E_INVALIDARG`.
#[derive(Clone, Debug)]
pub struct ArrayProvider {
    abilities: Provider,
    phase: Phase,
    set: CopySet,
    /// Copies of sets that were given up and that the array would not delete.
    orphans: Vec<LunId>,
    /// Why it vetoed while writers were frozen: an entry is a write, and writes may be held.
    unlogged: Vec<String>,
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
            orphans: Vec::new(),
            unlogged: Vec::new(),
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
        array: &mut dyn ArrayPort,
    ) -> Result<ProviderReply, Refusal> {
        let known = sources(luns, array)?.is_some();
        Ok(ProviderReply::ok(ProviderOut::AreLunsSupported {
            p_lun_information: luns.to_vec(),
            pb_is_supported: known && !luns.is_empty() && self.copy_kind(context).is_some(),
        }))
    }

    fn begin_prepare(
        &mut self,
        set: SnapshotSetId,
        context: SnapshotContext,
        luns: &[LunInformation],
        array: &mut dyn ArrayPort,
    ) -> Result<ProviderReply, Refusal> {
        let kind = self.copy_kind(context).ok_or(HResult::VSS_E_UNSUPPORTED_CONTEXT)?;
        let sources = sources(luns, array)?.ok_or(HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER)?;
        self.delete_orphans(array);
        if self.phase != Phase::Preparing || self.set.id != set {
            // A new set id in mid-creation: the old set died silently.
            self.drop_unfinished(array);
            self.set = CopySet { id: set, luns: BTreeMap::new() };
            self.phase = Phase::Preparing;
        }
        self.set.luns.extend(sources.into_iter().map(|lun| (lun, (kind, None))));
        Ok(ProviderReply::ok(ProviderOut::BeginPrepareSnapshot { rg_lun_information: luns.to_vec() }))
    }

    /// One of the calls that carry a set on, from EndPrepareSnapshots to PostFinalCommitSnapshots.
    fn carry_on(
        &mut self,
        method: &str,
        set: SnapshotSetId,
        array: &mut dyn ArrayPort,
    ) -> Result<ProviderReply, Refusal> {
        let (due_in, next) = Phase::step(method).ok_or(HResult::E_NOTIMPL)?;
        if self.set.id != set {
            return Err(unknown_set(method));
        }
        if self.phase != due_in {
            self.drop_unfinished(array);
            return Err(Refusal::Veto(format!(
                "{method} came out of order: create the shadow copy set anew"
            )));
        }
        let done = match next {
            Phase::Committed => self.make_copies(array),
            _ => array.check(),
        };
        if let Err(error) = done {
            self.drop_unfinished(array);
            return Err(error.into());
        }
        self.phase = next;
        Ok(ProviderReply::OK)
    }

    /// Copies every LUN of the set.
    fn make_copies(&mut self, array: &mut dyn ArrayPort) -> Result<(), ArrayError> {
        for (source, (kind, copy)) in &mut self.set.luns {
            *copy = Some(array.copy(*source, *kind)?);
        }
        Ok(())
    }

    fn get_target_luns(
        &self,
        sources: &[LunInformation],
        array: &mut dyn ArrayPort,
    ) -> Result<ProviderReply, Refusal> {
        if self.phase < Phase::PostCommitted {
            return Err(HResult::E_INVALIDARG.into());
        }
        let mut rg_destination_luns = Vec::with_capacity(sources.len());
        for source in sources {
            let source = array.find(source)?.ok_or(HResult::E_INVALIDARG)?;
            let copy = self.set.luns.get(&source).and_then(|(_, copy)| *copy).ok_or(HResult::E_INVALIDARG)?;
            rg_destination_luns.push(array.information(copy)?);
        }
        Ok(ProviderReply::ok(ProviderOut::GetTargetLuns { rg_destination_luns }))
    }

    /// Unmasks each that there is: the page asks so "for each" of them, and VSS tells the requester what did not arrive.
    /// S_OK would say that all of them are unmasked.
    fn locate_luns(luns: &[LunInformation], array: &mut dyn ArrayPort) -> Result<ProviderReply, Refusal> {
        let mut all_known = true;
        for lun in luns {
            match array.find(lun)? {
                Some(lun) => array.unmask(lun)?,
                None => all_known = false,
            }
        }
        if all_known { Ok(ProviderReply::OK) } else { Err(HResult::E_INVALIDARG.into()) }
    }

    fn fill_in_lun_info(lun: &LunInformation, array: &mut dyn ArrayPort) -> Result<ProviderReply, Refusal> {
        let known = array.find(lun)?.map(|lun| array.information(lun)).transpose()?;
        let pb_is_supported = known.is_some();
        // The ports are VSS's own matter.
        let p_lun_info = known.map_or_else(
            || lun.clone(),
            |known| LunInformation { interconnects: lun.interconnects.clone(), ..known },
        );
        Ok(ProviderReply::ok(ProviderOut::FillInLunInfo { p_lun_info, pb_is_supported }))
    }

    fn on_lun_empty(lun: &LunInformation, array: &mut dyn ArrayPort) -> Result<ProviderReply, Refusal> {
        let lun = array.find(lun)?.ok_or(HResult::E_INVALIDARG)?;
        array.delete_copy(lun)?;
        Ok(ProviderReply::OK)
    }

    fn on_lun_state_change(
        luns: &[LunInformation],
        flags: HardwareOptions,
        array: &mut dyn ArrayPort,
    ) -> Result<ProviderReply, Refusal> {
        let found = sources(luns, array)?.ok_or(HResult::E_INVALIDARG)?;
        if flags.contains(HardwareOptions::DO_MASK_LUNS) {
            for lun in found {
                array.mask(lun)?;
            }
        }
        Ok(ProviderReply::OK)
    }

    fn resync_luns(
        &mut self,
        sources: &[LunInformation],
        targets: &[LunInformation],
        array: &mut dyn ArrayPort,
    ) -> Result<ProviderReply, Refusal> {
        if !self.abilities.resync {
            return Err(HResult::E_NOTIMPL.into());
        }
        let mut pairs = Vec::with_capacity(sources.len());
        for (source, target) in sources.iter().zip(targets) {
            pairs.push((array.find(source)?, array.find(target)?));
        }
        let pairs: Option<Vec<_>> = pairs.into_iter().map(|(source, target)| source.zip(target)).collect();
        // ResyncLuns has no E_INVALIDARG.
        let foreign = || Refusal::Veto("a LUN of the resync is not on this array: name others".to_owned());
        let pairs = pairs.filter(|pairs| !pairs.is_empty() && sources.len() == targets.len());
        let resync = Resync::begin(pairs.ok_or_else(foreign)?, array)?;
        self.resyncs_begun += 1;
        self.resyncs.insert(self.resyncs_begun, resync);
        Ok(ProviderReply::ok(ProviderOut::ResyncLuns { pp_async: Object::Async(self.resyncs_begun) }))
    }

    fn is_busy(&self) -> bool {
        !matches!(self.phase, Phase::Idle | Phase::Created) || !self.resyncs.is_empty()
    }

    /// Gives up the set unless it is complete. Copies that exist already are deleted: there is no partial commit.
    fn drop_unfinished(&mut self, array: &mut dyn ArrayPort) {
        if self.phase != Phase::Created {
            self.drop_set(array);
        }
    }

    /// Gives up the set and deletes what there is of it. VSS aborts a set that this provider has completed only when
    /// its copies could not be taken over, and then nobody else knows of them (inferred: the sample leaves them).
    fn drop_set(&mut self, array: &mut dyn ArrayPort) {
        self.orphans.extend(self.set.luns.values().filter_map(|(_, copy)| *copy));
        self.set = CopySet::default();
        self.phase = Phase::Idle;
        self.delete_orphans(array);
    }

    /// Tries again what the array would not do before. A copy that is gone already needs no deletion.
    fn delete_orphans(&mut self, array: &mut dyn ArrayPort) {
        self.orphans.retain(|copy| {
            !matches!(array.delete_copy(*copy), Ok(()) | Err(ArrayError::NoSuchLun | ArrayError::NotACopy))
        });
    }

    fn call_provider(
        &mut self,
        call: &ProviderCall,
        array: &mut dyn ArrayPort,
    ) -> Result<ProviderReply, Refusal> {
        arguments::check(call)?;
        if let Some(set) = call.makes_copies_of() {
            return self.carry_on(call.method().name, set, array);
        }
        match call {
            ProviderCall::OnLoad { .. } => array.check().map(|()| ProviderReply::OK).map_err(Refusal::from),
            // Unforced, there may be work to finish first.
            ProviderCall::OnUnload { b_force_unload: false } if self.is_busy() => {
                Err(HResult::S_FALSE.into())
            }
            ProviderCall::OnUnload { .. } => {
                self.drop_unfinished(array);
                std::mem::take(&mut self.resyncs).values_mut().for_each(|resync| resync.stop(array));
                Ok(ProviderReply::OK)
            }
            ProviderCall::AreLunsSupported { l_context, p_lun_information, .. } => {
                self.are_luns_supported(*l_context, p_lun_information, array)
            }
            ProviderCall::FillInLunInfo { p_lun_info, .. } => Self::fill_in_lun_info(p_lun_info, array),
            ProviderCall::BeginPrepareSnapshot { snapshot_set_id, l_context, rg_lun_information, .. } => {
                self.begin_prepare(*snapshot_set_id, *l_context, rg_lun_information, array)
            }
            ProviderCall::AbortSnapshots { snapshot_set_id } => {
                if self.set.id != *snapshot_set_id {
                    self.delete_orphans(array);
                    return Err(unknown_set(call.method().name));
                }
                self.drop_set(array);
                Ok(array.check().map(|()| ProviderReply::OK)?)
            }
            ProviderCall::GetTargetLuns { rg_source_luns, .. } => self.get_target_luns(rg_source_luns, array),
            ProviderCall::LocateLuns { rg_source_luns, .. } => Self::locate_luns(rg_source_luns, array),
            ProviderCall::OnLunEmpty { p_information, .. } => Self::on_lun_empty(p_information, array),
            ProviderCall::OnLunStateChange { p_snapshot_luns, dw_flags, .. } => {
                Self::on_lun_state_change(p_snapshot_luns, *dw_flags, array)
            }
            ProviderCall::ResyncLuns { p_source_luns, p_target_luns, .. } => {
                self.resync_luns(p_source_luns, p_target_luns, array)
            }
            _ => Err(HResult::E_NOTIMPL.into()),
        }
    }
}

/// The calls between Freeze and Thaw (error-handling-in-shadow-copy-providers: no event-log entries then).
const FROZEN: [&str; 3] = ["PreCommitSnapshots", "CommitSnapshots", "PostCommitSnapshots"];

/// The LUNs that are described; `None`: the arrays do not have them all.
fn sources(luns: &[LunInformation], array: &mut dyn ArrayPort) -> Result<Option<Vec<LunId>>, ArrayError> {
    luns.iter().map(|lun| array.find(lun)).collect()
}

/// A call names a set that this provider does not have in hand: an own code where the method documents one.
fn unknown_set(method: &str) -> Refusal {
    if is_permitted(method, HResult::VSS_E_OBJECT_NOT_FOUND) {
        HResult::VSS_E_OBJECT_NOT_FOUND.into()
    } else {
        Refusal::Veto(format!("{method} names a set that is not in preparation: create the set anew"))
    }
}

impl HardwareProvider for ArrayProvider {
    fn implements_ex(&self) -> bool {
        self.abilities.ex
    }

    fn call(&mut self, on: ProviderObject, call: &ProviderCall, array: &mut dyn ArrayPort) -> ProviderReply {
        let answered = match on {
            ProviderObject::Provider => self.call_provider(call, array),
            ProviderObject::Async(number) => match (self.resyncs.get_mut(&number), call) {
                (None, _) => Err(HResult::E_HANDLE.into()),
                (Some(resync), ProviderCall::Release {}) => {
                    resync.stop(array);
                    self.resyncs.remove(&number);
                    Ok(ProviderReply::OK)
                }
                (Some(resync), _) => Ok(resync.call(call, array)),
            },
            ProviderObject::Enumerator(_) => Err(HResult::E_HANDLE.into()),
        };
        let method = call.method().name;
        let (reply, message) = match answered {
            Ok(reply) => (reply, None),
            Err(refusal) => {
                let (code, message) = refusal.answer(method);
                (code.into(), message)
            }
        };
        self.unlogged.extend(message);
        if !FROZEN.contains(&method) {
            self.unlogged.drain(..).for_each(|message| array.log(HResult::VSS_E_PROVIDER_VETO, &message));
        }
        reply
    }
}
