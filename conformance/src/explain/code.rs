//! The page of a code.

use vss_sim::api::HResult;

use super::layout::hanging;
use crate::spec::{Outcome, Spec, Undocumented};

pub(super) fn page(code: HResult) -> String {
    let name = code.name().unwrap_or_default();
    let mut page = format!("{name}  0x{:08X}  {}\n", code.0, kind(code));
    hanging(&mut page, "", code.meaning().unwrap_or_default());

    let outcomes: Vec<&Outcome> = Spec::get().outcomes_with(code).collect();
    if outcomes.is_empty() {
        page.push_str("\nNo page of a method names it.\n");
        undocumented(&mut page, code);
        return page;
    }
    let mut methods: Vec<&str> = outcomes.iter().map(|outcome| outcome.method.as_str()).collect();
    methods.dedup();
    page.push_str(&format!(
        "\n{} of {}\n",
        counted(outcomes.len(), "outcome"),
        counted(methods.len(), "method")
    ));
    let mut last = "";
    for outcome in &outcomes {
        if outcome.method != last {
            last = &outcome.method;
            page.push_str(&format!("  {last}\n"));
        }
        hanging(&mut page, &format!("    {}: ", outcome.reason()), &outcome.when);
    }
    undocumented(&mut page, code);
    errata(&mut page, &outcomes);
    page
}

/// Where the simulator answers it although the page does not list it.
fn undocumented(page: &mut String, code: HResult) {
    let entries = Undocumented::all().iter().filter(|entry| entry.code == code);
    let said = entries.map(|entry| {
        let method = if entry.method == "*" { "any method" } else { &*entry.method };
        format!("{method}: {} ({})", entry.why, entry.provenance)
    });
    super::layout::list(
        page,
        "Answered by the simulator, though not on the method's page",
        &said.collect::<Vec<_>>(),
    );
}

/// A number that is the code of nothing documented: what can be read from its bits.
pub(super) fn unknown_page(code: HResult) -> String {
    let facility = (code.0 >> 16) & 0x7FF;
    let facility_name = match facility {
        0 => "0 (null)".to_owned(),
        1 => "1 (RPC)".to_owned(),
        4 => "4 (interface: VSS has its own codes here)".to_owned(),
        7 => "7 (Win32)".to_owned(),
        other => other.to_string(),
    };
    let low = code.0 & 0xFFFF;
    let mut page = format!(
        "0x{:08X}  {}\nNo documented code of VSS has this value.\n\nfacility {facility_name}, code {low} (0x{low:04X})\n",
        code.0,
        kind(code)
    );
    let printed_for = |outcome: &&Outcome| {
        let printed = outcome.documented_value.as_deref().and_then(|printed| printed.parse().ok());
        outcome.value_erratum && printed == Some(code)
    };
    let misprints = Spec::get().outcomes().filter(printed_for).map(|outcome| {
        let meant = outcome.hresult().map_or_else(|| outcome.code.clone(), |code| code.to_string());
        format!("the page of {} prints it for {meant}", outcome.method)
    });
    super::layout::list(&mut page, "Errata", &misprints.collect::<Vec<_>>());
    page
}

fn kind(code: HResult) -> &'static str {
    if code.is_success() { "success" } else { "failure" }
}

fn errata(page: &mut String, outcomes: &[&Outcome]) {
    let wrong: Vec<String> = outcomes
        .iter()
        .filter(|outcome| outcome.value_erratum)
        .map(|outcome| {
            let printed = outcome.documented_value.as_deref().unwrap_or("another value");
            format!("the page of {} prints {printed}", outcome.method)
        })
        .collect();
    super::layout::list(page, "Errata", &wrong);
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
