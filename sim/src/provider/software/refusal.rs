//! Why a software provider refuses a call, and what it answers then.

use super::{StoreError, VolumePort};
use crate::api::{HResult, Method};
use crate::provider::codes::is_permitted;

/// Why a call is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The contract has a code for it.
    Code(HResult),
    /// The store does not do what it has to.
    Store(StoreError),
    /// It has no code of its own: what happened and what to do, for the event log.
    Veto(String),
}

impl From<HResult> for Refusal {
    fn from(code: HResult) -> Self {
        Self::Code(code)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Refusal {
    /// The code that the method may answer; a veto is logged first, with what to do about it. Where a page lists no
    /// `VSS_E_PROVIDER_VETO` the general one does (error-handling-in-shadow-copy-providers).
    pub(super) fn answer(self, method: Method, host: &mut dyn VolumePort) -> HResult {
        let message = match self {
            Self::Code(code) => return code,
            Self::Store(StoreError::OutOfResources) => return HResult::E_OUTOFMEMORY,
            Self::Store(StoreError::OutOfSpace)
                if is_permitted(method.name, HResult::VSS_E_INSUFFICIENT_STORAGE) =>
            {
                return HResult::VSS_E_INSUFFICIENT_STORAGE;
            }
            Self::Store(error) => format!("{}: {error}", method.name),
            Self::Veto(message) => message,
        };
        host.log(HResult::VSS_E_PROVIDER_VETO, &message);
        HResult::VSS_E_PROVIDER_VETO
    }
}
