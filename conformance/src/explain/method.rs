//! The pages of a method and of an interface.

use super::layout::{hanging, link, list};
use crate::case::Case;
use crate::spec::{Interface, Method, Param, Undocumented};

pub(super) fn page(method: &Method, cases: &[Case]) -> String {
    let mut page = format!("{}\n", method.id);
    signature(&mut page, method);
    let mut facts = vec![link(&method.source)];
    if method.is_async {
        facts.push("hands out an IVssAsync".to_owned());
    }
    facts.push(format!("{}, {}", since("client", &method.min_client), since("server", &method.min_server)));
    for fact in facts {
        hanging(&mut page, "  ", &fact);
    }
    if method.outcomes.is_empty() {
        page.push_str("\nNo outcome is documented.\n");
    } else {
        outcomes(&mut page, method, cases);
    }
    undocumented(&mut page, method);
    list(&mut page, "Rules", &method.rules);
    list(&mut page, "Errata", &method.errata);
    page
}

/// What the simulator answers although the page does not list it. What any method can answer says nothing of this one.
fn undocumented(page: &mut String, method: &Method) {
    let entries = Undocumented::all().iter().filter(|entry| entry.method != "*" && entry.is_of(&method.id));
    let said = entries.map(|entry| format!("{}: {} ({})", entry.code, entry.why, entry.provenance));
    list(page, "Answered by the simulator, though not on the page", &said.collect::<Vec<_>>());
}

/// As in C, one parameter a line.
fn signature(page: &mut String, method: &Method) {
    let head = format!("  {} {}(", method.returns_type, method.name);
    if method.params.is_empty() {
        page.push_str(&format!("{head})\n"));
        return;
    }
    page.push_str(&format!("{head}\n"));
    let left: Vec<String> = method
        .params
        .iter()
        .map(|param| format!("[{}] {} {}", param.dir, param.c_type, param.name))
        .collect();
    let columns = left.iter().map(|text| text.chars().count()).max().unwrap_or(0);
    for (left, param) in left.iter().zip(&method.params) {
        hanging(page, &format!("      {left:<columns$}  "), &note(param));
    }
    page.push_str("  )\n");
}

fn note(param: &Param) -> String {
    match (param.optional, param.note.as_str()) {
        (true, "") => "optional".to_owned(),
        (true, note) => format!("optional; {note}"),
        (false, note) => note.to_owned(),
    }
}

fn since(edition: &str, version: &Option<String>) -> String {
    version.as_ref().map_or_else(|| format!("no {edition}"), |version| format!("{edition} from {version}"))
}

/// Grouped by code.
fn outcomes(page: &mut String, method: &Method, cases: &[Case]) {
    page.push_str("\nOutcomes (✓: a case shows it)\n");
    let mut last = "";
    for outcome in &method.outcomes {
        if outcome.code != last {
            last = &outcome.code;
            let value = outcome.sdk_value.as_deref().unwrap_or_default();
            page.push_str(format!("  {last}  {value}").trim_end());
            page.push('\n');
        }
        let mark = if cases.iter().any(|case| case.outcome == outcome.id) { '✓' } else { '·' };
        let via = outcome.via.as_ref().map_or_else(String::new, |via| format!(" (through {via})"));
        hanging(page, &format!("    {mark} {}: ", outcome.reason()), &format!("{}{via}", outcome.when));
    }
}

pub(super) fn interface_page(interface: &Interface) -> String {
    let mut page = format!("{}  {}\n", interface.title(), interface.header);
    if let Some(inherits) = &interface.inherits {
        page.push_str(&format!("  extends {inherits}\n"));
    }
    if let Some(source) = &interface.source {
        hanging(&mut page, "  ", &link(source));
    }
    page.push_str("\nMethods and their documented outcomes\n");
    let columns = interface.methods.iter().map(|method| method.name.chars().count()).max().unwrap_or(0);
    for method in &interface.methods {
        page.push_str(&format!("  {:<columns$} {:>4}\n", method.name, method.outcomes.len()));
    }
    list(&mut page, "Rules", &interface.rules);
    list(&mut page, "Errata", &interface.errata);
    page
}
