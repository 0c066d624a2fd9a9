//! `IVsslabArray`: the simulated array, as a provider behind COM gets hold of it.

use crate::abi::*;
use crate::boundary::{clear, guarded, put};
use crate::memory;
use crate::object::{ComObject, Face};
use crate::provider::array_codes::{WRONG_THREAD, code_of, kind_of};
use crate::values::{FromRaw, IntoRaw, hresult, kind_of_pointer};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ThreadId};
use vss_sim::api::{HResult, LunInformation, Ptr};
use vss_sim::provider::{ArrayError, ArrayPort};
use vss_sim::storage::LunId;

/// References that nobody gives back: however often a provider releases the object, and whenever it uses its pointer, the
/// object is there. It is some hundred bytes for each object of a provider.
const OWN_REFERENCES: u32 = 1 << 30;

/// The array as one provider's object sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Control {
    object: *mut IVsslabArray,
}

/// The call of VSS that the provider is in.
struct Current {
    thread: ThreadId,
    array: *mut dyn ArrayPort,
}

#[derive(Default)]
struct Room {
    call: Option<Current>,
    /// What the provider said that the call takes, in milliseconds of virtual time.
    took_ms: u64,
}

// Safety: the object is never freed, and its parts are guarded.
unsafe impl Send for Control {}

// Safety: the array is touched by the thread alone that the call is on.
unsafe impl Send for Room {}

type Array = ComObject<Mutex<Room>>;

impl Control {
    pub(super) fn new() -> Self {
        let face = Face::of::<IVsslabArray>(&VTABLE, &[IVsslabArray::IID]);
        Self { object: Array::make(&[face], OWN_REFERENCES, Mutex::default()) }
    }

    /// What goes to `OnLoad`.
    pub(super) fn pointer(&self) -> *mut IUnknown {
        self.object.cast()
    }

    /// Lets the provider at the array while `call` runs. Beside its result: the virtual time that it is to take.
    pub(super) fn during<R>(&self, array: &mut dyn ArrayPort, call: impl FnOnce() -> R) -> (R, u64) {
        let array: *mut (dyn ArrayPort + '_) = array;
        // Safety: only the lifetime is forgotten; the pointer is, before this function ends.
        let array: *mut (dyn ArrayPort + 'static) = unsafe { std::mem::transmute(array) };
        *self.room() = Room { call: Some(Current { thread: thread::current().id(), array }), took_ms: 0 };
        let close = Close(self);
        let result = call();
        let took_ms = self.room().took_ms;
        drop(close);
        (result, took_ms)
    }

    fn room(&self) -> std::sync::MutexGuard<'_, Room> {
        // Safety: the object is never freed.
        unsafe { Array::of(self.object) }.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many references the provider has, less those that it gave back without having them. That debt is then forgotten.
    pub(super) fn references(&self) -> i64 {
        // Safety: the object is never freed.
        let references = unsafe { Array::references(self.object) };
        let held = i64::from(references.load(Ordering::SeqCst)) - i64::from(OWN_REFERENCES);
        if held < 0 {
            references.store(OWN_REFERENCES, Ordering::SeqCst);
        }
        held
    }
}

/// After a call the array is out of reach, even if the call panicked.
struct Close<'c>(&'c Control);

impl Drop for Close<'_> {
    fn drop(&mut self) {
        self.0.room().call = None;
    }
}

/// Does something with the array, or says why it cannot be reached.
fn with(this: *mut IVsslabArray, act: impl FnOnce(&mut dyn ArrayPort) -> Result<(), HResult>) -> HRESULT {
    guarded(|| {
        // Safety: the object is never freed.
        let room = unsafe { Array::of(this) };
        let array = match &room.lock().unwrap_or_else(PoisonError::into_inner).call {
            None => return HResult::RPC_E_DISCONNECTED,
            Some(current) if current.thread != thread::current().id() => return WRONG_THREAD,
            Some(current) => current.array,
        };
        // Safety: the call of VSS is further up on this thread's stack, and waits for the provider.
        match act(unsafe { &mut *array }) {
            Ok(()) => HResult::S_OK,
            Err(code) => code,
        }
    })
}

/// Hands out what the array answers.
unsafe fn answer<T>(out: *mut T, answered: Result<T, ArrayError>) -> Result<(), HResult> {
    if kind_of_pointer(out) != Ptr::Valid {
        return Err(HResult::E_POINTER);
    }
    // Safety: the caller says that it may be written.
    answered.map(|value| unsafe { put(out, || value) }).map_err(code_of)
}

unsafe extern "system" fn now(this: *mut IVsslabArray, ms: *mut ULONGLONG) -> HRESULT {
    // Safety: COM's contract: what a parameter points to is what its type says.
    with(this, |array| unsafe { answer(ms, Ok(array.now_ms())) })
}

unsafe extern "system" fn check(this: *mut IVsslabArray) -> HRESULT {
    with(this, |array| array.check().map_err(code_of))
}

unsafe extern "system" fn find(
    this: *mut IVsslabArray,
    lun: *const VDS_LUN_INFORMATION,
    found: *mut ULONG,
) -> HRESULT {
    // Safety: COM's contract.
    with(this, |array| unsafe {
        clear(found);
        if kind_of_pointer(lun) != Ptr::Valid || kind_of_pointer(found) != Ptr::Valid {
            return Err(HResult::E_POINTER);
        }
        match array.find(&LunInformation::from_raw(lun.read_unaligned(), &())).map_err(code_of)? {
            Some(lun) => answer(found, Ok(lun.0)),
            None => Err(HResult::S_FALSE),
        }
    })
}

