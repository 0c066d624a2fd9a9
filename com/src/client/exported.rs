//! The functions that a DLL exports, as types and as arms for their calls.

use super::library::Library;
use super::parameters::{Lent, Slot, answered};
use super::registry::Registry;
use crate::abi::HRESULT;
use crate::values::hresult;
use vss_sim::api::{Call, Out, Reply};

macro_rules! functions {
    ($($name:ident = $export:literal ($($direction:tt $parameter:ident: $type:ty),*);)*) => {
        /// What a DLL exports of the functions that there are.
        #[derive(Clone, Copy, Debug)]
        #[expect(non_snake_case, reason = "functions are named as in the headers")]
        pub(super) struct Functions {
            $(pub(super) $name: Option<unsafe extern "system" fn($($parameter: $type),*) -> HRESULT>,)*
        }

        impl Functions {
            /// What the DLL exports, or the name of the function that it has to export and does not.
            pub(super) fn of(library: &libloading::Library) -> Result<Self, &'static str> {
                // Safety: these are the types that the SDK's headers give to the functions of these names.
                let mut functions = unsafe {
                    Self { $($name: library.get($export).or_else(|_| library.get(stringify!($name))).ok().map(|symbol| *symbol),)* }
                };
                let created = functions.CreateVssBackupComponentsInternal;
                if created.is_none() {
                    return Err("CreateVssBackupComponentsInternal");
                }
                // What the header calls by the plain name is this.
                functions.CreateVssBackupComponents = functions.CreateVssBackupComponents.or(created);
                Ok(functions)
            }
        }
    };
}

crate::exported_functions!(functions);

macro_rules! calls {
    ($($name:ident = $export:literal ($($parameters:tt)*);)*) => {
        impl Library {
            /// Calls a function; `None`: it is none of the DLL's.
            pub(super) fn call(&self, registry: &Registry, call: &Call) -> Option<Reply> {
                match call {
                    $(by_direction! { pattern [$name] $($parameters)* } => {
                        by_direction! { made [$name self registry] $($parameters)* }
                    })*
                    // What was read of a structure was freed with it.
                    Call::VssFreeSnapshotProperties { .. } | Call::VssFreeSnapshotPropertiesInternal { .. } => {
                        Some(Reply::OK)
                    }
                    _ => None,
                }
            }
        }
    };
}

macro_rules! pattern {
    ($name:ident ($($parameter:ident: $type:ty),*) $ins:tt $outs:tt) => { Call::$name { $($parameter),* } };
}

macro_rules! made {
    ($name:ident $library:ident $registry:ident $all:tt $ins:tt $outs:tt) => {{
        let function = $library.functions.$name?;
        answered! { $registry $name [function] [] $all $ins $outs }
    }};
}

crate::exported_functions!(calls);
