//! Pages that explain an outcome, a method, an interface or a code: what is documented, where, and what shows it.

mod code;
mod layout;
mod method;
mod outcome;

use vss_sim::api::{CODES, HResult};

use crate::case::Case;
use crate::nearest::{nearest, outcomes};
use crate::spec::{Outcome, Spec};

/// Nothing has that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{query}` is no outcome, method, interface or code{}", suggestion(near))]
pub struct Unknown {
    /// What was asked for.
    pub query: String,
    /// What resembles it.
    pub near: Vec<&'static str>,
}

fn suggestion(near: &[&str]) -> String {
    match near {
        [] => "; `vsslab list` shows every outcome".to_owned(),
        near => format!("; did you mean {}?", near.join(", or ")),
    }
}

/// The page for an outcome (`RecoverSet/VSS_E_BAD_STATE/winpe`), a method (`RecoverSet`), an interface or a code
/// (`VSS_E_BAD_STATE`, `0x80042301`). Case does not matter.
///
/// # Errors
/// Nothing has that name: what resembles it.
pub fn page(query: &str, cases: &[Case]) -> Result<String, Unknown> {
    let query = query.trim();
    let methods = Spec::get().methods_named(query);
    if !methods.is_empty() {
        return Ok(pages(methods.iter().map(|method| method::page(method, cases))));
    }
    if let Some(interface) = Spec::get().interface(query) {
        return Ok(method::interface_page(interface));
    }
    let outcomes = outcomes_named(query);
    if !outcomes.is_empty() {
        return Ok(pages(outcomes.iter().map(|outcome| outcome::page(outcome, cases))));
    }
    match query.parse::<HResult>() {
        Ok(known) if known.name().is_some() => Ok(code::page(known)),
        Ok(unknown) => Ok(code::unknown_page(unknown)),
        Err(_) => Err(Unknown { query: query.to_owned(), near: near(query) }),
    }
}

fn pages(pages: impl Iterator<Item = String>) -> String {
    pages.collect::<Vec<_>>().join("\n")
}

/// By the id with or without interface and reason.
fn outcomes_named(query: &str) -> Vec<&'static Outcome> {
    if !query.contains('/') {
        return Vec::new();
    }
    let glob = crate::glob::Glob::new(query);
    Spec::get().outcomes().filter(|outcome| glob.selects(outcome)).collect()
}

fn near(query: &str) -> Vec<&'static str> {
    let codes = nearest(query, CODES.iter().map(|(_, name, _)| *name), 3);
    if codes.is_empty() { outcomes(query) } else { codes }
}
