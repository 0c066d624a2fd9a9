//! One arm for each method of a provider: the call's fields go over, and what is written comes back.

use super::Answered;
use super::calling::{Calling, Written};
use super::instance::{Found, Instance};
use super::operations::Operations;
use super::passing::Use;
use crate::abi::*;
use crate::client::{Lent, Slot};
use crate::values::{IntoRaw, pointer_of_kind};
use std::ptr::null_mut;
use vss_sim::api::{HResult, Object, ProviderCall, ProviderOut, Ptr};

/// Makes a call on a provider's object.
pub(super) fn call(
    instance: &Instance,
    operations: &mut Operations,
    call: &ProviderCall,
    calling: &mut Calling,
) -> Answered {
    match call {
        ProviderCall::ResyncLuns { .. } => resync(instance, operations, call, calling),
        ProviderCall::AreLunsSupported { .. }
        | ProviderCall::BeginPrepareSnapshot { .. }
        | ProviderCall::GetTargetLuns { .. } => prepare(instance, call, calling),
        ProviderCall::FillInLunInfo { .. }
        | ProviderCall::LocateLuns { .. }
        | ProviderCall::OnLunEmpty { .. }
        | ProviderCall::OnLunStateChange { .. }
        | ProviderCall::OnReuseLuns { .. } => manage(instance, call, calling),
        ProviderCall::OnLoad { p_callback } => {
            let this = IVssProviderNotifications::of(instance)?;
            let array = pointer_of_kind(*p_callback, instance.control.pointer());
            // Safety: a reference to the interface is held.
            Ok((calling.make(|| unsafe { ((*(*this).vtable).OnLoad)(this, array) }), None))
        }
        ProviderCall::OnUnload { b_force_unload } => {
            let (this, forced) = (IVssProviderNotifications::of(instance)?, b_force_unload.into_raw(&()));
            // Safety: as above.
            Ok((calling.make(|| unsafe { ((*(*this).vtable).OnUnload)(this, forced) }), None))
        }
        _ => simple(instance, call, calling),
    }
}

/// The calls that prepare a set and describe its copies.
fn prepare(instance: &Instance, call: &ProviderCall, calling: &mut Calling) -> Answered {
    let this = IVssHardwareSnapshotProvider::of(instance)?;
    // Safety: a reference to the interface is held.
    let vtable = unsafe { &*(*this).vtable };
    match call {
        ProviderCall::AreLunsSupported {
            l_lun_count,
            l_context,
            rgwsz_devices,
            p_lun_information,
            pb_is_supported,
        } => {
            let (count, context) = (*l_lun_count, l_context.into_raw(&()));
            let devices = calling.passing.names("rgwszDevices", rgwsz_devices, count.into())?;
            let luns =
                calling.passing.luns("pLunInformation", p_lun_information, count.into(), Use::Correct)?;
            let mut supported = Written::new("pbIsSupported", *pb_is_supported);
            let answer = supported.argument();
            let code = calling
                .make(|| unsafe { (vtable.AreLunsSupported)(this, count, context, devices, luns, answer) });
            let p_lun_information = calling.received_one();
            Ok(succeeded(code, || ProviderOut::AreLunsSupported {
                p_lun_information,
                pb_is_supported: supported.read(calling).unwrap_or(0) != 0,
            }))
        }
        ProviderCall::BeginPrepareSnapshot {
            snapshot_set_id,
            snapshot_id,
            l_context,
            l_lun_count,
            rg_device_names,
            rg_lun_information,
        } => {
            let (set, snapshot) = (snapshot_set_id.into_raw(&()), snapshot_id.into_raw(&()));
            let (count, context) = (*l_lun_count, l_context.into_raw(&()));
            let devices = calling.passing.names("rgDeviceNames", rg_device_names, count.into())?;
            let luns =
                calling.passing.luns("rgLunInformation", rg_lun_information, count.into(), Use::Correct)?;
            let code = calling.make(|| unsafe {
                (vtable.BeginPrepareSnapshot)(this, set, snapshot, context, count, devices, luns)
            });
            let rg_lun_information = calling.received_one();
            Ok(succeeded(code, || ProviderOut::BeginPrepareSnapshot { rg_lun_information }))
        }
        ProviderCall::GetTargetLuns { l_lun_count, rg_device_names, rg_source_luns, rg_destination_luns } => {
            let count = *l_lun_count;
            let devices = calling.passing.names("rgDeviceNames", rg_device_names, count.into())?;
            let sources = calling.passing.luns("rgSourceLuns", rg_source_luns, count.into(), Use::Read)?;
            let copies =
                calling.passing.luns("rgDestinationLuns", rg_destination_luns, count.into(), Use::Fill)?;
            let code =
                calling.make(|| unsafe { (vtable.GetTargetLuns)(this, count, devices, sources, copies) });
            let rg_destination_luns = calling.received_one();
            Ok(succeeded(code, || ProviderOut::GetTargetLuns { rg_destination_luns }))
        }
        _ => Err(HResult::E_NOTIMPL),
    }
}

