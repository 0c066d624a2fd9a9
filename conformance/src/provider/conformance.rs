//! Whether a provider is conformant, in one line.

use std::fmt;
use std::io;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::Profile;
use crate::cases;
use crate::cases::hardware_provider::OWN_STORAGE;
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
    /// Cases about effects on storage that nobody sees.
    unseen: usize,
    /// Whether only a selection of the cases runs.
    partial: bool,
}

impl Serialize for Conformance {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut fields = to.serialize_struct("Conformance", 8)?;
        fields.serialize_field("provider", &self.provider)?;
        fields.serialize_field("profile", &self.profile.to_string())?;
        fields.serialize_field("conformant", &self.verdict())?;
        fields.serialize_field("passed", &self.passed)?;
        fields.serialize_field("failed", &self.failed)?;
        fields.serialize_field("skipped", &self.skipped)?;
        fields.serialize_field("unseen", &self.unseen)?;
        fields.serialize_field("missing", &self.missing)?;
        fields.end()
    }
}

impl Conformance {
    /// Before any case has run.
    pub fn new(provider: impl Into<String>, profile: Profile) -> Self {
        Self {
            provider: provider.into(),
            profile,
            passed: 0,
            failed: 0,
            missing: Vec::new(),
            skipped: 0,
            unseen: 0,
            partial: false,
        }
    }

    /// Only a selection of the cases runs.
    #[must_use]
    pub fn partial(self, partial: bool) -> Self {
        Self { partial, ..self }
    }

    /// Whether every case has passed and every case that the profile demands has run; `None`: nothing or only a
    /// selection has.
    pub fn verdict(&self) -> Option<bool> {
        let nothing = self.passed == 0 && self.failed == 0;
        (!self.partial && !nothing).then_some(self.failed == 0 && self.missing.is_empty())
    }

    /// Counts one case.
    pub fn add(&mut self, finished: &Finished) {
        match &finished.verdict {
            Verdict::Pass | Verdict::Xfail { .. } => self.passed += 1,
            Verdict::Skip { reason } if reason == OWN_STORAGE => self.unseen += 1,
            Verdict::Skip { .. } | Verdict::NotEvaluated { .. } => {
                let case = cases::of_hardware_provider(finished.case, &finished.outcome.id);
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
        let Self { provider, profile, passed, failed, missing, skipped, unseen, .. } = self;
        let (fail, pass) = (counted(*failed, "fails", "fail"), counted(*passed, "passes", "pass"));
        match self.verdict() {
            None if *passed == 0 && *failed == 0 => {
                write!(f, "{provider} was not tested: every case was skipped")
            }
            None => {
                write!(f, "{provider}: of the selected cases {fail}, {pass}; the whole suite gives a verdict")
            }
            Some(true) => {
                let as_far = if *unseen == 0 { "" } else { ", as far as its reports tell" };
                write!(f, "{provider} is conformant with profile {profile}{as_far}: {pass}")?;
                write!(f, ", {}", counted(*skipped, "does not apply", "do not apply"))?;
                match unseen {
                    0 => Ok(()),
                    _ => write!(f, ", {unseen} need a look at its storage"),
                }
            }
            Some(false) => {
                write!(f, "{provider} is NOT conformant with profile {profile}: {fail}, {pass}")?;
                match missing.as_slice() {
                    [] => Ok(()),
                    [first, ..] => {
                        write!(f, ", {} skipped that the profile demands ({first}, for one)", missing.len())
                    }
                }
            }
        }
    }
}

/// `1 fails`, `2 fail`
fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}
