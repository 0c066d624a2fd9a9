//! What requesters hold: their object ([`session`]), the operations that it has begun ([`async_object`] is what a caller
//! sees of one, [`operations`] what it does), what `Query` has handed out ([`enumerators`]). [`apply`] alone changes an
//! object; [`functions`] make new ones; with [`departure`] they end.

pub(in crate::service) mod apply;
pub(in crate::service) mod async_object;
pub(in crate::service) mod departure;
pub(in crate::service) mod enumerators;
pub(in crate::service) mod functions;
pub(in crate::service) mod operations;
pub(in crate::service) mod session;
