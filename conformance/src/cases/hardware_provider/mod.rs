//! A hardware provider, called as VSS calls it: in every legal order, at every point of failure, and in illegal ones.
//!
//! These cases know the provider through [`Bench::call_provider`](crate::bench::Bench::call_provider) only, so they
//! judge the reference provider, a vendor's own, and one behind COM alike.

mod codes;
mod commit;
mod copies;
mod presence;
mod reclaim;
mod resync;
mod sets;
mod support;
mod target_luns;
mod volumes;
mod vss;

use crate::case::Case;

pub use volumes::under_test;

/// Why a case about effects on LUNs is skipped.
pub const OWN_STORAGE: &str = "the provider works on storage of its own, which cannot be looked at";

/// Cases that every hardware provider has to pass.
pub const BASIC: &[&[Case]] = &[
    codes::SUCCESS,
    support::CASES,
    sets::CASES,
    sets::UNKNOWN,
    commit::CASES,
    target_luns::CASES,
    presence::CASES,
    reclaim::CASES,
    codes::BAD_PARAMETER,
];

/// Cases about what a provider may do in more than one way, or not at all: they may be skipped, but not fail.
pub const OPTIONAL: &[&[Case]] = &[sets::OUT_OF_ORDER, codes::BAD_SET, reclaim::OPTIONAL, resync::OPTIONAL];

/// Cases that show what the reference provider answers where another may answer otherwise.
pub const OF_THE_REFERENCE: &[&[Case]] = &[support::LESS, sets::UNKNOWN_ABORTED, reclaim::RESERVED];

/// Cases in which the array refuses. A provider that works on storage of its own cannot be brought there.
pub const TROUBLE: &[&[Case]] = &[codes::OUT_OF_RESOURCES, codes::ARRAY_FAILS, codes::OUT_OF_SPACE];

/// Cases for providers that make full copies when asked.
pub const PLEX: &[&[Case]] = &[copies::PLEX];

/// Cases for providers that make differential copies when asked.
pub const DIFFERENTIAL: &[&[Case]] = &[copies::DIFFERENTIAL];

/// Cases for providers whose copies can be moved to another host.
pub const TRANSPORTABLE: &[&[Case]] = &[copies::TRANSPORTABLE];

/// Cases for providers that copy shadow copies back.
pub const RESYNC: &[&[Case]] = &[resync::CASES];
