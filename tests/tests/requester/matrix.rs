//! The documented entries of the matrix, for the methods that are carried out.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use vss_sim::api::HResult;
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

impl Entry {
    /// The code that the entry's text begins with, before the explanation.
    pub(crate) fn code(&self) -> HResult {
        // Whether a status was gathered decides, which the matrix words in prose: this is the case that it was.
        if self.rule == "Q2" {
            return HResult::S_OK;
        }
        let name = self.result.split([' ', '(']).next().unwrap_or_default();
        name.parse().unwrap_or_else(|error| panic!("`{}` begins with no code: {error}", self.result))
    }
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

/// States that no call leads to yet, which call would, and how many documented entries are about them.
const UNREACHABLE: [(&str, &[&str], usize); 3] = [
    ("PostRestore is not carried out", &["R_POSTRESTORING", "R_POSTRESTORED"], 32),
    ("PreRestore is not carried out", &["R_PRERESTORING", "R_PRERESTORED"], 32),
    ("SetSelectedForRestore is not carried out", &["R_SELECTED"], 19),
];

/// The entries about states that calls lead to. A new entry about another state, or a state that can be reached by now,
/// has to be looked at: then the table above is wrong.
pub(crate) fn reachable_entries() -> Vec<Entry> {
    let (mut reachable, mut out_of_reach) = (Vec::new(), BTreeMap::<&str, usize>::new());
    for entry in documented_entries() {
        match out_of_reach_for(&entry.state) {
            Some(why) => *out_of_reach.entry(why).or_default() += 1,
            None => reachable.push(entry),
        }
    }
    assert_eq!(out_of_reach, UNREACHABLE.into_iter().map(|(why, _, count)| (why, count)).collect());
    reachable
}

/// Why no call leads to that state, if none does.
pub(crate) fn out_of_reach_for(state: &str) -> Option<&'static str> {
    UNREACHABLE.iter().find(|(_, states, _)| states.contains(&state)).map(|(why, ..)| *why)
}

/// `InitializeForBackup(xml)` is an entry of `InitializeForBackup`.
fn method_of(call: &str) -> &str {
    call.split_once('(').map_or(call, |(method, _)| method)
}
