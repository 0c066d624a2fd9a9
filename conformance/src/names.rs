//! Stable short names for ids, in the order of their first appearance: `snapshot-1` for the first shadow copy.
//!
//! The kind of an id is told by the field that it first appears in. `GUID_NULL` has no other name.

use std::collections::BTreeMap;

use vss_sim::api::Guid;

/// Characters of a GUID in its usual spelling.
const GUID_CHARS: usize = 36;

/// The names given so far.
#[derive(Clone, Debug, Default)]
pub struct Names {
    names: BTreeMap<Guid, String>,
    given: BTreeMap<&'static str, u32>,
}

impl Names {
    /// The name of an id that appears in a field called `field`.
    pub fn name(&mut self, id: Guid, field: &str) -> &str {
        self.names.entry(id).or_insert_with(|| {
            let kind = kind_of(field);
            let number = self.given.entry(kind).or_insert(0);
            *number += 1;
            format!("{kind}-{number}")
        })
    }

    /// `text`, the value of `field`, with every id in it replaced by `prefix` and its name. Braces around an id go.
    pub fn replace(&mut self, text: &str, field: &str, prefix: &str) -> String {
        self.replace_each(text, prefix, |_| field.to_owned())
    }

    /// The same for JSON text, where the key in front of an id tells its kind.
    pub fn replace_in_json(&mut self, json: &str, prefix: &str) -> String {
        self.replace_each(json, prefix, |before| last_key(before).to_owned())
    }

    fn replace_each(&mut self, text: &str, prefix: &str, field: impl Fn(&str) -> String) -> String {
        let mut replaced = String::with_capacity(text.len());
        let mut rest = 0;
        while let Some((start, id)) = next_id(text, rest) {
            let before = &text[..start];
            let volume = before.trim_end_matches('{').ends_with("Volume");
            replaced.push_str(&text[rest..start]);
            rest = start + GUID_CHARS;
            if id.is_nil() {
                replaced.push_str(&text[start..rest]);
                continue;
            }
            let field = if volume { "volume".to_owned() } else { field(before) };
            replaced.push_str(prefix);
            replaced.push_str(self.name(id, &field));
        }
        replaced.push_str(&text[rest..]);
        replaced
    }
}

/// The next id at or after byte `from`, and where it starts.
fn next_id(text: &str, from: usize) -> Option<(usize, Guid)> {
    let bytes = text.as_bytes();
    let mut start = from;
    while start + GUID_CHARS <= bytes.len() {
        // The first dash is the cheapest thing to look for.
        if bytes[start + 8] == b'-'
            && let Some(candidate) = text.get(start..start + GUID_CHARS)
            && let Ok(id) = Guid::try_parse(candidate)
        {
            return Some((start, id));
        }
        start += 1;
    }
    None
}

/// The last `"key":` in JSON text.
fn last_key(before: &str) -> &str {
    let Some(end) = before.rfind("\":") else { return "" };
    let start = before[..end].rfind('"').map_or(0, |quote| quote + 1);
    &before[start..end]
}

fn kind_of(field: &str) -> &'static str {
    const KINDS: [(&str, &str); 8] = [
        ("volume", "volume"),
        ("session", "session"),
        ("snapshot_set", "set"),
        ("snapshot", "snapshot"),
        ("provider", "provider"),
        ("instance", "instance"),
        ("writer", "writer"),
        ("signature", "disk"),
    ];
    KINDS.iter().find(|(part, _)| field.contains(part)).map_or("id", |(_, kind)| kind)
}
