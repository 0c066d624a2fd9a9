//! LUNs with the layouts of their disks.

use std::sync::Arc;

use crate::map::IndexMap;

use super::ids::Draw;
use super::{Instance, ResolvedVolume, places, refused};
use crate::api::{Guid, Signature, Text};
use crate::lab::partitions::{Extent, lay_out, room};
use crate::lab::{IdStream, Lab, LabError, Lun, LunIdentity, PartitionStyle, Size};
use crate::storage::{
    DiskLayout, DiskSignature, FileSystem, LunDescription, Page83Identifier, PartitionLayout,
};

/// A disk of the lab before a host sees it.
pub(super) struct DiskPlan {
    /// `None` for a raw disk.
    pub(super) signature: Option<DiskSignature>,
    /// Its volumes, by their places in the lab, in the order of the partitions.
    pub(super) volumes: Vec<(usize, Extent)>,
}

/// What all LUNs say in their inquiry data.
struct Inquiry {
    vendor: Text,
    array_product: Text,
    disk_product: Text,
    revision: Text,
}

impl Instance {
    /// Adds the LUNs; answers how their disks are made up.
    pub(super) fn add_luns(
        &mut self,
        lab: &Lab,
        draw: &Draw,
        volumes: &[Guid],
    ) -> Result<Vec<DiskPlan>, LabError> {
        let inquiry = Inquiry {
            vendor: "VSSLAB".into(),
            array_product: "Array LUN".into(),
            disk_product: "Local Disk".into(),
            revision: "1".into(),
        };
        let arrays = places(lab.arrays.iter().map(|array| &array.name));
        let (mut disk_ids, mut partition_ids) = (draw.stream("disk"), draw.stream("dynamic partition"));
        let places = places(lab.luns.iter().map(|lun| &lun.name));
        let mut plans = plans(lab, &places);
        for (index, (lun, plan)) in lab.luns.iter().zip(&mut plans).enumerate() {
            plan.signature = draw.disk(lun, &mut disk_ids).map(disk_signature);
            let array =
                lun.array.as_deref().and_then(|name| arrays.get(name)).map(|index| self.arrays[*index]);
            let product = if array.is_some() { &inquiry.array_product } else { &inquiry.disk_product };
            let told = lun.identity.clone().unwrap_or_default();
            let given = |of: fn(&LunIdentity) -> Option<&String>, drawn: Arc<str>| {
                of(&told).map_or(drawn, |text| text.as_str().into())
            };
            let description = LunDescription {
                name: lun.name.as_str().into(),
                size: lun.size.0,
                vendor: given(|told| told.vendor.as_ref(), inquiry.vendor.clone()),
                product: given(|told| told.product.as_ref(), product.clone()),
                revision: given(|told| told.revision.as_ref(), inquiry.revision.clone()),
                serial: given(|told| told.serial.as_ref(), self.lun_ids.next_serial()),
                page83: match told.naa_bytes() {
                    Some(naa) => {
                        [Page83Identifier { bytes: naa.into(), ..Page83Identifier::naa([0; 16]) }].into()
                    }
                    None => self.lun_ids.next_page83(lun.page83, array),
                },
                layout: layout(lab, lun, plan, volumes, draw, &mut partition_ids),
            };
            let added = self.storage.add_lun(description, array);
            self.luns.push(added.map_err(|error| refused("lun", index, &error))?);
        }
        self.volumes = lab
            .volumes
            .iter()
            .zip(volumes)
            .map(|(volume, id)| {
                let luns =
                    volume.luns.iter().filter_map(|name| places.get(&**name)).map(|index| self.luns[*index]);
                ResolvedVolume { id: *id, luns: luns.collect() }
            })
            .collect();
        Ok(plans)
    }
}

/// Where the volumes lie on each disk. `luns`: where in the lab the LUN of each name is.
fn plans(lab: &Lab, luns: &IndexMap<&str, usize>) -> Vec<DiskPlan> {
    let mut volumes_on = vec![Vec::new(); lab.luns.len()];
    for (place, volume) in lab.volumes.iter().enumerate() {
        for lun in volume.luns.iter().filter_map(|name| luns.get(&**name)) {
            volumes_on[*lun].push(place);
        }
    }
    let plan = |(lun, volumes): (&Lun, Vec<usize>)| {
        let sizes: Vec<Option<Size>> = volumes.iter().map(|place| lab.volumes[*place].size).collect();
        let extents = lay_out(lun, &sizes);
        DiskPlan { signature: None, volumes: volumes.into_iter().zip(extents).collect() }
    };
    lab.luns.iter().zip(volumes_on).map(plan).collect()
}

fn layout(
    lab: &Lab,
    lun: &Lun,
    plan: &DiskPlan,
    volumes: &[Guid],
    draw: &Draw,
    partition_ids: &mut IdStream,
) -> Option<Arc<DiskLayout>> {
    let signature = plan.signature?;
    let is_gpt = lun.style == PartitionStyle::Gpt;
    let partitions = if lun.dynamic {
        // The volumes of a dynamic disk are no partitions: one partition holds them all.
        let id = is_gpt.then(|| draw.guid(partition_ids));
        vec![PartitionLayout::dynamic(1 << 20, room(lun).0, id)]
    } else {
        let partition = |(place, extent): &(usize, Extent)| {
            let file_system = file_system(&lab.volumes[*place].file_system);
            if is_gpt {
                PartitionLayout::gpt_basic(extent.start, extent.length, volumes[*place], file_system)
            } else {
                PartitionLayout::mbr_basic(extent.start, extent.length, file_system)
            }
        };
        plan.volumes.iter().map(partition).collect()
    };
    Some(Arc::new(DiskLayout { signature, partitions: partitions.into() }))
}

pub(super) fn file_system(name: &str) -> FileSystem {
    FileSystem::from_name(name).unwrap_or_default()
}

fn disk_signature(signature: Signature) -> DiskSignature {
    match signature {
        Signature::Mbr(signature) => DiskSignature::Mbr(signature),
        Signature::Gpt(id) => DiskSignature::Gpt(id),
    }
}
