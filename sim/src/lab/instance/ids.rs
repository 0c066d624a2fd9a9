//! The ids that a lab leaves open, drawn from its seed.
//!
//! Every object draws, whether it needs to or not: giving one an id does not change those of the others.

use std::collections::BTreeSet;

use crate::api::{Guid, ProviderId, Signature, Text, WriterId, WriterInstanceId};
use crate::lab::{IdStream, Lab, Lun, PartitionStyle, SYSTEM_PROVIDER, Seed};

/// A registered provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedProvider {
    /// Its name.
    pub name: Text,
    /// Its id.
    pub id: ProviderId,
    /// Its class in the COM catalogue.
    pub class_id: Guid,
    /// Its version.
    pub version_id: Guid,
}

/// A running writer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedWriter {
    /// Its name.
    pub name: Text,
    /// Its class.
    pub id: WriterId,
    /// Its instance.
    pub instance: WriterInstanceId,
    /// For each of its components the volumes that it lies on, by their places in the lab.
    pub component_volumes: Vec<Vec<usize>>,
}

/// Draws ids that the lab has not given to something else.
pub(super) struct Draw {
    seed: Seed,
    guids: BTreeSet<Guid>,
    signatures: BTreeSet<u32>,
}

impl Draw {
    pub(super) fn new(lab: &Lab) -> Self {
        let signatures = || lab.luns.iter().filter_map(|lun| lun.given_signature().ok().flatten());
        let disks = signatures().filter_map(|signature| match signature {
            Signature::Gpt(id) => Some(id),
            Signature::Mbr(_) => None,
        });
        let providers = lab.providers.iter().filter_map(|provider| provider.id.map(|id| id.0));
        let classes = lab.writers.iter().filter_map(|writer| writer.id.map(|id| id.0));
        let instances = lab.writers.iter().filter_map(|writer| writer.instance.map(|id| id.0));
        let volumes = lab.volumes.iter().filter_map(|volume| volume.id);
        Self {
            seed: Seed::new(lab.seed),
            guids: disks.chain(providers).chain(classes).chain(instances).chain(volumes).collect(),
            signatures: signatures()
                .filter_map(|signature| match signature {
                    Signature::Mbr(signature) => Some(signature),
                    Signature::Gpt(_) => None,
                })
                .collect(),
        }
    }

    pub(super) fn stream(&self, label: &str) -> IdStream {
        self.seed.child(label)
    }

    pub(super) fn guid(&self, stream: &mut IdStream) -> Guid {
        std::iter::repeat_with(|| stream.next_guid()).find(|id| !self.guids.contains(id)).unwrap_or_default()
    }

    fn signature(&self, stream: &mut IdStream) -> u32 {
        std::iter::repeat_with(|| stream.next_u32())
            .find(|signature| !self.signatures.contains(signature))
            .unwrap_or_default()
    }

    /// The system provider, then the lab's.
    pub(super) fn providers(&self, lab: &Lab) -> (ResolvedProvider, Vec<ResolvedProvider>) {
        let mut ids = self.stream("provider");
        let mut classes = self.stream("provider class");
        let mut versions = self.stream("provider version");
        let mut resolve = |name: &str, given: Option<ProviderId>| {
            let drawn = ProviderId(self.guid(&mut ids));
            let (class_id, version_id) = (self.guid(&mut classes), self.guid(&mut versions));
            ResolvedProvider { name: name.into(), id: given.unwrap_or(drawn), class_id, version_id }
        };
        let system = resolve(SYSTEM_PROVIDER, None);
        (system, lab.providers.iter().map(|provider| resolve(&provider.name, provider.id)).collect())
    }

    /// The writers, without their components' volumes.
    pub(super) fn writers(&self, lab: &Lab) -> Vec<ResolvedWriter> {
        let (mut classes, mut instances) = (self.stream("writer"), self.stream("writer instance"));
        let resolve = |writer: &crate::lab::Writer| {
            let id = WriterId(self.guid(&mut classes));
            let instance = WriterInstanceId(self.guid(&mut instances));
            ResolvedWriter {
                name: writer.name.as_str().into(),
                id: writer.id.unwrap_or(id),
                instance: writer.instance.unwrap_or(instance),
                component_volumes: Vec::new(),
            }
        };
        lab.writers.iter().map(resolve).collect()
    }

    /// The GUIDs of the volumes.
    pub(super) fn volumes(&self, lab: &Lab) -> Vec<Guid> {
        let mut ids = self.stream("volume");
        let resolve = |volume: &crate::lab::Volume| {
            let drawn = self.guid(&mut ids);
            volume.id.unwrap_or(drawn)
        };
        lab.volumes.iter().map(resolve).collect()
    }

    /// The signature of a disk; `None` for a raw one.
    pub(super) fn disk(&self, lun: &Lun, stream: &mut IdStream) -> Option<Signature> {
        let drawn = match lun.style {
            PartitionStyle::Raw => return None,
            PartitionStyle::Gpt => Signature::Gpt(self.guid(stream)),
            PartitionStyle::Mbr => Signature::Mbr(self.signature(stream)),
        };
        lun.given_signature().ok().flatten().or(Some(drawn))
    }
}
