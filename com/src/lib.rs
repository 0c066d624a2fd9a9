//! VSS as COM has it: the interfaces declared, a server that puts any backend behind them, and a client that is a backend
//! over any `vssapi.dll`.
//!
//! | room | holds |
//! |---|---|
//! | [`abi`] | the vtables of both sides, requester and provider, with the structures that go through them |
//! | [`server`] | COM objects over a [`Backend`](vss_sim::api::Backend): what a requester gets hold of |
//! | [`client`] | a [`Backend`](vss_sim::api::Backend) over COM objects: ours, or those of Windows |
//! | [`provider`] | the same two for hardware providers: a provider as a COM object, a COM object as a provider |
//! | [`memory`] | task memory, which one side takes and the other frees |
//! | [`machine`] | a client's manners where data is real |
//! | [`control`] | what the server's DLL can be asked beside VSS: labs, faults, time, effects |
//!
//! Server and client are made from the same tables as the vtables, one function for each method, so a parameter cannot go
//! one way in one of them and another way in the other.

#![expect(unsafe_code, reason = "COM is pointers; this crate keeps them from the others")]

#[macro_use]
mod directions;

pub mod abi;
mod boundary;
pub mod client;
pub mod control;
pub mod machine;
pub mod memory;
mod object;
pub mod provider;
pub mod server;
mod values;
