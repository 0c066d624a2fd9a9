//! Identities: GUIDs that cannot be mistaken for one another.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
pub use uuid::Uuid as Guid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Guid);

        impl $name {
            /// `GUID_NULL`.
            pub const NULL: Self = Self(Guid::nil());

            /// Whether this is `GUID_NULL`.
            pub fn is_null(self) -> bool {
                self.0.is_nil()
            }
        }

        impl fmt::Display for $name {
            /// `{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}`, as Windows prints a GUID.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.braced().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            /// With or without braces.
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Guid::deserialize(deserializer).map(Self)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Guid::parse_str(text).map(Self)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "format": "uuid" })
            }
        }
    )*};
}

ids! {
    /// A hardware, software or system provider.
    ProviderId;
    /// One backup or restore session of a requester (`IVssBackupComponentsEx3::GetSessionId`).
    SessionId;
    /// One shadow copy of one volume.
    SnapshotId;
    /// The shadow copies of one point in time.
    SnapshotSetId;
    /// A writer class.
    WriterId;
    /// A running instance of a writer class.
    WriterInstanceId;
}
