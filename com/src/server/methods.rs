//! One function for each method of a requester's interfaces: what came is made a call, and what is answered goes out.

use super::object::{ComObject, Served, guarded};
use crate::abi::*;
use crate::values::{FromRaw, IntoRaw, kind_of_pointer};
use uuid::Uuid;
use vss_sim::api::{Call, Out, Ptr};

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

/// What a method hands out when it fails: zeros, and so no memory and no object.
///
/// # Safety
/// The pointer is bad, as far as that can be told, or may be written.
pub(super) unsafe fn clear<T>(out: *mut T) {
    if kind_of_pointer(out) == Ptr::Valid {
        // Safety: everything that goes out is a number, an id, a pointer or made of these. A caller in C may pass a place
        // in a packed structure.
        unsafe { out.cast::<u8>().write_bytes(0, size_of::<T>()) };
    }
}

/// Hands a value out. It is not even made for a caller that passed no place for it.
///
/// # Safety
/// As for [`clear`].
pub(super) unsafe fn put<R>(out: *mut R, value: impl FnOnce() -> R) {
    if kind_of_pointer(out) == Ptr::Valid {
        // Safety: the caller says so.
        unsafe { out.write_unaligned(value()) };
    }
}
