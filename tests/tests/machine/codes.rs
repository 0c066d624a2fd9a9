//! Which code may come from which method: the spec's outcomes, the codes that any method can answer, and the entries
//! of `fixtures/undocumented-codes.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use vss_conformance::spec::{Spec, Undocumented};
use vss_sim::api::{HResult, Method};
use vss_sim::lab::{Cause, Fault, Os};
use vss_sim::service::Because;

/// The documented (code, reason) pairs of each method, by interface and name.
static OUTCOMES: LazyLock<BTreeMap<(&str, &str), Documented>> = LazyLock::new(|| {
    let mut all: BTreeMap<_, Documented> = BTreeMap::new();
    for method in Spec::get().methods() {
        let of_method = all.entry((&*method.interface, &*method.name)).or_default();
        for outcome in &method.outcomes {
            of_method.any_failure |= outcome.code == "HRESULT";
            of_method.pairs.extend(outcome.hresult().map(|code| (code, outcome.reason())));
        }
    }
    all
});

#[derive(Default)]
struct Documented {
    pairs: BTreeSet<(HResult, &'static str)>,
    any_failure: bool,
}

const PASSED_ON: &str = "error-handling-in-shadow-copy-providers: the code is passed on";

/// What permits a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permit {
    /// The method's page, or what every method has in common.
    Documented,
    /// A provider answered it, which may, and VSS passes it on whatever its own pages list
    /// (error-handling-in-shadow-copy-providers). Which method may answer which code, `provider_rules` holds against the spec.
    PassedOn,
    /// That entry of the list.
    Listed(usize),
}

/// What lets `method` answer `code` on a host with that system, given what it rests on; `None`: nothing does.
pub(crate) fn permit(
    method: Method,
    code: HResult,
    os: Os,
    because: Option<Because>,
    faults: &[Fault],
) -> Option<Permit> {
    let unexpected =
        if os.has_vss_e_unexpected() { HResult::E_UNEXPECTED } else { HResult::VSS_E_UNEXPECTED };
    if code == unexpected {
        return None;
    }
    let common = [
        HResult::S_OK,
        HResult::E_ACCESSDENIED,
        HResult::E_INVALIDARG,
        HResult::E_OUTOFMEMORY,
        HResult::E_UNEXPECTED,
        HResult::VSS_E_UNEXPECTED,
    ];
    let page = OUTCOMES.get(&(method.interface, method.name));
    let on_page = page.is_some_and(|page| {
        // Of an IVssAsync any failing code is the operation's own, and checked against that.
        let any = page.any_failure && method.interface != "IVssAsync";
        any && code.is_failure() || page.pairs.iter().any(|(documented, _)| *documented == code)
    });
    if common.contains(&code) || on_page {
        return Some(Permit::Documented);
    }
    let answered = |fault: &Fault| fault.cause == Cause::ProviderAnswers(code);
    if because == Some(Because::Rule(PASSED_ON)) && faults.iter().any(answered) {
        return Some(Permit::PassedOn);
    }
    let method = method.to_string();
    let listed = |entry: &Undocumented| entry.code == code && entry.is_of(&method);
    Undocumented::all().iter().position(listed).map(Permit::Listed)
}

/// Whether the page of `method` has that code with that reason.
pub(crate) fn is_documented(method: Method, code: HResult, reason: &str) -> bool {
    let page = OUTCOMES.get(&(method.interface, method.name));
    // `GetSessionId` lists "any failure" without a code.
    let any = |page: &Documented| page.any_failure && reason == "any-failure";
    page.is_some_and(|page| any(page) || page.pairs.iter().any(|pair| *pair == (code, reason)))
}
