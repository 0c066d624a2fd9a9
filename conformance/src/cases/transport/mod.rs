//! `IVssBackupComponents::ImportSnapshots`: sets that one host makes and another brings up.

pub(super) mod arrivals;
pub(super) mod lifetimes;
pub(super) mod order;
pub(super) mod places;
pub(super) mod what_is_missing;

/// What every import is about that is let through: how it ends is told by its `IVssAsync`.
const BEGUN: &str = "IVssBackupComponents::ImportSnapshots/S_OK/async-returned";
