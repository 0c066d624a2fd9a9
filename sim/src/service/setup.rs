//! From a lab to a world: what runs on the machines when the requesters come.

use crate::lab::{Clock, Events, Instance, Lab, LabError, Seed};
use crate::provider::{MakeProvider, SystemProvider};
use crate::writer::{Component, Writer};

use super::faults::Faults;
use super::snapshots::Snapshots;
use super::world::{Ids, Machine, Registered, World};

impl World {
    /// Checks the lab and sets up what it describes.
    pub(super) fn new(lab: &Lab, make: &MakeProvider) -> Result<Self, SetUpError> {
        let instance = lab.instantiate()?;
        let providers = registered(lab, &instance, make)?;
        let writers = running(lab, &instance);
        let seed = Seed::new(lab.seed);
        Ok(Self {
            hosts: lab
                .hosts
                .iter()
                .map(|host| Machine {
                    name: host.name.as_str().into(),
                    os: host.os,
                    mode: host.mode,
                    creation_slot: None,
                    resync: None,
                })
                .collect(),
            caller: lab.caller,
            readings: lab.readings,
            storage: instance.storage,
            providers,
            system_provider: SystemProvider::default(),
            writers,
            snapshots: Snapshots::default(),
            clock: Clock::new(),
            ids: Ids {
                sessions: seed.child("session"),
                sets: seed.child("snapshot set"),
                snapshots: seed.child("snapshot"),
                disks: seed.child("arriving disk"),
                luns: instance.lun_ids,
            },
            events: Events::new(),
            faults: Faults::new(&lab.faults),
            provider_calls: None,
            system_sources: std::collections::BTreeMap::new(),
        })
    }
}

/// Why a lab cannot be set up.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SetUpError {
    /// Something is wrong with it.
    #[error(transparent)]
    Lab(#[from] LabError),
    /// A hardware provider cannot be had.
    #[error("provider `{name}`: {why}")]
    Provider {
        /// Its name in the lab.
        name: String,
        /// What is wrong, and what to do.
        why: String,
    },
}

fn registered(lab: &Lab, instance: &Instance, make: &MakeProvider) -> Result<Vec<Registered>, SetUpError> {
    let register = |(abilities, resolved): (&crate::lab::Provider, &crate::lab::ResolvedProvider)| {
        let managed = lab.arrays.iter().zip(&instance.arrays);
        let managed = managed.filter(|(array, _)| array.provider.as_deref() == Some(&*abilities.name));
        let cannot = |why| SetUpError::Provider { name: abilities.name.clone(), why };
        Ok(Registered {
            id: resolved.id,
            name: resolved.name.clone(),
            arrays: managed.map(|(_, id)| *id).collect(),
            abilities: abilities.clone(),
            provider: make(abilities).map_err(cannot)?,
        })
    };
    lab.providers.iter().zip(&instance.providers).map(register).collect()
}

fn running(lab: &Lab, instance: &Instance) -> Vec<Writer> {
    let run = |(described, resolved): (&crate::lab::Writer, &crate::lab::ResolvedWriter)| {
        let components = described.components.iter().zip(&resolved.component_volumes);
        let components = components.map(|(component, volumes)| Component {
            name: component.name.as_str().into(),
            logical_path: component.logical_path.as_deref().map(Into::into),
            kind: component.kind.into(),
            volumes: volumes
                .iter()
                .filter_map(|place| instance.volumes.get(*place))
                .map(|volume| volume.id)
                .collect(),
        });
        Writer {
            name: resolved.name.clone(),
            id: resolved.id,
            instance: resolved.instance,
            freeze_limit_ms: described.freeze_limit_ms,
            max_sessions: described.max_sessions,
            components: components.collect(),
            sessions: 0,
            running: true,
        }
    };
    lab.writers.iter().zip(&instance.writers).map(run).collect()
}
