//! What several kinds of pages are read from.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;
use vss_sim::lab::Lab;

use crate::spec::files::REQUESTER_STATE_MACHINE;

/// The labs' schema, which has the causes of faults and the readings with what is said of them.
pub(super) static LAB_SCHEMA: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&Lab::json_schema()).unwrap_or_default());

/// `requester-state-machine.json`.
pub(super) static MACHINE: LazyLock<StateMachine> = LazyLock::new(|| {
    serde_json::from_str(REQUESTER_STATE_MACHINE)
        .unwrap_or_else(|error| unreachable!("requester-state-machine.json: {error}"))
});

#[derive(Deserialize)]
pub(super) struct StateMachine {
    pub(super) states: Vec<State>,
    pub(super) calls: Vec<String>,
    /// What each call comes to in each state.
    pub(super) matrix: BTreeMap<String, BTreeMap<String, Entry>>,
    pub(super) rules: Vec<Rule>,
}

#[derive(Deserialize)]
pub(super) struct State {
    pub(super) id: String,
    pub(super) meaning: String,
}

#[derive(Deserialize)]
pub(super) struct Entry {
    #[serde(rename = "r")]
    pub(super) result: String,
    #[serde(rename = "n")]
    pub(super) next: String,
    #[serde(rename = "d")]
    pub(super) documented: bool,
    pub(super) rule: String,
}

#[derive(Deserialize)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) from: Vec<String>,
    pub(super) call: Vec<String>,
    pub(super) when: String,
    pub(super) returns: String,
    pub(super) next: String,
    pub(super) documented: bool,
    pub(super) source: String,
    #[serde(default)]
    pub(super) why_inferred: String,
    #[serde(default)]
    pub(super) event_or_effect: String,
}
