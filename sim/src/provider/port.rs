//! What a hardware provider may touch: the LUNs of the arrays that it manages, and the event log.

use crate::api::{
    DeviceIdDescriptor, EventLog, HResult, LunInformation, StorageBusType, StorageIdentifier,
    StorageIdentifierCodeSet, StorageIdentifierType, VER_VDS_LUN_INFORMATION,
};
use crate::lab::{Clock, CopyKind, Events, LunIds, Page83};
use crate::storage::{ArrayId, CopyDescription, HostId, LunId, Page83Identifier, Storage};

/// The management port of a provider's arrays, for the length of one call.
#[derive(Debug)]
pub struct ArrayPort<'w> {
    pub(crate) storage: &'w mut Storage,
    pub(crate) events: &'w mut Events,
    pub(crate) ids: &'w mut LunIds,
    pub(crate) clock: Clock,
    /// The host on which VSS calls.
    pub(crate) host: HostId,
    /// The provider's name, as the source of its events.
    pub(crate) name: &'w str,
    pub(crate) arrays: &'w [ArrayId],
}

impl ArrayPort<'_> {
    /// The virtual clock, in milliseconds.
    pub fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }

    /// The managed LUN that the information describes: the only one with one of its page-0x83 identifiers.
    pub fn find(&self, lun: &LunInformation) -> Option<LunId> {
        let identifiers = &lun.device_id_descriptor.identifiers;
        let named = identifiers.iter().filter(|id| matches!(id.identifier_type.0, 1 | 2 | 3 | 8));
        let mut carriers = named.filter_map(|id| match self.storage.luns_by_page83(&id.identifier) {
            [only] => Some(*only),
            _ => None,
        });
        carriers.find(|lun| self.manages(*lun))
    }

    fn manages(&self, lun: LunId) -> bool {
        let array = self.storage.lun(lun).ok().and_then(crate::storage::Lun::array);
        array.is_some_and(|array| self.arrays.contains(&array))
    }

    /// What any host finds on the LUN's SCSI pages. The disk signature is left zero, as a provider has to.
    pub fn information(&self, lun: LunId) -> Option<LunInformation> {
        lun_information(self.storage, lun)
    }

    /// The LUN's size in bytes; 0 when it is gone.
    pub fn size(&self, lun: LunId) -> u64 {
        self.storage.lun(lun).map_or(0, crate::storage::Lun::size)
    }

    /// Copies a LUN as it is now, with a serial number and identifiers of its own, masked from every host.
    pub fn copy(&mut self, source: LunId, kind: CopyKind) -> Option<LunId> {
        let original = self.storage.lun(source).ok()?;
        let serial = self.ids.next_serial();
        let name = [original.name(), "/", &*serial].concat().into();
        let page83 = self.ids.next_page83(Page83::Unique, original.array());
        let kind = match kind {
            CopyKind::Clone => crate::storage::CopyKind::Clone,
            CopyKind::Differential => crate::storage::CopyKind::Differential,
        };
        self.storage.copy_lun(source, CopyDescription { name, serial, page83, kind }).ok()
    }

    /// Deletes a LUN that is a copy; any other is left alone and `false` answered.
    pub fn delete_copy(&mut self, lun: LunId) -> bool {
        let is_copy = self.storage.lun(lun).is_ok_and(|lun| lun.copy_of().is_some());
        is_copy && self.storage.delete_lun(lun).is_ok()
    }

    /// Lets the calling host see the LUN, from its next rescan on.
    pub fn unmask(&mut self, lun: LunId) {
        // Both were just looked up.
        let _ = self.storage.unmask(lun, self.host);
    }

    /// Hides the LUN from the calling host, from its next rescan on.
    pub fn mask(&mut self, lun: LunId) {
        let _ = self.storage.mask(lun, self.host);
    }

    /// Gives each target its source's size and contents: all of them or, when a LUN is gone or cannot be resized, none.
    pub fn resync(&mut self, pairs: &[(LunId, LunId)]) -> bool {
        let possible = pairs.iter().all(|(source, target)| {
            let (Ok(from), Ok(to)) = (self.storage.lun(*source), self.storage.lun(*target)) else {
                return false;
            };
            let can_grow =
                to.array().and_then(|id| self.storage.array(id).ok()).is_some_and(|array| array.can_grow);
            from.array().is_some() && to.array().is_some() && (to.size() >= from.size() || can_grow)
        });
        possible && pairs.iter().all(|(source, target)| self.storage.resync(*source, *target).is_ok())
    }

    /// Writes to the application event log, as a provider must before it vetoes.
    pub fn log(&mut self, code: HResult, message: &str) {
        self.events.push(self.clock, EventLog::Application, self.name, code, message);
    }
}

/// What a host finds on a LUN's SCSI pages, the disk signature left zero.
pub(crate) fn lun_information(storage: &Storage, lun: LunId) -> Option<LunInformation> {
    let lun = storage.lun(lun).ok()?;
    let of_the_lun = lun.page83().iter().filter(|identifier| identifier.association == 0);
    Some(LunInformation {
        version: VER_VDS_LUN_INFORMATION,
        command_queueing: true,
        bus_type: if lun.array().is_some() { StorageBusType::FIBRE } else { StorageBusType::SAS },
        vendor_id: Some(lun.vendor().clone()),
        product_id: Some(lun.product().clone()),
        product_revision: Some(lun.revision().clone()),
        serial_number: Some(lun.serial().clone()),
        device_id_descriptor: DeviceIdDescriptor {
            version: 1,
            identifiers: of_the_lun.map(identifier).collect(),
        },
        ..LunInformation::default()
    })
}

fn identifier(page83: &Page83Identifier) -> StorageIdentifier {
    StorageIdentifier {
        code_set: StorageIdentifierCodeSet(page83.code_set.into()),
        identifier_type: StorageIdentifierType(page83.identifier_type.into()),
        identifier: page83.bytes.clone(),
    }
}
