//! The page of a rule of requesters' objects (`N3`), or of something that real VSS was seen to do (`O16`): what refusals and
//! the explorer's reports name in short.

use std::sync::LazyLock;

use super::layout::row;
use super::sources::{MACHINE, Rule};
use crate::spec::files::OBSERVED;

/// A row of a table in `observed.md`, and the heading of each of its cells.
struct Observation {
    id: &'static str,
    cells: Vec<(&'static str, &'static str)>,
}

static OBSERVATIONS: LazyLock<Vec<Observation>> = LazyLock::new(|| {
    let mut titles = Vec::new();
    let mut observations = Vec::new();
    for line in OBSERVED.lines() {
        let mut cells = line.trim_matches('|').split(" | ").map(str::trim);
        match cells.next() {
            Some("#") => titles = cells.collect(),
            Some(id) if is_id(id) => {
                observations.push(Observation { id, cells: titles.iter().copied().zip(cells).collect() });
            }
            _ => {}
        }
    }
    observations
});

/// A letter and a number, as in `D5`; one of several that belong together has another letter behind it, as `V4b`.
fn is_id(text: &str) -> bool {
    number(text).is_some()
}

fn number(id: &str) -> Option<u32> {
    let digits = id.strip_prefix(|first: char| first.is_ascii_alphabetic())?;
    digits.trim_end_matches(|last: char| last.is_ascii_alphabetic()).parse().ok()
}

fn ids() -> impl Iterator<Item = &'static str> {
    MACHINE.rules.iter().map(|rule| &*rule.id).chain(OBSERVATIONS.iter().map(|observation| observation.id))
}

/// Whether a rule or an observation has that id.
pub(super) fn is_known(query: &str) -> bool {
    ids().any(|id| id.eq_ignore_ascii_case(query))
}

/// What has that id; there can be a rule and an observation. None: nothing has.
pub(super) fn pages(query: &str) -> Vec<String> {
    let is_it = |id: &str| id.eq_ignore_ascii_case(query);
    let rules = MACHINE.rules.iter().filter(|rule| is_it(&rule.id)).map(page_of_rule);
    let observations = OBSERVATIONS.iter().filter(|it| is_it(it.id)).map(page_of_observation);
    rules.chain(observations).collect()
}

/// If that could be an id, the ones of the same letter whose numbers are nearest.
pub(super) fn near(query: &str) -> Vec<&'static str> {
    let Some(wanted) = number(query) else { return Vec::new() };
    let alike = |id: &&str| id[..1].eq_ignore_ascii_case(&query[..1]);
    let mut near: Vec<&str> = ids().filter(alike).collect();
    near.sort_by_key(|id| (number(id).map(|number| number.abs_diff(wanted)), *id));
    // Some ids are a rule's and an observation's.
    near.dedup();
    near.truncate(3);
    near
}

fn page_of_rule(rule: &Rule) -> String {
    let kind = if rule.documented { "documented" } else { "not documented" };
    let mut page = format!("{}  a rule of requesters' objects, {kind}\n", rule.id);
    let next = if rule.next == "same" { "the state stays" } else { &rule.next };
    for (title, text) in [
        ("calls", &*rule.call.join(", ")),
        ("in", &rule.from.join(", ")),
        ("when", &rule.when),
        ("come to", &rule.returns),
        ("then", next),
        ("effect", &rule.event_or_effect),
        ("said in", &rule.source),
        ("inferred", &rule.why_inferred),
    ] {
        if !text.is_empty() {
            row(&mut page, title, text);
        }
    }
    page
}

fn page_of_observation(observation: &Observation) -> String {
    let source = observation.cells.last().map_or("", |(_, source)| source);
    let was_seen = ["[live]", "[field]"].iter().any(|tag| source.contains(tag));
    let how = if was_seen { "seen of real VSS" } else { "read of real VSS, not seen" };
    let mut page = format!("{}  {how}\n", observation.id);
    for (title, text) in &observation.cells {
        // The last cell begins with how it was seen.
        let title = if title.starts_with("Tag") { "source" } else { title.trim_end_matches('?') };
        row(&mut page, &title.to_lowercase(), text);
    }
    page
}