unsafe extern "system" fn information(
    this: *mut IVsslabArray,
    lun: ULONG,
    out: *mut VDS_LUN_INFORMATION,
) -> HRESULT {
    // Safety: COM's contract.
    with(this, |array| unsafe {
        clear(out);
        if kind_of_pointer(out) != Ptr::Valid {
            return Err(HResult::E_POINTER);
        }
        let information = array.information(LunId(lun)).map_err(code_of)?;
        answer(out, Ok((&information).into_raw(&())))
    })
}

unsafe extern "system" fn size(this: *mut IVsslabArray, lun: ULONG, bytes: *mut ULONGLONG) -> HRESULT {
    // Safety: COM's contract.
    with(this, |array| unsafe { answer(bytes, array.size(LunId(lun))) })
}

unsafe extern "system" fn copy(
    this: *mut IVsslabArray,
    source: ULONG,
    kind: ULONG,
    out: *mut ULONG,
) -> HRESULT {
    // Safety: COM's contract.
    with(this, |array| unsafe {
        clear(out);
        // Nobody would know of a copy that could not be handed out.
        if kind_of_pointer(out) != Ptr::Valid {
            return Err(HResult::E_POINTER);
        }
        let kind = kind_of(kind).ok_or(HResult::E_INVALIDARG)?;
        answer(out, array.copy(LunId(source), kind).map(|copy| copy.0))
    })
}

unsafe extern "system" fn delete_copy(this: *mut IVsslabArray, lun: ULONG) -> HRESULT {
    with(this, |array| array.delete_copy(LunId(lun)).map_err(code_of))
}

unsafe extern "system" fn unmask(this: *mut IVsslabArray, lun: ULONG) -> HRESULT {
    with(this, |array| array.unmask(LunId(lun)).map_err(code_of))
}

unsafe extern "system" fn mask(this: *mut IVsslabArray, lun: ULONG) -> HRESULT {
    with(this, |array| array.mask(LunId(lun)).map_err(code_of))
}

unsafe extern "system" fn resync(
    this: *mut IVsslabArray,
    count: ULONG,
    sources: *const ULONG,
    targets: *const ULONG,
) -> HRESULT {
    // Safety: COM's contract: both arrays are as long as the caller says.
    with(this, |array| array.resync(&unsafe { pairs(count, sources, targets) }?).map_err(code_of))
}

unsafe extern "system" fn begin_resync(
    this: *mut IVsslabArray,
    count: ULONG,
    sources: *const ULONG,
    targets: *const ULONG,
) -> HRESULT {
    // Safety: COM's contract: both arrays are as long as the caller says.
    with(this, |array| array.begin_resync(&unsafe { pairs(count, sources, targets) }?).map_err(code_of))
}

unsafe extern "system" fn end_resync(
    this: *mut IVsslabArray,
    count: ULONG,
    sources: *const ULONG,
    targets: *const ULONG,
) -> HRESULT {
    with(this, |array| {
        // Safety: COM's contract: both arrays are as long as the caller says.
        array.end_resync(&unsafe { pairs(count, sources, targets) }?);
        Ok(())
    })
}

/// The LUNs of a resync: each source with its target.
///
/// # Safety
/// A pointer that is valid leads to `count` numbers.
unsafe fn pairs(
    count: ULONG,
    sources: *const ULONG,
    targets: *const ULONG,
) -> Result<Vec<(LunId, LunId)>, HResult> {
    if count > 0 && [sources, targets].map(kind_of_pointer) != [Ptr::Valid; 2] {
        return Err(HResult::E_POINTER);
    }
    // Safety: the caller's contract.
    let at = |array: *const ULONG, at: usize| LunId(unsafe { array.add(at).read_unaligned() });
    Ok((0..count as usize).map(|each| (at(sources, each), at(targets, each))).collect())
}

unsafe extern "system" fn write_through_host(
    this: *mut IVsslabArray,
    lun: ULONG,
    offset: ULONGLONG,
    count: ULONG,
    bytes: *const BYTE,
) -> HRESULT {
    with(this, |array| {
        if count > 0 && kind_of_pointer(bytes) != Ptr::Valid {
            return Err(HResult::E_POINTER);
        }
        // Safety: COM's contract: there are as many bytes as the caller says.
        let bytes =
            if count == 0 { &[] } else { unsafe { std::slice::from_raw_parts(bytes, count as usize) } };
        array.write_through_host(LunId(lun), offset, bytes).map_err(code_of)
    })
}

unsafe extern "system" fn log(this: *mut IVsslabArray, code: HRESULT, message: LPCWSTR) -> HRESULT {
    with(this, |array| {
        // Safety: COM's contract: the text is null or ends with a zero.
        let message = unsafe { memory::text(message) }.unwrap_or_default();
        array.log(hresult(code), &message);
        Ok(())
    })
}

unsafe extern "system" fn take(this: *mut IVsslabArray, ms: ULONGLONG) -> HRESULT {
    with(this, |_| {
        // Safety: the object is never freed.
        let room = unsafe { Array::of(this) };
        let mut room = room.lock().unwrap_or_else(PoisonError::into_inner);
        room.took_ms = room.took_ms.saturating_add(ms);
        Ok(())
    })
}

static VTABLE: <IVsslabArray as Interface>::Vtable = {
    type Vtable = <IVsslabArray as Interface>::Vtable;
    Vtable {
        base: Array::UNKNOWN,
        Now: now,
        Check: check,
        Find: find,
        GetInformation: information,
        GetSize: size,
        Copy: copy,
        DeleteCopy: delete_copy,
        Unmask: unmask,
        Mask: mask,
        Resync: resync,
        WriteThroughHost: write_through_host,
        Log: log,
        Take: take,
        BeginResync: begin_resync,
        EndResync: end_resync,
    }
};
