//! What a software provider may touch: volumes and shares by name, their state at an instant, and the event log.

use crate::api::{HResult, ProviderId, SnapshotId, Text, VolumeGuid};
use crate::lab::Os;
use crate::provider::ArrayError;
use crate::storage::{FileSystem, FrozenVolume, HostId};

/// The host that VSS calls the provider on, for the length of one call.
///
/// What touches the provider's store, which lies on the host's volumes, may be refused ([`StoreError`]).
pub trait VolumePort {
    /// The virtual clock, in milliseconds.
    fn now_ms(&self) -> u64;

    /// The virtual clock in 100 ns since 1601, as `VSS_TIMESTAMP` has it.
    fn filetime(&self) -> i64;

    /// The host's operating system.
    fn os(&self) -> Os;

    /// The host's name.
    fn machine(&self) -> Text;

    /// The id under which the provider is registered.
    fn provider_id(&self) -> ProviderId;

    /// The registry's `MaxShadowCopies`: how many client-accessible copies of one volume the host keeps.
    fn max_shadow_copies(&self) -> u32;

    /// Whether the caller is an administrator or has backup privileges.
    fn caller_is_privileged(&self) -> bool;

    /// Whether the store answers at all: what a provider asks in a call that needs nothing else of it.
    ///
    /// # Errors
    /// It does not.
    fn check(&mut self) -> Result<(), StoreError>;

    /// The present volume of the host with that name, in any form.
    fn find_volume(&self, name: &str) -> Option<Source>;

    /// The share of any host with that UNC path.
    fn find_share(&self, path: &str) -> Option<Source>;

    /// The device object under which the host shows a copy from now on: `\\?\GLOBALROOT\Device\...`.
    fn device_object(&mut self, copy: SnapshotId) -> Text;

    /// The volume as it is now.
    ///
    /// # Errors
    /// It is gone, or the store refuses.
    fn freeze(&mut self, place: Place) -> Result<FrozenVolume, StoreError>;

    /// Gives the volume the bytes that it had: all of them or, on any error, none.
    ///
    /// # Errors
    /// The volume is gone or cannot be written, or the store refuses.
    fn restore(&mut self, place: Place, then: &FrozenVolume) -> Result<(), StoreError>;

    /// Writes to the application event log, as a provider must before it vetoes.
    fn log(&mut self, code: HResult, message: &str);
}

/// Where the bytes of a volume or share are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The host that has the volume.
    pub host: HostId,
    /// The volume.
    pub volume: VolumeGuid,
}

/// A volume or share that was found by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub place: Place,
    /// Its name as VSS has it: `\\?\Volume{...}\`, or the UNC path without a trailing backslash.
    pub name: Text,
    /// The machine that has it.
    pub machine: Text,
    /// The volume's file system.
    pub file_system: FileSystem,
    /// How many virtual disks lie one in another under the volume.
    pub vhd_depth: usize,
}

/// Why a provider's store does not do what it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The volume is gone, or cannot be written.
    #[error("the volume is gone or cannot be written: bring it back and repeat the operation")]
    NoVolume,
    /// No room is left for differences.
    #[error("no room is left for differences: delete old shadow copies")]
    OutOfSpace,
    /// No memory is left.
    #[error("the provider is out of resources: try again later")]
    OutOfResources,
    /// It fails inside.
    #[error("the volume with the differences fails: check it and repeat the operation")]
    Fails,
}

/// The same causes strike the store of a software provider and the array of a hardware provider.
impl From<ArrayError> for StoreError {
    fn from(error: ArrayError) -> Self {
        match error {
            ArrayError::NoSuchLun | ArrayError::NotACopy | ArrayError::CannotResize => Self::NoVolume,
            ArrayError::OutOfSpace => Self::OutOfSpace,
            ArrayError::OutOfResources => Self::OutOfResources,
            ArrayError::Busy | ArrayError::Fails => Self::Fails,
        }
    }
}
