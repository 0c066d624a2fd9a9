//! Filters on outcome ids: `*` stands for anything, `?` for one character, case does not matter.

use std::fmt;
use std::str::FromStr;

use crate::spec::Outcome;

/// A filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    text: String,
    folded: Vec<char>,
}

impl Glob {
    /// Every text is a filter.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), folded: text.to_lowercase().chars().collect() }
    }

    /// Whether the whole of `text` matches.
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.to_lowercase().chars().collect();
        matches_from(&self.folded, &text)
    }

    /// Whether an outcome is meant: by its id with or without the interface and with or without its last parts
    /// (`RecoverSet`, `RecoverSet/VSS_E_BAD_STATE`), by its interface or by its code.
    pub fn selects(&self, outcome: &Outcome) -> bool {
        let id = outcome.id.as_str();
        let bare = id.split_once("::").map_or(id, |(_, rest)| rest);
        let names = [id, without_reason(id), &outcome.method, bare, without_reason(bare), method_of(bare)];
        names.iter().any(|name| self.matches(name))
            || (!outcome.interface.is_empty() && self.matches(&outcome.interface))
            || self.matches(&outcome.code)
    }
}

fn without_reason(id: &str) -> &str {
    id.rsplit_once('/').map_or(id, |(rest, _)| rest)
}

fn method_of(id: &str) -> &str {
    id.split_once('/').map_or(id, |(method, _)| method)
}

/// Greedy matching with one point to go back to: linear in practice, never exponential.
fn matches_from(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p, t));
                p += 1;
            }
            Some(&wanted) if wanted == '?' || wanted == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((star, from)) = retry else { return false };
                retry = Some((star, from + 1));
                p = star + 1;
                t = from + 1;
            }
        }
    }
    pattern[p..].iter().all(|&rest| rest == '*')
}

impl FromStr for Glob {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::new(text))
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
