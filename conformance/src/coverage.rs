//! Which documented outcomes have a case, which have a written disposition, and which have neither.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::spec::{Interface, Spec};

/// Why no case can show an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disposition {
    /// The outcome's full id.
    pub id: String,
    /// The kind of reason.
    pub kind: DispositionKind,
    /// The reason.
    pub reason: String,
}

/// The kinds of reasons that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DispositionKind {
    /// Its own conditions exclude one another.
    UnreachableByDefinition,
    /// The page tells of a failure but of no code.
    NoCodeNamed,
}

impl DispositionKind {
    /// Its name in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnreachableByDefinition => "unreachable-by-definition",
            Self::NoCodeNamed => "no-code-named",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "outcome")]
    outcomes: Vec<Disposition>,
}

/// The dispositions of `dispositions.toml`, by outcome id.
pub fn dispositions() -> &'static BTreeMap<String, Disposition> {
    static DISPOSITIONS: LazyLock<BTreeMap<String, Disposition>> = LazyLock::new(|| {
        // Part of the program, like the spec: only a build that its own tests refuse can fail here.
        let file: File =
            toml::from_str(include_str!("../dispositions.toml")).expect("dispositions.toml parses");
        file.outcomes.into_iter().map(|disposition| (disposition.id.clone(), disposition)).collect()
    });
    &DISPOSITIONS
}

/// How much of the spec has a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Documented outcomes.
    pub documented: usize,
    /// Those with a case.
    pub covered: usize,
    /// Those with a written disposition instead.
    pub dispositioned: usize,
    /// The ids of the rest, in the order of the spec.
    pub missing: Vec<&'static str>,
    /// The same for each interface.
    #[serde(skip)]
    pub interfaces: Vec<InterfaceCoverage>,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceCoverage {
    /// The interface.
    pub title: String,
    /// Its documented outcomes.
    pub documented: usize,
    /// Those with a case.
    pub covered: usize,
    /// Those with a written disposition instead.
    pub dispositioned: usize,
}

impl Coverage {
    /// The coverage by these cases.
    pub fn of<'c>(cases: impl IntoIterator<Item = &'c Case>) -> Self {
        let shown: BTreeSet<&str> = cases.into_iter().map(|case| case.outcome).collect();
        let mut coverage =
            Self { documented: 0, covered: 0, dispositioned: 0, missing: Vec::new(), interfaces: Vec::new() };
        for interface in Spec::get().interfaces() {
            coverage.add(interface, &shown);
        }
        coverage
    }

    fn add(&mut self, interface: &'static Interface, shown: &BTreeSet<&str>) {
        let mut row = InterfaceCoverage {
            title: interface.title(),
            documented: interface.outcome_count(),
            covered: 0,
            dispositioned: 0,
        };
        for outcome in interface.methods.iter().flat_map(|method| &method.outcomes) {
            if shown.contains(outcome.id.as_str()) {
                row.covered += 1;
            } else if dispositions().contains_key(&outcome.id) {
                row.dispositioned += 1;
            } else {
                self.missing.push(&outcome.id);
            }
        }
        self.documented += row.documented;
        self.covered += row.covered;
        self.dispositioned += row.dispositioned;
        self.interfaces.push(row);
    }
}
