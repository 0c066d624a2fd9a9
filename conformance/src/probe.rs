//! A probe: what a backend answers to the suite's cases, as a trace to compare with another's.

use std::io::{self, Write};

use vss_sim::api::{Target, Unavailable};
use vss_sim::lab::Lab;

use crate::case::{Case, Stop};
use crate::run::{MakeBackend, Plan, run_case, target_of};
use crate::trace::{Traced, Writer};

/// What came of a probe.
#[derive(Debug)]
pub struct Probed {
    /// What answered, under the lab that cases load when they need no other.
    pub target: Target,
    /// How many cases were carried out.
    pub cases: usize,
    /// The cases that the backend cannot offer, or not in full, and why.
    pub skipped: Vec<(Case, String)>,
    /// The cases that are broken, and how.
    pub broken: Vec<(Case, String)>,
}

/// Why there is no probe.
#[derive(Debug, thiserror::Error)]
pub enum NoProbe {
    /// There is no backend to ask.
    #[error("there is no backend: {0}")]
    NoBackend(#[from] Unavailable),
    /// The trace cannot be written.
    #[error("{0}")]
    Output(#[from] io::Error),
}

/// Writes one trace of all cases in `plan`, each on a backend as new. What it checks does not matter.
///
/// # Errors
/// There is no backend, or the trace cannot be written.
pub fn probe(
    plan: &Plan,
    make: &MakeBackend<'_>,
    lab: &Lab,
    seed: u64,
    to: impl Write,
) -> Result<Probed, NoProbe> {
    let target = target_of(make, lab);
    let mut probed = Probed { target, cases: 0, skipped: Vec::new(), broken: Vec::new() };
    let mut writer = Writer::new(to);
    writer.begin(&probed.target);
    for planned in &plan.entries {
        let Some(case) = planned.case else { continue };
        let backend = make()?;
        writer.case(case.outcome, case.name);
        let mut traced = Traced::with(backend, writer);
        let ran = run_case(&case, planned.outcome, &mut traced, lab, seed);
        writer = traced.into_writer();
        match ran.checked {
            Err(Stop::Skipped { reason }) => {
                writer.skipped(&reason);
                probed.skipped.push((case, reason));
            }
            Err(Stop::Error { message }) => probed.broken.push((case, message)),
            Ok(()) | Err(Stop::Failed { .. }) => probed.cases += 1,
        }
    }
    writer.finish()?;
    Ok(probed)
}
