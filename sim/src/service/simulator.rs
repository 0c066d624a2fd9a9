//! The simulator: a lab, the requesters' objects in it, and the order in which a call is checked.

use std::collections::BTreeSet;
use std::fmt;

use crate::api::{Call, HResult, Method, Object, Out, Reply};
use crate::lab::{Cause, Lab, USING_THE_DOCUMENT};
use crate::map::IndexMap;
use crate::provider::{self, MakeProvider};

use super::due::Due;
use super::objects::async_object;
use super::objects::async_object::AsyncObject;
use super::objects::enumerators::EnumeratorObject;
use super::objects::session::Session;
use super::world::World;
use super::{Because, Refusal, SetUpError, State, reasons, transitions};

/// A simulated machine room with VSS on its hosts.
pub struct Simulator {
    pub(super) world: World,
    pub(super) sessions: IndexMap<u32, Session>,
    pub(super) asyncs: IndexMap<u32, AsyncObject>,
    pub(super) enumerators: IndexMap<u32, EnumeratorObject>,
    /// What goes on when: milliseconds of virtual time.
    pub(super) due: BTreeSet<(u64, Due)>,
    pub(super) sessions_made: u32,
    pub(super) asyncs_made: u32,
    pub(super) enumerators_made: u32,
    /// What went with its process or host. Whoever still points to it may let go of it once, and do nothing else.
    pub(super) gone: BTreeSet<Object>,
    pub(super) last_refusal: Option<(Method, Refusal)>,
    pub(super) make_provider: MakeProvider,
    /// The host that actions and questions are about.
    pub(super) at: usize,
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("world", &self.world)
            .field("sessions", &self.sessions)
            .finish_non_exhaustive()
    }
}

impl Simulator {
    /// Sets up what the lab describes.
    ///
    /// # Errors
    /// Everything that is wrong with the lab.
    pub fn new(lab: &Lab) -> Result<Self, SetUpError> {
        Self::with_providers(lab, provider::reference())
    }

    /// Sets up what the lab describes, with hardware providers of one's own in the place of the reference provider.
    ///
    /// # Errors
    /// Everything that is wrong with the lab, or why a provider cannot be had.
    pub fn with_providers(lab: &Lab, make_provider: MakeProvider) -> Result<Self, SetUpError> {
        Ok(Self {
            world: World::new(lab, &make_provider)?,
            sessions: IndexMap::default(),
            asyncs: IndexMap::default(),
            enumerators: IndexMap::default(),
            due: BTreeSet::new(),
            sessions_made: 0,
            asyncs_made: 0,
            enumerators_made: 0,
            gone: BTreeSet::new(),
            last_refusal: None,
            make_provider,
            at: 0,
        })
    }

    /// The state of a requester's object, for tests and explanations; `None`: there is no such object any more.
    pub fn state(&self, session: Object) -> Option<State> {
        let Object::Session(number) = session else { return None };
        self.sessions.get(&number).map(|session| session.state)
    }

    /// Why the last failing call failed, as an outcome id, a rule, an observation or a conclusion.
    pub fn last_refusal(&self) -> Option<String> {
        let (method, refusal) = self.last_refusal?;
        let reason = refusal.explain(method);
        Some(match refusal {
            Refusal::NO_HOST => format!("{reason}: it has {}", self.hosts_listed()),
            _ => reason,
        })
    }

    /// What the last failing call was refused for.
    pub fn last_refusal_parts(&self) -> Option<(Method, Refusal)> {
        self.last_refusal
    }

