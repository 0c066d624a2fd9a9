//! Classes: what makes the objects of a library.

use super::interface::interfaces;
use super::types::{BOOL, HRESULT, IID};
use super::unknown::IUnknown;
use std::ffi::c_void;
use uuid::uuid;

/// A pointer to anything.
pub type LPVOID = *mut c_void;

interfaces! {
    IClassFactory: IUnknown = Some(uuid!("00000001-0000-0000-c000-000000000046")) => {
        CreateInstance(in p_unk_outer: *mut IUnknown, in riid: *const IID, out ppv_object: *mut LPVOID);
        LockServer(in f_lock: BOOL);
    }
}
