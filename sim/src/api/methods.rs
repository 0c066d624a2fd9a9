//! The macro that turns a table of documented methods into the types for their calls and results.

use serde::Serialize;

use super::Ptr;

/// One documented method: interface and name. An exported function has an empty interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Method {
    /// The COM interface that declares it, empty for an exported function.
    pub interface: &'static str,
    /// Its name in that interface.
    pub name: &'static str,
}

impl std::fmt::Display for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.interface.is_empty() {
            f.write_str(self.name)
        } else {
            write!(f, "{}::{}", self.interface, self.name)
        }
    }
}

/// Reads a table of `Variant = "Method" ([in] parameters) [out-pointers] -> ([out] values);` rows by interface.
macro_rules! methods {
    (
        $(#[$call_doc:meta])* call $call:ident;
        $(#[$out_doc:meta])* out $out:ident;
        $($interface:literal {
            $($variant:ident = $name:literal ($($param:ident: $param_type:ty),*) [$($ptr:ident),*] -> ($($value:ident: $value_type:ty),*);)*
        })*
    ) => {
        $(#[$call_doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum $call {
            $($(
                #[doc = concat!("`", $interface, "::", $name, "`")]
                $variant {
                    $(#[doc = concat!("\\[in\\] `", stringify!($param), "`")] $param: $param_type,)*
                    $(
                        #[doc = concat!("\\[out\\] where `", stringify!($ptr), "` goes")]
                        #[serde(default, skip_serializing_if = "Ptr::is_valid")]
                        $ptr: Ptr,
                    )*
                },
            )*)*
        }

        impl $call {
            /// Every method of the table, in the order of the spec.
            pub const METHODS: &[Method] =
                &[$($(Method { interface: $interface, name: $name },)*)*];

            /// Each method's variant here: its name, with a prefix where another method has the same.
            pub const VARIANTS: &[&str] = &[$($(stringify!($variant),)*)*];

            /// Each method's parameters by their names here: the \[in\] ones, then the \[out\] ones.
            pub const PARAMETERS: &[(&[&str], &[&str])] =
                &[$($((&[$(stringify!($param)),*], &[$(stringify!($value)),*]),)*)*];

            /// The documented method that this call is of.
            pub const fn method(&self) -> Method {
                match self {
                    $($(Self::$variant { .. } => Method { interface: $interface, name: $name },)*)*
                }
            }

            /// The first out-pointer, if any, through which the method cannot write although it has to: NULL where
            /// that is not allowed, or an address without memory behind it.
            pub fn bad_pointer(&self) -> Option<(&'static str, Ptr)> {
                match self {
                    $($(Self::$variant { $($ptr,)* .. } => {
                        let pointers: &[(&'static str, Ptr)] = &[$((stringify!($ptr), *$ptr)),*];
                        $crate::api::methods::first_bad(pointers)
                    })*)*
                }
            }
        }

        $(#[$out_doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum $out {
            $($(
                #[doc = concat!("\\[out\\] values of `", $interface, "::", $name, "`")]
                $variant {
                    $(#[doc = concat!("\\[out\\] `", stringify!($value), "`")] $value: $value_type,)*
                },
            )*)*
        }
    };
}

pub(crate) use methods;

/// Out-pointers that may be NULL.
const OPTIONAL: [&str; 3] = ["phr_application", "pbstr_application_message", "p_reserved"];

/// The first pointer through which a method cannot write although it has to.
pub(crate) fn first_bad(pointers: &[(&'static str, Ptr)]) -> Option<(&'static str, Ptr)> {
    pointers.iter().copied().find(|(name, pointer)| match pointer {
        Ptr::Valid => false,
        Ptr::Null => !OPTIONAL.contains(name),
        Ptr::Dangling => true,
    })
}