/// The calls that tell of LUNs, or ask of one.
fn manage(instance: &Instance, call: &ProviderCall, calling: &mut Calling) -> Answered {
    let this = IVssHardwareSnapshotProvider::of(instance)?;
    // Safety: a reference to the interface is held.
    let vtable = unsafe { &*(*this).vtable };
    let code = match call {
        ProviderCall::FillInLunInfo { wsz_device_name, p_lun_info, pb_is_supported } => {
            let device = calling.passing.text("wszDeviceName", wsz_device_name.as_ref());
            let given = std::slice::from_ref(p_lun_info);
            let lun = calling.passing.luns("pLunInfo", given, 1, Use::Correct)?;
            let mut supported = Written::new("pbIsSupported", *pb_is_supported);
            let answer = supported.argument();
            let code = calling.make(|| unsafe { (vtable.FillInLunInfo)(this, device, lun, answer) });
            let p_lun_info = calling.received_one().pop().unwrap_or_default();
            return Ok(succeeded(code, || ProviderOut::FillInLunInfo {
                p_lun_info,
                pb_is_supported: supported.read(calling).unwrap_or(0) != 0,
            }));
        }
        ProviderCall::LocateLuns { l_lun_count, rg_source_luns } => {
            let count = *l_lun_count;
            let luns = calling.passing.luns("rgSourceLuns", rg_source_luns, count.into(), Use::Read)?;
            calling.make(|| unsafe { (vtable.LocateLuns)(this, count, luns) })
        }
        ProviderCall::OnLunEmpty { wsz_device_name, p_information } => {
            let device = calling.passing.text("wszDeviceName", wsz_device_name.as_ref());
            let given = std::slice::from_ref(p_information);
            let lun = calling.passing.luns("pInformation", given, 1, Use::Read)?;
            calling.make(|| unsafe { (vtable.OnLunEmpty)(this, device, lun) })
        }
        ProviderCall::OnLunStateChange { p_snapshot_luns, p_original_luns, dw_count, dw_flags } => {
            let this = IVssHardwareSnapshotProviderEx::of(instance)?;
            let (count, flags) = (*dw_count, dw_flags.into_raw(&()));
            let copies = calling.passing.luns("pSnapshotLuns", p_snapshot_luns, count.into(), Use::Read)?;
            let originals =
                calling.passing.luns("pOriginalLuns", p_original_luns, count.into(), Use::Read)?;
            calling.make(|| unsafe {
                ((*(*this).vtable).OnLunStateChange)(this, copies, originals, count, flags)
            })
        }
        ProviderCall::OnReuseLuns { p_snapshot_luns, p_original_luns, dw_count } => {
            let (this, count) = (IVssHardwareSnapshotProviderEx::of(instance)?, *dw_count);
            let copies = calling.passing.luns("pSnapshotLuns", p_snapshot_luns, count.into(), Use::Read)?;
            let originals =
                calling.passing.luns("pOriginalLuns", p_original_luns, count.into(), Use::Read)?;
            calling.make(|| unsafe { ((*(*this).vtable).OnReuseLuns)(this, copies, originals, count) })
        }
        _ => return Err(HResult::E_NOTIMPL),
    };
    Ok((code, None))
}

