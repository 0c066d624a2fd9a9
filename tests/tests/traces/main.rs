//! Traces: written, read back, replayed, compared.

mod diffs;
mod files;
mod fixture;
mod replays;
mod round_trip;

use vss_conformance::backends::{self, Choice};
use vss_conformance::cases;
use vss_conformance::probe::probe;
use vss_conformance::run::{Plan, Selection};
use vss_conformance::trace::{Ignored, Replayed, Section, read, replay};
use vss_sim::lab::Lab;

/// The suite's cases that match, or all, on the simulator.
fn probed(only: &[&str]) -> String {
    let only = only.iter().map(|glob| vss_conformance::glob::Glob::new(glob)).collect();
    let plan = Plan::new(cases::all(), &Selection { only, shard: None });
    let make = backends::make(&Choice::default()).expect("the simulator is built in");
    let mut bytes = Vec::new();
    probe(&plan, &make, &Lab::default_lab(), 0, &mut bytes).expect("memory can be written");
    String::from_utf8(bytes).expect("JSON lines")
}

fn sections(text: &str) -> Vec<Section> {
    read(text, "trace.jsonl").unwrap_or_else(|error| panic!("{error}"))
}

fn replayed<'s>(sections: &'s [Section], lab: Option<&Lab>) -> Vec<Replayed<'s>> {
    let make = backends::make(&Choice::default()).expect("the simulator is built in");
    let mut ignored = Ignored::default();
    sections.iter().map(|section| replay(section, &make, lab, &mut ignored).expect("a backend")).collect()
}

/// The places of a trace where a replay is another thing: line and fields.
fn differences(replayed: &[Replayed<'_>]) -> Vec<(usize, Vec<String>)> {
    let rows = replayed.iter().flat_map(|one| &one.rows).filter(|row| !row.is_equal());
    rows.map(|row| {
        let fields = row.differences.iter().map(|difference| difference.field.clone()).collect();
        (row.left.as_ref().expect("a replay follows the recording").number, fields)
    })
    .collect()
}
