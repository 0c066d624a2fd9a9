//! A backend over the COM objects of a `vssapi.dll`: ours, or that of Windows.

mod by_hand;
mod exported;
mod library;
mod methods;
mod parameters;
mod registry;

use crate::control::{Request, Response, Source};
pub use library::CannotLoad;
use library::Library;
use registry::Registry;
use std::path::Path;
use vss_sim::api::{
    Action, Answer, Backend, Call, Capabilities, HResult, Object, Question, Reply, Target, Unavailable,
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
}

impl Client {
    /// Over our DLL, in which everything can be controlled.
    ///
    /// # Errors
    /// The DLL cannot be loaded, lacks a function, or is not ours.
    pub fn of_simulator(dll: &Path) -> Result<Self, CannotLoad> {
        let library = Library::load(dll)?;
        let described = library.control(&Request::Describe);
        match described {
            Some(Response::Described { target, capabilities }) => {
                let target = Target { backend: "com".to_owned(), os: target.os };
                let (registry, capabilities) = (Registry::default(), capabilities.into());
                Ok(Self { library, registry, target, capabilities })
            }
            Some(Response::Error(reason)) => Err(CannotLoad::Refuses { dll: dll.to_owned(), reason }),
            _ => Err(CannotLoad::NotOurs { dll: dll.to_owned() }),
        }
    }

    /// Over any DLL, of which nothing is asked but VSS.
    ///
    /// # Errors
    /// The DLL cannot be loaded or lacks a function.
    pub fn of_windows(dll: &Path) -> Result<Self, CannotLoad> {
        let target = Target { backend: "windows".to_owned(), os: std::env::consts::OS.to_owned() };
        let (library, registry) = (Library::load(dll)?, Registry::default());
        Ok(Self { library, registry, target, capabilities: Capabilities::empty() })
    }

    fn ask_dll(&self, request: &Request) -> Result<Response, Unavailable> {
        if self.capabilities.is_empty() {
            let reason = format!("backend `{}` takes no orders beside VSS calls", self.target.backend);
            return Err(Unavailable::because(reason));
        }
        match self.library.control(request) {
            Some(Response::Error(reason)) => Err(Unavailable::because(reason)),
            Some(response) => Ok(response),
            None => Err(Unavailable::because("the DLL gave no answer that can be read")),
        }
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
        match self.ask_dll(&Request::Describe)? {
            Response::Described { target, .. } => self.target.os = target.os,
            other => return Err(unexpected(&other)),
        }
        Ok(())
    }

    fn can_call(&self, on: Object, call: &Call) -> Result<(), Unavailable> {
        match on {
            Object::HOST => Ok(()),
            Object::Host(_) => Err(Unavailable::because("a DLL is loaded on one host alone")),
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
            _ if on == Object::HOST => self.library.call(&self.registry, call),
            _ => self.registry.call(on, call),
        }
        .unwrap_or(HResult::E_NOTIMPL.into())
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
