//! Traces: what was asked of a backend and what it answered, as JSON lines.
//!
//! | line | says |
//! |---|---|
//! | `{"trace":"vsslab","version":2,"target":{...}}` | a trace begins here; a file may hold several |
//! | `{"case":"<outcome id>","name":"<case>"}` | what follows is this case's, on a backend as new |
//! | `{"skipped":"why"}` | the backend could not carry the case out to its end |
//! | `{"load":{...},"at":0}` | a lab was loaded: the whole lab, so that a replay needs nothing else |
//! | `{"name":"snapshot-1","id":"<guid>"}` | the next line is the first with this id, `@snapshot-1` from now on |
//! | `{"on":"session-1","call":{...},"reply":{...},"at":5}` | a call and its answer |
//! | `{"act":{...},"at":5}` | something happened beside the calls |
//!
//! `at` is the virtual time in milliseconds before the call, null where the backend cannot tell. A recording of a real
//! machine has no `load` line.
//!
//! Ids have stable names in the order of their first appearance, anew for each trace and each case, so two traces of
//! the same behaviour differ in their `name` lines at most. `@` stands before a name, a capital name (`@SNAPSHOT-1`)
//! for an id in capital letters, `@@` for an `@`. A lab's ids stand in its line as they are.
//!
//! [`Traced`] records any backend, [`read()`] reads what it wrote, [`replay()`] asks a backend all of it again, and
//! [`diff()`] compares two traces.

mod compare;
mod counterparts;
mod diff;
mod ids;
mod read;
mod replay;
mod write;

use vss_sim::api::{Action, Call, Object, Reply, Target};
use vss_sim::lab::Lab;

use crate::bench::Step;
use crate::names::Names;

pub use compare::{Difference, Ignored, Row};
pub use diff::{Diff, Pair, diff};
pub use read::{ReadError, Wrong, read};
pub use replay::{Replayed, replay};
pub use write::{Traced, Writer};

/// The version of the format: it changes when old readers cannot read new traces.
pub const VERSION: u32 = 2;

/// One case of a trace, or a whole trace without cases: what was done to one backend, from its making on.
#[derive(Clone, Debug)]
pub struct Section {
    /// The line that it begins with.
    pub number: usize,
    /// What answered.
    pub target: Target,
    /// Whose it is; `None`: nobody named it.
    pub case: Option<CaseName>,
    /// What happened, in order.
    pub lines: Vec<Line>,
    /// Why the backend could not carry the case out to its end.
    pub skipped: Option<String>,
    /// The names that its ids have in the file.
    pub names: Names,
}

/// Which case of the suite made a section.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseName {
    /// The outcome that it is about.
    pub outcome: String,
    /// Its own name.
    pub name: String,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it stands in the file, counted from 1.
    pub number: usize,
    /// When, in milliseconds of virtual time.
    pub at: Option<u64>,
    /// What.
    pub entry: Entry,
}

/// What can happen. Ids are those that the recorded backend had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A lab was loaded.
    Load(Box<Lab>),
    /// Something happened beside the calls.
    Act(Action),
    /// A call was made.
    Call {
        /// On what.
        on: Object,
        /// The call.
        call: Call,
        /// Its answer.
        reply: Reply,
    },
}

impl Line {
    /// As a step of a log.
    pub(crate) fn step(&self) -> Step {
        match self.entry.clone() {
            Entry::Load(lab) => Step::Load { lab: lab.name, answer: Ok(()) },
            Entry::Act(action) => Step::Act { action, answer: Ok(()) },
            Entry::Call { on, call, reply } => Step::Call { on, call, reply },
        }
    }

    /// A requester in C++ asks for interfaces where a backend in Rust just calls: that is neither compared nor replayed.
    fn is_comparable(&self) -> bool {
        !matches!(self.entry, Entry::Call { call: Call::QueryInterface { .. }, .. })
    }
}
