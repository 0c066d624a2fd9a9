//! The report for programs: one JSON document.

use std::io::{self, Write};

use serde::Serialize;
use vss_sim::api::Target;

use crate::run::{Event, Reporter};
use crate::verdict::Totals;

/// Writes one JSON document when the run is over.
pub struct Json<W> {
    to: W,
    target: Option<Target>,
    results: Vec<Row>,
}

#[derive(Serialize)]
struct Document<'d> {
    suite: Suite,
    target: Option<&'d Target>,
    results: &'d [Row],
    totals: Totals,
}

#[derive(Serialize)]
struct Suite {
    name: &'static str,
    version: &'static str,
    spec: String,
}

#[derive(Serialize)]
struct Row {
    outcome: &'static str,
    case: &'static str,
    verdict: &'static str,
    provenance: String,
    calls: usize,
}

impl<W: Write> Json<W> {
    /// A report written to `to`.
    pub fn new(to: W) -> Self {
        Self { to, target: None, results: Vec::new() }
    }
}

impl<W: Write> Reporter for Json<W> {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Started { target, .. } => self.target = Some((*target).clone()),
            Event::CaseStarted { .. } => {}
            Event::CaseFinished(finished) => self.results.push(Row {
                outcome: &finished.outcome.id,
                case: finished.case,
                verdict: finished.verdict.kind(),
                provenance: finished.record.provenance.to_string(),
                calls: finished.record.calls(),
            }),
            Event::Finished(summary) => {
                let suite = Suite {
                    name: env!("CARGO_PKG_NAME"),
                    version: env!("CARGO_PKG_VERSION"),
                    spec: super::spec_version(),
                };
                let (target, results) = (self.target.as_ref(), self.results.as_slice());
                let document = Document { suite, target, results, totals: summary.totals };
                serde_json::to_writer_pretty(&mut self.to, &document)?;
                writeln!(self.to)?;
                self.to.flush()?;
            }
        }
        Ok(())
    }
}
