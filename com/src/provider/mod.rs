//! Hardware providers over COM.
//!
//! | room | holds |
//! |---|---|
//! | [`client`] | a [`HardwareProvider`](vss_sim::provider::HardwareProvider) over a COM object: anybody's provider |
//! | [`server`] | a COM object over a [`HardwareProvider`](vss_sim::provider::HardwareProvider) |
//!
//! The array stays a simulated one. A provider acts on it through `IVsslabArray`
//! ([`IVsslabArray`](crate::abi::IVsslabArray)), which it is handed as the `pCallback` of
//! `IVssProviderNotifications::OnLoad`: that parameter is reserved, so a provider that does not know of it leaves it alone.
//! `com/include/vsslab_provider.h` declares the interface for C and C++.

mod array_codes;
pub mod client;
pub mod server;
#[cfg(test)]
mod tests;

use client::ComProvider;
use std::path::Path;
use std::sync::Arc;
use vss_sim::lab::Provider;
use vss_sim::provider::MakeProvider;

/// Makes the provider that a lab names: the class of its key `com`, or else the reference provider. What a class can do
/// is its own matter, so a lab that takes an ability away from it cannot be set up.
pub fn make_provider() -> MakeProvider {
    let reference = vss_sim::provider::reference();
    Arc::new(move |described| {
        let Some(class) = &described.com else { return reference(described) };
        let able = Provider { name: described.name.clone(), id: described.id, ..Provider::new("") };
        if (Provider { com: None, ..described.clone() }) != able {
            let why = "what a COM class can do is its own matter, and cannot be set by `ex`, `resync`, `transportable` or `copies`";
            return Err(why.into());
        }
        let dll = class.dll.as_deref().map(Path::new);
        let provider = ComProvider::open(dll, class.clsid).map_err(|error| error.to_string())?;
        Ok(Box::new(provider))
    })
}
