//! Writers and their components: their part of a lab's description.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::{ComponentType, WriterId, WriterInstanceId};

/// A writer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Writer {
    /// Its name.
    pub name: String,
    /// Its class; drawn from the seed when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<WriterId>,
    /// Its instance; drawn from the seed when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<WriterInstanceId>,
    /// How long it bears being frozen, in milliseconds.
    #[serde(default = "freeze_limit_ms")]
    pub freeze_limit_ms: u64,
    /// How many backup and restore sessions it takes part in at a time; no limit when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_sessions: Option<u32>,
    /// Whether the registry lists it under `VSS\Settings\WritersBlockingRevert`: volumes with its components should not
    /// be reverted to a shadow copy, as ShouldBlockRevert tells.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blocks_revert: bool,
    /// What it has to be backed up.
    #[serde(default, rename = "component", skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
}

impl Writer {
    /// A writer without components.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            id: None,
            instance: None,
            freeze_limit_ms: freeze_limit_ms(),
            max_sessions: None,
            blocks_revert: false,
            components: Vec::new(),
        }
    }
}

/// Time between Freeze and Thaw that a writer bears by default (CVssWriter::Initialize).
fn freeze_limit_ms() -> u64 {
    60_000
}

/// A component of a writer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Its place in the writer's hierarchy, without the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logical_path: Option<String>,
    /// Database or file group.
    #[serde(default)]
    pub kind: ComponentKind,
    /// The volumes that its files lie on, each by any name.
    pub volumes: Vec<String>,
}

impl Component {
    /// A database on these volumes.
    pub fn new(name: impl Into<String>, volumes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            name: name.into(),
            logical_path: None,
            kind: ComponentKind::default(),
            volumes: volumes.into_iter().map(Into::into).collect(),
        }
    }
}

/// What a component is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ComponentKind {
    /// A database.
    #[default]
    Database,
    /// A group of files.
    FileGroup,
}

impl From<ComponentKind> for ComponentType {
    fn from(kind: ComponentKind) -> Self {
        match kind {
            ComponentKind::Database => Self::DATABASE,
            ComponentKind::FileGroup => Self::FILEGROUP,
        }
    }
}
