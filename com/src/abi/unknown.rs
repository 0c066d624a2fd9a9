//! What interfaces begin with: `IUnknown`, or nothing.

use super::types::{GUID, HRESULT, ULONG};
use super::{Interface, Method};
use std::ffi::c_void;
use uuid::{Uuid, uuid};

/// A pointer to this is a pointer to an `IUnknown`.
#[repr(C)]
#[derive(Debug)]
pub struct IUnknown {
    /// The functions.
    pub vtable: *const <IUnknown as Interface>::Vtable,
}

/// The base of an interface that is no `IUnknown`.
#[derive(Debug)]
pub enum Nothing {}

const _: () = {
    /// The functions of `IUnknown`.
    #[repr(C)]
    #[derive(Clone, Copy, Debug)]
    #[expect(non_snake_case, reason = "methods are named as in the headers")]
    pub struct Vtable {
        /// Asks for another interface of the object.
        pub QueryInterface: unsafe extern "system" fn(
            this: *mut IUnknown,
            iid: *const GUID,
            object: *mut *mut c_void,
        ) -> HRESULT,
        /// Takes one more reference; answers how many there are.
        pub AddRef: unsafe extern "system" fn(this: *mut IUnknown) -> ULONG,
        /// Gives a reference back; answers how many are left.
        pub Release: unsafe extern "system" fn(this: *mut IUnknown) -> ULONG,
    }

    impl Interface for IUnknown {
        type Vtable = Vtable;
        const NAME: &'static str = "IUnknown";
        const IID: Option<Uuid> = Some(uuid!("00000000-0000-0000-c000-000000000046"));
        const METHODS: &'static [Method] = &[];
    }
};

impl Interface for Nothing {
    type Vtable = ();
    const NAME: &'static str = "";
    const IID: Option<Uuid> = None;
    const METHODS: &'static [Method] = &[];
}
