//! COM objects over a backend.
//!
//! A [`Server`] holds one backend. Each object that the backend hands out is seen through a COM object of its own, which
//! counts references and, with the last one gone, releases the backend's. Calls may come from any thread; they are made
//! one after another.

mod by_hand;
mod exported;
mod methods;
mod object;

use crate::control::{Request, Response};
use object::Place;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use vss_sim::api::{Backend, Call, HResult, Object, Reply, Unavailable};

pub use exported::*;

/// A backend behind COM.
pub struct Server {
    room: Mutex<Room>,
    live: AtomicU32,
}

/// What calls share.
struct Room {
    /// What answers, or why nothing does.
    backend: Result<Box<dyn Backend + Send>, Unavailable>,
    /// How often a lab was loaded: objects of an earlier one are disconnected.
    lab_number: u64,
    /// The host on which functions are called.
    host: Object,
}

impl Server {
    /// Puts that backend behind COM; if there is none, every call answers `E_UNEXPECTED` and [`Server::control`] why.
    pub fn new(backend: Result<Box<dyn Backend + Send>, Unavailable>) -> Arc<Self> {
        let room = Room { backend, lab_number: 0, host: Object::HOST };
        Arc::new(Self { room: Mutex::new(room), live: AtomicU32::new(0) })
    }

    /// How many COM objects a requester still holds references to.
    pub fn live_objects(&self) -> u32 {
        self.live.load(Ordering::SeqCst)
    }

    /// Does what is asked of it beside VSS.
    pub fn control(&self, request: &Request) -> Response {
        let mut room = self.lock();
        let room = &mut *room;
        let done =
            room.backend.as_mut().map_err(|unavailable| unavailable.clone()).and_then(|backend| {
                Ok(match request {
                    Request::Load(source) => {
                        backend.load(&source.lab()?)?;
                        room.lab_number += 1;
                        room.host = Object::HOST;
                        Response::Done
                    }
                    Request::OnHost(number) => {
                        room.host = Object::Host(*number);
                        Response::Done
                    }
                    Request::Act(action) => backend.act(action).map(|()| Response::Done)?,
                    Request::Ask(question) => backend.ask(question).map(Response::Answer)?,
                    Request::CallProvider { provider, on, call } => backend
                        .call_provider(*provider, *on, call)
                        .map(|reply| Response::ProviderReply(Box::new(reply)))?,
                    Request::Describe => Response::Described {
                        target: backend.target(),
                        capabilities: backend.capabilities().into(),
                    },
                    Request::LiveObjects => Response::LiveObjects(self.live_objects()),
                    Request::StandAlone => {
                        return Err(Unavailable::because(
                            "what answers has been chosen: ask for this first of all",
                        ));
                    }
                })
            });
        done.unwrap_or_else(|unavailable| Response::Error(unavailable.reason))
    }

    /// Ends what answers, with all that it keeps on disk: later calls answer `E_UNEXPECTED`. While a call is made, nothing
    /// happens.
    pub fn close(&self) {
        if let Ok(mut room) = self.room.try_lock() {
            room.backend = Err(Unavailable::because("the process ends"));
        }
    }

    /// A backend that panicked did so in one call; the others still have a right to an answer.
    fn lock(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the objects belong that are handed out now.
    fn place(self: &Arc<Self>) -> Place {
        Place { lab_number: self.lock().lab_number, server: Arc::clone(self) }
    }

    /// The host that the requester's process runs on.
    fn host(&self) -> Object {
        self.lock().host
    }

    fn call(&self, lab_number: u64, on: Object, call: &Call) -> Reply {
        let mut room = self.lock();
        if room.lab_number != lab_number {
            return HResult::RPC_E_DISCONNECTED.into();
        }
        match &mut room.backend {
            Ok(backend) => backend.call(on, call),
            Err(_) => HResult::E_UNEXPECTED.into(),
        }
    }
}
