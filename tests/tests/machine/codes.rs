//! Which code may come from which method: the spec's outcomes, the codes that any method can answer, and the entries
//! of `fixtures/undocumented-codes.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;
use vss_conformance::spec::Spec;
use vss_sim::api::{HResult, Method};
use vss_sim::lab::{Cause, Fault, Os};
use vss_sim::service::Because;

/// One code that a method's page does not list although the simulator answers it.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The method with its interface, or `*` for any, or `Interface::*`.
    pub(crate) method: String,
    pub(crate) code: HResult,
    /// What it stands for.
    pub(crate) why: String,
    /// `rule X`, `observed OX`, or `inferred`.
    pub(crate) provenance: String,
}

/// A table of the file: the same of one method or of several.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    method: Option<String>,
    #[serde(default)]
    methods: Vec<String>,
    code: HResult,
    why: String,
    provenance: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    code: Vec<Row>,
}

/// The checked-in list, an entry for each method.
pub(crate) static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let text = include_str!("../../../fixtures/undocumented-codes.toml");
    let file: File = toml::from_str(text).expect("fixtures/undocumented-codes.toml can be read");
    file.code.into_iter().flat_map(of_each_method).collect()
});

fn of_each_method(row: Row) -> Vec<Entry> {
    let Row { method, methods, code, why, provenance } = row;
    let methods: Vec<String> = method.into_iter().chain(methods).collect();
    assert!(!methods.is_empty(), "an entry of {code} names no method: {why}");
    let entry = |method| Entry { method, code, why: why.clone(), provenance: provenance.clone() };
    methods.into_iter().map(entry).collect()
}

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
    let of_interface = format!("{}::*", method.interface);
    let names = [method.to_string(), of_interface, "*".to_owned()];
    let listed = |entry: &Entry| entry.code == code && names.contains(&entry.method);
    ENTRIES.iter().position(listed).map(Permit::Listed)
}

/// Whether the page of `method` has that code with that reason.
pub(crate) fn is_documented(method: Method, code: HResult, reason: &str) -> bool {
    let page = OUTCOMES.get(&(method.interface, method.name));
    // `GetSessionId` lists "any failure" without a code.
    let any = |page: &Documented| page.any_failure && reason == "any-failure";
    page.is_some_and(|page| any(page) || page.pairs.iter().any(|pair| *pair == (code, reason)))
}
