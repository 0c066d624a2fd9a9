//! The methods whose parameters do not go one by one into a call: they take arrays, or hand out objects.

use super::luns::{correct, lun, luns, names};
use super::object::Provider;
use super::operation::operation;
use super::port::ComArray;
use crate::abi::*;
use crate::boundary::{clear, guarded, put};
use crate::values::{FromRaw, kind_of_pointer};
use std::sync::Arc;
use vss_sim::api::{HResult, Object, ProviderCall, ProviderOut};

#[expect(non_snake_case, reason = "methods are named as in the headers")]
impl IVssHardwareSnapshotProvider {
    pub(super) unsafe extern "system" fn AreLunsSupported(
        this: *mut Self,
        l_lun_count: LONG,
        l_context: LONG,
        rgwsz_devices: *mut VSS_PWSZ,
        p_lun_information: *mut VDS_LUN_INFORMATION,
        pb_is_supported: *mut BOOL,
    ) -> HRESULT {
        // Safety: COM's contract: `this` is held, and the arrays are as long as the caller says.
        guarded(|| unsafe {
            clear(pb_is_supported);
            let given = luns(p_lun_information, l_lun_count.into());
            let reply = Provider::of(this).call(&ProviderCall::AreLunsSupported {
                l_lun_count,
                l_context: FromRaw::from_raw(l_context, &()),
                rgwsz_devices: names(rgwsz_devices, l_lun_count.into()),
                p_lun_information: given.clone(),
                pb_is_supported: kind_of_pointer(pb_is_supported),
            });
            if let Some(ProviderOut::AreLunsSupported { p_lun_information: made, pb_is_supported: answer }) =
                reply.out
            {
                correct(p_lun_information, &given, &made);
                put(pb_is_supported, || answer.into());
            }
            reply.hresult
        })
    }

    pub(super) unsafe extern "system" fn FillInLunInfo(
        this: *mut Self,
        wsz_device_name: VSS_PWSZ,
        p_lun_info: *mut VDS_LUN_INFORMATION,
        pb_is_supported: *mut BOOL,
    ) -> HRESULT {
        // Safety: as above.
        guarded(|| unsafe {
            clear(pb_is_supported);
            let Some(given) = lun(p_lun_info) else { return HResult::E_INVALIDARG };
            let reply = Provider::of(this).call(&ProviderCall::FillInLunInfo {
                wsz_device_name: FromRaw::from_raw(wsz_device_name, &()),
                p_lun_info: given.clone(),
                pb_is_supported: kind_of_pointer(pb_is_supported),
            });
            if let Some(ProviderOut::FillInLunInfo { p_lun_info: made, pb_is_supported: answer }) = reply.out
            {
                correct(p_lun_info, &[given], &[made]);
                put(pb_is_supported, || answer.into());
            }
            reply.hresult
        })
    }

    pub(super) unsafe extern "system" fn BeginPrepareSnapshot(
        this: *mut Self,
        snapshot_set_id: VSS_ID,
        snapshot_id: VSS_ID,
        l_context: LONG,
        l_lun_count: LONG,
        rg_device_names: *mut VSS_PWSZ,
        rg_lun_information: *mut VDS_LUN_INFORMATION,
    ) -> HRESULT {
        // Safety: as above.
        guarded(|| unsafe {
            let given = luns(rg_lun_information, l_lun_count.into());
            let reply = Provider::of(this).call(&ProviderCall::BeginPrepareSnapshot {
                snapshot_set_id: FromRaw::from_raw(snapshot_set_id, &()),
                snapshot_id: FromRaw::from_raw(snapshot_id, &()),
                l_context: FromRaw::from_raw(l_context, &()),
                l_lun_count,
                rg_device_names: names(rg_device_names, l_lun_count.into()),
                rg_lun_information: given.clone(),
            });
            if let Some(ProviderOut::BeginPrepareSnapshot { rg_lun_information: made }) = reply.out {
                correct(rg_lun_information, &given, &made);
            }
            reply.hresult
        })
    }

    pub(super) unsafe extern "system" fn GetTargetLuns(
        this: *mut Self,
        l_lun_count: LONG,
        rg_device_names: *mut VSS_PWSZ,
        rg_source_luns: *mut VDS_LUN_INFORMATION,
        rg_destination_luns: *mut VDS_LUN_INFORMATION,
    ) -> HRESULT {
        // Safety: as above.
        guarded(|| unsafe {
            let given = luns(rg_destination_luns, l_lun_count.into());
            let reply = Provider::of(this).call(&ProviderCall::GetTargetLuns {
                l_lun_count,
                rg_device_names: names(rg_device_names, l_lun_count.into()),
                rg_source_luns: luns(rg_source_luns, l_lun_count.into()),
                rg_destination_luns: given.clone(),
            });
            if let Some(ProviderOut::GetTargetLuns { rg_destination_luns: made }) = reply.out {
                correct(rg_destination_luns, &given, &made);
            }
            reply.hresult
        })
    }

