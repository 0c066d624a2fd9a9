//! The page of a cause that a fault of a lab can have.

use std::fmt::Write;

use vss_sim::lab::{Cause, CauseRow};

use super::layout::hanging;
use super::sources::LAB_SCHEMA;

/// The names of the causes.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    Cause::ALL.iter().map(|row| row.name)
}

/// The page of the cause of that name.
pub(super) fn page(query: &str) -> Option<String> {
    let row = Cause::ALL.iter().find(|row| row.name.eq_ignore_ascii_case(query))?;
    let mut page = format!("{}  a cause of faults\n", row.name);
    for line in description(row).lines() {
        hanging(&mut page, "  ", line);
    }
    let call = match row.only_in {
        Some(methods) => methods[0],
        None => row.kinds[0].example(),
    };
    let _ = write!(page, "\n  [[fault]]\n  call = \"{call}\"\n  cause = {}\n", row.example());
    Some(page)
}

/// What the labs' schema says of it.
fn description(row: &CauseRow) -> String {
    let causes = LAB_SCHEMA["$defs"]["Cause"]["oneOf"].as_array();
    let named = |it: &&serde_json::Value| it["const"] == row.name || it["required"][0] == row.name;
    let found = causes.into_iter().flatten().find(named).and_then(|it| it["description"].as_str());
    found.unwrap_or_default().to_owned()
}
