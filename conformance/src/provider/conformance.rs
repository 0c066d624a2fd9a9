//! Whether a provider is conformant, in one line.

use std::fmt;
use std::io;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::Profile;
use crate::cases;
use crate::run::{Event, Finished, Reporter};
use crate::verdict::Verdict;

/// The answer for one provider and profile. It consumes the events of a run.
#[derive(Clone, Debug)]
pub struct Conformance {
    provider: String,
    profile: Profile,
    passed: usize,
    failed: usize,
    /// Cases that were skipped although the profile demands them.
    missing: Vec<&'static str>,
    /// Cases that were skipped, as the profile allows.
    skipped: usize,
}

impl Serialize for Conformance {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut fields = to.serialize_struct("Conformance", 7)?;
        fields.serialize_field("provider", &self.provider)?;
        fields.serialize_field("profile", &self.profile.to_string())?;
        fields.serialize_field("conformant", &self.is_conformant())?;
        fields.serialize_field("passed", &self.passed)?;
        fields.serialize_field("failed", &self.failed)?;
        fields.serialize_field("skipped", &self.skipped)?;
        fields.serialize_field("missing", &self.missing)?;
        fields.end()
    }
}

impl Conformance {
    /// Before any case has run.
    pub fn new(provider: impl Into<String>, profile: Profile) -> Self {
        Self { provider: provider.into(), profile, passed: 0, failed: 0, missing: Vec::new(), skipped: 0 }
    }

    /// Whether every case that ran has passed, and every case that the profile demands has run.
    pub fn is_conformant(&self) -> bool {
        self.failed == 0 && self.missing.is_empty() && self.passed > 0
    }

    /// Counts one case.
    pub fn add(&mut self, finished: &Finished) {
        match &finished.verdict {
            Verdict::Pass | Verdict::Xfail { .. } => self.passed += 1,
            Verdict::Skip { .. } | Verdict::NotEvaluated { .. } => {
                let case = cases::of_hardware_providers()
                    .find(|case| case.name == finished.case && case.outcome == finished.outcome.id);
                if case.is_some_and(|case| self.profile.demands(case)) {
                    self.missing.push(finished.case);
                } else {
                    self.skipped += 1;
                }
            }
            _ => self.failed += 1,
        }
    }
}

impl Reporter for Conformance {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        if let Event::CaseFinished(finished) = event {
            self.add(finished);
        }
        Ok(())
    }
}

impl fmt::Display for Conformance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { provider, profile, passed, failed, missing, skipped } = self;
        if self.is_conformant() {
            return write!(
                f,
                "{provider} is conformant with profile {profile}: {passed} cases pass, {skipped} do not apply"
            );
        }
        let fails = if *failed == 1 { "case fails" } else { "cases fail" };
        write!(f, "{provider} is NOT conformant with profile {profile}: {failed} {fails}")?;
        match missing.as_slice() {
            [] => write!(f, ", {passed} pass"),
            [only] => write!(f, ", {passed} pass, and 1 that the profile demands was skipped: {only}"),
            [first, ..] => {
                let count = missing.len();
                write!(f, ", {passed} pass, and {count} that the profile demands were skipped: {first}, ...")
            }
        }
    }
}
