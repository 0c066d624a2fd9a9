//! Small providers by hand, each wrong in one slot: what they do with memory is found, named and survived.

use super::{ask, described};
use crate::abi::*;
use crate::memory::{CoTaskMemAlloc, CoTaskMemFree, task_array};
use crate::object::{ComObject, Face, release};
use crate::provider::client::ComProvider;
use rstest::rstest;
use std::cell::Cell;
use std::ptr::null_mut;
use vss_sim::api::{Guid, HResult, LunInformation, ProviderCall, ProviderReply, Ptr};

/// What an object has in its slots.
#[derive(Clone, Copy)]
pub(super) struct Vtables {
    pub(super) ex: <IVssHardwareSnapshotProviderEx as Interface>::Vtable,
    pub(super) set: <IVssProviderCreateSnapshotSet as Interface>::Vtable,
    pub(super) notifications: <IVssProviderNotifications as Interface>::Vtable,
}

const UNKNOWN: <IUnknown as Interface>::Vtable = ComObject::<()>::UNKNOWN;

/// Functions that do nothing but succeed.
macro_rules! succeed {
    ($($interface:ident { $($field:ident: $value:expr),* } $($method:ident($($type:ty),*))*;)*) => {
        ($({
            type Vtable = <$interface as Interface>::Vtable;
            $(#[expect(non_snake_case, reason = "methods are named as in the headers")]
            unsafe extern "system" fn $method(_: *mut $interface, $(_: $type),*) -> HRESULT { 0 })*
            Vtable { $($field: $value,)* $($method),* }
        }),*)
    };
}

/// An object that does nothing, and nothing wrong.
pub(super) fn well_behaved() -> Vtables {
    type Lun = *mut VDS_LUN_INFORMATION;
    let (hardware, set, notifications) = succeed! {
        IVssHardwareSnapshotProvider { base: UNKNOWN }
            AreLunsSupported(LONG, LONG, *mut VSS_PWSZ, Lun, *mut BOOL) FillInLunInfo(VSS_PWSZ, Lun, *mut BOOL)
            BeginPrepareSnapshot(VSS_ID, VSS_ID, LONG, LONG, *mut VSS_PWSZ, Lun)
            GetTargetLuns(LONG, *mut VSS_PWSZ, Lun, Lun) LocateLuns(LONG, Lun) OnLunEmpty(VSS_PWSZ, Lun);
        IVssProviderCreateSnapshotSet { base: UNKNOWN }
            EndPrepareSnapshots(VSS_ID) PreCommitSnapshots(VSS_ID) CommitSnapshots(VSS_ID)
            PostCommitSnapshots(VSS_ID, LONG) PreFinalCommitSnapshots(VSS_ID) PostFinalCommitSnapshots(VSS_ID)
            AbortSnapshots(VSS_ID);
        IVssProviderNotifications { base: UNKNOWN } OnLoad(*mut IUnknown) OnUnload(BOOL);
    };
    type Hardware = <IVssHardwareSnapshotProvider as Interface>::Vtable;
    let hardware = Hardware { FillInLunInfo: recognises, ..hardware };
    let (ex,) = (succeed! {
        IVssHardwareSnapshotProviderEx { base: hardware }
            GetProviderCapabilities(*mut ULONGLONG) OnLunStateChange(Lun, Lun, DWORD, DWORD)
            ResyncLuns(Lun, Lun, DWORD, *mut *mut IVssAsync) OnReuseLuns(Lun, Lun, DWORD);
    },);
    Vtables { ex, set, notifications }
}

thread_local! {
    /// What the class of this thread makes.
    static MADE: Cell<Option<Vtables>> = const { Cell::new(None) };
}

fn made() -> *mut IUnknown {
    let vtables: &'static Vtables = Box::leak(Box::new(MADE.get().expect("set by the test")));
    let hardware = &[IVssHardwareSnapshotProvider::IID, IVssHardwareSnapshotProviderEx::IID];
    let faces = [
        Face::of::<IVssHardwareSnapshotProviderEx>(&vtables.ex, hardware),
        Face::of::<IVssProviderCreateSnapshotSet>(&vtables.set, &[IVssProviderCreateSnapshotSet::IID]),
        Face::of::<IVssProviderNotifications>(&vtables.notifications, &[IVssProviderNotifications::IID]),
    ];
    ComObject::make(&faces, 1, ())
}

