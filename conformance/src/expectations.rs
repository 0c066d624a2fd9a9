//! What is expected to fail, and why: a TOML file.
//!
//! ```toml
//! [[expect-fail]]
//! outcome = "IVssBackupComponentsEx3::RecoverSet/VSS_E_BAD_STATE/*"
//! reason = "our provider rejects RecoverSet with E_FAIL in WinPE: ticket 4711"
//! ```
//!
//! Every case of every outcome that matches has to fail; a pass is as unexpected as a failure elsewhere.

use serde::Deserialize;
use toml::Spanned;

use crate::diagnostic::Diagnostic;
use crate::glob::Glob;
use crate::nearest::outcome_hint;
use crate::spec::{Outcome, Spec};

/// The outcomes that are expected to fail.
#[derive(Clone, Debug, Default)]
pub struct Expectations {
    entries: Vec<(Glob, String)>,
}

/// The file cannot be used. The text shows the place and says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ExpectationsError(String);

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    #[serde(default)]
    expect_fail: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    outcome: Spanned<String>,
    reason: Spanned<String>,
}

impl Expectations {
    /// Nothing is expected to fail.
    pub const NONE: Self = Self { entries: Vec::new() };

    /// Reads the file's text; `origin` is its name for errors.
    ///
    /// # Errors
    /// It is no such file, an id matches no documented outcome, or a reason is missing.
    pub fn from_toml(source: &str, origin: &str) -> Result<Self, ExpectationsError> {
        let file: File = toml::from_str(source).map_err(|error| malformed(source, origin, &error))?;
        let entries = file.expect_fail.iter().map(|entry| checked(source, origin, entry));
        Ok(Self { entries: entries.collect::<Result<_, _>>()? })
    }

    /// Why the outcome is expected to fail; `None`: it is not.
    pub fn reason(&self, outcome: &Outcome) -> Option<&str> {
        self.entries.iter().find(|(glob, _)| glob.selects(outcome)).map(|(_, reason)| reason.as_str())
    }
}

fn malformed(source: &str, origin: &str, error: &toml::de::Error) -> ExpectationsError {
    let diagnostic = Diagnostic {
        origin,
        source,
        span: error.span().unwrap_or(0..0),
        title: error.message(),
        label: "",
        help: Some("an entry is: [[expect-fail]], outcome = \"<id or filter>\", reason = \"<why>\""),
    };
    ExpectationsError(diagnostic.render())
}

fn checked(source: &str, origin: &str, entry: &Entry) -> Result<(Glob, String), ExpectationsError> {
    let (id, reason) = (entry.outcome.get_ref(), entry.reason.get_ref());
    let refuse = |span, title: &str, label: &str, help: &str| {
        let diagnostic = Diagnostic { origin, source, span, title, label, help: Some(help) };
        Err(ExpectationsError(diagnostic.render()))
    };
    let glob = Glob::new(id);
    if !Spec::get().outcomes().any(|outcome| glob.selects(outcome)) {
        return refuse(
            entry.outcome.span(),
            "unknown outcome",
            "no documented outcome has this id",
            &outcome_hint(id),
        );
    }
    if reason.trim().is_empty() {
        return refuse(
            entry.reason.span(),
            "an expectation needs a reason",
            "empty",
            "say why it fails, and where that is tracked",
        );
    }
    Ok((glob, reason.clone()))
}
