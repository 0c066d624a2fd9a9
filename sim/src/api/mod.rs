//! The vocabulary: codes, ids, flags, LUN information, calls and replies, and the [`Backend`] trait.
//!
//! A VSS call is a value: [`Call`] in, [`Reply`] out. Everything here can be serialised.

mod backend;
mod call;
mod enums;
pub mod face;

mod flags;
mod hresult;
mod ids;
mod lun_information;
mod methods;
mod object;
mod open_enum;
mod outside;
mod properties;
mod provider_call;
mod reply;
mod shorthands;

/// A string of VSS. Cheap to clone, as calls and replies are kept in traces.
pub type Text = std::sync::Arc<str>;

/// What names a volume in `\\?\Volume{...}\`.
pub type VolumeGuid = Guid;

/// `FILETIME`: 100 ns since 1601.
pub type FileTime = u64;

pub use backend::{Backend, Capabilities, Target, Unavailable};
pub use call::{Call, Out};
pub use enums::*;
pub use flags::*;
pub use hresult::{CODES, HResult, UnknownCode};
pub use ids::*;
pub use lun_information::*;
pub use methods::Method;
pub use object::{NoSuchObject, Object, ProviderObject, Ptr};
pub use outside::*;
pub use properties::*;
pub use provider_call::{ProviderCall, ProviderOut};
pub use reply::{ProviderReply, Reply};

/// `INFINITE`: the time-out of [`Call::Wait`] that never runs out.
pub const INFINITE: u32 = u32::MAX;
