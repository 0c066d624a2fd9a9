//! The macro behind the enumerations: a number with names, so that illegal values survive.

macro_rules! open_enum {
    (
        $(#[$doc:meta])*
        pub struct $type:ident { $($(#[$value_doc:meta])* $name:ident = $value:literal, $sdk:literal;)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(pub i32);

        impl $type {
            $($(#[$value_doc])* pub const $name: Self = Self($value);)*

            /// Every named value with its SDK name, in the order of the header.
            pub const VALUES: &[(Self, &str)] = &[$((Self($value), $sdk),)*];

            /// The value's SDK name, `None` for a number that the enumeration does not name.
            pub fn name(self) -> Option<&'static str> {
                Self::VALUES.iter().find(|(value, _)| *value == self).map(|(_, name)| *name)
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self.name() {
                    Some(name) => f.write_str(name),
                    None => write!(f, "{}", self.0),
                }
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self.name() {
                    Some(name) => f.write_str(name),
                    None => f.debug_tuple(stringify!($type)).field(&self.0).finish(),
                }
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                $crate::api::open_enum::parse(&text, Self::VALUES.iter().map(|(value, name)| (value.0, *name)))
                    .map(Self)
                    .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no {}", stringify!($type))))
            }
        }
    };
}

pub(crate) use open_enum;

/// The number that `text` names, or spells in decimal.
pub(crate) fn parse(text: &str, mut values: impl Iterator<Item = (i32, &'static str)>) -> Option<i32> {
    values.find(|(_, name)| *name == text).map(|(value, _)| value).or_else(|| text.parse().ok())
}
