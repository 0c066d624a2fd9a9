//! The control interface: how a provider acts on the simulated array.
//!
//! `com/include/vsslab_provider.h` declares the same for C and C++, and says how to use it.

use super::interface::interfaces;
use super::types::{BYTE, HRESULT, LPCWSTR, ULONG, ULONGLONG, VDS_LUN_INFORMATION};
use super::unknown::IUnknown;
use uuid::uuid;

interfaces! {
    IVsslabArray: IUnknown = Some(uuid!("7673736c-a77a-4a11-8000-000000000001")) => {
        Now(out p_ms: *mut ULONGLONG);
        Check();
        Find(in p_lun: *const VDS_LUN_INFORMATION, out p_found: *mut ULONG);
        GetInformation(in lun: ULONG, out p_information: *mut VDS_LUN_INFORMATION);
        GetSize(in lun: ULONG, out p_bytes: *mut ULONGLONG);
        Copy(in source: ULONG, in kind: ULONG, out p_copy: *mut ULONG);
        DeleteCopy(in lun: ULONG);
        Unmask(in lun: ULONG);
        Mask(in lun: ULONG);
        Resync(in count: ULONG, in rg_sources: *const ULONG, in rg_targets: *const ULONG);
        WriteThroughHost(in lun: ULONG, in offset: ULONGLONG, in count: ULONG, in rgb_bytes: *const BYTE);
        Log(in code: HRESULT, in wsz_message: LPCWSTR);
        Take(in ms: ULONGLONG);
        BeginResync(in count: ULONG, in rg_sources: *const ULONG, in rg_targets: *const ULONG);
        EndResync(in count: ULONG, in rg_sources: *const ULONG, in rg_targets: *const ULONG);
    }
}
