//! One call through a vtable: what it passes, how long it takes, and what it does against the rules.

use super::passing::Passing;
use crate::abi::{BOOL, HRESULT};
use crate::memory::ledger;
use crate::values::{hresult, pointer_of_kind};
use std::time::{Duration, Instant};
use vss_sim::api::{HResult, LunInformation, Ptr, Text};

/// A call that is being made.
pub(super) struct Calling {
    /// What the provider's task memory is written down under.
    pub(super) owner: u32,
    pub(super) method: &'static str,
    pub(super) passing: Passing,
    /// How long the provider took, by the clock of this machine.
    pub(super) took: Duration,
    pub(super) breaches: Vec<Text>,
}

impl Calling {
    pub(super) fn new(owner: u32, method: &'static str) -> Self {
        Self { owner, method, passing: Passing::default(), took: Duration::ZERO, breaches: Vec::new() }
    }

    /// Calls the provider.
    pub(super) fn make(&mut self, call: impl FnOnce() -> HRESULT) -> HResult {
        let begun = Instant::now();
        let (code, wrong) = ledger::on_behalf_of(self.owner, self.method, call);
        self.took += begun.elapsed();
        self.breaches.extend(wrong.into_iter().map(Text::from));
        hresult(code)
    }

    /// What came back in the structures that the provider may write.
    pub(super) fn received(&mut self) -> Vec<Vec<LunInformation>> {
        std::mem::take(&mut self.passing).received(&mut self.breaches)
    }

    /// The same, for a call with one such array.
    pub(super) fn received_one(&mut self) -> Vec<LunInformation> {
        self.received().pop().unwrap_or_default()
    }

    pub(super) fn breach(&mut self, what: impl Into<Text>) {
        self.breaches.push(what.into());
    }
}

/// What no provider writes by intention: it tells a place that was written from one that was not.
const UNWRITTEN: i32 = 0x5A5A_5A5A;

/// The place of a number that a successful method has to write.
pub(super) struct Written {
    name: &'static str,
    value: BOOL,
    kind: Ptr,
}

impl Written {
    pub(super) fn new(name: &'static str, kind: Ptr) -> Self {
        Self { name, value: UNWRITTEN, kind }
    }

    pub(super) fn argument(&mut self) -> *mut i32 {
        pointer_of_kind(self.kind, &raw mut self.value)
    }

    /// What a method that succeeded wrote; `None`: nothing.
    pub(super) fn read(&self, calling: &mut Calling) -> Option<i32> {
        if self.kind != Ptr::Valid {
            return None;
        }
        // Safety: it is there; the method wrote to it through a pointer.
        let value = unsafe { (&raw const self.value).read_volatile() };
        if value == UNWRITTEN {
            calling.breach(format!("*{} was not written, although the method succeeded", self.name));
            return None;
        }
        Some(value)
    }

    /// What a method wrote that need not write anything.
    pub(super) fn read_optional(&self) -> Option<i32> {
        // Safety: as above.
        let value = unsafe { (&raw const self.value).read_volatile() };
        (self.kind == Ptr::Valid && value != UNWRITTEN).then_some(value)
    }
}
