//! What stands on one side for what the other one has.
//!
//! Two backends draw different ids and count their objects by themselves. So an id counts as equal to the one that stood
//! in its place when either came first, and to no other from then on. A document that is given back counts as equal to
//! the one that the other side was handed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use vss_sim::api::{Guid, Object};

use super::compare::json;
use crate::names::{GUID_CHARS, next_id};

/// Which value of the one side is which of the other.
#[derive(Clone, Debug)]
struct Pairs<T> {
    right_of: BTreeMap<T, T>,
    left_of: BTreeMap<T, T>,
}

impl<T> Default for Pairs<T> {
    fn default() -> Self {
        Self { right_of: BTreeMap::new(), left_of: BTreeMap::new() }
    }
}

impl<T: Ord + Copy> Pairs<T> {
    /// Whether both are a pair; two that nobody has met before become one.
    fn match_up(&mut self, left: T, right: T) -> bool {
        match (self.right_of.get(&left), self.left_of.get(&right)) {
            (None, None) => {
                self.right_of.insert(left, right);
                self.left_of.insert(right, left);
                true
            }
            (Some(known), _) => *known == right,
            (None, Some(_)) => false,
        }
    }

    fn right(&self, left: T) -> T {
        self.right_of.get(&left).copied().unwrap_or(left)
    }
}

/// The ids, objects and documents of two sides that stand for one another.
#[derive(Clone, Debug, Default)]
pub(super) struct Counterparts {
    ids: Pairs<Guid>,
    objects: Pairs<Object>,
    /// What the left side handed out where the right one had nothing.
    missing: BTreeSet<Object>,
    /// The right side's document for each of the left one's.
    documents: BTreeMap<String, String>,
}

impl Counterparts {
    /// Whether two texts are equal but for ids that are pairs, or are documents that were handed out at one place: that
    /// these are not equal was told there.
    pub(super) fn same_text(&mut self, left: &str, right: &str) -> bool {
        if self.documents.get(left).is_some_and(|document| document == right) {
            return true;
        }
        let (mut i, mut j) = (0, 0);
        loop {
            match (next_id(left, i), next_id(right, j)) {
                (Some((a, left_id)), Some((b, right_id))) => {
                    let both_null = left_id.is_nil() && right_id.is_nil();
                    let one_null = left_id.is_nil() != right_id.is_nil();
                    if left[i..a] != right[j..b] || one_null {
                        return false;
                    }
                    if !both_null && !self.ids.match_up(left_id, right_id) {
                        return false;
                    }
                    (i, j) = (a + GUID_CHARS, b + GUID_CHARS);
                }
                (None, None) => return left[i..] == right[j..],
                _ => return false,
            }
        }
    }

    /// Whether two objects are the same, each on its side.
    pub(super) fn same_object(&mut self, left: Object, right: Object) -> bool {
        use std::mem::discriminant;
        match left {
            Object::Host(_) => left == right,
            _ => discriminant(&left) == discriminant(&right) && self.objects.match_up(left, right),
        }
    }

    /// The right side has no such object.
    pub(super) fn miss(&mut self, left: Object) {
        self.missing.insert(left);
    }

    /// In a world set up anew objects count from 1 again.
    pub(super) fn forget_objects(&mut self) {
        self.objects = Pairs::default();
        self.missing.clear();
    }

    /// Each side handed out a document at the same place.
    pub(super) fn handed_out(&mut self, left: &str, right: &str) {
        self.documents.insert(left.to_owned(), right.to_owned());
    }

    /// The object of the right side that is `left` there; `None`: the right side never got it.
    pub(super) fn object(&self, left: Object) -> Option<Object> {
        (!self.missing.contains(&left)).then(|| self.objects.right(left))
    }

    /// A call or an action of the left side with the ids and documents of the right one.
    pub(super) fn as_on_right<T: Clone + Serialize + DeserializeOwned>(&self, left: &T) -> T {
        // One GUID in another's place breaks nothing.
        serde_json::from_value(self.translated(json(left))).unwrap_or_else(|_| left.clone())
    }

    fn translated(&self, left: Value) -> Value {
        match left {
            Value::String(text) => {
                let document = self.documents.get(&text).cloned();
                Value::String(document.unwrap_or_else(|| self.with_ids_of_right(&text)))
            }
            Value::Array(items) => items.into_iter().map(|item| self.translated(item)).collect(),
            Value::Object(fields) => {
                fields.into_iter().map(|(name, value)| (name, self.translated(value))).collect()
            }
            other => other,
        }
    }

    fn with_ids_of_right(&self, left: &str) -> String {
        let (mut translated, mut rest) = (String::with_capacity(left.len()), 0);
        while let Some((start, id)) = next_id(left, rest) {
            translated.push_str(&left[rest..start]);
            rest = start + GUID_CHARS;
            match self.ids.right(id) {
                same if same == id => translated.push_str(&left[start..rest]),
                other => translated.push_str(&other.hyphenated().to_string()),
            }
        }
        translated.push_str(&left[rest..]);
        translated
    }
}
