//! The simulated array of whoever loads the provider, through `IVsslabArray`.

use crate::abi::*;
use crate::memory::task_string;
use crate::object::{query, release};
use crate::provider::array_codes::{error_of, number_of};
use crate::values::{FromRaw, IntoRaw, Raw, hresult, kind_of_pointer};
use std::ptr::null_mut;
use vss_sim::api::{HResult, LunInformation, Ptr};
use vss_sim::lab::CopyKind;
use vss_sim::provider::{ArrayError, ArrayPort};
use vss_sim::storage::LunId;

/// The array, or none. It holds a reference.
#[derive(Debug)]
pub(super) struct ComArray(*mut IVsslabArray);

// Safety: the interface says itself from which thread it can be used.
unsafe impl Send for ComArray {}

impl ComArray {
    /// No array is known.
    pub(super) const NONE: Self = Self(null_mut());

    /// What `OnLoad` hands over, if it is an array.
    ///
    /// # Safety
    /// The pointer is bad, as far as that can be told, or leads to an object.
    pub(super) unsafe fn of(callback: *mut IUnknown) -> Self {
        if kind_of_pointer(callback) != Ptr::Valid {
            return Self::NONE;
        }
        // Safety: the caller says so.
        Self(unsafe { query(callback) }.unwrap_or(null_mut()))
    }

    fn vtable(&self) -> Result<&<IVsslabArray as Interface>::Vtable, ArrayError> {
        // Safety: a reference is held.
        unsafe { self.0.as_ref().map(|array| &*array.vtable) }.ok_or(ArrayError::Fails)
    }

    /// Says for how long the call takes the provider, in milliseconds of virtual time.
    pub(super) fn take(&mut self, ms: u64) {
        if ms > 0
            && let Ok(vtable) = self.vtable()
        {
            // Safety: a reference is held.
            unsafe { (vtable.Take)(self.0, ms) };
        }
    }
}

impl Drop for ComArray {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // Safety: the reference is given back, and used no more.
            unsafe { release(self.0) };
        }
    }
}

fn done(code: HRESULT) -> Result<(), ArrayError> {
    let code = hresult(code);
    if code.is_failure() { Err(error_of(code)) } else { Ok(()) }
}

impl ArrayPort for ComArray {
    fn now_ms(&self) -> u64 {
        let mut ms = 0;
        // Safety: a reference is held.
        let _ = self.vtable().map(|vtable| unsafe { (vtable.Now)(self.0, &raw mut ms) });
        ms
    }

    fn check(&mut self) -> Result<(), ArrayError> {
        // Safety: a reference is held.
        done(unsafe { (self.vtable()?.Check)(self.0) })
    }

    fn find(&mut self, lun: &LunInformation) -> Result<Option<LunId>, ArrayError> {
        let vtable = self.vtable()?;
        let raw: VDS_LUN_INFORMATION = lun.into_raw(&());
        let mut found = 0;
        // Safety: a reference is held; the structure was made for this call alone.
        let code = unsafe {
            let code = (vtable.Find)(self.0, &raw const raw, &raw mut found);
            raw.free();
            code
        };
        done(code)?;
        Ok((hresult(code) == HResult::S_OK).then_some(LunId(found)))
    }

    fn information(&mut self, lun: LunId) -> Result<LunInformation, ArrayError> {
        let mut raw: VDS_LUN_INFORMATION = (&LunInformation::default()).into_raw(&());
        // Safety: a reference is held; what is written is the caller's.
        unsafe {
            done((self.vtable()?.GetInformation)(self.0, lun.0, &raw mut raw))?;
            let information = LunInformation::from_raw(raw, &());
            raw.free();
            Ok(information)
        }
    }

    fn size(&mut self, lun: LunId) -> Result<u64, ArrayError> {
        let mut bytes = 0;
        // Safety: a reference is held.
        done(unsafe { (self.vtable()?.GetSize)(self.0, lun.0, &raw mut bytes) }).map(|()| bytes)
    }

    fn copy(&mut self, source: LunId, kind: CopyKind) -> Result<LunId, ArrayError> {
        let mut copy = 0;
        // Safety: a reference is held.
        done(unsafe { (self.vtable()?.Copy)(self.0, source.0, number_of(kind), &raw mut copy) })?;
        Ok(LunId(copy))
    }

    fn delete_copy(&mut self, lun: LunId) -> Result<(), ArrayError> {
        // Safety: a reference is held.
        done(unsafe { (self.vtable()?.DeleteCopy)(self.0, lun.0) })
    }

    fn unmask(&mut self, lun: LunId) -> Result<(), ArrayError> {
        // Safety: a reference is held.
        done(unsafe { (self.vtable()?.Unmask)(self.0, lun.0) })
    }

    fn mask(&mut self, lun: LunId) -> Result<(), ArrayError> {
        // Safety: a reference is held.
        done(unsafe { (self.vtable()?.Mask)(self.0, lun.0) })
    }

    fn begin_resync(&mut self, pairs: &[(LunId, LunId)]) -> Result<(), ArrayError> {
        let (count, sources, targets) = apart(pairs)?;
        // Safety: a reference is held, and both arrays are as long as is said.
        done(unsafe { (self.vtable()?.BeginResync)(self.0, count, sources.as_ptr(), targets.as_ptr()) })
    }

    fn end_resync(&mut self, pairs: &[(LunId, LunId)]) {
        let (Ok((count, sources, targets)), Ok(vtable)) = (apart(pairs), self.vtable()) else { return };
        // Safety: a reference is held, and both arrays are as long as is said.
        unsafe { (vtable.EndResync)(self.0, count, sources.as_ptr(), targets.as_ptr()) };
    }

    fn resync(&mut self, pairs: &[(LunId, LunId)]) -> Result<(), ArrayError> {
        let (count, sources, targets) = apart(pairs)?;
        // Safety: a reference is held, and both arrays are as long as is said.
        done(unsafe { (self.vtable()?.Resync)(self.0, count, sources.as_ptr(), targets.as_ptr()) })
    }

    fn write_through_host(&mut self, lun: LunId, offset: u64, bytes: &[u8]) -> Result<(), ArrayError> {
        let count = u32::try_from(bytes.len()).map_err(|_| ArrayError::OutOfResources)?;
        // Safety: a reference is held, and there are as many bytes as is said.
        done(unsafe { (self.vtable()?.WriteThroughHost)(self.0, lun.0, offset, count, bytes.as_ptr()) })
    }

    fn log(&mut self, code: HResult, message: &str) {
        let Ok(vtable) = self.vtable() else { return };
        let message = task_string(message);
        // Safety: a reference is held; the text was made for this call alone.
        unsafe {
            (vtable.Log)(self.0, code.into_raw(&()), message);
            message.free();
        }
    }
}

/// The LUNs of a resync as two arrays, with their length.
fn apart(pairs: &[(LunId, LunId)]) -> Result<(u32, Vec<u32>, Vec<u32>), ArrayError> {
    let (sources, targets) = pairs.iter().map(|(source, target)| (source.0, target.0)).unzip();
    let count = u32::try_from(pairs.len()).map_err(|_| ArrayError::OutOfResources)?;
    Ok((count, sources, targets))
}