/// An object with no interface but `IUnknown`.
pub(super) fn bare() -> *mut IUnknown {
    static VTABLE: <IUnknown as Interface>::Vtable = UNKNOWN;
    ComObject::make(&[Face::of::<IUnknown>(&VTABLE, &[])], 1, ())
}

type Make = fn() -> *mut IUnknown;

/// A class by hand.
pub(super) unsafe fn class_of(make: Make, riid: *const IID, ppv: *mut LPVOID) -> HRESULT {
    unsafe extern "system" fn create(
        this: *mut IClassFactory,
        _: *mut IUnknown,
        riid: *const IID,
        ppv: *mut LPVOID,
    ) -> HRESULT {
        // Safety: COM's contract.
        unsafe { hand_over(ComObject::<Make>::of(this)(), riid, ppv) }
    }
    unsafe extern "system" fn lock(_: *mut IClassFactory, _: BOOL) -> HRESULT {
        0
    }
    unsafe fn hand_over(new: *mut IUnknown, riid: *const IID, ppv: *mut LPVOID) -> HRESULT {
        // Safety: the caller holds a reference to it, and gives it up.
        unsafe {
            let code = ((*(*new).vtable).QueryInterface)(new, riid, ppv);
            release(new);
            code
        }
    }
    static VTABLE: <IClassFactory as Interface>::Vtable = {
        type Vtable = <IClassFactory as Interface>::Vtable;
        Vtable { base: ComObject::<Make>::UNKNOWN, CreateInstance: create, LockServer: lock }
    };
    let face = Face::of::<IClassFactory>(&VTABLE, &[IClassFactory::IID]);
    // Safety: the caller says so.
    unsafe { hand_over(ComObject::make(&[face], 1, make), riid, ppv) }
}

unsafe extern "system" fn get_class_object(_: *const CLSID, riid: *const IID, ppv: *mut LPVOID) -> HRESULT {
    // Safety: COM's contract.
    unsafe { class_of(made, riid, ppv) }
}

pub(super) fn provider_of(vtables: Vtables) -> ComProvider {
    MADE.set(Some(vtables));
    ComProvider::of(get_class_object, Guid::nil()).expect("it is a provider")
}

unsafe extern "system" fn recognises(
    _: *mut IVssHardwareSnapshotProvider,
    _: VSS_PWSZ,
    _: *mut VDS_LUN_INFORMATION,
    supported: *mut BOOL,
) -> HRESULT {
    // Safety: COM's contract.
    unsafe { supported.write(1) };
    0
}

/// What a provider does to the structure that it may write, and a structure that it may only read.
type Deed = unsafe fn(*mut VDS_LUN_INFORMATION, *mut VDS_LUN_INFORMATION);

thread_local! {
    static DEED: Cell<Deed> = const { Cell::new(nothing) };
}

unsafe fn nothing(_: *mut VDS_LUN_INFORMATION, _: *mut VDS_LUN_INFORMATION) {}

unsafe extern "system" fn fill_in(
    _: *mut IVssHardwareSnapshotProvider,
    _: VSS_PWSZ,
    lun: *mut VDS_LUN_INFORMATION,
    supported: *mut BOOL,
) -> HRESULT {
    // Safety: COM's contract, as far as the deed keeps it.
    unsafe {
        supported.write(1);
        DEED.get()(lun, null_mut());
    }
    0
}

unsafe extern "system" fn target_luns(
    _: *mut IVssHardwareSnapshotProvider,
    _: LONG,
    _: *mut VSS_PWSZ,
    sources: *mut VDS_LUN_INFORMATION,
    copies: *mut VDS_LUN_INFORMATION,
) -> HRESULT {
    // Safety: COM's contract, as far as the deed keeps it.
    unsafe { DEED.get()(copies, sources) };
    0
}

fn provider_that_does(deed: Deed) -> ComProvider {
    DEED.set(deed);
    let mut vtables = well_behaved();
    vtables.ex.base.FillInLunInfo = fill_in;
    vtables.ex.base.GetTargetLuns = target_luns;
    provider_of(vtables)
}

fn fill_in_call() -> ProviderCall {
    ProviderCall::FillInLunInfo {
        wsz_device_name: Some("device".into()),
        p_lun_info: described("S1"),
        pb_is_supported: Ptr::Valid,
    }
}

fn target_call() -> ProviderCall {
    ProviderCall::GetTargetLuns {
        l_lun_count: 2,
        rg_device_names: vec!["one".into(), "two".into()],
        rg_source_luns: vec![described("S1"), described("S2")],
        rg_destination_luns: vec![LunInformation::default(); 2],
    }
}

