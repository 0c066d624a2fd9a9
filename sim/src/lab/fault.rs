//! What goes wrong in a lab. A fault is a cause, never a code: which code the caller sees, and what is left behind,
//! is the model's consequence.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::HResult;

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
    /// The disk refuses the write of its signature.
    DiskRefusesWrite,
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
}

fn no_code() -> HResult {
    HResult::S_OK
}
