//! Stable short names for ids, in the order of their first appearance: `snapshot-1` for the first shadow copy.
//!
//! The kind of an id is told by the field that it first appears in. `GUID_NULL` has no other name.

use std::collections::BTreeMap;

use vss_sim::api::Guid;

/// Characters of a GUID in its usual spelling.
pub(crate) const GUID_CHARS: usize = 36;

/// The names given so far.
#[derive(Clone, Debug, Default)]
pub struct Names {
    names: BTreeMap<Guid, String>,
    given: BTreeMap<String, u32>,
}

impl Names {
    /// The name of an id that appears in a field called `field`.
    pub fn name(&mut self, id: Guid, field: &str) -> &str {
        self.names.entry(id).or_insert_with(|| {
            let kind = kind_of(field);
            let number = self.given.entry(kind.to_owned()).or_insert(0);
            *number = number.saturating_add(1);
            format!("{kind}-{number}")
        })
    }

    /// Whether the id has a name.
    pub fn knows(&self, id: Guid) -> bool {
        self.names.contains_key(&id)
    }

    /// Takes over a name that somebody else gave.
    pub fn learn(&mut self, id: Guid, name: &str) {
        self.names.insert(id, name.to_owned());
        if let Some((kind, number)) = name.rsplit_once('-') {
            let given = self.given.entry(kind.to_owned()).or_insert(0);
            *given = number.parse::<u32>().map_or(*given, |number| number.max(*given));
        }
    }

    /// `text`, the value of `field`, with the name of every id in its place.
    pub fn replace(&mut self, text: &str, field: &str) -> String {
        let mut replaced = String::with_capacity(text.len());
        let mut rest = 0;
        while let Some((start, id)) = next_id(text, rest) {
            replaced.push_str(&text[rest..start]);
            rest = start + GUID_CHARS;
            if id.is_nil() {
                replaced.push_str(&text[start..rest]);
            } else {
                replaced.push_str(self.name(id, field_before(&text[..start], field)));
            }
        }
        replaced.push_str(&text[rest..]);
        replaced
    }
}

/// What tells the kind of an id in a text after `before`: the name of a volume says so itself.
pub(crate) fn field_before<'t>(before: &str, field: &'t str) -> &'t str {
    if before.trim_end_matches('{').ends_with("Volume") { "volume" } else { field }
}

/// The next id at or after byte `from`, and where it starts.
pub(crate) fn next_id(text: &str, from: usize) -> Option<(usize, Guid)> {
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
