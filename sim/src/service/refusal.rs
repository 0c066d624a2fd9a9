//! Why a call fails: never a bare code, always what it stands for.

use std::fmt;

use crate::api::{HResult, Method};

/// A failing answer and what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What the caller sees.
    pub code: HResult,
    /// What it rests on.
    pub because: Because,
    /// What a page says of several situations alike: which of them it is, and what would help.
    pub detail: Option<&'static str>,
}

/// What an answer rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// An outcome of the method's page, by the last part of its id.
    Documented(&'static str),
    /// Another page or rule that names the code.
    Rule(&'static str),
    /// Behaviour that was seen: a row of `observed.md`, and what was seen.
    Observed(&'static str),
    /// A conclusion that nobody states, and why.
    Inferred(&'static str),
}

impl Refusal {
    /// This code, for this reason.
    pub const fn new(code: HResult, because: Because) -> Self {
        Self { code, because, detail: None }
    }

    /// With what a person is told beside the reason.
    pub const fn detail(mut self, detail: &'static str) -> Self {
        self.detail = Some(detail);
        self
    }

    /// An outcome of the method's page; `reason` is the last part of the outcome's id.
    pub const fn documented(code: HResult, reason: &'static str) -> Self {
        Self::new(code, Because::Documented(reason))
    }

    /// `E_INVALIDARG`: one of the parameters is not valid, as the pages say without telling which; `which` does.
    pub const fn bad_parameter(which: &'static str) -> Self {
        Self::documented(HResult::E_INVALIDARG, "bad-parameter").detail(which)
    }

    /// A code that another page or rule names.
    pub const fn rule(code: HResult, source: &'static str) -> Self {
        Self::new(code, Because::Rule(source))
    }

    /// A code that real VSS was seen to give.
    pub const fn observed(code: HResult, row: &'static str) -> Self {
        Self::new(code, Because::Observed(row))
    }

    /// A code that nobody states.
    pub const fn inferred(code: HResult, why: &'static str) -> Self {
        Self::new(code, Because::Inferred(why))
    }

    /// `VSS_E_BAD_STATE`: the object was never initialised.
    pub const NOT_INITIALIZED: Self = Self::documented(HResult::VSS_E_BAD_STATE, "not-initialized");
    /// `VSS_E_BAD_STATE`: called during a restore.
    pub const DURING_RESTORE: Self = Self::documented(HResult::VSS_E_BAD_STATE, "during-restore");
    /// `VSS_E_BAD_STATE`: not in the correct sequence.
    pub const OUT_OF_SEQUENCE: Self = Self::documented(HResult::VSS_E_BAD_STATE, "out-of-sequence");
    /// `VSS_E_BAD_STATE` while an operation is pending (rule F1).
    pub const PENDING: Self = Self::inferred(
        HResult::VSS_E_BAD_STATE,
        "an operation is pending, and the pages say to wait for it first",
    );

    /// `RPC_E_DISCONNECTED`: the object is gone.
    pub const NO_OBJECT: Self =
        Self::inferred(HResult::RPC_E_DISCONNECTED, "there is no such object (any more) (G1)");
    /// `RPC_E_DISCONNECTED`: there is no such host.
    pub const NO_HOST: Self = Self::inferred(HResult::RPC_E_DISCONNECTED, "the lab has no such host");
    /// `E_NOINTERFACE`: the system's object lacks the interface.
    pub const NO_INTERFACE: Self =
        Self::rule(HResult::E_NOINTERFACE, "the object does not have that interface on this system");
    /// `E_NOTIMPL`: a method of an interface, called on a host.
    pub const ONLY_FUNCTIONS: Self = Self::inferred(
        HResult::E_NOTIMPL,
        "a host has only the functions of VssApi.dll: the method belongs to the objects that they hand out",
    );
    /// `E_NOTIMPL`: the method is none of those that are simulated.
    pub const NOT_CARRIED_OUT: Self =
        Self::inferred(HResult::E_NOTIMPL, "the simulator does not carry this method out");

    /// What the refusal stands for, given the method that refused; a detail is in brackets behind it.
    pub fn explain(&self, method: Method) -> String {
        let reason = self.reason(method);
        match self.detail {
            Some(detail) => format!("{reason} ({detail})"),
            None => reason,
        }
    }

    fn reason(&self, method: Method) -> String {
        match self.because {
            Because::Documented(reason) => {
                let code = self.code.name().unwrap_or("?");
                let interface = if method.interface.is_empty() {
                    String::new()
                } else {
                    format!("{}::", method.interface)
                };
                format!("{interface}{}/{code}/{reason}", method.name)
            }
            Because::Rule(source) => format!("{source} (rule)"),
            Because::Observed(row) => format!("{row} (observed)"),
            Because::Inferred(why) => format!("{why} (inferred)"),
        }
    }
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Documented(reason) => write!(f, "documented: {reason}"),
            Self::Rule(source) => write!(f, "rule: {source}"),
            Self::Observed(row) => write!(f, "observed: {row}"),
            Self::Inferred(why) => write!(f, "inferred: {why}"),
        }
    }
}
