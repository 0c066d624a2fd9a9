//! The page of an enumeration, or of one of its values.

use std::sync::LazyLock;

use serde::Deserialize;

use super::layout::{hanging, link, list};
use crate::spec::files::TYPES;

#[derive(Deserialize)]
struct Types {
    enums: Vec<Enumeration>,
}

/// An enumeration of `types.json`.
#[derive(Deserialize)]
struct Enumeration {
    name: String,
    flags: bool,
    values: Vec<Value>,
    #[serde(default)]
    rules: Vec<String>,
    #[serde(default)]
    doc_errata: Vec<String>,
    source: String,
}

#[derive(Deserialize)]
struct Value {
    name: String,
    value: i64,
    #[serde(default)]
    meaning: String,
}

static ENUMERATIONS: LazyLock<Vec<Enumeration>> = LazyLock::new(|| {
    let Types { enums } =
        serde_json::from_str(TYPES).unwrap_or_else(|error| unreachable!("types.json: {error}"));
    enums
});

/// The names of the enumerations and of their values.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let values = ENUMERATIONS.iter().flat_map(|it| &it.values).map(|value| &*value.name);
    ENUMERATIONS.iter().map(|it| &*it.name).chain(values)
}

/// The page of the enumeration of that name, or of the one that has a value of that name.
pub(super) fn page(query: &str) -> Option<String> {
    let named = |name: &str| name.eq_ignore_ascii_case(query);
    let has = |it: &&Enumeration| named(&it.name) || it.values.iter().any(|value| named(&value.name));
    let enumeration = ENUMERATIONS.iter().find(has)?;

    let kind = if enumeration.flags { "flags" } else { "one of these values" };
    let mut page = format!("{}  {kind}\n", enumeration.name);
    for Value { name, value, meaning } in &enumeration.values {
        let value = if enumeration.flags { format!("0x{value:08X}") } else { format!("{value:>4}") };
        hanging(&mut page, &format!("  {value}  {name}: "), meaning);
    }
    list(&mut page, "Rules", &enumeration.rules);
    list(&mut page, "Errata", &enumeration.doc_errata);
    page.push_str(&format!("\n{}\n", link(&enumeration.source)));
    Some(page)
}
