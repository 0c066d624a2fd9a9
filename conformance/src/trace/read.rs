//! Reading traces.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use vss_sim::api::{Action, Call, Guid, Object, Reply, Target};
use vss_sim::lab::Lab;

use super::ids::{is_name, unfold};
use super::{CaseName, Entry, Line, Section, VERSION};
use crate::names::Names;
use crate::nearest::nearest;

/// A trace that cannot be read: where and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin}:{line}: {wrong}")]
pub struct ReadError {
    /// The file.
    pub origin: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub wrong: Wrong,
}

/// What can be wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// No trace begins here.
    #[error(
        "this is no trace of vsslab: it has to begin with the line {{\"trace\":\"vsslab\",\"version\":{VERSION},...}}"
    )]
    NoHeader,
    /// A trace of another version.
    #[error(
        "a trace of version {0}; this vsslab reads version {VERSION}: record it again, or use the vsslab that wrote it"
    )]
    Version(Value),
    /// The line ends too early.
    #[error("the line is cut off, as by a process that was killed: delete it, or record the trace again")]
    CutOff,
    /// The line is no JSON.
    #[error("the line is no JSON: {0}")]
    NoJson(String),
    /// JSON, but no line of a trace.
    #[error(
        "the line says nothing of a trace: it has none of `on`, `act`, `load`, `name`, `case`, `skipped` and `trace`"
    )]
    Foreign,
    /// A line whose contents are not as they have to be.
    #[error("the `{kind}` line cannot be understood: {why}")]
    Contents {
        /// By which key it was known.
        kind: &'static str,
        /// What is wrong.
        why: String,
    },
    /// A method that VSS does not have.
    #[error("there is no method `{name}`{hint}")]
    UnknownMethod {
        /// Its name.
        name: String,
        /// The nearest known one.
        hint: String,
    },
    /// A name of an id that no line gave.
    #[error("no line before says which id `@{0}` is; a text's own `@` is written `@@`")]
    UnknownName(String),
    /// A name that is none, or is given twice.
    #[error("`{0}` cannot name this id: a name is like `snapshot-1`, and is given once in a case")]
    BadName(String),
}

#[derive(Deserialize)]
struct CallLine {
    on: Object,
    call: Call,
    reply: Reply,
    at: Option<u64>,
}

#[derive(Deserialize)]
struct ActLine {
    act: Action,
    at: Option<u64>,
}

#[derive(Deserialize)]
struct LoadLine {
    load: Box<Lab>,
    at: Option<u64>,
}

#[derive(Deserialize)]
struct NameLine {
    name: String,
    id: Guid,
}

#[derive(Deserialize)]
struct CaseLine {
    case: String,
    name: String,
}

#[derive(Deserialize)]
struct SkippedLine {
    skipped: String,
}

#[derive(Deserialize)]
struct HeaderLine {
    target: Target,
}

/// The traces in `source`, the text of the file `origin`, with the ids that were recorded. A header without anything
/// before its first case is no section.
///
/// # Errors
/// The first line that is wrong.
pub fn read(source: &str, origin: &str) -> Result<Vec<Section>, ReadError> {
    let mut reader = Reader::default();
    let mut number = 0;
    for text in source.lines() {
        number += 1;
        if !text.trim().is_empty() {
            let failed = |wrong| ReadError { origin: origin.to_owned(), line: number, wrong };
            reader.line(number, text).map_err(failed)?;
        }
    }
    match reader.section.take() {
        Some(last) => reader.close(last),
        None => return Err(ReadError { origin: origin.to_owned(), line: 1, wrong: Wrong::NoHeader }),
    }
    Ok(reader.sections)
}

#[derive(Default)]
struct Reader {
    sections: Vec<Section>,
    /// The section that lines belong to; none before the first header.
    section: Option<Section>,
    ids: BTreeMap<String, Guid>,
}