/// `ResyncLuns` hands an object out.
fn resync(
    instance: &Instance,
    operations: &mut Operations,
    call: &ProviderCall,
    calling: &mut Calling,
) -> Answered {
    let ProviderCall::ResyncLuns { p_source_luns, p_target_luns, dw_count, pp_async } = call else {
        return Err(HResult::E_NOTIMPL);
    };
    let (this, count) = (IVssHardwareSnapshotProviderEx::of(instance)?, *dw_count);
    let sources = calling.passing.luns("pSourceLuns", p_source_luns, count.into(), Use::Read)?;
    let targets = calling.passing.luns("pTargetLuns", p_target_luns, count.into(), Use::Read)?;
    let mut operation: *mut IVssAsync = null_mut();
    let place = pointer_of_kind(*pp_async, &raw mut operation);
    // Safety: a reference to the interface is held.
    let code =
        calling.make(|| unsafe { ((*(*this).vtable).ResyncLuns)(this, sources, targets, count, place) });
    if *pp_async != Ptr::Valid {
        return Ok((code, None));
    }
    match (code.is_success(), operation.is_null()) {
        (true, false) => {
            let pp_async = Object::Async(operations.take(operation));
            Ok((code, Some(ProviderOut::ResyncLuns { pp_async })))
        }
        (true, true) => {
            calling.breach(
                "*ppAsync is null, although the method succeeded: hand out an IVssAsync that VSS releases",
            );
            Ok((code, None))
        }
        (false, false) => {
            calling.breach(
                "*ppAsync was written, although the method failed: VSS releases nothing then, set null",
            );
            Ok((code, None))
        }
        (false, true) => Ok((code, None)),
    }
}

fn succeeded(code: HResult, out: impl FnOnce() -> ProviderOut) -> (HResult, Option<ProviderOut>) {
    (code, code.is_success().then(out))
}

/// The methods whose parameters go one by one into a call.
macro_rules! calls {
    ($($interface:ident: $base:ident = $iid:expr => {
        $($(#[$mark:ident])? $method:ident($($parameters:tt)*);)*
    })*) => {
        fn simple(instance: &Instance, call: &ProviderCall, calling: &mut Calling) -> Answered {
            match call {
                $($(method! { pattern [$($mark)?] $interface $method [instance calling] $($parameters)* } => {
                    method! { made [$($mark)?] $interface $method [instance calling] $($parameters)* }
                })*)*
                // What belongs to no hardware provider, or not to this object.
                _ => Err(HResult::E_NOTIMPL),
            }
        }
    };
}

macro_rules! method {
    (pattern [by_hand] $interface:ident $method:ident $($rest:tt)*) => { ProviderCall::$method { .. } };
    (made [by_hand] $($rest:tt)*) => { Err(HResult::E_NOTIMPL) };
    ($then:ident [] $interface:ident $method:ident $using:tt $($parameters:tt)*) => {
        by_direction! { $then [$interface $method $using] $($parameters)* }
    };
}

macro_rules! pattern {
    ($interface:ident $method:ident $using:tt ($($parameter:ident: $type:ty),*) $ins:tt $outs:tt) => {
        ProviderCall::$method { $($parameter),* }
    };
}

macro_rules! made {
    (
        $interface:ident $method:ident [$instance:ident $calling:ident] ($($parameter:ident: $type:ty),*)
        ($($in:ident: $in_type:ty,)*) ($($out:ident: $out_type:ty,)*)
    ) => {{
        let this = $interface::of($instance)?;
        $(let mut $in = Lent::<$in_type>::new($in.clone());)*
        $(let mut $out = Slot::new(*$out);)*
        // Safety: a reference to the interface is held.
        let code = $calling.make(|| unsafe { ((*(*this).vtable).$method)(this, $($parameter.argument()),*) });
        let written: &[&str] = &[$(stringify!($out)),*];
        let read = || Some(ProviderOut::$method { $($out: $out.read(&())?),* });
        let out = if code.is_success() && !written.is_empty() { read() } else { None };
        Ok((code, out))
    }};
}

hardware_interfaces!(calls);
