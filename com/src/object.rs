//! COM objects with several interfaces: a part for each, with a vtable and the way back to the whole.

use crate::abi::{GUID, HRESULT, IUnknown, Interface, ULONG};
use crate::boundary::{clear, guarded};
use crate::values::kind_of_pointer;
use std::ffi::c_void;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::Uuid;
use vss_sim::api::{HResult, Ptr};

/// A chain of interfaces of an object: one vtable, and the ids under which it is found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Face {
    vtable: *const c_void,
    iids: &'static [Option<Uuid>],
}

impl Face {
    /// The interface `I` and those that it derives from.
    pub(crate) fn of<I: Interface>(vtable: &'static I::Vtable, iids: &'static [Option<Uuid>]) -> Self {
        Self { vtable: std::ptr::from_ref(vtable).cast(), iids }
    }
}

/// What a pointer to an interface leads to.
#[repr(C)]
struct Part<T> {
    vtable: *const c_void,
    whole: *const ComObject<T>,
    iids: &'static [Option<Uuid>],
}

/// An object that goes with its last reference.
pub(crate) struct ComObject<T> {
    parts: Box<[Part<T>]>,
    references: AtomicU32,
    value: T,
}

impl<T> ComObject<T> {
    /// The methods that every interface begins with.
    pub(crate) const UNKNOWN: <IUnknown as Interface>::Vtable = {
        type Vtable = <IUnknown as Interface>::Vtable;
        Vtable { QueryInterface: Self::query_interface, AddRef: Self::add_ref, Release: Self::release }
    };

    /// A new object with so many references; the pointer is to its first face.
    pub(crate) fn make<I: Interface>(faces: &[Face], references: u32, value: T) -> *mut I {
        let references = AtomicU32::new(references);
        let whole = Box::into_raw(Box::new(Self { parts: Box::default(), references, value }));
        let part = |face: &Face| Part { vtable: face.vtable, whole: whole.cast_const(), iids: face.iids };
        let parts: Box<[_]> = faces.iter().map(part).collect();
        // Safety: nobody else knows of it yet.
        unsafe {
            (*whole).parts = parts;
            (&raw mut (&mut (*whole).parts)[0]).cast()
        }
    }

    /// What is behind a pointer to one of its interfaces.
    ///
    /// # Safety
    /// The pointer came from here, and a reference is still held.
    pub(crate) unsafe fn of<'o, I>(this: *mut I) -> &'o T {
        // Safety: the caller says so.
        unsafe { &Self::whole(this).value }
    }

    /// How many references there are.
    ///
    /// # Safety
    /// As for [`ComObject::of`].
    pub(crate) unsafe fn references<'o, I>(this: *mut I) -> &'o AtomicU32
    where
        T: 'o,
    {
        // Safety: the caller says so.
        unsafe { &Self::whole(this).references }
    }

    unsafe fn whole<'o, I>(this: *mut I) -> &'o Self {
        // Safety: every pointer that is handed out is one to a part; the caller says that it is still there.
        unsafe { &*(*this.cast::<Part<T>>()).whole }
    }

    /// The part that answers for that interface; all answer for `IUnknown`, of which an object has one.
    fn part(&self, iid: Uuid) -> *const Part<T> {
        let found =
            self.parts.iter().find(|part| IUnknown::IID == Some(iid) || part.iids.contains(&Some(iid)));
        found.map_or(null(), std::ptr::from_ref)
    }

    unsafe extern "system" fn query_interface(
        this: *mut IUnknown,
        iid: *const GUID,
        object: *mut *mut c_void,
    ) -> HRESULT {
        guarded(|| {
            // Safety: COM's contract, as far as it can be told that it is kept.
            unsafe { clear(object) };
            if kind_of_pointer(iid) != Ptr::Valid || kind_of_pointer(object) != Ptr::Valid {
                return HResult::E_POINTER;
            }
            // Safety: COM's contract: both pointers lead to what their types say, `this` is held.
            unsafe {
                let whole = Self::whole(this);
                let part = whole.part(iid.read_unaligned().into());
                if part.is_null() {
                    return HResult::E_NOINTERFACE;
                }
                whole.references.fetch_add(1, Ordering::SeqCst);
                object.write_unaligned(part.cast_mut().cast());
            }
            HResult::S_OK
        })
    }

    unsafe extern "system" fn add_ref(this: *mut IUnknown) -> ULONG {
        // Safety: COM's contract: `this` is held.
        unsafe { Self::whole(this) }.references.fetch_add(1, Ordering::SeqCst) + 1
    }

    unsafe extern "system" fn release(this: *mut IUnknown) -> ULONG {
        // Safety: COM's contract: `this` is held.
        let whole = unsafe { Self::whole(this) };
        let left = whole.references.fetch_sub(1, Ordering::SeqCst) - 1;
        if left == 0 {
            // Safety: nobody else holds it, and a box made it.
            let whole = unsafe { Box::from_raw(std::ptr::from_ref(whole).cast_mut()) };
            guarded(|| {
                drop(whole);
                HResult::S_OK
            });
        }
        left
    }
}

/// Asks an object for an interface.
///
/// # Safety
/// A reference to the object is held.
pub(crate) unsafe fn query<I: Interface>(unknown: *mut IUnknown) -> Result<*mut I, HResult> {
    let iid = GUID::from(I::IID.ok_or(HResult::E_NOINTERFACE)?);
    let mut found = null_mut();
    // Safety: the caller says so.
    let code = unsafe { ((*(*unknown).vtable).QueryInterface)(unknown, &raw const iid, &raw mut found) };
    match crate::values::hresult(code) {
        code if code.is_failure() => Err(code),
        _ if found.is_null() => Err(HResult::E_NOINTERFACE),
        _ => Ok(found.cast()),
    }
}

/// Gives a reference back; answers how many are left, as the object says.
///
/// # Safety
/// The reference is held, and used no more.
pub(crate) unsafe fn release<I: Interface>(this: *mut I) -> u32 {
    let this: *mut IUnknown = this.cast();
    // Safety: the caller says so.
    unsafe { ((*(*this).vtable).Release)(this) }
}
