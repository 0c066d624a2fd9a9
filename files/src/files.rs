//! The backend.

use std::path::PathBuf;

use vss_sim::api::{
    Action, Answer, Backend, Call, Capabilities, Object, ProviderCall, ProviderId, ProviderObject,
    ProviderReply, Question, Reply, Target, Unavailable,
};
use vss_sim::lab::Lab;

use crate::volumes::VolumesWithFiles;

/// A backend whose volumes have files where the lab names directories. Everything else it passes on.
#[derive(Debug)]
pub struct Files<B> {
    backend: B,
    /// Where scratch directories are made.
    parent: PathBuf,
    /// `None`: the lab names no directory.
    volumes: Option<VolumesWithFiles>,
}

impl<B: Backend> Files<B> {
    /// Loads `lab` into `backend`. Copies go under the system's temporary directory.
    ///
    /// # Errors
    /// A volume's directory cannot be read, there is no place for copies, or the backend cannot offer that lab.
    pub fn new(backend: B, lab: &Lab) -> Result<Self, Unavailable> {
        Self::new_in(backend, lab, std::env::temp_dir())
    }

    /// [`Files::new`] with the directory under which copies go; it has to be there.
    ///
    /// # Errors
    /// As [`Files::new`].
    pub fn new_in(backend: B, lab: &Lab, parent: impl Into<PathBuf>) -> Result<Self, Unavailable> {
        let mut files = Self { backend, parent: parent.into(), volumes: None };
        files.load(lab)?;
        Ok(files)
    }
}

impl<B: Backend> Backend for Files<B> {
    fn target(&self) -> Target {
        self.backend.target()
    }

    fn capabilities(&self) -> Capabilities {
        self.backend.capabilities()
    }

    fn load(&mut self, lab: &Lab) -> Result<(), Unavailable> {
        let volumes = VolumesWithFiles::of(lab, &self.parent, &self.backend)?;
        self.backend.load(lab)?;
        self.volumes = volumes;
        Ok(())
    }

    fn can_call(&self, on: Object, call: &Call) -> Result<(), Unavailable> {
        self.backend.can_call(on, call)
    }

    fn call(&mut self, on: Object, call: &Call) -> Reply {
        let Some(volumes) = &mut self.volumes else { return self.backend.call(on, call) };
        let reply = self.backend.call(on, call);
        volumes.after(&mut self.backend, on, call, reply)
    }

    fn call_provider(
        &mut self,
        provider: ProviderId,
        on: ProviderObject,
        call: &ProviderCall,
    ) -> Result<ProviderReply, Unavailable> {
        self.backend.call_provider(provider, on, call)
    }

    fn act(&mut self, action: &Action) -> Result<(), Unavailable> {
        let done = self.backend.act(action);
        if let Some(volumes) = &mut self.volumes {
            volumes.drop_copies(&self.backend);
        }
        done
    }

    fn ask(&self, question: &Question) -> Result<Answer, Unavailable> {
        match &self.volumes {
            Some(volumes) => volumes.ask(&self.backend, question),
            None => self.backend.ask(question),
        }
    }
}
