//! The reference provider of volumes and of shares: which call is which.

use std::collections::BTreeMap;

use crate::api::{
    HResult, Method, Object, ProviderCall, ProviderObject, ProviderOut, ProviderReply, SnapshotCompatibility,
    SnapshotContext, SnapshotId,
};
use crate::enumerator::Enumerator;
use crate::lab::{Disabled, Os, Provider};
use crate::provider::arguments;
use crate::storage::FrozenVolume;

use super::copies::{Copy, Set};
use super::creation::is_persistent;
use super::refusal::Refusal;
use super::revert::{Revert, look_after};
use super::{Place, SoftwareProvider, VolumePort, enumerator};

/// A provider as a vendor would write it: it keeps what volumes or shares held at the commit.
///
/// The rights of the caller are checked first, then the arguments, then the state. What the store refuses becomes the code
/// that the method documents for it, with an event-log entry where that is `VSS_E_PROVIDER_VETO`.
#[derive(Clone, Debug)]
pub struct CopyOnWriteProvider {
    pub(super) interface: Interface,
    /// Whether it makes copies for Shadow Copies for Shared Folders: the system provider only.
    pub(super) client_accessible: bool,
    pub(super) disables: SnapshotCompatibility,
    pub(super) context: SnapshotContext,
    pub(super) context_is_frozen: bool,
    pub(super) set: Set,
    pub(super) copies: BTreeMap<SnapshotId, Copy>,
    /// The last revert of each volume.
    pub(super) reverts: BTreeMap<Place, Revert>,
    pub(super) asyncs: BTreeMap<u32, Revert>,
    pub(super) enumerators: BTreeMap<u32, Enumerator>,
    pub(super) handed_out: u32,
}

/// What it makes copies of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interface {
    /// `IVssSoftwareSnapshotProvider`
    Volumes,
    /// `IVssFileShareSnapshotProvider`
    Shares,
}

impl Interface {
    fn name(self) -> &'static str {
        match self {
            Self::Volumes => "IVssSoftwareSnapshotProvider",
            Self::Shares => "IVssFileShareSnapshotProvider",
        }
    }

    pub(super) fn method(self, name: &'static str) -> Method {
        Method { interface: self.name(), name }
    }
}

impl CopyOnWriteProvider {
    /// The system provider.
    pub fn system() -> Self {
        Self { client_accessible: true, ..Self::new(Interface::Volumes, &[]) }
    }

    /// A software provider that the lab registers.
    pub fn software(described: &Provider) -> Self {
        Self::new(Interface::Volumes, &described.disables)
    }

    /// The file share provider.
    pub fn file_share() -> Self {
        Self::new(Interface::Shares, &[])
    }

    fn new(interface: Interface, disables: &[Disabled]) -> Self {
        let disables = disables.iter().map(|disabled| match disabled {
            Disabled::Defragmentation => SnapshotCompatibility::DISABLE_DEFRAG,
            Disabled::ContentIndexing => SnapshotCompatibility::DISABLE_CONTENTINDEX,
        });
        Self {
            interface,
            client_accessible: false,
            disables: disables.collect(),
            context: SnapshotContext::BACKUP,
            context_is_frozen: false,
            set: Set::default(),
            copies: BTreeMap::new(),
            reverts: BTreeMap::new(),
            asyncs: BTreeMap::new(),
            enumerators: BTreeMap::new(),
            handed_out: 0,
        }
    }

    fn call_provider(
        &mut self,
        call: &ProviderCall,
        host: &mut dyn VolumePort,
    ) -> Result<ProviderReply, Refusal> {
        let own = [self.interface.name(), "IVssProviderCreateSnapshotSet", "IVssProviderNotifications"];
        if !own.contains(&call.method().interface) {
            return Err(HResult::E_NOINTERFACE.into());
        }
        // Windows XP has VSS_CTX_BACKUP only, and no way to choose it.
        if matches!(call, ProviderCall::SoftwareSetContext { .. }) && host.os() == Os::WindowsXp {
            return Err(HResult::E_NOTIMPL.into());
        }
        if !host.caller_is_privileged() {
            return Err(HResult::E_ACCESSDENIED.into());
        }
        arguments::check(call)?;
        if let Some(set) = call.makes_copies_of() {
            return self.carry_on(call, set, host);
        }
        match call {
            ProviderCall::OnLoad { .. } => Ok(host.check().map(|()| ProviderReply::OK)?),
            ProviderCall::OnUnload { b_force_unload } => Ok(self.unload(*b_force_unload, host)),
            ProviderCall::AbortSnapshots { snapshot_set_id } => self.abort(*snapshot_set_id, host),
            _ => self.call_interface(call, host),
        }
    }

