//! A COM object over any [`HardwareProvider`](vss_sim::provider::HardwareProvider): what a library with a provider hands
//! out.
//!
//! The object has `IVssHardwareSnapshotProvider`, `IVssProviderCreateSnapshotSet` and `IVssProviderNotifications` and, if
//! the provider does, `IVssHardwareSnapshotProviderEx`. Calls may come from any thread; they are made one after another.
//! A panic becomes `E_UNEXPECTED`.
//!
//! The provider's [`ArrayPort`](vss_sim::provider::ArrayPort) is the `IVsslabArray` that `OnLoad` brings. Without one, as
//! under Windows' own VSS or before `OnLoad`, the array refuses everything with
//! [`ArrayError::Fails`](vss_sim::provider::ArrayError::Fails), it is 0 o'clock, and event-log entries are lost.
//!
//! A library exports three functions:
//!
//! | export | from |
//! |---|---|
//! | `DllGetClassObject` | [`class_object`] |
//! | `DllCanUnloadNow` | [`can_unload_now`] |
//! | `VsslabUseAllocator`, off Windows | [`use_allocator`](crate::memory) |

mod by_hand;
mod class;
mod luns;
mod methods;
mod object;
mod operation;
mod port;

pub use class::{MakeObject, can_unload_now, class_object};
