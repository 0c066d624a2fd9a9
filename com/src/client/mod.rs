//! A backend over the COM objects of a `vssapi.dll`: ours, or that of Windows.

mod by_hand;
mod exported;
mod library;
mod methods;
mod parameters;
mod registry;
#[cfg(test)]
mod tests;

use crate::control::{Request, Response, Source};
pub use library::CannotLoad;
use library::Library;
pub(crate) use library::what_the_system_says;
pub(crate) use parameters::{Lent, Slot};
use registry::Registry;
use std::path::Path;
use vss_sim::api::{
    Action, Answer, Backend, Call, Capabilities, HResult, Object, ProviderCall, ProviderId, ProviderObject,
    ProviderReply, Question, Reply, Target, Unavailable,
};
use vss_sim::lab::Lab;

/// A backend that calls the functions of a DLL and the methods of the objects that these hand out.
///
/// It holds one reference to each object, asks it for the interface of a method before the method's first call, and
/// releases what is left when it is dropped.
#[derive(Debug)]
pub struct Client {
    library: Library,
    registry: Registry,
    target: Target,
    capabilities: Capabilities,
    /// The host that the DLL's functions are called on.
    host: Object,
}

impl Client {
    /// Over any DLL: one of ours can be controlled, of another nothing is asked but VSS.
    ///
    /// # Errors
    /// The DLL cannot be loaded, lacks a function, or cannot set up its lab.
    pub fn open(dll: &Path) -> Result<Self, CannotLoad> {
        Self::over(Library::load(dll)?, dll)
    }

    /// Over our DLL, in which everything can be controlled.
    ///
    /// # Errors
    /// The DLL cannot be loaded, lacks a function, cannot set up its lab, or is not ours.
    pub fn of_simulator(dll: &Path) -> Result<Self, CannotLoad> {
        let client = Self::open(dll)?;
        if client.library.is_ours() { Ok(client) } else { Err(CannotLoad::NotOurs { dll: dll.to_owned() }) }
    }

    /// As [`Client::open`], from within a DLL of ours: one behind it must not look at the same environment.
    ///
    /// # Errors
    /// As for [`Client::open`].
    pub fn behind(dll: &Path) -> Result<Self, CannotLoad> {
        let library = Library::load(dll)?;
        match library.control(&Request::StandAlone) {
            Some(Response::Error(reason)) => Err(CannotLoad::Refuses { dll: dll.to_owned(), reason }),
            _ => Self::over(library, dll),
        }
    }

    fn over(library: Library, dll: &Path) -> Result<Self, CannotLoad> {
        let (target, capabilities) = match library.control(&Request::Describe) {
            Some(Response::Described { target, capabilities }) => (behind_com(target), capabilities.into()),
            Some(Response::Error(reason)) => return Err(CannotLoad::Refuses { dll: dll.to_owned(), reason }),
            _ => (windows(), Capabilities::empty()),
        };
        Ok(Self { library, registry: Registry::default(), target, capabilities, host: Object::HOST })
    }

    fn ask_dll(&self, request: &Request) -> Result<Response, Unavailable> {
        if !self.library.is_ours() {
            return Err(Unavailable::because("Windows' own vssapi.dll takes no orders beside VSS calls"));
        }
        match self.library.control(request) {
            Some(Response::Error(reason)) => Err(Unavailable::because(reason)),
            Some(response) => Ok(response),
            None => Err(Unavailable::because("the DLL gave no answer that can be read")),
        }
    }

    /// Calls a function on a host of the lab; only a DLL of ours can be on another than the first.
    fn call_on_host(&mut self, host: Object, call: &Call) -> Option<Reply> {
        if let Object::Host(number) = host
            && host != self.host
        {
            if self.ask_dll(&Request::OnHost(number)).is_err() {
                return Some(HResult::RPC_E_DISCONNECTED.into());
            }
            self.host = host;
        }
        self.library.call(&self.registry, call)
    }

    /// How many COM objects of the DLL are still referred to, by anybody.
    ///
    /// # Errors
    /// The DLL is not ours.
    pub fn live_objects(&self) -> Result<u32, Unavailable> {
        match self.ask_dll(&Request::LiveObjects)? {
            Response::LiveObjects(count) => Ok(count),
            other => Err(unexpected(&other)),
        }
    }
}

/// What is seen of a DLL of ours: the simulator behind COM, or what that DLL passes calls on to.
fn behind_com(target: Target) -> Target {
    let backend = if target.backend == "sim" { "com".to_owned() } else { target.backend };
    Target { backend, os: target.os }
}

/// What is seen of any other DLL.
fn windows() -> Target {
    Target { backend: "windows".to_owned(), os: std::env::consts::OS.to_owned() }
}

fn unexpected(response: &Response) -> Unavailable {
    Unavailable::because(format!("the DLL answers something else: {response:?}"))
}

impl Backend for Client {
    fn target(&self) -> Target {
        self.target.clone()
    }

    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }

    fn load(&mut self, lab: &Lab) -> Result<(), Unavailable> {
        self.ask_dll(&Request::Load(Source::Lab(Box::new(lab.clone()))))?;
        self.registry = Registry::default();
        self.host = Object::HOST;
        match self.ask_dll(&Request::Describe)? {
            Response::Described { target, .. } => self.target = behind_com(target),
            other => return Err(unexpected(&other)),
        }
        Ok(())
    }

    fn can_call(&self, on: Object, call: &Call) -> Result<(), Unavailable> {
        match on {
            Object::HOST => Ok(()),
            Object::Host(_) if self.library.is_ours() => Ok(()),
            Object::Host(_) => {
                Err(Unavailable::because("Windows' own vssapi.dll is loaded on one host alone"))
            }
            _ if matches!(call, Call::Next { celt, .. } if *celt > by_hand::ELEMENTS_MAX) => {
                let most = by_hand::ELEMENTS_MAX;
                Err(Unavailable::because(format!("an array for more than {most} elements is not made")))
            }
            _ if self.registry.holds(on) => Ok(()),
            _ => Err(Unavailable::because(format!(
                "{on} is released: `{}` on it would be a call into freed memory",
                call.method().name
            ))),
        }
    }

    fn call(&mut self, on: Object, call: &Call) -> Reply {
        match call {
            Call::Release {} => self.registry.release(on),
            Call::QueryInterface { riid } => {
                self.registry.query_interface(on, riid.as_deref().unwrap_or_default())
            }
            _ if matches!(on, Object::Host(_)) => self.call_on_host(on, call),
            _ => self.registry.call(on, call),
        }
        .unwrap_or(HResult::E_NOTIMPL.into())
    }

    fn call_provider(
        &mut self,
        provider: ProviderId,
        on: ProviderObject,
        call: &ProviderCall,
    ) -> Result<ProviderReply, Unavailable> {
        match self.ask_dll(&Request::CallProvider { provider, on, call: Box::new(call.clone()) })? {
            Response::ProviderReply(reply) => Ok(*reply),
            other => Err(unexpected(&other)),
        }
    }

    fn act(&mut self, action: &Action) -> Result<(), Unavailable> {
        self.ask_dll(&Request::Act(action.clone())).map(drop)
    }

    fn ask(&self, question: &Question) -> Result<Answer, Unavailable> {
        match self.ask_dll(&Request::Ask(question.clone()))? {
            Response::Answer(answer) => Ok(answer),
            other => Err(unexpected(&other)),
        }
    }
}