    /// The methods of `IVssSoftwareSnapshotProvider` or `IVssFileShareSnapshotProvider`.
    fn call_interface(
        &mut self,
        call: &ProviderCall,
        host: &mut dyn VolumePort,
    ) -> Result<ProviderReply, Refusal> {
        use ProviderCall as P;
        match call {
            P::SoftwareSetContext { l_context } | P::FileShareSetContext { l_context } => {
                self.set_context(*l_context, host)
            }
            P::SoftwareBeginPrepareSnapshot {
                snapshot_set_id,
                snapshot_id,
                pwsz_volume_name,
                l_new_context,
            } => {
                let (ids, name) = ((*snapshot_set_id, *snapshot_id), pwsz_volume_name.as_ref());
                let begun = self.begin_prepare(ids, name, *l_new_context, None, host);
                self.freezes_context(begun)
            }
            P::FileShareBeginPrepareSnapshot {
                snapshot_set_id,
                snapshot_id,
                pwsz_share_path,
                l_new_context,
                provider_id,
            } => {
                let (ids, path) = ((*snapshot_set_id, *snapshot_id), pwsz_share_path.as_ref());
                let begun = self.begin_prepare(ids, path, *l_new_context, Some(*provider_id), host);
                self.freezes_context(begun)
            }
            P::SoftwareQuery { .. } | P::FileShareQuery { .. } => {
                let listed = self.query(host);
                self.freezes_context(listed)
            }
            P::SoftwareDeleteSnapshots { source_object_id, e_source_object_type, .. }
            | P::FileShareDeleteSnapshots { source_object_id, e_source_object_type, .. } => {
                self.delete(*source_object_id, *e_source_object_type, host)
            }
            P::SoftwareGetSnapshotProperties { snapshot_id, .. }
            | P::FileShareGetSnapshotProperties { snapshot_id, .. } => self.properties(*snapshot_id, host),
            P::SoftwareIsVolumeSnapshotted { pwsz_volume_name: name, .. }
            | P::FileShareIsPathSnapshotted { pwsz_share_path: name, .. } => {
                self.is_snapshotted(name.as_ref(), host)
            }
            P::SoftwareIsVolumeSupported { pwsz_volume_name: name, .. }
            | P::FileShareIsPathSupported { pwsz_share_path: name, .. } => {
                self.is_supported(name.as_ref(), host)
            }
            P::SoftwareSetSnapshotProperty { snapshot_id, e_snapshot_property_id, v_property }
            | P::FileShareSetSnapshotProperty { snapshot_id, e_snapshot_property_id, v_property } => {
                self.set_property(*snapshot_id, *e_snapshot_property_id, v_property, host)
            }
            P::SoftwareRevertToSnapshot { snapshot_id } => self.revert(*snapshot_id, host),
            P::SoftwareQueryRevertStatus { pwsz_volume, .. } => {
                self.revert_status(pwsz_volume.as_ref(), host)
            }
            _ => Err(HResult::E_NOINTERFACE.into()),
        }
    }

    fn freezes_context(&mut self, done: Result<ProviderReply, Refusal>) -> Result<ProviderReply, Refusal> {
        self.context_is_frozen |= done.is_ok();
        done
    }

    /// Copies and reverts outlive the process, what it has in hand does not. A set or a revert keeps it, if it may stay.
    fn unload(&mut self, force: bool, host: &dyn VolumePort) -> ProviderReply {
        let (idle, created) = (crate::provider::copies::Phase::Idle, crate::provider::copies::Phase::Created);
        if !force && (![idle, created].contains(&self.set.phase) || self.reverts_run(host)) {
            return HResult::S_FALSE.into();
        }
        self.drop_unfinished();
        self.asyncs.clear();
        self.enumerators.clear();
        (self.context, self.context_is_frozen) = (SnapshotContext::BACKUP, false);
        ProviderReply::OK
    }

    fn call_enumerator(&mut self, number: u32, call: &ProviderCall) -> ProviderReply {
        let Some(enumerator) = self.enumerators.get_mut(&number) else { return HResult::E_HANDLE.into() };
        match call {
            ProviderCall::Release {} => {
                self.enumerators.remove(&number);
                ProviderReply::OK
            }
            ProviderCall::Clone { ppenum } if ppenum.is_valid() => {
                let clone = enumerator.clone();
                let ppenum = Object::Enumerator(self.hand_out(clone));
                ProviderReply::ok(ProviderOut::Clone { ppenum })
            }
            _ => enumerator::call(enumerator, call),
        }
    }

    fn call_async(&mut self, number: u32, call: &ProviderCall, host: &dyn VolumePort) -> ProviderReply {
        look_after(&mut self.reverts, host);
        look_after(&mut self.asyncs, host);
        match (self.asyncs.get(&number), call) {
            (None, _) => HResult::E_HANDLE.into(),
            (Some(_), ProviderCall::Release {}) => {
                self.asyncs.remove(&number);
                ProviderReply::OK
            }
            (Some(revert), _) => revert.call(call, host),
        }
    }
}

impl SoftwareProvider for CopyOnWriteProvider {
    fn call(&mut self, on: ProviderObject, call: &ProviderCall, host: &mut dyn VolumePort) -> ProviderReply {
        match on {
            ProviderObject::Provider => {
                let answered = self.call_provider(call, host);
                answered.unwrap_or_else(|refusal| refusal.answer(call.method(), host).into())
            }
            ProviderObject::Async(number) => self.call_async(number, call, host),
            ProviderObject::Enumerator(number) => self.call_enumerator(number, call),
        }
    }

    fn host_restarts(&mut self, lies_there: &dyn Fn(&str) -> bool) -> Vec<SnapshotId> {
        let goes =
            |copy: &Copy| !is_persistent(copy.context) && lies_there(&copy.properties.original_volume_name);
        self.copies.extract_if(.., |_, copy| goes(copy)).map(|(id, _)| id).collect()
    }

    fn shows(&self, device_object: &str) -> Option<&FrozenVolume> {
        let is_it = |copy: &&Copy| {
            let device = copy.properties.snapshot_device_object.as_ref();
            device.is_some_and(|device| device.eq_ignore_ascii_case(device_object))
        };
        self.copies.values().find(is_it).map(|copy| &copy.content)
    }
}
