//! The coordinator as the caller of hardware providers against `provider-state-machine.json`: every documented entry is
//! held by a check, by a case of the suite, or named as out of reach.

mod automaton;
mod checks;
mod exhaustive;
mod room;
mod table;

use serde_json::Value;
use table::{Held, Row, TABLE};
use vss_conformance::cases;

const SECTIONS: [&str; 9] = [
    "transitions",
    "coordinator_sequence",
    "timing",
    "return_codes",
    "codes_per_method",
    "luns",
    "break",
    "resync",
    "selection_and_registration",
];

/// The documented entries of a section, as the table begins them. Sections without the mark are documented throughout.
fn entries(section: &str) -> Vec<String> {
    let text = include_str!("../../../fixtures/spec/rules/provider-state-machine.json");
    let file: Value = serde_json::from_str(text).expect("the state machine can be read");
    let entries: Vec<Value> = match &file[section] {
        Value::Array(entries) => entries.clone(),
        // Held as a whole: one test compares all of it.
        Value::Object(_) => return vec![section.to_owned()],
        other => panic!("{section}: {other}"),
    };
    let documented = entries.iter().filter(|entry| entry["documented"] != Value::Bool(false));
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let begins = |entry: &Value| match section {
        "transitions" => format!("{} from {}", text(entry, "call"), text(entry, "from")),
        "coordinator_sequence" => format!("{} {}", entry["step"], text(entry, "what")),
        "timing" | "break" => text(entry, "what"),
        "return_codes" => text(entry, "code"),
        _ => text(entry, "rule"),
    };
    documented.map(begins).collect()
}

fn sections() -> impl Iterator<Item = &'static str> {
    SECTIONS.into_iter().chain(["forbidden_in_callbacks"])
}

/// The row of an entry: the one that begins as it does, or the longest of them.
fn row(section: &str, entry: &str) -> Option<usize> {
    let fits = |row: &Row| row.0 == section && entry.starts_with(row.1);
    let fitting = TABLE.iter().enumerate().filter(|(_, row)| fits(row));
    fitting.max_by_key(|(_, row)| row.1.len()).map(|(place, _)| place)
}

#[test]
fn every_documented_entry_has_a_row_of_its_own() {
    let mut taken = vec![0; TABLE.len()];
    for section in sections() {
        for entry in entries(section) {
            let place = row(section, &entry).unwrap_or_else(|| panic!("{section}: nothing holds `{entry}`"));
            taken[place] += 1;
        }
    }
    for (row, count) in TABLE.iter().zip(taken) {
        assert_eq!(count, 1, "{}: `{}` stands for another number of entries", row.0, row.1);
    }
}

#[test]
fn every_check_holds() {
    let mut run: Vec<fn()> = Vec::new();
    for (section, begins, held) in TABLE {
        match held {
            Held::By(check) => {
                if run.iter().all(|other| !std::ptr::fn_addr_eq(*other, *check)) {
                    run.push(*check);
                    check();
                }
            }
            Held::Cases(names) => {
                for name in *names {
                    let known = cases::all().any(|case| case.name.ends_with(name));
                    assert!(known, "{section}: `{begins}` is held by {name}, which is no case");
                }
            }
            Held::Test(file, name) => {
                assert!(file.contains(&format!("fn {name}(")), "{section}: `{begins}`: no test {name}");
            }
            Held::Not(why) => {
                assert!(why.len() > 10, "{section}: `{begins}` has no reason");
            }
        }
    }
    assert!(run.len() > 20, "the table is vacuous");
}
