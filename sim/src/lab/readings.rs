//! How a lab reads the documentation where it contradicts itself or leaves something open.
//!
//! The default is the reading that Microsoft's own samples and the other pages need. Each switch names what it decides.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! readings {
    ($($(#[$doc:meta])* $field:ident: $type:ident { $($(#[$choice_doc:meta])* $choice:ident,)* };)*) => {
        /// One choice for each contradiction and each gap.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
        pub struct Readings {
            $($(#[$doc])* pub $field: $type,)*
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
            #[serde(rename_all = "kebab-case")]
            pub enum $type { $($(#[$choice_doc])* $choice,)* }
        )*
    };
}

readings! {
    /// About 25 pages say "VSS_E_BAD_STATE, called during a restore" of methods that restores need.
    during_restore: DuringRestore {
        /// Such a method works on a restore object, as the samples need it.
        #[default]
        AsSamples,
        /// It fails, as its page says.
        Literal,
    };
    /// What `IVssAsync::Wait` returns when the operation failed: its page says both.
    wait_after_failure: WaitAfterFailure {
        /// `S_OK`: the wait worked, `QueryStatus` has the code.
        #[default]
        SOk,
        /// The operation's own code.
        OperationError,
    };
    /// Where `GetWriterStatusEx` puts `VSS_E_WRITERERROR_PARTIAL_FAILURE`: its page says both.
    partial_failure: PartialFailure {
        /// Into `phrFailureWriter`, with `S_OK` returned.
        #[default]
        OutValue,
        /// It is also what the method returns.
        ReturnValue,
    };
    /// Who answers `VSS_E_BAD_STATE` because the recovery set is empty: both pages say so of themselves.
    empty_recovery_set: EmptyRecoverySet {
        /// `RecoverSet` alone: `AddSnapshotToRecoverySet` is what fills it.
        #[default]
        RecoverSet,
        /// `AddSnapshotToRecoverySet` too, so that no set can ever be filled.
        AddSnapshotToRecoverySet,
    };
    /// What `RecoverSet` makes of a provider code that it does not know.
    resync_provider_error: ResyncProviderError {
        /// `VSS_E_UNEXPECTED_PROVIDER_ERROR`, as the general page on provider errors says.
        #[default]
        UnexpectedProviderError,
        /// `VSS_E_PROVIDER_VETO`, as the page of `RecoverSet` words it.
        ProviderVeto,
    };
    /// The code when a handle on a target disk cannot be had within five seconds: on no page.
    held_disk: HeldDisk {
        /// `VSS_E_VOLUME_IN_USE`
        #[default]
        VolumeInUse,
        /// `VSS_E_BAD_STATE`
        BadState,
    };
    /// When `GetTargetLuns` is called in a creation: its page and the page of the process differ.
    target_luns: TargetLuns {
        /// After `PostCommitSnapshots`, before the final commit, as its own page says.
        #[default]
        AfterPostCommit,
        /// After `PostFinalCommitSnapshots`, as the-shadow-copy-creation-process says. A set that is recovered at its
        /// creation has to learn of its LUNs before all the same: `OnLunStateChange` names them.
        AfterFinalCommit,
    };
    /// What `Query` makes of a `QueriedObjectId` other than `GUID_NULL`: the parameter is reserved, yet the page has a code
    /// for a queried object that does not exist.
    queried_object: QueriedObject {
        /// `E_INVALIDARG`, as the parameter's text says.
        #[default]
        Reserved,
        /// What has to do with that shadow copy, set or provider is listed; `VSS_E_OBJECT_NOT_FOUND` if there is none.
        LookedUp,
    };
    /// `Query` right after `InitializeForBackup`: its page wants `SetContext` before, other pages have a default context.
    query_before_context: QueryBeforeContext {
        /// It lists what the default context shows.
        #[default]
        DefaultContext,
        /// `VSS_E_BAD_STATE`
        OutOfSequence,
    };
    /// `ExposeSnapshot` of a copy that is exposed: on no page.
    exposed_again: ExposedAgain {
        /// `E_INVALIDARG`: a copy has one name.
        #[default]
        Refused,
        /// The later name replaces the earlier.
        Replaces,
    };
    /// What becomes of copies of a volume that are newer than the one that it is reverted to: on no page.
    newer_copies: NewerCopies {
        /// They go: they are differences to a state that is no more.
        #[default]
        Lost,
        /// They stay, and show what they did.
        Kept,
    };
    /// When auto-release copies go after their requester let go of them: on no page.
    auto_release: AutoRelease {
        /// At once.
        #[default]
        AtRelease,
        /// After 390 seconds, as they were seen to (O24); until then they can be read.
        Later,
    };
    /// What `BreakSnapshotSetEx` does with disk identities when it is told neither to revert all nor to revert none: on no
    /// page.
    break_identity: BreakIdentity {
        /// Those disks whose originals are absent get their originals' identities.
        #[default]
        RevertedWhereAbsent,
        /// All disks keep what they have.
        Kept,
    };
    /// A volume name without its trailing backslash, given to AddToSnapshotSet or IsVolumeSupported: their pages demand
    /// one and name no code.
    missing_backslash: MissingBackslash {
        /// `VSS_E_OBJECT_NOT_FOUND`, as AddToSnapshotSet was seen to answer (O4).
        #[default]
        ObjectNotFound,
        /// `E_INVALIDARG`: an argument that is not of the demanded form.
        InvalidArgument,
    };
    /// A snapshot added to a recovery set a second time: on no page.
    repeated_snapshot: RepeatedSnapshot {
        /// The later destination replaces the earlier.
        #[default]
        Replaces,
        /// `VSS_E_OBJECT_ALREADY_EXISTS`
        AlreadyExists,
    };
}
