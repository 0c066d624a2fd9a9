//! The page of an outcome.

use super::layout::{hanging, link, row};
use crate::case::Case;
use crate::coverage::dispositions;
use crate::spec::{Outcome, Place, Spec};

pub(super) fn page(outcome: &Outcome, cases: &[Case]) -> String {
    let mut page = format!("{}\n", outcome.id);
    hanging(&mut page, "  ", &outcome.when);
    page.push('\n');
    row(&mut page, "code", &code(outcome));
    row(&mut page, "arrives", &arrives(outcome));
    row(&mut page, "said in", &said_in(outcome));
    if let Some(method) = Spec::get().method(&outcome.method) {
        row(&mut page, "page", &link(&method.source));
    }
    if outcome.value_erratum {
        let printed = outcome.documented_value.as_deref().unwrap_or("another value");
        row(&mut page, "erratum", &format!("the page prints {printed}; the SDK's value goes over the wire"));
    }
    let names: Vec<&str> =
        cases.iter().filter(|case| case.outcome == outcome.id).map(|case| case.name).collect();
    let shown_by = match (names.as_slice(), dispositions().get(&outcome.id)) {
        ([], Some(disposition)) => format!("{}: {}", disposition.kind.name(), disposition.reason),
        ([], None) => "no case yet".to_owned(),
        (names, _) => names.join(", "),
    };
    row(&mut page, "shown by", &shown_by);
    page
}

fn code(outcome: &Outcome) -> String {
    match outcome.hresult() {
        Some(code) => format!("{code}: {}", code.meaning().unwrap_or_default()),
        None if outcome.code == "HRESULT" => "any failing code".to_owned(),
        None => format!("`{}`: the method returns plain data", outcome.code),
    }
}

fn arrives(outcome: &Outcome) -> String {
    let returns = outcome
        .method_returns
        .as_ref()
        .map_or_else(String::new, |code| format!("; the method itself returns {code}"));
    match outcome.place() {
        Place::Returned if hands_out_async(outcome) => {
            "as the return value or through IVssAsync::QueryStatus: the page does not say".to_owned()
        }
        Place::Returned => "as the return value".to_owned(),
        Place::Status { method } => format!("through IVssAsync::QueryStatus after {method}{returns}"),
        Place::OutValue { method, param } => format!("in {param} of {method}{returns}"),
        Place::WriterStatus => {
            format!("reported by the writer ({}){returns}", outcome.via.as_deref().unwrap_or_default())
        }
    }
}

fn said_in(outcome: &Outcome) -> String {
    let place = outcome.from.as_deref().unwrap_or("the page's table of codes");
    if outcome.inferred { format!("{place}, without an explicit code") } else { place.to_owned() }
}

fn hands_out_async(outcome: &Outcome) -> bool {
    Spec::get().method(&outcome.method).is_some_and(|method| method.is_async)
}
