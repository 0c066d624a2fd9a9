//! Which cases run: filters and shards, in the order of the spec.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::case::Case;
use crate::coverage::dispositions;
use crate::glob::Glob;
use crate::spec::{Outcome, Spec};

/// What the user asked for.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Outcomes that match one of these; all when there are none.
    pub only: Vec<Glob>,
    /// A part of them.
    pub shard: Option<Shard>,
}

/// One of several parts of a run. An outcome's part follows from its id alone, so that it stays where it is when
/// others come or go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    part: u64,
    parts: u64,
}

/// The text names no shard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no shard: expected hash:K/N with K from 1 to N, such as hash:1/4")]
pub struct NoSuchShard(String);

impl FromStr for Shard {
    type Err = NoSuchShard;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (part, parts) = text.strip_prefix("hash:")?.split_once('/')?;
            let (part, parts): (u64, u64) = (part.parse().ok()?, parts.parse().ok()?);
            (1..=parts).contains(&part).then_some(Self { part, parts })
        };
        parse().ok_or_else(|| NoSuchShard(text.to_owned()))
    }
}

impl Shard {
    /// Whether the outcome with this id belongs to it.
    pub fn holds(self, outcome: &str) -> bool {
        stable_hash(outcome) % self.parts + 1 == self.part
    }
}

/// FNV-1a: the same on every machine and in every version.
pub(crate) fn stable_hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What a run goes through.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Outcomes with their cases, in the order of the spec, several cases of one in the order of their registration.
    ///
    /// An outcome without a case is in it, and becomes `not-evaluated`, only if a filter asks for it: a whole run is
    /// about the cases that exist, and `vsslab coverage` about the rest.
    pub entries: Vec<Planned>,
    /// How many of the outcomes that the filters leave have neither a case nor a disposition.
    pub without_case: usize,
}

/// One row of a run.
#[derive(Clone, Copy, Debug)]
pub struct Planned {
    /// The outcome.
    pub outcome: &'static Outcome,
    /// The case; `None`: there is none.
    pub case: Option<Case>,
}

impl Plan {
    /// What `selection` leaves of `cases`.
    pub fn new<'c>(cases: impl IntoIterator<Item = &'c Case>, selection: &Selection) -> Self {
        let mut by_outcome: BTreeMap<&str, Vec<Case>> = BTreeMap::new();
        for case in cases {
            by_outcome.entry(case.outcome).or_default().push(*case);
        }
        let mut plan = Self::default();
        for outcome in Spec::get().outcomes().filter(|outcome| selection.takes(outcome)) {
            match by_outcome.get(outcome.id.as_str()) {
                Some(cases) => {
                    plan.entries.extend(cases.iter().map(|case| Planned { outcome, case: Some(*case) }));
                }
                None => plan.add_without_case(outcome, !selection.only.is_empty()),
            }
        }
        plan
    }

    fn add_without_case(&mut self, outcome: &'static Outcome, asked_for: bool) {
        self.without_case += usize::from(!dispositions().contains_key(&outcome.id));
        if asked_for {
            self.entries.push(Planned { outcome, case: None });
        }
    }
}

impl Selection {
    fn takes(&self, outcome: &Outcome) -> bool {
        let named = self.only.is_empty() || self.only.iter().any(|glob| glob.selects(outcome));
        named && self.shard.is_none_or(|shard| shard.holds(&outcome.id))
    }
}
