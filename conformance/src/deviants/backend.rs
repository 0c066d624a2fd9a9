//! A backend that is wrong in one way.

use std::collections::BTreeSet;

use vss_sim::api::{
    Action, Answer, Backend, Call, Capabilities, HResult, Object, Out, ProviderCall, ProviderId,
    ProviderObject, ProviderReply, Question, Reply, Target, Unavailable,
};
use vss_sim::lab::{Cause, Fault, Lab};

use super::Deviation;
use crate::bench::object_of;
use crate::spec::{Outcome, Place};

/// The number of an `IVssAsync` that no backend hands out: they count from 1.
const NO_OPERATION: Object = Object::Async(u32::MAX);

/// Any backend, wrong in one way about one outcome and right about all else.
pub struct Deviant<'b> {
    backend: Box<dyn Backend + 'b>,
    outcome: &'b Outcome,
    place: Place,
    deviation: Deviation,
    /// What the method in question handed out since the lab was loaded.
    operations: BTreeSet<Object>,
    came_to_bear: bool,
}

impl<'b> Deviant<'b> {
    /// `backend`, wrong about `outcome` in that way.
    pub fn new(backend: Box<dyn Backend + 'b>, outcome: &'b Outcome, deviation: Deviation) -> Self {
        let place = outcome.place();
        Self { backend, outcome, place, deviation, operations: BTreeSet::new(), came_to_bear: false }
    }

    /// Whether anything was answered otherwise than the backend does.
    pub fn came_to_bear(&self) -> bool {
        self.came_to_bear
    }

    fn other_code(&mut self, on: Object, call: &Call, reply: Reply, other: HResult) -> Reply {
        let the_method = self.outcome.is_answered_by(call.method());
        match &self.place {
            Place::Returned if the_method && self.outcome.is_code(reply.hresult) => self.instead(other),
            Place::Returned | Place::Status { .. } if self.operations.contains(&on) => {
                self.other_end(call, reply, other, |deviant, code| deviant.outcome.is_code(code))
            }
            Place::OutValue { .. } | Place::WriterStatus if the_method => self.other_value(reply, other),
            _ => reply,
        }
    }

    /// Another end of an operation where `replaced` says so of its end: in `QueryStatus`, `Wait` and `Cancel`.
    fn other_end(
        &mut self,
        call: &Call,
        mut reply: Reply,
        other: HResult,
        replaced: impl Fn(&Self, HResult) -> bool,
    ) -> Reply {
        if reply.hresult != HResult::S_OK
            && replaced(self, reply.hresult)
            && call.method().interface == "IVssAsync"
        {
            return self.instead(other);
        }
        if let Some(Out::QueryStatus { p_hr_result, .. }) = &mut reply.out
            && replaced(self, *p_hr_result)
        {
            *p_hr_result = if other == HResult::S_OK { HResult::VSS_S_ASYNC_FINISHED } else { other };
            self.came_to_bear = true;
        }
        reply
    }

    /// Another code in an out parameter.
    fn other_value(&mut self, mut reply: Reply, other: HResult) -> Reply {
        let value = match &mut reply.out {
            Some(Out::GetWriterStatus { ph_result_failure, .. }) => ph_result_failure,
            Some(Out::GetWriterStatusEx { phr_failure_writer, .. }) => phr_failure_writer,
            Some(Out::QueryStatus { p_hr_result, .. }) => p_hr_result,
            _ => return reply,
        };
        if self.outcome.is_code(*value) {
            *value = other;
            self.came_to_bear = true;
        }
        reply
    }

    fn instead(&mut self, code: HResult) -> Reply {
        self.came_to_bear = true;
        Reply::from(code)
    }

    /// What a method answers that does nothing.
    fn nothing_done(&mut self, on: Object, call: &Call) -> Option<Reply> {
        if on == NO_OPERATION {
            return Some(match call {
                Call::QueryStatus { .. } => Reply::ok(Out::QueryStatus {
                    p_hr_result: HResult::VSS_S_ASYNC_FINISHED,
                    p_reserved: None,
                }),
                _ => Reply::OK,
            });
        }
        if !self.outcome.is_answered_by(call.method()) {
            return None;
        }
        self.came_to_bear = true;
        let out = match call {
            Call::BackupComplete { .. } => Some(Out::BackupComplete { pp_async: NO_OPERATION }),
            Call::DoSnapshotSet { .. } => Some(Out::DoSnapshotSet { pp_async: NO_OPERATION }),
            Call::GatherWriterMetadata { .. } => Some(Out::GatherWriterMetadata { p_async: NO_OPERATION }),
            Call::GatherWriterStatus { .. } => Some(Out::GatherWriterStatus { p_async: NO_OPERATION }),
            Call::ImportSnapshots { .. } => Some(Out::ImportSnapshots { pp_async: NO_OPERATION }),
            Call::PostRestore { .. } => Some(Out::PostRestore { pp_async: NO_OPERATION }),
            Call::PrepareForBackup { .. } => Some(Out::PrepareForBackup { pp_async: NO_OPERATION }),
            Call::PreRestore { .. } => Some(Out::PreRestore { pp_async: NO_OPERATION }),
            Call::QueryRevertStatus { .. } => Some(Out::QueryRevertStatus { pp_async: NO_OPERATION }),
            Call::BreakSnapshotSetEx { .. } => Some(Out::BreakSnapshotSetEx { pp_async: NO_OPERATION }),
            Call::FastRecovery { .. } => Some(Out::FastRecovery { pp_async: NO_OPERATION }),
            Call::PreFastRecovery { .. } => Some(Out::PreFastRecovery { pp_async: NO_OPERATION }),
            Call::RecoverSet { .. } => Some(Out::RecoverSet { pp_async: NO_OPERATION }),
            _ => None,
        };
        Some(Reply { hresult: HResult::S_OK, out })
    }

