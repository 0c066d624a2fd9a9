//! Creating copies: the context, the volumes of a set, and the calls that carry the set on to its end.

use crate::api::{
    HResult, ProviderCall, ProviderId, ProviderReply, SnapshotContext, SnapshotId, SnapshotProp,
    SnapshotSetId, Text, VolumeSnapshotAttributes,
};
use crate::lab::Os;
use crate::provider::codes::is_permitted;
use crate::provider::copies::Phase;
use crate::storage::FileSystem;

use super::copies::{Copy, Planned, Set, status};
use super::copy_on_write::{CopyOnWriteProvider, Interface};
use super::refusal::Refusal;
use super::{Source, StoreError, VolumePort, depth_max, share_copy};

/// Attributes that a requester may add to a context, as far as differences can honour them.
const MODIFIERS: VolumeSnapshotAttributes = VolumeSnapshotAttributes::NO_AUTORECOVERY
    .union(VolumeSnapshotAttributes::NOT_TRANSACTED)
    .union(VolumeSnapshotAttributes::DIFFERENTIAL)
    .union(VolumeSnapshotAttributes::ROLLBACK_RECOVERY)
    .union(VolumeSnapshotAttributes::TXF_RECOVERY);

/// The most software copies of one volume (`contexts.json`, limits). A provider counts its own, VSS everybody's. Of the
/// client-accessible ones the host's registry can allow fewer.
pub(crate) const SOFTWARE_COPIES_MAX: usize = 512;

impl CopyOnWriteProvider {
    /// Reading: creating and querying are what a context governs, so the first of them freezes it.
    pub(super) fn set_context(
        &mut self,
        context: SnapshotContext,
        host: &dyn VolumePort,
    ) -> Result<ProviderReply, Refusal> {
        if context != SnapshotContext::ALL && !self.supports_context(context, host.os()) {
            return Err(HResult::E_INVALIDARG.into());
        }
        if self.context_is_frozen {
            return Err(HResult::VSS_E_BAD_STATE.into());
        }
        self.context = context;
        Ok(ProviderReply::OK)
    }

    fn supports_context(&self, context: SnapshotContext, os: Os) -> bool {
        use SnapshotContext as C;
        let of_shares = match self.interface {
            Interface::Volumes => VolumeSnapshotAttributes::empty(),
            Interface::Shares => VolumeSnapshotAttributes::FILE_SHARE,
        };
        let bare = C::from_bits_retain((context.attributes() - MODIFIERS - of_shares).bits());
        match bare {
            C::BACKUP | C::FILE_SHARE_BACKUP | C::NAS_ROLLBACK | C::APP_ROLLBACK => true,
            // For the system provider only, and nothing may modify it.
            C::CLIENT_ACCESSIBLE => self.client_accessible && bare == context,
            C::CLIENT_ACCESSIBLE_WRITERS => {
                self.client_accessible && bare == context && os.kernel() >= Os::WindowsVista.kernel()
            }
            _ => false,
        }
    }

    pub(super) fn begin_prepare(
        &mut self,
        (set, id): (SnapshotSetId, SnapshotId),
        name: Option<&Text>,
        context: SnapshotContext,
        provider: Option<ProviderId>,
        host: &mut dyn VolumePort,
    ) -> Result<ProviderReply, Refusal> {
        let known = self.copies.contains_key(&id) || self.set.planned.iter().any(|planned| planned.id == id);
        if known || provider.is_some_and(|provider| provider != host.provider_id()) {
            return Err(HResult::E_INVALIDARG.into());
        }
        let source = self.source(name, host)?;
        if !self.supports_context(context, host.os()) {
            return Err(HResult::VSS_E_UNSUPPORTED_CONTEXT.into());
        }
        if !can_copy(&source, host.os()) || is_persistent(context) && source.file_system != FileSystem::Ntfs {
            return Err(HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER.into());
        }
        host.check()?;
        self.has_room(&source, context, host.max_shadow_copies())?;
        if self.set.phase != Phase::Preparing || self.set.id != set {
            // A new set id in mid-creation: the old set died silently.
            self.drop_unfinished();
            self.set = Set { id: set, phase: Phase::Preparing, planned: Vec::new() };
        }
        self.set.planned.push(Planned { id, source, context });
        Ok(ProviderReply::OK)
    }

    fn has_room(
        &self,
        source: &Source,
        context: SnapshotContext,
        accessible_max: u32,
    ) -> Result<(), HResult> {
        let client_accessible = |context: SnapshotContext| {
            context.attributes().contains(VolumeSnapshotAttributes::CLIENT_ACCESSIBLE)
        };
        let of_volume = self.copies.values().filter(|copy| copy.place == source.place);
        let (all, accessible) = of_volume.fold((0, 0_u32), |(all, accessible), copy| {
            (all + 1, accessible + u32::from(client_accessible(copy.context)))
        });
        let full = all >= SOFTWARE_COPIES_MAX || client_accessible(context) && accessible >= accessible_max;
        if full { Err(HResult::VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED) } else { Ok(()) }
    }

