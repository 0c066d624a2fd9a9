//! What goes wrong in a lab. A fault is a cause, never a code: which code the caller sees, and what is left behind,
//! is the model's consequence.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::HResult;
use crate::provider::ArrayError;

/// Something that goes wrong once, in one call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Fault {
    /// The method in which it happens: a requester's (`RecoverSet`), a provider's (`ResyncLuns`) or a writer's event
    /// handler (`OnFreeze`).
    pub call: String,
    /// The provider or writer in whose call it happens, by name; any when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// In which of these calls since the lab was loaded, counted from 1.
    #[serde(default = "first")]
    pub nth: u32,
    /// What happens.
    pub cause: Cause,
}

impl Fault {
    /// This happens in the first such call, whoever's it is.
    pub fn new(call: impl Into<String>, cause: Cause) -> Self {
        Self { call: call.into(), of: None, nth: first(), cause }
    }

    /// Only in the calls of this provider or writer.
    pub fn of(mut self, name: impl Into<String>) -> Self {
        self.of = Some(name.into());
        self
    }

    /// In the `nth` such call, counted from 1.
    pub fn nth(mut self, nth: u32) -> Self {
        self.nth = nth;
        self
    }
}

/// The events of a writer that something can go wrong in: the handlers of `CVssWriter`.
pub const WRITER_EVENTS: &[&str] = &[
    "OnIdentify",
    "OnPrepareBackup",
    "OnPrepareSnapshot",
    "OnFreeze",
    "OnThaw",
    "OnPostSnapshot",
    "OnBackupComplete",
    "OnAbort",
    "OnBackupShutdown",
];

/// The requester's methods that read or write the document which its object keeps.
pub const USING_THE_DOCUMENT: &[&str] = &[
    "SetBackupState",
    "PrepareForBackup",
    "DoSnapshotSet",
    "ImportSnapshots",
    "SaveAsXML",
    "AddSnapshotToRecoverySet",
    "RecoverSet",
];

/// The provider's methods that carry a set on once its volumes are known: what needs its drivers.
pub const MAKING_COPIES: &[&str] = &[
    "EndPrepareSnapshots",
    "PreCommitSnapshots",
    "CommitSnapshots",
    "PostCommitSnapshots",
    "PreFinalCommitSnapshots",
    "PostFinalCommitSnapshots",
];

/// Whose call something goes wrong in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallKind {
    /// A method that a requester calls.
    Requester,
    /// A method of a provider.
    Provider,
    /// An event handler of a writer.
    Writer,
}

fn first() -> u32 {
    1
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Cause {
    /// Memory or another resource runs out inside the method, before it has changed anything.
    OutOfMemory,
    /// The VSS service breaks inside the method, before it has changed anything.
    ServiceBreaks,
    /// The provider breaks inside the method, before it has changed anything; it writes that to the event log.
    ProviderBreaks,
    /// The provider does nothing and answers this code.
    ProviderAnswers(HResult),
    /// The provider (or writer) does its work, but takes that many milliseconds longer.
    Late(u64),
    /// The provider's process ends before it has done anything.
    CrashBefore,
    /// The provider's process ends after it has done its work and before it answers.
    CrashAfter,
    /// The array puts a signature of its own on the disk after VSS wrote one.
    WrongSignature,
    /// The LUNs that the provider should hand over do not come back.
    LosesLun,
    /// The disk refuses the write of its signature, or of whatever else tells Windows what it is. Of the disks of a shadow
    /// copy set that is broken it is the last.
    DiskRefusesWrite,
    /// The array, or the store that a software provider keeps on the host's volumes, has no room left for whatever the
    /// provider asks of it in this call.
    ArrayOutOfSpace,
    /// The array, or a software provider's store, has no resources left for whatever the provider asks of it in this
    /// call.
    ArrayOutOfResources,
    /// The array, or a software provider's store, fails, whatever the provider asks of it in this call.
    ArrayFails,
    /// The provider tells a LUN's serial number in another form than elsewhere.
    Misdescribes,
    /// The writer reports a failure (`CVssWriterEx2::SetWriterFailureEx`).
    WriterFails {
        /// `hrWriter`
        code: HResult,
        /// `hrApplication`
        #[serde(default = "no_code")]
        application: HResult,
        /// `wszApplicationMessage`
        #[serde(default)]
        message: Option<String>,
    },
    /// The writer gives no answer from here on.
    Silent,
    /// The writer's process ends.
    WriterExits,
    /// The file systems of the set's volumes do not get their writes to the disks in time.
    FlushStalls,
    /// A transaction manager does not do in time what it is asked for while the copies are made.
    TransactionManagerStalls {
        /// Which one.
        manager: TransactionManager,
        /// When.
        at: TransactionMoment,
    },
    /// VSS cannot talk to the writers at all.
    WritersUnreachable,
    /// The document that the requester's object keeps in its memory is overwritten.
    DocumentDamaged,
    /// A driver that the provider works with gets stuck until the host is restarted.
    DriverStuck,
}

/// What coordinates transactions on a host (Windows Vista and Windows Server 2008 on).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TransactionManager {
    /// The Distributed Transaction Coordinator.
    Dtc,
    /// The Kernel Transaction Manager.
    Ktm,
}