fn string(text: &[u8]) -> *mut CHAR {
    task_array(text).cast()
}

unsafe fn free<T>(memory: *mut T) {
    // Safety: the caller says so, or means it.
    unsafe { CoTaskMemFree(memory.cast()) };
}

macro_rules! deed {
    (|$lun:ident, $source:ident| $body:block) => {{
        unsafe fn deed($lun: *mut VDS_LUN_INFORMATION, $source: *mut VDS_LUN_INFORMATION) {
            let _ = ($lun, $source);
            // Safety: COM's contract, as far as it is kept.
            unsafe { $body }
        }
        deed as Deed
    }};
}

#[rstest]
#[case::foreign(
    deed!(|lun, _source| { free((*lun).vendor_id); (*lun).vendor_id = c"ACME".as_ptr().cast_mut(); }),
    "pLunInfo[0].m_szVendorId is no memory of CoTaskMemAlloc"
)]
#[case::dangling(
    deed!(|lun, _source| { free((*lun).serial_number); }),
    "pLunInfo[0].m_szSerialNumber still leads to memory that the provider freed"
)]
#[case::freed(
    deed!(|lun, _source| { free((*lun).product_id); (*lun).product_id = null_mut(); }),
    "pLunInfo[0].m_szProductId was freed, and nothing put in its place"
)]
#[case::forgotten(
    deed!(|lun, _source| { (*lun).vendor_id = string(b"NEW\0"); }),
    "pLunInfo[0].m_szVendorId was replaced, and the memory that VSS passed there was not freed"
)]
#[case::nulled(
    deed!(|lun, _source| { (*lun).vendor_id = null_mut(); }),
    "pLunInfo[0].m_szVendorId was set to null, and the memory that VSS passed there was not freed"
)]
#[case::inside(
    deed!(|lun, _source| { free((*lun).vendor_id); (*lun).vendor_id = string(b"xACME\0").add(1); }),
    "pLunInfo[0].m_szVendorId leads into the middle of a block"
)]
#[case::shared(
    deed!(|lun, _source| { free((*lun).vendor_id); (*lun).vendor_id = (*lun).product_id; }),
    "pLunInfo[0].m_szProductId is the same memory as pLunInfo[0].m_szVendorId"
)]
#[case::endless(
    deed!(|lun, _source| { free((*lun).vendor_id); (*lun).vendor_id = string(b"ACME"); }),
    "pLunInfo[0].m_szVendorId has no zero at its end"
)]
#[case::too_many(
    deed!(|lun, _source| { (*lun).device_id_descriptor.count = 9; }),
    "pLunInfo[0].m_deviceIdDescriptor.m_rgIdentifiers has room for 1 elements, although 9 are counted"
)]
#[case::too_long(
    deed!(|lun, _source| { (*(*lun).device_id_descriptor.identifiers).identifier_bytes = 1 << 20; }),
    "pLunInfo[0].m_deviceIdDescriptor.m_rgIdentifiers[0].m_rgbIdentifier has room for 2 elements"
)]
#[case::counted_null(
    deed!(|lun, _source| { let first = (*lun).device_id_descriptor.identifiers; free((*first).identifier); (*first).identifier = null_mut(); }),
    "m_rgbIdentifier is null, although 2 elements are counted"
)]
#[case::ports(
    deed!(|lun, _source| { *(*(*lun).interconnects).port = 9; }),
    "pLunInfo[0].m_rgInterconnects was changed"
)]
#[case::array(deed!(|lun, _source| { free(lun); }), "pLunInfo is only lent to the method, and was freed")]
#[case::twice(
    deed!(|lun, _source| { let new = string(b"NEW\0"); free((*lun).vendor_id); free((*lun).vendor_id); (*lun).vendor_id = new; }),
    "freed a block of task memory twice"
)]
#[case::no_block(
    deed!(|lun, _source| { free(std::ptr::from_ref(&lun).cast_mut()); }),
    "an address that CoTaskMemAlloc never handed out"
)]
fn what_is_wrong_with_a_structure_is_found(#[case] deed: Deed, #[case] told: &str) {
    let mut provider = provider_that_does(deed);
    let reply = ask(&mut provider, &fill_in_call());
    assert_eq!(reply.hresult, HResult::S_OK);
    assert!(reply.breaches.iter().any(|breach| breach.contains(told)), "{:?}", reply.breaches);
    // It goes on.
    DEED.set(nothing);
    assert_eq!(ask(&mut provider, &fill_in_call()).breaches, []);
}

