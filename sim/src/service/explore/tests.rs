//! The checks can fail: with rules that are wrong, each leads to a counterexample.

use crate::api::Call;
use crate::lab::Lab;
use crate::service::change::Verdict;
use crate::service::session::Session;
use crate::service::world::World;
use crate::service::{State, transitions};

use super::*;

fn options(sessions: usize) -> Options {
    Options { sessions, variety: Variety::Few, ..Options::of(&Lab::default_lab()) }
}

#[test]
fn dbg_all() {
    for (n, variety) in [(1, Variety::All), (1, Variety::Few), (2, Variety::Few)] {
        let r = explore(&Options { variety, ..options(n) }).unwrap();
        println!("{n} {variety:?} states {} objects {} trans {} ref {} depth {} all {}\n{:#?} {:?} {:?}", r.states, r.objects, r.transitions, r.refusals, r.depth, r.all_at_dead_ends, r.dead_ends, r.unreached, r.violation);
    }
}
