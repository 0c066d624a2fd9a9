//! The functions that a DLL exports: what they answer, given the server behind them.

use super::Server;
use super::methods::answered;
use crate::abi::{BSTR, HRESULT, IUnknown, LPCWSTR, VSS_SNAPSHOT_PROP};
use crate::boundary::{clear, guarded, put};
use crate::control::{Request, Response};
use crate::memory::{bstr, text};
use crate::values::{FromRaw, IntoRaw, Raw, kind_of_pointer};
use std::sync::Arc;
use vss_sim::api::{Call, HResult, Out, Ptr};

macro_rules! export {
    ($($name:ident = $export:literal ($($parameters:tt)*);)*) => {
        $(by_direction! { function [$name] $($parameters)* })*
    };
}

macro_rules! function {
    (
        $name:ident ($($parameter:ident: $type:ty),*)
        ($($in:ident: $in_type:ty,)*) ($($out:ident: $out_type:ty,)*)
    ) => {
        #[doc = concat!("`", stringify!($name), "`, called on the requester's host.")]
        ///
        /// # Safety
        /// What a parameter points to is what its type says.
        #[expect(non_snake_case, reason = "functions are named as in the headers")]
        pub unsafe fn $name(server: &Arc<Server>, $($parameter: $type),*) -> HRESULT {
            // Safety: the caller says so.
            guarded(|| unsafe {
                let place = server.place();
                let host = server.host();
                answered! { place, host, $name ($($in,)*) ($($out,)*) }
            })
        }
    };
}

crate::exported_functions!(export);

/// `VsslabControl`: what can be asked beside VSS, as [`crate::control`] describes it. `answer` is [`Server::control`], or
/// knows more.
///
/// # Safety
/// The request ends with a zero, and the response may be written.
#[expect(non_snake_case, reason = "named as it is exported")]
pub unsafe fn VsslabControl(
    request: LPCWSTR,
    response: *mut BSTR,
    answer: impl FnOnce(&Request) -> Response,
) -> HRESULT {
    // Safety: the caller says so.
    guarded(|| unsafe {
        clear(response);
        if kind_of_pointer(response) != Ptr::Valid {
            return HResult::E_POINTER;
        }
        let answer = match Request::parse(&text(request).unwrap_or_default()) {
            Ok(request) => answer(&request),
            Err(unavailable) => Response::Error(unavailable.reason),
        };
        let code = if matches!(answer, Response::Error(_)) { HResult::E_INVALIDARG } else { HResult::S_OK };
        let json = serde_json::to_string(&answer)
            .unwrap_or_else(|error| format!("{{\"error\":\"no JSON: {error}\"}}"));
        put(response, || bstr(&json));
        code
    })
}

/// `GetProviderMgmtInterface`: the management interfaces are none that anything here has.
///
/// # Safety
/// The pointer is bad, as far as that can be told, or may be written.
#[expect(non_snake_case, reason = "functions are named as in the headers")]
pub unsafe fn GetProviderMgmtInterface(pp_itf: *mut *mut IUnknown) -> HRESULT {
    // Safety: the caller says so.
    guarded(|| unsafe {
        clear(pp_itf);
        HResult::E_NOTIMPL
    })
}

/// `VssFreeSnapshotProperties`: frees the strings of the structure, which stays the caller's.
///
/// # Safety
/// The structure is null or one that a method filled in; its strings are used no more.
#[expect(non_snake_case, reason = "functions are named as in the headers")]
pub unsafe fn VssFreeSnapshotProperties(p_prop: *mut VSS_SNAPSHOT_PROP) {
    if kind_of_pointer(p_prop) == Ptr::Valid {
        // Safety: the caller says so. What is freed is forgotten, so that freeing twice does no harm.
        unsafe {
            let properties = p_prop.read_unaligned();
            clear(p_prop);
            properties.free();
        }
    }
}
