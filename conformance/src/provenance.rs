//! What a pass rests on.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Where the behaviour that a case demands is known from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Provenance {
    /// Microsoft's reference says so.
    #[default]
    Documented,
    /// Real VSS was seen to do so: the row of `fixtures/spec/rules/observed.md` (`O2`).
    Observed(Cow<'static, str>),
    /// It follows from other pages, or is the likeliest reading: why.
    Inferred(Cow<'static, str>),
}

impl Provenance {
    /// The kind alone, for tables.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed(_) => "observed",
            Self::Inferred(_) => "inferred",
        }
    }
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Documented => f.write_str("documented"),
            Self::Observed(row) => write!(f, "observed: {row}"),
            Self::Inferred(why) => write!(f, "inferred: {why}"),
        }
    }
}
