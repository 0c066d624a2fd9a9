//! `IVssSoftwareSnapshotProvider` and `IVssFileShareSnapshotProvider`: one body for the methods that both have.
//!
//! A case calls the provider itself, as VSS does, unless it is about what VSS calls it for.

mod calls;
mod copier;
mod effects;
mod limits;
mod listing;
mod refusals;
mod reverts;
mod scene;
mod through_vss;

pub(super) mod shares;
pub(super) mod volumes;