#[rstest]
#[case::replaced(deed!(|lun, _source| { free((*lun).vendor_id); (*lun).vendor_id = string(b"NEW\0"); }))]
#[case::moved(deed!(|lun, _source| { std::mem::swap(&mut (*lun).vendor_id, &mut (*lun).product_id); }))]
fn who_replaces_or_moves_strings_as_com_wants_it_breaks_no_rule(#[case] deed: Deed) {
    let reply = ask(&mut provider_that_does(deed), &fill_in_call());
    assert_eq!((reply.hresult, reply.breaches), (HResult::S_OK, Vec::new()));
}

#[rstest]
#[case::handed_on(
    deed!(|copies, sources| { (*copies).vendor_id = (*sources).vendor_id; }),
    "rgDestinationLuns[0].m_szVendorId is the memory of rgSourceLuns[0].m_szVendorId, which is only lent"
)]
#[case::freed(
    deed!(|_copies, sources| { free((*sources.add(1)).serial_number); }),
    "rgSourceLuns[1].m_szSerialNumber is only lent to the method, and was freed"
)]
#[case::once_for_two(
    deed!(|copies, _sources| { let one = string(b"ACME\0"); (*copies).vendor_id = one; (*copies.add(1)).vendor_id = one; }),
    "rgDestinationLuns[1].m_szVendorId is the same memory as rgDestinationLuns[0].m_szVendorId"
)]
fn what_is_only_read_stays_with_vss(#[case] deed: Deed, #[case] told: &str) {
    let reply = ask(&mut provider_that_does(deed), &target_call());
    assert_eq!(reply.breaches.len(), 1, "{:?}", reply.breaches);
    assert!(reply.breaches[0].contains(told), "{:?}", reply.breaches);
}

unsafe extern "system" fn writes_nothing(
    _: *mut IVssHardwareSnapshotProvider,
    _: VSS_PWSZ,
    _: *mut VDS_LUN_INFORMATION,
    _: *mut BOOL,
) -> HRESULT {
    0
}

unsafe extern "system" fn fails_with_an_async(
    _: *mut IVssHardwareSnapshotProviderEx,
    _: *mut VDS_LUN_INFORMATION,
    _: *mut VDS_LUN_INFORMATION,
    _: DWORD,
    operation: *mut *mut IVssAsync,
) -> HRESULT {
    // Safety: COM's contract.
    unsafe { operation.write(operation.cast()) };
    HResult::E_FAIL.0.cast_signed()
}

fn resync(vtables: Vtables) -> ProviderReply {
    let call = ProviderCall::ResyncLuns {
        p_source_luns: vec![described("S1")],
        p_target_luns: vec![described("S2")],
        dw_count: 1,
        pp_async: Ptr::Valid,
    };
    ask(&mut provider_of(vtables), &call)
}

#[test]
fn places_are_written_on_success_and_not_on_failure() {
    let mut vtables = well_behaved();
    vtables.ex.base.FillInLunInfo = writes_nothing;
    vtables.ex.ResyncLuns = fails_with_an_async;
    let reply = ask(&mut provider_of(vtables), &fill_in_call());
    assert_eq!(reply.breaches.len(), 1, "{:?}", reply.breaches);
    assert!(reply.breaches[0].contains("*pbIsSupported was not written"), "{:?}", reply.breaches);
    let reply = resync(vtables);
    assert_eq!((reply.hresult, reply.out), (HResult::E_FAIL, None));
    assert!(reply.breaches[0].contains("*ppAsync was written, although"), "{:?}", reply.breaches);
    let reply = resync(well_behaved());
    assert_eq!((reply.hresult, reply.out), (HResult::S_OK, None));
    assert!(reply.breaches[0].contains("*ppAsync is null, although"), "{:?}", reply.breaches);
}

#[test]
fn what_is_kept_is_told_when_the_provider_is_unloaded() {
    let keep = deed!(|_lun, _source| {
        CoTaskMemAlloc(24);
        CoTaskMemAlloc(8);
    });
    let mut provider = provider_that_does(keep);
    assert_eq!(ask(&mut provider, &fill_in_call()).breaches, [], "it may free them later");
    let reply = ask(&mut provider, &ProviderCall::OnUnload { b_force_unload: true });
    assert_eq!(reply.breaches.len(), 1, "{:?}", reply.breaches);
    let told = "2 blocks of task memory (32 bytes) that were taken in FillInLunInfo";
    assert!(reply.breaches[0].contains(told), "{:?}", reply.breaches);
}
