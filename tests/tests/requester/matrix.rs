//! The documented entries of the matrix, for the methods that are carried out.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use vss_tests::methods::CARRIED_OUT;

/// One entry: what a call in a state leads to.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) state: String,
    /// As the matrix names it: `InitializeForBackup(xml)`.
    pub(crate) call: String,
    pub(crate) result: String,
    pub(crate) next: String,
    pub(crate) rule: String,
    /// Rules that hold instead when their condition does.
    pub(crate) instead: Vec<String>,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {} (rule {})", self.call, self.state, self.rule)
    }
}

#[derive(Deserialize)]
struct File {
    matrix: BTreeMap<String, BTreeMap<String, Cell>>,
}

#[derive(Deserialize)]
struct Cell {
    r: String,
    n: String,
    d: bool,
    rule: String,
    #[serde(default, rename = "or")]
    instead: Vec<String>,
}

/// Every documented entry of those methods.
pub(crate) fn documented_entries() -> Vec<Entry> {
    let text = include_str!("../../../fixtures/spec/rules/requester-state-machine.json");
    let file: File = serde_json::from_str(text).expect("the state machine can be read");
    let entry = |(state, call, cell): (&String, String, Cell)| Entry {
        state: state.clone(),
        call,
        result: cell.r,
        next: cell.n,
        rule: cell.rule,
        instead: cell.instead,
    };
    let mut entries = Vec::new();
    for (state, calls) in file.matrix {
        let documented =
            calls.into_iter().filter(|(call, cell)| cell.d && CARRIED_OUT.contains(&method_of(call)));
        entries.extend(documented.map(|(call, cell)| entry((&state, call, cell))));
    }
    entries
}

/// `InitializeForBackup(xml)` is an entry of `InitializeForBackup`.
fn method_of(call: &str) -> &str {
    call.split_once('(').map_or(call, |(method, _)| method)
}
