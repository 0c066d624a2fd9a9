//! `IVssEnumObject`.

use super::{Vss, out};
use crate::api::{Backend, Call, HResult, Object, ObjectProp, Out, Ptr};

/// A list of copies or providers, as it was at the query.
#[derive(Debug)]
pub struct EnumObject<B: Backend> {
    vss: Vss<B>,
    object: Object,
}

impl<B: Backend> EnumObject<B> {
    pub(super) fn new(vss: Vss<B>, object: Object) -> Self {
        Self { vss, object }
    }

    /// `IVssEnumObject::Next`: that many objects, or as many as are left.
    ///
    /// # Errors
    /// The code that the method returns; so for all methods here.
    pub fn next_objects(&self, count: u32) -> Result<Vec<ObjectProp>, HResult> {
        let call = Call::Next { celt: count, rgelt: Ptr::Valid, pcelt_fetched: Ptr::Valid };
        match self.vss.call(self.object, &call)?.out {
            Some(Out::Next { rgelt, .. }) => Ok(rgelt),
            _ => Err(HResult::E_UNEXPECTED),
        }
    }

    /// `IVssEnumObject::Skip`; `S_FALSE`: there were fewer.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn skip(&self, count: u32) -> Result<HResult, HResult> {
        Ok(self.vss.call(self.object, &Call::Skip { celt: count })?.hresult)
    }

    /// `IVssEnumObject::Reset`: back to the first object.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn reset(&self) -> Result<(), HResult> {
        self.vss.call(self.object, &Call::Reset {}).map(drop)
    }

    /// `IVssEnumObject::Clone`: the same list at the same place.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn try_clone(&self) -> Result<Self, HResult> {
        let reply = self.vss.call(self.object, &Call::Clone { ppenum: Ptr::Valid })?;
        out!(reply, Clone { ppenum }).map(|object| Self::new(self.vss.clone(), object))
    }
}

impl<B: Backend> Drop for EnumObject<B> {
    fn drop(&mut self) {
        self.vss.release(self.object);
    }
}
