//! The machine's catalogue of shadow copies.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::api::{
    ProviderCall, Ptr, SessionId, SnapshotId, SnapshotProp, SnapshotSetId, SnapshotState, Text,
    VolumeSnapshotAttributes,
};
use crate::document::SnapshotDescription;
use crate::provider::share_copy;
use crate::storage::{LunId, VolumeExtent};

use super::devices::{OnLuns, device_object};
use super::exposure::Exposure;
use crate::service::Refusal;
use crate::service::world::identity::PlacedId;
use crate::service::world::{BySnapshot, World};

/// A shadow copy that has been made.
#[derive(Clone, Debug)]
pub(in crate::service) struct Snapshot {
    pub(in crate::service) set: SnapshotSetId,
    /// How many copies the set had when it was created.
    pub(in crate::service) set_size: usize,
    pub(in crate::service) description: SnapshotDescription,
    /// The LUNs that hold it; none for a copy of the system provider.
    pub(in crate::service) luns: Vec<LunId>,
    /// Where the volume lies on each of them, in bytes.
    pub(in crate::service) extents: Vec<VolumeExtent>,
    /// N of `\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopyN`; `None`: not surfaced here.
    pub(in crate::service) device_number: Option<u32>,
    /// The host that sees it.
    pub(in crate::service) host: usize,
    /// Whether the creation of its set has ended; until then no requester can see it.
    pub(in crate::service) complete: bool,
    /// Under which name it can be reached; `None`: it is not exposed.
    pub(in crate::service) exposure: Option<Exposure>,
    /// The object that it goes with: the one that made it or, once it is imported, the one that imported it. `None`: it
    /// stays until it is deleted.
    pub(in crate::service) goes_with: Option<SessionId>,
}

/// A device object that outlives its shadow copy.
#[derive(Clone, Debug)]
pub(in crate::service) struct Link {
    pub(in crate::service) snapshot_id: SnapshotId,
    pub(in crate::service) original_volume_name: Text,
    pub(in crate::service) device_number: u32,
    pub(in crate::service) host: usize,
    /// Under which name it was exposed. A mount point is the volume's own by now, where the host has one there; a share is of
    /// the device object, and goes on as long (inferred).
    exposure: Option<Exposure>,
    luns: Vec<LunId>,
    extents: Vec<VolumeExtent>,
}

impl Link {
    /// The root of what was a copy, without a trailing backslash.
    pub(in crate::service) fn device_object(&self) -> Text {
        device_object(self.device_number)
    }

    /// Under which name it was exposed.
    pub(in crate::service) fn exposure(&self) -> Option<&Exposure> {
        self.exposure.as_ref()
    }

    /// Where what was the copy lies.
    pub(in crate::service) fn place(&self) -> OnLuns<'_> {
        OnLuns { luns: &self.luns, extents: &self.extents }
    }
}

impl Snapshot {
    /// The root of the copy, without a trailing backslash.
    pub(in crate::service) fn device_object(&self) -> Option<Text> {
        let description = &self.description;
        if self.is_of_share() {
            return Some(share_copy(&description.original_volume_name, description.snapshot_id));
        }
        self.device_number.map(device_object)
    }

    /// What kind of copy it is, and whether it is exposed.
    fn attributes(&self) -> VolumeSnapshotAttributes {
        let made = self.description.snapshot_attributes;
        match &self.exposure {
            Some(exposure) => (made - VolumeSnapshotAttributes::NOT_SURFACED) | exposure.attribute(),
            None => made,
        }
    }

    /// Whether it outlives a restart of its host.
    pub(in crate::service) fn is_persistent(&self) -> bool {
        self.description.snapshot_attributes.contains(VolumeSnapshotAttributes::PERSISTENT)
    }

    /// Whether it is a copy of a file share.
    pub(in crate::service) fn is_of_share(&self) -> bool {
        self.description.snapshot_attributes.contains(VolumeSnapshotAttributes::FILE_SHARE)
    }

