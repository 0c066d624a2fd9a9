//! "Did you mean": the known names that are nearest to one that is not known.

use crate::spec::Spec;

/// "did you mean ...?" for a filter or id of outcomes that matches none.
pub fn outcome_hint(text: &str) -> String {
    match outcomes(text).as_slice() {
        [] => "`vsslab list` shows every outcome".to_owned(),
        near => format!("did you mean {}?", near.join(", or ")),
    }
}

/// The methods, interfaces and outcomes that resemble `text`, which may lack the interface.
pub fn outcomes(text: &str) -> Vec<&'static str> {
    let spec = Spec::get();
    let ids = || spec.outcomes().map(|outcome| outcome.id.as_str());
    if text.contains('/') && !text.contains("::") {
        return nearest(text, ids().map(|id| id.split_once("::").map_or(id, |(_, rest)| rest)), 3);
    }
    if text.contains('/') {
        return nearest(text, ids(), 3);
    }
    let interfaces =
        spec.interfaces().map(|interface| interface.name.as_str()).filter(|name| !name.is_empty());
    let methods = spec.methods().flat_map(|method| [method.name.as_str(), method.id.as_str()]);
    nearest(text, interfaces.chain(methods), 3)
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
