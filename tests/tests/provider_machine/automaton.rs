//! The transitions of `provider-state-machine.json` as an automaton: whether the calls on a provider are a path.

use std::sync::LazyLock;

use serde::Deserialize;
use vss_sim::api::{HResult, ProviderCall, ProviderCallSeen, ProviderObject, SnapshotSetId};

/// A row of the file, taken apart.
#[derive(Debug)]
struct Transition {
    from: Vec<String>,
    method: String,
    /// Which set it is about, if the row says so.
    set: WhichSet,
    /// `same`, `never called`, or a state.
    to: String,
}

#[derive(Debug, PartialEq, Eq)]
enum WhichSet {
    Any,
    Known,
    New,
}

#[derive(Debug)]
struct Machine {
    transitions: Vec<Transition>,
    /// Calls that may come in any state but UNLOADED.
    free: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    transitions: Vec<Row>,
    calls_not_tied_to_creation: Vec<String>,
}

#[derive(Deserialize)]
struct Row {
    from: String,
    call: String,
    to: String,
}

static MACHINE: LazyLock<Machine> = LazyLock::new(|| {
    let text = include_str!("../../../fixtures/spec/rules/provider-state-machine.json");
    let file: File = serde_json::from_str(text).expect("the state machine can be read");
    let transitions = file.transitions.iter().map(transition).collect();
    Machine { transitions, free: file.calls_not_tied_to_creation }
});

fn transition(row: &Row) -> Transition {
    let method = row.call.split(['(', ',']).next().unwrap_or_default();
    let set = match &*row.call {
        call if call.contains("new set id") => WhichSet::New,
        call if call.contains("unknown set") => WhichSet::Any,
        call if method == "BeginPrepareSnapshot" && call.contains('(') => WhichSet::Any,
        _ => WhichSet::Known,
    };
    // `END_PREPARING -> PREPARED` ends in the latter, `PREPARING (new set)` is PREPARING.
    let last = row.to.rsplit("-> ").next().unwrap_or_default();
    let to = if last == "never called" { last } else { last.split([' ', '(']).next().unwrap_or_default() };
    let from = row.from.split('|').map(|from| from.trim().to_owned()).collect();
    Transition { from, method: method.to_owned(), set, to: to.to_owned() }
}

/// Where a provider is.
#[derive(Clone, Debug)]
pub(crate) struct Automaton {
    state: String,
    set: Option<SnapshotSetId>,
}

impl Automaton {
    pub(crate) fn new() -> Self {
        Self { state: "UNLOADED".to_owned(), set: None }
    }

    pub(crate) fn state(&self) -> &str {
        &self.state
    }

    /// Takes a call with its answer.
    ///
    /// # Errors
    /// No transition leads on from here by that call.
    pub(crate) fn take(&mut self, seen: &ProviderCallSeen) -> Result<(), String> {
        if seen.on != ProviderObject::Provider {
            return Ok(());
        }
        let (method, code) = (seen.call.method().name, seen.reply.hresult);
        if (self.state == "UNLOADED") != (method == "OnLoad") {
            return Err(format!("{method} in {}", self.state));
        }
        let gone = code == HResult::RPC_E_DISCONNECTED;
        let next = match &seen.call {
            ProviderCall::OnLoad { .. } if code == HResult::S_OK => "IDLE".to_owned(),
            ProviderCall::OnUnload { b_force_unload: false } if code == HResult::S_FALSE => {
                self.state.clone()
            }
            ProviderCall::OnLoad { .. } | ProviderCall::OnUnload { .. } => "UNLOADED".to_owned(),
            _ if MACHINE.free.iter().any(|free| free == method) => self.state.clone(),
            call => {
                let row = MACHINE.transitions.iter().find(|row| self.fits(row, call, method));
                let row = row.filter(|row| row.to != "never called");
                self.after(row.ok_or_else(|| format!("{method} in {}", self.state))?, method, code)
            }
        };
        if let ProviderCall::BeginPrepareSnapshot { snapshot_set_id, .. } = &seen.call {
            self.set = Some(*snapshot_set_id);
        }
        self.state = if gone { "UNLOADED".to_owned() } else { next };
        if self.state == "UNLOADED" {
            self.set = None;
        }
        Ok(())
    }

    fn fits(&self, row: &Transition, call: &ProviderCall, method: &str) -> bool {
        if row.method != method || !row.from.iter().any(|from| self.is_in(from, method)) {
            return false;
        }
        let known = call.snapshot_set_id().is_none_or(|set| Some(set) == self.set);
        match row.set {
            WhichSet::Any => true,
            WhichSet::Known => known,
            WhichSet::New => !known,
        }
    }

    fn is_in(&self, from: &str, method: &str) -> bool {
        match from {
            // "No set in preparation", whatever became of the last one.
            "IDLE" => ["IDLE", "CREATED", "ABORTED"].contains(&&*self.state),
            // The row is about a failure after the commit, of which the file has no later states.
            "COMMITTED" if method == "AbortSnapshots" => {
                ["COMMITTED", "POSTCOMMITTED", "PREFINALCOMMITTED"].contains(&&*self.state)
            }
            from => from == self.state,
        }
    }

    fn after(&self, row: &Transition, method: &str, code: HResult) -> String {
        // The volume goes to another provider; nothing of the set has failed.
        if (method, code) == ("BeginPrepareSnapshot", HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER) {
            return self.state.clone();
        }
        // "any creation state / any call returns an error / ABORTED"
        if code != HResult::S_OK && method != "AbortSnapshots" {
            return "ABORTED".to_owned();
        }
        if row.to == "same" { self.state.clone() } else { row.to.clone() }
    }
}
