//! Which deviations an outcome has.

use vss_sim::api::{Call, HResult, ProviderCall};

use super::Deviation;
use crate::spec::{Method, Outcome, Place, Spec};

/// Who carries out a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// The backend, called by the requester.
    Requester,
    /// A provider or writer of the lab, called by VSS.
    Served,
    /// Nobody: calls of it are no part of the vocabulary.
    Nobody,
}

/// The deviations that a case of this outcome has to fail on; none if the outcome cannot be had through a backend.
pub fn deviations(outcome: &Outcome) -> Vec<Deviation> {
    let visible = !matches!(outcome.place(), Place::Returned);
    match side_of(outcome) {
        Side::Requester => requester_deviations(outcome),
        Side::Served if visible => other_codes(outcome),
        Side::Served => served_deviations(outcome),
        Side::Nobody => Vec::new(),
    }
}

fn side_of(outcome: &Outcome) -> Side {
    let is_it = |method: &vss_sim::api::Method| method.to_string() == outcome.method;
    if Call::METHODS.iter().any(is_it) {
        Side::Requester
    } else if ProviderCall::METHODS.iter().any(is_it) || outcome.interface.starts_with("CVssWriter") {
        Side::Served
    } else {
        Side::Nobody
    }
}

fn requester_deviations(outcome: &Outcome) -> Vec<Deviation> {
    let mut deviations = other_codes(outcome);
    if outcome.hresult() == Some(HResult::S_OK) && outcome.place() == Place::Returned {
        deviations.push(Deviation::DoesNothing);
        // Where the page only says that an IVssAsync is handed back, how it ends is another outcome's matter.
        if method_of(outcome).is_some_and(|method| method.is_async) && outcome.reason() != "async-returned" {
            deviations.push(Deviation::EndsWith(other_failure(outcome, HResult::S_OK)));
        }
    }
    deviations
}

/// A failure becomes a success and another failure; a success becomes a failure, and a qualified one a plain one.
fn other_codes(outcome: &Outcome) -> Vec<Deviation> {
    let codes = match outcome.hresult() {
        None if outcome.code == "HRESULT" => vec![HResult::S_OK],
        None => Vec::new(),
        Some(HResult::S_OK) => vec![other_failure(outcome, HResult::S_OK)],
        Some(code) => vec![HResult::S_OK, other_failure(outcome, code)],
    };
    codes.into_iter().map(Deviation::OtherCode).collect()
}

fn served_deviations(outcome: &Outcome) -> Vec<Deviation> {
    match outcome.hresult() {
        Some(code) if code.is_failure() => {
            vec![Deviation::FaultAnswers(other_failure(outcome, code)), Deviation::NoFault]
        }
        Some(code) => vec![Deviation::Fault(other_failure(outcome, code))],
        None if outcome.code == "HRESULT" || outcome.code == "false" => vec![Deviation::NoFault],
        None => vec![Deviation::Fault(HResult::E_FAIL)],
    }
}

/// Another failing code that the same method documents, or a plausible one.
fn other_failure(outcome: &Outcome, code: HResult) -> HResult {
    let documented = method_of(outcome)
        .into_iter()
        .flat_map(|method| &method.outcomes)
        .filter_map(Outcome::hresult)
        .find(|other| other.is_failure() && *other != code);
    documented.unwrap_or(if code == HResult::E_FAIL { HResult::E_UNEXPECTED } else { HResult::E_FAIL })
}

fn method_of(outcome: &Outcome) -> Option<&'static Method> {
    Spec::get().method(&outcome.method)
}
