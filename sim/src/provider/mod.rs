//! Providers: the [`HardwareProvider`] trait with the reference array provider, and the [`SoftwareProvider`] trait with
//! the reference provider of volumes and shares, which the system provider and the file share provider are made of.
//!
//! A call on a provider is a value, as a requester's is: [`ProviderCall`] in, [`ProviderReply`] out. What the provider
//! does goes through a port: an [`ArrayPort`] or a [`VolumePort`].

mod arguments;
mod array_provider;
mod codes;
mod copies;
mod port;
mod refusal;
mod resync;
mod software;
mod storage_port;

pub use array_provider::ArrayProvider;
pub(crate) use codes::LISTED_FOR_ALL;
pub use codes::{is_permitted, permitted, permitted_to_software};
pub use port::{ArrayError, ArrayPort};
pub use software::{
    CopyOnWriteProvider, FileShareProvider, Place, SoftwareProvider, Source, StoreError, SystemProvider,
    VolumePort,
};
pub(crate) use software::{
    HostPort, SOFTWARE_COPIES_MAX, Share, VirtualDisks, depth_max, is_share, share_copy, visible_volume,
};
pub(crate) use storage_port::{Notes, StoragePort, lun_information};

use crate::api::{ProviderCall, ProviderObject, ProviderReply};

/// For how long VSS can hold writes around `CommitSnapshots`, in milliseconds; then it gives the set up
/// (required-behaviors-for-shadow-copy-providers).
pub const FLUSH_AND_HOLD_MS: u64 = 10_000;

/// A hardware provider as VSS sees it.
pub trait HardwareProvider: std::fmt::Debug + Send {
    /// Whether `QueryInterface` finds `IVssHardwareSnapshotProviderEx`. Without it the provider is a legacy one.
    fn implements_ex(&self) -> bool;

    /// Carries out a call. `array` is all that the provider may touch: the arrays that it manages and the event log.
    fn call(&mut self, on: ProviderObject, call: &ProviderCall, array: &mut dyn ArrayPort) -> ProviderReply;
}

/// What makes the hardware providers that a lab describes: the reference one, or somebody's own.
pub type MakeProvider =
    std::sync::Arc<dyn Fn(&crate::lab::Provider) -> Result<Box<dyn HardwareProvider>, String> + Send + Sync>;

/// Makes the reference provider, with the abilities that the lab describes. It refuses one that is a COM class: nothing
/// here loads libraries.
pub fn reference() -> MakeProvider {
    std::sync::Arc::new(|described| match &described.com {
        None => Ok(Box::new(ArrayProvider::new(described.clone()))),
        Some(class) => Err(format!(
            "it is the COM class {{{}}}, and the simulator alone loads no library: make the simulator with the providers \
             of vss_com::provider::make_provider, or leave `com` out",
            class.clsid
        )),
    })
}
