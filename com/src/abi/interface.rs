//! How an interface is declared: as a table, from which the vtable and its description come.

use uuid::Uuid;

/// A COM interface: a vtable, and what is known of it.
pub trait Interface {
    /// Its functions, those of its bases first.
    type Vtable: 'static;
    /// Its name in the headers.
    const NAME: &'static str;
    /// `None`: no header has one, and `QueryInterface` does not know the interface.
    const IID: Option<Uuid>;
    /// Its own methods, in the order of their slots.
    const METHODS: &'static [Method];
}

/// A method in its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method {
    /// Its name in the headers.
    pub name: &'static str,
    /// Where its pointer lies in the vtable, in pointers from 0.
    pub slot: usize,
    /// Its parameters without `this`.
    pub parameters: &'static [Parameter],
}

/// A parameter of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Who writes it.
    pub direction: Direction,
    /// Its documented name in snake_case.
    pub name: &'static str,
    /// Its type as it is declared here; the names in it are those of the headers.
    pub rust_type: &'static str,
}

/// Who writes a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The caller.
    In,
    /// The method, through a pointer.
    Out,
    /// Both.
    InOut,
}

macro_rules! direction {
    (in) => {
        $crate::abi::Direction::In
    };
    (out) => {
        $crate::abi::Direction::Out
    };
    (inout) => {
        $crate::abi::Direction::InOut
    };
}

/// Declares interfaces: `Name: Base = IID { Method(direction parameter: Type, ...); ... }`. `#[by_hand]` marks methods
/// whose parameters do not go one by one into a call, `#[call = Variant]` those whose call has another name.
macro_rules! interfaces {
    ($($interface:ident: $base:ident = $iid:expr => {
        $($(#[$mark:ident $(= $call:ident)?])? $method:ident($($direction:tt $parameter:ident: $type:ty),*);)*
    })*) => {$(
        #[doc = concat!("A pointer to this is a pointer to an `", stringify!($interface), "`.")]
        #[repr(C)]
        #[derive(Debug)]
        pub struct $interface {
            /// The functions.
            pub vtable: *const <$interface as $crate::abi::Interface>::Vtable,
        }

        const _: () = {
            #[doc = concat!("The functions of `", stringify!($interface), "`.")]
            #[repr(C)]
            #[derive(Clone, Copy, Debug)]
            #[expect(non_snake_case, reason = "methods are named as in the headers")]
            pub struct Vtable {
                /// The functions of its base.
                pub base: <$base as $crate::abi::Interface>::Vtable,
                $(
                    #[doc = concat!("`", stringify!($interface), "::", stringify!($method), "`.")]
                    pub $method: unsafe extern "system" fn(this: *mut $interface, $($parameter: $type),*) -> HRESULT,
                )*
            }

            impl $crate::abi::Interface for $interface {
                type Vtable = Vtable;
                const NAME: &'static str = stringify!($interface);
                const IID: Option<uuid::Uuid> = $iid;
                const METHODS: &'static [$crate::abi::Method] = &[$($crate::abi::Method {
                    name: stringify!($method),
                    slot: std::mem::offset_of!(Vtable, $method) / size_of::<usize>(),
                    parameters: &[$($crate::abi::Parameter {
                        direction: $crate::abi::interface::direction!($direction),
                        name: stringify!($parameter),
                        rust_type: stringify!($type),
                    }),*],
                }),*];
            }
        };
    )*};
}

pub(super) use {direction, interfaces};
