//! What goes wrong in a lab. A fault is a cause, never a code: which code the caller sees, and what is left behind,
//! is the model's consequence.

use std::fmt;

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

impl CallKind {
    /// Such a call.
    pub fn example(self) -> &'static str {
        match self {
            Self::Requester => "DoSnapshotSet",
            Self::Provider => "CommitSnapshots",
            Self::Writer => "OnFreeze",
        }
    }
}

impl fmt::Display for CallKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Requester => "a requester's method",
            Self::Provider => "a provider's method",
            Self::Writer => "a writer's event",
        })
    }
}

/// What a lab can say of a cause: its name, where it can happen, and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CauseRow {
    /// Its name.
    pub name: &'static str,
    /// Whose calls it can happen in.
    pub kinds: &'static [CallKind],
    /// The methods outside of which it would show nothing; `None`: it shows wherever it can happen.
    pub only_in: Option<&'static [&'static str]>,
    /// What it needs beside its name, and an example; `None`: the name is all.
    pub needs: Option<(&'static str, &'static str)>,
}

impl CauseRow {
    const fn new(name: &'static str, kinds: &'static [CallKind]) -> Self {
        Self { name, kinds, only_in: None, needs: None }
    }

    const fn only_in(mut self, methods: &'static [&'static str]) -> Self {
        self.only_in = Some(methods);
        self
    }

    const fn with(mut self, what: &'static str, example: &'static str) -> Self {
        self.needs = Some((what, example));
        self
    }

    /// Where it can happen, for people.
    pub fn places(&self) -> String {
        let kinds: Vec<String> = self.kinds.iter().map(CallKind::to_string).collect();
        match self.only_in {
            Some(methods) => format!("{}: {}", kinds.join(" or "), methods.join(", ")),
            None => kinds.join(" or "),
        }
    }

    /// The value of a fault's `cause`, as TOML.
    pub fn example(&self) -> String {
        self.needs.map_or_else(|| format!("\"{}\"", self.name), |(_, example)| example.to_owned())
    }
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
    /// Every cause, as labs name it.
    pub const ALL: &[CauseRow] = {
        use CallKind::{Provider, Requester, Writer};
        &[
            CauseRow::new("out-of-memory", &[Requester, Provider, Writer]),
            CauseRow::new("service-breaks", &[Requester]),
            CauseRow::new("provider-answers", &[Provider])
                .with("a code", "{ provider-answers = \"VSS_E_PROVIDER_VETO\" }"),
            CauseRow::new("late", &[Provider, Writer]).with("milliseconds", "{ late = 90000 }"),
            CauseRow::new("crash-before", &[Provider]),
            CauseRow::new("crash-after", &[Provider]),
            CauseRow::new("wrong-signature", &[Provider]).only_in(&["ResyncLuns"]),
            CauseRow::new("loses-lun", &[Provider]).only_in(&["ResyncLuns", "LocateLuns"]),
            CauseRow::new("disk-refuses-write", &[Provider, Requester])
                .only_in(&["ResyncLuns", "BreakSnapshotSetEx"]),
            CauseRow::new("array-out-of-space", &[Provider]),
            CauseRow::new("array-out-of-resources", &[Provider]),
            CauseRow::new("array-fails", &[Provider]),
            CauseRow::new("misdescribes", &[Provider]).only_in(&["GetTargetLuns", "FillInLunInfo"]),
            CauseRow::new("writer-fails", &[Writer])
                .with("a code", "{ writer-fails = { code = \"VSS_E_WRITERERROR_RETRYABLE\" } }"),
            CauseRow::new("silent", &[Writer]),
            CauseRow::new("writer-exits", &[Writer]),
            CauseRow::new("provider-breaks", &[Provider]),
            CauseRow::new("flush-stalls", &[Requester]).only_in(&["DoSnapshotSet"]),
            CauseRow::new("transaction-manager-stalls", &[Requester]).only_in(&["DoSnapshotSet"]).with(
                "a manager and a moment",
                "{ transaction-manager-stalls = { manager = \"dtc\", at = \"freeze\" } }",
            ),
            CauseRow::new("writers-unreachable", &[Requester]).only_in(&["BackupComplete"]),
            CauseRow::new("document-damaged", &[Requester]).only_in(USING_THE_DOCUMENT),
            CauseRow::new("driver-stuck", &[Provider]).only_in(MAKING_COPIES),
        ]
    };

    /// What labs say of it.
    pub fn row(&self) -> &'static CauseRow {
        &Self::ALL[self.position()]
    }

    /// Its name in a lab.
    pub fn name(&self) -> &'static str {
        self.row().name
    }

    /// Where it can happen.
    pub fn kinds(&self) -> &'static [CallKind] {
        self.row().kinds
    }

    /// The methods outside of which it would show nothing; `None`: it shows wherever it can happen.
    pub fn only_in(&self) -> Option<&'static [&'static str]> {
        self.row().only_in
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
