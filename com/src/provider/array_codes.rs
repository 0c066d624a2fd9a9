//! What the control interface answers, and its numbers.

use vss_sim::api::HResult;
use vss_sim::lab::CopyKind;
use vss_sim::provider::ArrayError;

/// `RPC_E_WRONG_THREAD`: the call of VSS is on another thread.
pub(super) const WRONG_THREAD: HResult = HResult(0x8001_010E);

/// `VSSLAB_E_...`: what an array refuses, one code for each error.
const CODES: [(ArrayError, HResult); 7] = [
    (ArrayError::NoSuchLun, HResult(0x8004_F301)),
    (ArrayError::NotACopy, HResult(0x8004_F302)),
    (ArrayError::CannotResize, HResult(0x8004_F303)),
    (ArrayError::OutOfSpace, HResult(0x8004_F304)),
    (ArrayError::OutOfResources, HResult(0x8004_F305)),
    (ArrayError::Fails, HResult(0x8004_F306)),
    (ArrayError::Busy, HResult(0x8004_F307)),
];

pub(super) fn code_of(error: ArrayError) -> HResult {
    CODES.iter().find(|(known, _)| *known == error).map_or(HResult::E_FAIL, |(_, code)| *code)
}

/// Every other failure is one of the array.
pub(super) fn error_of(code: HResult) -> ArrayError {
    CODES.iter().find(|(_, known)| *known == code).map_or(ArrayError::Fails, |(error, _)| *error)
}

/// `VSSLAB_COPY_KIND`.
const KINDS: [(CopyKind, u32); 2] = [(CopyKind::Clone, 1), (CopyKind::Differential, 2)];

pub(super) fn number_of(kind: CopyKind) -> u32 {
    KINDS.iter().find(|(known, _)| *known == kind).map_or(0, |(_, number)| *number)
}

pub(super) fn kind_of(number: u32) -> Option<CopyKind> {
    KINDS.iter().find(|(_, known)| *known == number).map(|(kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_and_every_kind_goes_over_and_comes_back() {
        for (error, _) in CODES {
            assert_eq!(error_of(code_of(error)), error);
        }
        assert_eq!(error_of(HResult::RPC_E_DISCONNECTED), ArrayError::Fails);
        assert_eq!(kind_of(number_of(CopyKind::Clone)), Some(CopyKind::Clone));
        assert_eq!(kind_of(number_of(CopyKind::Differential)), Some(CopyKind::Differential));
        assert_eq!(kind_of(0), None);
    }
}
