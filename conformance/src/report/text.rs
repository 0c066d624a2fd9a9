//! The report for people: what passed in one glance, what did not with the calls that led there.

use std::collections::BTreeMap;
use std::io::{self, Write};

use vss_sim::api::Target;

use super::style::{Colour, Style};
use crate::names::Names;
use crate::provider::Conformance;
use crate::render;
use crate::run::{Event, Finished, Reporter, Summary};
use crate::spec::{Arrival, Interface, Method, Spec};
use crate::verdict::{Totals, Verdict};

/// Columns of the report: fixed, so that reports compare line by line.
const WIDTH: usize = 100;

/// Columns of a method's name.
const NAME_COLUMNS: usize = 34;

/// Writes the whole report when the run is over.
pub struct Text<W> {
    to: W,
    colour: Colour,
    target: Target,
    results: Vec<Finished>,
    conformance: Option<Conformance>,
}

impl<W: Write> Text<W> {
    /// A report written to `to`.
    pub fn new(to: W, colour: Colour) -> Self {
        let target = Target { backend: String::new(), os: String::new() };
        Self { to, colour, target, results: Vec::new(), conformance: None }
    }

    /// About a provider: the last line says whether it is conformant.
    #[must_use]
    pub fn judging(self, provider: Conformance) -> Self {
        Self { conformance: Some(provider), ..self }
    }

    fn paint(&self, style: Style, text: &str) -> String {
        self.colour.paint(style, text)
    }

    fn table(&mut self) -> io::Result<()> {
        let mut by_method: BTreeMap<&str, Totals> = BTreeMap::new();
        for finished in &self.results {
            by_method.entry(&finished.outcome.method).or_default().add(&finished.verdict);
        }
        for interface in Spec::get().interfaces() {
            let rows: Vec<(&Method, Totals)> = interface
                .methods
                .iter()
                .filter_map(|method| Some((method, *by_method.get(method.id.as_str())?)))
                .collect();
            if !rows.is_empty() {
                self.interface(interface, &rows)?;
            }
        }
        Ok(())
    }

    /// The interface's line; its methods that only pass side by side; the others line by line.
    fn interface(&mut self, interface: &Interface, rows: &[(&Method, Totals)]) -> io::Result<()> {
        let passed: usize = rows.iter().map(|(_, totals)| totals.pass).sum();
        let all: usize = rows.iter().map(|(_, totals)| totals.sum()).sum();
        let style = if passed == all { Style::Good } else { Style::Odd };
        let count = self.paint(style, &format!("{passed:>4} of {all:>4} pass"));
        let title = interface.title();
        let dots = " ".repeat(WIDTH.saturating_sub(title.chars().count() + 17));
        writeln!(self.to, "{}{dots}{count}", self.paint(Style::Strong, &title))?;

        let (fine, other): (Vec<_>, Vec<_>) =
            rows.iter().partition(|(_, totals)| totals.pass == totals.sum());
        let fine: Vec<String> =
            fine.iter().map(|(method, totals)| format!("{} {}", method.name, totals.pass)).collect();
        for line in wrapped(&fine, WIDTH - 2) {
            writeln!(self.to, "  {}", self.paint(Style::Dim, &line))?;
        }
        for (method, totals) in other {
            let counts: Vec<String> = totals
                .counts()
                .filter(|(_, count)| *count > 0)
                .map(|(kind, count)| self.paint(style_of(kind), &format!("{count} {kind}")))
                .collect();
            writeln!(self.to, "  {:<NAME_COLUMNS$} {}", method.name, counts.join(", "))?;
        }
        writeln!(self.to)
    }

    fn details(&mut self) -> io::Result<()> {
        let results = std::mem::take(&mut self.results);
        for finished in results.iter().filter(|finished| finished.verdict.is_unexpected()) {
            self.unexpected(finished)?;
        }
        self.reasons(&results, "xfail", "Expected failures")?;
        self.reasons(&results, "skip", "Skipped")?;
        self.results = results;
        Ok(())
    }

    fn unexpected(&mut self, finished: &Finished) -> io::Result<()> {
        let kind = finished.verdict.kind().to_uppercase();
        let head = self.paint(Style::Bad, &kind);
        let id = self.paint(Style::Strong, &finished.outcome.id);
        writeln!(self.to, "{head} {id}  {}", self.paint(Style::Dim, finished.case))?;
        writeln!(self.to, "  documented: {}", finished.outcome.when)?;
        let explanation = finished.verdict.explanation().unwrap_or_default();
        let label = match finished.verdict {
            Verdict::Xpass { .. } => "passes, but is expected to fail: ",
            _ => "",
        };
        for (index, line) in explanation.lines().enumerate() {
            writeln!(self.to, "  {}{line}", if index == 0 { label } else { "" })?;
        }
        self.foundation(finished)?;
        if !matches!(finished.verdict, Verdict::Xpass { .. }) {
            self.log(finished)?;
        }
        writeln!(self.to)
    }

    /// What the demand rests on, and where the code arrived, as far as that is not the usual.
    fn foundation(&mut self, finished: &Finished) -> io::Result<()> {
        let record = &finished.record;
        let mut parts = vec![format!("rests on: {}", record.provenance)];
        parts.extend(record.faults.iter().map(|fault| format!("fault: {fault}")));
        parts.extend(record.readings.iter().map(|reading| format!("reading: {reading}")));
        parts.extend(record.arrival.map(|arrival| format!("code {arrival}")));
        if finished.target != self.target {
            parts.push(format!("target: {}", target_text(&finished.target)));
        }
        writeln!(self.to, "  {}", self.paint(Style::Dim, &parts.join(" · ")))
    }

