//! The vtables of VSS, and the structures that go through them, under the headers' names.
//!
//! Nothing here is generated: the tables are the source, written as the SDK's pages and headers have them. The test
//! `abi` holds each slot, signature, structure and IID of the tables against the headers of mingw-w64. Those have no
//! second base of [`IVssWriterComponentsExt`], which the SDK's page names.

mod array;
mod class;
mod component;
mod functions;
mod interface;
mod metadata;
mod provider;
mod requester;
mod types;
mod unknown;

pub use array::*;
pub use class::*;
pub(crate) use component::component_interfaces;
pub use component::*;
pub use interface::{Direction, Interface, Method, Parameter};
pub(crate) use metadata::metadata_interfaces;
pub use metadata::*;
pub(crate) use provider::hardware_interfaces;
pub use provider::*;
pub(crate) use requester::requester_interfaces;
pub use requester::*;
pub use types::*;
pub use unknown::{IUnknown, Nothing};
