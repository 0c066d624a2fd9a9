//! What happened on a bench.

use serde::{Deserialize, Serialize};
use vss_sim::api::{
    Action, Answer, Call, Object, ProviderCall, ProviderObject, ProviderReply, Question, Reply, Unavailable,
};

/// One thing that a case did, with what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// It loaded a lab.
    Load {
        /// The lab's name.
        lab: String,
        /// Whether the backend could offer it.
        answer: Result<(), Unavailable>,
    },
    /// It made a call.
    Call {
        /// On what.
        on: Object,
        /// The call.
        call: Call,
        /// Its answer.
        reply: Reply,
    },
    /// It called a provider, as VSS does.
    CallProvider {
        /// On what of it.
        on: ProviderObject,
        /// The call.
        call: Box<ProviderCall>,
        /// Its answer.
        answer: Box<Result<ProviderReply, Unavailable>>,
    },
    /// It changed the world from outside.
    Act {
        /// How.
        action: Action,
        /// Whether the backend could do that.
        answer: Result<(), Unavailable>,
    },
    /// It looked at the world.
    Ask {
        /// At what.
        question: Question,
        /// What it saw.
        answer: Result<Answer, Unavailable>,
    },
    /// It said something.
    Note(String),
}
