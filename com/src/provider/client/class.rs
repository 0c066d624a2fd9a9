//! Where a provider's objects come from: a class of a library, or one that the system knows.

use crate::abi::{CLSID, HRESULT, IClassFactory, IID, IUnknown, Interface, LPVOID};
use crate::client::what_the_system_says;
use crate::object::release;
use crate::values::hresult;
use libloading::Library;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::ptr::null_mut;
use vss_sim::api::{Guid, HResult};

/// Why a class is no hardware provider here.
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
    /// It does not export what every library with a provider exports.
    #[error("{} exports no `{function}`: {reason}", dll.display())]
    NoFunction {
        /// Which file.
        dll: PathBuf,
        /// The function.
        function: &'static str,
        /// What it is for.
        reason: &'static str,
    },
    /// It has no such class.
    #[error("{place} has no class {{{clsid}}}: {function} answers {code}; name the class of the provider")]
    NoClass {
        /// Which file, or the machine.
        place: String,
        /// The class.
        clsid: Guid,
        /// The function that was asked.
        function: &'static str,
        /// What it answered.
        code: HResult,
    },
    /// The class makes no object.
    #[error("the class {{{clsid}}} of {place} makes no object: {function} answers {code}")]
    NoObject {
        /// Which file, or the machine.
        place: String,
        /// The class.
        clsid: Guid,
        /// The method that was asked.
        function: &'static str,
        /// What it answered.
        code: HResult,
    },
    /// Its objects are no hardware providers.
    #[error(
        "the class {{{clsid}}} of {place} is no hardware provider: QueryInterface answers {code} for `{interface}`"
    )]
    NoInterface {
        /// Which file, or the machine.
        place: String,
        /// The class.
        clsid: Guid,
        /// The interface that every hardware provider has.
        interface: &'static str,
        /// What was answered.
        code: HResult,
    },
    /// No library is named, and no system knows classes by their ids alone.
    #[error("which library has the class {{{clsid}}}? Only Windows finds classes by their ids: name the DLL")]
    NoLibrary {
        /// The class.
        clsid: Guid,
    },
}

/// `DllGetClassObject`.
pub type GetClassObject =
    unsafe extern "system" fn(rclsid: *const CLSID, riid: *const IID, ppv: *mut LPVOID) -> HRESULT;

/// A class. Its library stays loaded until the process ends: threads of its may outlive every object.
#[derive(Debug)]
pub(super) struct Class {
    clsid: Guid,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Library(PathBuf, GetClassObject),
    #[cfg(windows)]
    System,
}

impl Class {
    /// The class of a library, or where none is named one that the system knows.
    pub(super) fn find(dll: Option<&Path>, clsid: Guid) -> Result<Self, CannotLoad> {
        let source = match dll {
            Some(dll) => library(dll)?,
            None => system(clsid)?,
        };
        Ok(Self { clsid, source })
    }

    /// A class of this program.
    pub(super) fn of(get: GetClassObject, clsid: Guid) -> Self {
        Self { clsid, source: Source::Library("this program".into(), get) }
    }

    fn place(&self) -> String {
        match &self.source {
            Source::Library(dll, _) => dll.display().to_string(),
            #[cfg(windows)]
            Source::System => "this machine".to_owned(),
        }
    }

    /// A new object.
    pub(super) fn create(&self) -> Result<*mut IUnknown, CannotLoad> {
        // VSS calls a provider in COM's multithreaded apartment.
        #[cfg(windows)]
        crate::machine::initialise_com();
        let (place, clsid) = (self.place(), self.clsid);
        match &self.source {
            Source::Library(_, get) => {
                let factory = class_object(*get, clsid).map_err(|code| CannotLoad::NoClass {
                    place: place.clone(),
                    clsid,
                    function: "DllGetClassObject",
                    code,
                })?;
                let function = "IClassFactory::CreateInstance";
                instance(factory).map_err(|code| CannotLoad::NoObject { place, clsid, function, code })
            }
            #[cfg(windows)]
            Source::System => registered::create(clsid).map_err(|code| CannotLoad::NoClass {
                place,
                clsid,
                function: "CoCreateInstance",
                code,
            }),
        }
    }

    /// What is said of an object that lacks an interface.
    pub(super) fn lacks<I: Interface>(&self, code: HResult) -> CannotLoad {
        CannotLoad::NoInterface { place: self.place(), clsid: self.clsid, interface: I::NAME, code }
    }
}

