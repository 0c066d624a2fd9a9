//! Providers that work on the host's own volumes, or on file shares: the [`SoftwareProvider`] trait and the reference
//! provider, which the system provider and the file share provider are made of.

mod answers;
mod copies;
mod copy_on_write;
mod creation;
mod enumerator;
mod host_port;
mod names;
mod port;
mod questions;
mod refusal;
mod revert;
mod virtual_disks;

pub use copy_on_write::CopyOnWriteProvider;
pub(crate) use creation::SOFTWARE_COPIES_MAX;
pub(crate) use host_port::{HostPort, Share, visible_volume};
pub(crate) use names::{is_share, share_copy};
pub use port::{Place, Source, StoreError, VolumePort};
pub(crate) use virtual_disks::{VirtualDisks, depth_max};

use uuid::uuid;

use crate::api::{ProviderCall, ProviderId, ProviderObject, ProviderReply, SnapshotId};
use crate::storage::FrozenVolume;

/// A provider of copies of volumes or shares as VSS sees it.
pub trait SoftwareProvider: std::fmt::Debug + Send {
    /// Carries out a call. `host` is all that the provider may touch.
    fn call(&mut self, on: ProviderObject, call: &ProviderCall, host: &mut dyn VolumePort) -> ProviderReply;

    /// A host has restarted: the copies that lie there are lost, but for persistent ones. Answers which. Where a copy lies
    /// follows from the name of its volume or share, as VSS has it.
    fn host_restarts(&mut self, lies_there: &dyn Fn(&str) -> bool) -> Vec<SnapshotId>;

    /// What one of its copies shows under that device object or UNC path, without a trailing backslash; case does not
    /// matter.
    fn shows(&self, device_object: &str) -> Option<&FrozenVolume>;
}

/// The provider that comes with Windows: copy-on-write copies of single volumes.
#[derive(Clone, Copy, Debug)]
pub struct SystemProvider;

impl SystemProvider {
    /// The system provider's documented id is not simulated; this one lies in the simulation's own range.
    pub const ID: ProviderId = ProviderId(uuid!("7673736c-0000-0000-0000-000000000001"));

    /// Its name.
    pub const NAME: &str = crate::lab::SYSTEM_PROVIDER;
}

/// The provider that makes copies of file shares, from Windows 8 and Windows Server 2012 on.
#[derive(Clone, Copy, Debug)]
pub struct FileShareProvider;

impl FileShareProvider {
    /// Lies in the simulation's own range.
    pub const ID: ProviderId = ProviderId(uuid!("7673736c-0000-0000-0000-000000000002"));

    /// Its name.
    pub const NAME: &str = crate::lab::FILE_SHARE_PROVIDER;
}
