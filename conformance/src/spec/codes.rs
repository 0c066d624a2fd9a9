//! Where a code arrives.

use std::fmt;

use serde::{Deserialize, Serialize};
use vss_sim::api::{HResult, Method};

use super::Outcome;

/// Where an outcome's code shows, by its `via` field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The method returns it; or, where the method hands out an `IVssAsync` and the page does not say more, that
    /// object's `QueryStatus` answers it.
    Returned,
    /// Only `QueryStatus` of the `IVssAsync` that `method` hands out answers it.
    Status {
        /// The id or bare name of the method that starts the operation.
        method: String,
    },
    /// It is an out value.
    OutValue {
        /// The method that writes it, by its bare name.
        method: String,
        /// The parameter, as documented.
        param: String,
    },
    /// A writer reports it (`SetWriterFailure`); requesters see it in the writer's status.
    WriterStatus,
}

impl Outcome {
    /// Where its code shows.
    pub fn place(&self) -> Place {
        let Some(via) = self.via.as_deref() else { return Place::Returned };
        let own_name = self.method_name();
        if let Some(method) = via.strip_prefix("QueryStatus of ") {
            return Place::Status { method: method.to_owned() };
        }
        if via == "QueryStatus only" {
            return Place::Status { method: self.method.clone() };
        }
        if let Some(param) = via.strip_prefix("out:") {
            return Place::OutValue { method: own_name.to_owned(), param: param.to_owned() };
        }
        match via.split_once("requester: ").and_then(|(_, rest)| rest.split_once(" out:")) {
            Some((method, param)) => Place::OutValue { method: method.to_owned(), param: param.to_owned() },
            None => Place::WriterStatus,
        }
    }

    /// Whether `code` is the one that it is about.
    pub fn is_code(&self, code: HResult) -> bool {
        self.hresult().map_or(code.is_failure(), |the_code| code == the_code)
    }

    /// Whether the method is the one that returns the code, starts the operation that ends with it, or writes it.
    pub fn is_answered_by(&self, method: Method) -> bool {
        match self.place() {
            Place::Returned => method.to_string() == self.method,
            Place::Status { method: id } => method.to_string() == id || method.name == id,
            Place::OutValue { method: name, .. } => method.name == name,
            Place::WriterStatus => method.name.starts_with("GetWriterStatus"),
        }
    }

    /// Whether the code shows in that \[out\] parameter.
    pub fn is_written_to(&self, param: &str) -> bool {
        match self.place() {
            Place::OutValue { param: its, .. } => its == param,
            Place::WriterStatus => ["phResultFailure", "phrFailureWriter"].contains(&param),
            Place::Returned | Place::Status { .. } => false,
        }
    }
}

/// Where a case saw the code. Pages often do not say, so either place is accepted and the report names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Arrival {
    /// The method returned it.
    AtOnce,
    /// `IVssAsync::QueryStatus` (or `Wait`) answered it.
    ThroughAsync,
    /// An out parameter held it.
    OutValue,
}

impl fmt::Display for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AtOnce => "returned at once",
            Self::ThroughAsync => "through IVssAsync::QueryStatus",
            Self::OutValue => "in an out parameter",
        })
    }
}