    /// Where it lies.
    pub(in crate::service) fn place(&self) -> OnLuns<'_> {
        OnLuns { luns: &self.luns, extents: &self.extents }
    }

    pub(in crate::service) fn properties(&self) -> SnapshotProp {
        let description = &self.description;
        SnapshotProp {
            snapshot_id: description.snapshot_id,
            snapshot_set_id: self.set,
            snapshots_count: i32::try_from(self.set_size).unwrap_or(i32::MAX),
            snapshot_device_object: self.device_object(),
            original_volume_name: description.original_volume_name.clone(),
            originating_machine: description.originating_machine.clone(),
            service_machine: description.service_machine.clone(),
            exposed_name: self.exposure.as_ref().map(|exposure| exposure.name().clone()),
            exposed_path: self.exposure.as_ref().and_then(Exposure::path).cloned(),
            provider_id: description.provider_id,
            snapshot_attributes: self.attributes(),
            creation_timestamp: description.creation_timestamp,
            status: SnapshotState::CREATED,
        }
    }
}

/// What a requester on that host learns of a copy. A software provider is asked for the properties of its copies; a
/// hardware provider has no such method, so VSS tells them of itself.
pub(in crate::service) fn tell(
    world: &mut World,
    host: usize,
    id: SnapshotId,
) -> Result<SnapshotProp, Refusal> {
    let snapshot = world.snapshots.get(id).ok_or(Refusal::NO_OBJECT)?;
    let (properties, of_share) = (snapshot.properties(), snapshot.is_of_share());
    if world.is_software(properties.provider_id) {
        let call = if of_share {
            ProviderCall::FileShareGetSnapshotProperties { snapshot_id: id, p_prop: Ptr::Valid }
        } else {
            ProviderCall::SoftwareGetSnapshotProperties { snapshot_id: id, p_prop: Ptr::Valid }
        };
        // Its answer holds nothing that the catalogue does not: whether it answers at all is what counts.
        world.ask_provider(host, properties.provider_id, &call)?;
    }
    Ok(properties)
}

/// All shadow copies of the machine room.
#[derive(Clone, Debug, Default)]
pub(in crate::service) struct Snapshots {
    /// In boxes: the tree moves its elements about.
    by_id: BySnapshot<Box<Snapshot>>,
    /// How many live copies lie on each LUN of copies.
    copies_on: BTreeMap<LunId, u32>,
    /// Of copies that are in the making, or that only their provider knows.
    device_numbers: BySnapshot<u32>,
    last_device_number: u32,
    /// The ids that the GPT partitions of copies had when their disks arrived: those of the originals at the commit.
    arrived_with: BTreeMap<LunId, Box<[PlacedId]>>,
    /// Every copy that has been imported, whatever became of it.
    imported: BTreeSet<SnapshotId>,
    /// Device objects of broken copies: they work as links until their host restarts (O53).
    links: Vec<Link>,
}

impl Snapshots {
    pub(in crate::service) fn get(&self, id: SnapshotId) -> Option<&Snapshot> {
        self.by_id.get(&id).map(Box::as_ref)
    }

    /// The copy, if a requester on that host can see it: it is complete (X5), and the host has it (X4).
    pub(in crate::service) fn visible(&self, id: SnapshotId, host: usize) -> Option<&Snapshot> {
        self.get(id).filter(|snapshot| snapshot.complete && snapshot.host == host)
    }

    /// The copies that a requester on that host can see.
    pub(in crate::service) fn visible_on(&self, host: usize) -> impl Iterator<Item = &Snapshot> {
        self.iter().filter(move |snapshot| snapshot.complete && snapshot.host == host)
    }

    /// The copies that go with that object, in the order of their ids.
    pub(in crate::service) fn going_with(&self, session: SessionId) -> Vec<SnapshotId> {
        let going = self.iter().filter(|copy| copy.goes_with == Some(session));
        going.map(|copy| copy.description.snapshot_id).collect()
    }

    /// The creation of those copies has ended.
    pub(in crate::service) fn complete(&mut self, ids: impl Iterator<Item = SnapshotId>) {
        for id in ids {
            self.by_id.get_mut(&id).into_iter().for_each(|snapshot| snapshot.complete = true);
        }
    }

    pub(in crate::service) fn iter(&self) -> impl Iterator<Item = &Snapshot> {
        self.by_id.values().map(Box::as_ref)
    }

    /// The number of the copy's device: a new one, unless a provider has asked for it at the commit.
    pub(in crate::service) fn device_number(&mut self, id: SnapshotId) -> u32 {
        let last = &mut self.last_device_number;
        *self.device_numbers.entry(id).or_insert_with(|| {
            *last += 1;
            *last
        })
    }

