//! Comparing what two backends were asked and answered, one line with another.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use vss_sim::api::{Call, Object, Reply};

use super::counterparts::Counterparts;
use super::{Entry, Line};
use crate::bench::object_of;
use crate::render::fields_of;

/// The field of a method that hands out a document.
const DOCUMENT: &str = "pbstr_xml";

/// A field that two lines do not agree on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its documented name, and inside a structure the way to it: `hresult`, `p_prop.status`.
    pub field: String,
    /// In the first trace; `None`: it has none.
    pub left: Option<Value>,
    /// In the second one, or in the replay.
    pub right: Option<Value>,
}

/// What two sides did at one point: a line of both, or of one alone.
#[derive(Clone, Debug)]
pub struct Row<'t> {
    /// In the first trace.
    pub left: Option<Cow<'t, Line>>,
    /// In the second one, or in the replay.
    pub right: Option<Cow<'t, Line>>,
    /// What they do not agree on.
    pub differences: Vec<Difference>,
}

impl Row<'_> {
    /// Whether both sides have it and agree.
    pub fn is_equal(&self) -> bool {
        self.left.is_some() && self.right.is_some() && self.differences.is_empty()
    }

    /// Whether it is a call that both sides have.
    pub fn is_compared_call(&self) -> bool {
        let is_call = |line: &Option<Cow<'_, Line>>| {
            line.as_ref().is_some_and(|line| matches!(line.entry, Entry::Call { .. }))
        };
        is_call(&self.left) && is_call(&self.right)
    }
}

/// Fields that are not compared, and whether any line has them.
#[derive(Clone, Debug, Default)]
pub struct Ignored {
    fields: BTreeMap<String, bool>,
}

impl Ignored {
    /// These fields, by their documented names.
    pub fn new(fields: impl IntoIterator<Item = String>) -> Self {
        Self { fields: fields.into_iter().map(|field| (field, false)).collect() }
    }

    /// The fields that nothing had so far: somebody may have misspelled them.
    pub fn unmet(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(|(_, met)| !**met).map(|(field, _)| field.as_str())
    }

    /// The fields that lines have and that were left out, as an addition to a verdict; nothing if there are none.
    pub fn note(&self) -> String {
        let met: Vec<String> =
            self.fields.iter().filter(|(_, met)| **met).map(|(field, _)| format!("`{field}`")).collect();
        if met.is_empty() { String::new() } else { format!(", without {}", met.join(", ")) }
    }

    fn holds(&mut self, field: &str) -> bool {
        match self.fields.get_mut(field) {
            Some(met) => {
                *met = true;
                true
            }
            None => false,
        }
    }
}

/// The lines of two sections, compared in their order.
#[derive(Debug)]
pub(super) struct Comparison<'i> {
    counterparts: Counterparts,
    /// How much later it is on the right.
    lead_ms: i128,
    ignored: &'i mut Ignored,
    found: Vec<Difference>,
}

impl<'i> Comparison<'i> {
    pub(super) fn new(ignored: &'i mut Ignored) -> Self {
        Self { counterparts: Counterparts::default(), lead_ms: 0, ignored, found: Vec::new() }
    }

    /// What the right side has in the place of what the left one has.
    pub(super) fn counterparts(&self) -> &Counterparts {
        &self.counterparts
    }

    /// What two lines do not agree on.
    pub(super) fn compare(&mut self, left: &Line, right: &Line) -> Vec<Difference> {
        self.time(left.at, right.at);
        match (&left.entry, &right.entry) {
            (
                Entry::Call { on, call, reply },
                Entry::Call { on: right_on, call: right_call, reply: right_reply },
            ) => {
                if !self.counterparts.same_object(*on, *right_on) {
                    self.differs("on", Some(json(on)), Some(json(right_on)));
                }
                self.fields("", &fields_of(call), &fields_of(right_call));
                self.reply(reply, right_reply);
            }
            (Entry::Act(left), Entry::Act(right)) => self.values("act", &json(left), &json(right)),
            (Entry::Load(left), Entry::Load(right)) => {
                self.counterparts.forget_objects();
                self.values("load", &json(left), &json(right));
            }
            (left, right) => self.differs("line", Some(kind(left).into()), Some(kind(right).into())),
        }
        std::mem::take(&mut self.found)
    }