    /// One of the calls that carry a set on, from EndPrepareSnapshots to PostFinalCommitSnapshots.
    pub(super) fn carry_on(
        &mut self,
        call: &ProviderCall,
        set: SnapshotSetId,
        host: &mut dyn VolumePort,
    ) -> Result<ProviderReply, Refusal> {
        let method = call.method().name;
        let (due_in, next) = Phase::step(method).ok_or(HResult::E_NOTIMPL)?;
        if self.set.id != set {
            return Err(unknown_set(method));
        }
        if self.set.phase != due_in {
            self.drop_unfinished();
            return Err(Refusal::Veto(format!(
                "{method} came out of order: create the shadow copy set anew"
            )));
        }
        let done = match next {
            Phase::Committed => self.make_copies(host),
            _ => host.check(),
        };
        if let Err(error) = done {
            self.drop_unfinished();
            return Err(error.into());
        }
        self.set.phase = next;
        for copy in self.copies.values_mut().filter(|copy| copy.properties.snapshot_set_id == set) {
            copy.properties.status = status(next);
            if let ProviderCall::PostCommitSnapshots { l_snapshots_count, .. } = call {
                copy.properties.snapshots_count = *l_snapshots_count;
            }
        }
        Ok(ProviderReply::OK)
    }

    /// The point in time: every volume of the set is frozen as it is now.
    fn make_copies(&mut self, host: &mut dyn VolumePort) -> Result<(), StoreError> {
        let set = self.set.id;
        let count = i32::try_from(self.set.planned.len()).unwrap_or(i32::MAX);
        for Planned { id, source, context } in std::mem::take(&mut self.set.planned) {
            let content = host.freeze(source.place)?;
            let device_object = match self.interface {
                Interface::Volumes => host.device_object(id),
                Interface::Shares => share_copy(&source.name, id),
            };
            let made = match self.interface {
                Interface::Volumes => VolumeSnapshotAttributes::DIFFERENTIAL,
                Interface::Shares => {
                    VolumeSnapshotAttributes::DIFFERENTIAL | VolumeSnapshotAttributes::FILE_SHARE
                }
            };
            let properties = SnapshotProp {
                snapshot_id: id,
                snapshot_set_id: set,
                snapshots_count: count,
                snapshot_device_object: Some(device_object),
                original_volume_name: source.name,
                originating_machine: source.machine,
                service_machine: host.machine(),
                exposed_name: None,
                exposed_path: None,
                provider_id: host.provider_id(),
                snapshot_attributes: context.attributes() | VolumeSnapshotAttributes::NOT_SURFACED | made,
                creation_timestamp: host.filetime(),
                status: status(Phase::Committed),
            };
            self.copies.insert(id, Copy { properties, place: source.place, context, content });
        }
        Ok(())
    }

    /// VSS aborts a set that this provider has completed only when another's copies could not be taken over, and then
    /// nobody else knows of these (inferred: the sample leaves them).
    pub(super) fn abort(
        &mut self,
        set: SnapshotSetId,
        host: &mut dyn VolumePort,
    ) -> Result<ProviderReply, Refusal> {
        if self.set.id != set {
            return Err(unknown_set("AbortSnapshots"));
        }
        self.drop_set();
        Ok(host.check().map(|()| ProviderReply::OK)?)
    }

    /// Gives up the set unless it is complete. Copies that exist already go: there is no partial commit.
    pub(super) fn drop_unfinished(&mut self) {
        if self.set.phase != Phase::Created {
            self.drop_set();
        }
    }

    fn drop_set(&mut self) {
        let set = self.set.id;
        self.copies.retain(|_, copy| copy.properties.snapshot_set_id != set);
        self.set = Set::default();
    }
}

/// Whether differences of that volume can be kept at all: there must be a file system, at a depth that VSS goes into.
pub(super) fn can_copy(source: &Source, os: Os) -> bool {
    source.file_system != FileSystem::Raw && source.vhd_depth <= depth_max(os)
}

/// Whether copies of that context outlive a restart; these need NTFS (`contexts.json`).
pub(super) fn is_persistent(context: SnapshotContext) -> bool {
    context.attributes().contains(VolumeSnapshotAttributes::PERSISTENT)
}

/// A call names a set that this provider does not have in hand: an own code where the method documents one.
fn unknown_set(method: &str) -> Refusal {
    if is_permitted(method, HResult::VSS_E_OBJECT_NOT_FOUND) {
        HResult::VSS_E_OBJECT_NOT_FOUND.into()
    } else {
        Refusal::Veto(format!("{method} names a set that is not in preparation: create the set anew"))
    }
}
