//! Why the array provider refuses a call, and what it answers then.

use super::ArrayError;
use super::codes::is_permitted;
use crate::api::HResult;

/// Why a call is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The contract has a code for it.
    Code(HResult),
    /// The array does not do what it has to.
    Array(ArrayError),
    /// It has no code of its own: what happened and what to do, for the event log.
    Veto(String),
}

impl From<HResult> for Refusal {
    fn from(code: HResult) -> Self {
        Self::Code(code)
    }
}

impl From<ArrayError> for Refusal {
    fn from(error: ArrayError) -> Self {
        Self::Array(error)
    }
}

impl Refusal {
    /// The code that `method` may answer, and for a veto what to do about it, for the event log.
    pub(super) fn answer(self, method: &str) -> (HResult, Option<String>) {
        let message = match self {
            Self::Code(code) => return (code, None),
            Self::Array(ArrayError::OutOfResources) => return (HResult::E_OUTOFMEMORY, None),
            Self::Array(ArrayError::OutOfSpace)
                if is_permitted(method, HResult::VSS_E_INSUFFICIENT_STORAGE) =>
            {
                return (HResult::VSS_E_INSUFFICIENT_STORAGE, None);
            }
            Self::Array(error) => format!("{method}: {error}"),
            Self::Veto(message) => message,
        };
        (HResult::VSS_E_PROVIDER_VETO, Some(message))
    }
}
