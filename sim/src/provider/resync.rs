//! A resync under way in the array: the object behind the `IVssAsync` that `ResyncLuns` hands out.

use crate::api::{HResult, ProviderCall, ProviderOut, ProviderReply};
use crate::storage::LunId;

use super::refusal::Refusal;
use super::{ArrayError, ArrayPort};

/// The array copies a gibibyte in about a second, and needs a moment to begin.
pub(super) const BYTES_PER_MS: u64 = 1 << 20;
pub(super) const SETUP_MS: u64 = 100;

/// LUNs that are being copied back.
#[derive(Clone, Debug)]
pub(super) struct Resync {
    pairs: Vec<(LunId, LunId)>,
    done_at_ms: u64,
    /// Pending until set.
    result: Option<HResult>,
}

impl Resync {
    /// `pairs`: source and target of each LUN.
    ///
    /// # Errors
    /// A LUN is gone or busy, or the array refuses.
    pub(super) fn begin(pairs: Vec<(LunId, LunId)>, array: &mut dyn ArrayPort) -> Result<Self, ArrayError> {
        let mut bytes: u64 = 0;
        for (source, _) in &pairs {
            bytes = bytes.saturating_add(array.size(*source)?);
        }
        array.begin_resync(&pairs)?;
        let done_at_ms = array.now_ms().saturating_add(SETUP_MS + bytes / BYTES_PER_MS);
        Ok(Self { pairs, done_at_ms, result: None })
    }

    /// A call of VSS on the `IVssAsync`.
    pub(super) fn call(&mut self, call: &ProviderCall, array: &mut dyn ArrayPort) -> ProviderReply {
        match call {
            ProviderCall::QueryStatus { .. } => {
                let p_hr_result = self.poll(array);
                ProviderReply::ok(ProviderOut::QueryStatus { p_hr_result, p_reserved: None })
            }
            ProviderCall::Wait { dw_milliseconds } => {
                let left_ms = self.done_at_ms.saturating_sub(array.now_ms());
                ProviderReply { took_ms: left_ms.min((*dw_milliseconds).into()), ..ProviderReply::OK }
            }
            // Not polled first: the copy may be due, and then it would be made after all.
            ProviderCall::Cancel {} => match self.result {
                None => {
                    self.stop(array);
                    ProviderReply::OK
                }
                Some(result) => result.into(),
            },
            _ => HResult::E_NOTIMPL.into(),
        }
    }

    /// The array copies no more, unless it is done already.
    pub(super) fn stop(&mut self, array: &mut dyn ArrayPort) {
        if self.result.is_none() {
            self.end(HResult::VSS_S_ASYNC_CANCELLED, array);
        }
    }

    fn end(&mut self, result: HResult, array: &mut dyn ArrayPort) {
        array.end_resync(&self.pairs);
        self.result = Some(result);
    }

    /// The targets are swapped when the copy is complete, all at one instant: until then they hold what they held.
    fn poll(&mut self, array: &mut dyn ArrayPort) -> HResult {
        if let Some(result) = self.result {
            return result;
        }
        if array.now_ms() < self.done_at_ms {
            return HResult::VSS_S_ASYNC_PENDING;
        }
        let result = match array.resync(&self.pairs) {
            Ok(()) => HResult::VSS_S_ASYNC_FINISHED,
            Err(error) => {
                let (code, message) = Refusal::from(error).answer("ResyncLuns");
                message.iter().for_each(|message| array.log(code, message));
                code
            }
        };
        self.end(result, array);
        result
    }
}
