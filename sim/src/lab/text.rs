//! Labs as TOML text and as a JSON schema.

use serde::Deserialize;

use super::document::{BASES, Document, spot};
use super::error::SourceText;
use super::wording::explain;
use super::{Cause, Lab, LabError, LabPath, Problem};

impl Lab {
    /// Reads a lab and checks it. `origin` is the name of the text in errors, such as a path.
    ///
    /// With `base = "default"` the text only says what differs from [`Lab::default_lab`]: its scalars and readings
    /// override the base's; its hosts, providers, arrays, LUNs and writers replace those of the same name, its
    /// volumes those with a mount point of theirs; everything else is added.
    pub fn from_toml(source: &str, origin: &str) -> Result<Self, LabError> {
        let text = |origin: &str, text: &str| SourceText { origin: origin.to_owned(), text: text.into() };
        let given = text(origin, source);
        let document = match Document::parse(source) {
            Ok(document) => document,
            Err(problem) => return Err(LabError::new(vec![problem]).with_texts(vec![given])),
        };
        let mut texts = vec![given];
        texts.extend(document.base().map(|(name, base)| text(&format!("<base lab {name}>"), base)));
        let idle = document.hardware_keys().into_iter().map(idle_key).collect::<Vec<_>>();
        let lab = match Self::deserialize(document.into_deserializer()) {
            Ok(lab) => lab,
            Err(error) => {
                let place = spot(&error, source);
                let written = source.get(place.clone()).unwrap_or_default();
                let problem = explain(&error, written).at(0, place);
                return Err(LabError::new(vec![problem]).with_texts(texts));
            }
        };
        let mut problems = lab.check().map_or_else(|error| error.problems().to_vec(), |()| Vec::new());
        problems.extend(idle);
        if problems.is_empty() {
            return Ok(lab);
        }
        let error = LabError::new(problems).with_texts(texts);
        // Parsed once more, as only wrong labs need the places of things.
        Err(match Document::parse(source) {
            Ok(document) => error.locate(|path| document.place(path)),
            Err(_) => error,
        })
    }

    /// The whole lab as TOML. Reading it gives the same lab.
    pub fn to_toml(&self) -> String {
        toml::to_string(self)
            .expect("every lab has a TOML form: its keys are fields, its values numbers and strings")
    }

    /// The lab that is used when none is named: Windows Server 2022 with an array and its hardware provider.
    pub fn default_lab() -> Self {
        Self::from_toml(BASES[0].1, "default.toml").expect("the embedded lab is tested")
    }

    /// The JSON schema of the file format, for editors.
    pub fn json_schema() -> String {
        let mut schema = schemars::schema_for!(Self);
        let bases: Vec<&str> = BASES.iter().map(|(name, _)| *name).collect();
        if let Some(properties) = schema.get_mut("properties").and_then(|it| it.as_object_mut()) {
            let base = serde_json::json!({
                "description": "The lab that this one differs from; it only says how.",
                "enum": bases,
            });
            properties.insert("base".to_owned(), base);
        }
        if let Some(causes) = schema.pointer_mut("/$defs/Cause/oneOf").and_then(|it| it.as_array_mut()) {
            causes.iter_mut().for_each(tell_places);
        }
        format!("{:#}\n", schema.to_value())
    }
}

/// Puts where a cause can happen behind what it is.
fn tell_places(cause: &mut serde_json::Value) {
    let name = cause["const"].as_str().or_else(|| cause["required"][0].as_str()).unwrap_or_default();
    let Some(row) = Cause::ALL.iter().find(|row| row.name == name) else { return };
    let what = cause["description"].as_str().unwrap_or_default();
    cause["description"] = format!("{what}\nHappens in {}.", row.places()).into();
}

/// A key that says something of hardware providers alone.
fn idle_key((index, provider, key): (usize, String, &'static str)) -> Problem {
    let what = format!("`{provider}` is no hardware provider, and of others `{key}` says nothing");
    let help = format!("leave `{key}` out, or make its `kind` \"hardware\"");
    Problem::new(what, LabPath::item("provider", index).key(key), "").help(help)
}
