//! The cases: one file for each interface or topic, each with a `CASES` list, collected here.
//!
//! | file or room | cases of |
//! |---|---|
//! | `every_method` | what the pages say of method after method in the same words: access, NULL pointers, memory, order |
//! | `creation` | `CreateVssBackupComponents` to `BackupComplete`: `InitializeForBackup`, `SetContext`, `SetBackupState`, `IsVolumeSupported`, `StartSnapshotSet`, `AddToSnapshotSet`, `PrepareForBackup`, `DoSnapshotSet`, `AbortBackup` |
//! | `lifetimes` | what requesters, processes and restarts leave of sets and copies |
//! | `properties`, `query`, `enumerator` | `GetSnapshotProperties`, `Query`, `IVssEnumObject` |
//! | `delete` | `DeleteSnapshots` |
//! | `exposure` | `ExposeSnapshot`, `UnexposeSnapshot` |
//! | `importing` | `ImportSnapshots` |
//! | `breaking` | `BreakSnapshotSet`, `BreakSnapshotSetEx` |
//! | `recovery_set`, `recover_set`, `recovery_conflicts` | `AddSnapshotToRecoverySet`, `RecoverSet`; LUNs that are copied from or onto twice |
//! | `reverting` | `RevertToSnapshot`, `QueryRevertStatus`, `ShouldBlockRevert` |
//! | `volume_snapshotted` | `IsVolumeSnapshotted` |
//! | `async_object` | `IVssAsync` |
//! | `session_id`, `writer_status` | `GetSessionId`, `GetWriterStatusEx` |
//! | `provider_answers`, `lateness` | what a requester sees of a hardware provider's answers, and of the time that one takes |
//! | `hardware_provider`, `software_provider` | providers, called as VSS calls them |
//! | `flow` | no cases: the ways that they share |
//!
//! To add one, write a function over [`Bench`](crate::bench::Bench) and put `case!("<outcome id>", function)` into the
//! list of its file; to add a file, put its list into [`REQUESTER`], or into one of the others if its cases call a
//! provider as VSS does.

mod async_object;
mod breaking;
mod creation;
mod delete;
mod enumerator;
mod every_method;
mod exposure;
mod flow;
pub mod hardware_provider;
mod importing;
mod lateness;
mod lifetimes;
mod properties;
mod provider_answers;
mod query;
mod recover_set;
mod recovery_conflicts;
mod recovery_set;
mod reverting;
mod session_id;
mod software_provider;
mod volume_snapshotted;
mod writer_status;

use crate::case::Case;

/// The lists of cases that call VSS as a requester does.
pub const REQUESTER: &[&[Case]] = &[
    recovery_set::CASES,
    recover_set::CASES,
    recovery_conflicts::CASES,
    writer_status::CASES,
    session_id::CASES,
    async_object::CASES,
    every_method::CASES,
    every_method::not_started::CASES,
    creation::objects::CASES,
    creation::context::CASES,
    creation::volume_supported::CASES,
    creation::sets::CASES,
    creation::names::CASES,
    creation::limits::CASES,
    creation::virtual_disks::CASES,
    creation::shares::CASES,
    creation::providers::CASES,
    creation::creating::CASES,
    creation::stalls::CASES,
    creation::ending::CASES,
    properties::CASES,
    query::CASES,
    enumerator::CASES,
    delete::CASES,
    exposure::exposed::CASES,
    exposure::refused::CASES,
    exposure::unexpose::CASES,
    volume_snapshotted::CASES,
    reverting::to_snapshot::CASES,
    reverting::status::CASES,
    reverting::blocked::CASES,
    lateness::CASES,
    lifetimes::CASES,
    provider_answers::creation::CASES,
    provider_answers::aside::CASES,
    provider_answers::import::CASES,
    provider_answers::loading::CASES,
    importing::arrivals::CASES,
    importing::what_is_missing::CASES,
    importing::places::CASES,
    importing::order::CASES,
    importing::lifetimes::CASES,
    breaking::plain::CASES,
    breaking::exposed::CASES,
    breaking::flags::CASES,
    breaking::identities::CASES,
    breaking::refusals::CASES,
    breaking::fast_recovery::CASES,
];

/// The lists of cases about providers of volumes and of file shares.
pub const SOFTWARE_PROVIDER: &[&[Case]] =
    &[software_provider::volumes::CASES, software_provider::shares::CASES];

/// The lists of cases about a hardware provider.
pub const HARDWARE_PROVIDER: &[&[&[Case]]] = &[
    hardware_provider::BASIC,
    hardware_provider::OPTIONAL,
    hardware_provider::TROUBLE,
    hardware_provider::PLEX,
    hardware_provider::DIFFERENTIAL,
    hardware_provider::TRANSPORTABLE,
    hardware_provider::RESYNC,
];

/// The case about a hardware provider of that name, for that outcome.
pub fn of_hardware_provider(name: &str, outcome: &str) -> Option<&'static Case> {
    of_hardware_providers().find(|case| case.name == name && case.outcome == outcome)
}

/// Every case that calls VSS as a requester does.
pub fn of_requesters() -> impl Iterator<Item = &'static Case> {
    REQUESTER.iter().copied().flatten()
}

/// Every case about a hardware provider.
pub fn of_hardware_providers() -> impl Iterator<Item = &'static Case> {
    HARDWARE_PROVIDER.iter().copied().flatten().copied().flatten()
}

/// Every case, list by list.
pub fn all() -> impl Iterator<Item = &'static Case> {
    let of_software_providers = SOFTWARE_PROVIDER.iter().copied().flatten();
    let of_the_reference = hardware_provider::OF_THE_REFERENCE.iter().copied().flatten();
    of_requesters().chain(of_software_providers).chain(of_hardware_providers()).chain(of_the_reference)
}
