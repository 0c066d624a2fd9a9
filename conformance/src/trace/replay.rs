//! A trace, carried out once more.

use std::borrow::Cow;

use vss_sim::api::{Backend, Target, Unavailable};
use vss_sim::lab::Lab;

use super::compare::Comparison;
use super::counterparts::Counterparts;
use super::write::now;
use super::{Entry, Ignored, Line, Row, Section};
use crate::run::MakeBackend;

/// What came of one section.
#[derive(Debug)]
pub struct Replayed<'t> {
    /// What was recorded.
    pub section: &'t Section,
    /// What answered this time.
    pub target: Target,
    /// The recorded lines beside what the backend did; alone where it had no object to do it on.
    pub rows: Vec<Row<'t>>,
    /// What the backend could not do, and why; the lines after it are not replayed.
    pub stopped: Option<(&'t Line, Unavailable)>,
}

impl Replayed<'_> {
    /// Whether the backend could not even offer the lab: nothing can be said of it then.
    pub fn is_skipped(&self) -> bool {
        matches!(&self.stopped, Some((line, _)) if matches!(line.entry, Entry::Load(_)))
    }

    /// How many lines came out otherwise.
    pub fn differences(&self) -> usize {
        let refused = self.stopped.is_some() && !self.is_skipped();
        self.rows.iter().filter(|row| !row.is_equal()).count() + usize::from(refused)
    }

    /// How many calls were made.
    pub fn calls(&self) -> usize {
        self.rows.iter().filter(|row| row.is_compared_call()).count()
    }
}

/// Carries out a section on a backend as new, and compares. `lab` is loaded instead of the recorded ones; without
/// either the backend stays as it was made.
///
/// # Errors
/// There is no backend, or it cannot offer `lab`.
pub fn replay<'t>(
    section: &'t Section,
    make: &MakeBackend<'_>,
    lab: Option<&Lab>,
    ignored: &mut Ignored,
) -> Result<Replayed<'t>, Unavailable> {
    let mut backend = make()?;
    if let Some(lab) = lab {
        backend.load(lab)?;
    }
    let mut comparison = Comparison::new(ignored);
    let (mut rows, mut stopped) = (Vec::new(), None);
    for recorded in section.lines.iter().filter(|line| line.is_comparable()) {
        match carry_out(recorded, &mut backend, lab, comparison.counterparts()) {
            Ok(own) => {
                let differences = match &own {
                    Some(own) => comparison.compare(recorded, own),
                    None => {
                        comparison.not_made(recorded);
                        Vec::new()
                    }
                };
                rows.push(Row {
                    left: Some(Cow::Borrowed(recorded)),
                    right: own.map(Cow::Owned),
                    differences,
                });
            }
            Err(unavailable) => {
                stopped = Some((recorded, unavailable));
                break;
            }
        }
    }
    Ok(Replayed { section, target: backend.target(), rows, stopped })
}

/// What the backend makes of a line, with its own ids and objects in it; `None`: the call is on an object that the
/// backend never handed out.
fn carry_out(
    recorded: &Line,
    backend: &mut impl Backend,
    lab: Option<&Lab>,
    counterparts: &Counterparts,
) -> Result<Option<Line>, Unavailable> {
    let mut at = now(backend);
    let entry = match &recorded.entry {
        Entry::Load(recorded) => {
            backend.load(lab.unwrap_or(recorded))?;
            at = now(backend);
            // Another lab was asked for; that it is another is no finding.
            Entry::Load(recorded.clone())
        }
        Entry::Act(action) => {
            let action = counterparts.as_on_right(action);
            backend.act(&action)?;
            Entry::Act(action)
        }
        Entry::Call { on, call, .. } => {
            let Some(on) = counterparts.object(*on) else { return Ok(None) };
            let call = counterparts.as_on_right(call);
            backend.can_call(on, &call)?;
            let reply = backend.call(on, &call);
            Entry::Call { on, call, reply }
        }
    };
    Ok(Some(Line { number: recorded.number, at, entry }))
}
