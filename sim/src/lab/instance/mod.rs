//! A lab made real: its storage with every host, LUN and volume, and the ids that it left open.

mod disks;
mod hosts;
mod ids;
#[cfg(test)]
mod tests;

use crate::map::IndexMap;

pub use ids::{ResolvedProvider, ResolvedWriter};

use super::{Lab, LabError, LabPath, LunIds, Problem};
use crate::api::Guid;
use crate::storage::{ArrayId, HostId, LunError, LunId, Storage};
use ids::Draw;

/// A lab made real. Lists are in the lab's order.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The hosts, arrays, LUNs and volumes, as they are when the hosts have started.
    pub storage: Storage,
    /// The hosts.
    pub hosts: Vec<HostId>,
    /// The arrays.
    pub arrays: Vec<ArrayId>,
    /// The LUNs and local disks.
    pub luns: Vec<LunId>,
    /// The volumes.
    pub volumes: Vec<ResolvedVolume>,
    /// The provider that every host has.
    pub system_provider: ResolvedProvider,
    /// The hardware providers.
    pub providers: Vec<ResolvedProvider>,
    /// The writers.
    pub writers: Vec<ResolvedWriter>,
    /// Where the LUNs' serial numbers and page-83 identifiers come from; copies draw theirs here.
    pub lun_ids: LunIds,
}

/// A volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedVolume {
    /// The GUID in its name, on the first host that sees it online. Other hosts have another name for an MBR volume.
    pub id: Guid,
    /// The LUNs that it lies on.
    pub luns: Vec<LunId>,
}

impl Lab {
    /// Checks the lab and makes it real. Disks are formatted when they are read first.
    pub fn instantiate(&self) -> Result<Instance, LabError> {
        self.check()?;
        let draw = Draw::new(self);
        let (system_provider, providers) = draw.providers(self);
        let mut instance = Instance {
            storage: Storage::new(),
            hosts: Vec::new(),
            arrays: Vec::new(),
            luns: Vec::new(),
            volumes: Vec::new(),
            system_provider,
            providers,
            writers: draw.writers(self),
            lun_ids: LunIds::default(),
        };
        for (index, array) in self.arrays.iter().enumerate() {
            let id = instance.storage.add_array(&array.name, true);
            instance.arrays.push(id.map_err(|error| refused("array", index, &error))?);
        }
        for (index, host) in self.hosts.iter().enumerate() {
            let id = instance.storage.add_host(&host.name, host.san_policy.into());
            instance.hosts.push(id.map_err(|error| refused("host", index, &error))?);
        }
        let volumes = draw.volumes(self);
        let disks = instance.add_luns(self, &draw, &volumes)?;
        instance.attach(self, &draw, &disks, &volumes)?;
        instance.resolve_components(self);
        Ok(instance)
    }
}

impl Instance {
    fn resolve_components(&mut self, lab: &Lab) {
        let places = ComponentVolumes::of(lab);
        for (writer, resolved) in lab.writers.iter().zip(&mut self.writers) {
            let volumes = writer
                .components
                .iter()
                .map(|component| component.volumes.iter().filter_map(|name| places.position(name)).collect());
            resolved.component_volumes = volumes.collect();
        }
    }
}

/// Where in the lab the thing of each name is.
fn places<'a>(names: impl Iterator<Item = &'a String>) -> IndexMap<&'a str, usize> {
    names.enumerate().map(|(place, name)| (name.as_str(), place)).collect()
}

/// The volumes that components of writers name.
pub(super) struct ComponentVolumes(IndexMap<String, Option<usize>>);

impl ComponentVolumes {
    pub(super) fn of(lab: &Lab) -> Self {
        let components = lab.writers.iter().flat_map(|writer| &writer.components);
        let named = components.flat_map(|component| &component.volumes);
        let mut places: IndexMap<_, _> = named.map(|name| (comparable(name), None)).collect();
        // Most volumes of a large lab are in no component.
        let volumes: &[_] = if places.is_empty() { &[] } else { &lab.volumes };
        for (place, volume) in volumes.iter().enumerate() {
            let own = volume.id.map(|id| comparable(&super::volume_name(id)));
            for name in volume.mount.iter().map(|mount| comparable(mount)).chain(own) {
                if let Some(found) = places.get_mut(&name) {
                    found.get_or_insert(place);
                }
            }
        }
        Self(places)
    }

    /// Where in the lab the volume of that name is; of several the first.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.0.get(&comparable(name)).copied().flatten()
    }
}

/// Windows tells names of volumes apart neither by case nor by a backslash at the end.
fn comparable(name: &str) -> String {
    name.trim_end_matches('\\').to_lowercase()
}

/// What a lab's check lets through the storage takes; if not, the lab is told.
fn refused(table: &'static str, index: usize, error: &LunError) -> LabError {
    LabError::new(vec![Problem::new(
        format!("this {table} cannot be made: {error}"),
        LabPath::item(table, index),
        "",
    )])
}
