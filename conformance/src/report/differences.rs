//! Where two traces part, with the calls that led there, in the manner of `diff -u`.

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::Range;

use serde_json::Value;

use super::style::{Colour, Style};
use crate::names::Names;
use crate::render;
use crate::trace::{Difference, Line, Row, Section};

/// How many lines are shown before a difference.
const CONTEXT_LINES: usize = 12;

/// How much of a long text is shown, and how much of that before the place where it is another.
const TEXT_CHARS: usize = 60;
const TEXT_CHARS_BEFORE: usize = 20;

/// What stands before the lines of a section, where these are from.
#[derive(Clone, Copy, Debug)]
pub struct Heading<'h> {
    /// The first side: its file and the section.
    pub left: (&'h str, &'h Section),
    /// The second side; `None`: a replay, which has no file.
    pub right: Option<(&'h str, &'h Section)>,
}

/// Writes differences, up to a number of them.
pub struct Differences<W> {
    to: W,
    colour: Colour,
    /// How many more are shown.
    room: usize,
    left_out: usize,
}

/// One row as text: what it is about and what happened, on each side that has it.
type Texts = [Option<(String, String)>; 2];

impl<W: Write> Differences<W> {
    /// Writes up to `limit` differences to `to`.
    pub fn new(to: W, colour: Colour, limit: usize) -> Self {
        Self { to, colour, room: limit, left_out: 0 }
    }

    /// How many differences were not written for want of room.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Writes the rows on which both sides are not equal.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn section(&mut self, heading: &Heading<'_>, rows: &[Row<'_>]) -> io::Result<()> {
        let unequal = rows.iter().filter(|row| !row.is_equal()).count();
        if self.room == 0 || unequal == 0 {
            self.left_out += unequal;
            return Ok(());
        }
        self.title(heading.left.1)?;
        // A replay has no file that named its ids.
        let names_of = |section: &Section| section.names.clone();
        let right_names = heading.right.map_or_else(Names::default, |(_, section)| names_of(section));
        let mut names = [names_of(heading.left.1), right_names];
        let texts: Vec<Texts> = rows.iter().map(|row| texts_of(row, &mut names)).collect();
        let columns = texts.iter().flatten().flatten().map(|(on, _)| on.chars().count()).max().unwrap_or(0);
        let mut shown = 0;
        for hunk in hunks(rows) {
            if self.room == 0 {
                self.left_out += hunk.len();
                continue;
            }
            self.room = self.room.saturating_sub(hunk.len());
            writeln!(self.to, "  {}", self.colour.paint(Style::Bad, &place(heading, &rows[hunk.clone()])))?;
            self.context(&texts[shown..hunk.start], columns)?;
            shown = hunk.end;
            for index in hunk {
                for (side, mark) in texts[index].iter().zip(["-", "+"]) {
                    self.line(mark, side.as_ref(), columns)?;
                }
                for difference in &rows[index].differences {
                    writeln!(self.to, "      {}", difference_text(difference, &mut names))?;
                }
            }
        }
        writeln!(self.to)
    }

    /// Whose section it is; a trace without cases has no title.
    fn title(&mut self, section: &Section) -> io::Result<()> {
        let Some(case) = &section.case else { return Ok(()) };
        let outcome = self.colour.paint(Style::Strong, &case.outcome);
        writeln!(self.to, "{outcome}  {}", self.colour.paint(Style::Dim, &case.name))
    }

    /// A line at the end.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn last_line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.to, "{text}")?;
        self.to.flush()
    }

    fn context(&mut self, rows: &[Texts], columns: usize) -> io::Result<()> {
        let left_out = rows.len().saturating_sub(CONTEXT_LINES);
        if left_out > 0 {
            let text = format!("      … {left_out} more");
            writeln!(self.to, "{}", self.colour.paint(Style::Dim, &text))?;
        }
        rows[left_out..].iter().try_for_each(|[left, _]| self.line(" ", left.as_ref(), columns))
    }

    fn line(&mut self, mark: &str, text: Option<&(String, String)>, columns: usize) -> io::Result<()> {
        let Some((on, text)) = text else { return Ok(()) };
        let on = self.colour.paint(Style::Dim, &format!("{on:<columns$}"));
        writeln!(self.to, "    {mark} {on} {text}")
    }
}

