//! Providers: the [`HardwareProvider`] trait, the reference array provider and the system provider.
//!
//! A call on a provider is a value, as a requester's is: [`ProviderCall`] in, [`ProviderReply`] out.

mod array_provider;
mod codes;
mod copies;
mod port;
mod resync;
mod system_provider;

pub use array_provider::ArrayProvider;
pub use codes::{is_permitted, permitted};
pub use port::ArrayPort;
pub(crate) use port::lun_information;
pub use system_provider::SystemProvider;

use crate::api::{ProviderCall, ProviderReply};

/// A hardware provider as VSS sees it.
pub trait HardwareProvider: std::fmt::Debug + Send {
    /// Whether `QueryInterface` finds `IVssHardwareSnapshotProviderEx`. Without it the provider is a legacy one.
    fn implements_ex(&self) -> bool;

    /// Carries out a call. `array` is all that the provider may touch: the arrays that it manages and the event log.
    fn call(&mut self, on: ProviderObject, call: &ProviderCall, array: &mut ArrayPort<'_>) -> ProviderReply;
}

/// What a call on a provider is made on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderObject {
    /// The provider itself.
    Provider,
    /// An `IVssAsync` that it handed out, by its number.
    Async(u32),
}
