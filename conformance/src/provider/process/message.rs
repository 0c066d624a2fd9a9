//! What parent and child tell each other: one JSON document for each line.

use serde::{Deserialize, Serialize};
use vss_sim::api::Target;

use crate::run::Ran;

/// From parent to child: run this case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) case: String,
    pub(super) outcome: String,
}

/// From child to parent.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum News {
    /// It is ready for orders.
    Ready(Target),
    /// It is about to call the provider.
    Calling(Calling),
    /// A case is over.
    Ran(Box<Ran>),
    /// It cannot go on.
    Failed(String),
}

/// A call on the provider that has not returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Calling {
    /// `IVssProviderCreateSnapshotSet::CommitSnapshots`
    pub(super) method: String,
    /// The last call of a set's creation that returned: the phase that the provider is in.
    pub(super) after: Option<String>,
}