    fn log(&mut self, finished: &Finished) -> io::Result<()> {
        let lines = render::lines(&finished.record.log, &mut Names::default());
        let columns = lines.iter().map(|(on, _)| on.chars().count()).max().unwrap_or(0);
        for (on, line) in lines {
            writeln!(self.to, "    {} {line}", self.paint(Style::Dim, &format!("{on:<columns$}")))?;
        }
        Ok(())
    }

    /// One line for each reason, with what it applies to.
    fn reasons(&mut self, results: &[Finished], kind: &str, title: &str) -> io::Result<()> {
        let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for finished in results.iter().filter(|finished| finished.verdict.kind() == kind) {
            let reason = finished.verdict.explanation().unwrap_or_default();
            by_reason.entry(reason).or_default().push(&finished.outcome.id);
        }
        if by_reason.is_empty() {
            return Ok(());
        }
        writeln!(self.to, "{}", self.paint(Style::Strong, title))?;
        for (reason, ids) in by_reason {
            let shown = match ids.as_slice() {
                [one] => (*one).to_owned(),
                [one, other] => format!("{one} and {other}"),
                [first, others @ ..] => format!("{first} and {} more", others.len()),
                [] => continue,
            };
            writeln!(self.to, "  {reason}")?;
            writeln!(self.to, "    {}", self.paint(Style::Dim, &shown))?;
        }
        writeln!(self.to)
    }

    fn last_lines(&mut self, summary: &Summary) -> io::Result<()> {
        let mut rests: BTreeMap<&str, usize> = BTreeMap::new();
        let mut with_faults = 0;
        let mut arrivals: BTreeMap<Arrival, usize> = BTreeMap::new();
        for finished in self.results.iter().filter(|finished| finished.verdict == Verdict::Pass) {
            *rests.entry(finished.record.provenance.kind()).or_default() += 1;
            with_faults += usize::from(!finished.record.faults.is_empty());
            if let Some(arrival) = finished.record.arrival {
                *arrivals.entry(arrival).or_default() += 1;
            }
        }
        if !rests.is_empty() {
            let kinds: Vec<String> = rests.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
            let faults = match with_faults {
                0 => String::new(),
                count => format!("; {count} used a fault"),
            };
            let line = format!("passes rest on: {}{faults}", kinds.join(", "));
            writeln!(self.to, "{}", self.paint(Style::Dim, &line))?;
        }
        if !arrivals.is_empty() {
            let requesters: usize = arrivals.values().sum();
            let mut places: Vec<String> =
                arrivals.iter().map(|(place, count)| format!("{count} {place}")).collect();
            // What a provider is to answer arrives at nobody but VSS.
            match rests.values().sum::<usize>() - requesters {
                0 => {}
                count => places.push(format!("{count} answered by a provider")),
            }
            let line = format!("codes: {}", places.join(", "));
            writeln!(self.to, "{}", self.paint(Style::Dim, &line))?;
        }
        for figure in self.results.iter().flat_map(|finished| &finished.record.figures) {
            writeln!(self.to, "{}", self.paint(Style::Dim, figure))?;
        }
        if summary.without_case > 0 {
            let line =
                format!("documented outcomes without a case: {} (vsslab coverage)", summary.without_case);
            writeln!(self.to, "{}", self.paint(Style::Dim, &line))?;
        }
        let counts: Vec<String> = summary
            .totals
            .counts()
            .filter(|(kind, count)| *count > 0 || *kind == "pass")
            .map(|(kind, count)| self.paint(style_of(kind), &format!("{count} {kind}")))
            .collect();
        let target = self.paint(Style::Strong, &target_text(&self.target));
        writeln!(self.to, "{} · {target}", counts.join(", "))?;
        if let Some(conformance) = &self.conformance {
            let style = match conformance.verdict() {
                Some(true) => Style::Good,
                Some(false) => Style::Bad,
                None => Style::Odd,
            };
            writeln!(self.to, "{}", self.paint(style, &conformance.to_string()))?;
        }
        self.to.flush()
    }
}

impl<W: Write> Reporter for Text<W> {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Started { target, .. } => {
                self.target = (*target).clone();
                Ok(())
            }
            Event::CaseStarted { .. } => Ok(()),
            Event::CaseFinished(finished) => {
                self.conformance.iter_mut().for_each(|conformance| conformance.add(finished));
                let mut finished = (*finished).clone();
                if !finished.verdict.is_unexpected() {
                    // Only failures show their calls; thousands of logs need not be kept.
                    finished.record.log = Vec::new();
                }
                self.results.push(finished);
                Ok(())
            }
            Event::Finished(summary) => {
                self.table()?;
                self.details()?;
                self.last_lines(summary)
            }
        }
    }
}

/// A simulator's results must not be taken for those of Windows.
pub(crate) fn target_text(target: &Target) -> String {
    match target.backend.as_str() {
        "sim" => format!("sim, {}: the simulator, not Windows", target.os),
        "com" => format!("com, {}: the simulator behind COM, not Windows", target.os),
        backend => format!("{backend}, {}", target.os),
    }
}

fn style_of(kind: &str) -> Style {
    match kind {
        "pass" => Style::Good,
        "fail" | "xpass" | "error" => Style::Bad,
        _ => Style::Odd,
    }
}

/// The words, three spaces apart, in lines of at most `width` columns.
fn wrapped(words: &[String], width: usize) -> Vec<String> {
    const GAP: &str = "   ";
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if line.chars().count() + GAP.len() + word.chars().count() <= width => {
                line.push_str(GAP);
                line.push_str(word);
            }
            _ => lines.push(word.clone()),
        }
    }
    lines
}
