//! The simulated array behind an [`ArrayPort`].

use super::FLUSH_AND_HOLD_MS;
use super::port::{ArrayError, ArrayPort};
use crate::api::{
    DeviceIdDescriptor, EventLog, HResult, LunInformation, StorageBusType, StorageIdentifier,
    StorageIdentifierCodeSet, StorageIdentifierType, VER_VDS_LUN_INFORMATION,
};
use crate::lab::{Clock, CopyKind, Events, LunIds, Page83};
use crate::storage::{ArrayId, CopyDescription, HostId, Lun, LunError, LunId, Page83Identifier, Storage};

/// The simulated arrays of one provider, for the length of one call.
#[derive(Debug)]
pub(crate) struct StoragePort<'w> {
    pub(crate) storage: &'w mut Storage,
    pub(crate) events: &'w mut Events,
    pub(crate) ids: &'w mut LunIds,
    pub(crate) clock: Clock,
    /// The host on which VSS calls.
    pub(crate) host: HostId,
    /// The provider's name, as the source of its events.
    pub(crate) name: &'w str,
    pub(crate) arrays: &'w [ArrayId],
    /// What the array answers to whatever it is asked in this call.
    pub(crate) trouble: Option<ArrayError>,
    /// Whether VSS holds the writes of its host's volumes.
    pub(crate) held: bool,
    pub(crate) notes: Notes,
}

/// What a provider did in one call that its reply does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notes {
    /// The array refused something because the lab says so.
    pub(crate) troubled: bool,
    /// How often it did I/O through its host.
    pub(crate) host_io: u32,
    /// How many event-log entries it wrote.
    pub(crate) logged: u32,
    /// For how long its I/O was held, in milliseconds.
    pub(crate) blocked_ms: u64,
}

impl StoragePort<'_> {
    /// A managed LUN.
    fn lun(&self, lun: LunId) -> Result<&Lun, ArrayError> {
        if self.manages(lun) { self.storage.lun(lun).map_err(refused) } else { Err(ArrayError::NoSuchLun) }
    }

    fn manages(&self, lun: LunId) -> bool {
        let array = self.storage.lun(lun).ok().and_then(Lun::array);
        array.is_some_and(|array| self.arrays.contains(&array))
    }

    fn can_take(&self, source: LunId, target: LunId) -> Result<(), ArrayError> {
        let (from, to) = (self.lun(source)?, self.lun(target)?);
        let array = to.array().and_then(|id| self.storage.array(id).ok());
        let fits = to.size() >= from.size() || array.is_some_and(|array| array.can_grow);
        if fits { Ok(()) } else { Err(ArrayError::CannotResize) }
    }
}

/// What an array says of its storage's error.
fn refused(error: LunError) -> ArrayError {
    match error {
        LunError::TargetTooSmall { .. } | LunError::CantGrow => ArrayError::CannotResize,
        LunError::Busy(_) => ArrayError::Busy,
        LunError::NoLun(_) | LunError::NotOnArray(_) => ArrayError::NoSuchLun,
        _ => ArrayError::Fails,
    }
}

impl ArrayPort for StoragePort<'_> {
    fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }

    fn check(&mut self) -> Result<(), ArrayError> {
        match self.trouble {
            Some(trouble) => {
                self.notes.troubled = true;
                Err(trouble)
            }
            None => Ok(()),
        }
    }

    fn find(&mut self, lun: &LunInformation) -> Result<Option<LunId>, ArrayError> {
        self.check()?;
        let identifiers = &lun.device_id_descriptor.identifiers;
        let named = identifiers.iter().filter(|id| matches!(id.identifier_type.0, 1 | 2 | 3 | 8));
        let mut carriers = named.filter_map(|id| match self.storage.luns_by_page83(&id.identifier) {
            [only] => Some(*only),
            _ => None,
        });
        Ok(carriers.find(|lun| self.manages(*lun)))
    }

    fn information(&mut self, lun: LunId) -> Result<LunInformation, ArrayError> {
        self.check()?;
        self.lun(lun).map(information_of)
    }

    fn size(&mut self, lun: LunId) -> Result<u64, ArrayError> {
        self.check()?;
        self.lun(lun).map(Lun::size)
    }

    fn copy(&mut self, source: LunId, kind: CopyKind) -> Result<LunId, ArrayError> {
        self.check()?;
        let serial = self.ids.next_serial();
        let original = self.lun(source)?;
        let (name, array) = ([original.name(), "/", &*serial].concat().into(), original.array());
        let page83 = self.ids.next_page83(Page83::Unique, array);
        let kind = match kind {
            CopyKind::Clone => crate::storage::CopyKind::Clone,
            CopyKind::Differential => crate::storage::CopyKind::Differential,
        };
        self.storage.copy_lun(source, CopyDescription { name, serial, page83, kind }).map_err(refused)
    }

    fn delete_copy(&mut self, lun: LunId) -> Result<(), ArrayError> {
        self.check()?;
        if self.lun(lun)?.copy_of().is_none() {
            return Err(ArrayError::NotACopy);
        }
        self.storage.delete_lun(lun).map(drop).map_err(refused)
    }

    fn unmask(&mut self, lun: LunId) -> Result<(), ArrayError> {
        self.check()?;
        self.lun(lun)?;
        self.storage.unmask(lun, self.host).map_err(refused)
    }

    fn mask(&mut self, lun: LunId) -> Result<(), ArrayError> {
        self.check()?;
        self.lun(lun)?;
        self.storage.mask(lun, self.host).map_err(refused)
    }

    fn begin_resync(&mut self, pairs: &[(LunId, LunId)]) -> Result<(), ArrayError> {
        self.check()?;
        pairs
            .iter()
            .flat_map(|(source, target)| [source, target])
            .try_for_each(|lun| self.lun(*lun).map(drop))?;
        self.storage.begin_resync(pairs, self.host).map_err(refused)
    }

    fn end_resync(&mut self, pairs: &[(LunId, LunId)]) {
        self.storage.end_resync(pairs, self.host);
    }

    fn resync(&mut self, pairs: &[(LunId, LunId)]) -> Result<(), ArrayError> {
        self.check()?;
        pairs.iter().try_for_each(|(source, target)| self.can_take(*source, *target))?;
        pairs.iter().try_for_each(|(source, target)| self.storage.resync(*source, *target).map_err(refused))
    }

    fn write_through_host(&mut self, lun: LunId, offset: u64, bytes: &[u8]) -> Result<(), ArrayError> {
        self.notes.host_io += 1;
        if self.held {
            self.notes.blocked_ms = FLUSH_AND_HOLD_MS;
        }
        self.lun(lun)?;
        self.storage.write_lun(lun, offset, bytes).map_err(refused)
    }

    fn log(&mut self, code: HResult, message: &str) {
        self.notes.logged += 1;
        self.events.push(self.clock, EventLog::Application, self.name, code, message);
    }
}

/// What a host finds on a LUN's SCSI pages, the disk signature left zero.
pub(crate) fn lun_information(storage: &Storage, lun: LunId) -> Option<LunInformation> {
    storage.lun(lun).ok().map(information_of)
}

fn information_of(lun: &Lun) -> LunInformation {
    let of_the_lun = lun.page83().iter().filter(|identifier| identifier.association == 0);
    LunInformation {
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
    }
}

fn identifier(page83: &Page83Identifier) -> StorageIdentifier {
    StorageIdentifier {
        code_set: StorageIdentifierCodeSet(page83.code_set.into()),
        identifier_type: StorageIdentifierType(page83.identifier_type.into()),
        identifier: page83.bytes.clone(),
    }
}
