//! Shadow copies, once they are made: the catalogue of them ([`snapshots`]) and what is done with them. They come up on a
//! host after the commit ([`arrival`]) or by an import, whose LUNs [`locate`] finds and whose copies [`importable`] judges;
//! they are listed ([`query`]), get names ([`exposure`], [`devices`]), are reverted to, broken, and deleted ([`removal`]).

pub(in crate::service) mod arrival;
pub(in crate::service) mod breaking;
pub(in crate::service) mod devices;
pub(in crate::service) mod exposure;
pub(in crate::service) mod import;
pub(in crate::service) mod importable;
pub(in crate::service) mod locate;
pub(in crate::service) mod query;
pub(in crate::service) mod removal;
pub(in crate::service) mod revert;
pub(in crate::service) mod snapshots;
