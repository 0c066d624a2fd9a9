//! What is asked about volumes and copies, what can be set of a copy, and deleting copies.

use crate::api::{
    Guid, HResult, ObjectProp, ObjectType, ProviderReply, SnapshotCompatibility, SnapshotContext, SnapshotId,
    SnapshotPropertyId, SnapshotSetId, Text, Variant, VolumeSnapshotAttributes,
};
use crate::enumerator::Enumerator;

use super::copies::Copy;
use super::copy_on_write::{CopyOnWriteProvider, Interface};
use super::creation::can_copy;
use super::refusal::Refusal;
use super::{Source, VolumePort, depth_max, names};

impl CopyOnWriteProvider {
    /// The volume or share that a caller names.
    pub(super) fn source(&self, name: Option<&Text>, host: &dyn VolumePort) -> Result<Source, HResult> {
        match self.interface {
            Interface::Volumes => names::volume(name.map(AsRef::as_ref), host),
            Interface::Shares => names::share(name.map(AsRef::as_ref), host),
        }
    }

    /// A volume that cannot be copied is FALSE and no error. VHDs came with Windows 7: before, a volume on one is like any
    /// that is not supported.
    pub(super) fn is_supported(
        &self,
        name: Option<&Text>,
        host: &mut dyn VolumePort,
    ) -> Result<ProviderReply, Refusal> {
        let source = self.source(name, host)?;
        host.check()?;
        let (depth, max) = (source.vhd_depth, depth_max(host.os()));
        if max > 0 && depth > max {
            return Err(HResult::VSS_E_NESTED_VOLUME_LIMIT.into());
        }
        Ok(self.interface.supported(can_copy(&source, host.os())))
    }

    /// The mask means something only if there are copies, so it is zero without.
    pub(super) fn is_snapshotted(
        &self,
        name: Option<&Text>,
        host: &mut dyn VolumePort,
    ) -> Result<ProviderReply, Refusal> {
        let source = self.source(name, host)?;
        host.check()?;
        let of_volume = |copy: &Copy| copy.place == source.place && copy.is_complete();
        let present = self.copies.values().any(of_volume);
        let disabled = if present { self.disables } else { SnapshotCompatibility::empty() };
        Ok(self.interface.snapshotted(present, disabled))
    }

    pub(super) fn properties(
        &self,
        id: SnapshotId,
        host: &mut dyn VolumePort,
    ) -> Result<ProviderReply, Refusal> {
        let copy = self.copies.get(&id).ok_or(HResult::VSS_E_OBJECT_NOT_FOUND)?;
        host.check()?;
        Ok(self.interface.properties(&copy.properties))
    }

    /// The completed copies of volumes that were made in the context in force, or all of them with `VSS_CTX_ALL`, as
    /// the requester's Query has it; of shares all (its page says so). Without any the list is empty (reading: both pages
    /// leave that open).
    pub(super) fn query(&mut self, host: &mut dyn VolumePort) -> Result<ProviderReply, Refusal> {
        host.check()?;
        let any = self.context == SnapshotContext::ALL || self.interface == Interface::Shares;
        let listed = self.copies.values().filter(|copy| copy.is_complete());
        let listed = listed.filter(|copy| any || copy.context == self.context);
        let objects = listed.map(|copy| ObjectProp::Snapshot(Box::new(copy.properties.clone())));
        let enumerator = Enumerator::new(objects);
        Ok(self.interface.enumerator(self.hand_out(enumerator)))
    }

    /// Gives an enumerator a number.
    pub(super) fn hand_out(&mut self, enumerator: Enumerator) -> u32 {
        self.handed_out += 1;
        self.enumerators.insert(self.handed_out, enumerator);
        self.handed_out
    }

    /// Reading: what VSS changes of a copy during its life can be set (the attributes, where it is exposed), the rest
    /// tells of its making.
    pub(super) fn set_property(
        &mut self,
        id: SnapshotId,
        property: SnapshotPropertyId,
        value: &Variant,
        host: &mut dyn VolumePort,
    ) -> Result<ProviderReply, Refusal> {
        let text = || match value {
            Variant::Bstr(text) => Ok(Some(text.clone())),
            Variant::Empty => Ok(None),
            Variant::I4(_) => Err(HResult::E_INVALIDARG),
        };
        let set: Box<dyn FnOnce(&mut Copy)> = match (property, value) {
            (SnapshotPropertyId::SNAPSHOT_ATTRIBUTES, Variant::I4(attributes)) => {
                let attributes = VolumeSnapshotAttributes::from_bits_retain(attributes.cast_unsigned());
                Box::new(move |copy| copy.properties.snapshot_attributes = attributes)
            }
            (SnapshotPropertyId::EXPOSED_NAME, _) => {
                let name = text()?;
                Box::new(move |copy| copy.properties.exposed_name = name)
            }
            (SnapshotPropertyId::EXPOSED_PATH, _) => {
                let path = text()?;
                Box::new(move |copy| copy.properties.exposed_path = path)
            }
            _ => return Err(HResult::E_INVALIDARG.into()),
        };
        let copy = self.copies.get_mut(&id).ok_or(HResult::VSS_E_OBJECT_NOT_FOUND)?;
        host.check()?;
        set(copy);
        Ok(ProviderReply::OK)
    }

    /// One copy after the other, up to the first that cannot be deleted. Force does not change that: nothing ends a
    /// revert.
    pub(super) fn delete(
        &mut self,
        id: Guid,
        kind: ObjectType,
        host: &mut dyn VolumePort,
    ) -> Result<ProviderReply, Refusal> {
        let asked_for = |copy: &Copy| match kind {
            ObjectType::SNAPSHOT_SET => copy.properties.snapshot_set_id == SnapshotSetId(id),
            _ => copy.properties.snapshot_id == SnapshotId(id),
        };
        let ids: Vec<SnapshotId> =
            self.copies.iter().filter(|(_, copy)| asked_for(copy)).map(|(id, _)| *id).collect();
        if ids.is_empty() {
            return Err(HResult::VSS_E_OBJECT_NOT_FOUND.into());
        }
        for (deleted, id) in (0..).zip(&ids) {
            if let Err(refusal) = self.delete_one(*id, host) {
                let hresult = refusal.answer(self.interface.method("DeleteSnapshots"), host);
                return Ok(ProviderReply { hresult, ..self.interface.deleted(deleted, *id) });
            }
        }
        let deleted = i32::try_from(ids.len()).unwrap_or(i32::MAX);
        Ok(self.interface.deleted(deleted, SnapshotId::NULL))
    }

    fn delete_one(&mut self, id: SnapshotId, host: &mut dyn VolumePort) -> Result<(), Refusal> {
        host.check()?;
        let place = self.copies.get(&id).map(|copy| copy.place);
        if place.is_some_and(|place| self.is_reverted_to(id, place, host)) {
            return Err(Refusal::Veto(format!(
                "the shadow copy {{{}}} is being reverted to: delete it when the revert has ended",
                id.0
            )));
        }
        self.copies.remove(&id);
        Ok(())
    }
}
