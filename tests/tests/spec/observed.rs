//! What claims to be observed was: the rows of `observed.md` that are named, and how they were seen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Tags of rows that somebody saw happen, by a probe or in the field. The others are read, or concluded.
const SEEN: [&str; 2] = ["[live]", "[field]"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rows by their number, each whole.
fn rows() -> BTreeMap<String, String> {
    let text = read(&root().join("fixtures/spec/rules/observed.md"));
    let row = |line: &str| {
        let number = line.strip_prefix("| ")?.split(' ').next()?;
        is_row(number).then(|| (number.to_owned(), line.to_owned()))
    };
    text.lines().filter_map(row).collect()
}

fn is_row(word: &str) -> bool {
    word.strip_prefix('O').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

/// The Rust files below that folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("a folder of ours can be read").path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false if path.extension().is_some_and(|ending| ending == "rs") => vec![path],
            false => Vec::new(),
        })
        .collect()
}

/// The rows that the text names in the first literal after each `observed(`.
fn named_in_calls(text: &str) -> Vec<String> {
    let calls = text.split("observed(").skip(1);
    let literals = calls.filter_map(|rest| rest.split('"').nth(1));
    literals.flat_map(rows_of).collect()
}

fn rows_of(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| is_row(word)).map(str::to_owned).collect()
}

#[test]
fn rows_that_are_claimed_as_observed_were_seen_by_somebody() {
    let rows = rows();
    assert_eq!(rows.len(), 62, "rows of observed.md");
    let mut claimed = BTreeSet::new();
    for folder in ["conformance/src/cases", "sim/src"] {
        for path in sources(&root().join(folder)) {
            claimed.extend(named_in_calls(&read(&path)).into_iter().map(|row| (row, path.clone())));
        }
    }
    let codes = root().join("fixtures/undocumented-codes.toml");
    let provenances = read(&codes);
    let provenances = provenances.lines().filter_map(|line| line.strip_prefix("provenance = \"observed "));
    claimed.extend(provenances.flat_map(rows_of).map(|row| (row, codes.clone())));
    for row in ["O4", "O7", "O24"] {
        assert!(claimed.iter().any(|(claimed, _)| claimed == row), "nothing claims {row}: are calls found?");
    }
    for (row, path) in claimed {
        let text = rows.get(&row).unwrap_or_else(|| panic!("{}: there is no row {row}", path.display()));
        let seen = SEEN.iter().any(|tag| text.contains(tag));
        assert!(seen, "{}: nobody has seen {row} happen; it is read or inferred:\n{text}", path.display());
    }
}