impl Reader {
    fn line(&mut self, number: usize, text: &str) -> Result<(), Wrong> {
        let value: Value = serde_json::from_str(text).map_err(|error| match error.classify() {
            _ if self.section.is_none() => Wrong::NoHeader,
            serde_json::error::Category::Eof => Wrong::CutOff,
            _ => Wrong::NoJson(error.to_string()),
        })?;
        if value.get("trace").is_some() {
            let target = header(value)?;
            self.open(number, target, None);
            return Ok(());
        }
        let target = self.section.as_ref().ok_or(Wrong::NoHeader)?.target.clone();
        if value.get("case").is_some() {
            let CaseLine { case: outcome, name } = contents("case", value)?;
            self.open(number, target, Some(CaseName { outcome, name }));
            return Ok(());
        }
        if value.get("skipped").is_some() {
            let SkippedLine { skipped } = contents("skipped", value)?;
            self.section.iter_mut().for_each(|section| section.skipped = Some(skipped.clone()));
            return Ok(());
        }
        if value.get("id").is_some() {
            return self.name(contents("name", value)?);
        }
        let (at, entry) = self.entry(value)?;
        if let Some(section) = &mut self.section {
            section.lines.push(Line { number, at, entry });
        }
        Ok(())
    }

    fn open(&mut self, number: usize, target: Target, case: Option<CaseName>) {
        let (lines, skipped, names) = (Vec::new(), None, Names::default());
        let next = Section { number, target, case, lines, skipped, names };
        if let Some(before) = self.section.replace(next) {
            self.close(before);
        }
        self.ids.clear();
    }

    fn close(&mut self, section: Section) {
        if section.case.is_some() || !section.lines.is_empty() {
            self.sections.push(section);
        }
    }

    fn name(&mut self, NameLine { name, id }: NameLine) -> Result<(), Wrong> {
        if !is_name(&name) || self.ids.insert(name.clone(), id).is_some_and(|before| before != id) {
            return Err(Wrong::BadName(name));
        }
        if let Some(section) = &mut self.section {
            section.names.learn(id, &name);
        }
        Ok(())
    }

    fn entry(&self, mut value: Value) -> Result<(Option<u64>, Entry), Wrong> {
        if value.get("load").is_some() {
            let LoadLine { load, at } = contents("load", value)?;
            return Ok((at, Entry::Load(load)));
        }
        unfold_all(&mut value, &self.ids).map_err(Wrong::UnknownName)?;
        if value.get("act").is_some() {
            let ActLine { act, at } = contents("act", value)?;
            return Ok((at, Entry::Act(act)));
        }
        let Some(call) = value.get("call") else { return Err(Wrong::Foreign) };
        if let Some(unknown) = unknown_method(call) {
            return Err(unknown);
        }
        let CallLine { on, call, reply, at } = contents("call", value)?;
        Ok((at, Entry::Call { on, call, reply }))
    }
}

fn header(value: Value) -> Result<Target, Wrong> {
    if value.get("trace").and_then(Value::as_str) != Some("vsslab") {
        return Err(Wrong::NoHeader);
    }
    match value.get("version") {
        Some(version) if *version == VERSION => {}
        other => return Err(Wrong::Version(other.cloned().unwrap_or_default())),
    }
    contents("trace", value).map(|HeaderLine { target }| target)
}

fn contents<T: DeserializeOwned>(kind: &'static str, value: Value) -> Result<T, Wrong> {
    serde_json::from_value(value).map_err(|error| {
        let text = error.to_string();
        // What serde expected instead can be a hundred methods.
        let why = text.split_once(", expected one of").map_or(text.as_str(), |(why, _)| why).to_owned();
        Wrong::Contents { kind, why }
    })
}

fn unknown_method(call: &Value) -> Option<Wrong> {
    let name = call.as_object()?.keys().next()?;
    let known = || Call::VARIANTS.iter().copied();
    if known().any(|known| known == name) {
        return None;
    }
    let near = nearest(name, known(), 1);
    let hint = near.first().map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    Some(Wrong::UnknownMethod { name: name.clone(), hint })
}

fn unfold_all(value: &mut Value, ids: &BTreeMap<String, Guid>) -> Result<(), String> {
    match value {
        Value::String(text) => *text = unfold(text, ids)?,
        Value::Array(items) => items.iter_mut().try_for_each(|item| unfold_all(item, ids))?,
        Value::Object(fields) => fields.values_mut().try_for_each(|field| unfold_all(field, ids))?,
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    Ok(())
}
