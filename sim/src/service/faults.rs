//! Which fault strikes which call.

use crate::lab::{Cause, Fault};

/// The faults of a lab that have not struck yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults {
    waiting: Vec<Waiting>,
}

#[derive(Clone, Debug)]
struct Waiting {
    fault: Fault,
    seen: u32,
}

impl Faults {
    pub(super) fn new(faults: &[Fault]) -> Self {
        let mut new = Self::default();
        faults.iter().for_each(|fault| new.add(fault.clone()));
        new
    }

    /// One more, which counts calls from now on.
    pub(super) fn add(&mut self, fault: Fault) {
        self.waiting.push(Waiting { fault, seen: 0 });
    }

    /// Counts a call of `method` (of the provider or writer `of`) and answers the fault that strikes it.
    pub(super) fn strike(&mut self, method: &str, of: Option<&str>) -> Option<Cause> {
        let mut struck = None;
        for (index, waiting) in self.waiting.iter_mut().enumerate() {
            let fault = &waiting.fault;
            let same_callee = fault.of.is_none() || fault.of.as_deref() == of;
            if fault.call != method || !same_callee {
                continue;
            }
            waiting.seen += 1;
            if waiting.seen == fault.nth && struck.is_none() {
                struck = Some(index);
            }
        }
        struck.map(|index| self.waiting.remove(index).fault.cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(call: &str, of: Option<&str>, nth: u32) -> Fault {
        Fault { call: call.to_owned(), of: of.map(str::to_owned), nth, cause: Cause::OutOfMemory }
    }

    #[test]
    fn a_fault_strikes_the_nth_call_once() {
        let mut faults = Faults::new(&[fault("RecoverSet", None, 2)]);
        let struck: Vec<bool> = (0..4).map(|_| faults.strike("RecoverSet", None).is_some()).collect();
        assert_eq!(struck, [false, true, false, false]);
    }

    #[test]
    fn a_fault_of_one_provider_spares_the_others() {
        let mut faults = Faults::new(&[fault("ResyncLuns", Some("A"), 1)]);
        assert_eq!(faults.strike("ResyncLuns", Some("B")), None);
        assert_eq!(faults.strike("ResyncLuns", Some("A")), Some(Cause::OutOfMemory));
    }
}
