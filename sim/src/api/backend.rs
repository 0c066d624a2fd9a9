//! What the suite, the typed face and every tool ask of an implementation of VSS.

use bitflags::bitflags;
use serde::{Deserialize, Serialize};

use super::{
    Action, Answer, Call, Object, ProviderCall, ProviderId, ProviderObject, ProviderReply, Question, Reply,
};
use crate::lab::Lab;

/// An implementation of VSS: the simulator, the simulator behind COM, the real service.
pub trait Backend {
    /// What verdicts have to name: the implementation and its operating system.
    fn target(&self) -> Target;

    /// What can be asked of it beyond calls.
    fn capabilities(&self) -> Capabilities;

    /// Sets the world up anew as the lab describes it.
    ///
    /// # Errors
    /// Why this backend cannot offer that lab; a case that needs it is then skipped with this reason.
    fn load(&mut self, lab: &Lab) -> Result<(), Unavailable>;

    /// Whether this backend can make the call at all: none on an object that is gone can go through COM, and none that
    /// destroys data is made on a real machine unasked.
    ///
    /// # Errors
    /// Why it cannot; a case that needs the call is then skipped with this reason.
    fn can_call(&self, _on: Object, _call: &Call) -> Result<(), Unavailable> {
        Ok(())
    }

    /// Carries out a call. Never panics, whatever the arguments.
    fn call(&mut self, on: Object, call: &Call) -> Reply;

    /// Calls a provider as the VSS service on the first host does, past the service. A provider of the host's volumes or
    /// shares sees the rights of the process that calls.
    ///
    /// # Errors
    /// Why nobody but the service can call the provider here, or that there is no such provider.
    fn call_provider(
        &mut self,
        _provider: ProviderId,
        _on: ProviderObject,
        _call: &ProviderCall,
    ) -> Result<ProviderReply, Unavailable> {
        Err(Unavailable::because("only the VSS service calls providers here"))
    }

    /// Changes the world from outside the requester: other programs, administrators, time.
    ///
    /// # Errors
    /// Why this backend cannot do that.
    fn act(&mut self, action: &Action) -> Result<(), Unavailable>;

    /// Looks at the effects of calls.
    ///
    /// # Errors
    /// Why this backend cannot tell.
    fn ask(&self, question: &Question) -> Result<Answer, Unavailable>;
}

/// A backend that somebody else chose, as `Box<dyn Backend>` or `Box<dyn Backend + Send>`.
impl<B: Backend + ?Sized> Backend for Box<B> {
    fn target(&self) -> Target {
        (**self).target()
    }

    fn capabilities(&self) -> Capabilities {
        (**self).capabilities()
    }

    fn load(&mut self, lab: &Lab) -> Result<(), Unavailable> {
        (**self).load(lab)
    }

    fn can_call(&self, on: Object, call: &Call) -> Result<(), Unavailable> {
        (**self).can_call(on, call)
    }

    fn call(&mut self, on: Object, call: &Call) -> Reply {
        (**self).call(on, call)
    }

    fn call_provider(
        &mut self,
        provider: ProviderId,
        on: ProviderObject,
        call: &ProviderCall,
    ) -> Result<ProviderReply, Unavailable> {
        (**self).call_provider(provider, on, call)
    }

    fn act(&mut self, action: &Action) -> Result<(), Unavailable> {
        (**self).act(action)
    }

    fn ask(&self, question: &Question) -> Result<Answer, Unavailable> {
        (**self).ask(question)
    }
}

/// What a verdict is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// `sim`, `com` or `windows`.
    pub backend: String,
    /// The operating system whose behaviour is shown, such as `windows-server-2022`.
    pub os: String,
}

bitflags! {
    /// What a backend offers beyond calls.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Capabilities: u32 {
        /// Takes any lab.
        const LABS = 1;
        /// Carries out the faults of a lab.
        const FAULTS = 2;
        /// Time is virtual and can be moved.
        const CLOCK = 4;
        /// LUN contents, disk signatures and the event log can be looked at.
        const OBSERVATION = 8;
        /// Follows the readings of a lab where the documentation contradicts itself.
        const READINGS = 16;
    }
}

/// Why a backend cannot offer what was asked of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{reason}")]
pub struct Unavailable {
    /// A sentence for people.
    pub reason: String,
}

impl Unavailable {
    /// With that reason.
    pub fn because(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}
