//! Deviants: backends that are wrong in one way. A case that passes on one of them shows nothing.
//!
//! For each outcome there are deviations of its own: another code where its code shows, an operation that ends
//! otherwise, a call that does nothing, a provider or writer that answers something else. [`caught`] runs a case on
//! each of them and demands that it fails, and that the deviation came to bear at all: a case in which the outcome's
//! code never shows does not show the outcome.

mod backend;
mod choice;

use std::fmt;

use vss_sim::api::{Backend, Call, HResult, Object, Reply};
use vss_sim::lab::Lab;

use crate::case::{Case, Stop};
use crate::run::{MakeBackend, run_case};
use crate::spec::{Outcome, Spec};

pub use backend::Deviant;
pub use choice::deviations;

/// One way to be wrong about one outcome.
#[derive(Clone, Copy, Debug)]
pub enum Deviation {
    /// Where the outcome's code shows, another one does. `S_OK` stands for success without anything done.
    OtherCode(HResult),
    /// The operation behind the method's `IVssAsync` seems to fail in the end.
    EndsWith(HResult),
    /// The method is not carried out but answers success; an `IVssAsync` that it hands out is finished at once.
    DoesNothing,
    /// The provider's or writer's method that the lab makes fail with the outcome's code answers another one.
    FaultAnswers(HResult),
    /// What the lab makes go wrong in the provider's or writer's method does not happen.
    NoFault,
    /// The provider's or writer's method fails though the lab does not say so.
    Fault(HResult),
    /// A wrong effect made by hand.
    WrongEffect(WrongEffect),
}

/// A wrong effect made by hand, for cases about more than a code.
#[derive(Clone, Copy, Debug)]
pub struct WrongEffect {
    /// What is wrong.
    pub name: &'static str,
    /// Answers a call instead of the backend; `None` leaves it to the backend.
    pub instead: fn(&mut dyn Backend, Object, &Call) -> Option<Reply>,
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherCode(code) => write!(f, "answers {code} instead"),
            Self::EndsWith(code) => write!(f, "its operation ends with {code}"),
            Self::DoesNothing => f.write_str("answers success without doing anything"),
            Self::FaultAnswers(code) => write!(f, "the provider or writer answers {code} instead"),
            Self::NoFault => f.write_str("nothing goes wrong in the provider or writer"),
            Self::Fault(code) => write!(f, "the provider or writer answers {code} unasked"),
            Self::WrongEffect(effect) => f.write_str(effect.name),
        }
    }
}

/// A case does not show its outcome.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCaught {
    /// It is registered for an outcome that is not documented.
    #[error("no such outcome: {0}")]
    UnknownOutcome(&'static str),
    /// There is no deviation for this kind of outcome; give one with [`caught_by`].
    #[error("no deviation is known for this outcome")]
    NoDeviation,
    /// It does not pass on the backend as it is.
    #[error("does not pass on the honest backend: {0}")]
    NotHonest(Stop),
    /// It passes although the backend is wrong.
    #[error("passes on a backend that {0}")]
    Passes(String),
    /// The outcome's code never showed, so the deviation never came to bear.
    #[error("never gets to the point: a backend that {0} made no difference")]
    NeverShown(String),
    /// It stops for another reason than a failed check.
    #[error("on a backend that {0} it does not fail, but stops: {1}")]
    Stops(String, Stop),
}

/// Shows that a case fails on every deviation of its outcome.
///
/// # Errors
/// The first way in which it does not.
pub fn caught(case: &Case, make: &MakeBackend<'_>, lab: &Lab) -> Result<(), NotCaught> {
    let outcome = Spec::get().outcome(case.outcome).ok_or(NotCaught::UnknownOutcome(case.outcome))?;
    let deviations = deviations(outcome);
    if deviations.is_empty() {
        return Err(NotCaught::NoDeviation);
    }
    let mut backend = make().map_err(|unavailable| NotCaught::NotHonest(unavailable.into()))?;
    run_case(case, outcome, backend.as_mut(), lab, 0).checked.map_err(NotCaught::NotHonest)?;
    deviations.into_iter().try_for_each(|deviation| caught_as(case, outcome, deviation, make, lab))
}

/// Shows that a case fails on this deviation.
///
/// # Errors
/// How it does not.
pub fn caught_by(
    case: &Case,
    deviation: Deviation,
    make: &MakeBackend<'_>,
    lab: &Lab,
) -> Result<(), NotCaught> {
    let outcome = Spec::get().outcome(case.outcome).ok_or(NotCaught::UnknownOutcome(case.outcome))?;
    caught_as(case, outcome, deviation, make, lab)
}

/// The cases that do not show their outcomes, with why: empty if all is well.
pub fn not_caught<'c>(
    cases: impl IntoIterator<Item = &'c Case>,
    make: &MakeBackend<'_>,
    lab: &Lab,
) -> Vec<(Case, NotCaught)> {
    let check = |case: &Case| caught(case, make, lab).err().map(|not_caught| (*case, not_caught));
    cases.into_iter().filter_map(check).collect()
}

fn caught_as(
    case: &Case,
    outcome: &'static Outcome,
    deviation: Deviation,
    make: &MakeBackend<'_>,
    lab: &Lab,
) -> Result<(), NotCaught> {
    let honest = make().map_err(|unavailable| NotCaught::NotHonest(unavailable.into()))?;
    let mut deviant = Deviant::new(honest, outcome, deviation);
    let checked = run_case(case, outcome, &mut deviant, lab, 0).checked;
    let name = deviation.to_string();
    match checked {
        _ if !deviant.came_to_bear() => Err(NotCaught::NeverShown(name)),
        Err(Stop::Failed { .. }) => Ok(()),
        Ok(()) => Err(NotCaught::Passes(name)),
        Err(stop) => Err(NotCaught::Stops(name, stop)),
    }
}
