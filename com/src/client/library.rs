//! The functions of a loaded DLL.

use crate::control::{self, Request, Response};
use crate::memory::{free_bstr, text};
use crate::values::IntoRaw;
use libloading::Symbol;
use std::error::Error;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::ptr::null_mut;
use vss_sim::api::Text;

use super::exported::Functions;
use crate::abi::BSTR;
use crate::memory::free_task_memory;

/// Why a DLL cannot stand behind a backend.
#[derive(Debug, thiserror::Error)]
pub enum CannotLoad {
    /// There is no such file, or the system does not load it.
    #[error("cannot load {}: {}", dll.display(), what_the_system_says(source))]
    Library {
        /// Which file.
        dll: PathBuf,
        /// What the system says.
        source: libloading::Error,
    },
    /// It does not export what every `vssapi.dll` exports.
    #[error("{} exports no `{function}`: it is no vssapi.dll", dll.display())]
    NoFunction {
        /// Which file.
        dll: PathBuf,
        /// The function.
        function: &'static str,
    },
    /// It is another `vssapi.dll`.
    #[error(
        "{} is not the simulator's vssapi.dll: it has no `VsslabControl`; use `--backend windows` for another one",
        dll.display()
    )]
    NotOurs {
        /// Which file.
        dll: PathBuf,
    },
    /// It cannot set up its lab.
    #[error("{} cannot be used: {reason}", dll.display())]
    Refuses {
        /// Which file.
        dll: PathBuf,
        /// What it says.
        reason: String,
    },
}

/// What a library cannot be loaded for: libloading itself only names the function that failed.
pub(crate) fn what_the_system_says(error: &libloading::Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

/// A loaded DLL. It stays loaded until the process ends: its threads and objects may outlive whoever loaded it.
#[derive(Debug)]
pub(super) struct Library {
    pub(super) functions: Functions,
    pub(super) control: Option<control::Function>,
}

impl Library {
    pub(super) fn load(dll: &Path) -> Result<Self, CannotLoad> {
        // Safety: what runs when a vssapi.dll is loaded asks nothing of its caller.
        let loaded = unsafe { libloading::Library::new(dll) };
        let loaded = loaded.map_err(|source| CannotLoad::Library { dll: dll.to_owned(), source })?;
        let library = ManuallyDrop::new(loaded);
        let functions = Functions::of(&library)
            .map_err(|function| CannotLoad::NoFunction { dll: dll.to_owned(), function })?;
        // Safety: the DLL that has a function of this name is ours, which gives it this type.
        let control: Result<Symbol<'_, control::Function>, _> = unsafe { library.get(control::EXPORT) };
        Ok(Self { functions, control: control.ok().map(|symbol| *symbol) })
    }

    pub(super) fn is_ours(&self) -> bool {
        self.control.is_some()
    }

    /// Asks the DLL; `None`: it is not ours, or its answer cannot be read.
    pub(super) fn control(&self, request: &Request) -> Option<Response> {
        let control = self.control?;
        let json: Text = serde_json::to_string(request).ok()?.into();
        let json: *const u16 = json.into_raw(&());
        let mut response = BSTR(null_mut());
        // Safety: both are what the function's type says; each is freed once.
        let answer = unsafe {
            control(json, &raw mut response);
            free_task_memory(json.cast_mut());
            let answer = text(response.0);
            free_bstr(response);
            answer
        };
        serde_json::from_str(&answer?).ok()
    }
}
