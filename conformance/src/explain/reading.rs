//! The page of a reading (`exposed-again`): what a lab decides where the documentation contradicts itself or is silent.

use serde_json::Value;

use super::layout::hanging;
use super::sources::LAB_SCHEMA as SCHEMA;

/// The names of the readings.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let readings = SCHEMA["$defs"]["Readings"]["properties"].as_object();
    readings.into_iter().flat_map(|readings| readings.keys()).map(String::as_str)
}

/// The page of the reading of that name.
pub(super) fn page(query: &str) -> Option<String> {
    let name = names().find(|name| name.eq_ignore_ascii_case(query))?;
    let reading = &SCHEMA["$defs"]["Readings"]["properties"][name];
    let mut page = format!("{name}  a reading of the documentation, which a lab can choose\n");
    hanging(&mut page, "  ", described(reading));
    page.push_str("\nChoices (the first is the default)\n");
    let choices = reading["$ref"].as_str().and_then(|name| SCHEMA.pointer(name.trim_start_matches('#')));
    for choice in choices.and_then(|choices| choices["oneOf"].as_array()).into_iter().flatten() {
        let value = choice["const"].as_str().unwrap_or_default();
        hanging(&mut page, &format!("  {value}: "), described(choice));
    }
    let default = reading["default"].as_str().unwrap_or_default();
    page.push_str(&format!("\n  [readings]\n  {name} = \"{default}\"\n"));
    Some(page)
}

fn described(item: &Value) -> &str {
    item["description"].as_str().unwrap_or_default()
}
