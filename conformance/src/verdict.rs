//! Verdicts, and the exit codes that follow from them.

use std::fmt;

use serde::Serialize;

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The backend does what is documented.
    Pass,
    /// It does not.
    Fail {
        /// What was expected and what came.
        message: String,
    },
    /// It does not, as the expectations say.
    Xfail {
        /// The expectations' reason.
        reason: String,
        /// What was expected and what came.
        message: String,
    },
    /// It does, although the expectations say that it does not.
    Xpass {
        /// The expectations' reason.
        reason: String,
    },
    /// The backend cannot offer what the case needs.
    Skip {
        /// What that is.
        reason: String,
    },
    /// No case shows this outcome.
    NotEvaluated {
        /// Why.
        reason: String,
    },
    /// The case itself is broken.
    Error {
        /// What happened.
        message: String,
    },
}

impl Verdict {
    /// Every kind, in the order of reports.
    pub const KINDS: [&'static str; 7] = ["pass", "fail", "xfail", "xpass", "skip", "not-evaluated", "error"];

    /// Its name in reports.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail { .. } => "fail",
            Self::Xfail { .. } => "xfail",
            Self::Xpass { .. } => "xpass",
            Self::Skip { .. } => "skip",
            Self::NotEvaluated { .. } => "not-evaluated",
            Self::Error { .. } => "error",
        }
    }

    /// What there is to say about it.
    pub fn explanation(&self) -> Option<&str> {
        match self {
            Self::Pass => None,
            Self::Fail { message } | Self::Error { message } => Some(message),
            Self::Xfail { reason, .. } | Self::Xpass { reason } => Some(reason),
            Self::Skip { reason } | Self::NotEvaluated { reason } => Some(reason),
        }
    }

    /// Whether somebody has to act: an unexpected result or a broken case.
    pub fn is_unexpected(&self) -> bool {
        matches!(self, Self::Fail { .. } | Self::Xpass { .. } | Self::Error { .. })
    }
}

/// How many of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Totals {
    /// As documented.
    pub pass: usize,
    /// Not as documented.
    pub fail: usize,
    /// Not as documented, as expected.
    pub xfail: usize,
    /// As documented, against expectation.
    pub xpass: usize,
    /// Not offered by the backend.
    pub skip: usize,
    /// Without a case.
    pub not_evaluated: usize,
    /// Broken cases.
    pub error: usize,
}

impl Totals {
    /// Counts one more.
    pub fn add(&mut self, verdict: &Verdict) {
        *match verdict {
            Verdict::Pass => &mut self.pass,
            Verdict::Fail { .. } => &mut self.fail,
            Verdict::Xfail { .. } => &mut self.xfail,
            Verdict::Xpass { .. } => &mut self.xpass,
            Verdict::Skip { .. } => &mut self.skip,
            Verdict::NotEvaluated { .. } => &mut self.not_evaluated,
            Verdict::Error { .. } => &mut self.error,
        } += 1;
    }

    /// Kinds and counts, in the order of [`Verdict::KINDS`].
    pub fn counts(&self) -> impl Iterator<Item = (&'static str, usize)> + use<> {
        let numbers =
            [self.pass, self.fail, self.xfail, self.xpass, self.skip, self.not_evaluated, self.error];
        Verdict::KINDS.into_iter().zip(numbers)
    }

    /// How many there are.
    pub fn sum(&self) -> usize {
        self.counts().map(|(_, count)| count).sum()
    }

    /// The exit code of a run that came to these.
    pub fn exit_code(&self) -> ExitCode {
        if self.sum() == 0 {
            ExitCode::NothingSelected
        } else if self.error > 0 {
            ExitCode::HarnessError
        } else if self.fail + self.xpass > 0 {
            ExitCode::Unexpected
        } else if self.pass + self.xfail == 0 {
            ExitCode::NothingVerified
        } else {
            ExitCode::Verified
        }
    }
}

/// What `vsslab` tells its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum ExitCode {
    /// 0: something was verified, and everything came as expected.
    Verified = 0,
    /// 1: unexpected results: failures, or passes that the expectations exclude.
    Unexpected = 1,
    /// 2: a wrong command line, or a file that cannot be used.
    Usage = 2,
    /// 3: a case or the harness is broken; nothing can be said about the backend.
    HarnessError = 3,
    /// 4: the filter selects nothing.
    NothingSelected = 4,
    /// 5: what was selected could not be verified: all of it skipped or without a case; or a limit ended a search before
    /// every state was seen.
    NothingVerified = 5,
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}

impl fmt::Display for ExitCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Verified => "verified and as expected",
            Self::Unexpected => "unexpected results",
            Self::Usage => "wrong command line or file",
            Self::HarnessError => "harness error",
            Self::NothingSelected => "nothing selected",
            Self::NothingVerified => "nothing verified",
        })
    }
}
