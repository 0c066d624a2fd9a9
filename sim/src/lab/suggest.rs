//! What to say about a name that does not exist: which ones do, and which of them was probably meant.

/// More names than that are not listed.
const MOST_LISTED: usize = 8;
/// More names than that are not compared: a generated lab can be wrong in many places.
const MOST_COMPARED: usize = 1_000;

/// "did you mean `x`?", and the names that there are.
pub(super) fn known_names<'a>(plural: &str, word: &str, names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    let listed = match names.len() {
        0 => format!("the lab has no {plural}"),
        1 => format!("the lab has only `{}`", names[0]),
        _ => format!("the {plural} are {}", list(&names)),
    };
    match nearest(word, &names) {
        Some(near) if names.len() > 1 => format!("did you mean `{near}`? {listed}"),
        _ => listed,
    }
}

/// "did you mean `x`?" when something is close to the word; otherwise the names, `all` saying what they are.
pub(super) fn nearest_or_all(all: &str, word: &str, names: &[&str]) -> String {
    match nearest(word, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("{all} {}", list(names)),
    }
}

/// The name most like the word, unless none is much like it.
pub(super) fn nearest<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    // Of a short word everything short is a neighbour; there only case may differ.
    let most = match word.chars().count() {
        0..=3 => 0,
        length => length / 3,
    };
    names
        .iter()
        .take(MOST_COMPARED)
        .map(|name| (distance(&word, &name.to_lowercase()), *name))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// `` `a`, `b` and 3 more ``
pub(super) fn list(names: &[&str]) -> String {
    // The last one takes no more room than "1 more" would.
    let most = if names.len() == MOST_LISTED + 1 { names.len() } else { MOST_LISTED };
    let shown: Vec<String> = names.iter().take(most).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(most) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// How many characters to put in, take out, change or swap (optimal string alignment).
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut rows = vec![vec![0; to.len() + 1]; from.len() + 1];
    rows[0] = (0..=to.len()).collect();
    for i in 1..=from.len() {
        rows[i][0] = i;
        for j in 1..=to.len() {
            let changed = rows[i - 1][j - 1] + usize::from(from[i - 1] != to[j - 1]);
            let mut best = changed.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::{MOST_LISTED, distance, list, nearest};

    #[test]
    fn nothing_hides_behind_one_more() {
        let names = ["x"; MOST_LISTED + 2];
        assert_eq!(list(&names[..=MOST_LISTED]), ["`x`"; MOST_LISTED + 1].join(", "));
        assert!(list(&names).ends_with("`x` and 2 more"));
    }

    #[test]
    fn the_distance_counts_edits() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }

    #[test]
    fn only_what_is_close_is_suggested() {
        assert_eq!(nearest("siez", &["name", "size"]), Some("size"), "a swap is one edit");
        assert_eq!(nearest("sisz", &["name", "size"]), None);
        assert_eq!(nearest("OnFreez", &["OnThaw", "OnFreeze"]), Some("OnFreeze"));
        assert_eq!(nearest("z:\\", &["C:\\", "Z:\\"]), Some("Z:\\"));
        assert_eq!(nearest("X:\\", &["C:\\", "D:\\"]), None);
    }
}
