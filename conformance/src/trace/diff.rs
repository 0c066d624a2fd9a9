//! Two traces side by side.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::compare::{Comparison, likeness};
use super::{CaseName, Entry, Ignored, Line, Row, Section};

/// What two traces have in common, and what not.
#[derive(Debug, Default)]
pub struct Diff<'t> {
    /// Sections of both.
    pub pairs: Vec<Pair<'t>>,
    /// Sections that only the first has.
    pub only_left: Vec<&'t Section>,
    /// Sections that only the second has.
    pub only_right: Vec<&'t Section>,
}

/// One case in both traces, or the whole of two traces without cases.
#[derive(Debug)]
pub struct Pair<'t> {
    /// In the first one.
    pub left: &'t Section,
    /// In the second one.
    pub right: &'t Section,
    /// The lines of both that can be compared, in order.
    pub rows: Vec<Row<'t>>,
}

impl Pair<'_> {
    /// Whether one side could not carry the case out to its end.
    pub fn is_one_sided(&self) -> bool {
        self.left.skipped.is_some() || self.right.skipped.is_some()
    }

    /// How many calls were compared.
    pub fn calls(&self) -> usize {
        if self.is_one_sided() { 0 } else { self.rows.iter().filter(|row| row.is_compared_call()).count() }
    }

    /// How many lines are not equal, or only on one side.
    pub fn differences(&self) -> usize {
        if self.is_one_sided() { 0 } else { self.rows.iter().filter(|row| !row.is_equal()).count() }
    }
}

/// Compares two traces. Cases are compared with those of the same name, all else in the order of the files.
pub fn diff<'t>(left: &'t [Section], right: &'t [Section], ignored: &mut Ignored) -> Diff<'t> {
    let mut waiting: BTreeMap<Option<&CaseName>, VecDeque<&Section>> = BTreeMap::new();
    for section in right {
        waiting.entry(section.case.as_ref()).or_default().push_back(section);
    }
    let mut diff = Diff::default();
    for section in left {
        match waiting.get_mut(&section.case.as_ref()).and_then(VecDeque::pop_front) {
            Some(other) => diff.pairs.push(pair(section, other, ignored)),
            None => diff.only_left.push(section),
        }
    }
    diff.only_right = waiting.into_values().flatten().collect();
    diff.only_right.sort_by_key(|section| section.number);
    diff
}

fn pair<'t>(left: &'t Section, right: &'t Section, ignored: &mut Ignored) -> Pair<'t> {
    let (left_lines, right_lines) = (comparable(left, right), comparable(right, left));
    let [left_likes, right_likes] = [&left_lines, &right_lines]
        .map(|lines| lines.iter().map(|line| likeness(&line.entry)).collect::<Vec<_>>());
    let mut comparison = Comparison::new(ignored);
    let mut rows = Vec::new();
    // One call more on one side must not make all later ones different.
    for op in capture_diff_slices(Algorithm::Myers, &left_likes, &right_likes) {
        let (from_left, from_right) = (&left_lines[op.old_range()], &right_lines[op.new_range()]);
        if let DiffOp::Equal { .. } = op {
            rows.extend(from_left.iter().zip(from_right).map(|(left, right)| {
                let differences = comparison.compare(left, right);
                Row { left: Some(Cow::Borrowed(*left)), right: Some(Cow::Borrowed(*right)), differences }
            }));
        } else {
            let alone = |line| (Some(Cow::Borrowed(line)), None);
            let only_left = from_left.iter().map(|line| alone(*line));
            let only_right = from_right.iter().map(|line| alone(*line)).map(|(line, none)| (none, line));
            rows.extend(only_left.chain(only_right).map(|(left, right)| Row {
                left,
                right,
                differences: Vec::new(),
            }));
        }
    }
    Pair { left, right, rows }
}

/// The lines that can be compared with those of `other`: a recording of a real machine loaded no lab.
fn comparable<'t>(section: &'t Section, other: &Section) -> Vec<&'t Line> {
    let is_load = |line: &Line| matches!(line.entry, Entry::Load(_));
    let with_labs = other.lines.iter().any(is_load);
    section.lines.iter().filter(|line| line.is_comparable() && (with_labs || !is_load(line))).collect()
}
