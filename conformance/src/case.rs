//! A case: a function that shows one documented outcome on any backend.

use serde::{Deserialize, Serialize};
use vss_sim::api::Unavailable;

use crate::bench::Bench;

/// One way to show one outcome. An outcome may have several.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The full id of the outcome: `IVssBackupComponentsEx3::RecoverSet/VSS_E_BAD_STATE/winpe`.
    pub outcome: &'static str,
    /// File and function under `cases/`: `recover_set::winpe`. Unique with the outcome.
    pub name: &'static str,
    /// Loads a lab, leads there and checks. [`Bench::outcome`] tells it for which outcome it runs, so that one
    /// function can serve many methods.
    pub run: fn(&mut Bench<'_>) -> Checked,
}

/// What a case's function returns.
pub type Checked = Result<(), Stop>;

/// Why a case does not go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Stop {
    /// The backend does not do what is documented.
    #[error("{message}")]
    Failed {
        /// What was expected and what came.
        message: String,
    },
    /// The backend cannot offer what the case needs.
    #[error("skipped: {reason}")]
    Skipped {
        /// A sentence for people.
        reason: String,
    },
    /// The case itself is broken.
    #[error("harness error: {message}")]
    Error {
        /// What is wrong with it.
        message: String,
    },
}

impl Stop {
    /// The backend does not do what is documented.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::Failed { message: message.into() }
    }

    /// The backend cannot offer what the case needs.
    pub fn skipped(reason: impl Into<String>) -> Self {
        Self::Skipped { reason: reason.into() }
    }

    /// The case itself is broken.
    pub fn error(message: impl Into<String>) -> Self {
        Self::Error { message: message.into() }
    }
}

impl From<Unavailable> for Stop {
    fn from(unavailable: Unavailable) -> Self {
        Self::Skipped { reason: unavailable.reason }
    }
}

/// A [`Case`] from an outcome id and a function, named after the function's path under `cases`.
///
/// ```
/// use vss_conformance::{bench::Bench, case, case::{Case, Checked}};
///
/// fn winpe(bench: &mut Bench<'_>) -> Checked {
///     bench.load_default()
/// }
///
/// const CASES: &[Case] = &[case!("IVssBackupComponentsEx3::RecoverSet/VSS_E_BAD_STATE/winpe", winpe)];
/// assert!(CASES[0].name.ends_with("winpe"));
/// ```
#[macro_export]
macro_rules! case {
    ($outcome:expr, $function:path) => {
        $crate::case::Case {
            outcome: $outcome,
            name: $crate::case::short_name(concat!(module_path!(), "::", stringify!($function))),
            run: $function,
        }
    };
}

/// The path of a function without the part that all cases share.
pub const fn short_name(path: &'static str) -> &'static str {
    const SHARED: &str = "vss_conformance::cases::";
    let (path_bytes, shared) = (path.as_bytes(), SHARED.as_bytes());
    if path_bytes.len() <= shared.len() {
        return path;
    }
    let mut at = 0;
    while at < shared.len() {
        if path_bytes[at] != shared[at] {
            return path;
        }
        at += 1;
    }
    path.split_at(shared.len()).1
}
