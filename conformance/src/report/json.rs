//! The report for programs: one JSON document.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;
use vss_sim::api::Target;

use crate::provider::Conformance;
use crate::run::{Event, Reporter};
use crate::verdict::Totals;

/// Writes one JSON document when the run is over.
pub struct Json<W> {
    to: W,
    target: Option<Target>,
    results: Vec<Row>,
    conformance: Option<Conformance>,
}

#[derive(Serialize)]
struct Document<'d> {
    suite: Suite,
    target: Option<&'d Target>,
    results: &'d [Row],
    totals: Totals,
    #[serde(skip_serializing_if = "Option::is_none")]
    conformance: Option<&'d Conformance>,
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
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    faults: BTreeSet<String>,
    calls: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl<W: Write> Json<W> {
    /// A report written to `to`.
    pub fn new(to: W) -> Self {
        Self { to, target: None, results: Vec::new(), conformance: None }
    }

    /// About a provider: the document says whether it is conformant.
    #[must_use]
    pub fn judging(self, provider: Conformance) -> Self {
        Self { conformance: Some(provider), ..self }
    }
}

impl<W: Write> Reporter for Json<W> {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Started { target, .. } => self.target = Some((*target).clone()),
            Event::CaseStarted { .. } => {}
            Event::CaseFinished(finished) => {
                self.conformance.iter_mut().for_each(|conformance| conformance.add(finished));
                self.results.push(Row {
                    outcome: &finished.outcome.id,
                    case: finished.case,
                    verdict: finished.verdict.kind(),
                    provenance: finished.record.provenance.to_string(),
                    faults: finished.record.faults.clone(),
                    calls: finished.record.calls(),
                    message: finished.verdict.explanation().map(str::to_owned),
                });
            }
            Event::Finished(summary) => {
                let suite = Suite {
                    name: env!("CARGO_PKG_NAME"),
                    version: env!("CARGO_PKG_VERSION"),
                    spec: super::spec_version(),
                };
                let (target, results) = (self.target.as_ref(), self.results.as_slice());
                let (totals, conformance) = (summary.totals, self.conformance.as_ref());
                let document = Document { suite, target, results, totals, conformance };
                serde_json::to_writer_pretty(&mut self.to, &document)?;
                writeln!(self.to)?;
                self.to.flush()?;
            }
        }
        Ok(())
    }
}
