//! What a hardware provider may touch: the LUNs of the arrays that it manages, and the event log.

use crate::api::{HResult, LunInformation};
use crate::lab::CopyKind;
use crate::storage::LunId;

/// The management port of a provider's arrays, for the length of one call.
///
/// Everything but the clock and the event log goes to the array, which may refuse ([`ArrayError`]).
pub trait ArrayPort {
    /// The virtual clock, in milliseconds.
    fn now_ms(&self) -> u64;

    /// Whether the array answers at all: what a provider asks in a call that needs nothing else of it.
    ///
    /// # Errors
    /// It does not.
    fn check(&mut self) -> Result<(), ArrayError>;

    /// The managed LUN that the information describes: the only one with one of its page-0x83 identifiers.
    ///
    /// # Errors
    /// The array refuses.
    fn find(&mut self, lun: &LunInformation) -> Result<Option<LunId>, ArrayError>;

    /// What any host finds on the LUN's SCSI pages. The disk signature is left zero, as a provider has to.
    ///
    /// # Errors
    /// The LUN is gone, or the array refuses.
    fn information(&mut self, lun: LunId) -> Result<LunInformation, ArrayError>;

    /// The LUN's size in bytes.
    ///
    /// # Errors
    /// The LUN is gone, or the array refuses.
    fn size(&mut self, lun: LunId) -> Result<u64, ArrayError>;

    /// Copies a LUN as it is now, with a serial number and identifiers that no LUN had before, masked from every host.
    ///
    /// # Errors
    /// The source is gone, or the array refuses.
    fn copy(&mut self, source: LunId, kind: CopyKind) -> Result<LunId, ArrayError>;

    /// Deletes a LUN that is a copy.
    ///
    /// # Errors
    /// It is none, it is gone, or the array refuses.
    fn delete_copy(&mut self, lun: LunId) -> Result<(), ArrayError>;

    /// Lets the calling host see the LUN, from its next rescan on.
    ///
    /// # Errors
    /// The LUN is gone, or the array refuses.
    fn unmask(&mut self, lun: LunId) -> Result<(), ArrayError>;

    /// Hides the LUN from the calling host, from its next rescan on.
    ///
    /// # Errors
    /// The LUN is gone, or the array refuses.
    fn mask(&mut self, lun: LunId) -> Result<(), ArrayError>;

    /// The array begins to copy, and remembers it until [`end_resync`](Self::end_resync): no other resync, from whichever
    /// host, may write to one of these LUNs meanwhile, nor copy from a target. An array that keeps no account of its
    /// resyncs lets every one begin.
    ///
    /// # Errors
    /// A LUN is gone or busy, or the array refuses.
    fn begin_resync(&mut self, _pairs: &[(LunId, LunId)]) -> Result<(), ArrayError> {
        Ok(())
    }

    /// The copying that the calling host has begun is over: it is complete, has failed or was stopped.
    fn end_resync(&mut self, _pairs: &[(LunId, LunId)]) {}

    /// Gives each target its source's size and contents: all of them or, on any error, none.
    ///
    /// # Errors
    /// A LUN is gone or cannot be given that size, or the array refuses.
    fn resync(&mut self, pairs: &[(LunId, LunId)]) -> Result<(), ArrayError>;

    /// Writes to the LUN through the calling host, as any program there does. While VSS holds the writes this blocks
    /// until the hold is given up, so a provider does it in no call of a creation.
    ///
    /// # Errors
    /// The LUN is gone, or the range lies outside of it.
    fn write_through_host(&mut self, lun: LunId, offset: u64, bytes: &[u8]) -> Result<(), ArrayError>;

    /// Writes to the application event log, as a provider must before it vetoes.
    fn log(&mut self, code: HResult, message: &str);
}

/// Why an array does not do what a provider asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArrayError {
    /// There is no such LUN (any more).
    #[error("the LUN is gone: present it again and repeat the operation")]
    NoSuchLun,
    /// Only copies can be deleted.
    #[error("the LUN is no copy of this array: delete it by hand if it is not needed")]
    NotACopy,
    /// The target is smaller than its source and stays so.
    #[error("the array cannot give the LUN that size: name a larger one")]
    CannotResize,
    /// Another resync writes to the LUN, or copies from one that is to be written to.
    #[error(
        "another resync copies from or onto the LUN: wait until that has ended, then repeat the operation"
    )]
    Busy,
    /// No room is left for a copy.
    #[error("the array has no room left: delete what is not needed")]
    OutOfSpace,
    /// It has no memory or no free session left for the request.
    #[error("the array is out of resources: try again later")]
    OutOfResources,
    /// It fails inside.
    #[error("the array fails: see to it and repeat the operation")]
    Fails,
}
