//! What a call is made on, and what its out-pointers are.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a call is made on. Numbers count from 1 in the order of creation, so a trace names objects stably.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Object {
    /// A host of the lab: here the exported functions (`CreateVssBackupComponents`, ...) are called.
    Host(u32),
    /// An `IVssBackupComponents` object, with all its `Ex` interfaces.
    Session(u32),
    /// An `IVssAsync`.
    Async(u32),
    /// An `IVssEnumObject`.
    Enumerator(u32),
    /// An `IVssExamineWriterMetadata` object, or one of the objects that it hands out.
    Metadata(u32),
    /// An `IVssWriterComponents` object, or an `IVssComponent` that it hands out.
    Component(u32),
}

impl Object {
    /// The host that requesters run on unless a lab has more.
    pub const HOST: Self = Self::Host(1);

    fn parts(self) -> (&'static str, u32) {
        match self {
            Self::Host(n) => ("host", n),
            Self::Session(n) => ("session", n),
            Self::Async(n) => ("async", n),
            Self::Enumerator(n) => ("enumerator", n),
            Self::Metadata(n) => ("metadata", n),
            Self::Component(n) => ("component", n),
        }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, number) = self.parts();
        write!(f, "{kind}-{number}")
    }
}

/// What a call on a provider is made on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderObject {
    /// The provider itself.
    Provider,
    /// An `IVssAsync` that it handed out, by its number.
    Async(u32),
    /// An `IVssEnumObject` that it handed out, by its number.
    Enumerator(u32),
}

/// The text names no object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` names no object: expected host-N, session-N, async-N, enumerator-N, metadata-N or component-N"
)]
pub struct NoSuchObject(String);

impl FromStr for Object {
    type Err = NoSuchObject;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || NoSuchObject(text.to_owned());
        let (kind, number) = text.rsplit_once('-').ok_or_else(unknown)?;
        let number = number.parse().map_err(|_| unknown())?;
        match kind {
            "host" => Ok(Self::Host(number)),
            "session" => Ok(Self::Session(number)),
            "async" => Ok(Self::Async(number)),
            "enumerator" => Ok(Self::Enumerator(number)),
            "metadata" => Ok(Self::Metadata(number)),
            "component" => Ok(Self::Component(number)),
            _ => Err(unknown()),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What a caller passes where a method writes a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ptr {
    /// Memory that may be written.
    #[default]
    Valid,
    /// NULL.
    Null,
    /// An address without memory behind it.
    Dangling,
}

impl Ptr {
    /// Whether a value can be written there.
    pub fn is_valid(&self) -> bool {
        *self == Self::Valid
    }
}