    /// The lab as a deviant provider or writer behaves in it.
    fn changed(&mut self, lab: &Lab) -> Lab {
        let mut lab = lab.clone();
        let name = self.outcome.method_name();
        let before = lab.faults.clone();
        match self.deviation {
            Deviation::FaultAnswers(other) => {
                lab.faults
                    .iter_mut()
                    .filter(|fault| fault.call == name)
                    .for_each(|fault| answer_otherwise(fault, other));
            }
            Deviation::NoFault => lab.faults.retain(|fault| fault.call != name),
            Deviation::Fault(code) => {
                // Before whatever else goes wrong in the same call.
                let cause = unasked(name, code);
                lab.faults.insert(0, Fault { call: name.to_owned(), of: None, nth: 1, cause });
            }
            _ => {}
        }
        self.came_to_bear |= lab.faults != before;
        lab
    }
}

/// Whatever goes wrong, the caller sees another code.
fn answer_otherwise(fault: &mut Fault, other: HResult) {
    match &mut fault.cause {
        Cause::WriterFails { code, .. } => *code = other,
        cause => *cause = Cause::ProviderAnswers(other),
    }
}

/// A failure of a writer's event handler (`OnFreeze`) or of a provider's method.
fn unasked(method: &str, code: HResult) -> Cause {
    let is_provider = ProviderCall::METHODS.iter().any(|known| known.name == method);
    if is_provider {
        Cause::ProviderAnswers(code)
    } else {
        Cause::WriterFails { code, application: HResult::S_OK, message: None }
    }
}

impl Backend for Deviant<'_> {
    fn target(&self) -> Target {
        self.backend.target()
    }

    fn capabilities(&self) -> Capabilities {
        self.backend.capabilities()
    }

    fn load(&mut self, lab: &Lab) -> Result<(), Unavailable> {
        self.operations.clear();
        let lab = self.changed(lab);
        self.backend.load(&lab)
    }

    fn can_call(&self, on: Object, call: &Call) -> Result<(), Unavailable> {
        self.backend.can_call(on, call)
    }

    fn call(&mut self, on: Object, call: &Call) -> Reply {
        match self.deviation {
            Deviation::DoesNothing => {
                if let Some(reply) = self.nothing_done(on, call) {
                    return reply;
                }
            }
            Deviation::WrongEffect(effect) => {
                if let Some(reply) = (effect.instead)(self.backend.as_mut(), on, call) {
                    self.came_to_bear = true;
                    return reply;
                }
            }
            _ => {}
        }
        let reply = self.backend.call(on, call);
        if self.outcome.is_answered_by(call.method()) {
            self.operations.extend(reply.out.as_ref().and_then(object_of));
        }
        match self.deviation {
            Deviation::OtherCode(other) => self.other_code(on, call, reply, other),
            Deviation::EndsWith(other) if self.operations.contains(&on) => {
                self.other_end(call, reply, other, |_, code| code == HResult::VSS_S_ASYNC_FINISHED)
            }
            _ => reply,
        }
    }

    fn call_provider(
        &mut self,
        provider: ProviderId,
        on: ProviderObject,
        call: &ProviderCall,
    ) -> Result<ProviderReply, Unavailable> {
        let reply = self.backend.call_provider(provider, on, call)?;
        if call.method().to_string() != self.outcome.method || !self.outcome.is_code(reply.hresult) {
            return Ok(reply);
        }
        match self.deviation {
            Deviation::FaultAnswers(other) | Deviation::Fault(other) => {
                self.came_to_bear = true;
                Ok(other.into())
            }
            Deviation::NoFault => {
                self.came_to_bear = true;
                Ok(ProviderReply::OK)
            }
            _ => Ok(reply),
        }
    }

    fn act(&mut self, action: &Action) -> Result<(), Unavailable> {
        self.backend.act(action)
    }

    fn ask(&self, question: &Question) -> Result<Answer, Unavailable> {
        self.backend.ask(question)
    }
}
