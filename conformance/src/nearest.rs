//! "Did you mean": the known names that are nearest to one that is not known.

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
