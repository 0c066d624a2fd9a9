//! What the TOML parser and serde say of a lab's text, in words for people.

use toml::de::Error;

use super::suggest::{nearest, nearest_or_all};
use super::{Cause, LabPath, Problem};
use crate::api::CODES;

/// What is wrong with the text as TOML; `lines` is where the parser stopped, with the line before it.
pub(super) fn explain_syntax(error: &Error, lines: &str) -> Problem {
    let problem = problem(format!("this is not TOML: {}", error.message()));
    // A backslash behind which a string goes on although it seems to end, or which stands for a character that there is not.
    if lines.contains('"') && lines.replace(r"\\", "").contains('\\') {
        problem.help(
            "in double quotes a backslash is written twice; in single quotes it stands for itself: 'D:\\'",
        )
    } else {
        problem
    }
}

/// What serde found in what is written there.
pub(super) fn explain(error: &Error, written: &str) -> Problem {
    let message = error.message();
    let names = backticked(message);
    match names.split_first() {
        Some((key, known)) if message.starts_with("unknown field") => {
            let help = nearest_or_all("the keys here are", key, known);
            problem(format!("there is no key `{key}` here")).help(help)
        }
        Some((value, known)) if message.starts_with("unknown variant") => {
            let help = nearest_or_all("possible values are", value, known);
            problem(format!("`{value}` is not possible here")).help(help)
        }
        Some((key, _)) if message.starts_with("missing field") => {
            problem(format!("the key `{key}` is missing")).help(format!("add `{key} = ...` to this table"))
        }
        Some((name, _)) if message.contains("the name of a VSS code") => {
            let codes: Vec<&str> = CODES.iter().map(|(_, name, _)| *name).collect();
            let problem = problem(message);
            match nearest(name, &codes) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem,
            }
        }
        _ if message.starts_with("invalid type: unit variant") => cause_alone(message, written),
        _ if message.starts_with("wanted string or table") => {
            problem("a name is expected here, or a table with a name as its key")
        }
        _ if message.starts_with("wanted exactly 1 element") => problem("a fault has one cause")
            .help("keep one, and write another `[[fault]]` for each of the others"),
        _ if message.starts_with("UUID parsing failed") => {
            problem("this is no GUID").help("write it as \"12345678-90ab-cdef-1234-567890abcdef\"")
        }
        _ => match message.strip_prefix("invalid type: ").and_then(|types| types.split_once(", expected ")) {
            Some((found, expected)) => wrong_type(found, expected, written),
            None => problem(message),
        },
    }
}

/// The name of a cause that says more than its name.
fn cause_alone(message: &str, written: &str) -> Problem {
    let name = written.trim_matches(['"', '\'']);
    let row = Cause::ALL.iter().find(|row| row.name == name);
    match row.and_then(|row| row.needs) {
        Some((needs, example)) => {
            problem(format!("the cause `{name}` needs {needs}")).help(format!("write `cause = {example}`"))
        }
        None => problem(message),
    }
}

/// A value of another type, both types as serde names them.
fn wrong_type(found: &str, expected: &str, written: &str) -> Problem {
    let of_toml = match expected {
        "a sequence" => "a list",
        "a map" => "a table",
        "u8" | "u32" | "u64" | "i32" | "i64" => "a whole number",
        name if name.starts_with("struct ") => "a table",
        other => other,
    };
    let found = match found {
        "map" => "a table",
        "sequence" => "a list",
        other => other,
    };
    let problem = problem(format!("{of_toml} is expected here, not {found}"));
    let help = match (found, of_toml) {
        ("a table", "a list") if written.starts_with(['[', '{']) => {
            format!("there can be several: write `[{written}]`")
        }
        // Of `[[writer.component]]` the first part alone is marked.
        ("a table", "a list") => {
            format!("write it below the `[[{written}]]` that it belongs to: before this line there is none")
        }
        (_, "a list") => format!("write `[{written}]`"),
        ("a list" | "a table", "a string") => "write one string, without brackets".to_owned(),
        (_, "a string") => format!("write it in quotes: `\"{written}\"`"),
        (_, "a whole number") => "write it with neither quotes nor a unit nor a fraction".to_owned(),
        (_, "a boolean") => "write `true` or `false`, without quotes".to_owned(),
        _ => return problem,
    };
    problem.help(help)
}

/// Its place is known from the parser, and needs no path.
fn problem(what: impl Into<String>) -> Problem {
    Problem::new(what, LabPath::default(), "")
}

/// The words between backticks: how serde names keys and values.
fn backticked(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}
