//! COM's rules: identity, references, and when the array is within reach.

use super::misuse::{Vtables, provider_of, well_behaved};
use super::{FakeArray, ask, described};
use crate::abi::*;
use crate::object::query;
use crate::provider::client::{CannotLoad, ComProvider};
use std::cell::Cell;
use std::ffi::c_void;
use std::path::Path;
use std::ptr::null_mut;
use vss_sim::api::{Guid, HResult, ProviderCall, ProviderObject, ProviderReply, Ptr};
use vss_sim::provider::HardwareProvider;

thread_local! {
    static ARRAY: Cell<*mut IVsslabArray> = const { Cell::new(null_mut()) };
}

fn load(provider: &mut ComProvider) -> ProviderReply {
    ask(provider, &ProviderCall::OnLoad { p_callback: Ptr::Valid })
}

fn unload(provider: &mut ComProvider) -> ProviderReply {
    ask(provider, &ProviderCall::OnUnload { b_force_unload: true })
}

/// The one breach of the reply, which says that.
#[track_caller]
fn only(reply: &ProviderReply, part: &str) {
    assert_eq!(reply.breaches.len(), 1, "{:?}", reply.breaches);
    assert!(reply.breaches[0].contains(part), "{:?}", reply.breaches);
}

#[test]
fn a_well_behaved_provider_breaks_no_rule() {
    let mut provider = provider_of(well_behaved());
    assert_eq!(load(&mut provider).breaches, []);
    assert_eq!(unload(&mut provider).breaches, []);
}

unsafe extern "system" fn keeps(_: *mut IVssProviderNotifications, callback: *mut IUnknown) -> HRESULT {
    // Safety: COM's contract.
    ARRAY.set(unsafe { query(callback) }.unwrap_or(null_mut()));
    0
}

unsafe extern "system" fn releases_what_is_not_its(
    _: *mut IVssProviderNotifications,
    callback: *mut IUnknown,
) -> HRESULT {
    ARRAY.set(callback.cast());
    // Safety: COM's contract, which this breaks.
    unsafe { ((*(*callback).vtable).Release)(callback) };
    0
}

fn now(array: *mut IVsslabArray) -> HRESULT {
    let mut ms = 0;
    // Safety: the object is never freed.
    unsafe { ((*(*array).vtable).Now)(array, &raw mut ms) }
}

unsafe extern "system" fn asks_from_another_thread(
    _: *mut IVssProviderCreateSnapshotSet,
    _: VSS_ID,
) -> HRESULT {
    let array = ARRAY.get().expose_provenance();
    let other = std::thread::spawn(move || now(std::ptr::with_exposed_provenance_mut(array)));
    other.join().unwrap_or(-1)
}

unsafe extern "system" fn asks(_: *mut IVssProviderCreateSnapshotSet, _: VSS_ID) -> HRESULT {
    now(ARRAY.get())
}

#[test]
fn the_array_is_within_reach_on_the_thread_of_a_call_while_it_lasts() {
    const WRONG_THREAD: HResult = HResult(0x8001_010E);
    let mut vtables = well_behaved();
    vtables.notifications.OnLoad = keeps;
    vtables.set.EndPrepareSnapshots = asks;
    vtables.set.PreCommitSnapshots = asks_from_another_thread;
    let mut provider = provider_of(vtables);
    load(&mut provider);
    let snapshot_set_id = vss_sim::api::SnapshotSetId::NULL;
    let end = ProviderCall::EndPrepareSnapshots { snapshot_set_id };
    assert_eq!(ask(&mut provider, &end).hresult, HResult::S_OK);
    let pre_commit = ProviderCall::PreCommitSnapshots { snapshot_set_id };
    assert_eq!(ask(&mut provider, &pre_commit).hresult, WRONG_THREAD);
    assert_eq!(crate::values::hresult(now(ARRAY.get())), HResult::RPC_E_DISCONNECTED);
    only(&unload(&mut provider), "1 references to IVsslabArray are still held");
    drop(provider);
    assert_eq!(crate::values::hresult(now(ARRAY.get())), HResult::RPC_E_DISCONNECTED, "still there");
}

