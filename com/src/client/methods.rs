//! One arm for each method of a requester's interfaces: the call's fields go over, and what is written comes back.

use super::parameters::{Lent, Slot, answered};
use super::registry::Registry;
use crate::abi::*;
use crate::values::hresult;
use vss_sim::api::{Call, Object, Out, Reply};

impl Registry {
    /// Makes the call; `None`: it is of no method of an object.
    pub(super) fn call(&self, on: Object, call: &Call) -> Option<Reply> {
        self.by_hand(on, call)
            .or_else(|| self.requester(on, call))
            .or_else(|| self.metadata(on, call))
            .or_else(|| self.component(on, call))
    }
}

/// Makes a function that knows the methods of a table.
macro_rules! calls {
    ($name:ident $($interface:ident: $base:ident = $iid:expr => {
        $($(#[$mark:ident $(= $call:ident)?])? $method:ident($($parameters:tt)*);)*
    })*) => {
        impl Registry {
            fn $name(&self, on: Object, call: &Call) -> Option<Reply> {
                match call {
                    $($(method! { pattern [$($mark $($call)?)?] $interface $method [self on] $($parameters)* } => {
                        method! { made [$($mark $($call)?)?] $interface $method [self on] $($parameters)* }
                    })*)*
                    _ => None,
                }
            }
        }
    };
}

macro_rules! method {
    (pattern [by_hand] $interface:ident $method:ident $registry:tt $($rest:tt)*) => { Call::$method { .. } };
    (made [by_hand] $($rest:tt)*) => { None };
    ($then:ident [call $call:ident] $interface:ident $method:ident $registry:tt $($parameters:tt)*) => {
        by_direction! { $then [$interface $method $call $registry] $($parameters)* }
    };
    ($then:ident [] $interface:ident $method:ident $registry:tt $($parameters:tt)*) => {
        by_direction! { $then [$interface $method $method $registry] $($parameters)* }
    };
}

macro_rules! pattern {
    (
        $interface:ident $method:ident $call:ident $registry:tt ($($parameter:ident: $type:ty),*) $ins:tt $outs:tt
    ) => {
        Call::$call { $($parameter),* }
    };
}

macro_rules! made {
    ($interface:ident $method:ident $call:ident [$registry:ident $on:ident] $all:tt $ins:tt $outs:tt) => {{
        let this = match $registry.interface::<$interface>($on) {
            Ok(this) => this,
            Err(code) => return Some(code.into()),
        };
        answered! { $registry $call [(*(*this).vtable).$method] [this] $all $ins $outs }
    }};
}

requester_interfaces!(calls requester);
metadata_interfaces!(calls metadata);
component_interfaces!(calls component);
