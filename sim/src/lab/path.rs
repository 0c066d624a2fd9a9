//! Where in a lab's description something stands.

use std::fmt;

/// The deepest is `writer[0].component[0].volumes[0]`.
const MOST_STEPS: usize = 6;

/// A place in the description, such as `volume[2].luns[0]`. Tables are counted from 0.
///
/// It owns no memory: a check of a large lab makes very many of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LabPath {
    steps: [Step; MOST_STEPS],
    length: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Step {
    Key(&'static str),
    Index(usize),
    #[default]
    Unused,
}

impl LabPath {
    /// The `index`-th of the tables called `table`.
    pub(super) fn item(table: &'static str, index: usize) -> Self {
        Self::default().key(table).index(index)
    }

    /// A key in here.
    pub(super) fn key(self, key: &'static str) -> Self {
        self.then(Step::Key(key))
    }

    /// An element of the array here.
    pub(super) fn index(self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps[..self.length]
    }

    /// Deeper than any lab goes, the path stays where it is.
    fn then(mut self, step: Step) -> Self {
        if let Some(next) = self.steps.get_mut(self.length) {
            *next = step;
            self.length += 1;
        }
        self
    }
}

impl fmt::Display for LabPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.length == 0 {
            return f.write_str("the lab");
        }
        for (position, step) in self.steps().iter().enumerate() {
            match step {
                Step::Key(key) if position == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Unused => {}
            }
        }
        Ok(())
    }
}