    /// What an operation failed for, by its `IVssAsync`; `None`: it has not failed, or its object is gone.
    pub fn failure(&self, operation: Object) -> Option<Refusal> {
        let Object::Async(number) = operation else { return None };
        match self.asyncs.get(&number)?.status {
            async_object::Status::Failed(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Carries out a call. What can be known at once is answered at once: whether the object lives, whether the caller
    /// may call, the arguments, then the state (seen, O2).
    pub(super) fn dispatch(&mut self, on: Object, call: &Call) -> Reply {
        self.world.took_ms = 0;
        let refused_before = self.last_refusal.take();
        let verdict = match on {
            _ if *call == Call::RELEASE && self.gone.remove(&on) => Ok(Reply::OK),
            Object::Host(number) => self.call_host(number, call),
            Object::Session(number) => self.call_session(number, call),
            Object::Async(number) => self.call_async(number, call),
            Object::Enumerator(number) => self.call_enumerator(number, call),
            Object::Metadata(_) | Object::Component(_) => Err(Refusal::NO_OBJECT),
        };
        // A caller waits for the providers that work in its call. Meanwhile everything else goes on.
        let took_ms = self.world.take_time();
        let refused = self.last_refusal.take();
        self.pass(took_ms);
        // What the call itself says comes before what has failed meanwhile.
        self.last_refusal = refused.or_else(|| self.last_refusal.take()).or(refused_before);
        verdict.unwrap_or_else(|refusal| {
            if refusal.because == Because::Inferred(transitions::service::NOT_STARTED) {
                let message = format!(
                    "{}: {}: restart the host as usual",
                    call.method(),
                    transitions::service::NOT_STARTED
                );
                self.world.log(refusal.code, &message);
            }
            self.last_refusal = Some((call.method(), refusal));
            refusal.code.into()
        })
    }

    fn call_session(&mut self, number: u32, call: &Call) -> Result<Reply, Refusal> {
        let session = self.sessions.get(&number).ok_or(Refusal::NO_OBJECT)?;
        if let Call::Release {} = call {
            self.release_session(number);
            return Ok(Reply::OK);
        }
        let host = session.host;
        let interface = match call {
            Call::QueryInterface { riid } => riid.as_deref().unwrap_or_default(),
            _ => call.method().interface,
        };
        transitions::has_interface(self.world.os(host), interface)?;
        if let Call::QueryInterface { .. } = call {
            return Ok(Reply::OK);
        }
        let trouble = self.admit(host, call)?;
        let session = self.sessions.get(&number).ok_or(Refusal::NO_OBJECT)?;
        let change = transitions::decide(call, session, &self.world).ok_or(Refusal::NOT_CARRIED_OUT)??;
        let trouble = self.befall(number, trouble);
        self.document_is_whole(number, call.method())?;
        self.apply(number, change, trouble)
    }

    fn call_async(&mut self, number: u32, call: &Call) -> Result<Reply, Refusal> {
        let object = self.asyncs.get(&number).filter(|object| !object.released).ok_or(Refusal::NO_OBJECT)?;
        let host = object.host;
        if let Call::Release {} = call {
            self.release_async(number);
            return Ok(Reply::OK);
        }
        if let Call::QueryInterface { riid } = call {
            let known = matches!(riid.as_deref(), Some("IUnknown" | "IVssAsync"));
            return if known { Ok(Reply::OK) } else { Err(Refusal::NO_INTERFACE) };
        }
        // Cancel's page lists no E_ACCESSDENIED, but COM rejects a stranger's calls before any method runs.
        self.admit(host, call)?;
        self.look_at_revert(number);
        let object = self.asyncs.get(&number).ok_or(Refusal::NO_OBJECT)?;
        let (before, only_tells) = (object.status, object.only_tells());
        match call {
            Call::QueryStatus { p_reserved, .. } => Ok(Reply::ok(Out::QueryStatus {
                p_hr_result: before.code(),
                p_reserved: p_reserved.is_valid().then_some(0),
            })),
            Call::Wait { dw_milliseconds } => {
                async_object::check_wait(self.world.os(host), *dw_milliseconds)?;
                self.wait(number, *dw_milliseconds);
                let after = self.asyncs.get(&number).map_or(before, |object| object.status);
                let code = async_object::waited(before, after, self.world.readings.wait_after_failure);
                Ok(code.into())
            }
            Call::Cancel {} if only_tells && before == async_object::Status::Pending => {
                Err(async_object::NO_CANCEL)
            }
            Call::Cancel {} => {
                let (code, stops) = async_object::cancel(before);
                if stops {
                    self.cancel(number);
                }
                Ok(code.into())
            }
            _ => Err(Refusal::NO_OBJECT),
        }
    }

    /// Who calls, with which pointers, and whether something breaks inside. Answers what goes wrong later in what the call
    /// begins.
    pub(super) fn admit(&mut self, host: usize, call: &Call) -> Result<Option<Cause>, Refusal> {
        let method = call.method();
        let caller = self.world.caller;
        // The page of ShouldBlockRevert alone asks for an administrator.
        let admitted = caller.may_request() && (method.name != "ShouldBlockRevert" || caller.administers());
        if !admitted {
            return Err(reasons::access_denied(method));
        }
        if let Some((name, pointer)) = call.bad_pointer() {
            return Err(reasons::bad_pointer(method, name, pointer));
        }
        match self.world.faults.strike(method.name, None) {
            Some(Cause::OutOfMemory) => Err(reasons::out_of_memory(method)),
            Some(Cause::ServiceBreaks) => {
                let refusal = reasons::unexpected(method, self.world.os(host).has_vss_e_unexpected());
                let message = format!(
                    "{method} failed unexpectedly: repeat it, and restart the service if it fails again"
                );
                self.world.log(refusal.code, &message);
                Err(refusal)
            }
            trouble => Ok(trouble),
        }
    }

    /// Something goes wrong in an accepted call that the call alone does not show. Answers what does so only in what the
    /// call begins.
    fn befall(&mut self, number: u32, cause: Option<Cause>) -> Option<Cause> {
        let damaged = cause == Some(Cause::DocumentDamaged);
        if let Some(session) = self.sessions.get_mut(&number) {
            session.document_damaged |= damaged;
        }
        cause.filter(|_| !damaged)
    }

    /// A document that was overwritten in memory is of no use to any method any more, and nothing repairs it. What the
    /// page of a method does not list is a failure inside.
    fn document_is_whole(&mut self, number: u32, method: Method) -> Result<(), Refusal> {
        let session = self.sessions.get(&number).filter(|session| session.document_damaged);
        let Some(session) = session.filter(|_| USING_THE_DOCUMENT.contains(&method.name)) else {
            return Ok(());
        };
        let refusal = match method.name {
            "SetBackupState" => Refusal::documented(HResult::VSS_E_INVALID_XML_DOCUMENT, "invalid-xml"),
            _ => reasons::unexpected(method, self.world.os(session.host).has_vss_e_unexpected()),
        };
        let message = format!("{method}: the document in memory cannot be read: begin with a new object");
        self.world.log(refusal.code, &message);
        Err(refusal)
    }
}
