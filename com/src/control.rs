//! What a DLL of ours can be asked beside VSS, as JSON: one function more, `VsslabControl`.
//!
//! | request | does |
//! |---|---|
//! | `{"load":"default"}` | loads the built-in lab; what was handed out before is disconnected |
//! | `{"load":{"toml":"..."}}`, `{"load":{"file":"..."}}` | loads a lab from a text or a file |
//! | `{"load":{"lab":{...}}}` | loads a lab as the whole description in JSON |
//! | `{"act":{"fault":{"call":"ResyncLuns","cause":"loses-lun"}}}` | something goes wrong from now on |
//! | `{"act":{"elapse":{"ms":1000}}}` | moves the clock; each [`Action`] can be done |
//! | `{"ask":"luns"}`, `{"ask":{"lun-signature":{"lun":"data-d"}}}` | looks at effects; each [`Question`] can be asked |
//! | `{"call-provider":{"provider":"...","on":"provider","call":{"OnLoad":{"p_callback":"null"}}}}` | calls a hardware provider past the service; each [`ProviderCall`] can be made |
//! | `{"on-host":2}` | the DLL is loaded on that host of the lab from here on: its functions are called there |
//! | `"live-objects"` | counts the COM objects that references are held to |
//! | `"describe"` | says what answers: backend, system, capabilities |
//! | `"stand-alone"` | forwards and traces nothing, whatever the environment says; has to come before all else |
//!
//! Answers are `"done"`, `{"answer":...}`, `{"live-objects":0}`, `{"described":{...}}` or `{"error":"what and why"}`.

use crate::abi::{BSTR, HRESULT, LPCWSTR};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use vss_sim::api::{
    Action, Answer, Capabilities, ProviderCall, ProviderId, ProviderObject, ProviderReply, Question, Target,
    Unavailable,
};
use vss_sim::lab::Lab;

/// The name of the function.
pub const EXPORT: &str = "VsslabControl";

/// The function: `HRESULT VsslabControl(LPCWSTR request, BSTR *response)`. Its code is `E_INVALIDARG` where the response
/// is an error. The response is freed with `SysFreeString`.
pub type Function = unsafe extern "system" fn(request: LPCWSTR, response: *mut BSTR) -> HRESULT;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// Sets the world up anew.
    Load(Source),
    /// Changes the world from outside.
    Act(Action),
    /// Looks at the world.
    Ask(Question),
    /// Calls a hardware provider, past the service.
    CallProvider {
        /// Which one.
        provider: ProviderId,
        /// On what of it.
        on: ProviderObject,
        /// The call.
        call: Box<ProviderCall>,
    },
    /// The DLL's functions are called on that host of the lab from here on; a lab that is loaded begins with the first.
    OnHost(u32),
    /// What answers?
    Describe,
    /// How many COM objects live?
    LiveObjects,
    /// Answers itself: another of these DLLs is in front, which forwards and traces.
    StandAlone,
}

/// Where a lab comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// It is the built-in one.
    Default,
    /// A TOML text.
    Toml(String),
    /// A TOML file.
    File(PathBuf),
    /// A whole description.
    Lab(Box<Lab>),
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Response {
    /// That was done.
    Done,
    /// This was seen.
    Answer(Answer),
    /// The provider answered this.
    ProviderReply(Box<ProviderReply>),
    /// So many COM objects live.
    LiveObjects(u32),
    /// This answers.
    Described {
        /// The implementation and its system.
        target: Target,
        /// What it offers beside calls, by name.
        capabilities: CapabilityNames,
    },
    /// It could not be done, and why.
    Error(String),
}

/// Capabilities by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CapabilityNames(Vec<String>);

impl From<Capabilities> for CapabilityNames {
    fn from(capabilities: Capabilities) -> Self {
        Self(capabilities.iter_names().map(|(name, _)| name.to_lowercase()).collect())
    }
}

impl From<CapabilityNames> for Capabilities {
    fn from(offer: CapabilityNames) -> Self {
        offer.0.iter().filter_map(|name| Self::from_name(&name.to_uppercase())).collect()
    }
}

impl Source {
    /// The lab.
    ///
    /// # Errors
    /// The file cannot be read, or what is wrong with the lab.
    pub fn lab(&self) -> Result<Lab, Unavailable> {
        let from_toml = |text: &str, name: &str| {
            Lab::from_toml(text, name).map_err(|error| Unavailable::because(error.to_string()))
        };
        match self {
            Self::Default => Ok(Lab::default_lab()),
            Self::Toml(text) => from_toml(text, "the request"),
            Self::File(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| {
                    Unavailable::because(format!("cannot read the lab {}: {error}", path.display()))
                })?;
                from_toml(&text, &path.display().to_string())
            }
            Self::Lab(lab) => Ok(Lab::clone(lab)),
        }
    }
}

impl Request {
    /// Reads a request.
    ///
    /// # Errors
    /// What is wrong with the text, and what a request looks like.
    pub fn parse(json: &str) -> Result<Self, Unavailable> {
        serde_json::from_str(json).map_err(|error| {
            Unavailable::because(format!(
                "this is no request: {error}; one is {{\"load\":\"default\"}}, {{\"act\":...}}, {{\"ask\":...}}, \
                 \"describe\" or \"live-objects\""
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_requests_are_requests() {
        for json in [
            r#"{"load":"default"}"#,
            r#"{"load":{"toml":"base = \"default\""}}"#,
            r#"{"load":{"file":"lab.toml"}}"#,
            r#"{"act":{"fault":{"call":"ResyncLuns","cause":"loses-lun"}}}"#,
            r#"{"act":{"elapse":{"ms":1000}}}"#,
            r#"{"ask":"luns"}"#,
            r#"{"ask":{"lun-signature":{"lun":"data-d"}}}"#,
            r#"{"call-provider":{"provider":"00000000-0000-0000-0000-000000000000","on":"provider","call":{"OnLoad":{"p_callback":"null"}}}}"#,
            r#"{"on-host":2}"#,
            r#""live-objects""#,
            r#""describe""#,
            r#""stand-alone""#,
        ] {
            let request = Request::parse(json).unwrap_or_else(|error| panic!("{json}: {error}"));
            let again = serde_json::to_string(&request).expect("JSON");
            assert_eq!(Request::parse(&again), Ok(request));
        }
    }

    #[test]
    fn what_is_no_request_is_told_how_one_looks() {
        let error = Request::parse(r#"{"lode":"default"}"#).expect_err("a misspelt word");
        assert!(error.reason.contains("unknown variant `lode`"), "{error}");
        assert!(error.reason.contains(r#"{"load":"default"}"#), "{error}");
    }

    #[test]
    fn capabilities_go_by_name() {
        let some = Capabilities::FAULTS | Capabilities::CLOCK;
        assert_eq!(
            serde_json::to_string(&CapabilityNames::from(some)).expect("JSON"),
            r#"["faults","clock"]"#
        );
        assert_eq!(Capabilities::from(CapabilityNames::from(some)), some);
    }
}
