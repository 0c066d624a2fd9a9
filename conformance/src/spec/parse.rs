//! Reads the embedded JSON and links outcomes to their methods.

use serde::Deserialize;

use super::{Interface, Method, Outcome, Param, Spec, SpecError, files};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawInterface {
    header: String,
    interface: String,
    inherits: Option<String>,
    methods: Vec<RawMethod>,
    #[serde(default)]
    interface_rules: Vec<String>,
    #[serde(default, alias = "interface_errata")]
    interface_doc_errata: Vec<String>,
    #[serde(default)]
    interface_source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMethod {
    name: String,
    params: Vec<Param>,
    returns_type: String,
    #[serde(rename = "async")]
    is_async: bool,
    min_client: Option<String>,
    min_server: Option<String>,
    outcomes: Vec<RawOutcome>,
    rules: Vec<String>,
    doc_errata: Vec<String>,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOutcome {
    id: String,
    code: String,
    when: String,
    documented_value: Option<String>,
    #[serde(default)]
    sdk_value: Option<String>,
    #[serde(default)]
    value_erratum: bool,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    inferred: bool,
    #[serde(default)]
    via: Option<String>,
    #[serde(default)]
    method_returns: Option<String>,
}

pub(super) fn embedded() -> Result<Spec, SpecError> {
    let mut interfaces = Vec::with_capacity(files::INTERFACES.len());
    for &(file, text) in files::INTERFACES {
        let raw: RawInterface = serde_json::from_str(text).map_err(|source| SpecError { file, source })?;
        interfaces.push(interface(file, raw));
    }
    Ok(Spec { interfaces })
}

fn interface(file: &'static str, raw: RawInterface) -> Interface {
    let methods = raw.methods.into_iter().map(|method_raw| method(&raw.interface, method_raw)).collect();
    Interface {
        file,
        name: raw.interface,
        header: raw.header,
        inherits: raw.inherits,
        methods,
        rules: raw.interface_rules,
        errata: raw.interface_doc_errata,
        source: raw.interface_source,
    }
}

fn method(interface: &str, raw: RawMethod) -> Method {
    let id = qualified(interface, &raw.name);
    let outcomes = raw.outcomes.into_iter().map(|outcome_raw| outcome(interface, &id, outcome_raw)).collect();
    Method {
        id,
        interface: interface.to_owned(),
        name: raw.name,
        params: raw.params,
        returns_type: raw.returns_type,
        is_async: raw.is_async,
        min_client: raw.min_client,
        min_server: raw.min_server,
        outcomes,
        rules: raw.rules,
        errata: raw.doc_errata,
        source: raw.source,
    }
}

fn outcome(interface: &str, method: &str, raw: RawOutcome) -> Outcome {
    Outcome {
        id: qualified(interface, &raw.id),
        interface: interface.to_owned(),
        method: method.to_owned(),
        code: raw.code,
        when: raw.when,
        documented_value: raw.documented_value,
        sdk_value: raw.sdk_value,
        value_erratum: raw.value_erratum,
        from: raw.from,
        inferred: raw.inferred,
        via: raw.via,
        method_returns: raw.method_returns,
    }
}

/// Exported functions have no interface in front.
fn qualified(interface: &str, name: &str) -> String {
    if interface.is_empty() { name.to_owned() } else { format!("{interface}::{name}") }
}
