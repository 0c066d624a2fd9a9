//! One function for each method whose parameters go one by one into a call, and the vtables of all.

use super::object::{Provider, Served};
use crate::abi::*;
use crate::boundary::{clear, guarded, put};
use crate::values::{FromRaw, IntoRaw, kind_of_pointer};
use vss_sim::api::{ProviderCall, ProviderOut};

macro_rules! serve {
    ($($interface:ident: $base:ident = $iid:expr => {
        $($(#[$mark:ident])? $method:ident($($parameters:tt)*);)*
    })*) => {$(
        $(method! { [$($mark)?] $interface $method $($parameters)* })*

        impl Served for $interface {
            const VTABLE: Self::Vtable = {
                type Vtable = <$interface as Interface>::Vtable;
                Vtable { base: <$base as Served>::VTABLE, $($method: $interface::$method),* }
            };
            const SHARED: &'static Self::Vtable = &Self::VTABLE;
        }
    )*};
}

macro_rules! method {
    ([by_hand] $($rest:tt)*) => {};
    ([] $interface:ident $method:ident $($parameters:tt)*) => {
        by_direction! { function [$interface $method] $($parameters)* }
    };
}

macro_rules! function {
    (
        $interface:ident $method:ident ($($parameter:ident: $type:ty),*)
        ($($in:ident: $in_type:ty,)*) ($($out:ident: $out_type:ty,)*)
    ) => {
        impl $interface {
            #[expect(non_snake_case, reason = "methods are named as in the headers")]
            pub(super) unsafe extern "system" fn $method(this: *mut $interface, $($parameter: $type),*) -> HRESULT {
                // Safety: COM's contract: `this` is held, and what a parameter points to is what its type says.
                guarded(|| unsafe {
                    let call = ProviderCall::$method {
                        $($in: FromRaw::from_raw($in, &()),)*
                        $($out: kind_of_pointer($out),)*
                    };
                    $(clear($out);)*
                    let reply = Provider::of(this).call(&call);
                    $(if let Some(ProviderOut::$method { $out: value, .. }) = &reply.out {
                        put($out, || value.clone().into_raw(&()));
                    })*
                    reply.hresult
                })
            }
        }
    };
}

hardware_interfaces!(serve);
