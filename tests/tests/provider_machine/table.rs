//! Which check holds which documented entry of `provider-state-machine.json`.

use crate::checks as c;

/// What holds an entry.
pub(crate) enum Held {
    /// A check of the coordinator.
    By(fn()),
    /// The enumeration of everything that can befall a call, with its automaton; or another test of this workspace: its
    /// file and its name.
    Test(&'static str, &'static str),
    /// Cases of the conformance suite, by the end of their names: what a provider must do itself is held by those.
    Cases(&'static [&'static str]),
    /// It cannot be expressed (yet): why.
    Not(&'static str),
}

use Held::{By, Cases, Not, Test};

/// The section, how the entry begins, and what holds it.
pub(crate) type Row = (&'static str, &'static str, Held);

const ENUMERATED: Held = Test(include_str!("exhaustive.rs"), "whatever_befalls_a_call");
const RULES: &str = include_str!("../provider_rules.rs");
const CONVERSIONS: Held = Test(RULES, "a_code_passes_or_is_converted_and_nothing_is_left");
const PERMITTED: Held = Test(RULES, "the_permitted_codes_are_the_documented_ones");

pub(crate) const TABLE: &[Row] = &[
    ("transitions", "OnLoad(", By(c::the_whole_sequence)),
    ("transitions", "OnUnload(bForceUnload=TRUE)", By(c::unregistered)),
    (
        "transitions",
        "OnUnload(bForceUnload=FALSE)",
        Cases(&["provider_answers::loading::stays", "asks_to_stay_loaded"]),
    ),
    ("transitions", "AreLunsSupported from IDLE", By(c::adding_prepares)),
    ("transitions", "AreLunsSupported from PREPARING", By(c::adding_prepares)),
    ("transitions", "BeginPrepareSnapshot(set,", By(c::adding_prepares)),
    ("transitions", "BeginPrepareSnapshot, same", By(c::adding_prepares)),
    ("transitions", "BeginPrepareSnapshot, new", By(c::given_up_silently)),
    ("transitions", "EndPrepareSnapshots(set)", By(c::adding_prepares)),
    ("transitions", "PreCommitSnapshots(set)", By(c::providers_go_step_by_step)),
    ("transitions", "CommitSnapshots(set)", By(c::providers_go_step_by_step)),
    ("transitions", "PostCommitSnapshots(set,count)", By(c::providers_go_step_by_step)),
    ("transitions", "PreFinalCommitSnapshots(set)", By(c::the_whole_sequence)),
    ("transitions", "PostFinalCommitSnapshots(set)", By(c::the_whole_sequence)),
    ("transitions", "GetTargetLuns", By(c::the_other_reading_of_target_luns)),
    ("transitions", "LocateLuns", By(c::the_whole_sequence)),
    ("transitions", "FillInLunInfo", By(c::fill_in_is_not_heeded)),
    ("transitions", "OnLunStateChange(flags)", By(c::the_whole_sequence)),
    ("transitions", "ResyncLuns", By(c::resync_is_called)),
    ("transitions", "OnLunEmpty", By(c::departure)),
    ("transitions", "AbortSnapshots(set) from PREPARED |", By(c::aborted_while_preparing)),
    ("transitions", "AbortSnapshots(set) from PREPARING", By(c::given_up_silently)),
    ("transitions", "AbortSnapshots(unknown set)", ENUMERATED),
    ("transitions", "any call returns an error", By(c::all_that_prepared_are_told)),
    ("coordinator_sequence", "1 ", By(c::adding_prepares)),
    ("coordinator_sequence", "2 ", By(c::writers_in_between)),
    ("coordinator_sequence", "3 ", By(c::flags_travel)),
    ("coordinator_sequence", "4 ", By(c::writers_in_between)),
    ("coordinator_sequence", "5 ", By(c::providers_go_step_by_step)),
    ("coordinator_sequence", "6 ", By(c::ten_seconds_of_holding)),
    ("coordinator_sequence", "7 ", Cases(&["commit::holds_the_moment"])),
    ("coordinator_sequence", "8 ", By(c::flags_travel)),
    ("coordinator_sequence", "9 ", By(c::providers_go_step_by_step)),
    ("coordinator_sequence", "10 ", By(c::writers_in_between)),
    ("coordinator_sequence", "11 ", By(c::writers_in_between)),
    ("coordinator_sequence", "12 ", By(c::the_other_reading_of_target_luns)),
    ("coordinator_sequence", "13 ", By(c::transport)),
    ("coordinator_sequence", "14 ", By(c::the_whole_sequence)),
    ("coordinator_sequence", "15 ", By(c::the_whole_sequence)),
    ("timing", "CommitSnapshots / flush-and-hold window", By(c::ten_seconds_of_holding)),
    ("timing", "CommitSnapshots target", Cases(&["commit::inside_the_window"])),
    ("timing", "PreCommitSnapshots..PostCommitSnapshots", By(c::the_freeze_window)),
    ("timing", "EndPrepareSnapshots", By(c::preparing_may_take_long)),
    ("timing", "BeginPrepareSnapshot", Not("no limit is printed, so nothing can be exceeded")),
    (
        "timing",
        "LUN/volume arrival",
        Not("its length is not printed: what has not arrived after the rescan does not"),
    ),
    ("timing", "VSS service idle shutdown", By(c::the_whole_sequence)),
    ("return_codes", "S_OK", ENUMERATED),
    ("return_codes", "E_OUTOFMEMORY", CONVERSIONS),
    ("return_codes", "E_INVALIDARG", CONVERSIONS),
    (
        "return_codes",
        "E_ACCESSDENIED",
        Not("no page of a method lists it: converted there (see contradictions)"),
    ),
    (
        "return_codes",
        "VSS_E_BAD_STATE",
        Not("no page of a method lists it: converted there (see contradictions)"),
    ),
    ("return_codes", "VSS_E_OBJECT_NOT_FOUND", CONVERSIONS),
    ("return_codes", "VSS_E_INSUFFICIENT_STORAGE", CONVERSIONS),
    ("return_codes", "VSS_E_VOLUME_NOT_SUPPORTED", Not("no page of a method lists it: converted there")),
    ("return_codes", "VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER", CONVERSIONS),
    (
        "return_codes",
        "VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED",
        Not("no page of a method lists it: converted there"),
    ),
    ("return_codes", "VSS_E_PROVIDER_VETO", CONVERSIONS),
    ("return_codes", "VSS_E_CANNOT_REVERT_DISKID", Not("no page of a method lists it: converted there")),
    ("return_codes", "anything else", CONVERSIONS),
    ("return_codes", "any code from AbortSnapshots", ENUMERATED),
    ("return_codes", "any code from FillInLunInfo", By(c::fill_in_is_not_heeded)),
    ("codes_per_method", "", PERMITTED),
    ("luns", "Provider must support all LUNs", Cases(&["support::all_luns_or_none"])),
    ("luns", "Answer FALSE from AreLunsSupported", Cases(&["support::promise_is_kept"])),
    ("luns", "AreLunsSupported success in a transportable", Cases(&["copies::transportable_copy"])),
    (
        "luns",
        "With neither DIFFERENTIAL nor PLEX",
        Cases(&["copies::plex_is_a_full_copy", "copies::differential_copy"]),
    ),
    (
        "luns",
        "m_rgInterconnects must never",
        Cases(&[
            "support::interconnects_are_left",
            "target_luns::version_is_set",
            "target_luns::disk_signature_is_zero",
        ]),
    ),
    ("luns", "GetTargetLuns gets empty", Cases(&["target_luns::copies_in_the_order_of_their_sources"])),
    (
        "luns",
        "GetTargetLuns and FillInLunInfo",
        Cases(&["import::told_otherwise_at_creation", "import::told_otherwise_at_import"]),
    ),
    ("luns", "Page 83: original LUN", Cases(&["target_luns::fresh_identifiers"])),
    ("luns", "Cluster fast recovery", Not("what becomes of other disks is on no page: nothing is refused")),
    ("luns", "Resync target disk needs", Cases(&["recovery_set::no_unique_page83"])),
    ("luns", "Page 80 (serial number)", Cases(&["presence::round_trip"])),
    ("luns", "A disk signature is rewritten", By(c::signatures_are_rewritten)),
    ("luns", "LUN flags (read-only", By(c::flags_travel)),
    ("luns", "LUN must be mapped read/write", Not("arrays map no LUN read-only")),
    ("luns", "Unmasking is the provider's job", Cases(&["presence::presented_when_located_and_not_before"])),
    ("luns", "Arrival: VSS listens", By(c::nothing_imported)),
    ("luns", "Extra volumes on a copied LUN", By(c::extra_volumes_arrive)),
    ("luns", "Departure: before OnLunEmpty", By(c::departure)),
    ("luns", "OnLunEmpty is the only moment", By(c::given_back_when_empty_only)),
    ("luns", "Failed import", By(c::nothing_imported)),
    ("luns", "A transportable set is never surfaced", By(c::transport)),
    ("luns", "Import only on a server", By(c::import_needs_a_server_and_the_provider)),
    (
        "luns",
        "Dynamic disks",
        Cases(&["places::dynamic_disks_before_server_2008", "places::dynamic_disks_since_server_2008"]),
    ),
    (
        "luns",
        "Cluster: auto-import",
        Cases(&["places::outside_of_the_cluster", "places::in_a_cluster_without_the_originals"]),
    ),
    (
        "break",
        "BreakSnapshotSet",
        Cases(&["plain::on_its_own_host", "plain::auto_release_leaves_it", "refusals::software_copy"]),
    ),
    (
        "break",
        "BreakSnapshotSetEx VSS_BREAKEX_FLAG_MASK_LUNS",
        Cases(&["presence::masks_and_keeps", "flags::masked"]),
    ),
    (
        "break",
        "VSS_BREAKEX_FLAG_MAKE_READ_WRITE",
        Cases(&["presence::notices_ask_for_nothing", "flags::read_write"]),
    ),
    (
        "break",
        "VSS_BREAKEX_FLAG_REVERT_IDENTITY_ALL",
        Cases(&["identities::gpt_disk", "identities::mbr_disk", "identities::one_original_is_visible"]),
    ),
    (
        "break",
        "VSS_BREAKEX_FLAG_REVERT_IDENTITY_NONE",
        Cases(&["flags::nothing_but_broken", "refusals::bad_flags"]),
    ),
    ("break", "auto-recovery", By(c::the_whole_sequence)),
    ("resync", "Array-level copy", Cases(&["resync::every_lun_gets_the_copys_bytes"])),
    ("resync", "Target larger than source", Cases(&["resync::larger_target_takes_the_size_of_its_source"])),
    (
        "resync",
        "Default: target keeps",
        Cases(&["recover_set::spare_keeps_its_signature", "recover_set::spare_takes_the_signature"]),
    ),
    (
        "resync",
        "Volumes on the target LUN",
        Cases(&["recover_set::unselected_volume", "recover_set::unselected_volume_unchecked"]),
    ),
    ("resync", "Signature could not be set", Cases(&["recover_set::disk_refuses_the_write"])),
    (
        "resync",
        "Refused with VSS_E_VOLUME_NOT_SUPPORTED",
        Cases(&["recovery_set::dynamic_volume", "recovery_set::quorum_disk"]),
    ),
    (
        "resync",
        "Provider without IVssHardware",
        Cases(&["recover_set::legacy_provider", "recover_set::provider_without_resync"]),
    ),
    ("resync", "Not in WinPE", Cases(&["recover_set::winpe", "recover_set::safe_mode"])),
    ("resync", "NULL destination", Cases(&["recovery_set::to_the_original"])),
    ("selection_and_registration", "GUID_NULL", By(c::hardware_then_system)),
    (
        "selection_and_registration",
        "several hardware providers",
        Not("an order that is not guaranteed cannot be wrong"),
    ),
    ("selection_and_registration", "explicit id", By(c::by_id)),
    ("selection_and_registration", "several providers may serve", By(c::hardware_then_system)),
    ("selection_and_registration", "registration", By(c::unregistered)),
    ("selection_and_registration", "hardware providers load only", By(c::not_on_clients)),
    ("forbidden_in_callbacks", "CommitSnapshots: no synchronous", Cases(&["commit::no_io_of_its_own"])),
    ("forbidden_in_callbacks", "no event log writes", Cases(&["commit::no_log_while_frozen"])),
    ("forbidden_in_callbacks", "source/target synchronisation", Cases(&["commit::holds_the_moment"])),
    ("forbidden_in_callbacks", "provider errors at creation", Cases(&["creation::passed_on"])),
];
