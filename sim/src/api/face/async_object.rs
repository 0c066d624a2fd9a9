//! `IVssAsync`.

use super::Vss;
use crate::api::{Backend, Call, HResult, INFINITE, Object, Ptr};

/// An operation under way.
#[derive(Debug)]
pub struct Async<B: Backend> {
    vss: Vss<B>,
    object: Object,
}

impl<B: Backend> Async<B> {
    pub(super) fn new(vss: Vss<B>, object: Object) -> Self {
        Self { vss, object }
    }

    /// `IVssAsync::Wait`; `milliseconds` may be [`INFINITE`].
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn wait(&self, milliseconds: u32) -> Result<HResult, HResult> {
        let call = Call::Wait { dw_milliseconds: milliseconds };
        Ok(self.vss.call(self.object, &call)?.hresult)
    }

    /// `IVssAsync::QueryStatus`: what it writes to `pHrResult`.
    ///
    /// # Errors
    /// The code that the method returns; the operation's own failure is a value.
    pub fn query_status(&self) -> Result<HResult, HResult> {
        let call = Call::QueryStatus { p_hr_result: Ptr::Valid, p_reserved: Ptr::Null };
        match self.vss.call(self.object, &call)?.out {
            Some(crate::api::Out::QueryStatus { p_hr_result, .. }) => Ok(p_hr_result),
            _ => Err(HResult::E_UNEXPECTED),
        }
    }

    /// `IVssAsync::Cancel`.
    ///
    /// # Errors
    /// The code that the method returns.
    pub fn cancel(&self) -> Result<HResult, HResult> {
        Ok(self.vss.call(self.object, &Call::Cancel {})?.hresult)
    }

    /// Waits for the end and asks how it was, as every requester should.
    ///
    /// # Errors
    /// The operation's own code, also when it was cancelled.
    pub fn finish(self) -> Result<(), HResult> {
        self.wait(INFINITE)?;
        match self.query_status()? {
            HResult::VSS_S_ASYNC_FINISHED => Ok(()),
            code => Err(code),
        }
    }
}

impl<B: Backend> Drop for Async<B> {
    fn drop(&mut self) {
        self.vss.release(self.object);
    }
}
