//! The documented outcomes of `fixtures/spec`, embedded and parsed once.
//!
//! An outcome is one (code, reason) pair of one method. Its id, `Interface::Method/CODE/reason`, is what cases,
//! filters, expectations and reports go by; ids of exported functions have no interface in front.

mod codes;
pub mod files;
mod parse;
mod undocumented;

use std::sync::LazyLock;

use serde::Deserialize;
use vss_sim::api::HResult;

pub use codes::{Arrival, Place};
pub use undocumented::Undocumented;

/// Everything that is documented.
#[derive(Debug)]
pub struct Spec {
    interfaces: Vec<Interface>,
}

/// An interface, or the exported functions of one header.
#[derive(Debug)]
pub struct Interface {
    /// Its file in `fixtures/spec`.
    pub file: &'static str,
    /// Its name, empty for exported functions.
    pub name: String,
    /// The header that declares it.
    pub header: String,
    /// The interface that it extends.
    pub inherits: Option<String>,
    /// Its methods without the inherited ones.
    pub methods: Vec<Method>,
    /// What its page demands of callers.
    pub rules: Vec<String>,
    /// Where its page is wrong or contradicts another.
    pub errata: Vec<String>,
    /// Its page in `MicrosoftDocs/sdk-api`.
    pub source: Option<String>,
}

/// A documented method or function.
#[derive(Debug)]
pub struct Method {
    /// `Interface::Name`, or the name alone for a function.
    pub id: String,
    /// The interface that declares it, empty for a function.
    pub interface: String,
    /// Its name.
    pub name: String,
    /// Its parameters in order.
    pub params: Vec<Param>,
    /// C type of what it returns.
    pub returns_type: String,
    /// Whether it hands out an `IVssAsync`.
    pub is_async: bool,
    /// First client edition of Windows that has it.
    pub min_client: Option<String>,
    /// First server edition of Windows that has it.
    pub min_server: Option<String>,
    /// What can come of it.
    pub outcomes: Vec<Outcome>,
    /// What its page demands of callers.
    pub rules: Vec<String>,
    /// Where its page is wrong or contradicts another.
    pub errata: Vec<String>,
    /// Its page in `MicrosoftDocs/sdk-api`.
    pub source: String,
}

/// A parameter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// Its documented name.
    pub name: String,
    /// `in`, `out` or `in,out`.
    pub dir: String,
    /// Its C type.
    #[serde(rename = "type")]
    pub c_type: String,
    /// Whether NULL or nothing may be passed.
    pub optional: bool,
    /// What its documentation says.
    pub note: String,
}

/// One documented (code, reason) pair of one method.
#[derive(Debug)]
pub struct Outcome {
    /// `Interface::Method/CODE/reason`.
    pub id: String,
    /// The interface of the method, empty for a function.
    pub interface: String,
    /// Its method's id.
    pub method: String,
    /// The code's name; `HRESULT` for "any failing code", and for methods that return plain data their value.
    pub code: String,
    /// The reason.
    pub when: String,
    /// The value that the page prints.
    pub documented_value: Option<String>,
    /// The value in the SDK header: what goes over the wire.
    pub sdk_value: Option<String>,
    /// Whether page and header differ.
    pub value_erratum: bool,
    /// Where the page says so, if not in its table of codes.
    pub from: Option<String>,
    /// Whether the page gives no explicit code.
    pub inferred: bool,
    /// How the code arrives, if not as the return value.
    pub via: Option<String>,
    /// What the method returns then.
    pub method_returns: Option<String>,
}

/// An embedded file is not what it should be. A test keeps this from happening.
#[derive(Debug, thiserror::Error)]
#[error("fixtures/spec/{file} cannot be read: {source}")]
pub struct SpecError {
    /// Which file.
    pub file: &'static str,
    /// What is wrong with it.
    #[source]
    pub source: serde_json::Error,
}

impl Spec {
    /// The embedded spec.
    pub fn get() -> &'static Self {
        static SPEC: LazyLock<Spec> = LazyLock::new(|| {
            // The text is part of the program, so this can only fail in a build that its own tests refuse.
            parse::embedded().expect("the embedded spec parses")
        });
        &SPEC
    }

    /// Interfaces and groups of functions, in the order of `index.json`.
    pub fn interfaces(&self) -> impl Iterator<Item = &Interface> {
        self.interfaces.iter()
    }

    /// All methods, interface by interface.
    pub fn methods(&self) -> impl Iterator<Item = &Method> {
        self.interfaces.iter().flat_map(|interface| &interface.methods)
    }

    /// All outcomes, method by method: the order of every report.
    pub fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.methods().flat_map(|method| &method.outcomes)
    }

    /// The outcome with that full id.
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        let method = id.split_once('/')?.0;
        self.method(method)?.outcomes.iter().find(|outcome| outcome.id == id)
    }

    /// The method with that full id (`IVssBackupComponentsEx3::RecoverSet`).
    pub fn method(&self, id: &str) -> Option<&Method> {
        let (interface, name) = id.split_once("::").unwrap_or(("", id));
        self.methods().find(|method| method.interface == interface && method.name == name)
    }

    /// The methods of that name in any interface, or the one with that full id. Case does not matter.
    pub fn methods_named(&self, name: &str) -> Vec<&Method> {
        let is_it =
            |method: &&Method| method.name.eq_ignore_ascii_case(name) || method.id.eq_ignore_ascii_case(name);
        self.methods().filter(is_it).collect()
    }

    /// The interface of that name. Case does not matter.
    pub fn interface(&self, name: &str) -> Option<&Interface> {
        self.interfaces.iter().find(|interface| !name.is_empty() && interface.name.eq_ignore_ascii_case(name))
    }

    /// Every outcome with that code.
    pub fn outcomes_with(&self, code: HResult) -> impl Iterator<Item = &Outcome> {
        self.outcomes().filter(move |outcome| outcome.hresult() == Some(code))
    }
}

impl Interface {
    /// Its name, or which functions these are.
    pub fn title(&self) -> String {
        if self.name.is_empty() { format!("functions of {}", self.header) } else { self.name.clone() }
    }

    /// How many outcomes its methods have.
    pub fn outcome_count(&self) -> usize {
        self.methods.iter().map(|method| method.outcomes.len()).sum()
    }
}

impl Outcome {
    /// The method's name without its interface.
    pub fn method_name(&self) -> &str {
        self.method.rsplit("::").next().unwrap_or_default()
    }

    /// The last part of the id.
    pub fn reason(&self) -> &str {
        self.id.rsplit('/').next().unwrap_or_default()
    }

    /// The code as a number; `None` for `HRESULT` (any failing code) and for plain data.
    pub fn hresult(&self) -> Option<HResult> {
        vss_sim::api::CODES.iter().find(|(_, name, _)| *name == self.code).map(|(code, ..)| *code)
    }
}