/// What a transaction manager is asked for in a creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TransactionMoment {
    /// To hold its transactions.
    Freeze,
    /// To let them go on.
    Thaw,
}

impl Cause {
    /// Every cause: its name in a lab, and where it can happen.
    pub const NAMES: &[(&str, &[CallKind])] = {
        use CallKind::{Provider, Requester, Writer};
        &[
            ("out-of-memory", &[Requester, Provider, Writer]),
            ("service-breaks", &[Requester]),
            ("provider-answers", &[Provider]),
            ("late", &[Provider, Writer]),
            ("crash-before", &[Provider]),
            ("crash-after", &[Provider]),
            ("wrong-signature", &[Provider]),
            ("loses-lun", &[Provider]),
            ("disk-refuses-write", &[Provider, Requester]),
            ("array-out-of-space", &[Provider]),
            ("array-out-of-resources", &[Provider]),
            ("array-fails", &[Provider]),
            ("misdescribes", &[Provider]),
            ("writer-fails", &[Writer]),
            ("silent", &[Writer]),
            ("writer-exits", &[Writer]),
            ("provider-breaks", &[Provider]),
            ("flush-stalls", &[Requester]),
            ("transaction-manager-stalls", &[Requester]),
            ("writers-unreachable", &[Requester]),
            ("document-damaged", &[Requester]),
            ("driver-stuck", &[Provider]),
        ]
    };

    /// Its name in a lab.
    pub fn name(&self) -> &'static str {
        Self::NAMES[self.position()].0
    }

    /// Where it can happen.
    pub fn kinds(&self) -> &'static [CallKind] {
        Self::NAMES[self.position()].1
    }

    /// The methods outside of which it would show nothing; `None`: it shows wherever it can happen.
    pub fn only_in(&self) -> Option<&'static [&'static str]> {
        match self {
            Self::WrongSignature => Some(&["ResyncLuns"]),
            Self::DiskRefusesWrite => Some(&["ResyncLuns", "BreakSnapshotSetEx"]),
            Self::LosesLun => Some(&["ResyncLuns", "LocateLuns"]),
            Self::Misdescribes => Some(&["GetTargetLuns", "FillInLunInfo"]),
            Self::FlushStalls | Self::TransactionManagerStalls { .. } => Some(&["DoSnapshotSet"]),
            Self::WritersUnreachable => Some(&["BackupComplete"]),
            Self::DocumentDamaged => Some(USING_THE_DOCUMENT),
            Self::DriverStuck => Some(MAKING_COPIES),
            _ => None,
        }
    }

    /// What the array answers to the provider in that call.
    pub(crate) fn of_the_array(&self) -> Option<ArrayError> {
        match self {
            Self::ArrayOutOfSpace => Some(ArrayError::OutOfSpace),
            Self::ArrayOutOfResources => Some(ArrayError::OutOfResources),
            Self::ArrayFails => Some(ArrayError::Fails),
            _ => None,
        }
    }

    fn position(&self) -> usize {
        match self {
            Self::OutOfMemory => 0,
            Self::ServiceBreaks => 1,
            Self::ProviderAnswers(_) => 2,
            Self::Late(_) => 3,
            Self::CrashBefore => 4,
            Self::CrashAfter => 5,
            Self::WrongSignature => 6,
            Self::LosesLun => 7,
            Self::DiskRefusesWrite => 8,
            Self::ArrayOutOfSpace => 9,
            Self::ArrayOutOfResources => 10,
            Self::ArrayFails => 11,
            Self::Misdescribes => 12,
            Self::WriterFails { .. } => 13,
            Self::Silent => 14,
            Self::WriterExits => 15,
            Self::ProviderBreaks => 16,
            Self::FlushStalls => 17,
            Self::TransactionManagerStalls { .. } => 18,
            Self::WritersUnreachable => 19,
            Self::DocumentDamaged => 20,
            Self::DriverStuck => 21,
        }
    }
}

fn no_code() -> HResult {
    HResult::S_OK
}