    pub(super) unsafe extern "system" fn LocateLuns(
        this: *mut Self,
        l_lun_count: LONG,
        rg_source_luns: *mut VDS_LUN_INFORMATION,
    ) -> HRESULT {
        // Safety: as above.
        guarded(|| unsafe {
            let rg_source_luns = luns(rg_source_luns, l_lun_count.into());
            Provider::of(this).call(&ProviderCall::LocateLuns { l_lun_count, rg_source_luns }).hresult
        })
    }

    pub(super) unsafe extern "system" fn OnLunEmpty(
        this: *mut Self,
        wsz_device_name: VSS_PWSZ,
        p_information: *mut VDS_LUN_INFORMATION,
    ) -> HRESULT {
        // Safety: as above.
        guarded(|| unsafe {
            let Some(p_information) = lun(p_information) else { return HResult::E_INVALIDARG };
            let wsz_device_name = FromRaw::from_raw(wsz_device_name, &());
            Provider::of(this).call(&ProviderCall::OnLunEmpty { wsz_device_name, p_information }).hresult
        })
    }
}

#[expect(non_snake_case, reason = "methods are named as in the headers")]
impl IVssHardwareSnapshotProviderEx {
    pub(super) unsafe extern "system" fn OnLunStateChange(
        this: *mut Self,
        p_snapshot_luns: *mut VDS_LUN_INFORMATION,
        p_original_luns: *mut VDS_LUN_INFORMATION,
        dw_count: DWORD,
        dw_flags: DWORD,
    ) -> HRESULT {
        // Safety: as above.
        guarded(|| unsafe {
            let call = ProviderCall::OnLunStateChange {
                p_snapshot_luns: luns(p_snapshot_luns, dw_count.into()),
                p_original_luns: luns(p_original_luns, dw_count.into()),
                dw_count,
                dw_flags: FromRaw::from_raw(dw_flags, &()),
            };
            Provider::of(this).call(&call).hresult
        })
    }

    pub(super) unsafe extern "system" fn ResyncLuns(
        this: *mut Self,
        p_source_luns: *mut VDS_LUN_INFORMATION,
        p_target_luns: *mut VDS_LUN_INFORMATION,
        dw_count: DWORD,
        pp_async: *mut *mut IVssAsync,
    ) -> HRESULT {
        // Safety: as above.
        guarded(|| unsafe {
            clear(pp_async);
            let provider = Provider::of(this);
            let reply = provider.call(&ProviderCall::ResyncLuns {
                p_source_luns: luns(p_source_luns, dw_count.into()),
                p_target_luns: luns(p_target_luns, dw_count.into()),
                dw_count,
                pp_async: kind_of_pointer(pp_async),
            });
            if let Some(ProviderOut::ResyncLuns { pp_async: Object::Async(number) }) = reply.out {
                put(pp_async, || operation(Arc::clone(&provider.core), number));
            }
            reply.hresult
        })
    }

    pub(super) unsafe extern "system" fn OnReuseLuns(
        this: *mut Self,
        p_snapshot_luns: *mut VDS_LUN_INFORMATION,
        p_original_luns: *mut VDS_LUN_INFORMATION,
        dw_count: DWORD,
    ) -> HRESULT {
        // Safety: as above.
        guarded(|| unsafe {
            let call = ProviderCall::OnReuseLuns {
                p_snapshot_luns: luns(p_snapshot_luns, dw_count.into()),
                p_original_luns: luns(p_original_luns, dw_count.into()),
                dw_count,
            };
            Provider::of(this).call(&call).hresult
        })
    }
}

#[expect(non_snake_case, reason = "methods are named as in the headers")]
impl IVssProviderNotifications {
    /// What is handed over is the array, or something that is none of ours.
    pub(super) unsafe extern "system" fn OnLoad(this: *mut Self, p_callback: *mut IUnknown) -> HRESULT {
        // Safety: COM's contract: `this` is held, and what is handed over is an object while the call lasts.
        guarded(|| unsafe {
            let provider = Provider::of(this);
            provider.core.reach(ComArray::of(p_callback));
            provider.call(&ProviderCall::OnLoad { p_callback: kind_of_pointer(p_callback) }).hresult
        })
    }

    pub(super) unsafe extern "system" fn OnUnload(this: *mut Self, b_force_unload: BOOL) -> HRESULT {
        // Safety: COM's contract: `this` is held.
        guarded(|| unsafe {
            let provider = Provider::of(this);
            let reply = provider.call(&ProviderCall::OnUnload { b_force_unload: b_force_unload != 0 });
            if b_force_unload != 0 || reply.hresult == HResult::S_OK {
                provider.core.reach(ComArray::NONE);
            }
            reply.hresult
        })
    }
}
