//! The vtables of VSS, and the structures that go through them, under the headers' names.
//!
//! Nothing here is generated: the tables are the source, written as the SDK's pages and headers have them. The test
//! `abi` holds each slot, signature, structure and IID of the tables against the headers of mingw-w64. Those have no
//! second base of [`IVssWriterComponentsExt`], which the SDK's page names.

mod component;
mod interface;
mod metadata;
mod provider;
mod requester;
mod types;
mod unknown;

pub use component::*;
pub use interface::{Direction, Interface, Method, Parameter};
pub use metadata::*;
pub use provider::*;
pub use requester::*;
pub use types::*;
pub use unknown::{IUnknown, Nothing};
