//! The object behind the `IVssEnumObject` that `Query` hands out.

use crate::api::{HResult, ObjectProp, ProviderCall, ProviderOut, ProviderReply};

/// A list of copies as it was at the query, and a place in it.
#[derive(Clone, Debug)]
pub(super) struct Enumerator {
    list: std::sync::Arc<[ObjectProp]>,
    next: usize,
}

impl Enumerator {
    pub(super) fn new(list: impl IntoIterator<Item = ObjectProp>) -> Self {
        Self { list: list.into_iter().collect(), next: 0 }
    }

    /// A call other than Clone and Release.
    pub(super) fn call(&mut self, call: &ProviderCall) -> ProviderReply {
        if call.bad_pointer().is_some() {
            return HResult::E_POINTER.into();
        }
        match call {
            ProviderCall::Next { celt, .. } => {
                let (rgelt, all) = self.advance(*celt);
                let pcelt_fetched = u32::try_from(rgelt.len()).unwrap_or(u32::MAX);
                let out = ProviderOut::Next { rgelt: rgelt.to_vec(), pcelt_fetched };
                ProviderReply { hresult: all, ..ProviderReply::ok(out) }
            }
            ProviderCall::Skip { celt } => self.advance(*celt).1.into(),
            ProviderCall::Reset {} => {
                self.next = 0;
                ProviderReply::OK
            }
            _ => HResult::E_NOINTERFACE.into(),
        }
    }

    /// Goes on by that many objects, or to the end: `S_FALSE` says that there were fewer.
    fn advance(&mut self, count: u32) -> (&[ObjectProp], HResult) {
        let rest = self.list.get(self.next..).unwrap_or_default();
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let passed = rest.get(..count).unwrap_or(rest);
        self.next += passed.len();
        let code = if passed.len() == count { HResult::S_OK } else { HResult::S_FALSE };
        (passed, code)
    }
}
