//! The explorer: every reachable state of a few requesters' objects and of what they share, breadth first.
//!
//! It goes by the functions that the [`Simulator`](super::Simulator) goes by: `transitions` decide each call, on the call's own
//! arguments and on a lab's machine room, and `machine` says what becomes of the object. Since these are pure, what one
//! object can do is computed once and looked up from then on ([`object`]); the states of several objects together are
//! found from that ([`search`]). Calls that administer shadow copies, which change no object, are made once on each
//! ([`administration`]).
//!
//! What a provider, a writer or a disk does is not computed: each operation may end in every way at any time. So the
//! explorer finds every state that the simulator can get to, in every lab of that system, and some more.

mod administration;
mod afterwards;
mod calls;
mod ends;
mod moves;
mod object;
mod packed;
mod path;
mod report;
mod room;
mod rules;
mod search;
mod setting;
#[cfg(test)]
mod tests;
mod view;

use crate::lab::{BootMode, Lab, Os, Readings};

pub use report::{Administration, DeadEnd, Judgement, Limit, Report, Seen, Unreached, Violation};
pub use rules::Rule;

use room::Deciders;

/// The most objects that are explored together.
pub const SESSIONS_MAX: usize = 3;
/// The most hosts.
pub const HOSTS_MAX: usize = 2;
/// The most states that are kept in mind unless asked otherwise: some 3 GB.
pub const STATES_MAX: usize = 80_000_000;

/// Which of the many arguments that lead to different states are tried. Wrong arguments are always tried: they lead to
/// none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arguments {
    /// Every context, every kind of document, one and two volumes, gathering of status at any time.
    #[default]
    All,
    /// One context without writers beside the default one with them, one document, one volume, no gathering of status:
    /// what the objects of one machine can do to one another, so that three of them can be explored together.
    Few,
}

/// What is explored, and how far.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// How many objects, from 1 to [`SESSIONS_MAX`]; the first is on the first host, the second on the second, and so
    /// on in turns.
    pub sessions: usize,
    /// How many hosts, from 1 to [`HOSTS_MAX`], and no more than objects.
    pub hosts: usize,
    /// The hosts' system.
    pub os: Os,
    /// How the hosts were started.
    pub mode: BootMode,
    /// How the documentation is read.
    pub readings: Readings,
    /// Whether there is a writer.
    pub writers: bool,
    /// Which arguments are tried.
    pub arguments: Arguments,
    /// After how many states it stops.
    pub states_max: usize,
    /// After how many moves it stops.
    pub depth_max: u32,
}

impl Options {
    /// One object on a host as the first one of that lab, with its readings, and with a writer if it has any and is started
    /// as usual: otherwise none takes part.
    pub fn of(lab: &Lab) -> Self {
        let (os, mode) =
            lab.hosts.first().map_or((Os::WindowsServer2022, BootMode::Normal), |host| (host.os, host.mode));
        Self {
            sessions: 1,
            hosts: 1,
            os,
            mode,
            readings: lab.readings,
            writers: mode == BootMode::Normal && !lab.writers.is_empty(),
            arguments: Arguments::All,
            states_max: STATES_MAX,
            depth_max: u32::MAX,
        }
    }
}

/// What cannot be explored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExploreError {
    /// Too few or too many objects.
    #[error("{0} sessions cannot be explored: from 1 to {SESSIONS_MAX} can")]
    Sessions(usize),
    /// Too few or too many hosts.
    #[error("{0} hosts cannot be explored: from 1 to {HOSTS_MAX} can")]
    Hosts(usize),
    /// A host would have no object.
    #[error(
        "{hosts} hosts need as many sessions at least, not {sessions}: ask for more sessions or for fewer hosts"
    )]
    IdleHost {
        /// How many objects.
        sessions: usize,
        /// How many hosts.
        hosts: usize,
    },
}

/// Explores what the decisions of the simulator lead to.
///
/// # Errors
/// The options ask for too much or for nothing.
pub fn explore(options: &Options) -> Result<Report, ExploreError> {
    explore_by(options, Deciders::SIMULATOR)
}

/// Explores what other decisions lead to.
fn explore_by(options: &Options, deciders: Deciders) -> Result<Report, ExploreError> {
    if !(1..=SESSIONS_MAX).contains(&options.sessions) {
        return Err(ExploreError::Sessions(options.sessions));
    }
    if !(1..=HOSTS_MAX).contains(&options.hosts) {
        return Err(ExploreError::Hosts(options.hosts));
    }
    if options.hosts > options.sessions {
        return Err(ExploreError::IdleHost { sessions: options.sessions, hosts: options.hosts });
    }
    let mut search = search::Search::new(options, object::Kinds::new(options, deciders));
    let violated = search.run();
    Ok(report::report(options, &mut search, violated))
}
