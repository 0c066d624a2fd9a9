//! Where in a lab's description something stands.

use std::fmt;

/// A place in the description, such as `volume[2].luns[0]`. Tables are counted from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabPath(Vec<Step>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(&'static str),
    Index(usize),
}

impl LabPath {
    /// The `index`-th of the tables called `table`.
    pub(super) fn item(table: &'static str, index: usize) -> Self {
        Self(vec![Step::Key(table), Step::Index(index)])
    }

    /// A key in here.
    pub(super) fn key(&self, key: &'static str) -> Self {
        self.then(Step::Key(key))
    }

    /// An element of the array here.
    pub(super) fn index(&self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.0
    }

    fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl fmt::Display for LabPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("the lab");
        }
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if position == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
