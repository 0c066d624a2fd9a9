//! The page of a state of a requester's object (`I_IMPORTED`): what it stands for, and which calls it admits.

use std::collections::BTreeMap;

use super::layout::{hanging, row};
use super::sources::MACHINE;

/// The names of the states.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    MACHINE.states.iter().map(|state| &*state.id)
}

/// The page of the state of that name.
pub(super) fn page(query: &str) -> Option<String> {
    let state = MACHINE.states.iter().find(|state| state.id.eq_ignore_ascii_case(query))?;
    let mut page = format!("{}  a state of requesters' objects\n", state.id);
    row(&mut page, "means", &state.meaning);
    let entries = MACHINE.matrix.get(&state.id)?;
    let entries = MACHINE.calls.iter().filter_map(|call| Some((call, entries.get(call)?)));
    let (admitted, others): (Vec<_>, Vec<_>) =
        entries.partition(|(_, entry)| entry.result.starts_with("S_OK"));
    if !admitted.is_empty() {
        page.push_str("\nCalls that it admits, and what comes after them (in brackets the rule)\n");
    }
    for (call, entry) in admitted {
        let next = if entry.next == state.id { "the state stays" } else { &entry.next };
        let inferred = if entry.documented { "" } else { ", inferred" };
        let plain = ["S_OK", "S_OK + async"].contains(&&*entry.result);
        let result = if plain { String::new() } else { format!("; {}", entry.result) };
        hanging(&mut page, &format!("  {call:<26} "), &format!("{next} ({}{inferred}){result}", entry.rule));
    }
    let mut by_result: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (call, entry) in others {
        by_result.entry(&entry.result).or_default().push(call);
    }
    for (result, calls) in by_result {
        page.push_str(&format!("\n{}\n", heading(result)));
        hanging(&mut page, "  ", &calls.join(", "));
    }
    Some(page)
}

/// What is said above the calls that come to something else than success.
fn heading(result: &str) -> String {
    match (result.strip_prefix("as in "), result.strip_prefix("n/a ")) {
        (Some(states), _) => format!("Answers as in {states}"),
        (_, Some(why)) => format!("Cannot be called {why}"),
        _ => format!("Refused with {result}"),
    }
}