    pub(in crate::service) fn insert(&mut self, snapshot: Snapshot) {
        // From here on the copy itself has it.
        self.device_numbers.remove(&snapshot.description.snapshot_id);
        for lun in &snapshot.luns {
            *self.copies_on.entry(*lun).or_default() += 1;
        }
        self.by_id.insert(snapshot.description.snapshot_id, Box::new(snapshot));
    }

    pub(in crate::service) fn remove(&mut self, id: SnapshotId) -> Option<Box<Snapshot>> {
        let snapshot = self.by_id.remove(&id)?;
        for lun in &snapshot.luns {
            if let Entry::Occupied(mut count) = self.copies_on.entry(*lun) {
                *count.get_mut() -= 1;
                if *count.get() == 0 {
                    count.remove();
                    self.arrived_with.remove(lun);
                }
            }
        }
        Some(snapshot)
    }

    /// Gives a copy the name under which it is exposed, or takes it away.
    pub(in crate::service) fn expose(&mut self, id: SnapshotId, exposure: Option<Exposure>) {
        self.by_id.get_mut(&id).into_iter().for_each(|snapshot| snapshot.exposure.clone_from(&exposure));
    }

    /// Whether just one live copy lies on that LUN.
    pub(in crate::service) fn lies_alone(&self, lun: LunId) -> bool {
        self.copies_on.get(&lun) == Some(&1)
    }

    /// Whether a live copy lies on that LUN.
    pub(in crate::service) fn lies_on(&self, lun: LunId) -> bool {
        self.copies_on.contains_key(&lun)
    }

    /// The copies of a set that a requester on that host can see.
    pub(in crate::service) fn of_set(
        &self,
        set: SnapshotSetId,
        host: usize,
    ) -> impl Iterator<Item = &Snapshot> {
        self.visible_on(host).filter(move |snapshot| snapshot.set == set)
    }

    /// The copies of the set that have arrived on the host: the one that made a set for transport knows them without seeing them.
    pub(in crate::service) fn arrived_of_set(
        &self,
        set: SnapshotSetId,
        host: usize,
    ) -> impl Iterator<Item = &Snapshot> {
        self.of_set(set, host).filter(|snapshot| snapshot.device_number.is_some())
    }

    /// The copies of a volume or share that a requester on that host can see, by the name that VSS has for it.
    pub(in crate::service) fn of_volume(&self, host: usize, name: &str) -> impl Iterator<Item = &Snapshot> {
        let is_it = move |copy: &&Snapshot| copy.description.original_volume_name.eq_ignore_ascii_case(name);
        self.visible_on(host).filter(is_it)
    }

    /// VSS forgets the copy; what lies on its LUNs stays, and its device object leads there until the host restarts.
    pub(in crate::service) fn break_off(&mut self, id: SnapshotId) {
        let Some(snapshot) = self.remove(id) else { return };
        let Snapshot { device_number, host, exposure, luns, extents, description, .. } = *snapshot;
        if let Some(device_number) = device_number {
            let SnapshotDescription { snapshot_id, original_volume_name, .. } = description;
            let link =
                Link { snapshot_id, original_volume_name, device_number, host, exposure, luns, extents };
            self.links.push(link);
        }
    }

    /// The device objects that broken copies have left.
    pub(in crate::service) fn links(&self) -> &[Link] {
        &self.links
    }

    /// A host has restarted: what was only linked there is linked no more.
    pub(in crate::service) fn unlink(&mut self, host: usize) {
        self.links.retain(|link| link.host != host);
    }

    /// Keeps in mind what the partitions of a disk were known by when it arrived.
    pub(in crate::service) fn arrived_with(&mut self, lun: LunId, partitions: Box<[PlacedId]>) {
        if !partitions.is_empty() {
            self.arrived_with.insert(lun, partitions);
        }
    }

    /// What the partitions of a copied LUN's original were known by at the commit, as the copy's own bytes told when it
    /// arrived.
    pub(in crate::service) fn original_partitions(&self, lun: LunId) -> &[PlacedId] {
        self.arrived_with.get(&lun).map_or(&[], Box::as_ref)
    }

    /// Keeps in mind whether a copy has been imported.
    pub(in crate::service) fn set_imported(&mut self, id: SnapshotId, imported: bool) {
        if imported {
            self.imported.insert(id);
        } else {
            self.imported.remove(&id);
        }
    }

    /// Whether the copy has been imported at any time.
    pub(in crate::service) fn was_imported(&self, id: SnapshotId) -> bool {
        self.imported.contains(&id)
    }
}
