//! Pages that explain an outcome, a method, an interface, an enumeration, a code, a fault's cause, a reading, a state, a rule
//! or a refusal: what is documented, where, and what shows it.

mod cause;
mod code;
mod enumeration;
mod layout;
mod method;
mod outcome;
mod reading;
mod reason;
mod rule;
mod sources;
mod state;

use vss_sim::api::{CODES, HResult};

use crate::case::Case;
use crate::nearest::{nearest, outcomes};
use crate::spec::{Outcome, Spec};

/// Nothing has that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{query}` is no outcome, method, interface, enumeration, code, cause, reading, state or rule{}",
    suggestion(near)
)]
pub struct Unknown {
    /// What was asked for.
    pub query: String,
    /// What resembles it.
    pub near: Vec<String>,
}

fn suggestion(near: &[String]) -> String {
    match near {
        [] => "; `vsslab list` shows every outcome".to_owned(),
        near => format!("; did you mean {}?", near.join(", or ")),
    }
}

/// The page for an outcome (`RecoverSet/VSS_E_BAD_STATE/winpe`), a method (`RecoverSet`), an interface or a code
/// (`VSS_E_BAD_STATE`, `0x80042301`), of the enumeration that has a name (`VSS_RECOVERY_OPTIONS`) or a value, of a cause of
/// faults (`loses-lun`), of a reading of the documentation (`exposed-again`), of a state of requesters' objects
/// (`I_IMPORTED`), of a rule or observation that a report names in short (`N3`), or of the reason of a refusal. Case does not
/// matter.
///
/// # Errors
/// Nothing has that name: what resembles it.
pub fn page(query: &str, cases: &[Case]) -> Result<String, Unknown> {
    let query = query.trim();
    page_of(query, cases).or_else(|unknown| {
        let named = reason::name_in(query).and_then(|name| page_of(name, cases).ok());
        named.or_else(|| reason::page(query)).ok_or(unknown)
    })
}

fn page_of(query: &str, cases: &[Case]) -> Result<String, Unknown> {
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
    if let Some(page) = enumeration::page(query) {
        return Ok(page);
    }
    if let Some(page) = cause::page(query).or_else(|| reading::page(query)).or_else(|| state::page(query)) {
        return Ok(page);
    }
    let rules = rule::pages(query);
    if !rules.is_empty() {
        return Ok(pages(rules.into_iter()));
    }
    match query.parse::<HResult>() {
        Ok(known) if known.name().is_some() => Ok(code::page(known)),
        Ok(_) if is_cut_off(query) => Err(Unknown { query: query.to_owned(), near: codes_from(query) }),
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

/// A code has eight digits; without `0x`, seven that begin as a failure does are likely one.
fn is_cut_off(query: &str) -> bool {
    match hex_digits(query) {
        Some(digits) => digits.len() != 8,
        None => query.len() == 7 && query.starts_with('8'),
    }
}

fn hex_digits(query: &str) -> Option<&str> {
    query.strip_prefix("0x").or_else(|| query.strip_prefix("0X"))
}

/// The first codes that begin with these digits.
fn codes_from(query: &str) -> Vec<String> {
    let digits = hex_digits(query).unwrap_or(query).to_uppercase();
    let begins = |code: HResult| format!("{:08X}", code.0).starts_with(&digits);
    CODES.iter().filter(|(code, ..)| begins(*code)).map(|(_, name, _)| (*name).to_owned()).take(3).collect()
}

fn near(query: &str) -> Vec<String> {
    let rules = rule::near(query);
    if !rules.is_empty() {
        return rules.into_iter().map(str::to_owned).collect();
    }
    let codes = CODES.iter().map(|(_, name, _)| *name);
    let methods = Spec::get().methods().map(|method| &*method.name);
    let others = enumeration::names().chain(cause::names()).chain(reading::names()).chain(state::names());
    let near = nearest(query, codes.chain(methods).chain(others), 3);
    if near.is_empty() { outcomes(query) } else { near.into_iter().map(str::to_owned).collect() }
}
