//! The bench: what a case works with.
//!
//! A [`Bench`] passes calls to a backend, keeps the log that a report shows, and has the checks whose failures explain
//! themselves. [`Bench::ok`] and [`Bench::finish`] lead to the point in question; [`Bench::expect`],
//! [`Bench::expect_settled`] and [`Bench::expect_status`] check the code that the case is about.

mod checks;
mod log;
mod outs;

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use vss_sim::api::{
    Action, Answer, Backend, Call, Capabilities, HResult, Object, ProviderCall, ProviderId, ProviderObject,
    ProviderReply, Question, Reply, Target, Unavailable,
};
use vss_sim::lab::{Fault, Lab};

use crate::case::{Checked, Stop};
use crate::provenance::Provenance;
use crate::spec::{Arrival, Outcome};

pub use checks::Settled;
pub use log::Step;
pub use outs::object_of;

/// A backend on the bench, for one case.
pub struct Bench<'b> {
    backend: &'b mut dyn Backend,
    outcome: &'static Outcome,
    default_lab: &'b Lab,
    seed: u64,
    record: Record,
    /// Whether the case has said what it rests on.
    has_said: bool,
    /// What is wrong with the case itself.
    broken: Option<String>,
}

/// What a case leaves behind for the report.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Record {
    /// Everything that happened, in order.
    pub log: Vec<Step>,
    /// What a pass rests on.
    pub provenance: Provenance,
    /// What the lab had to make go wrong, as sentences, each once: a pass that used a fault shows what the model makes of
    /// it.
    #[serde(default)]
    pub faults: BTreeSet<String>,
    /// The readings of contradictory documentation that the case chose.
    pub readings: Vec<Cow<'static, str>>,
    /// Where the outcome's code arrived.
    pub arrival: Option<Arrival>,
    /// What was measured, as sentences for the end of the report.
    pub figures: Vec<String>,
    /// Why a call could not be made at all; nothing that came after it counts.
    pub not_called: Option<Unavailable>,
}

impl Record {
    /// How many calls were made.
    pub fn calls(&self) -> usize {
        self.log.iter().filter(|step| matches!(step, Step::Call { .. } | Step::CallProvider { .. })).count()
    }
}

/// A fault as a report tells it: `out-of-memory in Query`.
fn told(fault: &Fault) -> String {
    format!("{} in {}", fault.cause.name(), fault.call)
}

impl<'b> Bench<'b> {
    /// A bench for a case of `outcome`. `default_lab` is what [`Bench::load_default`] loads.
    pub fn new(
        backend: &'b mut dyn Backend,
        outcome: &'static Outcome,
        default_lab: &'b Lab,
        seed: u64,
    ) -> Self {
        let provenance = if outcome.inferred {
            Provenance::Inferred("the page gives no explicit code".into())
        } else {
            Provenance::Documented
        };
        let record = Record { provenance, ..Record::default() };
        Self { backend, outcome, default_lab, seed, record, has_said: false, broken: None }
    }

