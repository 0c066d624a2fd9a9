//! `vssprovider.dll`: the reference hardware provider as a COM server, and three that are wrong.
//!
//! | class | what it does |
//! |---|---|
//! | [`REFERENCE`] | what the simulator's own provider does, with all abilities |
//! | [`CRASHES`] | writes where there is no memory, in `CommitSnapshots` |
//! | [`HANGS`] | never comes back from `PreCommitSnapshots` |
//! | [`DESCRIBES_SOURCE`] | describes the original LUNs in `GetTargetLuns`, as if they were the copies |
//!
//! All of them act on the simulated array that `OnLoad` hands over (`com/include/vsslab_provider.h`). Under Windows' own
//! VSS there is none, and they refuse everything.

#![expect(unsafe_code, reason = "exported functions have names that others give them, and take pointers")]

mod wrong;

use uuid::{Uuid, uuid};
use vss_com::abi::{CLSID, HRESULT, IID, LPVOID};
use vss_com::provider::server::{MakeObject, can_unload_now, class_object};
use vss_sim::lab::Provider;
use vss_sim::provider::{ArrayProvider, HardwareProvider};
use wrong::{Defect, Wrong};

/// The reference provider.
pub const REFERENCE: Uuid = uuid!("7673736c-0c1a-4550-8000-000000000001");

/// A provider that writes where there is no memory, in `CommitSnapshots`.
pub const CRASHES: Uuid = uuid!("7673736c-0c1a-4550-8000-000000000002");

/// A provider that never comes back from `PreCommitSnapshots`.
pub const HANGS: Uuid = uuid!("7673736c-0c1a-4550-8000-000000000003");

/// A provider whose `GetTargetLuns` describes the original LUNs.
pub const DESCRIBES_SOURCE: Uuid = uuid!("7673736c-0c1a-4550-8000-000000000004");

fn reference() -> Box<dyn HardwareProvider> {
    Box::new(ArrayProvider::new(Provider::new("vssprovider")))
}

/// What makes the objects of a class; `None`: there is no such class.
fn maker(clsid: Uuid) -> Option<MakeObject> {
    match clsid {
        REFERENCE => Some(reference),
        CRASHES => Some(|| Box::new(Wrong::new(reference(), Defect::Crash))),
        HANGS => Some(|| Box::new(Wrong::new(reference(), Defect::Hang))),
        DESCRIBES_SOURCE => Some(|| Box::new(Wrong::new(reference(), Defect::DescribeSource))),
        _ => None,
    }
}

#[unsafe(no_mangle)]
unsafe extern "system" fn DllGetClassObject(
    rclsid: *const CLSID,
    riid: *const IID,
    ppv: *mut LPVOID,
) -> HRESULT {
    /// `CLASS_E_CLASSNOTAVAILABLE`.
    const NO_SUCH_CLASS: HRESULT = 0x8004_0111_u32.cast_signed();
    // Safety: COM's contract: the pointers are null or lead to what their types say.
    unsafe {
        let clsid = rclsid.as_ref().map_or(Uuid::nil(), |clsid| (*clsid).into());
        match maker(clsid) {
            Some(make) => class_object(make, riid, ppv),
            None => {
                if let Some(place) = ppv.as_mut() {
                    *place = std::ptr::null_mut();
                }
                NO_SUCH_CLASS
            }
        }
    }
}

#[unsafe(no_mangle)]
extern "system" fn DllCanUnloadNow() -> HRESULT {
    can_unload_now()
}

#[cfg(not(windows))]
#[unsafe(no_mangle)]
unsafe extern "C" fn VsslabUseAllocator(allocator: *const vss_com::memory::Allocator) {
    // Safety: the contract of this function is that one's.
    unsafe { vss_com::memory::use_allocator(allocator) };
}
