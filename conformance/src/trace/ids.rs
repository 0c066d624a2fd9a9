//! Ids in a trace: `@snapshot-1` stands for an id, `@SNAPSHOT-1` for the same in capital letters, `@@` for an `@`.
//! Nothing is lost: [`unfold`] gives back what [`fold`] took.

use std::collections::BTreeMap;

use vss_sim::api::Guid;

use crate::names::{GUID_CHARS, Names, field_before, next_id};

const MARK: char = '@';

/// JSON text with names instead of ids, and the names that were not given before.
pub(super) fn fold(json: &str, names: &mut Names) -> (String, Vec<(String, Guid)>) {
    let (mut folded, mut new) = (String::with_capacity(json.len()), Vec::new());
    let (mut done, mut from) = (0, 0);
    while let Some((start, id)) = next_id(json, from) {
        let (before, end) = (&json[..start], start + GUID_CHARS);
        from = end;
        // A digit behind it would become part of the name; behind `\u` stands half an escaped character.
        let stands_alone = !json[end..].starts_with(|c: char| c.is_ascii_digit()) && !before.ends_with("\\u");
        let Some(capital) = is_capital(&json[start..end], id).filter(|_| stands_alone && !id.is_nil()) else {
            continue;
        };
        let known = names.knows(id);
        let name = names.name(id, field_before(before, last_key(before)));
        if !known {
            new.push((name.to_owned(), id));
        }
        push_escaped(&mut folded, &json[done..start]);
        folded.push(MARK);
        folded.push_str(&if capital { name.to_uppercase() } else { name.to_owned() });
        done = end;
    }
    push_escaped(&mut folded, &json[done..]);
    (folded, new)
}

fn push_escaped(text: &mut String, piece: &str) {
    for (index, part) in piece.split(MARK).enumerate() {
        if index > 0 {
            text.extend([MARK, MARK]);
        }
        text.push_str(part);
    }
}

/// Whether an id is spelled in capital letters; `None`: in letters of both kinds, as no machine writes it.
fn is_capital(spelling: &str, id: Guid) -> Option<bool> {
    let small = id.hyphenated().to_string();
    if spelling == small {
        return Some(false);
    }
    (spelling == small.to_uppercase()).then_some(true)
}

/// The last `"key":` in JSON text.
fn last_key(before: &str) -> &str {
    let Some(end) = before.rfind("\":") else { return "" };
    let start = before[..end].rfind('"').map_or(0, |quote| quote + 1);
    &before[start..end]
}

/// A text with ids instead of names.
///
/// # Errors
/// The name that is not known, empty for an `@` without one.
pub(super) fn unfold(text: &str, known: &BTreeMap<String, Guid>) -> Result<String, String> {
    let (mut unfolded, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once(MARK) {
        unfolded.push_str(before);
        if let Some(after) = after.strip_prefix(MARK) {
            unfolded.push(MARK);
            rest = after;
            continue;
        }
        let (name, after) = after.split_at(name_length(after));
        let id = known.get(&name.to_ascii_lowercase()).ok_or_else(|| name.to_owned())?;
        let id = id.hyphenated().to_string();
        let capital = name.starts_with(|c: char| c.is_ascii_uppercase());
        unfolded.push_str(&if capital { id.to_uppercase() } else { id });
        rest = after;
    }
    unfolded.push_str(rest);
    Ok(unfolded)
}

/// How much of `text` is a name: letters, a dash, digits.
fn name_length(text: &str) -> usize {
    let length = |text: &str, part: fn(&char) -> bool| text.chars().take_while(part).count();
    let letters = length(text, char::is_ascii_alphabetic);
    match text[letters..].strip_prefix('-') {
        Some(number) if letters > 0 => letters + 1 + length(number, char::is_ascii_digit),
        _ => letters,
    }
}

/// Whether a `name` line may give this name.
pub(super) fn is_name(text: &str) -> bool {
    let small = text.chars().all(|c| !c.is_ascii_uppercase());
    small && text.ends_with(|c: char| c.is_ascii_digit()) && name_length(text) == text.len()
}