#[test]
fn the_array_is_not_released_more_often_than_it_was_taken() {
    let mut vtables = well_behaved();
    vtables.notifications.OnLoad = releases_what_is_not_its;
    let mut provider = provider_of(vtables);
    only(&load(&mut provider), "IVsslabArray was released more often than it was taken");
    assert_eq!(crate::values::hresult(now(ARRAY.get())), HResult::RPC_E_DISCONNECTED);
    assert_eq!(unload(&mut provider).breaches, [], "it was told once");
}

unsafe extern "system" fn has_everything(
    this: *mut IUnknown,
    _: *const GUID,
    object: *mut *mut c_void,
) -> HRESULT {
    // Safety: COM's contract, which this breaks.
    unsafe {
        object.write(this.cast());
        ((*(*this).vtable).AddRef)(this);
    }
    0
}

unsafe extern "system" fn none_left(_: *mut IUnknown) -> ULONG {
    0
}

/// One vtable that all three chains begin with.
fn with_unknown(change: fn(&mut <IUnknown as Interface>::Vtable)) -> Vtables {
    let mut vtables = well_behaved();
    change(&mut vtables.ex.base.base);
    vtables
}

#[test]
fn an_object_has_no_interface_that_there_is_not() {
    let vtables = with_unknown(|unknown| unknown.QueryInterface = has_everything);
    let mut provider = provider_of(vtables);
    // Whatever is asked for is the first chain, where this slot is as long as that of OnUnload.
    let told = ask(
        &mut provider,
        &ProviderCall::OnLunEmpty { wsz_device_name: None, p_information: described("S1") },
    );
    assert!(told.breaches.iter().any(|breach| breach.contains("E_NOINTERFACE")), "{:?}", told.breaches);
}

#[test]
fn references_are_counted() {
    let mut provider = provider_of(with_unknown(|unknown| unknown.Release = none_left));
    let told = load(&mut provider);
    assert!(told.breaches[0].contains("and Release then 0"), "{:?}", told.breaches);
    only(&unload(&mut provider), "Release answered 0 while VSS still held references");
}

#[test]
fn what_cannot_be_loaded_is_told_with_the_reason() {
    let told =
        |dll: Option<&Path>| ComProvider::open(dll, Guid::nil()).expect_err("there is none").to_string();
    assert!(told(Some(Path::new("nowhere.dll"))).starts_with("cannot load nowhere.dll: "));
    if !cfg!(windows) {
        assert!(told(None).contains("name the DLL"));
        // Every program on Linux has this library.
        let none = told(Some(Path::new("libc.so.6")));
        assert!(none.starts_with("cannot load"), "a plain name begins in the working directory: {none}");
    }
}

unsafe extern "system" fn none(_: *const CLSID, _: *const IID, _: *mut LPVOID) -> HRESULT {
    0x8004_0111_u32.cast_signed()
}

unsafe extern "system" fn no_provider(_: *const CLSID, riid: *const IID, ppv: *mut LPVOID) -> HRESULT {
    // Safety: COM's contract.
    unsafe { super::misuse::class_of(super::misuse::bare, riid, ppv) }
}

#[test]
fn a_class_that_is_no_provider_is_told() {
    let told = ComProvider::of(none, Guid::nil()).expect_err("there is no class");
    assert!(matches!(told, CannotLoad::NoClass { code: HResult(0x8004_0111), .. }), "{told}");
    let told = ComProvider::of(no_provider, Guid::nil()).expect_err("it is no provider");
    assert!(told.to_string().contains("`IVssHardwareSnapshotProvider`"), "{told}");
}

#[test]
fn a_released_async_is_gone() {
    let mut provider = provider_of(well_behaved());
    let wait = ProviderCall::Wait { dw_milliseconds: 0 };
    let reply = provider.call(ProviderObject::Async(1), &wait, &mut FakeArray::default());
    assert_eq!(reply.hresult, HResult::E_HANDLE);
}
