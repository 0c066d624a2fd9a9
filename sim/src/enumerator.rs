//! The list behind an `IVssEnumObject`, whoever hands it out: VSS to requesters, a provider to VSS.

use std::sync::Arc;

use crate::api::{HResult, ObjectProp};

/// Objects as they were at the query, and a place among them. A clone has the very same list and begins at the
/// original's place, as COM's enumerators do; the page of Clone leaves the place open (inferred).
#[derive(Clone, Debug)]
pub(crate) struct Enumerator {
    list: Arc<[ObjectProp]>,
    next: usize,
}

impl Enumerator {
    pub(crate) fn new(list: impl IntoIterator<Item = ObjectProp>) -> Self {
        Self { list: list.into_iter().collect(), next: 0 }
    }

    /// The next objects, that many or as many as there are; `S_FALSE` says that there were fewer. None were asked for
    /// and none came: that is `S_OK` (inferred, from how the page words it).
    pub(crate) fn next(&mut self, count: u32) -> (Vec<ObjectProp>, HResult) {
        let (passed, code) = self.advance(count);
        (passed.to_vec(), code)
    }

    /// Passes over that many objects. From beyond the end on, the end is where it is (inferred).
    pub(crate) fn skip(&mut self, count: u32) -> HResult {
        self.advance(count).1
    }

    /// Back to the first object.
    pub(crate) fn reset(&mut self) {
        self.next = 0;
    }

    fn advance(&mut self, count: u32) -> (&[ObjectProp], HResult) {
        let rest = self.list.get(self.next..).unwrap_or_default();
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let passed = rest.get(..count).unwrap_or(rest);
        self.next += passed.len();
        let code = if passed.len() == count { HResult::S_OK } else { HResult::S_FALSE };
        (passed, code)
    }
}