    /// A time is another once, when the clocks part; from then on they only go on.
    fn time(&mut self, left: Option<u64>, right: Option<u64>) {
        let (Some(left), Some(right)) = (left, right) else { return };
        if self.ignored.holds("at") {
            return;
        }
        let lead_ms = i128::from(right) - i128::from(left);
        if lead_ms != self.lead_ms {
            self.lead_ms = lead_ms;
            self.differs("at", Some(left.into()), Some(right.into()));
        }
    }

    /// The right side could not make a call: what it handed out on the left is missing there.
    pub(super) fn not_made(&mut self, left: &Line) {
        if let Entry::Call { reply, .. } = &left.entry
            && let Some(object) = reply.out.as_ref().and_then(object_of)
        {
            self.counterparts.miss(object);
        }
    }

    fn reply(&mut self, left: &Reply, right: &Reply) {
        if !self.ignored.holds("hresult") && left.hresult != right.hresult {
            self.differs("hresult", Some(json(&left.hresult)), Some(json(&right.hresult)));
        }
        let [mut left_out, mut right_out] =
            [left, right].map(|reply| reply.out.as_ref().map(fields_of).unwrap_or_default());
        let [left_object, right_object] = [left, right].map(|reply| reply.out.as_ref().and_then(object_of));
        match (left_object, right_object) {
            (Some(left), Some(right)) if self.counterparts.same_object(left, right) => {
                // Equal, although they may be numbered otherwise.
                left_out.retain(|_, value| *value != json(&left));
                right_out.retain(|_, value| *value != json(&right));
            }
            (Some(left), _) => self.counterparts.miss(left),
            (None, _) => {}
        }
        self.fields("", &left_out, &right_out);
        if let [Some(left), Some(right)] = [&left_out, &right_out].map(|out| out.get(DOCUMENT)?.as_str()) {
            self.counterparts.handed_out(left, right);
        }
    }

    fn fields(&mut self, path: &str, left: &Map<String, Value>, right: &Map<String, Value>) {
        let only_right = right.keys().filter(|key| !left.contains_key(*key));
        for key in left.keys().chain(only_right) {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            if self.ignored.holds(key) {
                continue;
            }
            match (left.get(key), right.get(key)) {
                (Some(left), Some(right)) => self.values(&path, left, right),
                (left, right) => self.differs(&path, left.cloned(), right.cloned()),
            }
        }
    }

    fn values(&mut self, path: &str, left: &Value, right: &Value) {
        match (left, right) {
            (Value::Object(left), Value::Object(right)) => self.fields(path, left, right),
            (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
                for (index, (left, right)) in left.iter().zip(right).enumerate() {
                    self.values(&format!("{path}[{index}]"), left, right);
                }
            }
            (Value::String(a), Value::String(b)) if self.counterparts.same_text(a, b) => {}
            // An id that is spelled like the other can still be the wrong one.
            (Value::String(_), Value::String(_)) => {
                self.differs(path, Some(left.clone()), Some(right.clone()));
            }
            _ if left == right => {}
            _ => self.differs(path, Some(left.clone()), Some(right.clone())),
        }
    }

    fn differs(&mut self, field: &str, left: Option<Value>, right: Option<Value>) {
        if !self.ignored.holds(field) {
            self.found.push(Difference { field: field.to_owned(), left, right });
        }
    }
}

fn kind(entry: &Entry) -> &'static str {
    match entry {
        Entry::Load(_) => "load",
        Entry::Act(_) => "act",
        Entry::Call { .. } => "call",
    }
}

pub(super) fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// What lines of two traces are lined up by: the method and the kind of object, or what else the line is.
pub(super) fn likeness(entry: &Entry) -> (&'static str, &'static str, u8) {
    let Entry::Call { on, call, .. } = entry else { return ("", kind(entry), 0) };
    let method = Call::method(call);
    let kind = match on {
        Object::Host(_) => 1,
        Object::Session(_) => 2,
        Object::Async(_) => 3,
        Object::Enumerator(_) => 4,
        Object::Metadata(_) => 5,
        Object::Component(_) => 6,
    };
    (method.interface, method.name, kind)
}
