//! `fixtures/undocumented-codes.toml`: codes that the simulator answers although the method's page does not list them.

use std::sync::LazyLock;

use serde::Deserialize;
use vss_sim::api::HResult;

use super::files::UNDOCUMENTED;

/// One code that a method's page does not list although the simulator answers it.
#[derive(Debug)]
pub struct Undocumented {
    /// The method with its interface, or `*` for any, or `Interface::*`.
    pub method: String,
    /// What is answered.
    pub code: HResult,
    /// What it stands for.
    pub why: String,
    /// `rule X`, `observed OX`, or `inferred`.
    pub provenance: String,
}

/// A table of the file: the same of one method or of several.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    method: Option<String>,
    #[serde(default)]
    methods: Vec<String>,
    code: HResult,
    why: String,
    provenance: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    code: Vec<Row>,
}

impl Undocumented {
    /// The list, an entry for each method.
    pub fn all() -> &'static [Self] {
        static ALL: LazyLock<Vec<Undocumented>> = LazyLock::new(|| {
            let File { code } = toml::from_str(UNDOCUMENTED)
                .unwrap_or_else(|error| unreachable!("undocumented-codes.toml: {error}"));
            code.into_iter().flat_map(of_each_method).collect()
        });
        &ALL
    }

    /// Whether it is about that method, by its full id.
    pub fn is_of(&self, method: &str) -> bool {
        match self.method.strip_suffix('*') {
            Some(beginning) => method.starts_with(beginning),
            None => self.method == method,
        }
    }
}

fn of_each_method(row: Row) -> impl Iterator<Item = Undocumented> {
    let Row { method, methods, code, why, provenance } = row;
    let entry = move |method| Undocumented { method, code, why: why.clone(), provenance: provenance.clone() };
    method.into_iter().chain(methods).map(entry)
}
