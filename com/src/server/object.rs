//! A COM object: a vtable, the count of its references, and the backend's object.

use super::Server;
use crate::abi::*;
use crate::boundary::{clear, guarded};
use crate::values::{IntoRaw, kind_of_pointer};
use std::ffi::c_void;
use std::mem::offset_of;
use std::ptr::null;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::Uuid;
use vss_sim::api::{Call, HResult, Object, Ptr, Reply};

/// The server and the lab that an object belongs to.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) server: Arc<Server>,
    pub(super) lab_number: u64,
}

impl Place {
    pub(super) fn call(&self, on: Object, call: &Call) -> Reply {
        self.server.call(self.lab_number, on, call)
    }
}

/// What a requester's pointer leads to. Its interfaces derive from each other, so one vtable, the longest, serves them
/// all, and all pointers to it are the same: but for [`IVssWriterComponents`], which is no `IUnknown`.
#[repr(C)]
struct Memory {
    /// The vtable of an interface that is no `IUnknown`, if the object has one.
    no_unknown: *const c_void,
    object: ComObject,
}

/// The object as an `IUnknown`.
#[repr(C)]
pub(super) struct ComObject {
    vtable: *const c_void,
    references: AtomicU32,
    name_of: fn(Uuid) -> Option<&'static str>,
    pub(super) object: Object,
    pub(super) place: Place,
}

impl ComObject {
    /// The object behind a requester's pointer.
    ///
    /// # Safety
    /// The pointer came from [`ComObject::make`] and a reference is still held.
    pub(super) unsafe fn of<'o, I: Served>(this: *mut I) -> &'o Self {
        // Safety: the caller says so, and that is how far it is to the object's vtable pointer.
        unsafe { &*this.byte_add(I::UNKNOWN_AT).cast::<Self>() }
    }

    fn make<I: Served>(object: Object, place: &Place) -> *mut I {
        place.server.live.fetch_add(1, Ordering::SeqCst);
        let vtable: *const I::Vtable = I::SHARED;
        let (no_unknown, vtable): (*const c_void, *const c_void) = match I::UNKNOWN_AT {
            0 => (null(), vtable.cast()),
            _ => (vtable.cast(), std::ptr::from_ref(IUnknown::SHARED).cast()),
        };
        let references = AtomicU32::new(1);
        let object = Self { vtable, references, name_of: I::name_of, object, place: place.clone() };
        let memory = Box::into_raw(Box::new(Memory { no_unknown, object }));
        // Safety: the vtable pointers lie one after the other.
        unsafe { (&raw mut (*memory).object).byte_sub(I::UNKNOWN_AT).cast() }
    }

    pub(super) fn call(&self, call: &Call) -> Reply {
        self.place.call(self.object, call)
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
            let (iid, this_object) = unsafe { (Uuid::from(iid.read_unaligned()), Self::of(this)) };
            let code = this_object.answer_for(iid);
            if code.is_success() {
                this_object.references.fetch_add(1, Ordering::SeqCst);
                // Safety: checked above.
                unsafe { object.write_unaligned(this.cast()) };
            }
            code
        })
    }

    /// Whether the object has that interface: every object is an `IUnknown`, the rest its backend says.
    fn answer_for(&self, iid: Uuid) -> HResult {
        if IUnknown::IID == Some(iid) {
            return HResult::S_OK;
        }
        match (self.name_of)(iid) {
            Some(name) => self.call(&Call::QueryInterface { riid: Some(name.into()) }).hresult,
            None => HResult::E_NOINTERFACE,
        }
    }

    unsafe extern "system" fn add_ref(this: *mut IUnknown) -> ULONG {
        // Safety: COM's contract: `this` is held.
        let this = unsafe { Self::of(this) };
        this.references.fetch_add(1, Ordering::SeqCst) + 1
    }

    unsafe extern "system" fn release(this: *mut IUnknown) -> ULONG {
        // Safety: COM's contract: `this` is held.
        let left = unsafe { Self::of(this) }.references.fetch_sub(1, Ordering::SeqCst) - 1;
        if left == 0 {
            // Safety: nobody else holds it, and a box with a vtable pointer before the object made it.
            let memory = unsafe { Box::from_raw(this.byte_sub(offset_of!(Memory, object)).cast::<Memory>()) };
            guarded(|| memory.object.call(&Call::RELEASE).hresult);
            memory.object.place.server.live.fetch_sub(1, Ordering::SeqCst);
        }
        left
    }
}

/// An interface whose methods are served.
pub(super) trait Served: Interface {
    /// Its methods and those of its bases.
    const VTABLE: Self::Vtable;

    /// The same, where all its objects find it.
    const SHARED: &'static Self::Vtable;
    /// How many bytes after a pointer to this interface the object's `IUnknown` begins.
    const UNKNOWN_AT: usize;

    /// The name of the interface with that id, if it is this one or a base of it.
    fn name_of(iid: Uuid) -> Option<&'static str>;
}

impl Served for IUnknown {
    const VTABLE: Self::Vtable = {
        type Vtable = <IUnknown as Interface>::Vtable;
        Vtable {
            QueryInterface: ComObject::query_interface,
            AddRef: ComObject::add_ref,
            Release: ComObject::release,
        }
    };
    const SHARED: &'static Self::Vtable = &Self::VTABLE;
    const UNKNOWN_AT: usize = 0;

    fn name_of(iid: Uuid) -> Option<&'static str> {
        (Self::IID == Some(iid)).then_some(Self::NAME)
    }
}

/// The object begins with the pointer to the vtable that has no `IUnknown`.
impl Served for Nothing {
    const VTABLE: Self::Vtable = ();
    const SHARED: &'static Self::Vtable = &();
    const UNKNOWN_AT: usize = offset_of!(Memory, object);

    fn name_of(_: Uuid) -> Option<&'static str> {
        None
    }
}

/// Objects go over as pointers to a new COM object, which has the vtable of the longest interface.
macro_rules! handed_out {
    ($($interface:ident as $longest:ident;)*) => {$(
        impl IntoRaw<Place, *mut $interface> for Object {
            fn into_raw(self, place: &Place) -> *mut $interface {
                ComObject::make::<$longest>(self, place).cast()
            }
        }
    )*};
}

handed_out! {
    IVssAsync as IVssAsync;
    IVssBackupComponents as IVssBackupComponentsEx4;
    IVssComponent as IVssComponentEx2;
    IVssEnumObject as IVssEnumObject;
    IVssExamineWriterMetadata as IVssExamineWriterMetadataEx2;
    IVssExamineWriterMetadataEx as IVssExamineWriterMetadataEx2;
    IVssWMComponent as IVssWMComponent;
    IVssWMDependency as IVssWMDependency;
    IVssWMFiledesc as IVssWMFiledesc;
    IVssWriterComponentsExt as IVssWriterComponents;
}