    /// The outcome that this run is about: its method, its code, its reason.
    pub fn outcome(&self) -> &'static Outcome {
        self.outcome
    }

    /// The code that the outcome demands.
    ///
    /// # Errors
    /// The outcome has no code of its own (`HRESULT`, plain data): a harness error.
    pub fn outcome_code(&self) -> Result<HResult, Stop> {
        let outcome = self.outcome;
        outcome.hresult().ok_or_else(|| {
            Stop::error(format!("{} names no code of its own: `{}`", outcome.id, outcome.code))
        })
    }

    /// The code of calls that have to succeed on the way: the outcome's, if it is one of success, so that what succeeds is
    /// checked as the outcome has it; `S_OK` in the cases of outcomes that fail.
    ///
    /// # Errors
    /// As [`Bench::outcome_code`].
    pub fn success_code(&self) -> Result<HResult, Stop> {
        let code = self.outcome_code()?;
        Ok(if code.is_failure() { HResult::S_OK } else { code })
    }

    /// The lab that the user chose, or the built-in one: to load as it is, or to change a copy of.
    pub fn lab(&self) -> &'b Lab {
        self.default_lab
    }

    /// For cases that draw something at random.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Which implementation and operating system answers.
    pub fn target(&self) -> Target {
        self.backend.target()
    }

    /// Sets the world up anew as `lab` describes it.
    ///
    /// # Errors
    /// The backend cannot offer that lab: the case is skipped.
    pub fn load(&mut self, lab: &Lab) -> Checked {
        let answer = self.backend.load(lab);
        let own = lab.faults.iter().filter(|fault| !self.default_lab.faults.contains(fault));
        self.record.faults.extend(own.map(told));
        self.record.log.push(Step::Load { lab: lab.name.clone(), answer: answer.clone() });
        Ok(answer?)
    }

    /// [`Bench::load`] with [`Bench::lab`].
    ///
    /// # Errors
    /// The backend cannot offer that lab: the case is skipped.
    pub fn load_default(&mut self) -> Checked {
        self.load(self.default_lab)
    }

    /// Makes a call and takes whatever comes. A call that the backend cannot make at all answers `E_NOTIMPL`, and the
    /// case is skipped in the end, whatever it makes of that.
    pub fn call(&mut self, on: Object, call: Call) -> Reply {
        let reply = match self.backend.can_call(on, &call) {
            Ok(()) => self.backend.call(on, &call),
            Err(unavailable) => {
                self.record.not_called.get_or_insert(unavailable);
                HResult::E_NOTIMPL.into()
            }
        };
        self.record.log.push(Step::Call { on, call, reply: reply.clone() });
        reply
    }

    /// Calls a provider as VSS does and takes whatever code comes.
    ///
    /// # Errors
    /// The backend does not let providers be called: the case is skipped. The provider breaks a rule of its interface
    /// that no code shows: the case fails.
    pub fn call_provider(
        &mut self,
        provider: ProviderId,
        on: ProviderObject,
        call: ProviderCall,
    ) -> Result<ProviderReply, Stop> {
        let answer = self.backend.call_provider(provider, on, &call);
        let method = call.method();
        let step = Step::CallProvider { on, call: Box::new(call), answer: Box::new(answer.clone()) };
        self.record.log.push(step);
        let reply = answer?;
        match reply.breaches.first() {
            None => Ok(reply),
            Some(breach) => Err(Stop::failed(format!("in {method}: {breach}"))),
        }
    }

    /// Changes the world from outside.
    ///
    /// # Errors
    /// The backend cannot do that: the case is skipped.
    pub fn act(&mut self, action: Action) -> Checked {
        let answer = self.backend.act(&action);
        if let Action::Fault(fault) = &action {
            self.record.faults.insert(told(fault));
        }
        self.record.log.push(Step::Act { action, answer: answer.clone() });
        Ok(answer?)
    }

    /// Looks at the world.
    ///
    /// # Errors
    /// The backend cannot tell: the case is skipped. If it offers observation, what the case looks for is not there:
    /// the case fails, or a missing effect would pass for a missing capability.
    pub fn ask(&mut self, question: Question) -> Result<Answer, Stop> {
        let answer = self.backend.ask(&question);
        self.record.log.push(Step::Ask { question, answer: answer.clone() });
        if self.backend.capabilities().contains(Capabilities::OBSERVATION) {
            return answer.map_err(|unavailable| Stop::failed(format!("cannot see it: {unavailable}")));
        }
        Ok(answer?)
    }

    /// Skips the case unless the backend has all of these.
    ///
    /// # Errors
    /// Something is missing: the case is skipped with its name.
    pub fn need(&self, capabilities: Capabilities) -> Checked {
        let missing = capabilities - self.backend.capabilities();
        if missing.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = missing.iter_names().map(|(name, _)| name.to_lowercase()).collect();
        Err(Stop::skipped(format!(
            "backend `{}` does not offer: {}",
            self.target().backend,
            names.join(", ")
        )))
    }

    /// The expected behaviour is known from a row of `observed.md` (`O2`), not from the reference: somebody has seen it.
    /// Said before the checks, and once.
    pub fn observed(&mut self, row: impl Into<Cow<'static, str>>) {
        self.rests_on(Provenance::Observed(row.into()));
    }

    /// The expected behaviour follows from other pages: why. Said before the checks, and once.
    pub fn inferred(&mut self, why: impl Into<Cow<'static, str>>) {
        self.rests_on(Provenance::Inferred(why.into()));
    }

    /// All of a case rests on the same.
    fn rests_on(&mut self, provenance: Provenance) {
        let late = self.record.arrival.is_some();
        if (late || self.has_said) && self.record.provenance != provenance {
            self.broken.get_or_insert_with(|| {
                format!("`{provenance}` is said of half a case: it needs one of its own")
            });
        }
        self.has_said = true;
        self.record.provenance = provenance;
    }

    /// The case rests on a reading of contradictory documentation: `wait-after-failure = "s-ok"`.
    pub fn reading(&mut self, reading: impl Into<Cow<'static, str>>) {
        self.record.readings.push(reading.into());
    }

    /// A line for the report.
    pub fn note(&mut self, text: impl Into<String>) {
        self.record.log.push(Step::Note(text.into()));
    }

    /// Something that was measured: a sentence for the end of the report.
    pub fn figure(&mut self, text: impl Into<String>) {
        self.record.figures.push(text.into());
    }

    /// A line for the report: what the last refusal stood for, where the backend knows. A backend that does not know
    /// leaves no line.
    pub(crate) fn note_why_refused(&mut self) {
        if let Ok(Answer::Reason(Some(reason))) = self.backend.ask(&Question::WhyRefused) {
            self.note(format!("the last refusal stood for {reason}"));
        }
    }

    /// What is wrong with the case itself, whatever it comes to.
    pub(crate) fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    /// What the case has left so far.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// What the case left.
    pub fn into_record(self) -> Record {
        self.record
    }
}
