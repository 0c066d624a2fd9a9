//! The COM interfaces of Windows VSS, declared.
//!
//! [`abi`] has the vtables of both sides, requester and provider, with the structures that go through them.

pub mod abi;
