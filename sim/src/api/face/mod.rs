//! The typed face over any [`Backend`]: objects with methods, named and split as the COM interfaces are.
//!
//! Every method is one call. A failing code comes back as `Err`; an object is released when it is dropped.
//!
//! ```
//! use vss_sim::api::face::Vss;
//! use vss_sim::api::{BackupType, SnapshotContext};
//! use vss_sim::lab::Lab;
//! use vss_sim::service::Simulator;
//!
//! let vss = Vss::new(Simulator::new(&Lab::default_lab())?);
//! let backup = vss.create_vss_backup_components()?;
//! backup.initialize_for_backup(None)?;
//! backup.set_context(SnapshotContext::NAS_ROLLBACK)?;
//! backup.start_snapshot_set()?;
//! let snapshot = backup.add_to_snapshot_set(r"D:\", None)?;
//! backup.do_snapshot_set()?.finish()?;
//! assert_eq!(backup.get_snapshot_properties(snapshot)?.snapshots_count, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod async_object;
mod backup_components;
mod catalogue;
mod enum_object;
mod ex3;

use std::cell::RefCell;
use std::rc::Rc;

use super::{Action, Answer, Backend, Call, HResult, Object, Out, Question, Reply, Unavailable};

pub use async_object::Async;
pub use backup_components::{BackupComponents, WriterStatus};
pub use catalogue::NotDeleted;
pub use enum_object::EnumObject;
pub use ex3::WriterStatusEx;

/// A backend that several objects share, as COM objects share a service.
#[derive(Debug)]
pub struct Vss<B> {
    backend: Rc<RefCell<B>>,
}

impl<B> Clone for Vss<B> {
    fn clone(&self) -> Self {
        Self { backend: Rc::clone(&self.backend) }
    }
}

impl<B: Backend> Vss<B> {
    /// Over that backend.
    pub fn new(backend: B) -> Self {
        Self { backend: Rc::new(RefCell::new(backend)) }
    }

    /// `CreateVssBackupComponents` on the first host.
    ///
    /// # Errors
    /// The code that the function returns.
    pub fn create_vss_backup_components(&self) -> Result<BackupComponents<B>, HResult> {
        self.create_vss_backup_components_on(1)
    }

    /// `CreateVssBackupComponents` on the host of that number in the lab, counted from 1.
    ///
    /// # Errors
    /// The code that the function returns.
    pub fn create_vss_backup_components_on(&self, host: u32) -> Result<BackupComponents<B>, HResult> {
        let reply = self.call(Object::Host(host), &Call::CREATE_VSS_BACKUP_COMPONENTS)?;
        match reply.out {
            Some(Out::CreateVssBackupComponents { pp_backup }) => {
                Ok(BackupComponents::new(self.clone(), pp_backup))
            }
            _ => Err(HResult::E_UNEXPECTED),
        }
    }

    /// Does something beside the requester.
    ///
    /// # Errors
    /// Why the backend cannot do that.
    pub fn act(&self, action: &Action) -> Result<(), Unavailable> {
        self.backend.borrow_mut().act(action)
    }

    /// Looks at effects.
    ///
    /// # Errors
    /// Why the backend cannot tell.
    pub fn ask(&self, question: &Question) -> Result<Answer, Unavailable> {
        self.backend.borrow().ask(question)
    }

    /// Any call on any object.
    ///
    /// # Errors
    /// The failing code.
    pub fn call(&self, on: Object, call: &Call) -> Result<Reply, HResult> {
        let reply = self.reply(on, call);
        if reply.hresult.is_success() { Ok(reply) } else { Err(reply.hresult) }
    }

    /// The same, with what a failing call wrote.
    fn reply(&self, on: Object, call: &Call) -> Reply {
        self.backend.borrow_mut().call(on, call)
    }

    /// Reaches behind the calls.
    #[cfg(test)]
    pub(crate) fn with_backend_mut<T>(&self, reach: impl FnOnce(&mut B) -> T) -> T {
        reach(&mut self.backend.borrow_mut())
    }

    fn release(&self, object: Object) {
        // A backend that is busy at this moment is being torn down; then there is nothing to release.
        if let Ok(mut backend) = self.backend.try_borrow_mut() {
            backend.call(object, &Call::RELEASE);
        }
    }
}

/// Takes the \[out\] value of a method's reply, or fails as a broken backend would.
macro_rules! out {
    ($reply:expr, $variant:ident { $value:ident }) => {
        match $reply.out {
            Some($crate::api::Out::$variant { $value }) => Ok($value),
            _ => Err($crate::api::HResult::E_UNEXPECTED),
        }
    };
}

use out;