/// Loads a library. The working directory is where a relative path begins, for every system.
fn library(dll: &Path) -> Result<Source, CannotLoad> {
    let path = std::path::absolute(dll).unwrap_or_else(|_| dll.to_owned());
    // Safety: what runs when a COM server is loaded asks nothing of its caller.
    let loaded = unsafe { Library::new(path) };
    let loaded = loaded.map_err(|source| CannotLoad::Library { dll: dll.to_owned(), source })?;
    let library = ManuallyDrop::new(loaded);
    let lacks = |function, reason| CannotLoad::NoFunction { dll: dll.to_owned(), function, reason };
    // Safety: COM gives this type to the function of this name.
    let get = unsafe { library.get::<GetClassObject>(b"DllGetClassObject") };
    let get = *get.map_err(|_| lacks("DllGetClassObject", "it is no COM server"))?;
    #[cfg(not(windows))]
    {
        use crate::memory::{USE_ALLOCATOR, UseAllocator, shared_allocator};
        // Safety: the header of such libraries gives this type to the function of this name.
        let told = unsafe { library.get::<UseAllocator>(USE_ALLOCATOR) };
        let why = "off Windows a provider is told by it where CoTaskMemAlloc is (vsslab_provider.h)";
        let told = told.map_err(|_| lacks("VsslabUseAllocator", why))?;
        // Safety: the functions stay where they are.
        unsafe { told(shared_allocator()) };
    }
    Ok(Source::Library(dll.to_owned(), get))
}

fn class_object(get: GetClassObject, clsid: Guid) -> Result<*mut IClassFactory, HResult> {
    let (clsid, iid) = (CLSID::from(clsid), iid_of::<IClassFactory>());
    let mut factory = null_mut();
    // Safety: the function has this type.
    let code = hresult(unsafe { get(&raw const clsid, &raw const iid, &raw mut factory) });
    if code.is_failure() {
        return Err(code);
    }
    if factory.is_null() { Err(HResult::E_POINTER) } else { Ok(factory.cast()) }
}

/// Makes an object, and gives the factory back.
fn instance(factory: *mut IClassFactory) -> Result<*mut IUnknown, HResult> {
    let iid = iid_of::<IUnknown>();
    let mut object = null_mut();
    // Safety: a reference to the factory is held, and given back.
    let code = unsafe {
        let code =
            ((*(*factory).vtable).CreateInstance)(factory, null_mut(), &raw const iid, &raw mut object);
        release(factory);
        hresult(code)
    };
    if code.is_failure() {
        return Err(code);
    }
    if object.is_null() { Err(HResult::E_POINTER) } else { Ok(object.cast()) }
}

fn iid_of<I: Interface>() -> IID {
    I::IID.unwrap_or_default().into()
}

#[cfg(not(windows))]
fn system(clsid: Guid) -> Result<Source, CannotLoad> {
    Err(CannotLoad::NoLibrary { clsid })
}

#[cfg(windows)]
fn system(_clsid: Guid) -> Result<Source, CannotLoad> {
    Ok(Source::System)
}

#[cfg(windows)]
mod registered {
    use super::{CLSID, Guid, HRESULT, HResult, IID, IUnknown, LPVOID, hresult, iid_of, null_mut};

    #[link(name = "ole32")]
    unsafe extern "system" {
        fn CoCreateInstance(
            rclsid: *const CLSID,
            outer: *mut IUnknown,
            context: u32,
            riid: *const IID,
            ppv: *mut LPVOID,
        ) -> HRESULT;
    }

    /// A class in a DLL or in a program of this machine.
    pub(super) fn create(clsid: Guid) -> Result<*mut IUnknown, HResult> {
        const INPROC_OR_LOCAL_SERVER: u32 = 0x1 | 0x4;
        let (clsid, iid) = (CLSID::from(clsid), iid_of::<IUnknown>());
        let mut object = null_mut();
        // Safety: the pointers lead to what their types say.
        let code = unsafe {
            let context = INPROC_OR_LOCAL_SERVER;
            CoCreateInstance(&raw const clsid, null_mut(), context, &raw const iid, &raw mut object)
        };
        let code = hresult(code);
        if code.is_failure() { Err(code) } else { Ok(object.cast()) }
    }
}
