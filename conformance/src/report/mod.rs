//! Reports: consumers of the one event stream of a run.

mod differences;
mod json;
mod progress;
mod style;
mod text;

use std::io;

use crate::run::{Event, Reporter};

pub use differences::{Differences, Heading};
pub use json::Json;
pub use progress::Progress;
pub use style::{Colour, Style};
pub use text::Text;
pub(crate) use text::target_text;

/// Several reporters as one.
#[derive(Default)]
pub struct All<'r> {
    reporters: Vec<Box<dyn Reporter + 'r>>,
}

impl<'r> All<'r> {
    /// With one more.
    #[must_use]
    pub fn and(mut self, reporter: impl Reporter + 'r) -> Self {
        self.reporters.push(Box::new(reporter));
        self
    }
}

impl Reporter for All<'_> {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        self.reporters.iter_mut().try_for_each(|reporter| reporter.event(event))
    }
}

/// Which spec the verdicts are about: its size, and a digest of its ids that changes when they do.
fn spec_version() -> String {
    let outcomes = crate::spec::Spec::get().outcomes();
    let (count, digest) = outcomes.fold((0_usize, 0_u64), |(count, digest), outcome| {
        (count + 1, digest.rotate_left(5) ^ crate::run::stable_hash(&outcome.id))
    });
    format!("{count} outcomes, {digest:016x}")
}
