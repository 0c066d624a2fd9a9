//! "Did you mean": the known names that are nearest to one that is not known.

use crate::glob::Glob;
use crate::spec::{Outcome, Spec};

/// How many names are suggested at most.
const SUGGESTED: usize = 3;

/// "did you mean ...?" for a filter or id of outcomes that matches none.
pub fn outcome_hint(text: &str) -> String {
    let (near, method) = (outcomes(text), text.split('/').next().unwrap_or_default());
    match near.as_slice() {
        [] if !Spec::get().methods_named(method).is_empty() => {
            format!("`vsslab list {method}` shows its outcomes")
        }
        [] => "`vsslab list` shows every outcome".to_owned(),
        near => format!("did you mean {}?", near.join(", or ")),
    }
}

/// The methods, interfaces, codes and outcomes that resemble `text`, which may lack the interface.
pub fn outcomes(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split('/').collect();
    match parts.as_slice() {
        [word] => of_one_word(word),
        [method, _, reason] => {
            let near = by_parts(&parts);
            // A reason of the method may have been given a wrong code.
            if near.is_empty() { by_parts(&[method, "*", reason]) } else { near }
        }
        _ => by_parts(&parts),
    }
}

fn of_one_word(word: &str) -> Vec<String> {
    let spec = Spec::get();
    let interfaces =
        spec.interfaces().map(|interface| interface.name.as_str()).filter(|name| !name.is_empty());
    let methods = spec.methods().flat_map(|method| [method.name.as_str(), method.id.as_str()]);
    let codes = spec.outcomes().map(|outcome| outcome.code.as_str());
    let near = nearest(word, interfaces.chain(methods).chain(codes), SUGGESTED);
    if !near.is_empty() {
        return near.into_iter().map(str::to_owned).collect();
    }
    let reasons = nearest(word, spec.outcomes().map(Outcome::reason), SUGGESTED);
    reasons.into_iter().map(|reason| format!("*/{reason}")).collect()
}

/// Outcomes part by part (method, code, reason): of each part the names that are there behind those before it.
fn by_parts(parts: &[&str]) -> Vec<String> {
    let full = parts[0].contains("::");
    let mut found = vec![Spec::get().outcomes().collect::<Vec<_>>()];
    for (level, part) in parts.iter().enumerate() {
        let name_of = |outcome: &'static Outcome| part_of(outcome, level, full);
        let near = |outcomes: Vec<&'static Outcome>| {
            let with = |name: &str| {
                let glob = Glob::new(name);
                outcomes.iter().copied().filter(|it| name_of(it).is_some_and(|it| glob.matches(it))).collect()
            };
            let exact: Vec<&'static Outcome> = with(part);
            if !exact.is_empty() {
                return vec![exact];
            }
            let names = outcomes.iter().filter_map(|outcome| name_of(outcome));
            nearest(part, names, SUGGESTED).into_iter().map(with).collect()
        };
        found = found.into_iter().flat_map(near).collect();
    }
    let said = found.into_iter().filter_map(|outcomes| {
        let first = outcomes.first()?;
        let name = |(level, part): (usize, &&str)| match part.contains(['*', '?']) {
            true => Some((*part).to_owned()),
            false => part_of(first, level, full).map(str::to_owned),
        };
        Some(parts.iter().enumerate().filter_map(name).collect::<Vec<_>>().join("/"))
    });
    said.take(SUGGESTED).collect()
}

/// The method (`full`: with its interface), the code or the reason.
fn part_of(outcome: &'static Outcome, level: usize, full: bool) -> Option<&'static str> {
    match level {
        0 if full => Some(&outcome.method),
        0 => Some(outcome.method_name()),
        1 => Some(&outcome.code),
        2 => Some(outcome.reason()),
        _ => None,
    }
}

/// Up to `limit` of `known` that resemble `text`, nearest first.
pub fn nearest<'k>(text: &str, known: impl IntoIterator<Item = &'k str>, limit: usize) -> Vec<&'k str> {
    let wanted = text.to_lowercase();
    let mut ranked: Vec<(usize, &str)> = known
        .into_iter()
        .filter_map(|name| Some((unlikeness(&wanted, &name.to_lowercase())?, name)))
        .collect();
    ranked.sort_unstable();
    ranked.dedup();
    ranked.into_iter().take(limit).map(|(_, name)| name).collect()
}

/// `None`: not alike at all. A name that contains the text counts as near.
fn unlikeness(wanted: &str, name: &str) -> Option<usize> {
    let surplus = name.chars().count().abs_diff(wanted.chars().count());
    if wanted.chars().count() >= 3 && name.contains(wanted) {
        return Some(surplus.min(4));
    }
    let distance = edits(wanted, name);
    let bearable = (wanted.chars().count().max(name.chars().count()) / 3).max(1);
    (distance <= bearable).then_some(distance + 4)
}

/// How many characters have to be put in, taken out or replaced (Levenshtein).
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
