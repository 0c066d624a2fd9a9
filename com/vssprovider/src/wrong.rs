//! Providers with a defect: they do what the reference provider does, but for one call.

use std::ptr::without_provenance_mut;
use std::thread;
use vss_sim::api::{ProviderCall, ProviderObject, ProviderOut, ProviderReply};
use vss_sim::provider::{ArrayPort, HardwareProvider};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Defect {
    /// `CommitSnapshots` ends the process.
    Crash,
    /// `PreCommitSnapshots` does not return.
    Hang,
    /// `GetTargetLuns` describes the original LUNs.
    DescribeSource,
}

/// A provider with a defect.
#[derive(Debug)]
pub(crate) struct Wrong {
    inner: Box<dyn HardwareProvider>,
    defect: Defect,
}

impl Wrong {
    pub(crate) fn new(inner: Box<dyn HardwareProvider>, defect: Defect) -> Self {
        Self { inner, defect }
    }
}

impl HardwareProvider for Wrong {
    fn implements_ex(&self) -> bool {
        self.inner.implements_ex()
    }

    fn call(&mut self, on: ProviderObject, call: &ProviderCall, array: &mut dyn ArrayPort) -> ProviderReply {
        match (self.defect, call) {
            (Defect::Crash, ProviderCall::CommitSnapshots { .. }) => {
                // Safety: none; that is the defect. The lowest addresses have no memory, so the system ends the process.
                unsafe { without_provenance_mut::<u64>(8).write_volatile(1) };
                unreachable!("there is no memory to write to");
            }
            (Defect::Hang, ProviderCall::PreCommitSnapshots { .. }) => loop {
                thread::park();
            },
            _ => {}
        }
        let mut reply = self.inner.call(on, call, array);
        if self.defect == Defect::DescribeSource
            && let (
                Some(ProviderOut::GetTargetLuns { rg_destination_luns }),
                ProviderCall::GetTargetLuns { rg_source_luns, .. },
            ) = (&mut reply.out, call)
        {
            rg_destination_luns.clone_from(rg_source_luns);
        }
        reply
    }
}