fn texts_of(row: &Row<'_>, names: &mut [Names; 2]) -> Texts {
    let [left, right] = names;
    let text = |line: &Option<Cow<'_, Line>>, names: &mut Names| {
        line.as_ref().map(|line| render::line(&line.step(), names))
    };
    [text(&row.left, left), text(&row.right, right)]
}

/// Where rows are not equal: each that both sides have by itself, together those that follow one another on one side.
fn hunks(rows: &[Row<'_>]) -> Vec<Range<usize>> {
    let sides = |row: &Row<'_>| (row.left.is_some(), row.right.is_some());
    let mut hunks: Vec<Range<usize>> = Vec::new();
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| !row.is_equal()) {
        match hunks.last_mut() {
            Some(last)
                if last.end == index
                    && sides(row) != (true, true)
                    && sides(&rows[last.start]) == sides(row) =>
            {
                last.end += 1;
            }
            _ => hunks.push(index..index + 1),
        }
    }
    hunks
}

fn place(heading: &Heading<'_>, hunk: &[Row<'_>]) -> String {
    let at = |file: &str, line: fn(&Row<'_>) -> Option<usize>| {
        let (first, last) = (line(hunk.first()?)?, line(hunk.last()?)?);
        Some(if first == last { format!("{file}:{first}") } else { format!("{file}:{first}-{last}") })
    };
    let left = at(heading.left.0, |row| row.left.as_ref().map(|line| line.number));
    let right =
        heading.right.and_then(|(file, _)| at(file, |row| row.right.as_ref().map(|line| line.number)));
    match (left, right) {
        (Some(left), Some(right)) => format!("different: {left} and {right}"),
        (Some(left), None) if heading.right.is_none() => {
            let replayed = hunk.iter().all(|row| row.right.is_some());
            format!("{}: {left}", if replayed { "different" } else { "not replayed for want of the object" })
        }
        (left, right) => format!("only in {}", left.or(right).unwrap_or_default()),
    }
}

/// `hresult: S_OK ≠ VSS_E_BAD_STATE`
fn difference_text(difference: &Difference, names: &mut [Names; 2]) -> String {
    let Difference { field, left, right } = difference;
    let [left_names, right_names] = names;
    if let (Some(Value::String(left)), Some(Value::String(right))) = (left, right) {
        let (left, right) = (left_names.replace(left, field), right_names.replace(right, field));
        if left.chars().count().max(right.chars().count()) > TEXT_CHARS {
            let start = first_difference(&left, &right).saturating_sub(TEXT_CHARS_BEFORE);
            return format!("{field}: {} ≠ {}", excerpt(&left, start), excerpt(&right, start));
        }
    }
    let text = |value: &Option<Value>, names| match value {
        Some(value) => render::value_text(field, value, names),
        None => "nothing".to_owned(),
    };
    format!("{field}: {} ≠ {}", text(left, left_names), text(right, right_names))
}

/// How many characters are equal.
fn first_difference(left: &str, right: &str) -> usize {
    left.chars().zip(right.chars()).take_while(|(left, right)| left == right).count()
}

fn excerpt(text: &str, start: usize) -> String {
    let shown: String =
        text.chars().skip(start).take(TEXT_CHARS).map(|c| if c < ' ' { ' ' } else { c }).collect();
    let more_before = if start > 0 { "…" } else { "" };
    let more_behind = if text.chars().count() > start + TEXT_CHARS { "…" } else { "" };
    format!("\"{more_before}{shown}{more_behind}\"")
}
