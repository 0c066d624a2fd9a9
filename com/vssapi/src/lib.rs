//! `vssapi.dll` with the simulator inside: what a requester loads instead of Windows' own.
//!
//! | variable | says |
//! |---|---|
//! | `VSSLAB_LAB` | the file of the lab; the built-in one unless given |
//! | `VSSLAB_TRACE` | the file that a trace of every call is appended to |
//! | `VSSLAB_SCRATCH` | the directory for copies of volumes' files; the system's for temporary files unless given |
//! | `VSSLAB_FORWARD` | another `vssapi.dll`, which answers instead of the simulator |
//!
//! Beside the functions of Windows there is `VsslabControl`: see `vss_com::control`.

#![expect(unsafe_code, reason = "exported functions have names that others give them, and take pointers")]

mod backend;

use std::panic::catch_unwind;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};
use vss_com::abi::{BSTR, GUID, HRESULT, IUnknown, LPCWSTR, VSS_ID, VSS_SNAPSHOT_PROP, boolean};
use vss_com::control::{Request, Response};
use vss_com::server::{self, Server};
use vss_sim::api::Unavailable;

/// One for the process, made when the first function is called.
static SERVER: OnceLock<Arc<Server>> = OnceLock::new();

fn server() -> &'static Arc<Server> {
    SERVER.get_or_init(|| {
        // Safety: the function is there for as long as this library is.
        unsafe { atexit(close) };
        *beginner() = Some(thread::current().id());
        let made = catch_unwind(backend::from_environment);
        *beginner() = None;
        Server::new(
            made.unwrap_or_else(|_| Err(Unavailable::because("the backend panicked while it was made"))),
        )
    })
}

/// The thread that makes the server: what it asks of this DLL meanwhile, it asks by way of another one.
fn beginner() -> MutexGuard<'static, Option<ThreadId>> {
    static BEGINNER: Mutex<Option<ThreadId>> = Mutex::new(None);
    BEGINNER.lock().unwrap_or_else(PoisonError::into_inner)
}

unsafe extern "C" {
    /// Has a function called when the process ends, or when the library goes before that.
    fn atexit(function: extern "C" fn()) -> i32;
}

/// Nothing drops a static, but copies of files lie in a directory that has to go.
extern "C" fn close() {
    if let Some(server) = SERVER.get() {
        server.close();
    }
}

fn answer(request: &Request) -> Response {
    if *beginner() == Some(thread::current().id()) {
        return Response::Error("it would forward to itself: name another vssapi.dll".to_owned());
    }
    if *request == Request::StandAlone && SERVER.get().is_none() {
        backend::STANDS_ALONE.store(true, Ordering::SeqCst);
        return Response::Done;
    }
    server().control(request)
}

macro_rules! export {
    ($($name:ident = $export:literal ($($direction:tt $parameter:ident: $type:ty),*);)*) => {$(
        // Only linkers for Windows know what C++ makes of names there.
        #[cfg_attr(windows, unsafe(export_name = $export))]
        #[cfg_attr(not(windows), unsafe(no_mangle))]
        unsafe extern "system" fn $name($($parameter: $type),*) -> HRESULT {
            // Safety: the caller keeps the contract of the function.
            unsafe { server::$name(server(), $($parameter),*) }
        }
    )*};
}

mod exports {
    use super::*;

    vss_com::exported_functions!(export);

    #[unsafe(no_mangle)]
    unsafe extern "system" fn VssFreeSnapshotProperties(p_prop: *mut VSS_SNAPSHOT_PROP) {
        // Safety: the caller keeps the contract of the function.
        unsafe { server::VssFreeSnapshotProperties(p_prop) };
    }

    #[unsafe(no_mangle)]
    unsafe extern "system" fn VssFreeSnapshotPropertiesInternal(p_prop: *mut VSS_SNAPSHOT_PROP) {
        // Safety: the caller keeps the contract of the function.
        unsafe { server::VssFreeSnapshotProperties(p_prop) };
    }

    /// What the headers make of the documented function.
    #[unsafe(no_mangle)]
    unsafe extern "system" fn ShouldBlockRevertInternal(
        wsz_volume_name: LPCWSTR,
        pb_block: *mut boolean,
    ) -> HRESULT {
        // Safety: the caller keeps the contract of the function.
        unsafe { server::ShouldBlockRevert(server(), wsz_volume_name, pb_block) }
    }

    #[unsafe(no_mangle)]
    unsafe extern "system" fn VsslabControl(request: LPCWSTR, response: *mut BSTR) -> HRESULT {
        // Safety: the caller keeps the contract of the function.
        unsafe { server::VsslabControl(request, response, answer) }
    }

    #[unsafe(no_mangle)]
    unsafe extern "system" fn GetProviderMgmtInterface(
        _provider_id: VSS_ID,
        _interface_id: GUID,
        pp_itf: *mut *mut IUnknown,
    ) -> HRESULT {
        // Safety: the caller keeps the contract of the function.
        unsafe { server::GetProviderMgmtInterface(pp_itf) }
    }

    #[unsafe(no_mangle)]
    unsafe extern "system" fn GetProviderMgmtInterfaceInternal(
        _provider_id: VSS_ID,
        _interface_id: GUID,
        pp_itf: *mut *mut IUnknown,
    ) -> HRESULT {
        // Safety: the caller keeps the contract of the function.
        unsafe { server::GetProviderMgmtInterface(pp_itf) }
    }
}
