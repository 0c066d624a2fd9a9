//! A lab's TOML text with the place of everything in it, and the lab that it is based on.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Error};

use super::error::Place;
use super::path::Step;
use super::suggest::nearest_or_all;
use super::wording::explain_syntax;
use super::{LabPath, Problem};

/// The labs that another can be based on, with their texts.
pub(super) const BASES: &[(&str, &str)] = &[("default", include_str!("../../../fixtures/labs/default.toml"))];

/// What tables of this kind are recognised by in a base; the others are just added to the base's.
const IDENTIFIED_BY: &[(&str, &str)] = &[
    ("host", "name"),
    ("provider", "name"),
    ("array", "name"),
    ("lun", "name"),
    ("writer", "name"),
    ("volume", "mount"),
    ("share", "path"),
];

/// What only a hardware provider can be said to do.
const HARDWARE_KEYS: &[&str] = &["ex", "resync", "transportable", "copies"];

/// Index of the given text among an error's texts; the base's is the other.
const GIVEN: usize = 0;
const BASE: usize = 1;

/// A parsed lab, merged with its base.
pub(super) struct Document<'i> {
    table: Spanned<DeTable<'i>>,
    base: Option<&'static (&'static str, &'static str)>,
    inherited: BTreeSet<(&'static str, usize)>,
}

impl<'i> Document<'i> {
    pub(super) fn parse(source: &'i str) -> Result<Self, Problem> {
        let mut table = DeTable::parse(source).map_err(|error| syntax_problem(&error, source))?;
        let mut document = Self { base: take_base(table.get_mut())?, table, inherited: BTreeSet::new() };
        if let Some((_, text)) = document.base {
            let base = DeTable::parse(text).map_err(|error| syntax_problem(&error, source))?;
            document.merge(base.into_inner());
        }
        Ok(document)
    }

    /// For reading with serde. What the base gave is right, so the places of serde's errors are in the given text.
    pub(super) fn into_deserializer(self) -> toml::Deserializer<'i> {
        self.table.into()
    }

    /// The name and text of the base.
    pub(super) fn base(&self) -> Option<(&'static str, &'static str)> {
        self.base.copied()
    }

    /// Where the thing at a path stands, or what it would stand in.
    pub(super) fn place(&self, path: &LabPath) -> Option<Place> {
        let text = match *path.steps() {
            [Step::Key(table), Step::Index(index), ..] if self.inherited.contains(&(table, index)) => BASE,
            _ => GIVEN,
        };
        let mut steps = path.steps().iter();
        let Some(Step::Key(first)) = steps.next() else { return None };
        let mut value = self.table.get_ref().get(*first)?;
        for step in steps {
            let inner = match (step, value.get_ref()) {
                (Step::Key(key), DeValue::Table(table)) => table.get(*key),
                (Step::Index(index), DeValue::Array(array)) => array.get(*index),
                _ => None,
            };
            match inner {
                Some(inner) => value = inner,
                None => break,
            }
        }
        Some(Place { text, span: value.span() })
    }

    /// The keys of hardware providers that the lab gives to others, each with its provider's place and name.
    pub(super) fn hardware_keys(&self) -> Vec<(usize, String, &'static str)> {
        let providers = self.table.get_ref().get("provider").and_then(|it| it.get_ref().as_array());
        let mut found = Vec::new();
        for (index, provider) in providers.into_iter().flatten().enumerate() {
            let text = |key: &str| provider.get_ref().get(key).and_then(|value| value.get_ref().as_str());
            if text("kind").is_none_or(|kind| kind == "hardware") {
                continue;
            }
            let given = HARDWARE_KEYS.iter().filter(|key| provider.get_ref().get(**key).is_some());
            found.extend(given.map(|key| (index, text("name").unwrap_or_default().to_owned(), *key)));
        }
        found
    }

    /// Scalars (but for the name) and readings of the given lab override the base's; a table replaces the base's of the same name (or,
    /// for volumes, with a mount point of it); others are added.
    fn merge(&mut self, base: DeTable<'static>) {
        let given = self.table.get_mut();
        for (key, value) in base {
            // What differs from a lab is another one.
            if key.get_ref() == "name" {
                continue;
            }
            let Some(own) = given.get_mut(key.get_ref().as_ref()) else {
                if let (Some((table, _)), DeValue::Array(array)) =
                    (identified(key.get_ref()), value.get_ref())
                {
                    self.inherited.extend((0..array.len()).map(|index| (table, index)));
                }
                given.insert(key, value);
                continue;
            };
            let own_span = own.span();
            match (own.get_mut(), value.into_inner()) {
                (DeValue::Array(own), DeValue::Array(base)) => {
                    let Some((table, by)) = identified(key.get_ref()) else { continue };
                    let (merged, inherited) = merge_tables(own, base, by);
                    self.inherited.extend(inherited.into_iter().map(|index| (table, index)));
                    *given.get_mut(table).expect("just found") =
                        Spanned::new(own_span, DeValue::Array(merged));
                }
                (DeValue::Table(own), DeValue::Table(base)) => {
                    for (key, value) in base {
                        own.entry(key).or_insert(value);
                    }
                }
                _ => {}
            }
        }
    }
}

