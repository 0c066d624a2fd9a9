//! A port that does not do everything that it says.

use vss_sim::api::{HResult, LunInformation};
use vss_sim::lab::CopyKind;
use vss_sim::provider::{ArrayError, ArrayPort};
use vss_sim::storage::LunId;

/// A port without some of its effects.
pub(super) struct Without<'p> {
    port: &'p mut dyn ArrayPort,
    /// Nothing is written to the event log.
    log: bool,
    /// Nothing is deleted.
    deletion: bool,
}

impl<'p> Without<'p> {
    /// Without its event log.
    pub(super) fn log(port: &'p mut dyn ArrayPort) -> Self {
        Self { port, log: true, deletion: false }
    }

    /// Without deletions.
    pub(super) fn deletion(port: &'p mut dyn ArrayPort) -> Self {
        Self { port, log: false, deletion: true }
    }
}

impl ArrayPort for Without<'_> {
    fn now_ms(&self) -> u64 {
        self.port.now_ms()
    }

    fn check(&mut self) -> Result<(), ArrayError> {
        self.port.check()
    }

    fn find(&mut self, lun: &LunInformation) -> Result<Option<LunId>, ArrayError> {
        self.port.find(lun)
    }

    fn information(&mut self, lun: LunId) -> Result<LunInformation, ArrayError> {
        self.port.information(lun)
    }

    fn size(&mut self, lun: LunId) -> Result<u64, ArrayError> {
        self.port.size(lun)
    }

    fn copy(&mut self, source: LunId, kind: CopyKind) -> Result<LunId, ArrayError> {
        self.port.copy(source, kind)
    }

    fn delete_copy(&mut self, lun: LunId) -> Result<(), ArrayError> {
        if self.deletion { Ok(()) } else { self.port.delete_copy(lun) }
    }

    fn unmask(&mut self, lun: LunId) -> Result<(), ArrayError> {
        self.port.unmask(lun)
    }

    fn mask(&mut self, lun: LunId) -> Result<(), ArrayError> {
        self.port.mask(lun)
    }

    fn begin_resync(&mut self, pairs: &[(LunId, LunId)]) -> Result<(), ArrayError> {
        self.port.begin_resync(pairs)
    }

    fn end_resync(&mut self, pairs: &[(LunId, LunId)]) {
        self.port.end_resync(pairs);
    }

    fn resync(&mut self, pairs: &[(LunId, LunId)]) -> Result<(), ArrayError> {
        self.port.resync(pairs)
    }

    fn write_through_host(&mut self, lun: LunId, offset: u64, bytes: &[u8]) -> Result<(), ArrayError> {
        self.port.write_through_host(lun, offset, bytes)
    }

    fn log(&mut self, code: HResult, message: &str) {
        if !self.log {
            self.port.log(code, message);
        }
    }
}
