//! The class factory, and what keeps a library loaded.

use super::object::{Live, object};
use crate::abi::{BOOL, HRESULT, IClassFactory, IID, IUnknown, Interface, LPVOID};
use crate::boundary::{clear, guarded};
use crate::object::{ComObject, Face, release};
use crate::values::{hresult, kind_of_pointer};
use std::sync::atomic::Ordering;
use vss_sim::api::{HResult, Ptr};
use vss_sim::provider::HardwareProvider;

/// Makes the provider behind a new object of a class.
pub type MakeObject = fn() -> Box<dyn HardwareProvider>;

/// A factory of one class.
struct Factory {
    make: MakeObject,
    _live: Live,
}

/// What `DllGetClassObject` answers for a class whose objects `make` makes: its `IClassFactory`.
///
/// # Safety
/// The pointers are bad, as far as that can be told, or lead to what their types say.
pub unsafe fn class_object(make: MakeObject, riid: *const IID, ppv: *mut LPVOID) -> HRESULT {
    let face = Face::of::<IClassFactory>(&VTABLE, &[IClassFactory::IID]);
    let factory: *mut IUnknown = ComObject::make(&[face], 1, Factory { make, _live: Live::new() });
    // Safety: the caller says so.
    unsafe { handed_over(factory, riid, ppv) }
}

/// What `DllCanUnloadNow` answers: `S_OK` while nobody holds an object of the library, else `S_FALSE`.
pub fn can_unload_now() -> HRESULT {
    let code = if super::object::LIVE.load(Ordering::SeqCst) == 0 { HResult::S_OK } else { HResult::S_FALSE };
    code.0.cast_signed()
}

/// Hands out an interface of a new object, which goes if it has none such.
///
/// # Safety
/// As for [`class_object`]; a reference to the object is held, and given up.
unsafe fn handed_over(new: *mut IUnknown, riid: *const IID, ppv: *mut LPVOID) -> HRESULT {
    guarded(|| {
        // Safety: the caller says so.
        unsafe {
            let code = ((*(*new).vtable).QueryInterface)(new, riid, ppv);
            release(new);
            hresult(code)
        }
    })
}

unsafe extern "system" fn create_instance(
    this: *mut IClassFactory,
    outer: *mut IUnknown,
    riid: *const IID,
    ppv: *mut LPVOID,
) -> HRESULT {
    /// `CLASS_E_NOAGGREGATION`.
    const NO_AGGREGATION: HResult = HResult(0x8004_0110);
    guarded(|| {
        // Safety: COM's contract: `this` is held, and what a parameter points to is what its type says.
        unsafe {
            clear(ppv);
            if !outer.is_null() {
                return NO_AGGREGATION;
            }
            if kind_of_pointer(ppv) != Ptr::Valid {
                return HResult::E_POINTER;
            }
            let factory: &Factory = ComObject::of(this);
            let new = object((factory.make)());
            hresult(handed_over(new, riid, ppv))
        }
    })
}

/// A lock keeps the library loaded as an object does.
unsafe extern "system" fn lock_server(_this: *mut IClassFactory, lock: BOOL) -> HRESULT {
    if lock != 0 {
        super::object::LIVE.fetch_add(1, Ordering::SeqCst);
    } else {
        super::object::LIVE.fetch_sub(1, Ordering::SeqCst);
    }
    0
}

static VTABLE: <IClassFactory as Interface>::Vtable = {
    type Vtable = <IClassFactory as Interface>::Vtable;
    Vtable { base: ComObject::<Factory>::UNKNOWN, CreateInstance: create_instance, LockServer: lock_server }
};