fn identified(key: &str) -> Option<(&'static str, &'static str)> {
    IDENTIFIED_BY.iter().find(|(table, _)| *table == key).copied()
}

/// The base's tables in their order, replaced where the given ones say so, then the other given ones; and which of
/// them are the base's.
fn merge_tables<'i>(own: &DeArray<'i>, base: DeArray<'static>, by: &str) -> (DeArray<'i>, Vec<usize>) {
    let mut left: Vec<Option<&Spanned<DeValue<'i>>>> = own.iter().map(Some).collect();
    let (mut merged, mut inherited) = (DeArray::new(), Vec::new());
    for table in base {
        let replacement = left.iter_mut().find(|own| own.is_some_and(|own| is_same(own, &table, by)));
        if let Some(own) = replacement.and_then(Option::take) {
            merged.push(own.clone());
        } else {
            inherited.push(merged.len());
            merged.push(table);
        }
    }
    left.into_iter().flatten().for_each(|own| merged.push(own.clone()));
    (merged, inherited)
}

/// Whether both tables have the same value, or a common one, under a key.
fn is_same(one: &Spanned<DeValue<'_>>, other: &Spanned<DeValue<'_>>, by: &str) -> bool {
    let (one, other) = (strings_at(one, by), strings_at(other, by));
    one.iter().any(|text| other.contains(text))
}

fn strings_at<'a>(table: &'a Spanned<DeValue<'_>>, key: &str) -> Vec<&'a str> {
    match table.get_ref().get(key).map(Spanned::get_ref) {
        Some(DeValue::String(text)) => vec![text],
        Some(DeValue::Array(items)) => items.iter().filter_map(|item| item.get_ref().as_str()).collect(),
        _ => Vec::new(),
    }
}

fn take_base(table: &mut DeTable<'_>) -> Result<Option<&'static (&'static str, &'static str)>, Problem> {
    let Some(value) = table.remove("base") else { return Ok(None) };
    let names: Vec<&str> = BASES.iter().map(|(name, _)| *name).collect();
    let name = value.get_ref().as_str().unwrap_or_default();
    let found = BASES.iter().find(|(base, _)| *base == name);
    found.map(Some).ok_or_else(|| {
        let help = nearest_or_all("a lab can be based on", name, &names);
        Problem::new("there is no such lab to be based on", LabPath::default(), "")
            .help(help)
            .at(GIVEN, value.span())
    })
}

fn syntax_problem(error: &Error, source: &str) -> Problem {
    let place = spot(error, source);
    let line_before = line_start(source, line_start(source, place.start).saturating_sub(1));
    let lines = source.get(line_before..place.end).unwrap_or_default();
    explain_syntax(error, lines).at(GIVEN, place)
}

/// Where the line begins that `place` lies in.
fn line_start(source: &str, place: usize) -> usize {
    source.get(..place).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
}

/// Where an error is. A span of several lines is cut to its first: the rest says nothing.
pub(super) fn spot(error: &Error, source: &str) -> Range<usize> {
    let span = error.span().unwrap_or_default();
    let end =
        source.get(span.clone()).and_then(|text| text.find('\n')).map_or(span.end, |line| span.start + line);
    span.start..end
}
