//! The cases: one file for each interface or topic, each with a `CASES` list, collected here.
//!
//! To add one, write a function over [`Bench`](crate::bench::Bench) and put `case!("<outcome id>", function)` into the
//! list of its file; to add a file, put its list into [`ALL`].

mod async_object;
mod flow;
pub mod hardware_provider;
mod properties;
mod recover_set;
mod recovery_set;
mod session_id;
mod software_provider;
mod writer_status;

use crate::case::Case;

/// Every list of cases.
pub const ALL: &[&[Case]] = &[
    recovery_set::CASES,
    recover_set::CASES,
    writer_status::CASES,
    session_id::CASES,
    async_object::CASES,
    properties::CASES,
    software_provider::volumes::CASES,
    software_provider::shares::CASES,
];

/// The lists of cases about a hardware provider.
pub const PROVIDER: &[&[&[Case]]] = &[
    hardware_provider::BASIC,
    hardware_provider::OPTIONAL,
    hardware_provider::TROUBLE,
    hardware_provider::PLEX,
    hardware_provider::DIFFERENTIAL,
    hardware_provider::TRANSPORTABLE,
    hardware_provider::RESYNC,
];

/// Every case about a hardware provider.
pub fn about_providers() -> impl Iterator<Item = &'static Case> {
    PROVIDER.iter().copied().flatten().copied().flatten()
}

/// Every case, list by list.
pub fn all() -> impl Iterator<Item = &'static Case> {
    ALL.iter().copied().flatten().chain(about_providers())
}
