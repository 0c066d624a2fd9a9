//! What a call answers.

use serde::{Deserialize, Serialize};

use super::{HResult, Out, ProviderOut, Text};

/// The answer to a [`Call`](super::Call): the code and, if the method wrote them, its \[out\] values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// What the method returned.
    pub hresult: HResult,
    /// What it wrote through its out-pointers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out: Option<Out>,
}

impl Reply {
    /// `S_OK` without values.
    pub const OK: Self = Self { hresult: HResult::S_OK, out: None };

    /// `S_OK` with values.
    pub fn ok(out: Out) -> Self {
        Self { hresult: HResult::S_OK, out: Some(out) }
    }
}

impl From<HResult> for Reply {
    fn from(hresult: HResult) -> Self {
        Self { hresult, out: None }
    }
}

/// A provider's answer to a [`ProviderCall`](super::ProviderCall).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderReply {
    /// What the method returned.
    pub hresult: HResult,
    /// What it wrote through its out-pointers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out: Option<ProviderOut>,
    /// How long the provider took, in milliseconds of virtual time.
    #[serde(default)]
    pub took_ms: u64,
    /// What the provider did against the rules of its interface that code and values do not show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaches: Vec<Text>,
}

impl ProviderReply {
    /// `S_OK` without values, at once.
    pub const OK: Self = Self { hresult: HResult::S_OK, out: None, took_ms: 0, breaches: Vec::new() };

    /// `S_OK` with values, at once.
    pub fn ok(out: ProviderOut) -> Self {
        Self { out: Some(out), ..Self::OK }
    }
}

impl From<HResult> for ProviderReply {
    fn from(hresult: HResult) -> Self {
        Self { hresult, ..Self::OK }
    }
}
