//! Which fault strikes which call.

use crate::lab::{CallKind, Cause, Fault};

/// The faults of a lab that have not struck yet.
#[derive(Clone, Debug, Default)]
pub(in crate::service) struct Faults {
    waiting: Vec<Waiting>,
}

#[derive(Clone, Debug)]
struct Waiting {
    fault: Fault,
    seen: u32,
}

impl Faults {
    pub(in crate::service) fn new(faults: &[Fault]) -> Self {
        let mut new = Self::default();
        faults.iter().for_each(|fault| new.add(fault.clone()));
        new
    }

    /// One more, which counts calls from now on.
    pub(in crate::service) fn add(&mut self, fault: Fault) {
        self.waiting.push(Waiting { fault, seen: 0 });
    }

    /// Those that have not struck.
    pub(in crate::service) fn left(&self) -> impl Iterator<Item = &Fault> {
        self.waiting.iter().map(|waiting| &waiting.fault)
    }

    /// Counts a call of `method` (of the provider or writer `of`, or a requester's) and answers the fault that strikes
    /// it. Requesters and providers have methods of the same name: the cause tells whose a fault is about.
    pub(in crate::service) fn strike(&mut self, method: &str, of: Option<&str>) -> Option<Cause> {
        let mut struck = None;
        for (index, waiting) in self.waiting.iter_mut().enumerate() {
            let fault = &waiting.fault;
            let same_callee = fault.of.is_none() || fault.of.as_deref() == of;
            if documented(&fault.call) != documented(method) || !same_callee || !can_happen(&fault.cause, of)
            {
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

/// The name of the documented function: requesters call it by what the SDK's headers make of it.
fn documented(function: &str) -> &str {
    function.strip_suffix("Internal").unwrap_or(function)
}

/// Whether the cause can happen in a call of that provider or writer, or of a requester.
fn can_happen(cause: &Cause, of: Option<&str>) -> bool {
    cause.kinds().iter().any(|kind| (*kind == CallKind::Requester) == of.is_none())
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
        assert_eq!(faults.left().count(), 0);
    }

    #[test]
    fn the_cause_tells_whose_method_of_a_common_name_is_meant() {
        let mut faults = Faults::new(&[Fault::new("GetSnapshotProperties", Cause::CrashBefore)]);
        assert_eq!(faults.strike("GetSnapshotProperties", None), None);
        assert_eq!(faults.left().count(), 1, "it still waits");
        assert_eq!(faults.strike("GetSnapshotProperties", Some("P")), Some(Cause::CrashBefore));
    }

    #[test]
    fn a_fault_strikes_an_exported_function_under_both_its_names() {
        let mut faults = Faults::new(&[fault("CreateVssBackupComponents", None, 1)]);
        assert!(faults.strike("CreateVssBackupComponentsInternal", None).is_some());
    }

    #[test]
    fn a_fault_of_one_provider_spares_the_others() {
        let mut faults = Faults::new(&[fault("ResyncLuns", Some("A"), 1)]);
        assert_eq!(faults.strike("ResyncLuns", Some("B")), None);
        assert_eq!(faults.strike("ResyncLuns", Some("A")), Some(Cause::OutOfMemory));
    }
}
