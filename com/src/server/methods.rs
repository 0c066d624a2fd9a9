//! One function for each method of a requester's interfaces: what came is made a call, and what is answered goes out.

use super::object::{ComObject, Served};
use crate::abi::*;
use crate::boundary::{clear, guarded, put};
use crate::values::{FromRaw, IntoRaw, kind_of_pointer};
use uuid::Uuid;
use vss_sim::api::{Call, Out};

/// Makes the functions of interfaces, and their vtables of them.
macro_rules! serve {
    ($($interface:ident: $base:ident = $iid:expr => {
        $($(#[$mark:ident $(= $call:ident)?])? $method:ident($($parameters:tt)*);)*
    })*) => {$(
        $(method! { [$($mark $($call)?)?] $interface $method $($parameters)* })*

        impl Served for $interface {
            const VTABLE: Self::Vtable = {
                type Vtable = <$interface as Interface>::Vtable;
                Vtable { base: <$base as Served>::VTABLE, $($method: $interface::$method),* }
            };

            const SHARED: &'static Self::Vtable = &Self::VTABLE;
            const UNKNOWN_AT: usize = <$base as Served>::UNKNOWN_AT;

            fn name_of(iid: Uuid) -> Option<&'static str> {
                if Self::IID == Some(iid) { Some(Self::NAME) } else { <$base as Served>::name_of(iid) }
            }
        }
    )*};
}

macro_rules! method {
    ([by_hand] $($rest:tt)*) => {};
    ([call $call:ident] $interface:ident $method:ident $($parameters:tt)*) => {
        by_direction! { function [$interface $method $call] $($parameters)* }
    };
    ([] $interface:ident $method:ident $($parameters:tt)*) => {
        by_direction! { function [$interface $method $method] $($parameters)* }
    };
}

macro_rules! function {
    (
        $interface:ident $method:ident $call:ident ($($parameter:ident: $type:ty),*)
        ($($in:ident: $in_type:ty,)*) ($($out:ident: $out_type:ty,)*)
    ) => {
        impl $interface {
            #[expect(non_snake_case, reason = "methods are named as in the headers")]
            pub(super) unsafe extern "system" fn $method(this: *mut $interface, $($parameter: $type),*) -> HRESULT {
                // Safety: COM's contract: `this` is held, and what a parameter points to is what its type says.
                guarded(|| unsafe {
                    let object = ComObject::of(this);
                    answered! { object.place, object.object, $call ($($in,)*) ($($out,)*) }
                })
            }
        }
    };
}

/// Makes a call of what came, and hands out what is answered.
macro_rules! answered {
    ($place:expr, $on:expr, $call:ident ($($in:ident,)*) ($($out:ident,)*)) => {{
        let call = Call::$call {
            $($in: FromRaw::from_raw($in, &()),)*
            $($out: kind_of_pointer($out),)*
        };
        // Only now: an id by value may come in the memory that the method writes to.
        $(clear($out);)*
        let reply = $place.call($on, &call);
        $(if let Some(Out::$call { $out: value, .. }) = &reply.out {
            put($out, || value.clone().into_raw(&$place));
        })*
        reply.hresult
    }};
}

pub(super) use answered;

requester_interfaces!(serve);
metadata_interfaces!(serve);
component_interfaces!(serve);
